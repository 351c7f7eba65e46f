"""Finds the platforms that a query names: by name, alias or domain, despite typing errors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from consent.search.operators import Operator
from consent.search.plain_words import words
from platforms.models import Platform

#: From this similarity (0 to 100) on a word counts as a typing error of another in a title. Chosen:
#: one wrong letter in five.
_LIKE = 80
#: A name is corrected if so many letters are wrong, missing or swapped, by its length from here on.
#: Names are short and lead elsewhere, so little is forgiven: "photos" is not "Photoshop". Chosen.
_WRONG_LETTERS = ((9, 2), (5, 1))
#: What people call the parts of a platform that its catalog file does not name.
_PARTS = {
    "tweet": "x",
    "tweets": "x",
    "retweets": "x",
    "insta": "instagram",
    "reels": "instagram",
    "gdrive": "gmail-workspace",
    "copilots": "github-copilot",
    "yt": "youtube",
    "snaps": "snapchat",
    "subreddit": "reddit",
    "subreddits": "reddit",
    "wa": "whatsapp",
    "chatgtp": "chatgpt",
    "chat gpt": "chatgpt",
}
#: Aliases that are ordinary words: they name the platform only if the query has no other word.
_ORDINARY = frozenset(
    (
        *("collect", "command", "north", "coral", "ray", "fin", "oz", "rider", "breeze", "muse"),
        *("indeed", "dictation", "omni", "cascade", "contributor fund", "smart features"),
        *("connected experiences", "neighbors", "excel", "word", "office", "echo"),
    )
)
#: Shorter words resemble too many others to correct them. Chosen.
_SHORTEST_FORGIVEN = 4
_LONGEST_NAME = 4  # words


@dataclass(frozen=True, slots=True)
class Named:
    """The platforms that a query names, and its words that are part of no name.

    corrected: the right spelling of the name, if it was typed with an error. operator: the company
    whose platforms these are, if its name is the only one.
    """

    platforms: list[Platform]
    rest: list[str]
    corrected: str = ""
    operator: Operator | None = None


def named_platforms(
    query: Sequence[str],
    platforms: Iterable[Platform],
    companies: Mapping[str, Operator] | None = None,
) -> Named:
    """Find names in the words of a query; the longest first, so that "meta ai" is not "meta".

    companies: those with several platforms, by their slug; named, one stands for all of these.
    """
    every = list(platforms)
    own = {" ".join(words(name)) for each in every for name in (each.name, each.slug)}
    companies = {slug: each for slug, each in (companies or {}).items() if slug not in own}
    named: list[Operator] = []
    names = _names(every)
    found: dict[int, Platform] = {}
    rest: list[str] = []
    at = 0
    while at < len(query):
        for length in range(min(_LONGEST_NAME, len(query) - at), 0, -1):
            span = " ".join(query[at : at + length])
            if span in _ORDINARY and length < len(query):
                continue
            if company := companies.get(span):
                named.append(company)
            if matching := (company.platforms if company else names.get(span)):
                found.update({platform.pk: platform for platform in matching})
                at += length
                break
        else:
            rest.append(query[at])
            at += 1
    only = named[0] if len(named) == 1 and len(found) == len(named[0].platforms) else None
    return Named(list(found.values()), rest, operator=only)


def exactly_named(query: Sequence[str], platforms: Iterable[Platform]) -> Platform | None:
    """Return the one platform that these words name, all of them; None without one."""
    matching = _names(platforms).get(" ".join(query), [])
    return matching[0] if len(matching) == 1 else None


def names_of_one(platforms: Iterable[Platform]) -> dict[str, Platform]:
    """Return platforms by the names that only they have and that are no ordinary words."""
    return {
        name: matching[0]
        for name, matching in _names(platforms).items()
        if len(matching) == 1 and name not in _ORDINARY
    }


def closest(typed: str, known: Iterable[str]) -> str | None:
    """Return the known word most similar to the typed one; None if none is similar enough."""
    if len(typed) < _SHORTEST_FORGIVEN:
        return None
    best = process.extractOne(
        typed,
        [name for name in known if len(name) >= _SHORTEST_FORGIVEN],
        scorer=fuzz.ratio,
        score_cutoff=_LIKE,
    )
    return best[0] if best else None


def with_typing_errors(
    query: Sequence[str], candidates: Sequence[str], platforms: Iterable[Platform]
) -> Named:
    """Find a name that was typed with an error. candidates: the words that may be one."""
    names = _names(platforms)
    spans = [candidates] if len(candidates) > 1 else []
    for span in (*spans, *([word] for word in candidates)):
        typed = " ".join(span)
        if best := _closest_name(typed, names):
            matching = names[best]
            rest = [word for word in query if word not in span]
            return Named(matching, rest, corrected=matching[0].name)
    return Named([], list(query))


def _closest_name(typed: str, names: Iterable[str]) -> str | None:
    """Return the name that was meant, if few letters are wrong and the first one is right."""
    allowed = next((most for length, most in _WRONG_LETTERS if len(typed) >= length), 0)
    if not allowed:
        return None
    found = process.extractOne(
        typed,
        [
            name
            for name in names
            if name[:1] == typed[0] and len(name) > 3 and name not in _ORDINARY
        ],
        scorer=DamerauLevenshtein.distance,
        score_cutoff=allowed,
    )
    return found[0] if found else None


def _names(platforms: Iterable[Platform]) -> dict[str, list[Platform]]:
    """Return platforms by every spelling of their names: words joined by spaces."""
    names: dict[str, list[Platform]] = {}
    every = list(platforms)
    for platform in every:
        spellings = [platform.name, platform.slug.replace("-", " "), *platform.aliases]
        for spelling in dict.fromkeys(" ".join(words(spelling)) for spelling in spellings):
            names.setdefault(spelling, []).append(platform)
    by_slug = {platform.slug: platform for platform in every}
    for part, slug in _PARTS.items():
        if slug in by_slug:
            names.setdefault(part, [by_slug[slug]])
    return names
