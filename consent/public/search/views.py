"""The search page."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.answers import Stance, Verdict, WayOut
from consent.ledger.asked_place import asked_place
from consent.ledger.counts import years_of_events
from consent.ledger.facts import Facts, facts_of, facts_of_all, listed_platforms, use_key
from consent.ledger.guide_lines import GuideLine, all_guide_lines, guide_lines
from consent.ledger.matrix import UseLine
from consent.ledger.question import Question
from consent.ledger.reader_place import place_label
from consent.ledger.state_of_play import PlatformLine
from consent.ledger.verdict import verdict, verdict_over
from consent.ledger.way_buttons import WayButton, best_guides, way_buttons
from consent.models import Guide, Use
from consent.public.rows import rows_of
from consent.public.state_of_play.compare_views import MOST_SIDE_BY_SIDE
from consent.public.state_of_play.question_refusal import takes_no_plan
from consent.public.state_of_play.reader_form import ReaderForm
from consent.search.pages import SITE_PAGES, pages_for
from consent.search.plain_words import words
from consent.search.results import Findings, find
from consent.vocabulary import DataKind
from consent.web.page_cache import public_page
from platforms.models import Platform

LONGEST_QUERY = 100
#: More words than these are a question. Chosen.
MOST_WORDS_OF_A_NAME = 4


_OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"


@require_safe
@public_page(reads=("q", "place", "people", "plan"))
@takes_no_plan
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    reader = ReaderForm(request.GET).reader()
    found, place = _find_with_place(query)
    pages = [] if found.platforms and not found.by_words else pages_for(words(query))
    is_understood = bool(pages) or _is_understood(query, found)
    if place and "place" not in request.GET:
        reader = reader._replace(place=place)
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
            "pages": pages if is_understood else SITE_PAGES,
            "is_understood": is_understood,
            "reader": reader,
            "place_name": place_label(reader.place) if reader.place else "",
            "lines": [_line(platform, facts, question) for platform in found.platforms],
            "trainers": _who_train_on(found.kinds[0], facts, question) if asks_for_all else [],
            "uses": _use_lines(found.uses, facts, question),
            "compared": _compared(found.platforms),
            "guides": _lines_of(found.guides),
            "rows": rows,
            "years": set(found.years).intersection(years_of_events()) if found.years else (),
        },
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """A platform that is found, with its answer and the way out."""

    platform: Platform
    verdict: Verdict
    buttons: list[WayButton]


def _line(platform: Platform, facts: Facts, question: Question) -> Hit:
    of_platform = facts[platform.pk]
    answer = verdict(of_platform, question)
    guides = best_guides(all_guide_lines()) if answer.ways else {}
    return Hit(platform, answer, way_buttons(of_platform, answer, guides)[:1])


def _is_understood(query: str, found: Findings) -> bool:
    """Return whether a question was read as one; a few words are no question."""
    return bool(
        len(words(query)) <= MOST_WORDS_OF_A_NAME
        or (found.platforms and not found.by_words)
        or found.unwatched
        or found.kinds
        or found.category
        or found.guides_first
        or found.years
    )


def _find_with_place(query: str) -> tuple[Findings, str]:
    """Find what is asked, and the place that the question names: "linkedin uk", "in Germany".

    Records may be about the place, so its name counts as a word too, unless it leads to nothing.
    """
    listed = listed_platforms()
    found = find(query, listed)
    place, rest = asked_place(words(query))
    if place and not (found.platforms and not found.by_words):
        without = find(" ".join(rest), listed)
        if without.kinds or without.guides_first or not found.count:
            return without, place
        return found, ""
    return found, place


@require_safe
@public_page()
def opensearch(request: HttpRequest) -> HttpResponse:
    """Let browsers offer this search. Source: OpenSearch 1.1, draft 6."""
    return render(request, "search/opensearch.xml", content_type=_OPENSEARCH)


def _who_train_on(kind: DataKind, facts: Facts, question: Question) -> list[PlatformLine]:
    """Return all platforms that train on a kind of data: without a way out, others, in part."""
    lines = []
    for platform in listed_platforms():
        of_platform = facts[platform.pk]
        uses = tuple(use for use in of_platform.uses if use.is_training and kind in use.data_kinds)
        if uses and (answer := verdict_over(of_platform, uses, question)).is_warm:
            lines.append(PlatformLine(platform, answer))
    return sorted(lines, key=lambda line: _rank(line.verdict))


def _rank(answer: Verdict) -> int:
    if answer.stance != Stance.YES:
        return 2
    return 0 if answer.way == WayOut.NONE else 1


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
