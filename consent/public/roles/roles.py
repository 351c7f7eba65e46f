"""Sheets for kinds of people: their platforms with answers, and the plan that is meant for them.

What they say is in roles.yaml.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

import yaml
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from consent.ledger.ages import at_age_of_account
from consent.ledger.answers import Stance, Verdict
from consent.ledger.audiences import plan_named
from consent.ledger.catalog_words import translated
from consent.ledger.consent_ages import ConsentAge, consent_age_in
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.headline_words import headline, short_name
from consent.ledger.place_words import in_parentheses, listed
from consent.ledger.platform_facts import CompaniesBehind, PlanFacts, PlatformFacts, UseFacts
from consent.ledger.question import Question, RefusedQuestionError, checked
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import (
    answer_of_adults,
    training_uses,
    verdict,
    verdict_at_age,
    verdict_over,
    with_ways_of_adults,
)
from consent.ledger.verdict_words import trainers_named
from consent.ledger.way_buttons import (
    Guides,
    WayButton,
    best_guides,
    further_buttons,
    way_buttons,
)
from consent.ledger.who_sets import Setting, admin_first, decides_itself, settings_of, with_notes
from consent.public.checklist.directions import Directions, Place, directions_of
from consent.public.questions.answer_line import FirstLine
from consent.public.questions.beside_headline import uses_of_adults
from consent.public.roles.letter_words import Accounts
from consent.search.pages import SitePage
from consent.search.plain_words import phrases_in
from consent.vocabulary import People, PlanKind
from consent.web.date_words import format_date
from consent.web.page_language import colon
from platforms.models import Platform

_FILE = Path(__file__).with_suffix(".yaml")
_TITLES = {
    "providers": _("Which AI providers train on what you send"),
    "api": _("API"),
    "data": _("Data"),
}
#: Where whoever sends a letter signs it.
_SIGNATURE = "_" * 30
_Texts = Mapping[str, str]
_Text = TypeVar("_Text")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RolePlatform(_Part):
    """plans: meant for these people; their answers are printed beside that for everybody."""

    slug: str
    plans: tuple[str, ...] = ()


class RoleLetter(_Part):
    """called: what it is, after "a sheet with these services and". to: phrases for its readers.

    services: before what is on record of each service; it says what training is. regards: at its
    end.
    """

    called: _Texts
    to: Mapping[str, tuple[str, ...]] = {}
    subject: _Texts
    body: Mapping[str, tuple[str, ...]]
    services: _Texts | None = None
    regards: _Texts


class RolePupils(_Part):
    """A page that pupils read themselves. rules: what to do; body: before the services."""

    title: _Texts
    body: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, tuple[str, ...]]


class Role(_Part):
    """A role as its file has it.

    people: whose answers are printed, if not those of the first kind of each platform. asked_for:
    the people whom these ask for. organisations: what their organisations are called. views: the
    names of further pages for these people. lacks: said where no plan is meant for them.
    """

    slug: str
    title: _Texts
    words: Mapping[str, tuple[str, ...]]
    lead: _Texts
    advice: Mapping[str, tuple[str, ...]]
    platforms: tuple[RolePlatform, ...]
    people: People | None = None
    asked_for: People | None = None
    organisations: _Texts | None = None
    letter: RoleLetter | None = None
    pupils: RolePupils | None = None
    lacks: _Texts | None = None
    views: tuple[str, ...] = ()

    @property
    def pages(self) -> list[SitePage]:
        return [SitePage(view, _TITLES[view]) for view in self.views]

    def get_absolute_url(self) -> str:
        return reverse("role", args=[self.slug])

    def plans_on(self, platform: Platform, people: People | None = None) -> tuple[str, ...]:
        """Return the plans of a platform that are meant for these people.

        people: who asks. For an organisation, a plan that it alone can have comes before those for
        which people sign up themselves, which are left out then.
        """
        plans = next((each.plans for each in self.platforms if each.slug == platform.slug), ())
        if people != People.ORGANISATION:
            return plans
        whose = {each["name"]: each["people"] for each in platform.plans}
        return tuple(each for each in plans if whose.get(each) == [people.value]) or plans

    def called(self, people: People) -> str:
        """Return what people are called here: "schools" for the organisations of teachers."""
        if people == People.ORGANISATION and self.organisations:
            return _here(self.organisations)
        return str(people.label)

    @property
    def name(self) -> str:
        return _here(self.title)

    @property
    def purpose(self) -> str:
        return _here(self.lead)

    @property
    def letter_called(self) -> str:
        return _here(self.letter.called) if self.letter else ""

    def is_told_by(self, query: Sequence[str]) -> bool:
        """Return whether a question in plain words names it."""
        return any(phrases_in(query, phrases) for phrases in self.words.values())

    def sends_to(self, query: Sequence[str]) -> list[str]:
        """Return the phrases of a question for whom its letter is sent to."""
        to = self.letter.to.values() if self.letter else ()
        return [phrase for phrases in to for phrase in phrases_in(query, phrases)]


def query_of_sheet(slugs: Iterable[str], age: int | None = None) -> str:
    """Return the query of a sheet for services that somebody chose; "" for the usual ones.

    age: of the minors, if it is for one.
    """
    query = [("p", slug) for slug in dict.fromkeys(slugs)]
    if query and age is not None:
        query.append(("age", str(age)))
    return f"?{urlencode(query)}" if query else ""


def roles_named(query: Sequence[str]) -> list[Role]:
    """Return the roles that a question in plain words names.

    Without those to whom the others send a letter, such as the parents of pupils.
    """
    named = [role for role in roles().values() if role.is_told_by(query)]
    sent_to = {phrase for role in named for phrase in role.sends_to(query)}
    if sent_to:
        rest = f" {' '.join(query)} "
        for phrase in sent_to:
            rest = rest.replace(f" {phrase} ", " ")
        named = [role for role in named if role.sends_to(query) or role.is_told_by(rest.split())]
    return named


def roles_asking(
    people: People | None, named: Sequence[Role] = (), query: Sequence[str] = ()
) -> list[Role]:
    """Return the roles that a question names; then those who ask for people."""
    if people is None:
        return [*named]
    every = roles().values()
    is_sent = any(role.sends_to(query) for role in named)
    asking = [each for each in every if people == each.people and not is_sent]
    asking += [each for each in every if people == each.asked_for]
    return [*named, *(each for each in asking if each not in named)]


def roles_with_plans(people: People | None, named: Sequence[Role] = ()) -> list[Role]:
    """Return the roles for which plans are meant: those that a question names, else of the people.

    Those who ask for people, such as their school, have other plans than these have at home.
    """
    of_people = [each for each in roles().values() if people and each.people == people]
    return [*named] or of_people


def on_own_plans(
    platform: Platform, facts: PlatformFacts, named: Iterable[Role], answer: Verdict
) -> list[tuple[str, Verdict]]:
    """Return what an answer for organisations is on the plans of theirs, such as those of schools.

    Begun on other plans, it has not been so for a school since then. None of organisations without
    a name of their own: the answer is theirs.
    """
    if answer.people != People.ORGANISATION or answer.plan:
        return []
    own = [role for role in named if role.organisations]
    plans = dict.fromkeys(plan for each in own for plan in each.plans_on(platform, answer.people))
    found = []
    for plan in plans:
        with suppress(RefusedQuestionError):
            asked = checked(facts, Question(answer.day, answer.place, answer.people, plan))
            found.append((plan, verdict_over(facts, answer.uses, asked)))
    return [(plan, each) for plan, each in found if not each.nothing_on_record]


class WrittenLetter(NamedTuple):
    subject: str
    paragraphs: tuple[str, ...]


class PupilsPage(NamedTuple):
    """What pupils read. services: each with what is said of its accounts."""

    title: str
    body: tuple[str, ...]
    services: list[tuple[RoleLine, list[str]]]
    rules: tuple[str, ...]


class RoleLine(NamedTuple):
    """A platform on a sheet.

    with_plans: the answers with the plans that are meant for these people, each with words for whom
    it is; without any, that for organisations, if there is one. lacks: said without any of them.
    for_asked: the answer for those whom these people ask for, if it is another than the first;
    at_home: what is on record for theirs, if they have no organisation; accounts: what a letter
    says of both. settings: who in an
    organisation sets what; decides_itself: it agrees, or does not. places: where that is found
    which no guide explains, by menus. also: uses that are not offered at the age of a child.
    adults: what is on record of them, where less is of minors who ask.
    """

    platform: Platform
    verdict: Verdict
    buttons: list[WayButton]
    with_plans: list[tuple[str, Verdict]]
    lacks: str
    for_asked: Verdict | None
    at_home: AtHome | None
    accounts: Accounts | None
    settings: Sequence[Setting]
    decides_itself: bool
    places: Sequence[Place]
    also: Sequence[FirstLine]
    adults: Verdict | None

    @property
    def who_trains(self) -> str:
        """Say who trains; which company it is, where nobody is known to."""
        company = translated(self.verdict.operator)
        label, names = trainers_named(self.verdict, CompaniesBehind.without_owners)
        if not any(line.is_on for line in self.verdict.lines):
            label, names = gettext("Company"), company
        elif label != gettext("Who trains"):
            label, names = gettext("Who trains"), listed(filter(None, (company, names)))
        return f"{label}{colon()} {names}"

    @property
    def asked_on_school_plan(self) -> bool:
        """Whether the answer for those whom these ask for names a plan that a school gives them."""
        of_schools = {
            each["name"] for each in self.platform.plans if each.get("kind") == PlanKind.EDUCATION
        }
        parts = self.for_asked.parts if self.for_asked else ()
        return any(of_schools.intersection(part.plans) for part in parts)

    @property
    def further_steps(self) -> list[str]:
        """The addresses of guides to settings, for paper, where no button leads to them."""
        shown = {button.address.partition("#")[0] for button in self.buttons}
        guides = [each.guide.get_absolute_url() for each in self.settings if each.guide]
        return [address for address in dict.fromkeys(guides) if address not in shown]


class AtHome(NamedTuple):
    """What is on record for accounts without an organisation.

    reader: for whom the pages behind the buttons answer. refusing: the answer with what they can
    refuse though it is not on record for them; None if they can refuse nothing. buttons: to that;
    where it is not known of them, to what adults can refuse.
    """

    reader: Reader
    answer: Verdict
    refusing: Verdict | None
    buttons: list[WayButton]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A role in the language of the page, with the answers of a day.

    named: slugs of the platforms that somebody chose; without any, it has the usual ones.
    age: of the minors, if it is for one. consent_age: from which a child consents alone, by the
    law of place.
    """

    role: Role
    day: dt.date
    lines: list[RoleLine]
    usual: list[str]
    named: list[str]
    age: int | None = None
    consent_age: ConsentAge | None = None
    place: str = ""

    @property
    def advice(self) -> tuple[str, ...]:
        return _here(self.role.advice)

    @property
    def as_of(self) -> str:
        """Say of which day the answers are and whose, for paper that leaves who printed it."""
        # Translators: before what is known; address: of this site
        words = gettext("As of %(day)s, according to Default On (%(address)s)")
        return words % {"day": format_date(self.day), "address": settings.SITE_URL}

    @property
    def consent_age_told(self) -> str:
        return self.consent_age.words_in(self.place) if self.consent_age else ""

    @property
    def at_home(self) -> list[tuple[Platform, AtHome]]:
        homes = [(line.platform, line.at_home) for line in self.lines if line.at_home]
        return [(platform, home) for platform, home in homes if home.refusing]

    @property
    def with_usual(self) -> str:
        """The address with the usual platforms of the role too; "" if it has them."""
        missing = {*self.usual} - {*self._slugs}
        return self._address([*self._slugs, *self.usual]) if missing else ""

    @property
    def fewer(self) -> list[tuple[RoleLine, str]]:
        """The lines, each with the address without it; "" where it is the only one."""
        return [
            (line, self._address([each for each in self._slugs if each != line.platform.slug]))
            for line in self.lines
        ]

    @property
    def _slugs(self) -> list[str]:
        return [line.platform.slug for line in self.lines]

    def _address(self, slugs: Iterable[str]) -> str:
        chosen = query_of_sheet(slugs, self.age)
        return f"{self.role.get_absolute_url()}{chosen}" if chosen else ""

    @property
    def chosen(self) -> str:
        """The query with what somebody chose, for the sheets of others; "" without a choice."""
        return query_of_sheet(self.named, self.age)

    @property
    def letter(self) -> WrittenLetter | None:
        letter = self.role.letter
        if letter is None:
            return None
        told = [
            f"{line.platform.name}{colon()} {line.accounts.words}"
            for line in self.lines
            if line.accounts
        ]
        services: tuple[str, ...] = ()
        if letter.services and told:
            services = (f"{_here(letter.services)} {self.as_of}{colon()}", *told)
        paragraphs = (*_here(letter.body), *services, _here(letter.regards), _SIGNATURE)
        return WrittenLetter(_here(letter.subject), paragraphs)

    @property
    def for_pupils(self) -> PupilsPage | None:
        pupils = self.role.pupils
        if pupils is None:
            return None
        told = [(line, line.accounts.for_pupils) for line in self.lines if line.accounts]
        return PupilsPage(_here(pupils.title), _here(pupils.body), told, _here(pupils.rules))


