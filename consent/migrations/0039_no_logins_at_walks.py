"""Take login names off walks of guides: whoever had no name in their account was signed with them."""

from django.conf import settings
from django.db import migrations


def forget_logins(apps, schema_editor):
    logins = apps.get_model(settings.AUTH_USER_MODEL).objects.values_list("username", flat=True)
    surfaces = apps.get_model("consent", "GuideSurface").objects
    surfaces.filter(verified_by__in=[login[:20] for login in logins]).update(verified_by="")


class Migration(migrations.Migration):
    upgrade = "expand: empties a column that code of before may find empty"

    dependencies = [
        ("consent", "0038_public_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(forget_logins, migrations.RunPython.noop)]
