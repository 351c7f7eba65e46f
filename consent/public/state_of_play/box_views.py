"""The box on the home page: the answers of several services at once, on a private address."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.language_data import listed_words
from consent.ledger.answers import Stance, Verdict
from consent.ledger.asked_place import place_on_record
from consent.ledger.asked_plan import COMMON_PLANS, are_plans
from consent.ledger.asked_slips import without_slips
from consent.ledger.dates import Dated, leading_date
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.headline_words import short_words
from consent.ledger.place_words import place_name
from consent.ledger.question import Question
from consent.ledger.reader_place import place_in_sentence
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import training_uses, verdict
from consent.models import Entry
from consent.public.questions.announced import asks_until_when
from consent.public.questions.answer_line import AnswerLine
from consent.public.questions.asked_answers import answer_lines
from consent.public.questions.asked_apis import of_apis, with_apis_apart
from consent.public.questions.asked_handling import passed_on_to
from consent.public.questions.asked_question import AskedQuestion, read_question
from consent.public.questions.asked_readers import whose
from consent.public.questions.asked_uses import words_given_to
from consent.public.questions.beside_answers import beside_answers
from consent.public.questions.firsts import firsts_asked
from consent.public.questions.leads import other_apis, sign_up_for
from consent.public.questions.past_days import days_asked
from consent.public.questions.question_refusal import takes_no_plan
from consent.public.roles.roles import (
    query_of_sheet,
    roles_asking,
    roles_named,
    roles_with_plans,
)
from consent.public.state_of_play.compare_views import MOST_SIDE_BY_SIDE, Side, address_of
from consent.public.timeline.next_days import deadlines_of
from consent.search.asked_authorities import asks_for_acts
from consent.search.asked_names import AskedName, may_be_name, read_names
from consent.search.pages import about_the_site, asks_for, pages_for
from consent.search.plain_words import words
from consent.search.questions import (
    NONE_WATCHED,
    read_subject,
    unwatched_kind,
)
from consent.vocabulary import People
from platforms.models import Platform
from platforms.places import Where, countries

#: Characters of the box, and platforms that it answers for at once. Chosen.
LONGEST = 300
MOST = 30
#: Platforms of a company that are answered for instead of a product of it. Chosen.
MOST_OF_OWNER = 2
#: Services for which the checklist is linked above the answers. Chosen.
_SEVERAL = 3
#: Answers that are counted before they are given. Chosen: more than a phone shows at once.
_MANY = 6
#: "Who sold posts to OpenAI"
_ASKS = listed_words("small_words", "asks")


@dataclass(frozen=True, slots=True)
class BoxGroup:
    """What one of the typed names means, with the answers.

    claimed: the platforms of the claims that are asked about, if there are any.
    """

    asked: AskedName
    lines: list[AnswerLine]
    claimed: frozenset[str] = frozenset()

    @property
    def first_and_folded(self) -> list[list[AnswerLine]]:
        """The answers; those of a company's services that no claim is about are apart."""
        first = [each for each in self.lines if each.platform.slug in self.claimed]
        others = [each for each in self.lines if each not in first]
        return [first, others] if first and others else [self.lines]


