"""Whom a claim is about, and whom a question is about. `covers` is the only comparison of both.

A question becomes atoms: parts so small that no claim says two things inside one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from consent.vocabulary import People
from platforms.places import Cell, Coverage, Where, cells

#: The plan of people who have none, and of those whose plan the records do not name.
NO_PLAN = ""


class Who(NamedTuple):
    """A group in the words of the source. narrows: fewer than people and plans name."""

    words: str = ""
    narrows: bool = False


class Audience(NamedTuple):
    """The people whom a claim is about. Every kind and every plan is named: empty is nobody."""

    people: frozenset[People]
    plans: frozenset[str]
    where: Where
    who: Who = Who()


class Atom(NamedTuple):
    """People of one kind on one plan in places that are alike for all claims."""

    cell: Cell
    people: People
    plan: str


def atoms(
    place: str, people: People, plans: Iterable[str], audiences: Iterable[Audience]
) -> tuple[Atom, ...]:
    """Cut a question so that none of these audiences covers a part of an atom only.

    place: a code or a group; "" for the world. plans: each of them is asked about.
    """
    cut = cells(place, {audience.where for audience in audiences})
    return tuple(Atom(cell, people, plan) for plan in dict.fromkeys(plans) for cell in cut)


_OF_AGE = 18
_UNDER = re.compile(r"\bunder[- ](\d+)")
_FROM = re.compile(r"\bfrom (\d+)(?: to (\d+)\b)?")


def ages_named(words: str) -> range | None:
    """Return the ages of minors in words for a group: "people from 13 to 15", "under 13"."""
    if under := _UNDER.search(words):
        return range(int(under[1]))
    if not (found := _FROM.search(words)):
        return None
    first, last = found.groups()
    return range(int(first), min(int(last) + 1, _OF_AGE) if last else _OF_AGE)


def covers(audience: Audience, atom: Atom) -> Coverage:
    """Return whether a claim for an audience is one for an atom that was cut with it."""
    if atom.people not in audience.people or atom.plan not in audience.plans:
        return Coverage.NOT
    return audience.where.covers(atom.cell)
