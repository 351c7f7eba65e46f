from django.db import migrations, models


class Migration(migrations.Migration):
    upgrade = "contract: code of before cannot insert rows, for it does not fill the new column"
    dependencies = [("consent", "0021_words_of_scopes")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="told",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="How the people concerned were told; empty: not known.",
            ),
        ),
    ]
