"""What a curator does about a page: visit it again, move it, leave it alone for a while."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from platforms.declarations.schema import why_not_one_text
from platforms.models import Page

_IS_ADDRESS = URLValidator(schemes=["http", "https"])


@transaction.atomic
def visit_soon(page: Page, *, now: dt.datetime) -> None:
    """Let workers come by at the next opportunity. Raises ValidationError for a paused page."""
    page = _hold(page)
    if page.paused_at is not None:
        raise ValidationError("This page is paused: resume it first.")
    page.next_visit_at = now
    page.save(update_fields=["next_visit_at"])


@transaction.atomic
def move(page: Page, url: str, *, now: dt.datetime) -> Page:
    """Watch a page at another address from now on; captures, changes and baseline stay its own.

    Catalog files that still name the old address mean this page. Raises ValidationError.
    """
    page = _hold(page)
    url = url.strip()
    _IS_ADDRESS(url)
    if len(url) > 1000:
        raise ValidationError("That address is longer than 1000 characters.")
    if url == page.url:
        raise ValidationError("That is the address it has.")
    if why := why_not_one_text(url, page.further_urls):
        raise ValidationError(f"Change its further addresses first: {why}.")
    if Page.objects.filter(platform=page.platform_id, url=url).exists():
        raise ValidationError("Another page of this platform has that address already.")
    page.former_urls = [one for one in page.former_urls if one != url] + [page.url]
    page.url = url
    page.validators = {}  # what the old address called "not modified" says nothing of the new
    page.next_visit_at = now
    page.save(update_fields=["former_urls", "url", "validators", "next_visit_at"])
    return page


@transaction.atomic
def pause(page: Page, reason: str, *, now: dt.datetime) -> None:
    """Leave a page alone, and say why on its platform's public page. Raises ValidationError."""
    page, reason = _hold(page), reason.strip()
    if not reason:
        raise ValidationError("Say why: readers see it beside the gap.")
    if len(reason) > 200:
        raise ValidationError("Say it in 200 characters.")
    if page.paused_at is not None:
        raise ValidationError("This page is paused already.")
    page.paused_at, page.paused_reason = now, reason
    page.save(update_fields=["paused_at", "paused_reason"])


@transaction.atomic
def resume(page: Page, *, now: dt.datetime) -> None:
    """Watch a paused page again, at once. Raises ValidationError."""
    page = _hold(page)
    if page.paused_at is None:
        raise ValidationError("This page is not paused.")
    page.paused_at, page.paused_reason, page.next_visit_at = None, "", now
    page.save(update_fields=["paused_at", "paused_reason", "next_visit_at"])


def _hold(page: Page) -> Page:
    return Page.objects.select_for_update(of=("self",)).get(pk=page.pk)
