"""The search page."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.answers import Stance, WayOut
from consent.ledger.counts import years_of_events
from consent.ledger.facts import Facts, facts_of, facts_of_all, listed_platforms, use_key
from consent.ledger.guide_lines import GuideLine, guide_lines
from consent.ledger.matrix import UseLine
from consent.ledger.question import Question
from consent.ledger.state_of_play import PlatformLine
from consent.ledger.verdict import verdict, verdict_over
from consent.models import Guide, Use
from consent.public.rows import rows_of
from consent.public.state_of_play.compare_views import MOST_SIDE_BY_SIDE
from consent.public.state_of_play.question_refusal import takes_no_plan
from consent.public.state_of_play.reader_form import ReaderForm
from consent.search.results import find
from consent.vocabulary import DataKind
from consent.web.page_cache import public_page
from platforms.models import Platform

LONGEST_QUERY = 100


#: Platforms that a question without a name leads to: "who trains on my photos". Chosen.
MOST_TRAINING = 12
_OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"


@require_safe
@public_page(reads=("q", "place", "people", "plan"))
@takes_no_plan
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    reader = ReaderForm(request.GET).reader()
    found = find(query, listed_platforms())
    (rows,) = rows_of((entry.pk for entry in found.entries), loaded=found.entries)
    asks_for_all = bool(found.kinds) and not found.platforms
    facts = (
        facts_of_all()
        if asks_for_all
        else facts_of({*found.platforms, *(use.platform for use in found.uses)})
    )
    question = reader.on(timezone.localdate())
    return render(
        request,
        "search/search.html",
        {
            "query": query,
            "found": found,
            "reader": reader,
            "lines": [
                PlatformLine(platform, verdict(facts[platform.pk], question))
                for platform in found.platforms
            ],
            "trainers": _who_train_on(found.kinds[0], facts, question) if asks_for_all else [],
            "uses": _use_lines(found.uses, facts, question),
            "compared": _compared(found.platforms),
            "guides": _lines_of(found.guides),
            "rows": rows,
            "years": set(found.years).intersection(years_of_events()) if found.years else (),
        },
    )


@require_safe
@public_page()
def opensearch(request: HttpRequest) -> HttpResponse:
    """Let browsers offer this search. Source: OpenSearch 1.1, draft 6."""
    return render(request, "search/opensearch.xml", content_type=_OPENSEARCH)


def _who_train_on(kind: DataKind, facts: Facts, question: Question) -> list[PlatformLine]:
    """Return platforms that train on a kind of data, those without a way out first."""
    lines = []
    for platform in listed_platforms():
        of_platform = facts[platform.pk]
        uses = tuple(use for use in of_platform.uses if use.is_training and kind in use.data_kinds)
        if uses and (answer := verdict_over(of_platform, uses, question)).stance == Stance.YES:
            lines.append(PlatformLine(platform, answer))
    return sorted(lines, key=lambda line: line.verdict.way != WayOut.NONE)[:MOST_TRAINING]


def _lines_of(guides: Sequence[Guide]) -> list[GuideLine]:
    """Return the lines of guides in their order. One query, or none."""
    if not guides:
        return []
    keys = [guide.pk for guide in guides]
    lines = {line.pk: line for line in guide_lines(Guide.objects.filter(pk__in=keys))}
    return [lines[key] for key in keys if key in lines]


def _compared(platforms: Sequence[Platform]) -> str:
    """Return the page that shows these platforms side by side; "" if they are too many."""
    if not 0 < len(platforms) <= MOST_SIDE_BY_SIDE:
        return ""
    return f"{reverse('compare')}?{urlencode([('p', each.slug) for each in platforms])}"


def _use_lines(uses: Sequence[Use], facts: Facts, question: Question) -> list[tuple[Use, UseLine]]:
    """Return uses with what holds today, so that no title claims what is not so."""
    lines = []
    for use in uses:
        of_platform = facts[use.platform_id]
        found = next(each for each in of_platform.uses if each.key == use_key(use))
        lines.append((use, UseLine(found, of_platform, question)))
    return lines
