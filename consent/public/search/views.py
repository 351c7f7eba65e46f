"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent.ledger.state_of_play import platform_lines, verdicts_of_today
from consent.public.rows import rows_of
from consent.search.finding import find
from consent.web.caching import public_page

LONGEST_QUERY = 100


@require_safe
@public_page(reads=("q",))
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    found = find(query)
    (entries,) = rows_of(entry.pk for entry in found.entries)
    verdicts = verdicts_of_today() if found.platforms else {}
    return render(
        request,
        "search/search.html",
        {
            "query": query,
            "found": found,
            "lines": platform_lines(found.platforms, verdicts),
            "rows": entries,
        },
    )
