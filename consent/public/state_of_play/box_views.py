"""The box on the home page: the answers of several services at once, on a private address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.ledger.answers import Verdict
from consent.ledger.asked_place import asked_place
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.reader_place import place_label
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import verdict
from consent.ledger.way_buttons import WayButton, best_guides, way_buttons
from consent.public.state_of_play.compare_views import MOST_SIDE_BY_SIDE
from consent.public.state_of_play.question_refusal import takes_no_plan
from consent.public.state_of_play.reader_form import ReaderForm
from consent.search.asked_names import AskedName, read_names
from consent.search.plain_words import words
from platforms.models import Platform
from platforms.places import countries

#: Characters of the box, and platforms that it answers for at once. Chosen.
LONGEST = 300
MOST = 30


@dataclass(frozen=True, slots=True)
class BoxLine:
    platform: Platform
    verdict: Verdict
    buttons: list[WayButton]


@dataclass(frozen=True, slots=True)
class BoxGroup:
    """What one of the typed names means, with the answers."""

    asked: AskedName
    lines: list[BoxLine]


@require_safe
@cache_control(private=True, no_store=True)
@takes_no_plan
def answers(request: HttpRequest) -> HttpResponse:
    """Answer for each service that was typed; what names none goes to the search.

    Neither kept nor sent to other sites: the address reveals what a person uses.
    """
    typed = request.GET.get("q", "")[:LONGEST].strip()
    listed = listed_platforms()
    place, _rest = asked_place(words(typed))
    names = read_names(typed, listed)
    if typed and all(name.is_unknown for name in names) and not _is_list(typed):
        return HttpResponseRedirect(f"{reverse('search')}?{urlencode({'q': typed})}")
    form = ReaderForm(request.GET if "place" in request.GET else _with_place(request, place))
    reader = form.reader()
    groups = _answered(names, reader)
    slugs = [line.platform.slug for group in groups for line in group.lines]
    offered = "" if reader.place else place_of_browser(request)
    response = render(
        request,
        "standing/answers.html",
        {
            "section": "platforms",
            "typed": typed,
            "names": [each.name for each in listed],
            "groups": groups,
            "unknown": [name for name in names if name.is_unknown],
            "form": form,
            "reader": reader,
            "offered": offered,
            "offered_name": place_label(offered) if offered else "",
            "with_offered": urlencode({"q": typed, "place": offered}),
            "checklist": urlencode([("p", slug) for slug in slugs]),
            "watch": urlencode([("platform", slug) for slug in slugs]),
            "side_by_side": 1 < len(slugs) <= MOST_SIDE_BY_SIDE,
        },
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def place_of_browser(request: HttpRequest) -> str:
    """Return the country in the first language that a browser asks for; "" if it names none."""
    first = request.headers.get("Accept-Language", "").split(",")[0].partition(";")[0]
    language, _hyphen, region = first.strip().rpartition("-")
    return region.upper() if language and region.upper() in countries() else ""


def _is_list(typed: str) -> bool:
    return any(separator in typed for separator in ",;\n")


def _with_place(request: HttpRequest, place: str) -> dict[str, str]:
    return {**request.GET.dict(), "place": place}


def _answered(names: list[AskedName], reader: Reader) -> list[BoxGroup]:
    """Answer for each platform once, under the first name that means it."""
    meant = [(name, name.platforms or _of_owner(name)) for name in names]
    chosen = list(dict.fromkeys(each for _name, platforms in meant for each in platforms))[:MOST]
    facts = facts_of(chosen)
    guides = best_guides(all_guide_lines())
    question = reader.on(timezone.localdate())
    lines = {}
    for platform in chosen:
        answer = verdict(facts[platform.pk], question)
        buttons = way_buttons(facts[platform.pk], answer, guides)[:1]
        lines[platform] = BoxLine(platform, answer, buttons)
    groups = [
        BoxGroup(name, [lines.pop(each) for each in platforms if each in lines])
        for name, platforms in meant
    ]
    return [group for group in groups if group.lines]


def _of_owner(name: AskedName) -> list[Platform]:
    return list(name.owner.platforms) if name.owner else []
