"""Finds the platforms that a query names: by name, alias or domain, despite typing errors."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import itemgetter

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from consent.language_data import listed_words
from consent.search.brands import (
    BRANDS,
    brand_at,
    brands_among,
    in_rows,
    is_ordinary,
    is_phrase,
    is_used_on,
)
from consent.search.operators import Operator
from consent.search.pages import pages_for
from consent.search.plain_words import CONJUNCTIONS, words
from consent.search.questions import is_small, known_words, read_subject
from consent.vocabulary import DataKind
from platforms.models import Platform

#: Two letters of so long a word in a title may be wrong, one of a shorter: "weather" is not
#: "whether". The first letter must be right. Chosen.
_LONG_WORD = 9
_NEVER = 10**6
#: So many letters of a name may be wrong, missing or swapped: two of a long name, one of another.
#: Names are short and lead elsewhere, so little is forgiven: "photos" is not "Photoshop", "specify"
#: not "Spotify". Chosen.
_LONG_NAME = 8  # letters
_SHORTEST_TYPED = 5  # or four, if a letter is missing: "slak"
#: From this length on the first letter may be the wrong one too. Chosen: "kinder" is not "Tinder".
_FIRST_LETTER_FORGIVEN = 7
#: Brands that nobody watches are only corrected from this length on: "lines" is not Line. Chosen.
_SHORTEST_BRAND = 6
#: Aliases that are ordinary words: they name the platform only if the query has no other word, or
#: more that means the same platform, or its company.
_ORDINARY = frozenset(
    (
        *("collect", "command", "north", "coral", "ray", "fin", "oz", "rider", "breeze", "muse"),
        *("indeed", "dictation", "omni", "cascade", "contributor fund", "smart features"),
        *("connected experiences", "neighbors", "office", "echo", "my ai", "read"),
    )
)
#: So many words of a longer query mean a platform if they are names of it, ordinary ones included;
#: another name counts as two. "word in my office" is about none.
_CONFIRMING = 3
_LONGEST_NAME = 4  # words
#: Before the name of the product that has the data: "does Google train Gemini with my Gmail".
MINE = listed_words("small_words", "mine")
#: Before a company that gets data: "did Reddit sell my posts to Google".
GIVEN_TO = listed_words("small_words", "to")
#: Before a service that has data, and before those that get them: "on Wattpad used by OpenAI".
_HAS = listed_words("small_words", "has")
_RECEIVES = GIVEN_TO | listed_words("small_words", "receives")
#: Between services that are weighed against each other.
AGAINST = listed_words("small_words", "against")
_ARTICLES = frozenset(("the", "a", "an", "in"))
#: Two words are one name only from this length on: "on e" is not "One". Chosen.
_SHORTEST_JOINED = 6  # letters


@dataclass(frozen=True, slots=True)
class Named:
    """The platforms that a query names, and its words that are part of no name.

    corrected: the right spelling of the name, if it was typed with an error. operator: the company
    whose platforms these are, if its name is the only one. unwatched: a well-known service that is
    not in the catalog. beside: such services that are named beside platforms. times: how many names
    mean each platform, by its key; that of its company does not count. spellings: what each
    platform is called in the query, as typed, and all names of that platform.
    """

    platforms: list[Platform]
    rest: list[str]
    corrected: str = ""
    operator: Operator | None = None
    unwatched: str = ""
    beside: Sequence[str] = ()
    times: Mapping[int, int] = field(default_factory=dict)
    spellings: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_named(
    query: Sequence[str],
    platforms: Sequence[Platform],
    companies: Mapping[str, Operator],
    aside: Collection[str] = (),
    as_words: Collection[str] = (),
) -> Named:
    """Find names in a query; else a well-known service, else a name with typing errors.

    aside: words about something else, such as a place. as_words: that name no service here.
    """
    named = named_platforms(query, platforms, companies, as_words)
    if named.platforms:
        return _with_brands(named, query, as_words)
    aside = {*aside, *as_words}
    other = [word for word in read_subject(named.rest).other if word not in aside]
    if named.unwatched:
        return _with_single_words(named, query, other)
    may_be_names = ["" if word in as_words else word for word in named.rest]
    brands = brands_among(may_be_names, other)
    # "Which workplace tools" is about a kind of platform, "Workplace" about one of that name.
    is_kind = len(query) > 1 and any(read_subject(words(brand)).category for brand in brands)
    if brands and not is_kind:
        return replace(named, unwatched=brands[0], beside=brands[1:])
    return with_slips(named.rest, other, platforms, companies)


def _with_single_words(named: Named, query: Sequence[str], other: Collection[str]) -> Named:
    """Add the brands of one word to those of several, in the order of the query."""
    phrases = {named.unwatched, *named.beside}
    found = [*phrases, *brands_among(named.rest, other)]
    text = f" {' '.join(query)} "
    found.sort(key=lambda brand: text.find(f" {' '.join(words(brand))} "))
    first, *beside = dict.fromkeys(found)
    return replace(named, unwatched=first, beside=beside)


def _with_brands(named: Named, query: Sequence[str], as_words: Collection[str]) -> Named:
    """Add the well-known services that are named beside platforms; of an ordinary word in a list.

    One that has the data comes instead of those that get it: "my novel on Wattpad, read by Claude".
    """
    of_brands = {word for brand in named.beside for word in words(brand)}
    of_names = [word not in named.rest and word not in of_brands for word in query]
    spans = [
        (brand, at, at + length)
        for at in range(len(query))
        for brand, length in [brand_at(query, at)]
        if brand and not any(of_names[at : at + length]) and not _keeps(query, at, length)
        if not {*query[at : at + length]}.issubset(as_words)
    ]
    # "Google Home" has no "Home" in it.
    spans = [each for at, each in enumerate(spans) if not at or each[1] >= spans[at - 1][2]]
    plain = {brand: at for brand, at, end in spans if not is_ordinary(" ".join(query[at:end]))}
    are_names = [
        is_name or any(each in plain and at <= here < end for each, at, end in spans)
        for here, is_name in enumerate(of_names)
    ]
    rows = in_rows(query, [(at, end) for _brand, at, end in spans], are_names)
    found = {
        brand: at
        for brand, at, end in spans
        if brand in plain
        or _is_listed(query, at, end, are_names)
        or (at in rows and not is_used_on(" ".join(query[at:end])))
    }
    starts = [at for at, is_name in enumerate(of_names) if is_name and not any(of_names[:at][-1:])]
    for brand, at in found.items():
        later = [start for start in starts if start > at]
        given = [start for start in later if query[start - 1] in _RECEIVES]
        if at and query[at - 1] in _HAS and starts and given == starts:
            return replace(named, platforms=[], unwatched=brand, operator=None)
    return replace(named, beside=tuple(found))


def _is_brand(query: Sequence[str], at: int, length: int) -> bool:
    return is_phrase(" ".join(query[at : at + length])) and not _keeps(query, at, length)


def _keeps(query: Sequence[str], at: int, length: int) -> bool:
    """Return whether the last of several words is a verb: "does Google keep my photos"."""
    return length > 1 and not MINE.isdisjoint(query[at + length : at + length + 1])


def _is_listed(query: Sequence[str], start: int, end: int, of_names: Sequence[bool]) -> bool:
    """Return whether a word joins a span to a name, or two names are right beside it.

    One name is enough if there are no other words: "tinder hinge", and not "chatgpt iphone".
    """
    if not AGAINST.isdisjoint((*query[max(start - 1, 0) : start], *query[end : end + 1])):
        return True
    sides = ((query[:start][::-1], of_names[:start][::-1]), (query[end:], of_names[end:]))
    before, after = (
        [is_name for word, is_name in zip(*side, strict=True) if word not in CONJUNCTIONS]
        for side in sides
    )
    span = " ".join(query[start:end])
    if any((*before, *after)) and all((*before, *after)) and not is_used_on(span):
        return True
    pairs = ([*before[:1], *after[:1]], before[:2], after[:2])
    if any(len(pair) == 2 and all(pair) for pair in pairs):
        return True
    return any(
        not CONJUNCTIONS.isdisjoint(beside[:1]) and any(are_names[1:2])
        for beside, are_names in sides
    )


def named_platforms(
    query: Sequence[str],
    platforms: Iterable[Platform],
    companies: Mapping[str, Operator] | None = None,
    as_words: Collection[str] = (),
) -> Named:
    """Find names in the words of a query; the longest first, so that "meta ai" is not "meta".

    companies: those with several platforms, by their slug; named, one stands for all of these.
    as_words: that name no service here (consent.search.common_words).
    """
    every = list(platforms)
    own = {" ".join(words(name)) for each in every for name in (each.name, each.slug)}
    companies = {slug: each for slug, each in (companies or {}).items() if slug not in own}
    named: list[Operator] = []
    given: list[Operator] = []
    names = _names(every, companies)
    in_other_order = _by_sorted_words(names)
    query = list(_names_apart(query, {*names, *companies}))
    mentions = _mentions(query, names, companies, as_words)
    found: dict[int, Platform] = {}
    times: Counter[int] = Counter()
    mine: set[int] = set()
    unwatched: list[str] = []
    spellings: dict[str, list[str]] = {}
    spans: list[tuple[str, int, Sequence[Platform]]] = []
    rest: list[str] = []
    at = 0
    while at < len(query):
        for length in range(min(_LONGEST_NAME, len(query) - at), 0, -1):
            span = " ".join(query[at : at + length])
            if span in as_words:
                continue
            if span in _ORDINARY and not (
                any(
                    mentions[each.pk] >= min(_CONFIRMING, len(query))
                    for each in names.get(span, ())
                )
                or _is_among(query, at, at + length, names, as_words)
                or _is_of_company(query, at, at + length, names)
            ):
                continue
            if is_small(span) and span not in own and span not in _ORDINARY:
                continue
            if span not in names and _is_brand(query, at, length):
                unwatched.append(BRANDS[span])
                at += length
                break
            if company := companies.get(span):
                named.append(company)
                if at and query[at - 1] in GIVEN_TO:
                    given.append(company)
            matching = company.platforms if company else names.get(span)
            matching = matching or in_other_order.get(_sorted_words(span))
            matching = matching or _written_apart(span, names)
            if matching:
                found.update({platform.pk: platform for platform in matching})
                if at and query[at - 1] in MINE:
                    mine.update(platform.pk for platform in matching)
                spans.append((span, at, matching))
                if not company:
                    times.update(platform.pk for platform in matching)
                    spellings[span] = [name for each in matching for name in spellings_of(each)]
                at += length
                break
        else:
            rest.append(query[at])
            at += 1
    for pk in _of_other_kinds(spans, rest):
        found.pop(pk, None)
    meant: set[int] = set()
    for name in _named_apart(query, spans, names, rest):
        own_keys = {platform.pk for platform in names[name]}
        times.update(own_keys)
        meant |= own_keys
        for span, _at, matching in spans:
            if span not in name.split():
                meant.update(platform.pk for platform in matching)
    if meant:
        found = {pk: each for pk, each in found.items() if pk in meant}
    only = named[0] if len(named) == 1 and len(found) == len(named[0].platforms) else None
    if unwatched and not found:
        return Named([], rest, unwatched=unwatched[0], beside=unwatched[1:])
    if not set(rest) <= CONJUNCTIONS:
        # "Does Google train Gemini with my Gmail": whoever does it does not stand for the rest.
        for company in named:
            others = [each.pk for each in company.platforms if each.pk not in times]
            if len(others) < len(company.platforms) or (company in given and times):
                found = {pk: each for pk, each in found.items() if pk not in others}
    # The product with the reader's data comes first, then others that are named themselves.
    first = sorted(found.values(), key=lambda each: (each.pk not in mine, each.pk not in times))
    platforms = hosts_first(first if mine else list(found.values()), times)
    return Named(platforms, rest, "", only, "", unwatched, times, spellings)


def _of_other_kinds(
    spans: Sequence[tuple[str, int, Sequence[Platform]]], rest: Sequence[str]
) -> set[int]:
    """Return the keys of platforms that share a name with one of the kind that is asked about.

    The kind is named, or is that of the others: beside "uber" and "flixbus" "bolt" is a taxi. Else
    the company of the others tells: beside "word" "copilot" is Microsoft's. What a company runs is
    of any kind.
    """
    if all(len(matching) == 1 for _name, _at, matching in spans):
        return set()
    sure = {matching[0].category for _name, _at, matching in spans if len(matching) == 1}
    sure.update(read_subject(rest).categories)
    companies = {matching[0].operator for _name, _at, matching in spans if len(matching) == 1}
    others: set[int] = set()
    for name, _at, matching in spans:
        if sum(words(each.operator)[:1] == [name] for each in matching) > 1:
            continue  # a company, of which all is meant
        of_kind = [each for each in matching if each.category in sure]
        of_kind = of_kind or [each for each in matching if each.operator in companies]
        if of_kind and len({each.operator for each in matching}) > 1:
            others.update(each.pk for each in matching if each not in of_kind)
    return others


def hosts_first(platforms: Sequence[Platform], named: Collection[int]) -> list[Platform]:
    """Put a platform before another one that is a part of it: X before Grok.

    named: the keys of those that are named themselves; others stay where they are.
    """
    by_part: dict[str, list[Platform]] = defaultdict(list)
    for platform in (each for each in platforms if each.pk in named):
        for part in platform.parts:
            by_part[" ".join(words(part))].append(platform)
    ordered: dict[Platform, None] = {}
    for platform in platforms:
        spellings = spellings_of(platform) if platform.pk in named else ()
        hosts = [host for spelling in spellings for host in by_part.get(spelling, ())]
        ordered |= dict.fromkeys((*hosts, platform))
    return list(ordered)


def _names_apart(query: Sequence[str], names: Collection[str]) -> Iterator[str]:
    """Yield plain words with a name before a hyphen as a word of its own: "whatsapp-nachrichten".

    A letter is a name there only before data: "x-posts" and no "x-ray". A name whose words have
    hyphens between them is taken apart: "le-chat".
    """
    for word in query:
        if word not in names and word.replace("-", " ") in names:
            yield from word.split("-")
            continue
        head, _hyphen, tail = word.partition("-")
        is_name = head in names and word not in names and "-" not in tail and not is_small(tail)
        if tail and is_name and (len(head) > 1 or read_subject([tail]).kinds):
            yield from (head, tail)
        else:
            yield word


def _named_apart(
    query: Sequence[str],
    spans: Sequence[tuple[str, int, Sequence[Platform]]],
    names: Mapping[str, Sequence[Platform]],
    rest: Sequence[str],
) -> list[str]:
    """Return names whose two words are apart: "does GitHub train Copilot", "Google … my mail".

    Names of a list are no such name: "GitHub and Copilot". Of words that are no name by themselves
    only those for mail count: what a company does with photos, other services of it do too.
    """
    apart = [
        f"{first} {second}"
        for (first, at, _first), (second, then, _second) in pairwise(spans)
        if not set(query[at + first.count(" ") + 1 : then]) <= CONJUNCTIONS
    ]
    mail = [
        word.removesuffix("s")
        for word in rest
        if DataKind.MAIL_AND_DOCUMENTS in read_subject([word]).kinds
    ]
    mail += ["mail" for word in mail if word in ("email", "e-mail")]
    apart += [f"{span} {word}" for span, _at, _matching in spans for word in mail]
    return [name for name in apart if name in names and name.count(" ") == 1]


def _written_apart(span: str, names: Mapping[str, list[Platform]]) -> list[Platform]:
    """Return the platforms of a name of one word that was typed as several: "face book"."""
    joined = span.replace(" ", "")
    is_long = " " in span and len(joined) >= _SHORTEST_JOINED
    return names.get(joined, []) if is_long else []


def _is_among(
    query: Sequence[str],
    start: int,
    end: int,
    names: Mapping[str, Sequence[Platform]],
    as_words: Collection[str],
) -> bool:
    """Return whether an ordinary word is in a list of names: "office and notion".

    Not what goes on after them: "slack and read my mail", "the office and Claude".
    """
    plain = (names.keys() | BRANDS.keys()) - _ORDINARY - set(as_words)
    are_names = [False] * len(query)
    for at in range(len(query)):
        for length in range(1, _LONGEST_NAME + 1):
            if " ".join(query[at : at + length]) in plain:
                are_names[at : at + length] = [True] * len(query[at : at + length])
    before, after = query[start - 1 : start] if start else (), query[end : end + 1]
    goes_on = after and after[0] not in CONJUNCTIONS | _HAS | _RECEIVES and not are_names[end]
    return not (goes_on or _ARTICLES.intersection(before)) and _is_listed(
        query, start, end, are_names
    )


def _is_of_company(
    query: Sequence[str], start: int, end: int, names: Mapping[str, Sequence[Platform]]
) -> bool:
    """Return whether another name of the same company is beside it: "copilot in office"."""
    skip = int(not (_HAS | _RECEIVES).isdisjoint(query[max(start - 1, 0) : start]))
    before, after = query[max(start - 1 - skip, 0) : start - skip], query[end : end + 1]
    companies = {each.operator for each in names.get(" ".join(query[start:end]), ())}
    return any(
        each.operator in companies
        for word in (*before, *after)
        if word not in _ORDINARY
        for each in names.get(word, ())
    )


def _mentions(
    query: Sequence[str],
    names: Mapping[str, Sequence[Platform]],
    companies: Mapping[str, Operator],
    as_words: Collection[str],
) -> Counter[int]:
    """Count the words of a query that mean each platform; a name that is not ordinary is two."""
    spans = {
        " ".join(query[at : at + length])
        for at in range(len(query))
        for length in range(1, _LONGEST_NAME + 1)
    }
    meant: Counter[int] = Counter()
    for span in spans.difference(as_words):
        matching = companies[span].platforms if span in companies else names.get(span, ())
        weight = 1 + span.count(" ") if span in _ORDINARY else 2
        meant.update({platform.pk: weight for platform in matching})
    return meant


def _by_sorted_words(names: Mapping[str, list[Platform]]) -> dict[str, list[Platform]]:
    """Return names of several words with these sorted: "Meta Ray-Ban" is "Ray-Ban Meta"."""
    return {_sorted_words(name): platforms for name, platforms in names.items() if " " in name}


def _sorted_words(name: str) -> str:
    return " ".join(sorted(name.split()))


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
    return _closest(typed, known, long_name=_LONG_WORD, first=_NEVER)


def with_slips(
    query: Sequence[str],
    candidates: Sequence[str],
    platforms: Iterable[Platform],
    companies: Mapping[str, Operator],
) -> Named:
    """Find a name that was typed with an error; in a question only if no other word may be one.

    A question that a page of the site answers names nobody: "comes next" is not Comet. A word of a
    language is a slip only where it is alone: "which clause" is not Claude.
    """
    if pages_for(query):
        return Named([], list(query))
    if len(query) > 1:
        candidates = [word for word in candidates if word not in known_words()]
    named = with_typing_errors(query, candidates, platforms, companies)
    if len(query) > _LONGEST_NAME and set(named.rest) & set(candidates):
        return Named([], list(query))
    return named


def with_typing_errors(
    query: Sequence[str],
    candidates: Sequence[str],
    platforms: Iterable[Platform],
    companies: Mapping[str, Operator],
) -> Named:
    """Find a name that was typed with an error. candidates: the words that may be one."""
    names = _names(platforms, companies)
    known = [
        *(name for name in names if name not in _ORDINARY),
        *companies,
        *(name for name in BRANDS if len(name) >= _SHORTEST_BRAND),
    ]
    # A name in two words may have an ordinary word in it: "chat gtp".
    pairs = [
        list(pair)
        for pair in pairwise(query)
        if len("".join(pair)) >= _SHORTEST_JOINED and set(pair) & set(candidates)
    ]
    spans = [*([candidates] if len(candidates) > 1 else []), *pairs]
    for span in (*spans, *([word] for word in candidates)):
        best = _closest_name(" ".join(span), known) or _closest_name("".join(span), known)
        if best:
            rest = [word for word in query if word not in span]
            if matching := names.get(best):
                return Named(matching, rest, corrected=matching[0].name)
            if company := companies.get(best):
                found = list(company.platforms)
                return Named(found, rest, corrected=company.name, operator=company)
            return Named([], rest, corrected=BRANDS[best], unwatched=BRANDS[best])
    return Named([], list(query))


def _closest_name(typed: str, known: Iterable[str]) -> str | None:
    """Return the name that was meant, if few of its letters are wrong."""
    return _closest(typed, known, long_name=_LONG_NAME, first=_FIRST_LETTER_FORGIVEN)


def _closest(typed: str, known: Iterable[str], *, long_name: int, first: int) -> str | None:
    """Return the known text with fewest wrong letters: one, or two of a long one; None without one.

    long_name: letters. first: from this length on the first letter may be wrong as well.
    """
    candidates = [
        name
        for name in known
        if min(len(name) + 1, len(typed) + (len(name) > len(typed))) >= _SHORTEST_TYPED
        and (name[0] == typed[0] or len(typed) >= first)
    ]
    likely = process.extract(
        typed, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=2, limit=None
    )
    found = (
        (distance, name)
        for name, distance, _ in likely
        if distance < 2 or (min(len(name), len(typed) + 1) >= long_name and name[0] == typed[0])
    )
    return min(found, default=(0, None), key=itemgetter(0))[1]


def names_of(platform: Platform) -> list[str]:
    """Return its name and the other names by which it may be called."""
    return [platform.name, *platform.aliases]


def spellings_of(platform: Platform) -> Iterable[str]:
    """Return every spelling of a platform's name: words joined by spaces."""
    typed = (platform.name, platform.slug.replace("-", " "), *platform.aliases)
    spellings = [" ".join(words(spelling)) for spelling in typed]
    return dict.fromkeys((*spellings, *map(_spaced, spellings[:1]), *_unhyphenated(spellings)))


