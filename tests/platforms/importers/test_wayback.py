"""Imports from a local archive with the protocols of the Wayback Machine."""

import datetime as dt
import io
import ipaddress
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from consent.models import Change
from platforms.archive import open_archive
from platforms.fetching.policy import FetchPolicy
from platforms.importers.captures import ArchiveBusy, WaybackMachine
from platforms.importers.history import ImportResult
from platforms.importers.wayback import Every, Span, Summary, import_history
from platforms.models import Host, Page, Snapshot
from platforms.outcomes import Outcome
from platforms.snapshots.documents import body_of
from platforms.vocabulary import Access, CaptureSource
from tests.arranging import arranged
from tests.factories import make_guide, make_page, make_platform, make_snapshot
from tests.platforms.importers.versions import OPT_OUT, SILENT, TRAINING
from tests.platforms.importers.wayback_server import WaybackServer, page
from tests.practice.watched import suggest_pending

pytestmark = pytest.mark.django_db

URL = "https://chirp.example/help/perch"
DAYS = ["20240101120000", "20240102120000", "20240103120000", "20240104120000"]


@pytest.fixture
def server(settings):
    with WaybackServer() as running:
        settings.WAYBACK_URL = running.url
        settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
        settings.FETCH_ALLOWED_PORTS = [running.port]
        settings.FETCH_HOST_PAUSE = 0.0
        yield running


@pytest.fixture
def watched(server):
    return make_page(make_platform("chirp", name="Chirp"), url=URL, select=["main"])


@pytest.fixture
def import_wayback(watched):
    """Return a function that runs the command and returns its output."""

    def run(*arguments):
        out = io.StringIO()
        call_command("import_wayback", *(arguments or ["chirp"]), stdout=out)
        return out.getvalue()

    return run


def store_captures(server, *texts, url=URL):
    for timestamp, text in zip(DAYS, texts, strict=False):
        server.keep(timestamp, url, text)


def history():
    return Page.objects.get(paused_reason__startswith="History only")


@pytest.mark.database
def test_captures_become_snapshots_with_their_bytes_and_a_change(server, import_wayback):
    store_captures(server, SILENT, TRAINING)

    report = import_wayback()

    change = Change.objects.get()
    assert change.after.first_seen_at == dt.datetime(2024, 1, 2, 12, tzinfo=dt.UTC)
    assert change.after.source == CaptureSource.WAYBACK
    assert change.after.evidence_url == f"https://web.archive.org/web/20240102120000/{URL}"
    assert change.after.final_url == URL
    assert change.after.headers["server"] == "chirp"
    assert "set-cookie" not in change.after.headers
    assert open_archive().get(change.after.sha256) == page(TRAINING)
    suggest_pending()
    assert change.suggestion.relevant
    assert "1  changes raised" in report


def test_captures_are_read_with_the_selectors_of_the_page(server, import_wayback):
    store_captures(server, SILENT)

    import_wayback(URL)

    assert history().select == ["main"]
    text = Snapshot.objects.get().documents.get().text
    assert "Chirp Networks" not in text
    assert "server logs" in text


def test_the_index_is_read_to_its_end(server, import_wayback):
    server.rows = 1
    store_captures(server, SILENT, TRAINING, OPT_OUT)

    import_wayback()

    assert Change.objects.count() == 2
    assert len(server.asked_for("/cdx/")) == 3


def test_a_second_run_requests_no_capture_again(server, import_wayback):
    store_captures(server, SILENT, TRAINING, SILENT)
    import_wayback()
    before = list(Page.objects.order_by("pk").values())
    asked = len(server.asked_for("/web/"))

    import_wayback()

    assert len(server.asked_for("/web/")) == asked
    assert list(Page.objects.order_by("pk").values()) == before
    assert Change.objects.count() == 1


@pytest.mark.database
def test_a_run_continues_after_the_last_capture(server, import_wayback):
    store_captures(server, SILENT, TRAINING, OPT_OUT)

    import_wayback("chirp", "--limit", "2")
    assert Change.objects.count() == 1
    import_wayback("chirp", "--limit", "2")

    assert Change.objects.count() == 2
    assert len(server.asked_for("/web/")) == 3


@pytest.mark.parametrize(
    ("every", "taken"),
    [
        (Every.DAY, ["20240630", "20240701", "20240702", "20240708"]),
        (Every.WEEK, ["20240630", "20240701", "20240708"]),
        (Every.MONTH, ["20240630", "20240701"]),
    ],
)
def test_the_first_capture_of_each_period_is_imported(server, import_wayback, every, taken):
    # The first of July 2024 was a Monday.
    for number, day in enumerate(["20240630", "20240701", "20240702", "20240708"]):
        for hour in ("08", "20"):
            server.keep(f"{day}{hour}0000", URL, f"Perch answers question {number} at {hour}.")

    import_wayback("chirp", "--every", every)

    assert [path[5:13] for path in server.asked_for("/web/")] == taken