@cache
def roles() -> Mapping[str, Role]:
    """Return all roles by their slug, in the order of the file."""
    read = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {role.slug: role for role in map(Role.model_validate, read)}


def sheet_of(
    role: Role,
    place: str,
    people: People | None,
    day: dt.date,
    named: Sequence[str] = (),
    age: int | None = None,
) -> Sheet:
    """Return the sheet of a role for people in a place, without platforms that are not listed.

    named: slugs of platforms, instead of the usual ones. age: of the minors, if it is for one.
    """
    by_slug = {each.slug: each for each in listed_platforms()}
    chosen = [slug for slug in dict.fromkeys(named) if slug in by_slug]
    usual = [each.slug for each in role.platforms if each.slug in by_slug]
    shown = [by_slug[slug] for slug in chosen or usual]
    facts = facts_of(shown)
    guides = best_guides(all_guide_lines())
    directions = directions_of(shown, ())
    lines = []
    for platform in shown:
        of_platform, of_children, _others = at_age_of_account(facts[platform.pk], age, place)
        answer = verdict_at_age(of_platform, Question(day, place, people), of_children)
        better = [
            told
            for plan in role.plans_on(platform, people)
            for told in _with_plan(of_platform, plan, place, people, day, answer.lead)
        ]
        buttons = way_buttons(of_platform, answer, guides)
        buttons += further_buttons(of_platform, answer, guides, buttons)
        is_told = answer.people == People.ORGANISATION and not answer.nothing_on_record
        if role.lacks and not better and not is_told:
            better = _for_organisations(of_platform, place, day)
        lacks = _here(role.lacks) if role.lacks and not better and not is_told else ""
        for_asked = at_home = accounts = None
        if role.asked_for:
            own = verdict_at_age(of_platform, Question(day, place, role.asked_for), of_children)
            for_asked = own if role.asked_for != answer.people else None
            at_home = _at_home(of_platform, own, Reader(place, role.asked_for), guides)
            accounts = _accounts(role, platform, of_platform, at_home)
        settings = with_notes(settings_of(of_platform, answer, guides))
        lines.append(
            RoleLine(
                platform,
                answer,
                admin_first(buttons, settings),
                better,
                lacks,
                for_asked,
                at_home,
                accounts,
                settings,
                decides_itself(of_platform, answer),
                _places_of(buttons, directions),
                [] if age is None else uses_of_adults(of_platform, answer, age),
                answer_of_adults(of_platform, answer) if people == People.MINORS else None,
            )
        )
    consent_age = consent_age_in(place) if people == People.MINORS else None
    return Sheet(role, day, lines, usual, chosen, age, consent_age, place)


