"""The timeline as an Atom feed (RFC 4287)."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consent.ledger.filters import TimelineFilters, address
from consent.vocabulary import PublicationStatus
from consent.web.caching import public_page
from consent.web.links import absolute_url
from platforms.characters import cleaned

ENTRIES_PER_FEED = 50
_PLAIN = "text/plain; charset=utf-8"
#: Time of change of an empty feed; constant, so that the feed does not change.
_NEVER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def permanent_id(public_id: str) -> str:
    """Return an entry's id for feeds. It does not change, even with the site's address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"default-on:change:{public_id}").urn


class _SteadyAtom(Atom1Feed):
    """An Atom feed with a constant time of change while it is empty, and with cleaned texts."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(**cleaned(fields))

    def add_item(self, **fields: Any) -> None:  # type: ignore[override] # keywords only
        super().add_item(**cleaned(fields))

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else _NEVER


@require_safe
@public_page(reads=TimelineFilters.base_fields, names_unknown=True)
def timeline_atom(request: HttpRequest) -> HttpResponse:
    """The newest entries; takes the same filters as the timeline."""
    filters = TimelineFilters(request.GET)
    if problems := filters.problems():
        # A feed that ignored a filter would show more entries, which would look like news.
        lines = [f"{problem.label}: {problem.message}" for problem in problems]
        return HttpResponseBadRequest("\n".join([*lines, ""]), content_type=_PLAIN)
    query = filters.query()
    feed = _SteadyAtom(
        title=_("Default On: who trains AI on what, by default"),
        link=address(absolute_url(reverse("timeline")), query),
        description=_("Changes of default settings for AI training."),
        language=settings.LANGUAGE_CODE,
        feed_url=address(absolute_url(reverse("timeline-atom")), query),
        feed_guid=uuid.uuid5(uuid.NAMESPACE_URL, f"default-on:feed:timeline:{query}").urn,
        author_name="Default On",
    )
    for entry in filters.shown().latest_published_first()[:ENTRIES_PER_FEED]:
        retracted = entry.status == PublicationStatus.RETRACTED
        feed.add_item(
            title=_("Withdrawn: %s") % entry.title if retracted else entry.title,
            link=absolute_url(entry.get_absolute_url()),
            description=entry.status_reason if retracted else entry.summary,
            unique_id=permanent_id(entry.public_id),
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            categories=[
                *(platform.name for platform in entry.platforms.all()),
                *entry.effect_labels,
            ],
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
