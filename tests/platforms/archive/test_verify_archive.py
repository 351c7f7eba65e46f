import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from platforms.archive import integrity
from tests.platforms.archive.pages import page as edition
from tests.platforms.archive.snapshots import SEEN_AT, make_page, make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive_of_the_settings(storage, settings):
    settings.ARCHIVE_URL = f"file://{storage.root}"


def verify():
    """Return the lines that the command prints, and its error message, None if it succeeds."""
    out = io.StringIO()
    try:
        call_command("verify_archive", verbosity=0, stdout=out, no_color=True)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), None


def test_a_sound_archive_is_reported_as_sound(archive):
    page = make_page()
    first = archive.put(edition(1))
    make_snapshot(page, sha256=first)
    make_snapshot(
        page,
        sha256=archive.put(edition(2), similar_to=first),
        first_seen_at=SEEN_AT + dt.timedelta(days=1),
        last_seen_at=SEEN_AT + dt.timedelta(days=1),
    )

    assert verify() == (["2 checked, 0 damaged, 0 missing, 0 orphaned"], None)


def test_an_unused_archive_is_sound():
    assert verify() == (["0 checked, 0 damaged, 0 missing, 0 orphaned"], None)


def test_texts_imported_without_bytes_are_not_missing():
    make_snapshot(make_page(), sha256="", evidence_url="https://archive.example/1")

    assert verify() == (["0 checked, 0 damaged, 0 missing, 0 orphaned"], None)


def test_damaged_blobs_are_listed_with_the_snapshots_that_name_them(archive, storage):
    page = make_page()
    first = archive.put(edition(1))
    second = archive.put(edition(2), similar_to=first)
    named = make_snapshot(page, sha256=second)
    storage.write(first, b"rubbish", replace=True)

    lines, verdict = verify()

    assert verdict == "2 checked, 2 damaged, 0 missing, 0 orphaned"
    assert sorted(lines) == sorted(
        [
            f"damaged   {first}: cut short at 7 bytes",
            f"damaged   {second}: depends on {first}: cut short at 7 bytes "
            f"(snapshot {named.pk}, Chirper: Privacy policy at 2026-03-04 05:06 UTC)",
        ]
    )


def test_a_named_blob_that_is_absent_is_missing():
    named = make_snapshot(make_page(), sha256="ab" * 32)

    lines, verdict = verify()

    assert verdict == "0 checked, 0 damaged, 1 missing, 0 orphaned"
    assert lines == [
        f"missing   {'ab' * 32} "
        f"(snapshot {named.pk}, Chirper: Privacy policy at 2026-03-04 05:06 UTC)"
    ]


def test_a_lost_base_is_reported_with_its_dependents_and_as_missing_if_named(archive, storage):
    page = make_page()
    first = archive.put(edition(1))
    second = archive.put(edition(2), similar_to=first)
    make_snapshot(page, sha256=first)
    [path] = storage.root.glob(f"*/{first}.blob")
    path.unlink()

    lines, verdict = verify()

    assert verdict == "1 checked, 1 damaged, 1 missing, 1 orphaned"
    assert lines[0] == f"damaged   {second}: depends on {first}: not in the archive"
    assert lines[1].startswith(f"missing   {first} (snapshot ")


def test_orphans_are_listed_without_failure_and_a_base_is_no_orphan(archive):
    unnamed_base = archive.put(edition(1))
    make_snapshot(make_page(), sha256=archive.put(edition(2), similar_to=unnamed_base))
    orphan = archive.put(b"stored, then the worker was killed")

    assert verify() == (
        [f"orphaned  {orphan}", "3 checked, 0 damaged, 0 missing, 1 orphaned"],
        None,
    )


def test_a_snapshot_recorded_during_the_check_is_no_orphan(archive):
    digest = archive.put(b"a body")
    named: list[str] = []

    def read_slowly(digests):
        for digest in digests:
            yield digest
            named.append(digest)

    result = integrity.verify(archive, lambda: named, progress=read_slowly)

    assert named == [digest]
    assert result.orphaned == ()


def test_interrupted_writes_are_reported(archive, storage):
    archive.put(b"a body")
    (storage.incoming / "broken-off").write_bytes(b"half")

    lines, verdict = verify()

    assert f"unfinished write  {storage.incoming / 'broken-off'}" in lines
    assert verdict is None


def test_the_check_changes_nothing_in_the_archive(archive, storage):
    archive.put(b"a body")
    archive.put(b"another")
    before = {path: path.stat().st_mtime_ns for path in storage.root.glob("**/*")}

    verify()

    assert {path: path.stat().st_mtime_ns for path in storage.root.glob("**/*")} == before
