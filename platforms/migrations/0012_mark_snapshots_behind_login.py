from django.db import migrations


def mark(apps, schema_editor):
    """Mark our own snapshots of pages that need an account: they were read with a lent session."""
    snapshots = apps.get_model("platforms", "Snapshot").objects
    snapshots.filter(page__access="account", source="visit").update(behind_login=True)


class Migration(migrations.Migration):
    upgrade = "expand: marks rows in a column that code of before does not read"
    dependencies = [("platforms", "0011_snapshots_behind_login")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
