"""The pages of the site that answer questions about no service, by the words of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Literal, get_args

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.language_data import listed_words
from consent.search.plain_words import has_phrase, phrases_in, shapes_in


@dataclass(frozen=True, slots=True)
class SitePage:
    view: str
    title: str | Promise

    @property
    def address(self) -> str:
        return reverse(self.view)


Asked = Literal[
    "authorities",
    "not-for",
    "beside-authorities",
    "punished",
    "undecided",
    "deletion-ordered",
    "models-deleted",
    "fined",
    "deadline",
    "since",
    "who",
    "leave-alerts",
    "told",
    "told-nobody",
    "asked",
    "announced",
    "kept",
    "deleted",
    "given",
    "not-training",
    "by-admin",
    "who-sets",
    "by-mail",
    "by-form",
    "refusing",
    "of-one-company",
    "by-plan",
    "no-way-out",
    "paid",
    "sold",
    "passed-on",
    "proof",
    "contract",
    "age",
    "everything",
    "turned-on",
    "turned-off",
    "all-platforms",
    "true",
    "phone",
    "private-account",
    "latest",
    "alerts",
    "everybody",
    "each-country",
    "how-it-was",
    "sheet",
    "side-by-side",
    "now",
    "opt-out-removed",
    "started-first",
    "started-in",
    "pledge-dropped",
    "ai-act",
    "changes",
    "added",
    "share",
    "quoting",
    "legal",
    "ranked",
    "scraped",
    "api",
    "other-apis",
    "report",
]
_AI = frozenset(("ai", "ki", "ia", "llm"))
_ASKED: tuple[Asked, ...] = get_args(Asked)

SITE_PAGES = (
    SitePage("next", _("What is announced")),
    SitePage("numbers", _("Numbers")),
    SitePage("claims", _("Claims checked")),
    SitePage("corrections", _("Corrections")),
    SitePage("providers", _("Providers of APIs")),
)
#: What is asked, or answered by a page, with phrases of its own and with those of others.
_ANSWERED_BY = {
    "next": ("deadline", "announced"),
    "claims": ("true",),
    "authorities": ("fined",),
    "providers": ("api",),
    "told": ("asked",),
    "numbers": ("how-it-was",),
}
#: Answers who runs the site. Each page ends with a link to it, so it is in no list of pages.
_ABOUT = SitePage("about", _("About us"))
#: Answer what is asked about the site itself.
_ABOUT_THE_SITE = (
    SitePage("report", _("Report an error")),
    SitePage("methodology", _("How it works in detail")),
    _ABOUT,
)


def pages_for(query: Sequence[str]) -> list[SitePage]:
    """Return the pages whose words a query has, the one with most of them first.

    query: plain words. A phrase counts as each of its words.
    """
    query = _with_ai_apart(query)
    hits = {
        page.view: sum(1 + phrase.count(" ") for phrase in phrases_in(query, _phrases(page.view)))
        for page in (*SITE_PAGES, _ABOUT)
    }
    found = [each for each in (*SITE_PAGES, _ABOUT) if hits[each.view]]
    return sorted(found, key=lambda each: -hits[each.view])


def about_the_site(query: Sequence[str]) -> SitePage | None:
    """Return the page that answers what plain words ask about the site itself."""
    pages = (each for each in _ABOUT_THE_SITE if has_phrase(query, _phrases(each.view)))
    return next(pages, None)


def leads_to(view: str, query: Sequence[str]) -> bool:
    """Return whether `pages_for` has a page for plain words."""
    return bool(phrases_in(_with_ai_apart(query), _phrases(view)))


def asks_anything(query: Sequence[str]) -> bool:
    """Return whether plain words have any phrase of a question. "Best" may begin a name."""
    asked = (what for what in _ASKED if what != "ranked")
    return bool(pages_for(query)) or any(asks_for(what, query) for what in asked)


def asks_for(what: Asked, query: Sequence[str]) -> bool:
    """Return whether plain words have a phrase of [pages] for this in a language of the site."""
    return has_phrase(_with_ai_apart(query), _phrases(what))


def asked_at(query: Sequence[str], *whats: Asked) -> int:
    """Return after how many words the first of these is asked for; all words if none is."""
    ends = (at for at in range(1, len(query)) if any(asks_for(each, query[:at]) for each in whats))
    return next(ends, len(query))


def _with_ai_apart(query: Sequence[str]) -> list[str]:
    """Add the ends of compounds with AI to plain words: "ki-crawler", "llm-api"."""
    return [*query, *(end for word in query for ai, _, end in [word.partition("-")] if ai in _AI)]


def asks_how_told(query: Sequence[str]) -> bool:
    """Return whether plain words ask how people were told: "since when, announced?" too."""
    of_the_past = asks_for("announced", query) and asks_for("since", query)
    return asks_for("told", query) or of_the_past


@cache
def _phrases(key: str) -> frozenset[str]:
    """Return the phrases for a page; it may have those of what it answers too."""
    keys = (key, *_ANSWERED_BY.get(key, ()))
    return frozenset().union(*(listed_words("pages", each) for each in keys))


def without_asking(page: str, query: Sequence[str]) -> list[str]:
    """Return the words of a query without those that ask for something: "is it true that"."""
    text = f" {' '.join(query)} "
    parts = (phrase.split(" … ") for phrase in shapes_in(query, _phrases(page)))
    for part in sorted(chain(*parts), key=len, reverse=True):
        text = text.replace(f" {part} ", " ")
    return text.split()


def from_asking(page: str, query: Sequence[str]) -> list[str]:
    """Return the words of a query from the first that ask for something on; all if none do."""
    text = f" {' '.join(query)} "
    found = [text.find(f" {phrase} ") for phrase in phrases_in(query, _phrases(page))]
    return text[min((at for at in found if at >= 0), default=0) :].split()


def without_words_of(what: Asked, rest: Sequence[str], query: Sequence[str]) -> list[str]:
    """Return words of a query without all those of the phrases for what it asks."""
    if not asks_for(what, query):
        return list(rest)
    of_phrases = {word for phrase in _phrases(what) for word in phrase.split()}
    return [word for word in rest if word not in of_phrases]


def without_quoting(rest: Sequence[str], query: Sequence[str]) -> list[str]:
    """Return words of a query without those for what its answer is needed: "a sentence to cite".

    Only where it is about quoting: "date" and "address" are something else elsewhere.
    """
    return without_asking("quoted", rest) if asks_for("quoting", query) else list(rest)


def wishes_in(query: Sequence[str]) -> list[list[str]]:
    """Cut plain words before each "and", "where", "can I" in a language of the site."""
    begins = "|".join(map(re.escape, _phrases("another-wish")))
    return [wish.split() for wish in re.split(rf" (?=(?:{begins}) )", f" {' '.join(query)} ")]
