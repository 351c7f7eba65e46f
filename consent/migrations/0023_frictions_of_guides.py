from django.db import migrations, models


class Migration(migrations.Migration):
    upgrade = "contract: code of before cannot insert rows, for it does not fill the new column"
    dependencies = [("consent", "0022_how_people_were_told")]

    operations = [
        migrations.AddField(
            model_name="guide",
            name="frictions",
            field=models.JSONField(
                blank=True, default=list, help_text="What makes it harder than one switch."
            ),
        ),
    ]
