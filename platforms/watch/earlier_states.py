"""Corrects the verdict on a page by what it said before, and by what was refused before.

A text that lost most of its words may be half a page that comes back by itself, a page that comes
back from a bloated reading, or a real change. The texts of before tell the first two, time the
third.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db.models import Min
from django.db.models.functions import Length

from platforms.archive import Archive
from platforms.extraction.nearness import contained, nearness
from platforms.fetching.editions import edition_of
from platforms.fetching.judgement import is_stub, new_error_line
from platforms.models import Page, Snapshot
from platforms.outcomes import Outcome
from platforms.snapshots.documents import current_document, todays_readings
from platforms.watch.attempt import FetchResult
from platforms.watch.known import known_text

# All chosen.
#: A text near a state that was seen within this time has not collapsed, and may be in another
#: language: a curator released it.
REMEMBERED = dt.timedelta(days=365)
#: A refused text that stays for so long is the page, unless it is a stub.
STAYS_FOR = dt.timedelta(days=7)
_NEAR = 0.8
_HALF = 0.5  # share of the characters before; a text no longer than this may be half a page
_NOTHING_NEW = 0.97  # share of its words that the text before had too
_SHRUNK = 0.75  # share of the characters before; below it, an error inside the page counts


def judged_by_earlier_states(
    page: Page, result: FetchResult, archive: Archive, now: dt.datetime
) -> FetchResult:
    """Return the result with the verdict that the page's earlier states lead to.

    page: as it was read, by its selectors or whole. Only good readings and collapses are changed.
    """
    if page.baseline is None or result.extracted is None or result.page is None:
        return result
    if page.baseline.address_count != len(page.addresses):
        return result  # read at more or fewer addresses, it says nothing about the text now
    extracted = result.extracted
    if result.outcome == Outcome.READ:
        result = _edition_or_half(page, page.baseline, result, archive)
    may_be_known = result.outcome in (Outcome.COLLAPSED, Outcome.WRONG_LANGUAGE)
    if may_be_known and not result.edition and _is_near_a_state(page, extracted.text, now):
        why = f"as it was within the last year: {result.detail}"
        return replace(result, outcome=Outcome.READ, detail=why)
    stays = result.edition or result.outcome == Outcome.COLLAPSED
    if stays and not is_stub(extracted):
        since = _stays_since(page, result)
        if since is not None and now - since >= STAYS_FOR:
            why = f"{result.detail}, the same since {since:%d %b %Y}: this is the page now"
            return replace(result, outcome=Outcome.READ, detail=why)
    return result


def _edition_or_half(
    page: Page, baseline: Snapshot, result: FetchResult, archive: Archive
) -> FetchResult:
    assert result.extracted is not None  # the caller has checked both
    assert result.page is not None
    if why := _other_edition(page, baseline, result.page.final_url):
        return replace(result, outcome=Outcome.WRONG_LANGUAGE, detail=why, edition=True)
    text, before = result.extracted.text, current_document(page, baseline, archive)
    if before.digest == result.extracted.digest:
        return result
    length = known_text(page, archive)[0] or 0
    if len(text) > _SHRUNK * length:
        return result
    if line := new_error_line(text, before.text):
        return replace(result, outcome=Outcome.SOFT_404, detail=f"says “{line[:120]}” inside")
    if len(text) <= _HALF * length and contained(text, before.text) >= _NOTHING_NEW:
        detail = f"{len(text)} characters left of {length}, and nothing new"
        return replace(result, outcome=Outcome.COLLAPSED, detail=detail)
    return result


def _other_edition(page: Page, baseline: Snapshot, reached: str) -> str:
    """Return why a page is the edition of another region or language; "" if it is not.

    The edition that we ask for, and those that were read within REMEMBERED, are all the page.
    """
    edition = edition_of(reached)
    if reached == baseline.final_url or edition in (
        edition_of(baseline.final_url),
        edition_of(page.url),
    ):
        return ""
    since = baseline.last_seen_at - REMEMBERED
    states = page.snapshots.readable().filter(last_seen_at__gte=since)
    known = {edition_of(url) for url in states.values_list("final_url", flat=True).distinct()}
    if edition in known:
        return ""
    return f"sent on to another edition: {reached[:200]}"


def _is_near_a_state(page: Page, text: str, now: dt.datetime) -> bool:
    states = page.snapshots.readable().filter(last_seen_at__gte=now - REMEMBERED)
    readings = todays_readings(page).filter(snapshot__in=states).annotate(length=Length("text"))
    shortest, longest = int(len(text) * _NEAR * _NEAR), int(len(text) / _NEAR / _NEAR)
    alike = readings.filter(length__gte=shortest, length__lte=longest)
    texts = alike.order_by("-snapshot__last_seen_at").values_list("text", flat=True)
    return any(nearness(text, known) >= _NEAR for known in texts.iterator())


def _stays_since(page: Page, result: FetchResult) -> dt.datetime | None:
    """Return since when the page has had about this text instead of its own.

    None for just now, and for a text that a curator keeps refusing.
    """
    assert result.extracted is not None  # the caller has checked it
    if not page.gaps_in_a_row or page.health_since is None:
        return None
    failed = page.fetches.filter(finished_at__gte=page.health_since, outcome=result.outcome)
    since = failed.aggregate(at=Min("finished_at"))["at"]
    held = page.snapshots.filter(
        quarantined_as=result.outcome, released_at=None, last_seen_at__gte=page.health_since
    )
    if held.exclude(kept_refused_at=None).exists():
        return None
    readings = todays_readings(page).filter(snapshot__in=held)
    texts = readings.values_list("text", flat=True)
    text = result.extracted.text
    is_same = bool(texts) and all(nearness(text, held_back) >= _NEAR for held_back in texts)
    return since if is_same else None
