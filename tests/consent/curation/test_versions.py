"""The history of what is public: what it keeps, and what is restored from it."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from consent.curation import decisions, record_decisions, revisions
from consent.curation.undo import undo
from consent.models import Entry, GuideSurface
from platforms.guards import public_act
from platforms.models import Platform, RecordVersion
from platforms.record_versions import check_versions
from platforms.vocabulary import PublicChangeKind
from tests.arranging import arranged, version_everything
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_source,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform():
    return make_platform("chirp")


@pytest.fixture
def entry(platform):
    entry = make_entry(platform, title="First words")
    make_source(entry)
    return entry


def versions_of(record):
    kind = record._meta.model_name
    return RecordVersion.objects.filter(kind=kind, record_id=record.pk).order_by("version")


@pytest.mark.database
def test_a_row_written_past_the_door_is_named(entry, capsys):
    version_everything()
    call_command("check_versions")
    with arranged():
        Entry.objects.update(title="Smuggled")
    assert check_versions() == [f"entry {entry.key}: differs from version 1 in title"]
    with pytest.raises(CommandError, match="1 records differ"):
        call_command("check_versions")
    with arranged():
        Entry.objects.all().delete()
    [words] = check_versions()
    assert "readers do not see it any more" in words


def test_a_version_says_who_changed_what_and_why(entry, ada):
    revisions.correct(entry, reason="A slip.", editor=ada, title="Mended")
    first, second = versions_of(entry)
    assert (first.declaration["title"], second.declaration["title"]) == ("First words", "Mended")
    assert (second.by, second.public_reason, second.origin) == (ada, "A slip.", "desk")
    assert second.number > first.number


@pytest.mark.database
def test_records_that_name_a_renamed_one_get_a_version_too(platform, entry, ada):
    use = make_use(platform, slug="posts", data_kinds=["chats"])
    make_state(use, "not-used")
    control = make_control(use)
    with arranged():
        entry.uses.add(use)
    with public_act(PublicChangeKind.EDIT, by=ada, on=[platform]):
        Platform.objects.filter(pk=platform.pk).update(slug="chirrup")
    for record in (entry, use, control):
        last = versions_of(record).last()
        assert (last.version, last.origin, last.by) == (2, "dependent", ada)
    assert versions_of(entry).last().declaration["uses"] == ["chirrup/posts"]
    assert versions_of(platform).last().key == "chirrup"


def test_an_entry_was_first_published_on_the_day_of_its_first_version(platform, ada, client):
    entry = make_entry(platform, status="draft", published_at=None, effects=["default-off"])
    make_source(entry)
    day = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    with time_machine.travel(day, tick=False):
        decisions.publish_by_hand(entry, curator=ada)
        undo(entry.decisions.get(), curator=ada)
    assert versions_of(entry).last().digest == ""
    entry.refresh_from_db()
    with time_machine.travel(day + dt.timedelta(days=1), tick=False):
        decisions.publish_by_hand(entry, curator=ada)
        item = client.get(f"/api/v1/entries/{entry.public_id}").json()["item"]
    assert item["first_published_at"] == "2026-03-01T12:00:00Z"
    assert (item["published_at"], item["version"]) == ("2026-03-02T12:00:00Z", 3)


@pytest.mark.database
def test_restoring_leaves_alone_what_readers_and_visits_wrote(platform, ada):
    use = make_use(platform, data_kinds=["chats"])
    make_state(use, "not-used")
    guide = make_guide(platform, make_control(use))
    make_source(None, guide=guide)
    with arranged():
        guide.caveats = ["It is slow."]
        guide.save()
    surface, now = guide.surfaces.get(), timezone.now()
    with record_decisions.change_record(guide, curator=ada):
        guide.surfaces.get().steps.filter(position=1).update(act="Open another menu.")
    GuideSurface.objects.update(reported_broken_at=now)
    undo(guide.decisions.first(), curator=ada)
    restored = guide.surfaces.get()
    assert (restored.pk, restored.reported_broken_at) == (surface.pk, now)
    assert restored.steps.first().act != "Open another menu."


def test_taking_a_correction_back_leaves_what_came_later(entry, ada, bob):
    mended = revisions.correct(entry, reason="A slip.", editor=ada, title="Mended")
    decisions.add_review(entry, curator=bob)
    revisions.take_back_revision(mended, editor=ada)
    entry.refresh_from_db()
    assert (entry.title, entry.reviewer) == ("First words", bob)


def test_a_field_that_was_changed_again_is_not_taken_back(entry, ada):
    mended = revisions.correct(entry, reason="A slip.", editor=ada, title="Mended")
    with public_act(PublicChangeKind.EDIT, by=ada, on=[entry]):
        Entry.objects.update(title="By another way")
    with pytest.raises(ValidationError, match="Something else changed in it since"):
        revisions.take_back_revision(mended, editor=ada)
    entry.refresh_from_db()
    assert entry.title == "By another way"
