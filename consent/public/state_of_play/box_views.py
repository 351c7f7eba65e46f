"""The box on the home page: the answers of several services at once, on a private address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from consent.ledger.asked_plan import asked_plan
from consent.ledger.audiences import plan_named
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.guide_lines import GuideLine, all_guide_lines
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import plans_of
from consent.ledger.reader_place import place_label
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import verdict
from consent.ledger.way_buttons import WayButton, best_guides, way_buttons
from consent.public.state_of_play.compare_views import MOST_SIDE_BY_SIDE
from consent.public.state_of_play.question_refusal import takes_no_plan
from consent.public.state_of_play.reader_form import ReaderForm
from consent.search.asked_names import AskedName, read_names
from consent.search.asked_people import asked_people
from consent.search.plain_words import words
from consent.vocabulary import People
from platforms.models import Platform
from platforms.places import countries

#: Characters of the box, and platforms that it answers for at once. Chosen.
LONGEST = 300
MOST = 30


@dataclass(frozen=True, slots=True)
class BoxLine:
    """address: of the platform's page, with the answer for the same reader."""

    platform: Platform
    verdict: Verdict
    buttons: list[WayButton]
    address: str


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
    sought = words(typed)
    place, without_place = asked_place(sought)
    people, rest = asked_people(without_place)
    names = read_names(typed, listed, aside={*sought} - {*rest})
    if typed and all(name.is_unknown for name in names) and not _is_list(typed):
        return HttpResponseRedirect(f"{reverse('search')}?{urlencode({'q': typed})}")
    form = ReaderForm(_with_read(request, place=place, people=people or ""))
    reader = form.reader()
    groups = _answered(names, reader, sought)
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
            "for_adults": urlencode(
                {"q": typed, "place": reader.place, "people": People.PERSONAL.value}
            ),
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
    """Return whether names were typed with separators, and no question with a comma in it."""
    return any(separator in typed for separator in ",;\n") and "?" not in typed


def _with_read(request: HttpRequest, **read: str) -> dict[str, str]:
    """Return what was chosen, and what was read in the words for which nothing was chosen."""
    return {**read, **request.GET.dict()}


def _answered(names: list[AskedName], reader: Reader, sought: Sequence[str]) -> list[BoxGroup]:
    """Answer for each platform once, under the first name that means it."""
    meant = [(name, name.platforms or _of_owner(name)) for name in names]
    chosen = list(dict.fromkeys(each for _name, platforms in meant for each in platforms))[:MOST]
    facts = facts_of(chosen)
    guides = best_guides(all_guide_lines())
    lines = {
        platform: [
            _line(platform, facts[platform.pk], each, guides)
            for each in _readers(platform, facts[platform.pk], reader, sought)
        ]
        for platform in chosen
    }
    groups = [
        BoxGroup(name, [line for each in platforms for line in lines.pop(each, ())])
        for name, platforms in meant
    ]
    return [group for group in groups if group.lines]


def _readers(
    platform: Platform, facts: PlatformFacts, reader: Reader, sought: Sequence[str]
) -> list[Reader]:
    """Return for whom to answer: on the plan that was typed, each kind of people that has it."""
    plan = asked_plan(facts, [platform.name, *platform.aliases], sought)
    if not plan or (reader.people == People.MINORS and plan not in plans_of(facts, People.MINORS)):
        return [reader]
    if reader.people and plan in plans_of(facts, reader.people):
        return [reader._replace(plan=plan)]
    listed = plan_named(facts, plan)
    kinds: Sequence[People | None] = listed.people if listed and len(listed.people) > 1 else (None,)
    return [reader._replace(plan=plan, people=kind) for kind in kinds]


def _line(
    platform: Platform, facts: PlatformFacts, reader: Reader, guides: Mapping[str, GuideLine]
) -> BoxLine:
    answer = verdict(facts, reader.on(timezone.localdate()))
    chosen = urlencode({axis: str(value) for axis, value in reader._asdict().items() if value})
    address = f"{platform.get_absolute_url()}?{chosen}" if chosen else platform.get_absolute_url()
    return BoxLine(platform, answer, way_buttons(facts, answer, guides)[:1], address)


def _of_owner(name: AskedName) -> list[Platform]:
    return list(name.owner.platforms) if name.owner else []
