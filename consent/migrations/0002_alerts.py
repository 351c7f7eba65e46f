import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(help_text='Not before: the hold, or the next try.')),
                ('claim', models.UUIDField(blank=True, editable=False, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kind', models.CharField(choices=[('change', 'change'), ('coming', 'coming'), ('correction', 'correction'), ('postponed', 'postponed or withdrawn')], max_length=12)),
                ('frequency', models.CharField(choices=[('as-it-happens', 'as it happens, at most three a day'), ('daily', 'once a day'), ('weekly', 'once a week')], max_length=14)),
            ],
        ),
        migrations.CreateModel(
            name='Bounce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('permanent', 'permanent'), ('transient', 'transient'), ('complaint', 'complaint')], max_length=10)),
                ('status', models.CharField(blank=True, help_text='Enhanced code, RFC 3463.', max_length=20)),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('mail', models.CharField(help_text='The mail it is about, such as a12.', max_length=40)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('-received_at',),
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(help_text='Not before: the hold, or the next try.')),
                ('claim', models.UUIDField(blank=True, editable=False, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('frequency', models.CharField(choices=[('as-it-happens', 'as it happens, at most three a day'), ('daily', 'once a day'), ('weekly', 'once a week')], max_length=14)),
                ('up_to', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(help_text='Not before: the hold, or the next try.')),
                ('claim', models.UUIDField(blank=True, editable=False, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('failed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kind', models.CharField(choices=[('confirm', 'confirm'), ('welcome', 'you are set'), ('reminder', 'days left'), ('revised', 'corrected, moved or withdrawn'), ('new-steps', 'new steps'), ('manage', 'link to change alerts'), ('new-address', 'confirm new address'), ('address-changed', 'notice to the old address'), ('not-watched', 'no longer watched'), ('still-wanted', 'still wanted?')], max_length=16)),
                ('address', models.CharField(db_index=True, max_length=254)),
                ('key', models.CharField(help_text='What makes a second one a repetition.', max_length=120)),
                ('data', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(blank=True, help_text='As typed.', max_length=254)),
                ('normalised', models.CharField(help_text='In small letters; empty once forgotten.', max_length=254, null=True, unique=True)),
                ('state', models.CharField(choices=[('pending', 'not confirmed yet'), ('active', 'active'), ('paused', 'paused'), ('left', 'left'), ('bounced', 'mail came back'), ('complained', 'reported our mail as spam')], default='pending', max_length=10)),
                ('time_zone', models.CharField(default='UTC', max_length=40)),
                ('language', models.CharField(default='en', max_length=10)),
                ('epoch', models.PositiveSmallIntegerField(default=0, help_text='Raised to end all links to the manage page.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('paused_until', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('leave_reason', models.CharField(blank=True, max_length=300)),
                ('bounced_at', models.DateTimeField(blank=True, null=True)),
                ('complained_at', models.DateTimeField(blank=True, null=True)),
                ('kept_at', models.DateTimeField(blank=True, help_text='Last said to want alerts, by confirming or when asked.', null=True)),
                ('asked_at', models.DateTimeField(blank=True, help_text='Asked whether alerts are still wanted; no answer yet.', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('everything', 'every change'), ('turns-on', 'only when something is turned on'), ('platform', 'platform'), ('data-kind', 'kind of data'), ('view', 'a view of the timeline')], max_length=12)),
                ('value', models.CharField(blank=True, help_text='Slug of the platform, data kind, query of the view.', max_length=500)),
                ('place', models.CharField(blank=True, help_text='Empty: anywhere.', max_length=20)),
                ('frequency', models.CharField(choices=[('as-it-happens', 'as it happens, at most three a day'), ('daily', 'once a day'), ('weekly', 'once a week')], max_length=14)),
                ('reminders', models.BooleanField(default=False, help_text='Remind before a deadline.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('created_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('confirm', 'confirm alerts'), ('new-address', 'confirm a new address')], max_length=12)),
                ('nonce', models.CharField(max_length=32)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('payload', models.JSONField(default=dict, help_text='What it confirms.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('code_attempts', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='entry',
            name='follows',
            field=models.ForeignKey(blank=True, help_text='The entry that this one corrects, postpones or withdraws.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_by', to='consent.entry'),
        ),
        migrations.AddField(
            model_name='alert',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='consent.entry'),
        ),
        migrations.AddField(
            model_name='alert',
            name='digest',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='alerts', to='consent.digest'),
        ),
        migrations.AddIndex(
            model_name='subscriber',
            index=models.Index(fields=['state', 'kept_at'], name='subscriber_state'),
        ),
        migrations.AddConstraint(
            model_name='subscriber',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['', 'pending', 'active', 'paused', 'left', 'bounced', 'complained'])), name='subscriber_state_in_list'),
        ),
        migrations.AddField(
            model_name='letter',
            name='subscriber',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='consent.subscriber'),
        ),
        migrations.AddField(
            model_name='digest',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='consent.subscriber'),
        ),
        migrations.AddField(
            model_name='bounce',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to='consent.subscriber'),
        ),
        migrations.AddField(
            model_name='alert',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='consent.subscriber'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='consent.subscriber'),
        ),
        migrations.AddField(
            model_name='alert',
            name='subscription',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='consent.subscription'),
        ),
        migrations.AddField(
            model_name='token',
            name='subscriber',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='consent.subscriber'),
        ),
        migrations.AddField(
            model_name='letter',
            name='token',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='consent.token'),
        ),
        migrations.AddIndex(
            model_name='digest',
            index=models.Index(condition=models.Q(('failed_at', None), ('sent_at', None)), fields=['due_at'], name='digest_waiting'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('subscriber', 'frequency', 'up_to'), name='digest_once'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.CheckConstraint(condition=models.Q(('frequency__in', ['', 'as-it-happens', 'daily', 'weekly'])), name='digest_frequency_in_list'),
        ),
        migrations.AddConstraint(
            model_name='bounce',
            constraint=models.UniqueConstraint(fields=('mail', 'kind', 'status'), name='bounce_once'),
        ),
        migrations.AddConstraint(
            model_name='bounce',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'permanent', 'transient', 'complaint'])), name='bounce_kind_in_list'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(fields=['scope', 'value'], name='subscription_match'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(fields=('subscriber', 'scope', 'value', 'place'), name='subscription_once'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['', 'everything', 'turns-on', 'platform', 'data-kind', 'view'])), name='subscription_scope_in_list'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(('frequency__in', ['', 'as-it-happens', 'daily', 'weekly'])), name='subscription_frequency_in_list'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('failed_at', None), ('sent_at', None)), fields=['frequency', 'due_at'], name='alert_waiting'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(fields=('entry', 'subscriber'), name='alert_once'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'change', 'coming', 'correction', 'postponed'])), name='alert_kind_in_list'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('frequency__in', ['', 'as-it-happens', 'daily', 'weekly'])), name='alert_frequency_in_list'),
        ),
        migrations.AddConstraint(
            model_name='token',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['', 'confirm', 'new-address'])), name='token_purpose_in_list'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('failed_at', None), ('sent_at', None)), fields=['due_at'], name='letter_waiting'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(fields=('kind', 'address', 'key'), name='letter_once'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'confirm', 'welcome', 'reminder', 'revised', 'new-steps', 'manage', 'new-address', 'address-changed', 'not-watched', 'still-wanted'])), name='letter_kind_in_list'),
        ),
    ]
