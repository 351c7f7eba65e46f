from django.db import migrations


def name_reviewers(apps, schema_editor):
    """Who published an entry so far stands in the log of decisions only."""
    Decision = apps.get_model("consent", "Decision")
    Entry = apps.get_model("consent", "Entry")
    published = Decision.objects.using(schema_editor.connection.alias).filter(
        ruling="publish", undone_by=None, entry__published_at__isnull=False
    )
    for entry, curator, decided_at in published.order_by("decided_at", "pk").values_list(
        "entry", "curator", "decided_at"
    ):
        Entry.objects.using(schema_editor.connection.alias).filter(pk=entry).update(
            reviewer=curator, reviewed_at=decided_at
        )


class Migration(migrations.Migration):
    upgrade = "expand: fills columns that code of before does not read"

    dependencies = [
        ("consent", "0004_second_review"),
    ]

    operations = [
        migrations.RunPython(name_reviewers, migrations.RunPython.noop, elidable=True),
    ]
