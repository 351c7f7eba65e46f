"""A page that lives through many visits, without a server: the test sets what the site serves."""

import datetime as dt

from platforms.fetching.page import FetchedPage
from platforms.models import Fetch, Host, Page, Platform
from platforms.outcomes import Outcome
from platforms.vocabulary import Category, PageKind
from platforms.watch.cycle import Watcher
from tests.arranging import arranged
from tests.practice.watched import START, Clock, suggest_pending

SITE = "https://birdsong.example"
_TOPICS = (
    *("account details", "messages", "search terms", "device numbers", "payment records"),
    *("contacts", "locations", "photographs", "voice recordings", "purchases", "ratings"),
    *("cookies", "support requests", "calendar entries", "browsing habits", "survey answers"),
)
_PURPOSES = (
    *("deliver the service", "keep it safe", "answer you", "repair faults", "show prices"),
    *("send receipts", "prevent fraud", "obey the law", "plan our capacity"),
)


def sentences(count: int, *, start: int = 0) -> list[str]:
    """Sentences of a policy, all different."""
    return [
        f"Clause {number}: we keep your {_TOPICS[number % len(_TOPICS)]} for {number + 20} days "
        f"to {_PURPOSES[number % len(_PURPOSES)]}, and delete them afterwards."
        for number in range(start, start + count)
    ]


def policy(
    count: int = 60,
    *,
    start: int = 0,
    inside: str = '<div id="policy">{}</div>',
    also: str = "",
    around: str = "",
    language: str = "en",
) -> str:
    """A page with so many sentences. inside: the element around them. also: more HTML in it."""
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences(count, start=start))
    return (
        f'<!doctype html><html lang="{language}"><title>Privacy policy</title><body>'
        '<header><nav><a href="/">Home</a> <a href="/help">Help</a></nav></header>'
        f"<main>{around}{inside.format('<h1>Privacy policy</h1>' + text + also)}</main>"
        "<footer><a href='/imprint'>Imprint</a></footer></body></html>"
    )


class PageLife:
    """A page, its watcher and clock. body, status, reached: what the site serves now."""

    def __init__(self, *, select: tuple[str, ...] = (), body: str = "", **fields: object) -> None:
        self.clock = Clock()
        self.body = body or policy()
        self.reached = SITE + "/privacy"
        self.content_type = "text/html; charset=utf-8"
        with arranged():
            platform, _ = Platform.objects.get_or_create(
                slug="birdsong",
                defaults={
                    "name": "Birdsong",
                    "operator": "Birdsong Ltd",
                    "category": Category.SOCIAL,
                    "homepage": SITE,
                },
            )
            self.page = Page.objects.create(
                platform=platform,
                url=SITE + "/privacy",
                kind=PageKind.PRIVACY_POLICY,
                title="Privacy policy",
                select=list(select),
                next_visit_at=START,
                **fields,
            )
        Host.objects.get_or_create(name=SITE, defaults={"free_at": START, "robots_status": 404})
        self.watch = Watcher.from_settings(
            clock=self.clock,
            sleep=lambda seconds: self.clock.forward(seconds=seconds),
            jitter=lambda: 0.5,
            visit=self._answer,
        )

    def _answer(self, url: str, **_: object) -> FetchedPage:
        body = self.body if url == self.page.url else policy(5, start=900)
        headers = {"content-type": self.content_type}
        reached = self.reached if url == self.page.url else url
        return FetchedPage(url, reached, 200, headers, body.encode())

    def visit(self, body: str | None = None, *, times: int = 1) -> Fetch:
        """Serve this body from now on, and visit the page when it is due."""
        if body is not None:
            self.body = body
        for _ in range(times):
            self.page.refresh_from_db()
            self.clock.now = max(self.clock.now, self.page.next_visit_at)
            Host.objects.update(robots_asked_at=self.clock.now)  # robots.txt is known: none
            fetch = self.watch.check_due(self.page.pk, self.page.next_visit_at)
        assert fetch is not None
        suggest_pending()
        self.page.refresh_from_db()
        return fetch

    def live(self, days: float, body: str | None = None) -> list[Outcome]:
        """Serve this body for so many days; return the outcomes of the visits in them."""
        until = self.clock.now + dt.timedelta(days=days)
        outcomes = []
        self.body = self.body if body is None else body
        self.page.refresh_from_db()
        while self.page.next_visit_at < until:
            outcomes.append(Outcome(self.visit().outcome))
        self.clock.now = until
        return outcomes
