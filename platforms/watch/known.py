"""What is known of a page before a visit: its text, selectors and validators."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models.functions import Left, Length

from platforms.archive import Archive
from platforms.models import Page, Snapshot
from platforms.snapshots.documents import (
    current_document,
    read_stored,
    rules_digest,
    todays_readings,
)

_OPENING = 1_500  # characters; walls and error pages say less


def known_missing_selectors(page: Page, archive: Archive) -> tuple[str, ...] | None:
    """The selectors that find nothing in what the page is compared with."""
    baseline = _comparable(page)
    # A page of one part that lacks it has no text at all, which needs no comparison.
    if baseline is None or not baseline.sha256 or len(page.select) < 2:
        return None
    return read_stored(page, baseline, archive).missed_selectors


def known_text(page: Page, archive: Archive) -> tuple[int | None, tuple[str, ...]]:
    """Characters of what the page is compared with, and its title and beginning.

    By today's rules: a curator's new selector may leave a fraction of the text, which is no
    loss.
    """
    baseline = _comparable(page)
    if baseline is None:
        return None, ()
    known = todays_readings(page).filter(snapshot=baseline)
    known = known.annotate(length=Length("text"), opening=Left("text", _OPENING))
    found = known.values_list("length", "title", "opening").first()
    if found is not None:
        length, *words = found
        return length, tuple(words)
    document = current_document(page, baseline, archive)
    return len(document.text), (document.title, document.text[:_OPENING])


def judging_digest(page: Page) -> str:
    """Name what a capture of this page is read and judged by, as a curator may edit it."""
    return rules_digest([page.addresses, page.language, *page.select], page.remove)


def known_validators(page: Page) -> Mapping[str, str]:
    """What to send back to the host; nothing if "not modified" would answer another question.

    Under other selectors the same bytes may lack the watched part, which only a full answer tells.
    Of several addresses one that was not modified says nothing of the others.
    """
    if page.further_urls:
        return {}
    return page.validators if page.validators.get("judged_by") == judging_digest(page) else {}


def _comparable(page: Page) -> Snapshot | None:
    """What a capture can be measured by: the baseline, if it comes from as many addresses."""
    baseline = page.baseline
    if baseline is None or baseline.address_count != len(page.addresses):
        return None
    return baseline
