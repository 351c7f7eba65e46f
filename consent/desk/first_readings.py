"""What the first visits to the watched pages brought, so that somebody can check all in one screen.

A new installation, and each new page, is read by selectors that nobody has tried on the page of
today. Whatever may be wrong with a reading is said as a doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.admin import AdminSite
from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from consent.classification import CLASSIFIER_VERSION, read_statements
from consent.desk.acting import try_act
from consent.models import Use
from consent.vocabulary import TRAINING_PURPOSES
from consent.web.kept_values import kept_or_made
from platforms.desk import page_actions
from platforms.desk.curators import curator_of, require
from platforms.models import Document, Fetch, Page, PageRuling, Platform
from platforms.outcomes import Outcome
from platforms.vocabulary import PageAct

#: A text with fewer words may be a fragment. Chosen: shorter help answers are rare.
FEW_WORDS = 120
_WEEK = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class FirstReading:
    """A page with what is kept of it. words: of its text, None if it was never read.

    why_not: why it was not read. doubts: what may be wrong with the reading. is_right: somebody
    compared it with the page.
    """

    page: Page
    words: int | None = None
    title: str = ""
    why_not: str = ""
    doubts: tuple[str, ...] = ()
    is_right: bool = False

    @property
    def is_read(self) -> bool:
        return self.words is not None

    @property
    def is_tried(self) -> bool:
        return self.is_read or bool(self.why_not)

    @property
    def is_to_check(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.is_tried and not self.is_right and (not self.is_read or bool(self.doubts))


@dataclass(frozen=True, slots=True)
class FirstReadings:
    """All watched pages by what the first visits brought."""

    to_check: Sequence[FirstReading]
    sound: Sequence[FirstReading]
    untried: Sequence[FirstReading]

    @property
    def unread(self) -> int:
        return sum(not each.is_read for each in self.to_check)


def first_readings(platform: Platform | None = None) -> FirstReadings:
    """Return the readings of all watched pages, by platform, or of those of one platform."""
    every = [_reading_of(page) for page in _pages(platform)]
    return FirstReadings(
        to_check=[each for each in every if each.is_to_check],
        sound=[each for each in every if each.is_tried and not each.is_to_check],
        untried=[each for each in every if not each.is_tried],
    )


def _pages(platform: Platform | None) -> Iterable[Page]:
    """The watched pages with their last visit, their text, and what rests on them."""
    texts = Document.objects.filter(snapshot=OuterRef("baseline")).order_by("-created_at", "-pk")
    last = Fetch.objects.filter(page=OuterRef("pk")).order_by("-started_at")
    checked = PageRuling.objects.filter(page=OuterRef("pk"), act=PageAct.CHECK)
    resting = Use.objects.published().filter(purpose__in=TRAINING_PURPOSES)
    pages = (
        Page.objects.watched()
        .select_related("platform", "baseline")
        .annotate(
            document=Subquery(texts.values("pk")[:1]),
            outcome=Subquery(last.values("outcome")[:1]),
            detail=Subquery(last.values("detail")[:1]),
            is_right=Exists(checked),
        )
        .prefetch_related(Prefetch("uses", resting, to_attr="training_uses"))
        .order_by("platform__name", "title", "pk")
    )
    if platform is not None:
        pages = pages.filter(platform=platform)
    documents = Document.objects.in_bulk({page.document for page in pages if page.document})
    for page in pages:
        page.text = documents.get(page.document)  # type: ignore[attr-defined] # for _reading_of
    return pages


def _reading_of(page: Page) -> FirstReading:
    document: Document | None = page.text  # type: ignore[attr-defined] # put there by _pages
    if document is None:
        return FirstReading(page, why_not=_why_not(page))
    words = len(document.text.split())
    return FirstReading(
        page,
        words=words,
        title=document.title,
        doubts=tuple(_doubts(page, document, words)),
        is_right=page.is_right,  # type: ignore[attr-defined] # annotated
    )


def _why_not(page: Page) -> str:
    outcome, detail = page.outcome, page.detail  # type: ignore[attr-defined] # annotated
    if not outcome:
        return ""
    label = str(Outcome(outcome).label)
    return f"{label}: {detail}" if detail else label


def _doubts(page: Page, document: Document, words: int) -> Iterable[str]:
    if document.missed_selectors:
        yield f"nothing matches {', '.join(map(str, document.missed_selectors))}"
    if words < FEW_WORDS:
        yield f"only {words} words"
    if _primary(document.language) not in ("", _primary(page.language)):
        yield f"in {document.language}, expected {page.language}"
    reached = page.baseline.final_url if page.baseline else page.url
    if reached and _place(reached) != _place(page.url):
        yield f"sent on to {reached}"
    if page.training_uses and not _says_something(document):  # type: ignore[attr-defined] # prefetched
        names = ", ".join(f"“{use.title}”" for use in page.training_uses)  # type: ignore[attr-defined] # the same
        yield f"says nothing about training, though this rests on it: {names}"


def _says_something(document: Document) -> bool:
    """Return whether the text states anything about training. Remembered for a week by digest."""
    key = f"states-training:{CLASSIFIER_VERSION}:{document.digest}"
    return kept_or_made(key, lambda: bool(read_statements(document.text)), seconds=_WEEK)


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


def _place(url: str) -> tuple[str, str]:
    """Host and path, without what sites add by themselves: "www." and a slash at the end."""
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/").lower()


@require_safe
def readings(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show what the first visits brought: what to check first, then the rest."""
    require(request, "platforms.view_page")
    slug = request.GET.get("platform")
    platform = get_object_or_404(Platform, slug=slug) if slug else None
    context = {
        **site.each_context(request),
        "title": f"First readings: {platform}" if platform else "First readings",
        "found": first_readings(platform),
        "may_check": request.user.has_perm("platforms.change_page"),
    }
    return render(request, "admin/consent/desk/first_readings.html", context)


@require_POST
def find_right(request: HttpRequest, site: AdminSite, page_id: int) -> HttpResponseBase:
    """Log that the reading of a page is right."""
    require(request, "platforms.change_page")
    page = get_object_or_404(Page, pk=page_id)
    curator = curator_of(request)
    try_act(request, lambda: page_actions.find_right(page, curator=curator), f"Found right: {page}")
    return redirect("admin:consent_change_readings")
