import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from consent.curation import revisions
from consent.models import Decision, StampedDay, StampedRecord, TimeStamp
from consent.open_data.stamps import authority, published_roots
from consent.open_data.stamps.chain import NO_PREVIOUS, header_of, read_header
from consent.open_data.stamps.closed_days import close_day, stamp_days, trusted_roots
from consent.open_data.stamps.merkle import root_of
from consent.vocabulary import Ruling
from platforms.append_only import unprotect_logs
from tests.arranging import arranged
from tests.consent.open_data.stamps.authority_server import AuthorityServer
from tests.dripping import dripping
from tests.factories import make_change, make_entry, make_page, make_platform

pytestmark = pytest.mark.django_db

FIRST = dt.date(2026, 3, 1)


def day(number):
    return FIRST + dt.timedelta(days=number - 1)


@pytest.fixture
def entry():
    platform = make_platform()
    entry = make_entry(platform)
    make_change(make_page(platform), "before", "after", entry=entry)
    return entry


def kinds(stamped):
    return sorted(stamped.records.values_list("kind", flat=True))


def test_a_day_has_a_root_over_everything_recorded(entry):
    closed = close_day(FIRST)
    assert kinds(closed) == ["entry", "snapshot", "snapshot", "text", "text"]
    leaves = closed.records.order_by("position").values_list("sha256", flat=True)
    assert closed.root == root_of([bytes.fromhex(leaf) for leaf in leaves]).hex()
    assert (closed.number, closed.size, closed.previous) == (1, 5, NO_PREVIOUS)


@pytest.mark.database
def test_each_record_is_in_one_root_and_a_corrected_entry_in_the_next(entry):
    close_day(day(1))
    assert kinds(close_day(day(2))) == []
    with arranged():
        entry.title = "Corrected"
        entry.save()
    assert kinds(close_day(day(3))) == ["entry"]
    assert StampedRecord.objects.count() == 6


def test_revisions_and_decisions_are_in_one_root_each(entry):
    close_day(day(1))
    editor = User.objects.create_user("ada")
    revisions.correct(entry, reason="A word.", editor=editor, title="Corrected")
    Decision.objects.create(entry=entry, ruling=Ruling.REVIEW, curator=editor)
    assert kinds(close_day(day(2))) == ["decision", "entry", "revision"]
    assert kinds(close_day(day(3))) == []


def test_days_are_chained_and_a_missed_day_is_in_the_next(entry):
    first, third = close_day(day(1)), close_day(day(3))
    assert third.previous == header_of(first).sha256
    assert (third.number, read_header(header_of(third).to_bytes())) == (2, header_of(third))


def test_a_day_is_closed_once_and_never_after_a_later_one(entry):
    assert close_day(day(2)) is not None
    assert close_day(day(2)) is None
    assert close_day(day(1)) is None
    assert StampedDay.objects.count() == 1


@pytest.mark.database
def test_drafts_are_in_no_root():
    make_entry(make_platform(), status="draft", published_at=None)
    assert kinds(close_day(FIRST)) == []


def test_nobody_is_asked_for_a_stamp_unless_an_authority_is_set(entry, authority_server, settings):
    authority_server.requests, settings.STAMP_AUTHORITY_URL = 0, ""
    close_day(FIRST)
    assert stamp_days() == 0
    assert authority_server.requests == 0


def test_a_day_is_stamped_by_the_authority(entry, stamp_authority):
    closed = close_day(FIRST)
    assert stamp_days() == 1
    stamp = TimeStamp.objects.get(day=closed)
    message = header_of(closed).to_bytes()
    proved = authority.check(bytes(stamp.response), message, trusted_roots())
    assert proved.authority == stamp.authority == "CN=Test authority,O=Test"
    assert proved.stamped_at == stamp.stamped_at
    assert stamp_days() == 0
    with pytest.raises(authority.BadStamp, match="Mismatch"):
        authority.check(bytes(stamp.response), message + b" ", trusted_roots())


@pytest.mark.parametrize(
    "answer",
    [
        (503, b""),
        (302, b""),
        (200, b"<html>a captive portal</html>"),
        (200, b"\0" * 200_000),
    ],
)
def test_a_day_waits_while_the_authority_gives_no_stamp(entry, stamp_authority, answer, caplog):
    close_day(day(1))
    close_day(day(2))
    stamp_authority.answers = lambda query: answer
    assert stamp_days() == 0
    assert stamp_authority.requests == 1  # not once more for each day that waits
    assert "No time stamp for 2026-03-02 yet" in caplog.text
    stamp_authority.answers = stamp_authority.stamp
    assert stamp_days() == 2
    assert not StampedDay.objects.unstamped().exists()


def test_an_authority_that_cannot_be_reached_is_asked_again_later(
    entry, stamp_authority, settings, unused_port
):
    close_day(FIRST)
    settings.STAMP_AUTHORITY_URL = f"http://127.0.0.1:{unused_port}/"
    assert stamp_days() == 0
    settings.STAMP_AUTHORITY_URL = stamp_authority.url
    assert stamp_days() == 1


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"])
def test_an_authority_that_drips_is_asked_again_later(
    entry, stamp_authority, settings, monkeypatch, start
):
    monkeypatch.setattr(authority, "_MOST_SECONDS", 0.3)
    with dripping(start) as port:
        settings.STAMP_AUTHORITY_URL = f"http://127.0.0.1:{port}/"
        close_day(FIRST)
        assert stamp_days() == 0
    settings.STAMP_AUTHORITY_URL = stamp_authority.url
    assert stamp_days() == 1


