"""A curator releases a snapshot from quarantine: it is the page after all."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.urls import reverse

from consent.models import Change
from platforms.archive import open_archive
from platforms.models import Page, Snapshot
from platforms.outcomes import Outcome
from platforms.snapshots.snapshot_record import release
from platforms.vocabulary import Health
from tests.practice.site import HELP, LOGIN_WALL
from tests.practice.watched import chirp, visit, watcher

pytestmark = pytest.mark.django_db


def release_only_one(page, clock):
    """Release the only snapshot in quarantine, a minute after it was recorded."""
    clock.now += dt.timedelta(minutes=1)
    with transaction.atomic():
        locked = Page.objects.select_for_update().get(pk=page.pk)
        release(
            locked,
            Snapshot.objects.exclude(quarantined_as="").get(),
            archive=open_archive(),
            now=clock.now,
        )


def serve_page(site, words):
    page = f"<!doctype html><html lang=en><title>Perch</title><main>{words}</main></html>".encode()
    # This host answers "not modified" for the old ETag, whatever it now shows.
    site.answers[HELP] = lambda headers: (
        (304, {}, b"")
        if headers.get("If-None-Match") == '"old"'
        else (200, {"Content-Type": "text/html; charset=utf-8"}, page)
    )


SEEMS_A_WALL = "<p>Please log in to continue using Perch without training.</p>"
SEEMS_FOREIGN = "<p>Wir nutzen die Beiträge, die Sie mit uns teilen, und das ist nicht neu.</p>" * 9


@pytest.mark.database
def test_the_released_snapshot_becomes_the_baseline_and_a_change(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    before = visit(watch, page, clock).snapshot
    serve_page(site, SEEMS_A_WALL)
    assert visit(watch, page, clock).outcome == Outcome.LOGIN_WALL
    release_only_one(page, clock)
    change = Change.objects.get()
    page.refresh_from_db()
    assert (change.before, change.after) == (before, page.baseline)


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        (SEEMS_A_WALL, ""),
        (SEEMS_FOREIGN, "as it was within the last year: the text is in de, not en"),
    ],
    ids=["a wall", "foreign"],
)
def test_the_same_text_is_then_read_and_ends_the_gap(site, clock, words, detail):
    page, watch = chirp(site), watcher(site, clock)
    serve_page(site, words)
    for _ in range(3):
        visit(watch, page, clock)
    page.refresh_from_db()
    assert page.health == Health.FAILING
    release_only_one(page, clock)
    fetch = visit(watch, page, clock)
    page.refresh_from_db()
    assert (fetch.outcome, fetch.detail, page.health) == (Outcome.READ, detail, Health.OK)
    assert (Snapshot.objects.count(), Change.objects.count()) == (1, 0)


def test_a_page_named_like_a_wall_is_read_when_it_changes_after_its_release(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    named = "<h1>Access denied</h1><p>You see this when Perch is turned off. {}</p>"
    serve_page(site, named.format("Perch learns from nobody."))
    assert visit(watch, page, clock).outcome == Outcome.BOT_WALL
    release_only_one(page, clock)
    visit(watch, page, clock)
    serve_page(site, named.format("Perch learns from you, unless you turn it off."))
    assert visit(watch, page, clock).outcome == Outcome.READ
    assert Change.objects.count() == 1
    serve_page(site, "<h1>Verify you are human</h1>")
    assert visit(watch, page, clock).outcome == Outcome.BOT_WALL


def test_other_words_of_a_wall_are_quarantined_again(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    serve_page(site, SEEMS_A_WALL)
    visit(watch, page, clock)
    release_only_one(page, clock)
    site.answers[HELP] = site.answers[LOGIN_WALL]
    assert visit(watch, page, clock).outcome == Outcome.LOGIN_WALL


@pytest.mark.database
def test_not_modified_is_not_taken_for_the_released_snapshot(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    page.refresh_from_db()
    serve_page(site, SEEMS_A_WALL)
    visit(watch, page, clock)
    Page.objects.update(validators=page.validators | {"etag": '"old"'})
    release_only_one(page, clock)
    assert visit(watch, page, clock).outcome == Outcome.READ


@pytest.mark.database
def test_a_snapshot_from_before_the_last_good_visit_only_joins_the_history(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    visit(watch, page, clock)
    good = site.answers[HELP]
    serve_page(site, SEEMS_A_WALL)
    visit(watch, page, clock)
    site.answers[HELP] = good
    latest = visit(watch, page, clock)
    release_only_one(page, clock)
    page.refresh_from_db()
    assert page.baseline == latest.snapshot
    assert not Change.objects.exists()
    assert page.snapshots.readable().count() == 2


def test_a_snapshot_without_text_stays_in_quarantine(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    serve_page(site, "")
    assert visit(watch, page, clock).outcome == Outcome.EMPTY
    with pytest.raises(ValueError, match="no text"):
        release_only_one(page, clock)


@pytest.mark.parametrize(("rights", "released"), [((), 0), (("change_snapshot",), 1)])
def test_releasing_needs_the_right_to_it(site, clock, client, rights, released):
    page, watch = chirp(site), watcher(site, clock)
    serve_page(site, SEEMS_A_WALL)
    visit(watch, page, clock)
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_snapshot", *rights)))
    client.force_login(user)
    client.post(
        reverse("admin:platforms_snapshot_changelist"),
        {
            "action": "release_from_quarantine",
            "_selected_action": [Snapshot.objects.get().pk],
        },
    )
    assert Snapshot.objects.exclude(released_at=None).count() == released
