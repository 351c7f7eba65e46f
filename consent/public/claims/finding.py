"""Finds the claims that a question is about, by their words or by what people call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from django.conf import settings

from consent.declarations.claims import ClaimDeclaration, claims_in
from consent.language_data import tables_of_words
from consent.search.common_words import common_words
from consent.search.names import Named, named_platforms
from consent.search.pages import asks_for, asks_how_told, leads_to, wishes_in, without_asking
from consent.search.plain_words import has_phrase, phrases_in, words
from consent.search.questions import in_english, read_subject
from consent.search.texts import sought
from consent.vocabulary import DataKind
from platforms.models import Platform

_MOST = 5
_SHORTEST_BEGINNING = 4  # letters, as in a search of texts


def claims_about(query: Sequence[str], platforms: Iterable[Platform]) -> list[ClaimDeclaration]:
    """Return the claims with all words of a question, those with most in their sentence first.

    query: plain words. Claims that people call by a phrase of it come before these, and before
    all those of which it asks whether they are true. The name of one of the platforms counts whole,
    and by any of its spellings: "Le Chat" is about no chats.
    """
    listed = list(platforms)
    common = common_words(" ".join(query), listed, {})
    named = named_platforms(without_asking("claims", query), listed, as_words=common.as_words)
    asked = [*named.spellings, *sought(in_english(named.rest))]
    ranks: dict[ClaimDeclaration, int] = {}
    is_doubt, doubted = asks_for("true", query), doubted_claims(query)

    def in_text(text: str) -> set[str]:
        typed = words(text)
        names = {each for each, known in named.spellings.items() if phrases_in(typed, known)}
        return names | _in(typed, set(asked).difference(named.spellings))

    for claim in claims_in(settings.CATALOG_DIR):
        in_claim = in_text(claim.claim)
        further = in_text(f"{claim.said_by} {claim.finding} {claim.instead} {claim.unclear}")
        if claim.slug in doubted:
            ranks[claim] = len(asked) + 2
        elif has_phrase(query, _phrases().get(claim.slug, ())):
            ranks[claim] = len(asked) + 1
        elif in_claim and in_claim | further == set(asked):
            ranks[claim] = len(in_claim)
        elif not is_doubt and claim.slug not in _phrases() and _is_about_data_of(claim, named):
            ranks[claim] = 0
    return sorted(ranks, key=lambda claim: -ranks[claim])[:_MOST]


def doubted_claims(query: Sequence[str]) -> set[str]:
    """Return the slugs of the claims of which plain words ask whether they are true or help.

    Asking what becomes of data that was given asks that too, within one wish: "how do I opt out,
    and can I delete my chats" are two, and what also asks since when, by whom or whether people
    were told has several. The words have one of each group of a list under [matters], in any order.
    """
    if asks_for("true", query):
        wishes = [f" {' '.join(query)} "]
    elif asks_for("since", query) or asks_for("who", query) or asks_how_told(query):
        return set()
    elif asks_for("deleted", query) or asks_for("given", query):
        wishes = [f" {' '.join(wish)} " for wish in wishes_in(query)]
    else:
        return set()
    return {
        slug
        for slug, matters in _matters().items()
        if any(all(group.search(wish) for group in groups) for wish in wishes for groups in matters)
    }


def _is_about_data_of(claim: ClaimDeclaration, named: Named) -> bool:
    """Return whether a question names a service of a claim and a kind of its data, or refusing.

    Messages may be called chats.
    """
    if set(claim.platforms).isdisjoint(each.slug for each in named.platforms):
        return False
    own, asked = read_subject(words(claim.claim)), read_subject(named.rest)
    if not own.kinds:
        return own.wants_way_out and asked.wants_way_out
    kinds = {DataKind.PRIVATE_MESSAGES if kind == DataKind.CHATS else kind for kind in asked.kinds}
    return not kinds.isdisjoint(
        DataKind.PRIVATE_MESSAGES if kind == DataKind.CHATS else kind for kind in own.kinds
    )


def come_first(query: Sequence[str], slugs: Iterable[str]) -> bool:
    """Return whether the claims that plain words are about come before the answers.

    So they do where a question doubts something, or hopes for what has no effect on one of these
    platforms.
    """
    return (
        asks_for("true", query)
        or bool(doubted_claims(query))
        or leads_to("claims", query)
        or _names_idle_remedy(query, slugs)
    )


def _names_idle_remedy(query: Sequence[str], slugs: Iterable[str]) -> bool:
    """Return whether plain words name a remedy without effect against one of these platforms."""
    named = set(slugs)
    return any(
        claim.is_idle_remedy
        and not named.isdisjoint(claim.platforms)
        and has_phrase(query, _phrases().get(claim.slug, ()))
        for claim in claims_in(settings.CATALOG_DIR)
    )


def _in(text: Sequence[str], asked: Iterable[str]) -> set[str]:
    """Return the words that a text has, in the plural or at the beginning of longer ones too."""
    stems = {word.removesuffix("s") for word in text}
    return {
        word
        for word in asked
        if word.removesuffix("s") in stems
        or (len(word) >= _SHORTEST_BEGINNING and any(each.startswith(word) for each in stems))
    }


@cache
def _phrases() -> dict[str, list[str]]:
    """Return what people call claims besides their words, by the slug."""
    found: dict[str, list[str]] = {}
    for table in tables_of_words("claims"):
        for slug, phrases in table.items():
            found.setdefault(slug, []).extend(phrases)
    return found


@cache
def _matters() -> dict[str, list[list[re.Pattern[str]]]]:
    """Return the matters of claims by their slugs, each as one pattern for each of its groups.

    A matter that can be asked in several ways is several lists of groups.
    """
    found: dict[str, list[list[re.Pattern[str]]]] = {}
    for table in tables_of_words("matters"):
        for slug, listed in table.items():
            lists = [listed] if isinstance(listed[0], str) else listed
            found.setdefault(slug, []).extend([*map(_any_of, groups)] for groups in lists)
    return found


def _any_of(group: str) -> re.Pattern[str]:
    """Return what finds one of the words of a group; an ellipsis ends the beginning of longer ones.

    An underscore joins the words of a phrase.
    """
    each = (
        re.escape(word.removesuffix("…").replace("_", " ")) + (r"\S*" if word.endswith("…") else "")
        for word in group.split()
    )
    return re.compile(rf" (?:{'|'.join(each)})(?= )")
