"""Well-known services that the catalog does not watch, so that none is taken for another one.

A query that names one of these and nothing else is answered by "we do not watch it yet". A name
that the catalog has comes first, so an entry may stay when a platform is added. They are in
brands.yaml.
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import yaml

from consent.search.plain_words import CONJUNCTIONS, words

_FILE = Path(__file__).with_suffix(".yaml")
_NAMES = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
_OF_COMPANIES: dict[str, list[str]] = _NAMES["of_companies"]
_ALL: list[list[str]] = [_NAMES["others"], *_OF_COMPANIES.values()]
BRANDS = {" ".join(words(name)): name for names in _ALL for name in names}
#: The company of a brand, by the name of the brand.
COMPANY_OF = {name: company for company, names in _OF_COMPANIES.items() for name in names}
#: Brands that are ordinary words, or what a service is used on: "on my phone".
_ORDINARY = frozenset(" ".join(words(name)) for name in _NAMES["ordinary"])
_USED_ON = frozenset(" ".join(words(name)) for name in _NAMES["used_on"])
_LONGEST = max(name.count(" ") + 1 for name in BRANDS)


def is_phrase(span: str) -> bool:
    """Return whether these plain words are a brand of several words: "google maps"."""
    return " " in span and span in BRANDS


def is_ordinary(span: str) -> bool:
    """Return whether these plain words are a brand that is an ordinary word too."""
    return span in _ORDINARY


def is_used_on(span: str) -> bool:
    """Return whether these plain words are a brand on which services are used: "iphone"."""
    return span in _USED_ON


def brand_at(query: Sequence[str], at: int) -> tuple[str, int]:
    """Return the longest brand that begins at a word, and how many words it has; "" without one."""
    for length in range(min(_LONGEST, len(query) - at), 0, -1):
        if brand := BRANDS.get(" ".join(query[at : at + length])):
            return brand, length
    return "", 0


def brand_of_host(labels: Iterable[str]) -> str:
    """Return the plain words of the brand that a host belongs to; "" without one.

    labels: of the host, in order. "maps.google.com" is Google Maps, "outlook.live.com" Outlook.
    """
    known = [label for label in labels if label not in ("www", "com", "net", "org", "app", "m")]
    pairs = [f"{owner} {part}" for part in known for owner in known if part != owner]
    return next((name for name in (*pairs, *known) if name in BRANDS), "")


def brands_among(rest: Sequence[str], other: Collection[str]) -> list[str]:
    """Return the well-known names in a question, the longest first.

    other: the words of the question that carry meaning. If a name is an ordinary word, they are all
    of it, or of such names: "canvas" and "moodle canvas" name the brand, "canvas prints" does not.
    """
    spans = [(at, *brand_at(rest, at)) for at in range(len(rest))]
    at_words = [(name, rest[at : at + length]) for at, name, length in spans if name]
    of_names = {word for _name, span in at_words for word in span if not is_used_on(word)}
    are_plain = any(not is_ordinary(" ".join(span)) for _name, span in at_words)
    are_all = are_plain and of_names.issuperset(other)
    plain = [" ".join(span) for _name, span in at_words if not is_ordinary(" ".join(span))]
    text = f" {' '.join(rest)} "
    are_names = [any(word in each.split() for each in plain) for word in rest]
    rows = in_rows(rest, [(at, at + length) for at, name, length in spans if name], are_names)
    in_row = {name for at, name, _length in spans if at in rows}
    found = [
        name
        for name, span in at_words
        if not is_ordinary(" ".join(span))
        or are_all
        or (name in in_row and not is_used_on(" ".join(span)))
        or all(word in span for word in other)
        or any(_are_joined(text, " ".join(span), each) for each in plain)
    ]
    longest = max(found, key=len, default="")
    return [longest, *(name for name in found if name not in longest)] if found else []


def in_rows(
    query: Sequence[str], brands: Sequence[tuple[int, int]], are_names: Sequence[bool]
) -> set[int]:
    """Return the places in rows of three names or more: "vw bmw mercedes tesla".

    brands: where each begins and ends; some may be ordinary words, one name of a row is none.
    """
    of_brands = {at for start, end in brands for at in range(start, end)}
    found: set[int] = set()
    row: list[int] = []
    for at in range(len(query) + 1):
        is_in_row = at < len(query) and (
            are_names[at] or at in of_brands or (bool(row) and query[at] in CONJUNCTIONS)
        )
        if is_in_row:
            row.append(at)
            continue
        if len([each for each in row if query[each] not in CONJUNCTIONS]) > 2:
            found.update(row if any(are_names[each] for each in row) else ())
        row = []
    return found


def _are_joined(text: str, name: str, other: str) -> bool:
    """Return whether a word that joins names is between these two: "teams and sharepoint"."""
    return any(
        f" {name} {word} {other} " in text or f" {other} {word} {name} " in text
        for word in CONJUNCTIONS
    )
