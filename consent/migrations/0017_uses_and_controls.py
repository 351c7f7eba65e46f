"""Settings become uses, in the same table and under the same numbers. Tables of format 2.

What was the setting's own is moved by 0018 and taken away by 0019.
"""

import django.db.models.deletion
import platforms.days
from django.db import migrations, models


def drop_triggers(apps, schema_editor):
    """Drop what is made anew after every migrate, and names tables by their former names."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'consent_%'"
                " AND (name LIKE '%_public_%' OR name LIKE 'consent_setting_words_%'"
                " OR name LIKE 'state_no_overlap_%')"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute(
                "SELECT tgname, tgrelid::regclass, tgfoid::regprocedure FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'consent_%'"
                " AND (tgname LIKE '%\\_public\\_%' OR tgname = 'consent_setting_words_keep')"
            )
            for name, table, function in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}" ON {table}')
                cursor.execute(f"DROP FUNCTION {function}")
            cursor.execute("ALTER TABLE consent_state DROP CONSTRAINT IF EXISTS state_no_overlap")
        cursor.execute("DROP TABLE IF EXISTS consent_setting_words")


class Migration(migrations.Migration):
    upgrade = "rewrite: settings become uses and controls"

    dependencies = [
        ('consent', '0016_drafts_of_reopened_changes'),
        ('platforms', '0009_places_in_codes'),
    ]

    operations = [
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='setting',
            name='setting_slug_once_per_platform',
        ),
        migrations.RemoveConstraint(
            model_name='setting',
            name='setting_route_in_list',
        ),
        migrations.RemoveConstraint(
            model_name='setting',
            name='setting_reach_in_list',
        ),
        migrations.RemoveConstraint(
            model_name='state',
            name='state_ends_after_start',
        ),
        migrations.RemoveConstraint(
            model_name='state',
            name='state_one_open',
        ),
        migrations.RemoveConstraint(
            model_name='state',
            name='state_value_in_list',
        ),
        migrations.RemoveConstraint(
            model_name='source',
            name='source_of_one_thing',
        ),
        migrations.RenameModel(
            old_name='Setting',
            new_name='Use',
        ),
        migrations.RenameField(
            model_name='entry',
            old_name='settings',
            new_name='uses',
        ),
        migrations.RenameField(
            model_name='guide',
            old_name='applies_to',
            new_name='who',
        ),
        migrations.RenameField(
            model_name='reference',
            old_name='country',
            new_name='place',
        ),
        migrations.CreateModel(
            name='Branch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('places', models.JSONField(blank=True, default=list, help_text='Codes: DE, US-CA, EU, EEA.')),
                ('except_places', models.JSONField(blank=True, default=list, help_text='Codes taken out of the places, or of the world.')),
                ('some_of', models.JSONField(blank=True, default=list, help_text='Codes, or world: certain places among these that sources do not name.')),
                ('people', models.JSONField(blank=True, default=list, help_text='Kinds of people; empty: not limited to any.')),
                ('plans', models.JSONField(blank=True, default=list, help_text='These plans only, named as the platform does.')),
                ('who', models.CharField(blank=True, help_text='The exact group in words; shown to readers.', max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('former_slugs', models.JSONField(blank=True, default=list, help_text='Slugs whose addresses lead to this branch.')),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('use', 'position'),
            },
        ),
        migrations.CreateModel(
            name='Control',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(choices=[('catalog', 'catalog file'), ('desk', "curator's desk")], default='desk', editable=False, max_length=10)),
                ('declared_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('source_changed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('slug', models.SlugField(max_length=80)),
                ('former_slugs', models.JSONField(blank=True, default=list, editable=False)),
                ('label', models.CharField(blank=True, help_text='The exact words in the product.', max_length=300)),
                ('name', models.CharField(blank=True, help_text='Our words, if the product has none.', max_length=160)),
                ('former_labels', models.JSONField(blank=True, default=list)),
                ('refuse', models.CharField(choices=[('turn-off', 'turn off'), ('turn-on', 'turn on'), ('submit', 'send the form'), ('write', 'write'), ('ask-admin', 'ask your admin'), ('leave', 'leave'), ('delete', 'delete')], help_text='The act that refuses.', max_length=12)),
                ('by', models.CharField(choices=[('person', 'you'), ('admin', 'an admin')], default='person', max_length=8)),
                ('binding', models.BooleanField(default=True, help_text='Not binding: the platform decides case by case, or for some laws only.')),
                ('scope', models.CharField(choices=[('everything', 'everything'), ('this-device', 'this device only'), ('one-conversation', 'one conversation only'), ('one-item', 'one item only')], default='everything', help_text='What one act covers.', max_length=20)),
                ('reach', models.CharField(choices=[('future-only', 'from now on only'), ('past-too', 'what was collected before, too'), ('past-only', 'only what was collected before'), ('unstated', 'not stated')], default='unstated', max_length=20)),
                ('to', models.CharField(blank=True, help_text='The address to write to.', max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('note', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('retracted', 'retracted')], default='draft', max_length=10)),
                ('status_reason', models.CharField(blank=True, help_text='Why draft or retracted.', max_length=300)),
            ],
            options={
                'ordering': ('platform', 'position', 'slug'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ControlSurface',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('surface', models.CharField(choices=[('web', 'Web'), ('ios', 'iPhone and iPad'), ('android', 'Android'), ('desktop', 'Desktop app'), ('any', 'Any device')], max_length=10)),
                ('path', models.CharField(blank=True, help_text='Menu path, parts joined by ›.', max_length=500)),
                ('deep_link', models.URLField(blank=True, max_length=1000)),
            ],
            options={
                'ordering': ('control', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('places', models.JSONField(blank=True, default=list, help_text='Codes: DE, US-CA, EU, EEA.')),
                ('except_places', models.JSONField(blank=True, default=list, help_text='Codes taken out of the places, or of the world.')),
                ('some_of', models.JSONField(blank=True, default=list, help_text='Codes, or world: certain places among these that sources do not name.')),
                ('people', models.JSONField(blank=True, default=list, help_text='Kinds of people; empty: not limited to any.')),
                ('plans', models.JSONField(blank=True, default=list, help_text='These plans only, named as the platform does.')),
                ('who', models.CharField(blank=True, help_text='The exact group in words; shown to readers.', max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('starts_on', models.DateField(blank=True, null=True, validators=[platforms.days.require_within_bounds])),
                ('starts_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=10)),
                ('ends_on', models.DateField(blank=True, null=True, validators=[platforms.days.require_within_bounds])),
                ('ends_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=10)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('control', 'position'),
            },
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('side', models.CharField(choices=[('before', 'before'), ('after', 'after')], default='after', max_length=10)),
                ('starts_at', models.PositiveIntegerField(blank=True, null=True)),
                ('ends_at', models.PositiveIntegerField(blank=True, null=True)),
                ('sha256', models.CharField(max_length=64)),
                ('words', models.TextField(blank=True)),
            ],
            options={
                'ordering': ('source', 'position'),
            },
        ),
        migrations.AlterModelOptions(
            name='state',
            options={'ordering': ('branch', models.OrderBy(models.F('starts_on'), nulls_first=True))},
        ),
        migrations.AlterModelOptions(
            name='use',
            options={'ordering': ('platform', 'position', 'slug')},
        ),
        migrations.AddField(
            model_name='entry',
            name='decided_on',
            field=models.DateField(blank=True, help_text='Day of an act of an authority, a court or a complainant.', null=True, validators=[platforms.days.require_within_bounds]),
        ),
        migrations.AddField(
            model_name='entry',
            name='decided_precision',
            field=models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=10),
        ),
        migrations.AddField(
            model_name='entry',
            name='due_on',
            field=models.DateField(blank=True, help_text='Announced for this day, not seen yet.', null=True, validators=[platforms.days.require_within_bounds]),
        ),
        migrations.AddField(
            model_name='entry',
            name='due_precision',
            field=models.CharField(choices=[('day', 'day'), ('month', 'month'), ('year', 'year')], default='day', max_length=10),
        ),
        migrations.AddField(
            model_name='entry',
            name='except_places',
            field=models.JSONField(blank=True, default=list, help_text='Codes taken out of the places, or of the world.'),
        ),
        migrations.AddField(
            model_name='entry',
            name='outcome',
            field=models.ForeignKey(blank=True, help_text='Of an announcement: the entry that settled it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='announcements', to='consent.entry'),
        ),
        migrations.AddField(
            model_name='entry',
            name='people',
            field=models.JSONField(blank=True, default=list, help_text='Kinds of people; empty: not limited to any.'),
        ),
        migrations.AddField(
            model_name='entry',
            name='places',
            field=models.JSONField(blank=True, default=list, help_text='Codes: DE, US-CA, EU, EEA.'),
        ),
        migrations.AddField(
            model_name='entry',
            name='plans',
            field=models.JSONField(blank=True, default=list, help_text='These plans only, named as the platform does.'),
        ),
        migrations.AddField(
            model_name='entry',
            name='some_of',
            field=models.JSONField(blank=True, default=list, help_text='Codes, or world: certain places among these that sources do not name.'),
        ),
        migrations.AddField(
            model_name='entry',
            name='topic',
            field=models.CharField(choices=[('training', 'AI training'), ('enforcement', 'enforcement'), ('other', 'other AI matters')], default='training', max_length=12),
        ),
        migrations.AddField(
            model_name='entry',
            name='who',
            field=models.CharField(blank=True, help_text='The exact group in words; shown to readers.', max_length=200),
        ),
        migrations.AddField(
            model_name='guide',
            name='plans',
            field=models.JSONField(blank=True, default=list, help_text='If steps differ by plan.'),
        ),
        migrations.AddField(
            model_name='source',
            name='extractor',
            field=models.CharField(blank=True, help_text='Version of the text that passages count in.', max_length=40),
        ),
        migrations.AddField(
            model_name='source',
            name='snapshot_before',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platforms.snapshot'),
        ),
        migrations.AddField(
            model_name='source',
            name='state',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sources', to='consent.state'),
        ),
        migrations.AddField(
            model_name='state',
            name='basis',
            field=models.CharField(blank=True, choices=[('stated', 'stated by the platform'), ('seen', 'seen in the product'), ('reported', 'reported by others'), ('unclear', 'unclear')], help_text='For a state that no entry opens.', max_length=10),
        ),
        migrations.AddField(
            model_name='state',
            name='since_is',
            field=models.CharField(choices=[('exact', 'exact'), ('at-latest', 'at the latest'), ('at-earliest', 'at the earliest')], default='exact', max_length=12),
        ),
        migrations.AddField(
            model_name='use',
            name='part',
            field=models.CharField(blank=True, help_text='The part of the product that it is limited to.', max_length=80),
        ),
        migrations.AddField(
            model_name='use',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, help_text='Its weight on the platform: the use that matters most is first.'),
        ),
        migrations.AddField(
            model_name='use',
            name='purpose',
            field=models.CharField(choices=[('training', 'AI training'), ('human-review', 'people review it'), ('sharing-for-training', 'sharing for AI training'), ('ads', 'ads'), ('personalisation', 'personalisation'), ('feature', 'AI feature'), ('collection', 'collection')], default='', max_length=24),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='use',
            name='status',
            field=models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('retracted', 'retracted')], default='draft', max_length=10),
        ),
        migrations.AddField(
            model_name='use',
            name='status_reason',
            field=models.CharField(blank=True, help_text='Why draft or retracted.', max_length=300),
        ),
        migrations.AddField(
            model_name='use',
            name='title',
            field=models.CharField(default='', help_text='What happens, as a sentence in the present tense: never the name of a switch.', max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='use',
            name='title_if_not',
            field=models.CharField(blank=True, help_text='The sentence for where it does not happen.', max_length=80),
        ),
        migrations.AlterField(
            model_name='guide',
            name='who',
            field=models.CharField(blank=True, help_text='If not for all whom the control is for.', max_length=200),
        ),
        migrations.AlterField(
            model_name='state',
            name='value',
            field=models.CharField(choices=[('no-way-out', 'On, no way out'), ('unless-refused', 'On unless you refuse'), ('only-if-agreed', 'Off unless you agree'), ('not-used', 'Not used'), ('unclear', 'Unclear'), ('not-offered', 'Not offered')], max_length=20),
        ),
        migrations.AlterField(
            model_name='use',
            name='covers',
            field=models.TextField(help_text='Which data it is about, and which not.'),
        ),
        migrations.AlterField(
            model_name='use',
            name='pages',
            field=models.ManyToManyField(blank=True, help_text='Pages this rests on.', related_name='uses', to='platforms.page'),
        ),
        migrations.AlterField(
            model_name='use',
            name='platform',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='platforms.platform'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', False), ('guide__isnull', True), ('state__isnull', True)), models.Q(('entry__isnull', True), ('guide__isnull', False), ('state__isnull', True)), models.Q(('entry__isnull', True), ('guide__isnull', True), ('state__isnull', False)), _connector='OR'), name='source_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='use',
            constraint=models.UniqueConstraint(fields=('platform', 'slug'), name='use_slug_once_per_platform'),
        ),
        migrations.AddConstraint(
            model_name='use',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['', 'training', 'human-review', 'sharing-for-training', 'ads', 'personalisation', 'feature', 'collection'])), name='use_purpose_in_list'),
        ),
        migrations.AddConstraint(
            model_name='use',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['', 'draft', 'published', 'retracted'])), name='use_status_in_list'),
        ),
        migrations.AddField(
            model_name='branch',
            name='use',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='branches', to='consent.use'),
        ),
        migrations.AddField(
            model_name='state',
            name='branch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='states', to='consent.branch'),
        ),
        migrations.AddConstraint(
            model_name='state',
            constraint=models.CheckConstraint(condition=models.Q(('since_is__in', ['', 'exact', 'at-latest', 'at-earliest'])), name='state_since_is_in_list'),
        ),
        migrations.AddConstraint(
            model_name='state',
            constraint=models.CheckConstraint(condition=models.Q(('basis__in', ['', 'stated', 'seen', 'reported', 'unclear'])), name='state_basis_in_list'),
        ),
        migrations.AddField(
            model_name='control',
            name='pages',
            field=models.ManyToManyField(blank=True, help_text='Pages this rests on.', related_name='controls', to='platforms.page'),
        ),
        migrations.AddField(
            model_name='control',
            name='platform',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='controls', to='platforms.platform'),
        ),
        migrations.AddField(
            model_name='control',
            name='source_change',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='consent.change'),
        ),
        migrations.AddField(
            model_name='control',
            name='uses',
            field=models.ManyToManyField(help_text='All uses that it refuses.', related_name='controls', to='consent.use'),
        ),
        migrations.AddField(
            model_name='entry',
            name='controls',
            field=models.ManyToManyField(blank=True, related_name='entries', to='consent.control'),
        ),
        migrations.AddField(
            model_name='guide',
            name='controls',
            field=models.ManyToManyField(blank=True, related_name='guides', to='consent.control'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('due_on', None), ('effective_on', None), _connector='OR'), name='entry_due_or_effective'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('topic__in', ['', 'training', 'enforcement', 'other'])), name='entry_topic_in_list'),
        ),
        migrations.AddField(
            model_name='controlsurface',
            name='control',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='surfaces', to='consent.control'),
        ),
        migrations.AddField(
            model_name='offer',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='closed_offers', to='consent.entry'),
        ),
        migrations.AddField(
            model_name='offer',
            name='control',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='consent.control'),
        ),
        migrations.AddField(
            model_name='offer',
            name='opened_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='opened_offers', to='consent.entry'),
        ),
        migrations.AddField(
            model_name='passage',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='consent.source'),
        ),
        migrations.AddConstraint(
            model_name='branch',
            constraint=models.UniqueConstraint(fields=('use', 'position'), name='branch_in_order'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.UniqueConstraint(fields=('platform', 'slug'), name='control_slug_once_per_platform'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.CheckConstraint(condition=models.Q(('label', ''), ('name', ''), _connector='XOR'), name='control_has_label_or_name'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.CheckConstraint(condition=models.Q(('refuse__in', ['', 'turn-off', 'turn-on', 'submit', 'write', 'ask-admin', 'leave', 'delete'])), name='control_refuse_in_list'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.CheckConstraint(condition=models.Q(('by__in', ['', 'person', 'admin'])), name='control_by_in_list'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['', 'everything', 'this-device', 'one-conversation', 'one-item'])), name='control_scope_in_list'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.CheckConstraint(condition=models.Q(('reach__in', ['', 'future-only', 'past-too', 'past-only', 'unstated'])), name='control_reach_in_list'),
        ),
        migrations.AddConstraint(
            model_name='control',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['', 'draft', 'published', 'retracted'])), name='control_status_in_list'),
        ),
        migrations.AddConstraint(
            model_name='controlsurface',
            constraint=models.UniqueConstraint(fields=('control', 'surface'), name='control_surface_once'),
        ),
        migrations.AddConstraint(
            model_name='controlsurface',
            constraint=models.CheckConstraint(condition=models.Q(('surface__in', ['', 'web', 'ios', 'android', 'desktop', 'any'])), name='controlsurface_surface_in_list'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(fields=('control', 'position'), name='offer_in_order'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='offer_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.UniqueConstraint(fields=('source', 'position'), name='passage_in_order'),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_at', None), ('starts_at', None), models.Q(('words', ''), _negated=True)), models.Q(('ends_at__gt', models.F('starts_at')), ('starts_at__isnull', False)), _connector='OR'), name='passage_has_span_or_words'),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['', 'before', 'after'])), name='passage_side_in_list'),
        ),
    ]