def _at_home(facts: PlatformFacts, own: Verdict, reader: Reader, guides: Guides) -> AtHome:
    refusing = with_ways_of_adults(facts, own)
    if _can_be_refused(refusing):
        return AtHome(reader, own, refusing, way_buttons(facts, own, guides))
    is_unknown = Stance.UNKNOWN in {own.stance, *(part.stance for part in own.parts)}
    adults = answer_of_adults(facts, own) if is_unknown else None
    if adults and _can_be_refused(adults):
        return AtHome(reader, own, None, way_buttons(facts, adults, guides))
    return AtHome(reader, own, None, [])


def _accounts(role: Role, platform: Platform, facts: PlatformFacts, home: AtHome) -> Accounts:
    own, asked = home.answer, home.answer.question
    plans = role.plans_on(platform, People.ORGANISATION)
    known = [(plan, answer) for plan in plans if (answer := _at_school(facts, plan, asked))]
    plan, at_school = next(iter(known), ("", None))
    if at_school is None:
        answer = verdict(facts, replace(asked, people=People.ORGANISATION, plan=""))
        is_told = answer.people == People.ORGANISATION and not answer.nothing_on_record
        at_school = answer if is_told else None
    are_of_teachers = any(
        not answer.nothing_on_record
        for each in role.plans_on(platform)
        if each not in plans
        for _words, answer in _with_plan(
            facts, each, asked.place, People.PERSONAL, asked.day, own.lead
        )
    )
    addresses = [
        f"{settings.SITE_URL}{button.address.partition('#')[0]}" for button in home.buttons
    ]
    refusing = home.refusing or own
    return Accounts(
        _with_rest(facts, at_school),
        _with_platform(facts, plan),
        _with_rest(facts, own),
        frozenset(use.key for use in training_uses(facts)),
        _with_rest(facts, _of_adults(facts, own, plans)),
        frozenset(plans),
        are_of_teachers,
        tuple(dict.fromkeys(addresses)),
        are_limited=any(button.to_whom for button in home.buttons),
        of_adults=home.refusing is None,
        is_confirmed=all(way.control.binding for way in refusing.ways),
    )


