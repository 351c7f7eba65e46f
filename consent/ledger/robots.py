"""What a platform's robots.txt lets the crawlers of others do, from our latest snapshot of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platforms.fetching.ai_crawlers import (
    ContentSignal,
    Crawler,
    CrawlerAccess,
    CrawlerPurpose,
    CrawlerRule,
    statements_to_crawlers,
)
from platforms.models import Document, Page, Snapshot
from platforms.vocabulary import PageKind

_PURPOSES = {
    CrawlerPurpose.TRAINING: gettext_lazy("AI training"),
    CrawlerPurpose.SEARCH: gettext_lazy("AI search"),
    CrawlerPurpose.ASSISTANT: gettext_lazy("pages that a person asks an assistant for"),
    CrawlerPurpose.DATA: gettext_lazy("data for the AI of others"),
}
_ACCESS = {
    CrawlerAccess.ALL: gettext_lazy("yes"),
    CrawlerAccess.PART: gettext_lazy("parts of it"),
    CrawlerAccess.NONE: gettext_lazy("no"),
}
_SIGNALS = {
    "ai-train": gettext_lazy("AI training"),
    "train-ai": gettext_lazy("AI training"),
    "train-genai": gettext_lazy("training of generative AI"),
    "ai-input": gettext_lazy("answers that an AI makes from it"),
    "ai": gettext_lazy("use by AI"),
    "search": gettext_lazy("search"),
    "bots": gettext_lazy("any use by programs"),
}
_MOST_UNNAMED = 18  # chosen: the best known ones, which the list of crawlers has first
_MOST_CHARACTERS = 512_000  # as in platforms/fetching/robots.py


@dataclass(frozen=True, slots=True)
class CrawlerLine:
    """One crawler in words."""

    rule: CrawlerRule
    purpose: str
    access: str


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A robots.txt that we watch. read_at: None if we never read one there."""

    page: Page
    read_at: dt.datetime | None = None
    lines: Sequence[CrawlerLine] = ()
    signals: Sequence[str] = ()
    preferences: Sequence[ContentSignal] = ()
    licences: Sequence[str] = ()

    @property
    def named(self) -> Sequence[CrawlerLine]:
        """The crawlers that it names."""
        return [line for line in self.lines if line.rule.named]

    @property
    def unnamed(self) -> Sequence[CrawlerLine]:
        """The crawlers to which only its rules for everybody apply."""
        return [line for line in self.lines if not line.rule.named]

    @property
    def first_unnamed(self) -> Sequence[CrawlerLine]:
        """The best known of the unnamed crawlers."""
        return self.unnamed[:_MOST_UNNAMED]

    @property
    def more_unnamed(self) -> int:
        """The number of unnamed crawlers after the first."""
        return max(0, len(self.unnamed) - _MOST_UNNAMED)


def robots_files(pages: Iterable[Page]) -> list[RobotsFile]:
    """Return what those pages that are robots.txt files say to AI crawlers. At most one query."""
    files = [page for page in pages if page.kind == PageKind.ROBOTS]
    documents = _last_documents(files) if files else {}
    return [
        _robots_file(page, documents.get(page.pk))
        for page in sorted(files, key=lambda page: page.url)
    ]


def _last_documents(pages: Iterable[Page]) -> dict[int, Document]:
    """Return the latest document of the latest snapshot of each page, by the key of the page."""
    snapshots = Snapshot.objects.readable().filter(page=OuterRef("pk")).order_by("-last_seen_at")
    latest = Page.objects.filter(pk__in=[page.pk for page in pages]).order_by()
    documents = Document.objects.filter(
        snapshot__in=latest.annotate(last=Subquery(snapshots.values("pk")[:1])).values("last")
    )
    ordered = documents.select_related("snapshot").order_by("created_at")
    return {document.snapshot.page_id: document for document in ordered}


def _robots_file(page: Page, document: Document | None) -> RobotsFile:
    if document is None or document.snapshot.content_type.lower().startswith("text/html"):
        return RobotsFile(page)  # a page that says "not found" is no robots.txt
    return robots_file(page, document.text, document.snapshot.last_seen_at)


def purpose_words(crawler: Crawler) -> str:
    return str(_PURPOSES[crawler.purpose])


def robots_file(page: Page, text: str, read_at: dt.datetime) -> RobotsFile:
    """Return what the text of a robots.txt says, in words."""
    statements = statements_to_crawlers(text[:_MOST_CHARACTERS])
    return RobotsFile(
        page=page,
        read_at=read_at,
        lines=[
            CrawlerLine(rule, purpose_words(rule.crawler), str(_ACCESS[rule.access]))
            for rule in statements.rules
        ],
        signals=[_in_words(signal) for signal in statements.signals],
        preferences=statements.signals,
        licences=statements.licences,
    )


def _in_words(signal: ContentSignal) -> str:
    """Return a preference in words, with what the file has: "AI training: no (ai-train=no)"."""
    answers = {True: _("yes"), False: _("no"), None: signal.value}
    said = _("%(use)s: %(answer)s") % {
        "use": _SIGNALS.get(signal.key, signal.key),
        "answer": answers[signal.allowed],
    }
    written = f"Content-{signal.kind.title()}: {signal.key}={signal.value}"
    agents = [agent for agent in signal.agents if agent != "*"]
    whom = ", ".join(filter(None, [", ".join(agents[:5]), signal.path]))
    return f"{said} ({written}; {whom})" if whom else f"{said} ({written})"
