"""The practice platform in the database, and a watcher whose clock the test moves."""

import datetime as dt
import ipaddress
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

from django.db import transaction

from consent.detection.changes import suggest_once
from consent.models import Change, Guide
from consent.vocabulary import PublicationStatus, StateValue
from platforms.archive import open_archive
from platforms.extraction import extract
from platforms.fetching.policy import FetchPolicy
from platforms.models import Fetch, Page, Platform
from platforms.snapshots.snapshot_record import Received, record, store
from platforms.vocabulary import Category, Health, PageKind
from platforms.watch.cycle import Watcher
from tests.arranging import arranged
from tests.factories import make_control, make_fetch, make_state, make_use
from tests.practice.site import HELP, HTML, Answer, PracticeSite, help_page

#: A port of this machine at which nobody answers.
NOWHERE = "http://127.0.0.1:9"
START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that only a test moves."""

    def __init__(self, now: dt.datetime = START) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


def watcher(site: PracticeSite, clock: Clock, **overrides: Any) -> Watcher:
    policy = FetchPolicy(
        user_agent="DefaultOn/test (+http://127.0.0.1/about)",
        allowed_networks=(ipaddress.ip_network("127.0.0.0/8"),),
        allowed_ports=frozenset({site.port}),
        host_pause=0.0,
        browser_as_root=True,
        connect_timeout=2.0,
        # Long for a busy machine, and shorter than the slow page of the site takes.
        read_timeout=3.0,
        total_timeout=4.0,
    )
    values: dict[str, Any] = {
        "policy": policy,
        "archive": open_archive(),
        "lease": dt.timedelta(minutes=3),
        "clock": clock,
        "jitter": lambda: 0.5,
    }
    return Watcher(**(values | overrides))


def visit(watch: Watcher, page: Page, clock: Clock) -> Fetch | None:
    """Let the page become due, visit it, and run the task queued for a change."""
    page.refresh_from_db()
    clock.now = max(clock.now, page.next_visit_at)
    fetch = watch.check_due(page.pk, page.next_visit_at)
    suggest_pending()
    return fetch


def suggest_pending() -> None:
    """Make the missing suggestions, as a worker does."""
    for change in Change.objects.without_suggestion():
        suggest_once(change.pk)


@arranged()
def chirp(site: PracticeSite | None = None, *, path: str = HELP) -> Page:
    """Write the platform Chirp with one page, one use and one guide, and return the page.

    site: where the page is; without one it is where nobody answers.
    """
    address = site.url if site else NOWHERE
    platform, _ = Platform.objects.get_or_create(
        slug="chirp",
        defaults={
            "name": "Chirp",
            "operator": "Chirp Networks",
            "category": Category.SOCIAL,
            "homepage": address,
        },
    )
    page = Page.objects.create(
        platform=platform,
        url=address + path,
        kind=PageKind.HELP,
        title="About Perch",
        select=["main"],
        remove=[".votes"],
        next_visit_at=START,
    )
    if path == HELP:
        _use_and_guide(page)
    return page


def _use_and_guide(page: Page) -> None:
    use = make_use(
        page.platform,
        slug="perch-training",
        title="Your public posts and Perch chats train Perch",
        title_if_not="Your public posts and Perch chats do not train Perch",
        covers="Public posts and conversations with Perch",
        data_kinds=["public-posts", "chats"],
    )
    use.pages.add(page)
    make_state(use, StateValue.NOT_OFFERED)
    control = make_control(
        use, slug="perch-training-switch", label="Allow your posts to be used to train Perch"
    )
    control.pages.add(page)
    guide = Guide.objects.create(
        platform=page.platform,
        slug="chirp-perch-training",
        title="Stop Chirp from training Perch on your posts",
        caveats=["Does not undo training that has taken place."],
        status=PublicationStatus.PUBLISHED,
    )
    guide.controls.add(control)
    guide.pages.add(page)


def form_moved(old: str = "/forms/object-1", new: str = "/forms/object-2") -> Change:
    """Move an opt-out form to another address; return the pending change."""
    clock = Clock()
    with PracticeSite() as site:
        page, watch = chirp(site), watcher(site, clock)
        for address in (old, new):
            site.answers[HELP] = partial(_form_page, address)
            visit(watch, page, clock)
    return Change.objects.get()


def _form_page(address: str, headers: Mapping[str, str]) -> Answer:
    return with_form_at(address)


def with_form_at(address: str) -> Answer:
    """A help page with a fixed text and a link to an opt-out form at this address."""
    body = f"""<!doctype html><html lang="en"><title>Perch</title><main><h1>About Perch</h1>
    <p>Chirp trains Perch on the posts that you share with us, unless you say no to it.</p>
    <p><a href="{escape(address)}">Object to training</a> · <a href="/press">Press</a></p>
    </main></html>"""
    return 200, {"Content-Type": "text/html; charset=utf-8"}, body.encode()


def with_form_inside(action: str) -> Answer:
    """A help page with a fixed text and an opt-out form that is posted to this address."""
    body = f"""<!doctype html><html lang="en"><title>Perch</title><main><h1>About Perch</h1>
    <p>Chirp trains Perch on the posts that you share with us, unless you say no to it.</p>
    <h2>Object to training</h2><form method="post" action="{escape(action)}">
    <label>Your name <input name="name"></label><button>Send</button></form></main></html>"""
    return 200, {"Content-Type": "text/html; charset=utf-8"}, body.encode()


def turned_on() -> Change:
    """Let the practice page introduce training, on by default; return the waiting change.

    All is recorded as by two visits, of which the second came when it was due.
    """
    page, archive = chirp(), open_archive()
    for version, at in ((1, START), (2, START + dt.timedelta(hours=24))):
        body = help_page(version)
        capture = Received(
            body=body,
            extracted=extract(
                body, url=page.url, content_type=HTML, select=page.select, remove=page.remove
            ),
            seen_at=at,
            final_url=page.url,
            content_type=HTML,
            http_status=200,
            headers={"content-type": HTML},
        )
        sha256 = store(page, capture, archive)
        with transaction.atomic():
            snapshot = record(page, capture, sha256=sha256, archive=archive)
        make_fetch(page, at=at, snapshot=snapshot, http_status=200, size=len(body))
    with arranged():
        Page.objects.update(
            health=Health.OK, health_since=START, next_visit_at=at + dt.timedelta(minutes=10)
        )
    suggest_pending()
    return Change.objects.get()
