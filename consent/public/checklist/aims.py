"""What a task is for, in one sentence: "Stop your chats from training OpenAI's models".

It is made of the titles of uses. How a title is taken apart is in locale/<language>/clauses.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy

from consent.language_data import language_data
from consent.ledger.place_words import listed
from consent.ledger.platform_facts import ControlFacts, UseFacts
from consent.ledger.verdict_words import titles_of
from consent.vocabulary import Purpose, Refuse

# Translators: the clause is made as clauses.toml says: "your chats from training Chirp's models"
_STOP = gettext_lazy("Stop %(clause)s")
_OBJECT = gettext_lazy("Object, to keep %(clause)s")


@dataclass(frozen=True, slots=True)
class _Clause:
    """The title of a use taken apart. rest: a clause that explains the models."""

    data: str
    verb: str
    models: str
    rest: str


@dataclass(frozen=True, slots=True)
class Aim:
    """What an act is for. uses: those that the sentence names."""

    words: str
    uses: tuple[UseFacts, ...]


def aim_of(uses: Iterable[UseFacts], control: ControlFacts) -> Aim | None:
    """Return what a control is for; None where no title can be part of such a sentence.

    Uses that train the same models are named together, the others left to sentences of their own.
    """
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    clauses = {use: clause for use in uses if (clause := _clause(use, language))}
    if not clauses or control.is_by_admin:
        return None
    first = next(iter(clauses.values()))
    named = {
        use: each
        for use, each in clauses.items()
        if (each.models, each.rest) == (first.models, first.rest)
    }
    data = list(dict.fromkeys(each.data for each in named.values()))
    table = language_data(language, "clauses")
    verb = first.verb if len(data) == 1 else table.get("several", first.verb)
    template = _OBJECT if control.refuse in (Refuse.SUBMIT, Refuse.WRITE) else _STOP
    clause = table["clause"].format(
        data=listed(data), verb=verb, models=first.models, rest=first.rest
    )
    words = template % {"clause": clause}
    for written, instead in table.get("written", ()):
        words = words.replace(written, instead)
    return Aim(words, tuple(named))


def _clause(use: UseFacts, language: str) -> _Clause | None:
    titles = titles_of(use)
    if use.purpose != Purpose.TRAINING or (titles.is_english and language != "en"):
        return None
    table = language_data(language, "clauses")
    found = re.match(table["title"], titles.title) if "title" in table else None
    if found is None or re.search(table["says_more"], titles.title):
        return None
    parts = found.groupdict(default="")
    data = titles.begun_small if titles.is_english else _begun_small(titles.title, language)
    return _Clause(
        data[: len(parts["data"])], parts["verb"], parts["models"], parts.get("rest", "")
    )


@cache
def _small_words(language: str) -> frozenset[str]:
    return frozenset(language_data(language, "clauses").get("small", "").split())


def _begun_small(title: str, language: str) -> str:
    if title.partition(" ")[0].rstrip(",") in _small_words(language):
        return title[0].lower() + title[1:]
    return title
