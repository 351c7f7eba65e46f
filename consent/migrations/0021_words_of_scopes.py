from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0020_decisions_on_records")]

    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="scope",
            field=models.CharField(
                choices=[
                    ("everything", "every change"),
                    ("turns-on", "only when AI training is turned on"),
                    ("platform", "platform"),
                    ("data-kind", "kind of data"),
                    ("view", "a view of the timeline"),
                ],
                max_length=12,
            ),
        ),
    ]
