"""Take control characters out of what older releases published from watched pages."""

from django.db import migrations, models

from platforms.characters import cleaned

_MODELS = (
    ("consent", "Entry"),
    ("consent", "Source"),
    ("consent", "Setting"),
    ("consent", "State"),
    ("consent", "Guide"),
    ("consent", "GuideSurface"),
    ("consent", "GuideStep"),
    ("platforms", "Platform"),
)


def clean_texts(apps, schema_editor):
    for app, name in _MODELS:
        model = apps.get_model(app, name)
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for values in model.objects.values("pk", *names).iterator():
            pk = values.pop("pk")
            if (clean := cleaned(values)) != values:
                changed = {name: clean[name] for name in names if clean[name] != values[name]}
                model.objects.filter(pk=pk).update(**changed)


class Migration(migrations.Migration):
    upgrade = "expand: removes characters from texts; code of before reads them as well"
    dependencies = [
        ("consent", "0013_faults_of_saved_views"),
        ("platforms", "0006_page_rulings"),
    ]

    operations = [migrations.RunPython(clean_texts, migrations.RunPython.noop, elidable=True)]
