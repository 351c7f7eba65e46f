"""The ways out of an answer as buttons: its own, those of other uses, those of other people."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext

from consent.ledger.answers import Stance, Verdict, WayOut
from consent.ledger.place_words import SEMICOLON
from consent.ledger.platform_facts import UseFacts
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import (
    answer_of_use,
    other_answers,
    training_uses,
    ways_of_uses,
    with_ways_of_adults,
)
from consent.ledger.verdict_words import act_words, name_of, people_of
from consent.ledger.way_buttons import (
    WayButton,
    are_for_some_places,
    further_buttons,
    told_apart,
)
from consent.ledger.who_sets import is_of_api_alone, only_for_purposes
from consent.public.questions.platform_question import PlatformQuestion
from consent.search.questions import read_subject
from consent.vocabulary import GIVING_UP, People, Purpose, StateValue

#: Ways out for people in different places. Chosen.
_WAYS = 4
_NOT_YES = frozenset((Stance.NO, Stance.NOT_ANY_MORE, Stance.NOT_OFFERED, Stance.UNKNOWN))


def answer_buttons(asked: PlatformQuestion, answer: Verdict, reader: Reader) -> list[WayButton]:
    """Return the way out of an answer as a button, or else that of other people.

    Whoever wants to turn off what does not train gets the switch of the rest: "Gemini in Gmail".
    """
    found = _own_buttons(asked, answer) or _buttons_of_others(asked, answer, reader)
    found += further_buttons(asked.facts, answer, asked.guides, found)
    if found or not read_subject(asked.question.sought).wants_way_out:
        return found
    return [each for each in _ways_of_others(asked, answer) if not each.without_guide]


def _own_buttons(asked: PlatformQuestion, answer: Verdict) -> list[WayButton]:
    """Return the way out as a button; each with its place, where ways differ and none was named.

    Of what cannot be refused or is off: the way round it, that of another use, or where it is set.
    """
    facts = asked.facts
    if are_for_some_places(facts, answer):
        answer = with_ways_of_adults(facts, answer)
        each_way = (replace(answer, ways=(way,)) for way in answer.ways[:_WAYS])
        found = [button for one in each_way for button in asked.first_way(one)]
        return sorted(told_apart(found), key=lambda button: button.is_hint)
    values = {line.value for line in answer.lines}
    may_agree = not answer.is_warm and StateValue.ONLY_IF_AGREED in values
    if (answer.stance == Stance.ONLY_IF_AGREED or may_agree) and not answer.ways:
        is_all = set(answer.uses) == set(training_uses(facts))
        others = [] if is_all else _ways_of_others(asked, answer)
        return _where_it_is_set(asked, answer) or others
    has_none = answer.way == WayOut.NONE or answer.nothing_on_record
    if has_none and (others := _ways_of_others(asked, answer)):
        own = asked.first_way(answer) if answer.ways else []
        told = {each.address for each in others}
        return [*(each for each in own if each.address not in told), *others]
    return asked.first_way(answer)


def _buttons_of_others(asked: PlatformQuestion, answer: Verdict, reader: Reader) -> list[WayButton]:
    """Return the way of the first other people who have one, with whom it is for."""
    if answer.way != WayOut.NONE:
        return []
    for other in other_answers(asked.facts, answer, reader.on(answer.day)):
        if other.ways and (found := asked.first_way(other)):
            # Translators: "only for: creators (channel owners)", beside a way to refuse
            about = gettext("only for: %(uses)s") % {"uses": people_of(other)}
            return [replace(found[0], to_whom=about, is_of_another_use=True)]
    return []


def _where_it_is_set(asked: PlatformQuestion, answer: Verdict) -> list[WayButton]:
    """Return where people agree, and take that back; no button where that is for some only.

    Giving up the product is no such place: it keeps its own name.
    """
    facts, on_record = asked.facts, {line.use.key: line.use for line in answer.lines}
    ways = ways_of_uses(facts, on_record.values(), answer.question)
    ways = tuple(way for way in ways if answer.plan or not is_of_api_alone(facts, way.control))
    if not ways:
        return []
    places = tuple(way for way in ways if way.control.refuse not in GIVING_UP)
    found = asked.first_way(replace(answer, ways=places or ways))
    if not places:
        missing = gettext("where permission is given is not on record")
        words = (str(SEMICOLON).join(filter(None, (each.to_whom, missing))) for each in found)
        return [replace(each, to_whom=told) for each, told in zip(found, words, strict=True)]
    return [
        each
        if each.is_hint
        else replace(each, act=gettext("Where it is set"), is_hint=bool(each.to_whom))
        for each in found
    ]


def _says_no_yes(answer: Verdict) -> bool:
    """Return whether an answer is "no" or not known, at least of a part, and "yes" of none."""
    stances = {answer.stance, *(part.stance for part in answer.parts)}
    return Stance.YES not in stances and not stances.isdisjoint(_NOT_YES)


def _ways_of_others(asked: PlatformQuestion, answer: Verdict) -> list[WayButton]:
    """Return the way out of another use than those that cannot be refused, with its name.

    For an organisation that of its administrators, which says for what purpose it is.
    """
    fixed = {line.use.key for line in answer.lines if line.is_on}
    for use in asked.facts.uses:
        ways = ways_of_uses(asked.facts, (use,), answer.question) if use.key not in fixed else ()
        ways = tuple(way for way in ways if way.control.refuse not in GIVING_UP)
        if answer.people == People.ORGANISATION:
            ways = tuple(sorted(ways, key=lambda way: not way.control.is_by_admin))
        of_use = replace(answer_of_use(asked.facts, use, answer.question), ways=ways)
        if of_use.nothing_on_record:  # for these people
            continue
        if ways and (found := asked.first_way(of_use)):
            return [_about_another_use(found[0], asked, answer, use, of_use)]
    return []


def _about_another_use(
    button: WayButton, asked: PlatformQuestion, answer: Verdict, use: UseFacts, of_use: Verdict
) -> WayButton:
    """Say on a button to the first way of another use what it is about, beside an answer."""
    # Translators: "only for: Meta AI chats", beside a way to refuse
    about = gettext("only for: %(uses)s") % {"uses": name_of(use)}
    told = () if about in button.to_whom else (about,)
    to_whom = str(SEMICOLON).join(filter(None, (*told, button.to_whom)))
    named = replace(button, to_whom=to_whom, is_of_another_use=True)
    control = of_use.ways[0].control
    if button.is_hint:
        return named
    if _says_no_yes(answer):
        # "Turn it off" below a "No" would say that the answer is wrong.
        asks_admin = button.address == reverse("ask-admin", args=[asked.facts.slug])
        people = of_use.people if asks_admin else People.ORGANISATION
        act = act_words(control, people=people, operator=of_use.operator)
        return replace(named, act=act, is_hint=True)
    is_by_admin = of_use.people == People.ORGANISATION and control.is_by_admin
    if is_by_admin and not use.is_training:
        label = "" if button.label in button.to_whom else button.label
        parts = (only_for_purposes([Purpose(use.purpose)]), label, button.to_whom)
        to_whom = str(SEMICOLON).join(filter(None, parts))
        return replace(named, act=gettext("For administrators"), to_whom=to_whom, is_hint=True)
    if of_use.stance == Stance.ONLY_IF_AGREED:
        return replace(named, act=gettext("Where it is set"))
    return named
