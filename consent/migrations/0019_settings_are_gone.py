"""Columns of settings that 0018 has moved, and what may be said of states only now."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    upgrade = "contract: removes the columns of settings"

    dependencies = [
        ('consent', '0018_settings_to_uses'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='entry',
            name='audience',
        ),
        migrations.RemoveField(
            model_name='entry',
            name='regions',
        ),
        migrations.RemoveField(
            model_name='guide',
            name='deep_link',
        ),
        migrations.RemoveField(
            model_name='guide',
            name='settings',
        ),
        migrations.RemoveField(
            model_name='source',
            name='quote',
        ),
        migrations.RemoveField(
            model_name='state',
            name='closed_by',
        ),
        migrations.RemoveField(
            model_name='state',
            name='ends_on',
        ),
        migrations.RemoveField(
            model_name='state',
            name='ends_precision',
        ),
        migrations.RemoveField(
            model_name='state',
            name='setting',
        ),
        migrations.RemoveField(
            model_name='use',
            name='audience',
        ),
        migrations.RemoveField(
            model_name='use',
            name='deep_link',
        ),
        migrations.RemoveField(
            model_name='use',
            name='label',
        ),
        migrations.RemoveField(
            model_name='use',
            name='path',
        ),
        migrations.RemoveField(
            model_name='use',
            name='reach',
        ),
        migrations.RemoveField(
            model_name='use',
            name='region',
        ),
        migrations.RemoveField(
            model_name='use',
            name='route',
        ),
        migrations.AlterField(
            model_name='reference',
            name='place',
            field=models.CharField(help_text='Its country, or EU: a code.', max_length=10),
        ),
        migrations.AlterField(
            model_name='state',
            name='branch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='states', to='consent.branch'),
        ),
        migrations.AddConstraint(
            model_name='state',
            constraint=models.UniqueConstraint(fields=('branch', 'starts_on'), name='state_begins_once'),
        ),
        migrations.AddConstraint(
            model_name='state',
            constraint=models.UniqueConstraint(condition=models.Q(('starts_on', None)), fields=('branch',), name='state_one_undated'),
        ),
        migrations.AddConstraint(
            model_name='state',
            constraint=models.CheckConstraint(condition=models.Q(('value__in', ['', 'no-way-out', 'unless-refused', 'only-if-agreed', 'not-used', 'unclear', 'not-offered'])), name='state_value_in_list'),
        ),
    ]
