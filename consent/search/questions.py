"""Reads a question in a language of the site: what it is about, besides the names in it.

Word lists, not a grammar: people type a few words, in any order. Words are plain as in
consent.search.plain_words: small letters without accents. They are in
locale/<language>/search.toml; English is the language of the records.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy

from consent.language_data import language_data, tables_of_words
from consent.search.plain_words import UNINDEXED, words
from consent.vocabulary import DataKind, Effect
from platforms.vocabulary import Category

_SHORT_WORD = 3  # letters
_LONGEST_PHRASE = 6  # words
_YEAR = re.compile(r"20[12]\d")
#: What is said of kinds of services, by their names in search.toml.
NONE_WATCHED = {
    "banks": gettext_lazy("We watch no banks yet."),
    "toys": gettext_lazy("We watch no toys yet."),
    "insurers": gettext_lazy("We watch no insurers yet."),
    "supermarkets": gettext_lazy("We watch no supermarkets yet."),
    "maps": gettext_lazy("We watch no map services yet."),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the words beside names ask for.

    kinds: of data. effects: kinds of change. other: words that are neither about data nor about
    training nor small words.
    categories: of platforms. years: that it names. wants_way_out: asks how to refuse.
    narrower: what is named is only a part of the first category: browsers, of media.
    is_about_training: names training, a law or refusing at all. asks_for_changes: asks what has
    changed.
    """

    kinds: tuple[DataKind, ...]
    effects: tuple[Effect, ...]
    other: tuple[str, ...]
    wants_way_out: bool
    is_about_training: bool
    names_law: bool = False
    categories: tuple[Category, ...] = ()
    years: tuple[int, ...] = ()
    asks_for_changes: bool = False
    narrower: str = ""

    @property
    def category(self) -> Category | None:
        """The first kind of platform that is named."""
        return next(iter(self.categories), None)

    @property
    def says_nothing(self) -> bool:
        """Whether there are small words only."""
        return not (
            self.kinds
            or self.effects
            or self.other
            or self.is_about_training
            or self.category
            or self.years
            or self.asks_for_changes
        )


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words of all languages of the site, as they count on pages in one of them.

    foreign: small words and words about training or refusing that no record in English has.
    in_english: what records call what was asked for in other words.
    """

    small: frozenset[str]
    small_in_english: frozenset[str]
    training: frozenset[str]
    way_out: frozenset[str]
    changed: frozenset[str]
    laws: frozenset[str]
    recordings: frozenset[str]
    cameras: frozenset[str]
    foreign: frozenset[str]
    kinds: Mapping[str, DataKind]
    categories: Mapping[str, Category]
    phrases_of_data: frozenset[str]
    narrower: frozenset[str]
    effects: Mapping[str, Effect]
    in_english: Mapping[str, str]


def read_subject(rest: Sequence[str]) -> Subject:
    """Read the words of a query that are part of no name."""
    lexicon = _lexicon_for(rest)
    laws = {word for word in rest if lexicon.in_english.get(word, word) in lexicon.laws}
    intent = lexicon.way_out | lexicon.training | laws
    phrases = _longest(rest, lexicon.categories)  # "music" alone is data
    of_phrases = {
        word
        for phrase in phrases
        for word in phrase.split()
        if word not in lexicon.kinds or phrase not in lexicon.phrases_of_data
    }
    rest = [word for word in rest if word not in of_phrases]
    # A small word of the page's language may be a kind of data in English: "comment".
    small = lexicon.small | UNINDEXED
    rest = [_data_of(word, lexicon.kinds) for word in rest]
    rest = [_kind_of_platform(word, lexicon) for word in rest]
    rest = [word for word in rest if word not in small or word in intent]
    kinds, categories, effects = lexicon.kinds, lexicon.categories, lexicon.effects
    named = [
        *((phrase, lexicon.categories[phrase]) for phrase in phrases),
        *((word, categories[word]) for word in rest if word in categories),
    ]
    first = next((name for name, _category in named), "")
    return Subject(
        kinds=tuple(dict.fromkeys(_kinds_of_data(rest, lexicon))),
        effects=tuple(dict.fromkeys(effects[word] for word in rest if word in effects)),
        other=tuple(
            word
            for word in rest
            if word not in intent | lexicon.changed
            and word not in kinds
            and word not in categories
            and not _YEAR.fullmatch(word)
        ),
        wants_way_out=any(word in lexicon.way_out for word in rest),
        is_about_training=any(word in intent for word in rest),
        names_law=bool(laws),
        categories=tuple(dict.fromkeys(category for _name, category in named)),
        years=tuple(sorted({int(word) for word in rest if _YEAR.fullmatch(word)})),
        asks_for_changes=any(word in lexicon.changed for word in rest),
        narrower=first if first in lexicon.narrower else "",
    )


def _longest(query: Sequence[str], phrases: Container[str]) -> list[str]:
    """Return the phrases in a query; of those that overlap the longest, of these the last.

    "Which AI companions" is about "ai companions", not about "which ai".
    """
    spans = [
        (length, at)
        for length in range(min(_LONGEST_PHRASE, len(query)), 1, -1)
        for at in range(len(query) - length, -1, -1)
        if " ".join(query[at : at + length]) in phrases
    ]
    chosen: list[tuple[int, int]] = []
    for length, at in spans:
        if all(at + length <= start or end <= at for start, end in chosen):
            chosen.append((at, at + length))
    return [" ".join(query[start:end]) for start, end in sorted(chosen)]


def _data_of(word: str, kinds: Mapping[str, DataKind]) -> str:
    """Return the kind of data at the end of a compound: of "facebook-beitrage"; else the word."""
    last = word.rpartition("-")[2]
    return last if last in kinds and word not in kinds else word


def _kinds_of_data(rest: Sequence[str], lexicon: _Lexicon) -> Iterator[DataKind]:
    """Yield the kind of data of each word; recordings beside a camera or a video are pictures."""
    kinds, pictures = lexicon.kinds, DataKind.IMAGES_AND_VIDEO
    is_seen = any(word in lexicon.cameras or kinds.get(word) == pictures for word in rest)
    for word in rest:
        if word in kinds:
            yield pictures if is_seen and word in lexicon.recordings else kinds[word]


def _kind_of_platform(word: str, lexicon: _Lexicon) -> str:
    """Return the category at the beginning of "shopping-apps"; else the word."""
    first, _hyphen, last = word.rpartition("-")
    is_category = first in lexicon.categories and last in lexicon.small
    return first if is_category and word not in lexicon.categories else word


def in_english(rest: Iterable[str]) -> list[str]:
    """Return the words as records in English have them, without foreign small words and years."""
    rest = list(rest)
    lexicon = _lexicon_for(rest)
    return [
        lexicon.in_english.get(word, word)
        for word in rest
        if (word in lexicon.in_english or word not in lexicon.foreign) and not _YEAR.fullmatch(word)
    ]


def asked_language(query: Sequence[str]) -> str:
    """Return the language of most words that only one language of the site has; "" if unclear.

    One short word says little: it may be a name, such as that of the plan Go.
    """
    by_language = _words_by_language()
    telling = [word for word in query if any(word in own for own in by_language.values())]
    if len(telling) == 1 and len(telling[0]) <= _SHORT_WORD:
        return ""
    counts = {language: sum(word in own for word in query) for language, own in by_language.items()}
    most = max(counts.values())
    languages = [language for language, count in counts.items() if count == most]
    return languages[0] if most and len(languages) == 1 else ""


def slugs_of_part(phrase: str) -> set[str]:
    """Return the platforms of what is only a part of a kind, such as messengers, if known."""
    parts = language_data(settings.LANGUAGE_CODE, "search").get("parts_of_kinds", {})
    return {
        slug
        for slugs, beginnings in parts.values()
        if phrase.startswith(tuple(beginnings.split()))
        for slug in slugs.split()
    }


@cache
def known_words() -> frozenset[str]:
    """Return the plain words in the tables of all languages of the site: they are no slips."""
    tables = [language_data(language, "search") for language, _name in settings.LANGUAGES]
    texts = (text.replace("_", " ") for table in tables for text in _texts(table))
    return frozenset(word for text in texts for word in words(text))


@cache
def no_names() -> frozenset[str]:
    """Return words of contracts and greetings, which name no service where they are alone."""
    tables = [language_data(language, "search") for language, _name in settings.LANGUAGES]
    return frozenset(word for table in tables for word in table["no_names"].split())


def _texts(table: object) -> Iterator[str]:
    if isinstance(table, str):
        yield table
    elif isinstance(table, Mapping | list):
        for each in table.values() if isinstance(table, Mapping) else table:
            yield from _texts(each)


class _Called(NamedTuple):
    """What a kind of platforms is called.

    is_of_data: data are named, too. is_part: what is called so is only a part of the kind.
    """

    phrase: str
    category: Category
    is_of_data: bool
    is_part: bool


def _kinds_of_platforms(table: Mapping[str, Any]) -> Iterator[_Called]:
    """Yield what kinds of platforms are called, last what is listed: "learning apps", "edtech"."""
    kinds = dict(table.get("kinds_of_platforms", {}))
    patterns, heads = kinds.pop("patterns", ()), kinds.pop("heads", "").split()
    listed = ((table.get("categories", {}), ["{what}"], [""]), (kinds, patterns, heads))
    for phrases_of, forms, ends in reversed(listed):
        for category, phrases in phrases_of.items():
            for marked, end, form in product(phrases.split(), ends, forms):
                what = marked.lstrip("~*").replace("_", " ")
                phrase = form.format(what=what, head=end)
                yield _Called(phrase, Category(category), "*" in marked, "~" in marked)


def is_small(word: str) -> bool:
    """Return whether a word of English says nothing about what is sought."""
    return word in UNINDEXED or word in _lexicon(settings.LANGUAGE_CODE).small_in_english


def unwatched_kind(query: Iterable[str]) -> str:
    """Return the kind of services that a question is about and of which none is watched."""
    kinds = unwatched_kinds()
    return next((kinds[word] for word in query if word in kinds), "")


@cache
def unwatched_kinds() -> Mapping[str, str]:
    """Return the words for kinds of services of which none is watched, with the kind's name."""
    return {
        word: kind
        for table in tables_of_words("unwatched_kinds")
        for kind, those in table.items()
        for word in those.split()
    }


