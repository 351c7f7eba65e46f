"""A database filled by the version before uses and controls goes through the migrations.

version_before.json is what that version (consent 0016 and platforms 0008) wrote: a small catalog
loaded, then edits at the desk, revisions, subscriptions and log rows.
"""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from consent.declarations import convert_catalog, load_catalog
from consent.models import (
    Branch,
    Control,
    Entry,
    Guide,
    Passage,
    Reference,
    State,
    Subscription,
    Use,
)
from platforms.declarations import CONVERTED
from platforms.guards import public_act
from platforms.migrations._format1 import CONVERTED as MARK
from platforms.models import Page
from platforms.vocabulary import PublicChangeKind
from tests.consent.models.old_databases import fill, old_database
from tests.consent.models.schema import schema_of

pytestmark = pytest.mark.database

HERE = Path(__file__).parent
#: What the version before set up after a migrate, and this one knows nothing of.
TRIGGERS_BEFORE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE consent_setting_words USING fts5(label, covers)",
        "CREATE TRIGGER consent_setting_words_added AFTER INSERT ON consent_setting BEGIN"
        " INSERT INTO consent_setting_words(rowid, label) VALUES (new.id, new.label); END",
        "CREATE TRIGGER consent_setting_public_update BEFORE UPDATE ON consent_setting"
        " BEGIN SELECT RAISE(ABORT, 'guarded'); END",
        "CREATE TRIGGER consent_entry_settings_public_update BEFORE UPDATE"
        " ON consent_entry_settings WHEN EXISTS (SELECT 1 FROM consent_entry)"
        " BEGIN SELECT RAISE(ABORT, 'guarded'); END",
        "CREATE TRIGGER state_no_overlap_UPDATE BEFORE UPDATE ON consent_state"
        " WHEN EXISTS (SELECT 1 FROM consent_state AS other"
        " WHERE other.setting_id = NEW.setting_id AND other.id IS NOT NEW.id"
        " AND other.ends_on > NEW.starts_on) BEGIN SELECT RAISE(ABORT, 'overlap'); END",
    ],
    "postgresql": [
        "CREATE TABLE consent_setting_words (id bigint PRIMARY KEY)",
        "CREATE FUNCTION consent_setting_words_keep() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN INSERT INTO consent_setting_words VALUES (new.id); RETURN new; END $$",
        "CREATE TRIGGER consent_setting_words_keep AFTER INSERT OR UPDATE ON consent_setting"
        " FOR EACH ROW EXECUTE FUNCTION consent_setting_words_keep()",
        "CREATE FUNCTION consent_setting_public_update() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'guarded'; END $$",
        "CREATE TRIGGER consent_setting_public_update BEFORE UPDATE ON consent_setting"
        " FOR EACH ROW EXECUTE FUNCTION consent_setting_public_update()",
        "ALTER TABLE consent_state ADD CONSTRAINT state_no_overlap EXCLUDE USING gist"
        " (int8range(setting_id, setting_id, '[]') WITH &&, daterange(starts_on, ends_on) WITH &&)",
    ],
}


