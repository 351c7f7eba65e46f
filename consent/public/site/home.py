"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from consent.ledger.filters import without_wording
from consent.ledger.state_of_play import index_of_today, settings_per_value, tally_of_today
from consent.models import Entry
from consent.public.rows import rows_of
from consent.public.state_of_play.figures import lately_turned_on, state_steps
from consent.web.caching import public_page
from consent.web.parts import part

LATEST_ON_HOME = 8


UPCOMING_ON_HOME = 4


@require_safe
@public_page()
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    entries = Entry.objects.for_timeline()
    upcoming, latest = rows_of(
        entries.upcoming(today).reverse().pks()[:UPCOMING_ON_HOME],
        without_wording(entries.so_far(today)).pks()[:LATEST_ON_HOME],
    )
    counts = settings_per_value(tally_of_today())
    categories = index_of_today()
    return render(
        request,
        "timeline/home.html",
        {
            "today": today,
            "upcoming": upcoming,
            "latest": latest,
            "categories": categories,
            "platform_count": sum(len(category.lines) for category in categories),
            "counts": counts,
            "steps": SimpleLazyObject(lambda: state_steps(counts, today)),
            "turned_on": SimpleLazyObject(lambda: lately_turned_on(today)),
            "entry_count": part("entries", "", Entry.objects.published().count),
        },
    )