def _spaced(name: str) -> str:
    """Return a name with the end of a domain as a word of its own: "otter ai"."""
    return name.replace(".", " ")


def _unhyphenated(spellings: Iterable[str]) -> Iterator[str]:
    """Yield names with no hyphen where one is: "ray ban meta", "rayban meta"; none of versions."""
    for spelling in spellings:
        if "-" in spelling and "." not in spelling and not re.search(r"\d", spelling):
            yield from (spelling.replace("-", " "), spelling.replace("-", ""))


def _parts_named_like_platforms(platforms: Iterable[Platform]) -> Iterator[tuple[str, Platform]]:
    """Yield parts that share a word with their platform's name: "Microsoft 365 Copilot"."""
    for platform in platforms:
        own = set(words(platform.name))
        for part in map(words, platform.parts):
            if len(part) > 1 and not own.isdisjoint(part):
                yield " ".join(part), platform


def _names(
    platforms: Iterable[Platform], companies: Mapping[str, Operator] | None = None
) -> dict[str, list[Platform]]:
    """Return platforms by every spelling of their names: words joined by spaces.

    companies: whose names may come before those of their platforms: "microsoft word".
    """
    names: dict[str, list[Platform]] = {}
    every = list(platforms)
    for platform in every:
        for spelling in spellings_of(platform):
            names.setdefault(spelling, []).append(platform)
    for name, platform in _parts_named_like_platforms(every):
        names.setdefault(name, [platform])
    for platform in every:
        first, colon, _rest = platform.name.partition(":")
        if colon:  # "Honkai", unless another one is called so
            names.setdefault(" ".join(words(first)), [platform])
    of_platforms: dict[int, list[str]] = defaultdict(list)
    for name, matching in names.items():
        for platform in matching:
            of_platforms[platform.pk].append(name)
    of_companies: dict[str, list[Platform]] = {}
    own_names = tuple(" ".join(words(platform.name)) for platform in every)
    for slug, company in (companies or {}).items():
        own = {platform.pk for platform in company.platforms}
        # Each company looks at the names of its own platforms alone: there are thousands of names.
        for name in dict.fromkeys(name for pk in own for name in of_platforms[pk]):
            spelling = f"{slug} {name}"
            # "Microsoft Copilot Pro" is a plan of Microsoft Copilot, not Microsoft's "Copilot Pro".
            is_of_other = any(spelling.startswith(f"{other} ") for other in own_names)
            if not name.startswith(slug) and not is_of_other:
                of_companies[spelling] = [each for each in names[name] if each.pk in own]
    return {**of_companies, **names}
