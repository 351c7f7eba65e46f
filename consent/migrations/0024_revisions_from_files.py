import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    upgrade = "contract: code of before expects a curator in each revision"
    dependencies = [
        ("consent", "0023_frictions_of_guides"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="revision",
            name="editor",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty if a catalog file brought it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