@require_safe
@cache_control(private=True, no_store=True)
@takes_no_plan
def answers(request: HttpRequest) -> HttpResponse:
    """Answer for each service that was typed; what names none goes to the search.

    Neither kept nor sent to other sites: the address reveals what a person uses.
    """
    typed = request.GET.get("q", "")[:LONGEST].strip()
    listed = listed_platforms()
    text, slips = without_slips(with_apis_apart(typed), listed)
    asked = read_question(text)
    names = _without_plans(read_names(text, listed, aside=asked.aside))
    names = of_apis(names, text, listed)
    if address := _leads_on(request, typed, asked, names):
        return HttpResponseRedirect(address)
    if names:
        asked.refuse_day_to_come(request)
    typed_place = asked.place
    asked = asked._replace(place=place_on_record(typed_place, _recorded_places(names)))
    names, names_seller = _sellers_first(_without_trainers(names, asked.sought), asked.sought)
    asks_who_sold = asks_for("sold", asked.sought) and not names_seller
    sellers = _sellers(names) if asks_who_sold else []
    if sellers:
        names = []  # their own answers are not asked for
    form = asked.form(request)
    reader, day = form.reader(), form.day() or timezone.localdate()
    offered = "" if reader.place or asked.place else place_of_browser(request)
    groups = _answered(names, reader, asked, day, offered)
    lines = [line for group in groups for line in group.lines]
    if not any(line.differs_there or line.now.differs_there for line in lines):
        offered = ""
    platforms = list(dict.fromkeys(line.platform for line in lines))
    beside = beside_answers(request, text, asked.sought, platforms, _first_language(request)[0])
    chosen = {name: request.GET[name] for name in ("people", "asof") if request.GET.get(name)}
    answered = [group.asked for group in groups]
    unknown = [name for name in names if _is_missing(name) and name not in answered]
    was_guessed = typed_place != asked.place == reader.place
    response = render(
        request,
        "standing/answers.html",
        {
            **beside,
            **_wishes(asked, platforms, reader),
            **_links_from(typed, asked, lines, reader, unknown),
            "section": "platforms",
            "typed": typed,
            "names": [each.name for each in listed],
            "groups": _with_claims(groups, beside),
            "sellers": sellers,
            "tally": _tally(lines) if len(lines) >= _MANY else [],
            "slips": slips,
            "unknown": unknown,
            "none_watched": NONE_WATCHED.get(unwatched_kind(_beside(names, asked.sought)), ""),
            "form": form,
            "reader": reader,
            "taken_place": place_name(reader.place) if was_guessed else "",
            "offered": offered,
            "offered_place": place_in_sentence(offered) if offered else "",
            "with_offered": urlencode({"q": typed, "place": offered, **chosen}),
            "days": days_asked(asked, day, typed, reader),
            "choose_place": any(line.now.differs_by_place for line in lines),
            "whose": whose(asked, reader, typed, lines),
        },
    )
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _leads_on(
    request: HttpRequest, typed: str, asked: AskedQuestion, names: Sequence[AskedName]
) -> str:
    """Return the address of the form for mails, or of the search for what is about no service."""
    if asks_for("alerts", asked.sought):
        meant = (name.platforms or _of_owner(name) for name in names)
        to_follow = dict.fromkeys(chain.from_iterable(meant))
        return sign_up_for(to_follow, asked, request)
    are_unknown = all(name.is_unknown for name in names)
    is_open = are_unknown or _asks_more(asked.sought) or asks_for("report", asked.sought)
    is_asked = (
        (are_unknown and bool(pages_for(asked.sought)))
        or asks_for_acts(asked.sought)
        or about_the_site(asked.sought) is not None
        or bool(unwatched_kind(asked.sought))
    )
    is_list = _is_list(typed) and all(
        not name.is_unknown or may_be_name(name, asked.aside) for name in names
    )
    if not (names and is_open and (is_asked or not is_list)):
        return ""
    kept = [
        (name, request.GET[name]) for name in ("place", "people", "asof") if name in request.GET
    ]
    return f"{reverse('search')}?{urlencode([('q', typed), *kept])}"


def _wishes(
    asked: AskedQuestion, platforms: Sequence[Platform], reader: Reader
) -> dict[str, object]:
    """Return what a question wants beside the answers."""
    sought, today = asked.sought, timezone.localdate()
    named = roles_named(sought)
    return {
        "firsts": firsts_asked(asked, platforms, reader.place, today) if platforms else None,
        "kind": read_subject(sought).category,
        "deadlines": deadlines_of(platforms, today) if asks_until_when(sought) else [],
        "roles": roles_asking(reader.people, named, sought),
        "sheets": named[:1],
        "plan_roles": roles_with_plans(reader.people, named),
        "wants_proof": asks_for("proof", sought),
        # Of several services people want what to do, which is far below their answers.
        "wants_sheet": asks_for("sheet", sought) or len(platforms) >= _SEVERAL,
        "wants_side_by_side": asks_for("side-by-side", sought),
        "other_apis": other_apis(sought),
    }


def _links_from(
    typed: str,
    asked: AskedQuestion,
    lines: Sequence[AnswerLine],
    reader: Reader,
    unknown: Sequence[AskedName],
) -> dict[str, object]:
    """Return the addresses of other pages about the same services, for the same reader."""
    slugs = list(dict.fromkeys(line.platform.slug for line in lines))
    together = [*(("p", slug) for slug in slugs), *_for_whom(lines, reader)]
    age = asked.age if reader.people == People.MINORS else None
    if age is not None:
        together.append(("age", str(age)))
    if unknown:
        together.append(("names", ", ".join(name.typed for name in unknown)))
    return {
        "together": urlencode(together),
        "whole_site": f"{reverse('search')}?{urlencode({'q': typed})}",
        "services": query_of_sheet(slugs, age),
        "watch": urlencode([*(("platform", slug) for slug in slugs), *_place(reader)]),
        "compared": _compared(lines, age),
        "are_plans": len(slugs) == 1 and all(line.plan for line in lines),
    }


