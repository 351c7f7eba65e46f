"""Tells names of services from the same words of a language: "her homework" is not about HER.

The words, and what stands beside a name, are in locale/<language>/search.toml under
[common_names]. The words of the question's language count, and what is beside them in any.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language

from consent.language_data import language_data, listed_words
from consent.search.brands import BRANDS, brands_among, is_used_on
from consent.search.names import (
    AGAINST,
    MINE,
    exactly_named,
    named_platforms,
    names_of,
    spellings_of,
)
from consent.search.operators import Operator
from consent.search.plain_words import CONJUNCTIONS, UNINDEXED, phrases_in, words
from consent.search.questions import asked_language, known_words
from platforms.models import Platform

#: A word as it was typed, or what ends a part of a sentence.
_TOKEN = re.compile(r"[\w.&+-]*\w|[,;:.!?\n]")
_END = frozenset(",;:.!?\n")
#: So short a query is hardly a sentence: "her privacy". Chosen.
_SHORT = 3  # words


class CommonWords(NamedTuple):
    """What of a text is a name of a service elsewhere.

    as_words: plain words that name no service here. perhaps: platforms that some of them may mean.
    """

    as_words: frozenset[str] = frozenset()
    perhaps: Sequence[Platform] = ()


def common_words(
    text: str, platforms: Sequence[Platform], companies: Mapping[str, Operator]
) -> CommonWords:
    """Find the words of a text that name services elsewhere and are ordinary words here.

    A word names its service if it stands alone, in a list, as the service writes itself, or where
    a name stands. Else it does so only if no other service is named, and the words beside it let
    it.
    """
    text = text.replace(" & ", " and ")
    plain = words(text)
    listed = _words_of(asked_language(plain) or str(get_language()))
    candidates = listed.intersection(plain)
    articled = _with_article(text, plain, platforms, companies)
    if not candidates:
        return CommonWords(articled)
    others = named_platforms(plain, platforms, companies, as_words=candidates)
    names = {name for each in others.platforms for name in spellings_of(each)}
    names |= BRANDS.keys() | (companies.keys() - candidates)
    typed = [_END_OF_PART if part in _END else part for part in _TOKEN.findall(text)]
    spelled = {name for each in platforms for name in names_of(each) if not name.islower()}
    spelled = set() if text.isupper() else spelled
    phrases = phrases_in(plain, _phrases(asked_language(plain)))
    of_phrases = {word for phrase in phrases for word in phrase.split()}
    places = list(_places(typed, candidates))
    sure = {
        place.word
        for place in places
        if (place.typed in spelled and not place.may_be_noun)
        or _is_beside_names(place, names, candidates)
        or (
            (place.word not in of_phrases or _lists(place.before[::-1], names))
            and _is_name(place, names | candidates)
        )
    }
    rest = [word for word in plain if word not in candidates and not is_used_on(word)]
    is_other_named = others.platforms or others.unwatched or brands_among(rest, rest)
    is_alone = not (sure or is_other_named)
    is_short = len(plain) <= _SHORT
    doubtful: set[str] = set()
    for place in places:
        if place.word in _beside().pronouns:
            if place.typed.istitle() and not place.is_first:
                doubtful.add(place.word)
            if is_short and is_alone:
                sure.add(place.word)
        elif place.word not in of_phrases and (not _is_word(place) or (is_alone and _mine(place))):
            doubtful.add(place.word)
    sure |= doubtful.difference(_beside().pronouns) if is_alone else set()
    own = [exactly_named([word], platforms) for word in sorted(doubtful - sure)]
    perhaps = [each for each in own if each and _plain(each.name) in doubtful]
    return CommonWords(frozenset(candidates - sure) | articled, perhaps)


def _with_article(
    text: str,
    plain: Sequence[str],
    platforms: Sequence[Platform],
    companies: Mapping[str, Operator],
) -> frozenset[str]:
    """Return the names with an article that are words here: "le chat de ma fille sur WhatsApp".

    They are if another service is named, and what is after them goes on as after a noun: a
    preposition, or a service that is no assistant, "le chat Roblox". Not as "Le Chat".
    """
    language = asked_language(plain) or str(get_language())
    found: set[str] = set()
    for name in phrases_in(plain, _table(language).get("with_article", ())):
        own = exactly_named(name.split(), platforms)
        if own is None or name.title() in text:
            continue
        others = named_platforms(plain, platforms, companies, as_words={name})
        is_other_named = others.platforms or others.unwatched or brands_among(plain, plain)
        if own in others.platforms or not is_other_named:
            continue
        after = f" {' '.join(plain)} ".partition(f" {name} ")[2].split()
        is_of_service = any(
            each.category != own.category and " ".join(after).startswith(spelling)
            for each in others.platforms
            for spelling in spellings_of(each)
        )
        if is_of_service or set(_table(language)["goes_on"].split()).intersection(after[:1]):
            found.add(name)
    return frozenset(found)


_END_OF_PART = ","


class _Place(NamedTuple):
    """Where a word is: with the plain words before and after it, "," where a part ends.

    is_first: of the text or of a part. may_be_noun: its capital says nothing, as that of a noun in
    German.
    """

    typed: str
    word: str
    before: Sequence[str]
    after: Sequence[str]
    may_be_noun: bool

    @property
    def is_first(self) -> bool:
        return self.before[-1:] in ([], [_END_OF_PART])


def _places(typed: Sequence[str], candidates: Collection[str]) -> Iterable[_Place]:
    plain = [_plain(each) or each for each in typed]
    in_german = asked_language(plain) == "de"
    for at, word in enumerate(plain):
        if word in candidates:
            yield _Place(typed[at], word, plain[:at], plain[at + 1 :], in_german)


def _is_name(place: _Place, names: Collection[str]) -> bool:
    """Return whether a word is where the name of a service is."""
    beside = _beside()
    before, after = place.before[-1:], place.after[:1]
    if place.typed.casefold() != place.word:  # with an accent: "über"
        return not (before or after)
    ends = after in ([], [_END_OF_PART])
    if place.is_first and ends:
        return True
    # "If Reddit or Slack changes it", "Claude and Notion Business"; but "Claude and read my text".
    is_weak = place.word in beside.after_names | beside.pronouns
    before_more = beside.verbs | beside.after | beside.products | _small_words()
    goes_on = not (before_more - beside.articles - beside.objects).isdisjoint(after)
    goes_on = goes_on or not (is_weak or _is_word(place))
    if AGAINST.intersection(before) and goes_on:
        return True
    if _lists(place.before[::-1], names) and (ends or goes_on or _lists(place.after, names)):
        return True
    if not _has_article(place) and _lists(place.after, names):
        return True
    follows = bool(beside.uses.intersection(before))
    is_subject = bool(beside.verbs.intersection(after))
    asks = beside.asks.intersection(before) or place.is_first
    if (asks and is_subject) or (follows and (ends or beside.after.intersection(after))):
        return True
    # "Nutzt Ring meine Videos", "trainiert Signal mit …".
    if beside.verbs.intersection(before) and beside.objects.intersection(after):
        return True
    return place.word not in beside.pronouns and bool(beside.products.intersection(after))


def _lists(words_beside: Sequence[str], names: Collection[str]) -> bool:
    """Return whether a word that joins names or a comma, and then a name, are on this side."""
    joins = CONJUNCTIONS | AGAINST | {_END_OF_PART}
    one, *others = [*words_beside[:4], _END_OF_PART]
    longest = range(1, len(others) + 1)
    return one in joins and any(
        " ".join(part) in names for end in longest for part in (others[:end], others[:end][::-1])
    )


def _is_beside_names(place: _Place, names: Set[str], candidates: Set[str]) -> bool:
    """Return whether a word is in a row of names with nothing between them: "slack asana miro".

    Beside one other name it may be what that service has or does: "reddit threads".
    """
    if place.typed.casefold() != place.word:  # with an accent: "über"
        return False
    weak = _beside().after_names
    others = [
        name
        for side, step in ((place.before[::-1], -1), (place.after, 1))
        for name in _row(side, names | candidates, step)
        if name not in weak and (name in names or name not in _beside().pronouns)
    ]
    if place.word in _beside().pronouns:
        return len(others) > 1 and place.after[:1] in ([], [_END_OF_PART])
    if len(others) > 1:
        return any(each in names for each in others) or not _has_article(place)
    return len(others) == 1 and place.word not in weak and not _is_word(place)


def _row(words_beside: Sequence[str], names: Collection[str], step: int) -> Iterator[str]:
    """Yield the names with which the words on one side begin; of several the longest.

    After the first one more may be joined to it.
    """
    at = 0
    while at < len(words_beside):
        if at and words_beside[at] in CONJUNCTIONS:
            at += 1
        for end in range(min(at + 4, len(words_beside)), at, -1):
            name = " ".join(words_beside[at:end][::step])
            if name in names:
                yield name
                at = end
                break
        else:
            return


def _is_word(place: _Place) -> bool:
    """Return whether the words beside it make it an ordinary word: "draw a line", "box of"."""
    beside, after = _beside(), place.after[:1]
    first, second = ["", "", *place.before][-2:]
    # "To replicate my voice", "the firms warp the law"; German has its verbs elsewhere.
    is_before_object = not (beside.articles | beside.objects).isdisjoint(after)
    is_verb = is_before_object and (
        second in beside.before_verbs or not (place.may_be_noun or _is_little(second))
    )
    # "A faint signal", "that is incredible".
    is_described = first in beside.articles - MINE and not _is_little(second)
    is_said = first in beside.it_is and second in beside.asks
    is_ended = not beside.never_after.isdisjoint(after)
    return _has_article(place) or is_verb or is_described or is_said or is_ended


def _is_little(word: str) -> bool:
    """Return whether a word is one of questions, or none: neither a noun nor an adjective."""
    return word in ("", _END_OF_PART) or word in known_words() or word in UNINDEXED


def _has_article(place: _Place) -> bool:
    return bool(_beside().articles.intersection(place.before[-1:]))


def _mine(place: _Place) -> bool:
    """Return whether somebody owns it: "does my ring listen"."""
    return bool(MINE.intersection(place.before[-1:]))


def _plain(text: str) -> str:
    return " ".join(words(text))


class Beside(NamedTuple):
    """What is beside names and beside ordinary words, in all languages of the site.

    pronouns: common words that are names at the place of one only. asks, uses, articles: before a
    name, or a word; verbs, after, products, never_after: after it. objects: after a name that
    follows a verb. before_verbs: "to replicate my voice". after_names: "reddit threads".
    it_is: "that is incredible".
    """

    pronouns: frozenset[str]
    asks: frozenset[str]
    uses: frozenset[str]
    articles: frozenset[str]
    verbs: frozenset[str]
    objects: frozenset[str]
    after: frozenset[str]
    products: frozenset[str]
    never_after: frozenset[str]
    before_verbs: frozenset[str]
    after_names: frozenset[str]
    it_is: frozenset[str]


def _table(language: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = language_data(language, "search").get("common_names", {})
    return table


@cache
def _beside() -> Beside:
    return Beside(*(listed_words("common_names", key) for key in Beside._fields))


@cache
def _small_words() -> frozenset[str]:
    small = " ".join(
        language_data(code, "search").get("small", "") for code, _ in settings.LANGUAGES
    )
    return UNINDEXED | frozenset(small.split())


@cache
def _phrases(language: str) -> frozenset[str]:
    """Return the phrases of a language in which a common word is one; of all if it is unclear."""
    if not language:
        return listed_words("common_names", "phrases")
    return frozenset(_table(language).get("phrases", ()))


@cache
def _words_of(language: str) -> frozenset[str]:
    table = _table(language)
    return frozenset(f"{table.get('words', '')} {table.get('pronouns', '')}".split())
