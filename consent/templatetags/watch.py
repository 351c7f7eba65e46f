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
    """Say that no page is read, and when the last one was, if this site visits pages."""
    pages, now = Page.objects.freshness(), timezone.now()
    sees_none = bool(pages.looked_at or pages.visited_at) and not sees_pages(pages, now)
    is_blind = has_contact() and (sees_none or Outage.objects.on().exists())
    return {"is_blind": is_blind, "read_at": pages.looked_at}


@register.simple_tag
def watch_now() -> WatchState:
    return watch_state(timezone.now())


@register.simple_tag
def refused_that_stay() -> Sequence[Snapshot]:
    """Return the refused texts that pages have given for days, for the queue of changes."""
    return list(Snapshot.objects.stays_refused(timezone.now()).with_texts()[:_MOST])
