"""The status page: what could be read, what could not, and why."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.alerts.sending.mail_health import longest_wait
from consent.ledger.unread_pages import group_gaps, group_pages, outages_of_month
from consent.web.page_cache import public_page
from platforms.fetching.policy import has_contact
from platforms.models import Gap, Page, Platform

GAPS_SHOWN_FOR = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Line:
    """A platform with the number of its watched pages, how many of them are in a gap, and when."""

    platform: Platform
    pages: int
    gaps: int
    read_at: dt.datetime | None
    tried_at: dt.datetime | None


def _line(platform: Platform) -> _Line:
    """Return the line of a platform from PlatformQuerySet.with_reading."""
    numbers = platform.__dict__
    return _Line(
        platform,
        pages=numbers["page_count"],
        gaps=numbers["failing_count"],
        read_at=numbers["last_looked_at"],
        tried_at=numbers["last_visited_at"],
    )


@require_safe
@public_page()
def status(request: HttpRequest) -> HttpResponse:
    # The open gaps are exactly the pages that the footer counts as unreadable: watched ones.
    shown = Q(ended_at__isnull=False) | Q(page__in=Page.objects.watched())
    gaps = list(Gap.objects.with_pages().since(timezone.now() - GAPS_SHOWN_FOR).filter(shown))
    ongoing = [gap for gap in gaps if gap.ended_at is None]
    never_seen = Page.objects.never_seen().exclude(pk__in=[gap.page_id for gap in ongoing])
    unseen = list(never_seen.with_last_fetch().select_related("platform"))
    outages = outages_of_month(unseen, gaps)
    lines = [_line(platform) for platform in Platform.objects.listed().with_reading()]
    return render(
        request,
        "site/status.html",
        {
            "visits_pages": has_contact(),
            "freshness": Page.objects.freshness(),
            "outages": outages,
            "open_gaps": ongoing,
            "open_groups": group_gaps(ongoing, outages),
            "ended_groups": group_gaps((gap for gap in gaps if gap.ended_at), outages),
            "ended_outages": outages.spells[:-1] if outages.is_on else outages.spells,
            "unseen": unseen,
            "unseen_groups": group_pages(unseen, outages),
            "mail_minutes": int(longest_wait(timezone.now()).total_seconds() // 60),
            "listed": len(lines),
            "watched": sum(bool(line.pages) for line in lines),
            "visited": [line for line in lines if line.tried_at],
            "never_visited": [line for line in lines if line.pages and not line.tried_at],
            "not_watched": [line for line in lines if not line.pages and not line.tried_at],
        },
    )
