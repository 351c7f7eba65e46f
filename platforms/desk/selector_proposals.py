"""Proposes a selector for a page whose selectors miss: one that gives the text of before."""

from __future__ import annotations

from dataclasses import dataclass

from platforms.archive import Archive, ArchiveError
from platforms.extraction.nearness import nearness
from platforms.fetching import reader
from platforms.fetching.visit_errors import FetchError
from platforms.models import Page
from platforms.snapshots.documents import current_document
from platforms.watch.known import reading_selected

#: Less of the text of before is no proposal. Chosen: a page may have changed since.
_NEAR_ENOUGH = 0.6
_MOST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A selector for a page. percent: of the text of before that it gives. text: its beginning."""

    selector: str
    percent: int
    characters: int
    text: str


def propose(page: Page, archive: Archive) -> tuple[Proposal, ...]:
    """Return selectors for a page that is read whole, the nearest to its text of before first.

    Empty if its selectors match, if its bytes cannot be read, or if nothing is near enough.
    """
    latest, before = page.baseline, reading_selected(page).baseline
    if page.read_whole_since is None or latest is None or before is None or not latest.sha256:
        return ()
    wanted = current_document(reading_selected(page), before, archive).text
    try:
        body = archive.get(latest.sha256)
        found = [_read(page, body, selector) for selector in _candidates(page, body)]
    except (ArchiveError, FetchError):
        return ()
    proposals = [
        Proposal(selector, round(100 * nearness(text, wanted)), len(text), text[:1_000])
        for selector, text in found
    ]
    near = [proposal for proposal in proposals if proposal.percent >= 100 * _NEAR_ENOUGH]
    return tuple(sorted(near, key=lambda proposal: -proposal.percent)[:_MOST])


def _candidates(page: Page, body: bytes) -> list[str]:
    assert page.baseline is not None
    examined = reader.examine(
        body,
        url=page.baseline.final_url,
        content_type=page.baseline.content_type,
        limits=reader.while_somebody_waits(),
    )
    return [suggestion.selector for suggestion in examined.suggestions]


def _read(page: Page, body: bytes, selector: str) -> tuple[str, str]:
    assert page.baseline is not None
    document = reader.read(
        body,
        url=page.baseline.final_url,
        content_type=page.baseline.content_type,
        select=(selector,),
        remove=page.remove,
        limits=reader.while_somebody_waits(),
    )
    return selector, document.text