def _with_rest(facts: PlatformFacts, answer: Verdict | None) -> list[Verdict]:
    """Return an answer, and those about uses of which another is known, if these have a name."""
    if answer is None:
        return []
    stances: dict[str, set[Stance]] = {}
    for each in answer.by_atom.values():
        for key, stance in each.by_use:
            stances.setdefault(key, set()).add(stance)
    rest: dict[frozenset[Stance], list[UseFacts]] = {}
    for use in answer.uses:
        told = frozenset(stances.get(use.key, ()))
        if told - {answer.stance, Stance.UNKNOWN} and short_name(use):
            rest.setdefault(told, []).append(use)
    if answer.stance == Stance.DEPENDS or answer.is_agreed_in_part:
        rest = {}  # its parts name the uses
    return [
        answer,
        *(verdict_over(facts, tuple(uses), answer.question) for uses in rest.values()),
    ]


def _of_adults(facts: PlatformFacts, own: Verdict, left_out: Sequence[str]) -> Verdict | None:
    """Return the answer of adults, where they know more of a use than minors who ask.

    left_out: plans of schools.
    """
    if own.is_inferred or own.is_for_adults_only:
        return None
    at_home = [each for atom, each in own.by_atom.items() if atom.plan not in left_out]
    is_silent = any(not each.lines for each in at_home)
    unrecorded = {key for each in at_home for key in each.unrecorded}
    asked = replace(own.question, people=People.PERSONAL)
    open_uses = [use for use in own.uses if is_silent or use.key in unrecorded]
    if all(verdict_over(facts, (use,), asked).stance == Stance.UNKNOWN for use in open_uses):
        return None
    answer = verdict(facts, asked)
    return answer if answer.people == People.PERSONAL else None


