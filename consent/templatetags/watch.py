"""Whether the watch sees anything: a note for readers, and one line for curators."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils import timezone

from platforms.fetching.policy import has_contact
from platforms.models import Outage, Page, Snapshot
from platforms.watch.state import WatchState, sees_pages, watch_state

register = template.Library()
_MOST = 20


@register.inclusion_tag("site/_blind.html")
def blind_note() -> dict[str, Any]:
    """Say when a page was last read, if the watch is blind though this site visits pages."""
    pages, now = Page.objects.freshness(), timezone.now()
    is_blind = (
        pages.looked_at is not None
        and has_contact()
        and (Outage.objects.on().exists() or not sees_pages(pages, now))
    )
    return {"read_at": pages.looked_at if is_blind else None}


@register.simple_tag
def watch_now() -> WatchState:
    return watch_state(timezone.now())


@register.simple_tag
def refused_that_stay() -> Sequence[Snapshot]:
    """Return the refused texts that pages have given for days, for the queue of changes."""
    stays = Snapshot.objects.stays_refused(timezone.now())
    return list(stays.select_related("page__platform").prefetch_related("documents")[:_MOST])
