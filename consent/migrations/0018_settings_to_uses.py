from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0017_uses_and_controls"),
    ]
    operations = []