def _tally(lines: Sequence[AnswerLine]) -> list[tuple[str, list[tuple[AnswerLine, str]]]]:
    """Return the answers of today in brief, in the order of stances, with the lines of each.

    A platform with several answers is named with what each of them is about, such as a place.
    """
    answers_of = Counter(line.platform for line in lines)
    found: dict[str, dict[tuple[Platform, str], AnswerLine]] = defaultdict(dict)
    for line in sorted(lines, key=lambda line: list(Stance).index(line.now.verdict.stance)):
        label = capfirst(line.now.about) if answers_of[line.platform] > 1 else ""
        found[short_words(line.now.verdict, in_brief=True)].setdefault((line.platform, label), line)
    return [
        (words, [(line, label) for (_platform, label), line in named.items()])
        for words, named in found.items()
    ]


def _sellers(names: Sequence[AskedName]) -> list[tuple[Entry, Dated | None]]:
    """Return who passed content on to these, with a day: since when is often a last day only."""
    buyers = [each for name in names for each in name.platforms or _of_owner(name)]
    found = passed_on_to(buyers) if buyers else ()
    return [(each, leading_date(each, "announced") or leading_date(each)) for each in found]


def _with_claims(groups: list[BoxGroup], beside: Mapping[str, Any]) -> list[BoxGroup]:
    """Put the services first that claims are about, where these come before the answers."""
    if not beside["claims_first"]:
        return groups
    claimed = frozenset(slug for claim in beside["claims"] for slug in claim.platforms)
    return [replace(group, claimed=claimed) for group in groups]


def _sellers_first(
    names: Sequence[AskedName], sought: Sequence[str]
) -> tuple[list[AskedName], bool]:
    """Put those to whom a question says that content was passed on after the others it names.

    Return as well whether it names who passes it on: both, or one, where nobody asks who that is.
    """
    asks_to_whom = asks_for("passed-on", sought)
    given_to = words_given_to(sought) if asks_to_whom else set()

    def is_buyer(platform: Platform) -> bool:
        return not given_to.isdisjoint(words(f"{platform.name} {platform.operator}"))

    sorted_within = [
        replace(name, platforms=sorted(name.platforms, key=is_buyer)) for name in names
    ]
    ordered = sorted(sorted_within, key=lambda name: any(map(is_buyer, name.platforms[:1])))
    are_buyers = {is_buyer(each) for name in ordered for each in name.platforms}
    asks_who = not _ASKS.isdisjoint(sought[:1])
    return ordered, asks_to_whom and False in are_buyers and (True in are_buyers or not asks_who)


def _without_trainers(names: list[AskedName], sought: Sequence[str]) -> list[AskedName]:
    """Leave out the services of a company that is named for what it takes from another service.

    "My books on Findaway got used by Apple" is about no service of Apple, which trains on them.
    """
    named = [platform for name in names for platform in name.platforms]
    if len(named) < 2:
        return names
    pairs = list(pairwise(sought))
    by, took = (listed_words("small_words", key) for key in ("by", "took"))
    takes = {
        *(word for before, word in pairs if before in by),
        *(word for word, after in pairs if after in took),
    }
    trainers = {
        word
        for facts in facts_of(named).values()
        for use in training_uses(facts)
        for word in words(use.trained_by)
    } & takes

    def is_named_alone(platform: Platform) -> bool:
        is_of_trainer = not trainers.isdisjoint(words(platform.operator))
        return not is_of_trainer or not trainers.issuperset(
            {*words(platform.name)}.intersection(sought)
        )

    kept = [(name, list(filter(is_named_alone, name.platforms))) for name in names]
    return [replace(name, platforms=rest) for name, rest in kept if rest or not name.platforms]


def _is_missing(name: AskedName) -> bool:
    """Return whether a name has no record of its own. A kind of services is none."""
    is_kind = name.is_unknown and not name.product and unwatched_kind(words(name.typed))
    return not is_kind and (name.is_unknown or name.owner is not None)


def _beside(names: Sequence[AskedName], sought: Sequence[str]) -> list[str]:
    """Return the plain words of a question that belong to no name of a service."""
    own = {word for name in names for each in name.platforms for word in words(each.name)}
    own |= {word for name in names for word in words(name.product)}
    return [word for word in sought if word not in own]


