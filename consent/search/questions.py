"""Reads a question in a language of the site: what it is about, besides the names in it.

Word lists, not a grammar: people type a few words, in any order. Words are plain as in
consent.search.plain_words: small letters without accents. The tables here are English, the
language of the records; those of other languages are in locale/<language>/search.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language

from config.language_data import language_data
from consent.search.plain_words import words
from consent.vocabulary import DataKind, Effect
from platforms.vocabulary import Category

_Meaning = TypeVar("_Meaning")

#: Words of English that say nothing about what is sought, and that the index contains.
_SMALL = frozenset(
    words(
        " account allow anyone app apps collect collects companies company data does everyone"
        " fed feed feeds get go great hey information is it keep learn learning learns listen"
        " listening listens look looks me myself need new now online page people please policy"
        " privacy private read reading reads really save saves scan scanning scans see sees"
        " sell sells service services share shares sharing someone spies spy spying still"
        " store stores tell thing today use used uses using want watch watches watching"
        " website which whose ever smart media network"
        " networks already companys legally allowed"
    )
)
#: Words about training, and words about refusing it. Alone they ask for guides.
_TRAINING = frozenset(
    words(
        " ai artificial default intelligence llm llms machine model models train trained"
        " training trains"
    )
)
_WAY_OUT = frozenset(
    words(
        " avoid block consent deactivate delete deleting deletion disable erase forget how no"
        " object objecting objection off opt opt-out opted opting optout out prevent protect"
        " refuse remove revoke say setting settings stop switch turn withdraw"
    )
)
_KINDS = {
    DataKind.IMAGES_AND_VIDEO: (
        "photo photos picture pictures pic pics image images video videos selfie selfies face faces"
        " artwork artworks drawings"
    ),
    DataKind.MAIL_AND_DOCUMENTS: (
        "mail mails email emails e-mail e-mails inbox document documents docs"
    ),
    DataKind.PRIVATE_MESSAGES: "message messages dm dms texts",
    DataKind.CHATS: "chat chats conversation conversations prompt prompts",
    DataKind.PUBLIC_POSTS: "tweet tweets post posts comment comments",
    DataKind.VOICE: "voice voices recording recordings call calls audio song songs music",
    DataKind.CODE: "code repository repositories repos repo",
    DataKind.FILES: "file files upload uploads designs",
    DataKind.PROFILE: "profile cv resume",
}
_CATEGORIES = {
    Category.DATING: "dating",
    Category.GAMES: "game games gaming",
    Category.VEHICLE: "car cars vehicle vehicles",
    Category.SHOPPING: "shop shops shopping",
    Category.TRAVEL: "travel hotel hotels",
    Category.PAYMENT: "payment payments",
    Category.ASSISTANT: "assistant assistants chatbot chatbots",
    Category.SOCIAL: "social socials",
    Category.DEVICE: "device devices speaker speakers wearable wearables doorbell",
}
_EFFECTS = {
    Effect.LAWSUIT: "lawsuit lawsuits sue sues sued suing",
    Effect.COURT_RULING: "court ruling judge judgment",
    Effect.REGULATOR_ACTION: "regulator regulators fine fined dpa",
    Effect.COMPLAINT: "complaint complaints",
}
#: Words that ask what has changed.
_CHANGED = frozenset(
    words("change changed changes happened latest news recent recently update updated updates")
)
#: Laws, as records in English call them. They narrow what is found, and they name no platform.
_LAWS = frozenset(words("gdpr ccpa cpra dma dsa lgpd law laws right rights"))
_YEAR = re.compile(r"20[12]\d")
#: Words of records, by other words of English for the same.
_SYNONYMS = {
    "kids": "children",
    "medical": "health",
    "fitness": "health",
    "erase": "delete",
    "deleting": "delete",
    "deletion": "delete",
    "objection": "object",
    "objecting": "object",
    "deactivate": "turn",
    "disable": "turn",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the words beside names ask for.

    kinds: of data. effects: kinds of change. other: words that are neither about data nor about
    training nor small words.
    category: of platforms. years: that it names. wants_way_out: asks how to refuse.
    is_about_training: names training, a law or refusing at all. asks_for_changes: asks what has
    changed.
    """

    kinds: tuple[DataKind, ...]
    effects: tuple[Effect, ...]
    other: tuple[str, ...]
    wants_way_out: bool
    is_about_training: bool
    names_law: bool = False
    category: Category | None = None
    years: tuple[int, ...] = ()
    asks_for_changes: bool = False


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words of all languages of the site, as they count on pages in one of them.

    foreign: small words and words about training or refusing that no record in English has.
    in_english: what records call what was asked for in other words.
    """

    small: frozenset[str]
    training: frozenset[str]
    way_out: frozenset[str]
    changed: frozenset[str]
    foreign: frozenset[str]
    kinds: Mapping[str, DataKind]
    categories: Mapping[str, Category]
    effects: Mapping[str, Effect]
    in_english: Mapping[str, str]


def read_subject(rest: Sequence[str], unindexed: Iterable[str] = ()) -> Subject:
    """Read the words of a query that are part of no name. unindexed: small words of English."""
    lexicon = _lexicon(get_language() or settings.LANGUAGE_CODE)
    laws = {word for word in rest if lexicon.in_english.get(word, word) in _LAWS}
    intent = lexicon.way_out | lexicon.training | laws
    # A small word of the page's language may be a kind of data in English: "comment".
    small = lexicon.small.union(unindexed)
    rest = [word for word in rest if word not in small or word in intent]
    kinds, categories, effects = lexicon.kinds, lexicon.categories, lexicon.effects
    return Subject(
        kinds=tuple(dict.fromkeys(kinds[word] for word in rest if word in kinds)),
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
        category=next((categories[word] for word in rest if word in categories), None),
        years=tuple(sorted({int(word) for word in rest if _YEAR.fullmatch(word)})),
        asks_for_changes=any(word in lexicon.changed for word in rest),
    )


def in_english(rest: Iterable[str]) -> list[str]:
    """Return the words as records in English have them, without foreign small words and years."""
    lexicon = _lexicon(get_language() or settings.LANGUAGE_CODE)
    return [
        lexicon.in_english.get(word, word)
        for word in rest
        if (word in lexicon.in_english or word not in lexicon.foreign) and not _YEAR.fullmatch(word)
    ]


def asks_only(word: str) -> bool:
    """Return whether a word of English says what people want to do rather than what it is about."""
    return word in _WAY_OUT or word in _CHANGED or word in _SMALL


@cache
def _lexicon(page_language: str) -> _Lexicon:
    """Merge the tables of all languages; of two meanings of a word, the page's language wins."""
    tables = []
    for language, _name in settings.LANGUAGES:
        data = language_data(language, "search")
        tables.append(data)
        if language == page_language:
            tables.append(data.get("on_own_pages", {}))

    def listed(key: str) -> frozenset[str]:
        return frozenset(word for table in tables for word in table.get(key, "").split())

    def by_word(key: str) -> dict[str, str]:
        return {
            word: meaning
            for table in tables
            for meaning, those in table.get(key, {}).items()
            for word in those.split()
        }

    foreign = listed("small") | listed("training") | listed("way_out")
    return _Lexicon(
        small=_SMALL | listed("small"),
        training=_TRAINING | listed("training"),
        way_out=_WAY_OUT | listed("way_out"),
        changed=_CHANGED | listed("changed"),
        foreign=foreign,
        kinds=_by_word(_KINDS) | {w: DataKind(m) for w, m in by_word("kinds").items()},
        categories=_by_word(_CATEGORIES)
        | {w: Category(m) for w, m in by_word("categories").items()},
        effects=_by_word(_EFFECTS) | {w: Effect(m) for w, m in by_word("effects").items()},
        in_english=_SYNONYMS | by_word("in_english"),
    )


def _by_word(table: Mapping[_Meaning, str]) -> dict[str, _Meaning]:
    return {word: meaning for meaning, listed in table.items() for word in words(listed)}
