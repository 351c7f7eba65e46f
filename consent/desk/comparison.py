"""What a curator compares: a page now, and as it was when somebody last ruled on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format

from consent.diffing import MovedLink, moved_links
from consent.diffing.rendering import Html
from consent.models import Change
from consent.public.timeline.comparison import VIEWS, draw
from platforms.models import Document


@dataclass(frozen=True, slots=True)
class Comparison:
    """A difference drawn for the desk. against: "reviewed" or "before"; view: one of VIEWS.

    part, part_count: which part of a long text html is, from 1.
    """

    html: Html
    part: int
    part_count: int
    view: str
    against: str
    skipped: tuple[Change, ...]
    #: The length of the text now, in percent of what it is compared with.
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
    """Draw a change against the last reviewed version, or (against="before") the one before it."""
    view = view if view in VIEWS else "changes"
    against = "before" if against == "before" else "reviewed"
    base, skipped = last_reviewed(change)
    older = change.before_document if against == "before" else base
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
        view,
        against,
        skipped,
        round(100 * len(change.after_document.text) / max(1, len(older.text))),
        # An older extractor knew other kinds of links.
        moved_links(older.links, change.after_document.links)
        if _are_alike(older, change.after_document)
        else (),
    )


def last_reviewed(change: Change) -> tuple[Document, tuple[Change, ...]]:
    """The text a curator last ruled on before a change, and the changes passed over since.

    Where nobody ever ruled on the page, it is the text that watching began with.
    """
    skipped: list[Change] = []
    base = change.before_document
    for earlier in Change.objects.earlier_on_page(change)[:_MOST_SKIPPED]:
        if earlier.status not in ("waiting", "snoozed"):
            break
        skipped.append(earlier)
    if skipped:
        earliest = Document.objects.get(pk=skipped[-1].before_document_id)
        base = _read_alike(earliest, change.after_document)
    return base, tuple(skipped)


def _read_alike(document: Document, other: Document) -> Document:
    """The same capture as the rules of the other reading read it: ours is no difference."""
    if _are_alike(document, other):
        return document
    alike = Document.objects.filter(
        snapshot=document.snapshot_id,
        extractor_version=other.extractor_version,
        rules=other.rules,
    )
    return alike.first() or document


def _are_alike(one: Document, other: Document) -> bool:
    return (one.extractor_version, one.rules) == (other.extractor_version, other.rules)


#: A page with more waiting changes than this is compared with the text before that many.
_MOST_SKIPPED = 50
