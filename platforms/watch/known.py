"""What is known of a page before a visit: length and opening of its text, selectors, validators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from copy import copy

from django.db.models.functions import Left, Length

from platforms.archive import Archive
from platforms.extraction.nearness import contained
from platforms.fetching.judgement import COLLAPSE
from platforms.models import Document, Page, Snapshot
from platforms.snapshots.documents import (
    current_document,
    read_stored,
    rules_digest,
)

#: Characters. Chosen: the text of walls and error pages is shorter than this.
_OPENING = 1_500
# Both chosen: less is a text that was edited.
_PART = 0.75  # share of the characters before; selectors that give no more may have lost the rest
_STILL_THERE = 0.9  # share of the words before that the whole page has


def reading_selected(page: Page) -> Page:
    """Return the page as its selectors read it. If they miss, its baseline is the last they found.

    A copy: the page itself may be read whole.
    """
    selected = copy(page)
    selected.read_whole_since = None
    if page.read_whole_since is not None:
        before = page.snapshots.readable().filter(first_seen_at__lt=page.read_whole_since)
        selected.baseline = before.order_by("-last_seen_at").first()
    return selected


def reading_whole(page: Page, *, now: dt.datetime) -> Page:
    """Return a copy of the page that is read without its selectors."""
    whole = copy(page)
    whole.read_whole_since = page.read_whole_since or now
    return whole


def baseline_has_selected_part(page: Page, archive: Archive) -> bool:
    """Return whether the selectors still match in the baseline's bytes."""
    last, baseline = reading_selected(page), page.baseline
    if baseline is None or last.baseline is None or not baseline.sha256:
        return False
    good = current_document(last, last.baseline, archive)
    before = current_document(last, baseline, archive)
    if set(before.missed_selectors or ()) - set(good.missed_selectors or ()):
        return False
    if len(before.text) <= COLLAPSE * len(good.text):
        return False
    whole = current_document(page, baseline, archive)
    is_less = is_part(len(before.text), len(good.text))
    return not (is_less and still_has(whole.text, good.text))


def is_part(length: int, before: int) -> bool:
    """Return whether selectors give much less than before: how many characters, and how many."""
    return length <= _PART * before


def still_has(whole: str, before: str) -> bool:
    """Return whether a page, read whole, still has what its selectors gave before."""
    return contained(before, whole) >= _STILL_THERE


def selected_before(page: Page, archive: Archive) -> str:
    """Return the text that the selectors gave last; "" if there is none with bytes."""
    selected = reading_selected(page)
    baseline = _comparable(selected)
    if baseline is None or not baseline.sha256:
        return ""
    return current_document(selected, baseline, archive).text


def known_missing_selectors(page: Page, archive: Archive) -> tuple[str, ...] | None:
    """Return the selectors without a match in the baseline; None if that cannot be known."""
    baseline = _comparable(page)
    # With a single selector, a miss leaves no text at all and needs no comparison.
    if baseline is None or not baseline.sha256 or len(page.select_now) < 2:
        return None
    return read_stored(page, baseline, archive).missed_selectors


def known_text(page: Page, archive: Archive) -> tuple[int | None, tuple[str, ...]]:
    """Return the length of the baseline's text in characters, and its title and opening.

    Read by today's rules: a curator's new selector may keep a fraction of the text, and that is
    not a loss of text.
    """
    baseline = _comparable(page)
    if baseline is None:
        return None, ()
    known = Document.objects.filter(pk=current_document(page, baseline, archive).pk)
    known = known.annotate(length=Length("text"), opening=Left("text", _OPENING))
    length, title, opening = known.values_list("length", "title", "opening").get()
    return length, (title, opening)


def judging_digest(page: Page) -> str:
    """Return a digest of the rules, editable by curators, that this page is read and judged by."""
    rules = [page.addresses, page.language, *page.select]
    if page.read_whole_since is not None:
        rules.append("whole")
    return rules_digest(rules, page.remove)


def known_validators(page: Page) -> Mapping[str, str]:
    """Return the validators for a conditional request; none if "not modified" would mislead.

    After a change of the selectors, the same bytes may lack the watched part, so a full answer is
    needed. For several addresses, "not modified" for one says nothing about the others.
    """
    if page.further_urls:
        return {}
    return page.validators if page.validators.get("judged_by") == judging_digest(page) else {}


def _comparable(page: Page) -> Snapshot | None:
    """Return the baseline if it was read at as many addresses as the page has now."""
    baseline = page.baseline
    if baseline is None or baseline.address_count != len(page.addresses):
        return None
    return baseline
