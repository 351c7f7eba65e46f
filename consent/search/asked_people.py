"""Finds in what people type for whom they ask: "my son is 14", "our firm", "as a teacher".

Words and phrases are in locale/<language>/search.toml, under [people]; all languages count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from consent.language_data import language_data, listed_words, tables_of_words
from consent.search.asked_day import months
from consent.search.plain_words import UNINDEXED, has_phrase
from consent.search.questions import asked_language
from consent.vocabulary import People

_OF_AGE = 18
_IS = r"(?:i'?m|i m|am|is|aged?|he s|she s|who s|turned|turns|bin|ist|j'?ai|j ai)"
_YEARS = r"(?:years?|yrs?|yo|y\.o|y o|jahren?|jahrige?[nrs]?|jahre|ans)"
#: The keys of words for people whose account may be their own or an organisation's: who they are,
#: and that they use it at work, where it hardly is their own.
_PERHAPS, _AT_WORK = "perhaps-organisation", "at-work"
_AT_WORK_TOO = (_AT_WORK, People.ORGANISATION.value)
_KEYS = (*People.values, _PERHAPS, _AT_WORK)
#: Words of a query such as "work gmail", in which one word says that. Chosen.
_SHORT = 3
#: A school is an organisation, and people are at work there.
_ALSO_LISTED = {
    People.ORGANISATION.value: ("school-account",),
    _AT_WORK: ("at-school",),
    "school": ("school-account", "at-school"),
}
#: The keys of words for a class: before its number, before "5a" alone, after it, for what it has.
_CLASSES = ("class", "class-short", "nth-class", "of-class")
_JOINING = "and or but und oder aber et ou mais"
_NOT_BETWEEN = "with to by of and from which mit von und welche avec par et quelle"


class AskedPeople(NamedTuple):
    """people: None if no kind is named.

    is_open: the account may be one's own or an organisation's, as with a teacher, where people is
    None, or at work. rest: the words that say something else.
    at_school: a school is named, which is an organisation, with minors or without.
    age: of a minor, the lowest that is named. weighs_work: one's own account is named beside work.
    """

    people: People | None
    is_open: bool
    rest: list[str]
    at_school: bool = False
    age: int | None = None
    weighs_work: bool = False


def asked_people(typed: Sequence[str]) -> AskedPeople:
    """Find for whom plain words ask that are part of no name."""
    text = " ".join(typed)
    about = _without_children_shown(text)
    named = {key for key, words in _words().items() if words.search(about)}
    ages = [
        int(age or under) - bool(under)
        for said, before_years, after_minor, under in _age().findall(about)
        for age in [said or before_years or after_minor]
    ]
    if about != text and not named and not ages:
        named = {People.PERSONAL.value}
    elif People.MINORS.value in named and _of_oneself().search(text):
        named = named - {People.MINORS.value} | {People.PERSONAL.value}
    if ages:
        named -= {People.MINORS.value}
        named |= {People.MINORS.value} if min(ages) < _OF_AGE else set()
    people, is_open = _meant(named)
    age = min([*ages, *_ages_in_words(about)], default=None) if people == People.MINORS else None
    if people is None and (rest := _without_work(typed)):
        return AskedPeople(People.ORGANISATION, True, rest)
    may_be_at_school = people in (People.MINORS, People.ORGANISATION)
    at_school = may_be_at_school and bool(_schools().search(text))
    for words in (_age(), *_words().values(), *([_schools()] if at_school else [])):
        text = words.sub(" ", text)
    weighs_work = people == People.PERSONAL and not {*_AT_WORK_TOO}.isdisjoint(named)
    return AskedPeople(people, is_open, text.split(), at_school, age, weighs_work)


def are_people(plain: Sequence[str], question: Sequence[str] = ()) -> bool:
    """Return whether plain words are one for people: "teachers".

    question: in whose language they are one; without it, in any. In German it is a name.
    """
    language = asked_language(question)
    tables = [language_data(language, "search").get("people", {})] if language else _tables()
    kinds = (People.MINORS, People.CREATORS, _PERHAPS)
    return any(" ".join(plain) in table.get(kind, ()) for table in tables for kind in kinds)


def without_telling(typed: Sequence[str]) -> list[str]:
    """Return plain words without who told of it, and where: "my daughter says", "a man at work"."""
    return _telling().sub(" ", " ".join(typed)).split()


def _without_children_shown(text: str) -> str:
    """Return plain words without the children in pictures that the reader posts."""
    is_posting = has_phrase(text.split(), _listed("posting"))
    return _children_shown().sub(" ", text) if is_posting else text


@cache
def _children_shown() -> re.Pattern[str]:
    """Return what finds "pictures of my five-year-old son" or "my kids' pictures"."""
    pictures = _one_of(_listed("pictures"))
    shown = rf"(?: (?!{_one_of(_JOINING.split())})\S+){{0,6}}? "
    child = rf"(?:{_minors()}|\d{{1,2}}[- ]?{_YEARS}(?!\S))"
    return re.compile(rf"{pictures}{shown}{child}|{_minors()} {pictures}")


@cache
def _telling() -> re.Pattern[str]:
    """Return what finds "my daughter says", but not "my daughter says she uses"."""
    where = _one_of([*_listed(_AT_WORK), *_listed("at-school")])
    told = _one_of(_listed("telling"))
    theirs = rf"(?: (?:that|dass))? {_one_of(_listed('theirs'))}"
    others = rf"{_one_of(_listed('tellers'))}(?: {where})?"
    heard = rf"{_one_of(_listed('heard'))}(?: \S+)?? {where}"
    return re.compile(rf"(?:{_minors()}|{others}) {told}(?!{theirs})|{heard}")


@cache
def _of_oneself() -> re.Pattern[str]:
    """Return what finds "for myself", but not "for myself and my son"."""
    return re.compile(rf"{_one_of(_listed('myself'))}(?! {_one_of(_JOINING.split())})")


def _meant(named: Collection[str]) -> tuple[People | None, bool]:
    """Choose among what is named: an account of an organisation comes before its people.

    Minors come before who asks for them, such as their teacher.
    """
    if People.PERSONAL.value not in named:
        if People.ORGANISATION.value in named:
            return People.ORGANISATION, False
        if _AT_WORK in named and People.MINORS.value not in named:
            return People.ORGANISATION, True
        if _PERHAPS in named and People.MINORS.value not in named:
            return None, True
    order = (People.MINORS, People.NO_ACCOUNT, People.CREATORS, People.PERSONAL)
    return next((each for each in order if each.value in named), None), False


def _without_work(typed: Sequence[str]) -> list[str]:
    """Return the other words of a short query that says "work": "work gmail"; none of others."""
    of_work = _listed("work")
    rest = [word for word in typed if word not in of_work]
    is_short = len(typed) <= _SHORT and UNINDEXED.isdisjoint(typed)
    is_at_end = not of_work.isdisjoint((*typed[:1], *typed[-1:]))
    return rest if is_short and is_at_end else []


@cache
def _age() -> re.Pattern[str]:
    """Return what finds an age after "is" or "son", before "years", or below which somebody is.

    In plain words. "2.5" is none, nor is the German day "am 7. Oktober"; but "I am 14 may I" is.
    """
    of_months = "|".join(re.escape(name) for name in months() if name != "may")
    return re.compile(
        rf"\b{_IS} ([4-9]|\d\d)(?![\w.]| (?:{of_months}|\d\d? 20\d\d)\b)"
        rf"|\b(\d{{1,2}})[- ]?{_YEARS}\b"
        rf"|(?:{_minors()}|{_one_of(_listed('before-age'))}|\bmit) ([4-9]|1[0-7])(?!\S)"
        r"|\b(?:under|below|unter|moins de) (1[0-8])s?\b"
    )


def _ages_in_words(text: str) -> list[int]:
    """Return ages such as "ten-year-old"; each language lists them from five on."""
    return [
        age
        for table in _tables()
        for age, word in enumerate(table.get("ages", ()), start=5)
        if re.search(rf"(?<!\S){word}[- ]?(?:{'|'.join(table['old'])})(?!\S)", text)
    ]


def _tables() -> Sequence[Mapping[str, Sequence[str]]]:
    """Return [people] of each language of the site."""
    return tables_of_words("people")


def _listed(key: str) -> frozenset[str]:
    keys = (key, *_ALSO_LISTED.get(key, ()))
    return frozenset().union(*(listed_words("people", each) for each in keys))


def _minors() -> str:
    return _one_of(_listed(People.MINORS.value))


@cache
def _schools() -> re.Pattern[str]:
    return re.compile(f"{_one_of(_listed('school'))}|{_classes()}")


def _classes() -> str:
    """Return what finds a class of a school: "class 7b", "the 5th grade", "class photos"."""
    before, short, after, of_class = (_one_of(_listed(each)) for each in _CLASSES)
    named = r"(?:1[0-3]|[1-9])(?:th|st|nd|rd|e|eme|[a-f])"
    return rf"{before} {named}?(?!\S)|{short} {named}(?!\S)|(?<!\S){named}? {after}|{of_class}"


@cache
def _words() -> Mapping[str, re.Pattern[str]]:
    """Return what finds each kind of people, in all languages of the site."""
    tables = _tables()
    listed = {key: _listed(key) for key in _KEYS}
    not_between = _one_of([*_NOT_BETWEEN.split(), *listed[People.MINORS]])
    found = {key: _one_of(phrases) for key, phrases in listed.items() if phrases}
    # "A ten-year-old", "zehnjährige".
    in_words = (
        rf"(?<!\S)(?:{'|'.join(table['ages'])})[- ]?(?:{'|'.join(table['old'])})(?!\S)"
        for table in tables
        if "ages" in table
    )
    found[People.MINORS] = "|".join(
        [found[People.MINORS], *in_words, *_little_ones(tables), _classes()]
    )
    found[People.ORGANISATION] = "|".join(
        [
            found[People.ORGANISATION],
            # "our firm", "for our small law firm", but not "my daughter's school".
            *(
                rf"{_one_of(table['ours'])}(?: (?!{not_between})\S+){{0,2}} "
                rf"{_one_of(table['groups'])}"
                for table in tables
            ),
            # "40 employees", "a company of forty people", "a firm with 12".
            *(rf"(?<!\S)\d+ {_one_of(table['staff'])}" for table in tables),
            # "we are 60 people", which no family is.
            *(
                rf"{_one_of(table['ours'])} \S+ \d\d+ {_one_of(table['persons'])}"
                for table in tables
            ),
            *(
                rf"{_one_of(table['groups'])} {_one_of(table['of'])} "
                rf"(?:\d+(?!\S)|(?:\S+ ){{0,2}}{_one_of([*table['staff'], *table['persons']])})"
                for table in tables
            ),
        ]
    )
    return {key: re.compile(pattern) for key, pattern in found.items()}


def _little_ones(tables: Iterable[Mapping[str, Sequence[str]]]) -> Iterable[str]:
    """Yield what finds "der Kleine spricht mit", but not "der kleine Tarif"."""
    return (
        rf"{_one_of(table['little'])}(?= *$| {_one_of(table['after-little'])})"
        for table in tables
        if "little" in table
    )


def _one_of(phrases: Iterable[str]) -> str:
    return rf"(?<!\S)(?:{'|'.join(map(re.escape, sorted(phrases, reverse=True)))})(?!\S)"
