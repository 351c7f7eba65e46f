"""Visits to one page, against the practice site."""

import datetime as dt

import pytest
from django.db import transaction

from consent.models import Change, Guide
from platforms.models import Fetch, Host, Page, Snapshot
from platforms.outcomes import Outcome
from platforms.snapshots.documents import read_bytes
from platforms.snapshots.snapshot_record import FLAP_MEMORY, Received, record
from platforms.vocabulary import Health
from tests.practice.site import ERROR, HELP, LOGIN_WALL, SLOW
from tests.practice.watched import (
    START,
    chirp,
    visit,
    watcher,
    with_form_at,
    with_form_inside,
)

# On PostgreSQL: what is marked. The rest is about fetching and comparing.
pytestmark = pytest.mark.django_db


def test_the_first_visit_keeps_a_snapshot_and_raises_no_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    fetch = visit(watch, page, clock)
    page.refresh_from_db()
    assert fetch.outcome == Outcome.READ
    assert page.baseline == fetch.snapshot
    assert page.health == Health.OK
    assert page.baseline.documents.get().text.startswith("# About Perch")
    assert watch.archive.get(page.baseline.sha256).startswith(b"<!doctype html>")
    assert not Change.objects.exists()


def test_an_unchanged_page_only_moves_last_seen(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    first = visit(watch, page, clock)
    again = visit(watch, page, clock)
    assert again.outcome == Outcome.NOT_MODIFIED
    assert again.snapshot == first.snapshot
    assert again.snapshot.last_seen_at == clock.now
    assert Snapshot.objects.count() == 1


def test_fresh_nonces_and_vote_counts_are_no_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    Page.objects.update(validators={})
    assert visit(watch, page, clock).outcome == Outcome.READ
    assert Snapshot.objects.count() == 1


@pytest.mark.database
def test_a_new_wording_makes_a_snapshot_and_one_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    unchanged_at = clock.now
    site.version = 2
    fetch = visit(watch, page, clock)
    change = Change.objects.get()
    assert change.after == fetch.snapshot
    assert (change.observed_from, change.observed_to) == (unchanged_at, clock.now)
    assert change.suggestion.relevant


def test_a_changed_page_is_visited_again_soon_and_confirmed_at_the_visit_after(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    site.version = 2
    visit(watch, page, clock)
    detected_at = clock.now
    visit(watch, page, clock)
    change = Change.objects.get()
    assert change.seen_again_at == clock.now
    assert clock.now - detected_at < dt.timedelta(hours=1)
    assert change.confirmed_at is None
    visit(watch, page, clock)
    change.refresh_from_db()
    assert change.confirmed_at == clock.now


@pytest.mark.database
def test_a_page_that_flips_raises_one_change_and_is_called_flapping(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for version in (1, 2, 1, 2, 1, 2):
        site.version = version
        visit(watch, page, clock)
    page.refresh_from_db()
    assert Change.objects.count() == 1
    assert Snapshot.objects.count() == 2
    assert page.flapping_since is not None


def test_a_page_that_flips_stores_no_bytes_that_nothing_names(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for version in (1, 2, 1, 2):
        site.version = version
        visit(watch, page, clock)
    named = set(Snapshot.objects.values_list("sha256", flat=True))
    assert set(watch.archive.digests()) == named


def test_what_became_news_before_it_was_recorded_has_its_bytes(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit_versions(site, clock, page, 1)
    body = b"<title>Perch</title><main><p>Your posts train Perch, even if you object.</p></main>"
    extracted = read_bytes(page, body, url=page.url, content_type="text/html")
    capture = Received(body=body, extracted=extracted, seen_at=clock.now, final_url=page.url)
    # It was no news when the bytes could be stored outside the transaction.
    with transaction.atomic():
        snapshot = record(page, capture, sha256="", archive=watch.archive)
    assert watch.archive.get(snapshot.sha256) == body


def visit_versions(site, clock, page, *versions):
    for site.version in versions:
        visit(watcher(site, clock), page, clock)
    page.refresh_from_db()


def test_a_page_without_a_return_for_a_month_is_no_longer_flapping(site, clock):
    page = chirp(site)
    visit_versions(site, clock, page, 1, 2, 1, 2)
    assert page.flapping_since is not None
    clock.now += FLAP_MEMORY + dt.timedelta(days=1)
    visit_versions(site, clock, page, 2)
    assert (page.flapping_since, page.reappearances) == (None, 0)


def test_two_returns_far_apart_do_not_make_a_page_flap(site, clock):
    page = chirp(site)
    visit_versions(site, clock, page, 1, 2, 1)
    clock.now += FLAP_MEMORY + dt.timedelta(days=1)
    visit_versions(site, clock, page, 1, 3, 1)
    assert (page.flapping_since, page.reappearances) == (None, 1)


def test_a_change_that_is_taken_back_is_marked_as_reverted(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for version in (1, 2, 1):
        site.version = version
        visit(watch, page, clock)
    assert Change.objects.get().reverted_at == clock.now


def test_a_return_to_an_old_state_is_a_new_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for version in (1, 2):
        site.version = version
        visit(watch, page, clock)
    clock.now += FLAP_MEMORY + dt.timedelta(days=1)
    site.version = 1
    visit(watch, page, clock)
    assert Change.objects.count() == 2


@pytest.mark.database
def test_the_same_visit_handled_twice_is_recorded_once(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    due_at = page.next_visit_at
    assert watch.check_due(page.pk, due_at) is not None
    assert watch.check_due(page.pk, due_at) is None
    assert Fetch.objects.count() == 1
    assert site.requests.count("/en/using-chirp/about-perch") == 1


@pytest.mark.database
def test_a_page_claimed_by_one_worker_is_not_visited_by_another(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    Page.objects.update(claimed_until=clock.now + dt.timedelta(minutes=1))
    assert watch.check_due(page.pk, page.next_visit_at) is None
    assert site.requests == []


@pytest.mark.database
def test_the_page_of_a_dead_worker_is_visited_after_its_lease(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    Page.objects.update(claimed_until=clock.now - dt.timedelta(seconds=1))
    assert watch.check_due(page.pk, page.next_visit_at).outcome == Outcome.READ


@pytest.mark.database
def test_a_busy_host_postpones_the_page_without_a_visit(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    free_at = clock.now + dt.timedelta(seconds=30)
    Host.objects.create(name=site.url, free_at=free_at, turn_at=clock.now)
    assert watch.check_due(page.pk, page.next_visit_at) is None
    page.refresh_from_db()
    assert page.next_visit_at >= free_at
    assert page.claimed_until is None
    assert not Fetch.objects.exists()


def test_a_page_that_robots_txt_denies_is_recorded_and_not_read(site, clock):
    site.robots = b"User-agent: *\nDisallow: /en/\n"
    page, watch = chirp(site), watcher(site, clock)
    assert visit(watch, page, clock).outcome == Outcome.ROBOTS_DENIED
    assert site.requests == ["/robots.txt"]


def test_a_stated_reason_lets_a_page_be_read_that_robots_txt_denies(site, clock):
    site.robots = b"User-agent: *\nDisallow: /en/\n"
    page, watch = chirp(site), watcher(site, clock)
    Page.objects.update(robots_override_reason="The operator allowed it by letter.")
    assert visit(watch, page, clock).outcome == Outcome.READ


def test_an_unreachable_robots_txt_is_recorded_as_unreachable(site, clock):
    site.answers["/robots.txt"] = lambda _: (503, {}, b"")
    page, watch = chirp(site), watcher(site, clock)
    fetch = visit(watch, page, clock)
    assert fetch.outcome == Outcome.HTTP_ERROR
    assert fetch.detail.startswith("robots.txt: ")
    assert site.requests == ["/robots.txt"]


def redirect_to(site, target):
    site.answers[HELP] = lambda _: (302, {"Location": target}, b"")


def test_robots_txt_also_applies_to_the_target_of_a_redirect(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    redirect_to(site, "/private/perch")
    fetch = visit(watch, page, clock)
    assert fetch.outcome == Outcome.ROBOTS_DENIED
    assert "sent on to" in fetch.detail
    assert "/private/perch" not in site.requests


def test_a_redirect_to_another_host_is_followed_only_after_its_robots_txt_is_read(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    redirect_to(site, f"http://localhost:{site.port}/private/perch")
    assert visit(watch, page, clock).outcome == Outcome.ROBOTS_DENIED
    assert site.requests == ["/robots.txt", HELP, "/robots.txt"]
    assert Host.objects.count() == 2


def test_a_redirect_to_a_denied_login_page_is_a_login_wall(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    site.robots = b"User-agent: *\nDisallow: /login\n"
    redirect_to(site, "/login?next=/perch")
    assert visit(watch, page, clock).outcome == Outcome.LOGIN_WALL


def test_a_redirect_to_an_invalid_address_is_refused_without_a_request(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    redirect_to(site, "http://user:secret@localhost/")
    assert visit(watch, page, clock).outcome == Outcome.PRIVATE_ADDRESS
    assert Host.objects.count() == 1


def test_robots_txt_is_fetched_once_a_day(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for _ in range(3):
        visit(watch, page, clock)
    request_count = site.requests.count("/robots.txt")
    assert request_count <= (clock.now - START).days + 1


@pytest.mark.parametrize(
    ("path", "outcome"),
    [(ERROR, Outcome.HTTP_ERROR), (SLOW, Outcome.TIMEOUT), (LOGIN_WALL, Outcome.LOGIN_WALL)],
)
def test_a_page_that_cannot_be_read_is_a_gap_and_never_a_change(site, clock, path, outcome):
    page, watch = chirp(site, path=path), watcher(site, clock)
    assert visit(watch, page, clock).outcome == outcome
    page.refresh_from_db()
    assert page.baseline is None
    assert page.last_looked_at is None


def test_a_wall_met_later_is_quarantined_and_the_baseline_stays(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    first = visit(watch, page, clock)
    site.answers["/en/using-chirp/about-perch"] = site.answers[LOGIN_WALL]
    for _ in range(2):
        assert visit(watch, page, clock).outcome == Outcome.LOGIN_WALL
    page.refresh_from_db()
    assert page.baseline == first.snapshot
    quarantined = Snapshot.objects.get(quarantined_as=Outcome.LOGIN_WALL)
    assert quarantined.last_seen_at == clock.now
    assert not Change.objects.exists()


def test_health_fails_after_three_gaps_and_recovers_with_one_read(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    help_page = site.answers["/en/using-chirp/about-perch"]
    site.answers["/en/using-chirp/about-perch"] = site.answers[ERROR]
    healths = []
    for _ in range(3):
        visit(watch, page, clock)
        page.refresh_from_db()
        healths.append(page.health)
    assert healths == [Health.UNREAD, Health.UNREAD, Health.FAILING]
    site.answers["/en/using-chirp/about-perch"] = help_page
    visit(watch, page, clock)
    page.refresh_from_db()
    assert (page.health, page.gaps_in_a_row) == (Health.OK, 0)


def test_a_new_selector_reads_the_stored_bytes_again_and_raises_no_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    Page.objects.update(remove=[".votes", "h2"], validators={})
    visit(watch, page, clock)
    documents = Snapshot.objects.get().documents.order_by("created_at")
    assert [document.re_extraction for document in documents] == [False, True]
    assert documents[0].text != documents[1].text
    assert not Change.objects.exists()


def test_a_new_selector_requests_the_whole_page_once_more(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    Page.objects.update(select=["main", ".appendix"])
    assert visit(watch, page, clock).outcome == Outcome.READ
    assert visit(watch, page, clock).outcome == Outcome.NOT_MODIFIED
    Page.objects.update(select=[".appendix"])
    fetch = visit(watch, page, clock)
    assert (fetch.outcome, fetch.detail) == (
        Outcome.READ,
        "the whole page was read: nothing matches .appendix",
    )
    assert not Change.objects.exists()


def test_a_new_selector_that_keeps_little_of_a_long_text_is_no_collapse(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    words = "<p>We keep what you post for as long as you keep your account with us.</p>" * 40
    site.answers[HELP] = lambda _: (
        200,
        {"Content-Type": "text/html; charset=utf-8"},
        f"<html lang=en><main>{words}<p class=ai>We train on your posts.</p></main>".encode(),
    )
    visit(watch, page, clock)
    Page.objects.update(select=[".ai"])
    assert visit(watch, page, clock).outcome == Outcome.READ
    assert not Change.objects.exists()


def test_a_result_read_by_rules_edited_meanwhile_is_dropped(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    site.version = 2

    def visit_while_edited(url, **options):
        Page.objects.update(remove=[".votes", "h2"])
        return watch.visit(url, **options)

    assert visit(watcher(site, clock, visit=visit_while_edited), page, clock) is None
    assert (Fetch.objects.count(), Change.objects.count()) == (1, 0)
    again = visit(watch, page, clock)
    assert again.outcome == Outcome.READ
    assert "## " not in Change.objects.get().after_document.text


def busy(_):
    return 503, {"Retry-After": "1800"}, b"busy"


@pytest.mark.database
def test_retry_after_postpones_all_pages_of_the_host(site, clock):
    page, other = chirp(site), chirp(site, path=LOGIN_WALL)
    watch = watcher(site, clock)
    site.answers[HELP] = busy
    visit(watch, page, clock)
    requests_before = len(site.requests)
    assert watch.check_due(other.pk, other.next_visit_at) is None
    assert watch.check_now(other) is None
    assert len(site.requests) == requests_before
    other.refresh_from_db()
    assert other.claimed_until is None
    assert other.next_visit_at >= clock.now + dt.timedelta(minutes=30)


def in_two_parts(choices):
    """A page with its policy and its choices in two elements."""
    body = f"""<!doctype html><html lang="en"><title>Perch</title><main><h1>About Perch</h1>
    <p>Chirp trains Perch on the posts that you share with us, unless you say no to it.</p></main>
    <div class="{choices}"><p>You can say no to it in your settings.</p></div></html>"""
    return lambda _: (200, {"Content-Type": "text/html; charset=utf-8"}, body.encode())


def test_a_selector_that_no_longer_matches_is_no_gap_and_no_lost_opt_out(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    Page.objects.update(select=["main", ".choices"])
    site.answers[HELP] = in_two_parts("choices")
    visit(watch, page, clock)
    site.answers[HELP] = in_two_parts("options")
    fetch = visit(watch, page, clock)
    assert (fetch.outcome, fetch.snapshot.quarantined_as) == (Outcome.READ, "")
    assert ".choices" in fetch.detail
    assert not Change.objects.exists()
    Page.objects.update(select=["main", ".options"])
    assert visit(watch, page, clock).outcome == Outcome.READ


def test_alternative_selectors_need_not_all_match(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    Page.objects.update(select=["main", "#legal-doc"])
    site.answers[HELP] = in_two_parts("choices")
    outcomes = [visit(watch, page, clock).outcome for _ in range(2)]
    assert outcomes == [Outcome.READ, Outcome.READ]


def let_form_be_at(site, address):
    site.answers[HELP] = lambda _: with_form_at(address)


def test_a_new_address_of_an_opt_out_form_is_a_change_without_other_words(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for address in ("/forms/object-1", "/forms/object-2"):
        let_form_be_at(site, address)
        visit(watch, page, clock)
    change = Change.objects.get()
    assert (change.suggestion.relevant, change.suggestion.effects) == (True, ["opt-out-changed"])
    assert change.suggestion.title == "Chirp moves “Object to training” to a new address"
    assert change.suggestion.passages[0]["after"].endswith("/forms/object-2")
    assert Guide.objects.get().source_change == change


def test_a_new_address_of_a_form_in_the_page_is_a_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for address in ("/forms/object-1", "/forms/object-1?utm_source=help", "/forms/object-2"):
        site.answers[HELP] = lambda _, address=address: with_form_inside(address)
        visit(watch, page, clock)
    change = Change.objects.get()
    assert change.suggestion.effects == ["opt-out-changed"]
    assert change.suggestion.title == "Chirp moves “Object to training: Send” to a new address"


def test_forms_in_the_page_with_a_number_per_visitor_stop_being_news(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for number in range(12):
        site.answers[HELP] = lambda _, number=number: with_form_inside(f"/forms/object-{number}")
        visit(watch, page, clock)
    assert Change.objects.count() == 2


def test_a_form_in_the_page_with_a_token_of_the_visit_is_no_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for token in ("8d5e6ab0c1f24e7b", "0b9c7d6e5f4a3b2c"):
        site.answers[HELP] = lambda _, token=token: with_form_inside(
            f"/object/{token}?csrf={token}"
        )
        visit(watch, page, clock)
    assert not Change.objects.exists()


def test_a_form_that_moves_back_within_a_month_is_no_second_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for address in ("/forms/object-1", "/forms/object-2", "/forms/object-1"):
        let_form_be_at(site, address)
        visit(watch, page, clock)
    assert Change.objects.get().reverted_at == clock.now


def test_linked_forms_with_a_number_per_visitor_stop_being_news(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for number in range(12):
        let_form_be_at(site, f"/forms/object-{number}")
        visit(watch, page, clock)
    clock.now += 2 * FLAP_MEMORY
    for number in range(12, 24):
        let_form_be_at(site, f"/forms/object-{number}")
        visit(watch, page, clock)
    assert Change.objects.count() == 2
    assert Snapshot.objects.count() == 3


def test_a_return_to_known_words_is_recognised_with_numbered_forms(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for number in range(4):
        let_form_be_at(site, f"/forms/object-{number}")
        visit(watch, page, clock)
    changes_before = Change.objects.count()
    status, headers, body = site.answers[HELP](None)
    site.answers[HELP] = lambda _: (status, headers, body.replace(b"unless", b"even if"))
    visit(watch, page, clock)
    assert Change.objects.count() == changes_before + 1
    let_form_be_at(site, "/forms/object-9")
    visit(watch, page, clock)
    assert Change.objects.count() == changes_before + 1
    page.refresh_from_db()
    assert page.reappearances == 1


def test_a_form_that_moves_once_a_year_is_news_each_time(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    for number in range(5):
        let_form_be_at(site, f"/forms/object-{number}")
        visit(watch, page, clock)
        clock.now += dt.timedelta(days=365)
    assert Change.objects.count() == 4


@pytest.mark.parametrize("tracker", ["?utm_source=help", "?ref=1", "#top"])
def test_a_tracker_on_a_form_is_no_change(site, clock, tracker):
    page, watch = chirp(site), watcher(site, clock)
    for address in ("/forms/object-1", f"/forms/object-1{tracker}"):
        let_form_be_at(site, address)
        visit(watch, page, clock)
    assert not Change.objects.exists()
