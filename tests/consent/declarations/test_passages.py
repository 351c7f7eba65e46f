"""The words that a claim rests on appear once their archive is imported, and only if they agree."""

import hashlib
import io

import pytest
from django.core.management import call_command

from consent.models import Passage
from tests.arranging import arranged
from tests.factories import make_entry, make_platform, make_source
from tests.platforms.importers.versions import ADDRESS, FIRST, SILENT, TRAINING, Versions

pytestmark = pytest.mark.django_db

BEFORE = SILENT.splitlines()[-1]
AFTER = TRAINING.splitlines()[-1]


@pytest.fixture
def versions(tmp_path):
    return Versions(tmp_path / "versions")


@pytest.fixture
def entry():
    return make_entry(make_platform("chirp", name="Chirp"))


def imported(versions):
    """Import the repository; return what the command complains about."""
    out, complaints = io.StringIO(), io.StringIO()
    call_command("import_ota", str(versions.folder), stdout=out, stderr=complaints)
    return complaints.getvalue()


@arranged()
def point_at(entry, commit, text, words, side="after"):
    """A passage of the entry in a version of the archive."""
    url = f"{ADDRESS}/blob/{commit}/Chirp/Privacy%20Policy.md"
    source = make_source(entry, archived_url=url)
    start = text.index(words)
    return Passage.objects.create(
        source=source,
        side=side,
        starts_at=start,
        ends_at=start + len(words),
        sha256=hashlib.sha256(words.encode()).hexdigest(),
    )


def test_the_page_says_where_the_words_stand_until_the_archive_is_imported(client, versions, entry):
    versions.record(SILENT, prefix=FIRST)
    passage = point_at(entry, versions.record(TRAINING), TRAINING, AFTER)
    before = client.get(entry.get_absolute_url()).text
    assert "The words stand in the archived version" in before
    assert f"characters {passage.starts_at} to {passage.ends_at}" in before
    assert AFTER not in before

    assert imported(versions) == ""

    after = client.get(entry.get_absolute_url()).text
    assert "The words it rests on" in after
    assert after.index(AFTER) < after.index("How we know")


def test_dropped_words_are_read_from_the_version_before(versions, entry):
    versions.record(SILENT, prefix=FIRST)
    passage = point_at(entry, versions.record(TRAINING), SILENT, BEFORE, side="before")
    assert imported(versions) == ""
    passage.refresh_from_db()
    assert passage.words == BEFORE


@pytest.mark.database
def test_importing_again_changes_nothing(versions, entry):
    versions.record(SILENT, prefix=FIRST)
    passage = point_at(entry, versions.record(TRAINING), TRAINING, AFTER)
    imported(versions)
    imported(versions)
    passage.refresh_from_db()
    assert passage.words == AFTER


def test_a_span_with_another_hash_is_an_error_that_names_the_place(versions, entry):
    versions.record(SILENT, prefix=FIRST)
    passage = point_at(entry, versions.record(TRAINING), TRAINING, AFTER)
    with arranged():
        Passage.objects.update(sha256="0" * 64)
    complaint = imported(versions)
    assert f"entry {entry.key}, source 1, passage 1" in complaint
    assert f"at {passage.starts_at}-{passage.ends_at} (after)" in complaint
    passage.refresh_from_db()
    assert passage.words == ""
