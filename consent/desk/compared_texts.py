"""The comparison on a change's page: the text now and the text that was last reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.utils.formats import date_format

from consent.diffing import MovedLink, moved_links
from consent.diffing.comparison_html import Html
from consent.models import Change
from consent.models.changes import UNDECIDED
from consent.public.timeline.page_diffs import VIEWS, draw
from platforms.models import Document


@dataclass(frozen=True, slots=True)
class Comparison:
    """A rendered comparison. against: "reviewed" or "before". view: one of VIEWS.

    part, part_count: html is this part of a long text, from 1.
    skipped: waiting changes between both texts.
    """

    html: Html
    part: int
    part_count: int
    #: How many passages all parts have together.
    passages: int
    view: str
    against: str
    skipped: tuple[Change, ...]
    #: The length of the present text in percent of the other one.
    percent_left: int
    moved_links: tuple[MovedLink, ...] = ()

    @property
    def views(self) -> list[tuple[str, str]]:
        return [(name, str(label)) for name, label in VIEWS.items()]

    @property
    def next_view(self) -> str:
        names = list(VIEWS)
        return names[(names.index(self.view) + 1) % len(names)]


def compare(change: Change, *, view: str = "", against: str = "", part: str = "") -> Comparison:
    """Compare a change's text with the one before it, or (against="reviewed") the last reviewed.

    Earlier changes that wait too are items of their own, and their words would be read twice.
    """
    view = view if view in VIEWS else "changes"
    against = "reviewed" if against == "reviewed" else "before"
    skipped = waiting_before(change)
    older = _last_reviewed(change, skipped) if against == "reviewed" else change.before_document
    drawn = draw(
        older.text,
        change.after_document.text,
        view,
        part,
        heading_level=3,
        before_label="Reviewed",
        after_label=date_format(change.observed_to, "j F Y"),
    )
    return Comparison(
        drawn.html,
        drawn.part,
        drawn.part_count,
        drawn.passages,
        view,
        against,
        skipped,
        round(100 * len(change.after_document.text) / max(1, len(older.text))),
        # Another extractor version found other kinds of links.
        moved_links(older.links, change.after_document.links)
        if _are_alike(older, change.after_document)
        else (),
    )


def waiting_before(change: Change) -> tuple[Change, ...]:
    """Return the changes of the page that wait since its last decided one, the latest first."""
    earlier = Change.objects.earlier_on_page(change)[:_MOST_SKIPPED]
    return tuple(takewhile(lambda each: each.status in UNDECIDED, earlier))


def _last_reviewed(change: Change, skipped: Sequence[Change]) -> Document:
    """Return the text that the last decided change before this one led to.

    If no change of the page was decided, it is the text with which watching began.
    """
    if not skipped:
        return change.before_document
    return _read_alike(skipped[-1].before_document, change.after_document)


def _read_alike(document: Document, reference: Document) -> Document:
    """Return the same snapshot, extracted by the rules of the reference if such a text exists."""
    if _are_alike(document, reference):
        return document
    alike = Document.objects.filter(
        snapshot=document.snapshot_id,
        extractor_version=reference.extractor_version,
        rules=reference.rules,
    )
    return alike.first() or document


def _are_alike(first: Document, second: Document) -> bool:
    return (first.extractor_version, first.rules) == (second.extractor_version, second.rules)


#: Chosen: a page with more waiting changes is compared with the text before the last 50.
_MOST_SKIPPED = 50
