import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    upgrade = "contract: code of before cannot insert rows, for it does not fill the new column"

    dependencies = [
        ('consent', '0002_alerts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('correction', 'corrected'), ('postponement', 'date moved'), ('retraction', 'retracted')], max_length=20)),
                ('reason', models.TextField(help_text='What was wrong or what happened; public.')),
                ('changed', models.JSONField(blank=True, default=list)),
                ('revised_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('-revised_at', '-pk'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('surface', models.CharField(choices=[('web', 'Web'), ('ios', 'iPhone and iPad'), ('android', 'Android'), ('desktop', 'Desktop app'), ('any', 'Any device')], max_length=10)),
                ('outcome', models.CharField(choices=[('still-right', 'still right'), ('steps-changed', 'steps changed'), ('cannot-check', 'cannot check'), ('retired', 'retired')], max_length=20)),
                ('note', models.TextField(blank=True)),
                ('before', models.JSONField(blank=True, default=list)),
                ('after', models.JSONField(blank=True, default=list)),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('-checked_at', '-pk'),
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='decision',
            options={'ordering': ('-decided_at', '-pk')},
        ),
        migrations.AlterModelOptions(
            name='entry',
            options={'ordering': (models.OrderBy(django.db.models.functions.comparison.Coalesce('timeline_on', 'created_at'), descending=True),), 'permissions': (('publish_entry', 'Can publish, correct and retract entries'),), 'verbose_name_plural': 'entries'},
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_ruling_in_list',
        ),
        migrations.AddField(
            model_name='decision',
            name='after',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='decision',
            name='before',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='decision',
            name='undoes',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='consent.decision'),
        ),
        migrations.AddField(
            model_name='entry',
            name='quiet',
            field=models.BooleanField(default=False, help_text='Published without a mail to anybody; feeds show it all the same.'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='change',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='consent.change'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='ruling',
            field=models.CharField(choices=[('publish', 'published'), ('dismiss', 'dismissed'), ('merge', 'merged'), ('snooze', 'snoozed'), ('reopen', 'reopened'), ('undo', 'undone'), ('confirm', 'looked at again and found right')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['curator', '-decided_at'], name='decision_latest_of_curator'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('change__isnull', False), ('entry__isnull', False), _connector='OR'), name='decision_about_something'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ruling', 'undo'), ('undoes__isnull', False)), models.Q(models.Q(('ruling', 'undo'), _negated=True), ('undoes', None)), _connector='OR'), name='decision_undo_names_what'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('ruling__in', ['', 'publish', 'dismiss', 'merge', 'snooze', 'reopen', 'undo', 'confirm'])), name='decision_ruling_in_list'),
        ),
        migrations.AddField(
            model_name='revision',
            name='editor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='revision',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='consent.entry'),
        ),
        migrations.AddField(
            model_name='verification',
            name='curator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='verification',
            name='guide',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='consent.guide'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'correction', 'postponement', 'retraction'])), name='revision_kind_in_list'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='revision_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('surface__in', ['', 'web', 'ios', 'android', 'desktop', 'any'])), name='verification_surface_in_list'),
        ),
        migrations.AddConstraint(
            model_name='verification',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'still-right', 'steps-changed', 'cannot-check', 'retired'])), name='verification_outcome_in_list'),
        ),
    ]
