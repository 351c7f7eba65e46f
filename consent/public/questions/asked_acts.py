"""What authorities decided, where a question asks for that or whether something is allowed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from consent.language_data import listed_words
from consent.ledger.asked_place import EUROPE, PARTS_OF_EUROPE
from consent.ledger.facts import listed_platforms
from consent.ledger.place_words import listed
from consent.ledger.reader_place import codes_of
from consent.models import Reference
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.leads import span_asked
from consent.public.timeline.acts import (
    DELETED,
    MODELS_DELETED,
    Act,
    Acts,
    InsteadOfTheirs,
    acts_of_authorities,
)
from consent.search.asked_authorities import asks_for_acts, authorities_named
from consent.search.operators import operators
from consent.search.pages import asks_for
from consent.search.plain_words import words
from consent.search.questions import read_subject
from consent.vocabulary import ReferenceKind
from platforms.models import Platform

#: Acts that are shown before the answer, those with a result first. Chosen.
_MOST = 3
_ONESELF = listed_words("small_words", "oneself") | listed_words("small_words", "mine")


class Legality(NamedTuple):
    """acts: about the services that are named; None if none is. names: of those they are about."""

    acts: Acts | None
    names: str = ""

    @property
    def shown(self) -> Sequence[Act]:
        return self.acts.rows[:_MOST] if self.acts else ()


def legality_asked(sought: Sequence[str], platforms: Sequence[Platform]) -> Legality | None:
    """Return what was decided, where words ask whether something is allowed; else None.

    What people may do themselves is no such question, nor is whether a notice binds. Whoever asks
    for acts gets all of them.
    """
    if not asks_for("legal", sought) or asks_for("true", sought) or asks_for_acts(sought):
        return None
    if not _ONESELF.isdisjoint(sought[1:2]):  # "may I"
        return None
    if not platforms:
        return Legality(None)
    acts = acts_of_authorities(platforms, decided_first=True)
    return Legality(acts, listed(each.name for each in acts.platforms or platforms[:1]))


def acts_asked(asked: AskedQuestion, platforms: Sequence[Platform]) -> Acts | None:
    """Return what authorities did about platforms, or about any, where words ask for that.

    Of the authority, in the places and on the days that are named, if anything is on record there;
    else it is said that nothing is, and so it is of a platform or an authority that is named. Of
    what is not decided alone, if that is asked for and something is open. Who only complains is no
    authority: the acts about a platform are those of anybody.
    """
    if not asks_for_acts(asked.sought):
        return None
    is_one = not asked.places and codes_of(asked.place) == (asked.place,)
    place = {"place": asked.place} if is_one else {}
    within = PARTS_OF_EUROPE if asked.place == EUROPE else list(dict.fromkeys(asked.places))
    named = Reference.objects.filter(slug__in=authorities_named(asked.sought))
    complainants = [who for who in named if platforms and who.kind == ReferenceKind.ORGANISATION]
    filing = {who.slug for who in complainants}
    by = {who.slug for who in named} - filing
    narrowed = {**place, **span_asked(asked)}
    find = partial(
        acts_of_authorities,
        decided_first=bool(platforms) or asks_for("punished", asked.sought),
        open_alone=asks_for("undecided", asked.sought),
    )
    if asks_for("deletion-ordered", asked.sought):
        is_of_models = asks_for("models-deleted", asked.sought)
        find = partial(find, with_result=MODELS_DELETED if is_of_models else DELETED)
    acts = find(platforms, narrowed, within, by=by, in_each=bool(asked.places))
    if not acts.total and (narrowed or within):
        wider = find(platforms, by=by)
        acts = wider._replace(is_wider=bool(wider.total))
    if platforms and not acts.total and (others := _of_their_companies(platforms)):
        of_others = find(others, by=by)
        instead_of = [each for each in platforms if not _is_ai_of_company(each, asked.rest)]
        acts = of_others._replace(instead_of=instead_of) if of_others.total else acts
    if (by or filing) and not acts.total:
        acts = _instead_of_theirs(acts, find, platforms, by or filing)
    elif filing:
        acts = acts._replace(complainants=complainants)
    if asks_for("fined", asked.sought):
        subject = read_subject(asked.sought)
        by_matter = subject.is_about_training and not subject.names_law
        acts = acts._replace(fines_first=True, fines_by_matter=by_matter)
    return acts if acts.total or platforms or by else None


def _is_ai_of_company(platform: Platform, asked: Sequence[str]) -> bool:
    """Return whether a name and training may mean all AI of a company: "Meta AI training"."""
    name = words(platform.name)
    beside = [word for word in asked if word not in name]
    is_so_called = name == [*words(platform.operator)[:1], "ai"]
    return is_so_called and read_subject(beside).is_about_training


def _instead_of_theirs(
    none: Acts, find: Callable[..., Acts], platforms: Sequence[Platform], by: Collection[str]
) -> Acts:
    """Return what authorities did about others, or what others did about the same platforms."""
    if platforms and (theirs := find([], by=by)).total:
        return theirs._replace(instead_of_theirs=InsteadOfTheirs.ABOUT_OTHERS)
    if platforms and (by_others := find(platforms)).total:
        return by_others._replace(by=none.by, instead_of_theirs=InsteadOfTheirs.BY_OTHERS)
    return none._replace(instead_of_theirs=InsteadOfTheirs.NOTHING)


def _of_their_companies(platforms: Sequence[Platform]) -> list[Platform]:
    """Return the other platforms of the companies that run these."""
    companies = operators(listed_platforms()).values()
    theirs = [each.platforms for each in companies if not set(platforms).isdisjoint(each.platforms)]
    return [each for each in dict.fromkeys(chain(*theirs)) if each not in platforms]