def rows_of(table, columns, order="id"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
        return cursor.fetchall()


#: What no migration may lose or change: table and columns, then table and columns after it.
SAME = [
    ("consent_entry", "id, key, public_id, title, status, published_at, updated_at"),
    ("consent_guide", "id, slug, title, status, updated_at"),
    ("consent_guidestep", "id, surface_id, position, act"),
    ("consent_guidesurface", "id, guide_id, surface, verified_on"),
    ("consent_source", "id, entry_id, guide_id, url, published_on"),
    ("consent_formerslug", "id, slug, platform_id, guide_id"),
    ("consent_subscription", "id, subscriber_id, scope, value, place, frequency"),
    ("consent_revision", "id, entry_id, reason, changed"),
    ("consent_decision", "id, entry_id, ruling, decided_at"),
    ("consent_verification", "id, guide_id, outcome, checked_at"),
    ("consent_entry_platforms", "id, entry_id, platform_id"),
    ("consent_entry_references", "id, entry_id, reference_id"),
    ("consent_guide_pages", "id, guide_id, page_id"),
    ("platforms_platform", "id, slug, name, declared_digest"),
    ("platforms_page", "id, url, title"),
    ("platforms_publicchange", "id, kind, record, record_id, what, changed"),
]
RENAMED = [
    (
        ("consent_setting", "id, platform_id, slug, former_slugs, covers, data_kinds"),
        ("consent_use", "id, platform_id, slug, former_slugs, covers, data_kinds"),
    ),
    (
        ("consent_entry_settings", "id, entry_id, setting_id"),
        ("consent_entry_uses", "id, entry_id, use_id"),
    ),
    (
        ("consent_setting_pages", "id, setting_id, page_id"),
        ("consent_use_pages", "id, use_id, page_id"),
    ),
]


@pytest.fixture
def migrated(tmp_path):
    """The database of the version before, after all migrations; and what it had before."""
    with old_database("0016", tmp_path) as apps:
        fill(apps, json.loads((HERE / "version_before.json").read_text(encoding="utf-8")))
        kind = apps.get_model("contenttypes", "ContentType").objects.create(
            app_label="consent", model="setting"
        )
        right = apps.get_model("auth", "Permission").objects.create(
            content_type=kind, codename="change_setting", name="Can change setting"
        )
        group = apps.get_model("auth", "Group").objects.create(name="Own")
        group.permissions.add(right)
        goose = apps.get_model("consent", "Setting").objects.get(label="Improve Goose")
        apps.get_model("admin", "LogEntry").objects.create(
            user_id=1, content_type=kind, object_id=goose.pk, object_repr="Goose", action_flag=2
        )
        with connection.cursor() as cursor:
            for statement in TRIGGERS_BEFORE[connection.vendor]:
                cursor.execute(statement)
        before = {old: rows_of(*old) for old in (*SAME, *(old for old, _ in RENAMED))}
        call_command("migrate", verbosity=0)
        yield before


@pytest.fixture
def schema_of_a_new_database(db):
    """What squashed migrations make."""
    return schema_of(connection)


def test_the_marks_of_migrations_are_those_that_a_load_knows():
    assert MARK == CONVERTED


def use(name):
    platform, _, slug = name.partition("/")
    return Use.objects.get(platform__slug=platform, slug=slug)


def where(record):
    return record.places, record.except_places, record.some_of


def states(name):
    return [
        (state.value, state.starts_on, state.opened_by.key if state.opened_by else None)
        for state in State.objects.filter(branch__use=use(name))
    ]


@pytest.mark.django_db
def test_nothing_is_lost_and_edits_survive_the_next_load(
    schema_of_a_new_database, migrated, tmp_path
):
    # One test: each migrated database takes seconds to make.
    upgraded, new = schema_of(connection), schema_of_a_new_database
    assert [key for key in sorted({*upgraded, *new}) if upgraded.get(key) != new.get(key)] == []
    for table_and_columns, rows in migrated.items():
        table = dict(RENAMED).get(table_and_columns, table_and_columns)
        assert rows, table_and_columns
        assert rows_of(*table) == rows

    _uses_have_their_branches_and_states()
    _controls_say_which_act_refuses()
    _entries_and_their_sources_are_in_structure()
    _logs_and_rights_lead_to_uses()
    _the_next_load_takes_files_for_what_nobody_edited(tmp_path)


def _uses_have_their_branches_and_states():
    assert Branch.objects.count() == Use.objects.count() == 6
    chirp = use("chirp/block-training")
    assert (chirp.title, chirp.title_if_not) == (
        "Your public posts are used for AI",
        "Your public posts are not used for AI",
    )
    assert (chirp.purpose, chirp.status) == ("training", "published")
    assert where(chirp.branches.get()) == ([], ["EU", "GB", "KR"], [])
    assert chirp.branches.get().people == ["personal"]
    assert chirp.branches.get().plans == ["Free", "Pro"]
    # A state lasts until the next begins: where none began, it is unclear.
    assert states("chirp/block-training") == [
        ("unless-refused", dt.date(2024, 1, 1), None),
        ("unclear", dt.date(2024, 5, 2), "chirp-2024-05-02-regulator"),
    ]
    assert states("chirp/training") == [
        ("not-used", None, None),
        ("unclear", dt.date(2024, 3, 1), None),
        ("unless-refused", dt.date(2024, 7, 1), "chirp-2024-07-default-on"),
        ("only-if-agreed", dt.date(2025, 3, 1), "chirp-2025-03-01-default-off"),
    ]
    assert states("duck/chats") == [("no-way-out", dt.date(2024, 1, 1), "duck-2024-use")]
    # Words that no rule reads are kept.
    form = use("chirp/object-form").branches.get()
    assert (form.who, form.people) == ("people with a beard", ["personal"])
    assert form.note == "Region as written before: the moon."
    # What was written or edited here says nothing in public until somebody writes its title.
    for name, label in (("duck/made-here", "Don't use my chats"), ("goose/chats", "Improve Goose")):
        assert use(name).status == "draft"
        assert use(name).status_reason == f"Converted from “{label}”: write what happens."
        assert use(name).declared_digest == ""


def _controls_say_which_act_refuses():
    made = {
        f"{control.platform.slug}/{control.slug}": control
        for control in Control.objects.select_related("platform")
    }
    assert {name: control.refuse for name, control in made.items()} == {
        "chirp/training-control": "turn-off",
        "chirp/block-training-control": "turn-on",
        "chirp/object-form-control": "submit",
        "duck/made-here-control": "turn-on",
    }
    for name, control in made.items():
        assert f"{control.platform.slug}/{control.uses.get().slug}-control" == name
    switch, mine = made["chirp/training-control"], made["duck/made-here-control"]
    assert switch.label == "Allow training"
    assert (switch.scope, switch.reach) == ("everything", "future-only")
    assert (mine.scope, mine.reach, mine.status) == ("this-device", "unstated", "draft")
    assert made["chirp/block-training-control"].reach == "unstated"
    assert list(switch.surfaces.values_list("surface", "path", "deep_link")) == [
        ("web", "Settings › Privacy", "https://chirp.example/settings")
    ]
    assert list(mine.surfaces.values_list("surface", "path")) == [("any", "A › B")]
    guide = Guide.objects.get()
    assert list(guide.controls.all()) == [switch]
    assert guide.who == "adults"


def _entries_and_their_sources_are_in_structure():
    regulator = Entry.objects.get(key="chirp-2024-05-02-regulator")
    assert (regulator.topic, regulator.effective_on) == ("enforcement", None)
    assert regulator.decided_on == regulator.timeline_on == dt.date(2024, 5, 2)
    assert (where(regulator), regulator.who) == ((["EEA"], [], []), "people with a beard")
    far = Entry.objects.get(key="chirp-2099-announced")
    assert (far.due_on, far.due_precision, far.effective_on) == (dt.date(2099, 1, 1), "month", None)
    assert far.timeline_on == far.announced_on == dt.date(2024, 6, 1)
    assert far.note == "Region as written before: the moon."
    assert where(Entry.objects.get(key="duck-2024-use")) == (["EU", "GB"], [], [])
    passage = Passage.objects.get()
    assert (passage.words, passage.side) == ("Chirp has stopped.", "after")
    assert passage.source.entry == regulator
    assert where(Page.objects.get(url="https://chirp.example/eu")) == (["EEA"], [], [])
    assert Reference.objects.get(slug="gdpr").place == "EU"
    noyb = Reference.objects.get(slug="noyb")
    assert (noyb.place, noyb.name) == ("", "noyb (Cloud Cuckoo Land)")


def _logs_and_rights_lead_to_uses():
    from django.contrib.admin.models import LogEntry
    from django.contrib.auth.models import Group

    assert LogEntry.objects.get().get_edited_object() == use("goose/chats")
    assert Group.objects.get(name="Own").permissions.get().codename == "change_use"
    saved = Subscription.objects.get(scope="view")
    assert saved.value == "state=on-by-default&region=EU&plan=everyone"


def _the_next_load_takes_files_for_what_nobody_edited(tmp_path):
    convert_catalog(HERE.parent / "declarations" / "format1", tmp_path / "catalog")
    for path in (tmp_path / "catalog").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("YOUR DATA KIND trains PRODUCT's models", "Your posts train a model")
        text = text.replace("purpose: PURPOSE", "purpose: training")
        text = text.replace("place: Cloud Cuckoo Land", "place: AT")
        text = re.sub(r"(covers: .*\n)(?!  data_kinds)", r"\1  data_kinds: [chats]\n", text)
        # The file names the control in a way of its own.
        text = re.sub(r"(?<!-)training-control", "switch", text)
        path.write_text(text, encoding="utf-8")
    with public_act(PublicChangeKind.EDIT, by=None, on=[Guide.objects.get()]):
        Guide.objects.update(note="Edited after the migration.")

    report = load_catalog(tmp_path / "catalog")

    conflicts = {(conflict.kind, conflict.name) for conflict in report.conflicts}
    assert conflicts == {
        ("use", "goose/chats"),
        ("entry", "duck-2024-use"),
        ("guide", "chirp-training"),
    }
    assert use("chirp/training").title == "Your posts train a model"
    assert use("goose/chats").note == "Edited here."
    assert Guide.objects.get().note == "Edited after the migration."
    # What no file took up is gone; the edited guide names what the file made of it.
    assert list(Guide.objects.get().controls.values_list("slug", flat=True)) == ["switch"]
    assert not Control.objects.filter(slug="training-control").exists()
    assert not Use.objects.filter(declared_digest__startswith=CONVERTED).exists()
    assert load_catalog(tmp_path / "catalog").touched == 0