def _at_school(facts: PlatformFacts, plan: str, asked: Question) -> Verdict | None:
    """Return what is on record of a plan of schools: for pupils, else for schools."""
    for people in (asked.people, People.ORGANISATION):
        with suppress(RefusedQuestionError):
            answer = verdict(facts, checked(facts, replace(asked, people=people, plan=plan)))
            if answer.people == people and not (answer.nothing_on_record or answer.is_inferred):
                return answer
    return None


def _can_be_refused(answer: Verdict) -> bool:
    """Return whether people can refuse it themselves: nobody has an admin at home."""
    return bool(answer.ways) and not answer.ways[0].control.is_by_admin


def _places_of(buttons: Iterable[WayButton], directions: Mapping[str, Directions]) -> list[Place]:
    """Return where is found what buttons lead to, each place once."""
    keys = [each.without_guide for each in buttons if not each.is_hint]
    places = [place for key in keys if key in directions for place in directions[key].places]
    return list({(each.surfaces, each.path): each for each in places if each.path}.values())


def _with_plan(
    facts: PlatformFacts,
    plan: str,
    place: str,
    asking: People | None,
    day: dt.date,
    lead: UseFacts | None,
) -> list[tuple[str, Verdict]]:
    """Return the answers with a plan, one for each kind of people; once if it is the same.

    asking: answered alone, if the plan is for them. lead: the use of which a plan for several kinds
    of people is asked, as further uses are those of one kind.
    """
    listed = plan_named(facts, plan)
    kinds: Sequence[People | None] = listed.people if listed and listed.people else (None,)
    uses = (lead,) if lead and len(kinds) > 1 else ()
    if asking is not None and asking in kinds:
        kinds = (asking,)
    found = []
    for people in kinds:
        with suppress(RefusedQuestionError):
            asked = checked(facts, Question(day, place, people, plan))
            answer = verdict_over(facts, uses, asked) if uses else verdict(facts, asked)
            found.append(replace(answer, plan_names_people=True))
    known = [each for each in found if not each.nothing_on_record] or found[:1]
    name = _plan_in_full(facts, listed) if listed else plan
    if uses and lead and len(training_uses(facts)) > 1 and (of_use := short_name(lead)):
        name = f"{name}, {of_use}"
    if len({(headline(each), each.since) for each in known}) == 1:
        return [(gettext("With an account on %(plan)s:") % {"plan": name}, known[0])]
    words = gettext("On %(plan)s, for %(people)s:")
    return [(words % {"plan": name, "people": each.people.label}, each) for each in known]


