"""To whom a way out is offered on a day, if not to the reader, and the label that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from consent.ledger.place_words import people_words, place_words
from consent.ledger.platform_facts import (
    ControlFacts,
    OfferFacts,
    PlatformFacts,
    default_people,
    state_on,
)
from consent.ledger.question import Question
from consent.ledger.verdict import offered_controls
from consent.vocabulary import People, StateValue
from platforms.places import Coverage, Where, merged


class Standing(Enum):
    """Whether a control is offered to a reader; LIMITED: to others, or to some like them."""

    OFFERED = auto()
    LIMITED = auto()
    TO_COME = auto()
    ENDED = auto()
    NOT_KNOWN = auto()


class Audience(NamedTuple):
    """Those to whom a control is offered. people, plans: empty where they are not limited."""

    where: Where
    people: tuple[People, ...]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """The standing of a control for a reader. audiences: only of one that is limited."""

    standing: Standing = Standing.OFFERED
    audiences: tuple[Audience, ...] = ()

    @property
    def is_ended(self) -> bool:
        return self.standing == Standing.ENDED


def offers_on(facts: PlatformFacts, question: Question) -> Mapping[str, Offered]:
    """Return how each control of a platform is offered to whoever asks, by its key."""
    surely = offered_controls(facts, question)
    people = question.people or default_people(facts.uses, question.plan)
    return {
        control.key: Offered()
        if surely.get(control.key) == Coverage.SURELY
        else _limited(facts, control, people, question.day)
        for control in facts.controls
    }


def _limited(facts: PlatformFacts, control: ControlFacts, people: People, day: dt.date) -> Offered:
    if not control.offered:
        audiences = _of_refusable_branches(facts, control, day)
        standing = Standing.LIMITED if audiences else Standing.NOT_KNOWN
        return Offered(standing, _for_these_people(audiences, people))
    now = [each for each in control.offered if _is_in_force(each, day)]
    if now:
        audiences = [Audience(each.where, each.people, each.plans) for each in now]
        return Offered(Standing.LIMITED, _for_these_people(audiences, people))
    # What is not in force has ended or is still to come.
    to_come = any(each.since is not None and each.since > day for each in control.offered)
    return Offered(Standing.TO_COME if to_come else Standing.ENDED)


def _is_in_force(offer: OfferFacts, day: dt.date) -> bool:
    return (offer.since is None or offer.since <= day) and (
        offer.until is None or day < offer.until
    )


def _of_refusable_branches(
    facts: PlatformFacts, control: ControlFacts, day: dt.date
) -> list[Audience]:
    """Return for whom a use that the control reaches can be refused or agreed to on a day."""
    return [
        Audience(branch.where, branch.people, branch.plans)
        for use in facts.uses
        if use.key in control.uses
        for branch in use.branches
        if (state := state_on(use, branch, day))
        and state.value in (StateValue.UNLESS_REFUSED, StateValue.ONLY_IF_AGREED)
    ]


def _for_these_people(audiences: Iterable[Audience], people: People) -> tuple[Audience, ...]:
    """Return the audiences of a kind of people, without naming them; or else those of all others.

    Creators have a personal account too.
    """
    given = list(audiences)
    kinds = {people, People.PERSONAL} if people == People.CREATORS else {people}
    own = [each for each in given if not each.people or kinds & {*each.people}]
    return tuple(dict.fromkeys(each._replace(people=()) for each in own) if own else given)


def offer_words(offered: Offered) -> str:
    """The label of a control: "for organisations on Team", "only: EU and UK".

    "" for one that is offered to whoever asks.
    """
    if offered.standing == Standing.OFFERED:
        return ""
    if offered.standing == Standing.ENDED:
        return _("no longer offered")
    if offered.standing == Standing.TO_COME:
        return _("not offered yet")
    wheres: dict[tuple[tuple[People, ...], tuple[str, ...]], list[Where]] = {}
    for audience in offered.audiences:
        wheres.setdefault((audience.people, audience.plans), []).append(audience.where)
    words = [_audience_words(*group, places) for group, places in wheres.items()]
    return "; ".join(filter(None, words)) or _("not known where it is offered")


def _audience_words(
    people: tuple[People, ...], plans: tuple[str, ...], wheres: Iterable[Where]
) -> str:
    words = []
    if people:
        # Translators: "for organisations on Team"
        words.append(_("for %(people)s") % {"people": people_words(people, plans)})
    elif plans:
        words.append(_("only with %(plans)s") % {"plans": _listed(plans)})
    places = merged(wheres)
    if not any(each.is_worldwide for each in places):
        words.append(_("only: %(places)s") % {"places": _listed(map(place_words, places))})
    return ", ".join(words)


def _listed(names: Iterable[str]) -> str:
    return str(get_text_list(list(names), _("and")))
