import datetime as dt

import pytest
from django.contrib.auth.models import User

from consent.curation import revisions
from consent.models import Decision, StampedDay, StampedRecord, TimeStamp
from consent.open_data.stamps import authority
from consent.open_data.stamps.chain import NO_PREVIOUS, read_header
from consent.open_data.stamps.closed_days import close_day, header_of, stamp_days, trusted_roots
from consent.open_data.stamps.merkle import root_of
from consent.vocabulary import Ruling
from tests.arranging import arranged
from tests.consent.open_data.stamps.authority_server import AuthorityServer
from tests.dripping import dripping
from tests.factories import make_change, make_entry, make_page, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.database]

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