def _for_whom(lines: Sequence[AnswerLine], reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the place, and the people who were chosen or whom the answers are for, as parameters.

    Of answers for several kinds of people: those with an answer on record for most services.
    """
    yield from _place(reader)
    kinds = dict.fromkeys(line.verdict.people for line in lines)
    if reader.people or len(kinds) == 1:
        yield "people", reader.people or str(*kinds)
    elif kinds:
        facts = facts_of({line.platform for line in lines})
        answers = {
            kind: [
                verdict(each, Question(timezone.localdate(), reader.place, kind))
                for each in facts.values()
            ]
            for kind in kinds
        }
        yield "people", max(kinds, key=lambda kind: sum(map(_is_on_record, answers[kind])))


def _is_on_record(answer: Verdict) -> bool:
    return not (answer.nothing_on_record or answer.instead_of)


def _place(reader: Reader) -> list[tuple[str, str]]:
    return [("place", reader.place)] if reader.place else []


def _compared(lines: Sequence[AnswerLine], age: int | None) -> str:
    """Return the query of the page with all answers side by side; "" if it is not for so many."""
    days = {line.verdict.day for line in lines}
    sides = [
        Side(line.platform, line.plan, line.reader.place, line.reader.people or "")
        for line in lines
    ]
    if not 1 < len(set(sides)) <= MOST_SIDE_BY_SIDE or len(days) > 1:
        return ""
    (day,) = days
    return address_of(sides, "" if day == timezone.localdate() else day.isoformat(), age)


def place_of_browser(request: HttpRequest) -> str:
    """Return the country in the first language that a browser asks for; "" if it names none."""
    _language, region = _first_language(request)
    return region if region in countries() else ""


def _first_language(request: HttpRequest) -> tuple[str, str]:
    """Return the first language that a browser asks for, and its country; "" for what is not."""
    first = request.headers.get("Accept-Language", "").split(",")[0].partition(";")[0]
    language, *further = first.strip().split("-")
    return language.lower(), further[-1].upper() if further else ""


def _asks_more(sought: Sequence[str]) -> bool:
    """Return whether the search answers: until when, what authorities did.

    How long something is kept is no deadline.
    """
    has_deadline = asks_until_when(sought) and not asks_for("kept", sought)
    return has_deadline or asks_for_acts(sought)


def _is_list(typed: str) -> bool:
    """Return whether names were typed with separators, and no question with a comma in it."""
    return any(separator in typed for separator in ",;\n") and "?" not in typed


def _without_plans(names: list[AskedName]) -> list[AskedName]:
    """Leave out what is a plan of a service beside it, "Copilot Free, Business", or of many."""
    if all(name.is_unknown for name in names) or not any(name.is_unknown for name in names):
        return names
    facts = facts_of({platform for name in names for platform in name.platforms})
    return [
        name
        for name in names
        if not name.is_unknown
        or not (
            set(words(name.typed)) <= COMMON_PLANS
            or any(are_plans(each, name.typed) for each in facts.values())
        )
    ]


def _answered(
    names: list[AskedName], reader: Reader, asked: AskedQuestion, day: dt.date, offered: str
) -> list[BoxGroup]:
    """Answer for each platform once, under the first name that means it."""
    meant = [
        (name, name.platforms or _of_owner(name)) for name in names if not _is_one_of_many(name)
    ]
    chosen = list(dict.fromkeys(each for _name, platforms in meant for each in platforms))[:MOST]
    lines = answer_lines(chosen, facts_of(chosen), reader, asked, day, offered)
    groups = [
        BoxGroup(name, [line for each in platforms for line in lines.pop(each, ())])
        for name, platforms in meant
    ]
    return [group for group in groups if group.lines]


def _recorded_places(names: Iterable[AskedName]) -> Iterator[Where]:
    """Yield where what is on record of services happens."""
    for facts in facts_of(each for name in names for each in name.platforms).values():
        for use in facts.uses:
            yield from (branch.where for branch in use.branches)


def _is_one_of_many(name: AskedName) -> bool:
    """Return whether a product's company has too many platforms to answer for all of them."""
    return name.owner is not None and len(name.owner.platforms) > MOST_OF_OWNER


def _of_owner(name: AskedName) -> list[Platform]:
    return list(name.owner.platforms) if name.owner else []
