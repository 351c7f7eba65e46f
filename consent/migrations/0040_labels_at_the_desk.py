from django.db import migrations, models


class Migration(migrations.Migration):
    upgrade = "expand: only the form of the desk changes"

    dependencies = [("consent", "0039_no_logins_at_walks")]

    operations = [
        migrations.AlterField(
            model_name="control",
            name="labels",
            field=models.JSONField(
                blank=True, default=dict, verbose_name="labels in other languages"
            ),
        ),
    ]
