"""Platforms and their state of play."""

import datetime as dt

from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from consent.ledger.state_of_play import (
    ORDER,
    CategoryGroup,
    cards,
    in_order_of,
    index_by_category,
    index_of_today,
    tally,
)
from consent.models import Entry, FormerSlug, Guide
from consent.public.json_ld import platform_dataset
from consent.public.rows import cut, rows_of, split_at
from consent.public.share_image.cards import platform_card
from consent.public.state_of_play.day_form import DayForm
from consent.public.state_of_play.figures import change_heat, notice_given, platform_bands
from consent.vocabulary import StateValue
from consent.web.caching import public_page
from consent.web.redirects import redirect_to_moved
from platforms.models import Platform
from platforms.outcomes import Outcome

CHANGES_SHOWN = 12


def first_read(platform: Platform) -> dt.datetime | None:
    """Return when a page of a platform was first read; None if never."""
    looked = Q(fetches__outcome__in=[outcome for outcome in Outcome if outcome.looked])
    reads: dict[str, dt.datetime | None] = platform.pages.aggregate(
        at=Min("fetches__started_at", filter=looked)
    )
    return reads["at"]


@require_safe
@public_page(reads=("asof", "state"))
def platforms(request: HttpRequest) -> HttpResponse:
    day_form = DayForm(request.GET)
    then = day_form.day()
    listed = Platform.objects.listed()
    groups = index_by_category(listed, tally(then)) if then else index_of_today()
    state = request.GET.get("state")
    chosen = StateValue(state) if state in StateValue.values else None
    if chosen:
        groups = [
            CategoryGroup(group.category, [line for line in group.lines if chosen in line.values])
            for group in groups
        ]
    return render(
        request,
        "standing/platforms.html",
        {
            "section": "platforms",
            "groups": [group for group in groups if group.lines],
            "count": sum(len(group.lines) for group in groups),
            "values": ORDER,
            "chosen": chosen,
            "kept": [("state", chosen.value)] if chosen else [],
            "asof": then,
            "day_form": day_form,
            "heat": SimpleLazyObject(lambda: change_heat(timezone.localdate())),
            "notice": SimpleLazyObject(notice_given),
        },
    )


@require_safe
@public_page(reads=("asof",))
def platform(request: HttpRequest, slug: str) -> HttpResponse:
    found = Platform.objects.listed().filter(slug=slug).first()
    if found is None:
        return redirect_to_moved(request, FormerSlug.objects.platform_once_called(slug))
    day_form = DayForm(request.GET)
    then = day_form.day()
    today = timezone.localdate()
    of_platform = Guide.objects.for_list().widest_first().filter(platform=found)
    guides = list(of_platform.prefetch_related("settings"))
    settings = cards(found.settings.with_history(), guides, then or today)
    shown = cut(Entry.objects.for_timeline().of_platform(slug), size=CHANGES_SHOWN)
    (shown_rows,) = rows_of(shown.entries, name_platforms=False)
    upcoming, past = split_at(today, shown_rows)
    return render(
        request,
        "standing/platform.html",
        {
            "section": "platforms",
            "platform": found,
            "card": None if then else platform_card(found, [each.value for each in settings]),
            "structured": platform_dataset(found),
            "cards": settings,
            "chart": platform_bands(settings, found, today),
            "guides": in_order_of(guides, settings),
            "upcoming": upcoming,
            "past": past,
            "more_past": shown.more,
            "read_since": None if past else first_read(found),
            "pages": found.pages.living().with_last_fetch(),
            "asof": then,
            "day_form": day_form,
            "today": today,
        },
    )
