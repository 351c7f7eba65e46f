"""The timeline as an Atom feed (RFC 4287)."""

import datetime as dt
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consent.models import Entry
from consent.site.caching import public_page
from consent.timeline.filters import TimelineFilters

ENTRIES_PER_FEED = 50
#: What an empty feed says it was last changed at: the same at every reading.
_NEVER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def permanent_id(public_id: str) -> str:
    """Return an entry's id for feeds: the same for ever, even when the site's address changes."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"default-on:change:{public_id}").urn


class _SteadyAtom(Atom1Feed):
    """An Atom feed whose time of change stands still while it is empty."""

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else _NEVER


@require_safe
@public_page
def timeline_atom(request: HttpRequest) -> HttpResponse:
    """The newest entries; takes the same filters as the timeline."""
    filters = TimelineFilters(request.GET)
    address = settings.SITE_URL + request.get_full_path()
    feed = _SteadyAtom(
        title=_("Default On: who trains AI on what, by default"),
        link=settings.SITE_URL + reverse("timeline"),
        description=_("Changes of default settings for AI training."),
        language=settings.LANGUAGE_CODE,
        feed_url=address,
        feed_guid=uuid.uuid5(
            uuid.NAMESPACE_URL, f"default-on:feed:timeline:{request.GET.urlencode()}"
        ).urn,
        author_name="Default On",
    )
    published = Entry.objects.published().latest_published_first()
    for entry in filters.narrow(published)[:ENTRIES_PER_FEED]:
        feed.add_item(
            title=entry.title,
            link=settings.SITE_URL + entry.get_absolute_url(),
            description=entry.summary,
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
