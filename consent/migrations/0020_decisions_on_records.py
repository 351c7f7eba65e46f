"""Publishing, changing and withdrawing a use, a control or a guide is a decision as well."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    upgrade = "contract: decisions about records have other constraints"

    dependencies = [
        ('consent', '0019_settings_are_gone'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='use',
            options={'ordering': ('platform', 'position', 'slug'), 'permissions': (('publish_record', 'Can publish, change and withdraw uses, controls and guides'),)},
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_about_something',
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_publish_has_entry',
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_ruling_in_list',
        ),
        migrations.AddField(
            model_name='decision',
            name='control',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='consent.control'),
        ),
        migrations.AddField(
            model_name='decision',
            name='guide',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='consent.guide'),
        ),
        migrations.AddField(
            model_name='decision',
            name='use',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='consent.use'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='ruling',
            field=models.CharField(choices=[('propose', 'sent to a second reviewer'), ('return', 'sent back'), ('publish', 'published'), ('review', 'reviewed'), ('dismiss', 'dismissed'), ('merge', 'merged'), ('snooze', 'snoozed'), ('reopen', 'reopened'), ('undo', 'undone'), ('confirm', 'looked at again and found right'), ('change', 'changed'), ('withdraw', 'withdrawn')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ruling__in', ['publish', 'merge', 'propose', 'return', 'review']), _negated=True), ('change', None), ('entry__isnull', False), _connector='OR'), name='decision_publish_has_entry'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('control', None), ('guide', None), ('use', None), models.Q(('change__isnull', False), ('entry__isnull', False), _connector='OR')), models.Q(('change', None), ('control', None), ('entry', None), ('guide', None), ('use__isnull', False)), models.Q(('change', None), ('control__isnull', False), ('entry', None), ('guide', None), ('use', None)), models.Q(('change', None), ('control', None), ('entry', None), ('guide__isnull', False), ('use', None)), _connector='OR'), name='decision_about_something'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('ruling__in', ['', 'propose', 'return', 'publish', 'review', 'dismiss', 'merge', 'snooze', 'reopen', 'undo', 'confirm', 'change', 'withdraw'])), name='decision_ruling_in_list'),
        ),
    ]