def test_only_captures_between_since_and_until_are_imported(server, import_wayback):
    store_captures(server, SILENT, TRAINING, OPT_OUT, SILENT)

    import_wayback("chirp", "--since", "2024-01-02", "--until", "2024-01-04")

    assert [path[5:19] for path in server.asked_for("/web/")] == DAYS[1:3]


def test_history_ends_at_our_own_first_visit(server, watched, import_wayback):
    make_snapshot(watched, "What we read.", dt.datetime(2024, 1, 3, tzinfo=dt.UTC))
    store_captures(server, SILENT, TRAINING, OPT_OUT, SILENT)

    import_wayback()

    assert Change.objects.count() == 1
    assert history().snapshots.count() == 2


def test_the_watched_page_and_its_guides_stay_as_they_are(server, watched, import_wayback):
    watched.baseline = make_snapshot(watched, "What we read.", timezone.now())
    watched.save()
    guide = make_guide(watched.platform)
    with arranged():
        guide.pages.add(watched)
    before = Page.objects.filter(pk=watched.pk).values().get()
    store_captures(server, SILENT, TRAINING)

    import_wayback()

    assert Page.objects.filter(pk=watched.pk).values().get() == before
    guide.refresh_from_db()
    assert guide.source_changed_at is None
    assert not Page.objects.watched().exclude(pk=watched.pk).exists()


def test_a_wall_among_the_captures_is_quarantined_with_its_bytes(server, import_wayback):
    wall = b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"
    store_captures(server, SILENT, wall, SILENT)

    import_wayback()

    quarantined = Snapshot.objects.exclude(quarantined_as="").get()
    assert quarantined.quarantined_as == Outcome.BOT_WALL
    assert body_of(quarantined, open_archive()) == wall
    assert not Change.objects.exists()


def test_a_capture_that_lost_most_of_its_text_is_quarantined(server, import_wayback):
    store_captures(
        server, SILENT + "\n\n".join(f"Rule {n}: be kind to all." for n in range(90)), "Soon."
    )

    import_wayback()

    assert Snapshot.objects.exclude(quarantined_as="").get().quarantined_as == Outcome.COLLAPSED


def test_a_capture_that_is_no_text_is_skipped(server, import_wayback):
    store_captures(server, SILENT, b"\x89PNG\r\n\x1a\n" + bytes(500), TRAINING)

    report = import_wayback()

    assert f"not read  https://web.archive.org/web/{DAYS[1]}/{URL}" in report
    assert Change.objects.count() == 1


def test_a_capture_redirected_to_another_spelling_of_its_url_is_read(server, import_wayback):
    store_captures(server, SILENT, TRAINING)
    server.captures[DAYS[1]].location = f"/web/{DAYS[1]}id_/http://www.chirp.example/help/perch"

    import_wayback()

    after = Change.objects.get().after
    assert after.final_url == "http://www.chirp.example/help/perch"
    assert after.evidence_url.endswith(URL)


def test_a_capture_redirected_to_another_time_is_skipped(server, import_wayback):
    store_captures(server, SILENT, TRAINING)
    server.keep("20250505050505", "https://chirp.example/elsewhere", OPT_OUT)
    server.captures[DAYS[1]].location = "/web/20250505050505id_/https://chirp.example/elsewhere"

    report = import_wayback()

    assert "redirected to the capture of 20250505050505" in report
    assert Snapshot.objects.count() == 1


def test_a_login_in_place_of_the_page_is_a_wall(server, import_wayback):
    store_captures(server, SILENT, TRAINING)
    server.captures[DAYS[1]].location = f"/web/{DAYS[1]}id_/https://chirp.example/login"

    import_wayback()

    assert Snapshot.objects.exclude(quarantined_as="").get().quarantined_as == Outcome.LOGIN_WALL


def test_a_missing_capture_is_skipped_once(server, import_wayback):
    store_captures(server, SILENT, TRAINING, OPT_OUT)
    server.broken[DAYS[1]] = 404

    report = import_wayback()
    import_wayback()

    assert f"not read  https://web.archive.org/web/{DAYS[1]}/{URL}  (HTTP status 404)" in report
    assert len([path for path in server.asked_for("/web/") if DAYS[1] in path]) == 1
    assert Change.objects.count() == 1


def test_a_page_without_captures_is_no_error(import_wayback):
    assert "0  captures read, of 1 pages" in import_wayback()


# Waiting


@pytest.fixture
def slept():
    """The waiting times in seconds, in order."""
    return []