def asks_only(word: str) -> bool:
    """Return whether a word of English says what people want to do rather than what it is about."""
    return word in _words_that_ask()


@cache
def _words_that_ask() -> frozenset[str]:
    english = language_data(settings.LANGUAGE_CODE, "search")
    return frozenset(f"{english['way_out']} {english['changed']} {english['small']}".split())


@cache
def _words_by_language() -> Mapping[str, frozenset[str]]:
    """Return the words that only one language has, by the language."""
    found = {language: _all_words(language) for language, _name in settings.LANGUAGES}
    found[settings.LANGUAGE_CODE] |= UNINDEXED
    return {
        language: frozenset(own.difference(*(found[each] for each in found if each != language)))
        for language, own in found.items()
    }


def _all_words(language: str) -> frozenset[str]:
    data = language_data(language, "search")
    tables = (data, data.get("on_own_pages", {}))
    texts = [text for table in tables for text in table.values() if isinstance(text, str)]
    for key in ("kinds", "works", "effects", "in_english"):
        texts += data.get(key, {}).values()
    for key in ("people", "pages", "purposes", "categories"):
        # A word of a phrase is hardly of one language: "compte pro", "Claude Pro".
        for phrases in data.get(key, {}).values():
            each = phrases if isinstance(phrases, list) else phrases.split()
            texts += (phrase.lstrip("~") for phrase in each if not re.search("[ _]", phrase))
    return frozenset(" ".join(texts).split())


