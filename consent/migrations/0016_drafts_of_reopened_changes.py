"""A change that was merged and reopened still named the published entry as if it were its draft."""

from django.db import migrations


def take_off(apps, schema_editor):
    changes = apps.get_model("consent", "Change").objects
    public = apps.get_model("consent", "Entry").objects.exclude(status="draft")
    waiting = changes.filter(status__in=["waiting", "snoozed"], entry__in=public)
    waiting.update(entry=None)


class Migration(migrations.Migration):
    upgrade = "expand: takes back a link that code of before should not have left"
    dependencies = [
        ("consent", "0015_counts_of_forms"),
        ("platforms", "0008_public_changes"),
    ]

    operations = [migrations.RunPython(take_off, migrations.RunPython.noop)]