@pytest.fixture
def machine(server, clock, slept):
    """A client of the local archive whose waiting takes no time."""

    def sleep(seconds):
        slept.append(seconds)
        clock.forward(seconds=seconds)

    policy = FetchPolicy(
        allowed_networks=(ipaddress.ip_network("127.0.0.0/8"),),
        allowed_ports=frozenset({server.port}),
        host_pause=10.0,
    )
    return WaybackMachine(server.url, policy, clock=clock, sleep=sleep)


def run_import(watched, machine, **span):
    summary = Summary()
    import_history(watched, Span(**span), machine=machine, archive=open_archive(), summary=summary)
    return summary


def test_the_client_waits_between_two_requests(server, watched, machine, slept):
    store_captures(server, SILENT, TRAINING)

    run_import(watched, machine)

    assert len(server.requests) == 3
    assert slept == [10.0, 10.0]


def test_the_client_waits_as_long_as_the_archive_asks(server, watched, machine, slept):
    store_captures(server, SILENT)
    server.refuse = [(429, {"Retry-After": "77"}), (503, {})]

    summary = run_import(watched, machine)

    assert slept[:2] == [77.0, 60.0]
    assert summary.results[ImportResult.FIRST] == 1


def test_other_workers_wait_as_long_as_the_archive_asks(server, watched, machine, clock, slept):
    server.refuse = [(429, {"Retry-After": "100000"})]

    with pytest.raises(ArchiveBusy):
        run_import(watched, machine)

    assert Host.objects.get(name=server.url).free_at == clock() + dt.timedelta(seconds=100_000)
    assert slept == []
    with pytest.raises(ArchiveBusy, match="asked us to wait"):
        run_import(watched, machine)
    assert len(server.requests) == 1


def test_a_busy_archive_ends_the_run_and_the_next_run_continues(server, watched, machine):
    store_captures(server, SILENT, TRAINING, OPT_OUT)
    run_import(watched, machine, limit=1)
    server.broken = dict.fromkeys(DAYS, 429)

    with pytest.raises(ArchiveBusy):
        run_import(watched, machine)
    server.broken = {}

    assert run_import(watched, machine).results[ImportResult.CHANGED] == 2


def test_a_capture_that_cannot_be_replayed_is_skipped_after_some_attempts(server, watched, machine):
    store_captures(server, SILENT, TRAINING, OPT_OUT)
    server.broken[DAYS[1]] = 500

    summary = run_import(watched, machine)

    assert summary.results[ImportResult.UNREADABLE] == 1
    assert summary.results[ImportResult.CHANGED] == 1
    assert len([path for path in server.asked_for("/web/") if DAYS[1] in path]) == 4


def test_a_blocked_request_is_not_taken_for_an_archive_without_captures(server, watched, machine):
    store_captures(server, SILENT)
    # A challenge of the archive itself instead of an answer.
    server.refuse = [(403, {"X-DataDome": "protected"})]

    with pytest.raises(ArchiveBusy):
        run_import(watched, machine)


@pytest.mark.parametrize("answer", [b"<html>Down for repairs</html>", b'{"rows": 1}', b"[[1]]"])
def test_an_invalid_index_is_an_error(server, import_wayback, answer):
    server.index = answer

    with pytest.raises(CommandError, match="index is not valid"):
        import_wayback()


def test_a_row_without_a_time_is_left_out(server, import_wayback):
    rows = [["timestamp", "original", "mimetype", "statuscode", "digest"]]
    rows += [["2024", URL, "text/html", "200", "A"], ["20241399000000", URL, "", "", ""], ["x"]]
    server.index = json.dumps(rows).encode()

    assert "0  captures read" in import_wayback()


# Which pages are imported


def test_all_pages_of_a_platform_are_imported_except_those_behind_a_login(
    server, watched, import_wayback
):
    make_page(watched.platform, url="https://chirp.example/terms")
    make_page(watched.platform, url="https://chirp.example/settings", access=Access.ACCOUNT)
    import_wayback()

    report = import_wayback()

    # Pages of history have no history of their own.
    assert "of 2 pages" in report


@pytest.mark.parametrize(
    ("target", "message"),
    [("https://chirp.example/unknown", "No page has the URL"), ("croak", "no platform “croak”")],
)
def test_a_page_or_platform_outside_the_catalog_is_an_error(import_wayback, target, message):
    with pytest.raises(CommandError, match=message):
        import_wayback(target)


@pytest.mark.parametrize("option", ["--limit=-1", "--since=yesterday", "--every=hour"])
def test_an_option_that_makes_no_sense_is_refused(server, import_wayback, option):
    with pytest.raises(CommandError, match=option[2:7]):
        import_wayback("chirp", option)

    assert server.requests == []