def _plan_in_full(facts: PlatformFacts, plan: PlanFacts) -> str:
    """Return a plan by the name that has its platform's in it, and the group that can have it."""
    whole = _with_platform(facts, plan.name)
    groups = dict.fromkeys(
        translated(branch.who)
        for use in facts.uses
        for branch in use.branches
        if branch.plans == (plan.name,) and branch.who and not branch.who_narrows
    )
    return in_parentheses(whole, list(groups)[:1])


def _with_platform(facts: PlatformFacts, plan: str) -> str:
    """Return a plan by the name that has its platform's in it, if it has one."""
    listed_plan = plan_named(facts, plan) if plan else None
    aliases = listed_plan.aliases if listed_plan else ()
    return next((alias for alias in aliases if facts.name in alias), plan)


def _for_organisations(facts: PlatformFacts, place: str, day: dt.date) -> list[tuple[str, Verdict]]:
    """Return the answer for organisations, where something is on record for them."""
    answer = verdict(facts, Question(day, place, People.ORGANISATION))
    words = gettext("With an account of an organisation, such as a school:")
    return [] if answer.nothing_on_record else [(words, answer)]


def _here(texts: Mapping[str, _Text]) -> _Text:
    language = get_language() or settings.LANGUAGE_CODE
    return texts.get(language) or texts[settings.LANGUAGE_CODE]