def _lexicon_for(query: Sequence[str]) -> _Lexicon:
    """Return the lexicon for the language of a question; of the page if that is unclear."""
    return _lexicon(asked_language(query) or get_language() or settings.LANGUAGE_CODE)


@cache
def _lexicon(page_language: str) -> _Lexicon:
    """Merge the tables of all languages; of two meanings of a word, the page's language wins."""
    english, others = language_data(settings.LANGUAGE_CODE, "search"), []
    for language, _name in settings.LANGUAGES:
        data = language_data(language, "search")
        if language != settings.LANGUAGE_CODE:
            others.append(data)
        if language == page_language:
            others.append(data.get("on_own_pages", {}))
    tables = [english, *others]

    def listed(key: str, tables: Sequence[Mapping[str, Any]] = tables) -> frozenset[str]:
        return frozenset(word for table in tables for word in table.get(key, "").split())

    def by_word(key: str) -> dict[str, str]:
        return {
            word: meaning
            for table in tables
            for meaning, those in table.get(key, {}).items()
            for word in those.split()
        }

    called = [each for table in tables for each in _kinds_of_platforms(table)]
    return _Lexicon(
        small=listed("small"),
        small_in_english=listed("small", [english]),
        training=listed("training"),
        way_out=listed("way_out"),
        changed=listed("changed"),
        laws=listed("laws"),
        recordings=listed("recordings"),
        cameras=listed("cameras"),
        foreign=listed("small", others) | listed("training", others) | listed("way_out", others),
        kinds={word: DataKind(meaning) for word, meaning in by_word("kinds").items()},
        categories={each.phrase: each.category for each in called},
        phrases_of_data=frozenset(each.phrase for each in called if each.is_of_data),
        narrower=frozenset(each.phrase for each in called if each.is_part),
        effects={word: Effect(meaning) for word, meaning in by_word("effects").items()},
        in_english=by_word("in_english"),
    )
