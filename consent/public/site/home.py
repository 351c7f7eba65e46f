"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.counts import event_count, events, platform_count
from consent.ledger.facts import listed_platforms
from consent.ledger.figures import figures_on
from consent.public.questions.question_refusal import (
    FOR_WHOM,
    about_today,
    same_for_everybody,
)
from consent.public.rows import rows_of
from consent.public.share_image.captions import figures_card
from consent.public.state_of_play.figures import lately_turned_on, wall_on
from consent.search.pages import SITE_PAGES
from consent.web.page_cache import public_page

LATEST_ON_HOME = 8
UPCOMING_ON_HOME = 4


@require_safe
@public_page(reads=(*FOR_WHOM, "asof"))
@about_today
@same_for_everybody
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    entries = events().newest_first()
    days = dict(entries.so_far(today).values_list("pk", "timeline_on")[:LATEST_ON_HOME])
    upcoming, latest = rows_of(entries.upcoming(today).reverse().pks()[:UPCOMING_ON_HOME], days)
    figures = figures_on(today)
    return render(
        request,
        "site/home.html",
        {
            "pages": SITE_PAGES,
            "today": today,
            "upcoming": upcoming,
            "latest": latest,
            "names": [each.name for each in listed_platforms()],
            "platform_count": platform_count(),
            "figures": figures,
            "card": figures_card(figures),
            "wall": wall_on(today),
            "turned_on": lately_turned_on(today),
            "entry_count": event_count(),
        },
    )
