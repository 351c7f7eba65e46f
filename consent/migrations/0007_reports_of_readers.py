import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0006_answers_of_readers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReaderReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('error', 'error'), ('platform', 'platform to watch')], max_length=10)),
                ('about', models.CharField(blank=True, max_length=300)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('text', models.TextField(blank=True)),
                ('url', models.URLField(blank=True, max_length=1000)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('status', models.CharField(choices=[('open', 'open'), ('acted-on', 'acted on'), ('answered', 'answered'), ('declined', 'no error, or not taken up'), ('spam', 'spam')], default='open', max_length=10)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-sent_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['sent_at'], name='readerreport_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['', 'error', 'platform'])), name='readerreport_kind_in_list'), models.CheckConstraint(condition=models.Q(('status__in', ['', 'open', 'acted-on', 'answered', 'declined', 'spam'])), name='readerreport_status_in_list'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='readerreport_settled_has_time')],
            },
        ),
        migrations.CreateModel(
            name='ReportRuling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(choices=[('open', 'open'), ('acted-on', 'acted on'), ('answered', 'answered'), ('declined', 'no error, or not taken up'), ('spam', 'spam')], max_length=10)),
                ('after', models.CharField(choices=[('open', 'open'), ('acted-on', 'acted on'), ('answered', 'answered'), ('declined', 'no error, or not taken up'), ('spam', 'spam')], max_length=10)),
                ('note', models.TextField(blank=True)),
                ('ruled_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('curator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_rulings', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='consent.readerreport')),
            ],
            options={
                'ordering': ('-ruled_at', '-pk'),
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('before__in', ['', 'open', 'acted-on', 'answered', 'declined', 'spam'])), name='reportruling_before_in_list'), models.CheckConstraint(condition=models.Q(('after__in', ['', 'open', 'acted-on', 'answered', 'declined', 'spam'])), name='reportruling_after_in_list'), models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='reportruling_moves_something')],
            },
        ),
    ]
