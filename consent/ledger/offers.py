"""To whom a way out is offered on a day, if not to the reader, and the label that says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from django.utils.translation import gettext as _

from consent.ledger.catalog_words import translated
from consent.ledger.place_words import SEMICOLON, listed, people_words, place_words
from consent.ledger.platform_facts import ControlFacts, OfferFacts, PlatformFacts, state_on
from consent.ledger.question import Question
from consent.ledger.verdict import offered_controls, people_asked
from consent.vocabulary import People, StateValue
from consent.web.date_words import format_date
from platforms.places import Coverage, Where, merged


class Standing(Enum):
    """Whether a control is offered to a reader; LIMITED: to others, or to some like them."""

    OFFERED = auto()
    LIMITED = auto()
    TO_COME = auto()
    ENDED = auto()
    NOT_KNOWN = auto()


@dataclass(frozen=True, slots=True)
class Offered:
    """The standing of a control for a reader.

    to: of one that is limited, to whom; people and plans are empty where they are not limited. Of
    one that is offered, the groups of those who ask, where it names them.
    ended_on: the first day without it, of one that has ended.
    """

    standing: Standing = Standing.OFFERED
    to: tuple[OfferFacts, ...] = ()
    ended_on: dt.date | None = None

    @property
    def is_ended(self) -> bool:
        return self.standing == Standing.ENDED


def offers_on(facts: PlatformFacts, question: Question) -> Mapping[str, Offered]:
    """Return how each control of a platform is offered to whoever asks, by its key."""
    offers = offered_controls(facts, question)
    people = people_asked(facts, question)
    return {
        control.key: Offered(to=_of_groups(control, people, question.day))
        if offers.get(control.key) == Coverage.SURELY
        else _limited(facts, control, people, question.day)
        for control in facts.controls
    }


def _of_groups(control: ControlFacts, people: People, day: dt.date) -> tuple[OfferFacts, ...]:
    """Return the offers to these people, if each is to a group of them that it names."""
    now = [each for each in control.offered if each.is_in_force(day)]
    own = _for_these_people(now, people)
    return own if all(each.who for each in own) else ()


def _limited(facts: PlatformFacts, control: ControlFacts, people: People, day: dt.date) -> Offered:
    offers = control.offered or _of_refusable_branches(facts, control, day)
    if now := [each for each in offers if each.is_in_force(day)]:
        return Offered(Standing.LIMITED, _for_these_people(now, people))
    if not offers:
        return Offered(Standing.NOT_KNOWN)
    # What is not in force has ended or is still to come.
    if any(each.since is not None and each.since > day for each in offers):
        return Offered(Standing.TO_COME)
    return Offered(Standing.ENDED, ended_on=max(each.until for each in offers if each.until))


def _of_refusable_branches(
    facts: PlatformFacts, control: ControlFacts, day: dt.date
) -> list[OfferFacts]:
    """Return for whom a use that the control reaches can be refused or agreed to on a day."""
    return [
        OfferFacts(branch.where, branch.people, branch.plans)
        for use in facts.uses
        if use.key in control.uses
        for branch in use.branches
        if (state := state_on(use, branch, day))
        and state.value in (StateValue.UNLESS_REFUSED, StateValue.ONLY_IF_AGREED)
    ]


def _for_these_people(offers: Iterable[OfferFacts], people: People) -> tuple[OfferFacts, ...]:
    """Return the offers to a kind of people, without naming them; or else those to all others.

    Creators have a personal account too.
    """
    given = list(offers)
    kinds = {people, People.PERSONAL} if people == People.CREATORS else {people}
    own = [each for each in given if not each.people or kinds & {*each.people}]
    return tuple(dict.fromkeys(replace(each, people=()) for each in own) if own else given)


def offer_words(offered: Offered) -> str:
    """The label of a control: "for organisations on Team", "only: EU and UK".

    "" for one that is offered to whoever asks.
    """
    if offered.standing == Standing.OFFERED:
        groups = listed([translated(each.who) for each in offered.to])
        return _("only for: %(uses)s") % {"uses": groups} if groups else ""
    if offered.standing == Standing.ENDED:
        assert offered.ended_on is not None
        return _("ended on %(date)s") % {"date": format_date(offered.ended_on)}
    if offered.standing == Standing.TO_COME:
        return _("not offered yet")
    return _to_whom(offered.to) or _("not known where it is offered")


def _to_whom(offers: Iterable[OfferFacts]) -> str:
    wheres: dict[tuple[tuple[People, ...], tuple[str, ...]], list[Where]] = {}
    for offer in offers:
        wheres.setdefault((offer.people, offer.plans), []).append(offer.where)
    words = [_offer_words(*group, places) for group, places in wheres.items()]
    return "; ".join(filter(None, words))


def _offer_words(
    people: tuple[People, ...], plans: tuple[str, ...], wheres: Iterable[Where]
) -> str:
    words = []
    if people:
        # Translators: "for organisations on Team"
        words.append(_("for %(people)s") % {"people": people_words(people, plans)})
    elif plans:
        words.append(_("only with %(plans)s") % {"plans": listed(plans)})
    return ", ".join(filter(None, [*words, only_places(wheres)]))


def only_for(control: ControlFacts, people: People, day: dt.date) -> str:
    """Say to whom alone its record says that a control is offered: "only: EU and UK".

    "" where it is offered to all people of a kind.
    """
    offers = [each for each in control.offered if each.is_in_force(day)]
    return _to_whom(_for_these_people(offers, people))


def only_places(wheres: Iterable[Where]) -> str:
    """Name places that are not all: "only: EU and UK"; "" for everywhere."""
    together = limiting_places(wheres)
    return _("only: %(places)s") % {"places": together} if together else ""


def limiting_places(wheres: Iterable[Where]) -> str:
    """Name places that are not all: "EU and UK"; "" for everywhere."""
    places = merged(wheres)
    if not places or any(each.is_worldwide for each in places):
        return ""
    names = list(map(place_words, places))
    are_lists = any("," in name for name in names[1:] or [""])
    return str(SEMICOLON).join(names) if are_lists else listed(names)
