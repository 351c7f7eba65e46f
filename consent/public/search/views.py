"""The search page."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.facts import Facts, facts_of, use_key
from consent.ledger.matrix import UseLine
from consent.ledger.question import Question
from consent.ledger.state_of_play import ANYBODY, PlatformLine
from consent.ledger.verdict import answer_of_use, verdict
from consent.models import Use
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
    facts = facts_of({*found.platforms, *(use.platform for use in found.uses)})
    question = ANYBODY.on(timezone.localdate())
    return render(
        request,
        "search/search.html",
        {
            "query": query,
            "found": found,
            "lines": [
                PlatformLine(platform, verdict(facts[platform.pk], question))
                for platform in found.platforms
            ],
            "uses": _use_lines(found.uses, facts, question),
            "rows": entries,
        },
    )


def _use_lines(uses: Sequence[Use], facts: Facts, question: Question) -> list[tuple[Use, UseLine]]:
    """Return uses with what holds today, so that no title claims what is not so."""
    lines = []
    for use in uses:
        of_platform = facts[use.platform_id]
        found = next(each for each in of_platform.uses if each.key == use_key(use))
        lines.append((use, UseLine(found, answer_of_use(of_platform, found, question))))
    return lines
