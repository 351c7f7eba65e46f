import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consent', '0005_known_reviewers'),
    ]

    operations = [
        migrations.AddField(
            model_name='guidesurface',
            name='reported_broken_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When readers had said often enough that these steps do not work.', null=True),
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worked', models.CharField(choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=10)),
                ('surface', models.CharField(blank=True, choices=[('web', 'Web'), ('ios', 'iPhone and iPad'), ('android', 'Android'), ('desktop', 'Desktop app'), ('any', 'Any device')], max_length=10)),
                ('step', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('answered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='consent.guide')),
            ],
            options={
                'ordering': ('-answered_at', '-pk'),
                'indexes': [models.Index(fields=['guide', 'answered_at'], name='answer_lately'), models.Index(fields=['answered_at'], name='answer_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('worked__in', ['', 'yes', 'partly', 'no'])), name='answer_worked_in_list'), models.CheckConstraint(condition=models.Q(('surface__in', ['', 'web', 'ios', 'android', 'desktop', 'any'])), name='answer_surface_in_list')],
            },
        ),
    ]