def test_an_old_answer_is_not_taken_for_a_new_one(entry, stamp_authority):
    """Without the nonce a replayed answer for the same header would pass."""
    close_day(FIRST)
    kept = []

    def replayed(query):
        if not kept:
            kept.append(stamp_authority.stamp(query))
        return kept[0]

    stamp_authority.answers = replayed
    message = header_of(StampedDay.objects.get()).to_bytes()
    authority.ask(stamp_authority.url, message, trusted_roots())
    with pytest.raises(authority.AuthorityError, match="Nonce"):
        authority.ask(stamp_authority.url, message, trusted_roots())


def test_a_stamp_of_somebody_else_is_not_kept(entry, stamp_authority, settings, tmp_path):
    with AuthorityServer(tmp_path / "other") as other:
        settings.STAMP_AUTHORITY_URL = other.url
        close_day(FIRST)
        assert stamp_days() == 0
        assert other.requests == 1


def roots_folder(settings):
    return Path(settings.SUPPRESSION_PATH) / "roots"


def test_what_is_published_is_also_kept_outside_the_database(entry, stamp_authority, settings):
    closed = close_day(FIRST)
    stamp_days()
    folder = roots_folder(settings)
    assert (folder / "000001.json").read_bytes() == header_of(closed).to_bytes()
    assert (folder / "000001.tsr").read_bytes() == bytes(closed.timestamp.response)
    assert sorted(path.name for path in folder.iterdir()) == ["000001.json", "000001.tsr"]


def test_roots_of_before_are_kept_outside_too(entry, stamp_authority, settings):
    close_day(day(1))
    stamp_days()
    close_day(day(2))
    kept = {path.name: path.read_bytes() for path in roots_folder(settings).iterdir()}
    shutil.rmtree(roots_folder(settings))
    assert published_roots.reconcile() == []
    assert {path.name: path.read_bytes() for path in roots_folder(settings).iterdir()} == kept


def go_back(stamped):
    """Let the database forget a root, as a backup made before it does."""
    unprotect_logs(connection)
    TimeStamp.objects.filter(day=stamped)._raw_delete("default")
    StampedRecord.objects.filter(day=stamped)._raw_delete("default")
    StampedDay.objects.filter(pk=stamped.pk)._raw_delete("default")


@pytest.mark.database
def test_a_root_that_the_database_forgot_comes_back_before_the_next(entry, stamp_authority, caplog):
    close_day(day(1))
    second = close_day(day(2))
    stamp_days()
    stamp = TimeStamp.objects.get(day=second)
    go_back(second)
    third = close_day(day(3))
    back = StampedDay.objects.with_lost().get(number=2)
    assert header_of(back) == header_of(second)
    assert bytes(back.timestamp.response) == bytes(stamp.response)
    assert (back.timestamp.authority, back.timestamp.stamped_at) == (
        stamp.authority,
        stamp.stamped_at,
    )
    assert (third.number, third.previous) == (3, header_of(second).sha256)
    assert "came back: 2" in caplog.text


def test_a_day_whose_root_came_back_is_not_closed_again(entry):
    first = close_day(day(1))
    go_back(first)
    assert close_day(day(1)) is None
    back = StampedDay.objects.with_lost().get()
    assert (header_of(back), back.is_lost) == (header_of(first), True)
    assert kinds(close_day(day(2))) == ["entry", "snapshot", "snapshot", "text", "text"]


def test_a_root_that_cannot_be_kept_is_not_published(entry, settings):
    settings.SUPPRESSION_PATH = "/proc/nowhere"
    with pytest.raises(OSError, match="nowhere"):
        close_day(FIRST)
    assert not StampedDay.objects.exists()


def test_a_chain_that_forked_is_not_made_longer(entry, settings):
    """Somebody set the folder of another installation."""
    close_day(day(1))
    path = roots_folder(settings) / "000001.json"
    header = read_header(path.read_bytes())
    path.unlink()
    path.write_bytes(replace(header, root="0" * 64).to_bytes())
    with pytest.raises(published_roots.ForkedChain, match=r"000001.json is not the header"):
        close_day(day(2))
    assert StampedDay.objects.count() == 1


@pytest.mark.parametrize("damage", [b"", b"{}", None])
def test_a_missing_or_damaged_header_is_named_and_no_number_given_twice(entry, settings, damage):
    close_day(day(1))
    for stamped in (close_day(day(2)), close_day(day(3))):
        go_back(stamped)
    path = roots_folder(settings) / "000002.json"
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    with pytest.raises(published_roots.ForkedChain, match=r"00000[23].json"):
        close_day(day(4))
    assert StampedDay.objects.count() == 1


def test_a_damaged_stamp_is_asked_for_again(entry, stamp_authority, settings, caplog):
    go_back(close_day(day(1)))
    (roots_folder(settings) / "000001.tsr").write_bytes(b"half a sta")
    [back] = published_roots.reconcile()
    assert "000001.tsr is no stamp" in caplog.text
    assert stamp_days() == 1
    assert bytes(TimeStamp.objects.get(day=back).response) != b"half a sta"
