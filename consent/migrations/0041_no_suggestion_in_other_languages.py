from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0040_labels_at_the_desk")]

    operations = [
        migrations.RemoveConstraint("change", "change_no_suggestion_in_list"),
        migrations.AlterField(
            model_name="change",
            name="no_suggestion",
            field=models.CharField(
                blank=True,
                choices=[
                    ("too-large", "too large for a suggestion"),
                    ("too-slow", "no suggestion within a minute"),
                    ("language", "in a language that we do not read"),
                    ("failed", "the program failed at it"),
                ],
                help_text="Why the machine makes no suggestion; empty while one may still come.",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "change",
            models.CheckConstraint(
                condition=models.Q(
                    ("no_suggestion__in", ["", "too-large", "too-slow", "language", "failed"])
                ),
                name="change_no_suggestion_in_list",
            ),
        ),
    ]
