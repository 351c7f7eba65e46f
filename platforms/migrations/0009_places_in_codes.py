"""Places of pages in codes, and where a letter of objection to a platform goes."""

from django.db import migrations, models

from platforms.migrations import _format1


def name_places(apps, schema_editor):
    pages = apps.get_model("platforms", "Page").objects
    for page in pages.exclude(region=""):
        if page.declared_digest == _format1.digest(_format1.page(page)):
            page.declared_digest = _format1.CONVERTED
        where = _format1.read(page.region)
        if where is None:
            page.note = _format1.with_phrase(page.note, page.region)
        else:
            page.places, page.except_places, page.some_of = where
        page.save()


class Migration(migrations.Migration):
    upgrade = "rewrite: regions in words become codes"

    dependencies = [
        ('platforms', '0008_public_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='except_places',
            field=models.JSONField(blank=True, default=list, help_text='Codes taken out of the places, or of the world.'),
        ),
        migrations.AddField(
            model_name='page',
            name='places',
            field=models.JSONField(blank=True, default=list, help_text='Codes: DE, US-CA, EU, EEA.'),
        ),
        migrations.AddField(
            model_name='page',
            name='some_of',
            field=models.JSONField(blank=True, default=list, help_text='Codes, or world: certain places among these that sources do not name.'),
        ),
        migrations.AddField(
            model_name='platform',
            name='contact_email',
            field=models.CharField(blank=True, help_text='Where a letter of objection goes.', max_length=200),
        ),
        migrations.AddField(
            model_name='platform',
            name='contact_form',
            field=models.URLField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name='platform',
            name='contact_post',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.RunPython(name_places),
        migrations.RemoveField(
            model_name='page',
            name='region',
        ),
    ]
