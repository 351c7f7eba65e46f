"""Reads a list of names as people type it: "instagram, gmail and teams"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile, zip_longest

from consent.language_data import listed_words
from consent.search.brands import COMPANY_OF
from consent.search.common_words import common_words
from consent.search.names import AGAINST, Named, read_named
from consent.search.operators import Operator, of_people_first, operators
from consent.search.pages import asks_anything
from consent.search.plain_words import CONJUNCTIONS, words
from consent.search.questions import known_words, no_names, read_subject
from consent.search.web_addresses import addressed_platforms
from platforms.models import Platform

_SEPARATORS = re.compile(r"[,;\n]| [+/] ")
#: Names in parentheses: "AI toys (Miko, Grok)".
_ENCLOSED = re.compile(r"\(([^()]*,[^()]*)\)")
#: Words of a name that nobody knows. Chosen.
_LONGEST_NAME = 4
#: Who does something in a sentence, which is no name: "I teach 15 pupils".
_SAYS_WHO = listed_words("small_words", "says_who")
#: "Who was first, Google or OpenAI".
_ASKS = listed_words("small_words", "asks")
_WITHIN = listed_words("small_words", "within")
#: Begin a clause about what is before it: "Beweis, dass Zoom nicht trainiert".
_CLAUSE = listed_words("small_words", "that")


@dataclass(frozen=True, slots=True)
class AskedName:
    """What one of the typed names means.

    corrected: the name that was meant, if it was typed with an error.
    product: a service that is not on record by itself; owner: its company, if that has platforms.
    company: the one that is named, within a sentence, for all its services.
    """

    typed: str
    platforms: list[Platform] = field(default_factory=list)
    corrected: str = ""
    product: str = ""
    owner: Operator | None = None
    company: Operator | None = None

    @property
    def called(self) -> str:
        """The name alone, without the sentence around it."""
        return self.product or self.typed

    @property
    def is_unknown(self) -> bool:
        return not self.platforms and self.owner is None


def slugs_given(given: Sequence[str], listed: Iterable[Platform]) -> tuple[list[str], list[str]]:
    """Return the slugs in what an address gives, and the rest, which is a name as if typed."""
    slugs = {platform.slug for platform in listed}
    known = [each for each in given if each in slugs]
    return known, [each for each in given if each not in slugs]


def read_names(
    typed: str, listed: Sequence[Platform], aside: Collection[str] = ()
) -> list[AskedName]:
    """Read names with commas, line breaks or a plus between; a company stands for its platforms.

    aside: plain words about something else, such as a place. Each platform is there once. Words
    that are no name are left out beside one that is.
    """
    companies = operators(listed)
    owners = operators(listed, at_least=1)
    as_words = common_words(typed, listed, companies).as_words
    read: list[AskedName] = []
    parts = [part for part in _SEPARATORS.split(_ENCLOSED.sub(r", \1, ", typed)) if words(part)]
    for part, after in zip_longest(parts, parts[1:], fillvalue=""):
        addressed, rest = addressed_platforms(part, listed, companies)
        asked_names = [AskedName(part.strip(), addressed)] if addressed else []
        if sought := words(rest):
            of_part = _read(part.strip(), sought, listed, companies, owners, aside, as_words)
            leads_on = bool(after) and words(after)[0] in _CLAUSE
            asked_names += [
                each
                for each in of_part
                if not each.is_unknown or not (addressed or (leads_on and not each.product))
            ]
        read += asked_names
    found: list[AskedName] = []
    taken: set[int] = set()
    for asked in _narrowed(read):
        platforms = [each for each in asked.platforms if each.pk not in taken]
        taken.update(each.pk for each in platforms)
        if platforms or not asked.platforms:
            found.append(replace(asked, platforms=platforms))
    if all(asked.is_unknown for asked in found):
        return found
    return [asked for asked in found if not asked.is_unknown or may_be_name(asked, aside)]


def _narrowed(read: Sequence[AskedName]) -> list[AskedName]:
    """Leave out a company in a sentence beside one that names a service of it.

    "We use Google Workspace, does Google train on mail?" is about no other service.
    """
    services = [each for asked in read if not asked.company for each in asked.platforms]
    return [
        asked
        for asked in read
        if not (asked.company and any(each in services for each in asked.company.platforms))
    ]


def may_be_name(asked: AskedName, aside: Collection[str]) -> bool:
    """Whether text that names no service may still be the name of one, and is no question."""
    if asked.product:
        return True
    sought = words(asked.typed)
    if not (_SAYS_WHO | _ASKS).isdisjoint(sought) or all(word.isdecimal() for word in sought):
        return False
    unclear = _unclear(sought, aside)
    if no_names().issuperset(unclear):
        return False  # "processors"
    if len(sought) > 1 and known_words().issuperset(unclear):
        return False  # "which clause"
    few = len(sought) <= _LONGEST_NAME and 2 * len(unclear) >= len(sought)
    return bool(unclear) and few and "?" not in asked.typed and not asks_anything(sought)


def _unclear(rest: Sequence[str], aside: Collection[str]) -> list[str]:
    """Return the words that are neither small ones nor about data, training, place or people."""
    return [word for word in read_subject(rest).other if word not in aside]


def _read(
    typed: str,
    sought: Sequence[str],
    listed: Sequence[Platform],
    companies: Mapping[str, Operator],
    owners: Mapping[str, Operator],
    aside: Collection[str],
    as_words: Collection[str],
) -> list[AskedName]:
    named = read_named(sought, listed, companies, aside, as_words)
    if not named.platforms and not named.unwatched:
        return [AskedName(typed)]
    # Several names without commas: what is left over may be a name that nobody knows.
    left = _names_among(sought, _unclear(named.rest, aside), named)
    return [
        _meant(typed, sought, named, owners),
        *(AskedName(word) for word in left),
        *(_unwatched(each, each, owners) for each in named.beside),
    ]


def _meant(
    typed: str, sought: Sequence[str], named: Named, owners: Mapping[str, Operator]
) -> AskedName:
    if named.unwatched:
        return replace(_unwatched(typed, named.unwatched, owners), corrected=named.corrected)
    in_sentence = named.operator if named.rest else None
    platforms = _host_first(named.platforms, sought)
    if named.operator:
        of_company = replace(named.operator, platforms=platforms)
        platforms = list(of_people_first(of_company).platforms)
    if in_sentence and len(platforms) < len(in_sentence.platforms):  # "Copilot" of Microsoft
        company = words(in_sentence.name)[0]
        platforms = sorted(platforms, key=lambda each: company not in words(each.name))
    return AskedName(typed, platforms, named.corrected, company=in_sentence)


def _host_first(platforms: list[Platform], sought: Sequence[str]) -> list[Platform]:
    """Put the service within which another one is used before it: "Copilot in Teams"."""
    within = {word for before, word in pairwise(sought) if before in _WITHIN}
    return sorted(platforms, key=lambda each: within.isdisjoint(words(each.name)))


def _unwatched(typed: str, brand: str, owners: Mapping[str, Operator]) -> AskedName:
    owner = owners.get(COMPANY_OF.get(brand, ""))
    return AskedName(typed, product=brand, owner=of_people_first(owner) if owner else None)


def _names_among(sought: Sequence[str], left: Sequence[str], named: Named) -> list[str]:
    """Return the words that may be names: joined to one of several names, or in a list of these."""
    of_brands = {word for brand in named.beside for word in words(brand)}
    rest = [word for word in left if word not in of_brands]
    others = {*named.rest, *of_brands} - {*rest, *CONJUNCTIONS, *AGAINST}
    is_list = others <= of_brands
    if len(named.platforms) < 2 and not is_list:
        return []
    known = known_words()
    return [
        word
        for word in dict.fromkeys(rest)
        if len(word) > 2
        and word not in known | AGAINST
        and not _is_compound(word, known)
        and (
            (is_list and len(named.platforms) > 1)
            or _is_joined(sought, word, named)
            or _is_in_a_row(sought, word, named)
        )
    ]


def _is_joined(sought: Sequence[str], word: str, named: Named) -> bool:
    """Return whether a conjunction joins a word to a name: "Canva and Pronote"."""
    at = sought.index(word)
    before, after = sought[max(at - 2, 0) : at][::-1], sought[at + 1 : at + 3]
    return any(
        len(beside) == 2 and beside[0] in CONJUNCTIONS and beside[1] not in named.rest
        for beside in (before, after)
    )


def _is_in_a_row(sought: Sequence[str], word: str, named: Named) -> bool:
    """Return whether a word ends a row of three names or more: "etsy behance cara"."""
    names = {part for name in (*_spelled(named), *named.beside) for part in words(name)}
    before = sought[: sought.index(word)][::-1]
    row = [*takewhile(names.__contains__, before)]
    firsts = {words(name)[0] for name in (*_spelled(named), *named.beside)}
    return word.isalpha() and len(firsts.intersection(row)) > 1


def _spelled(named: Named) -> list[str]:
    return [each.name for each in named.platforms]


def _is_compound(word: str, known: Collection[str]) -> bool:
    """Return whether a word ends with a longer one that is no name: "Kundendaten"."""
    return any(word[at:] in known for at in range(2, len(word) - 4))
