"""Places in the world: codes of catalog files, what a list of them covers, and cells.

Codes are ISO 3166-1 alpha-2 (`DE`), ISO 3166-2 for parts of a country (`US-CA`), the groups
`EU` and `EEA`, and `world`, which only `some_of` may name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache

WORLD = "world"

#: The 27 members and the territories in which EU law applies too.
_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_TERRITORIES = frozenset(["AX", "GF", "GP", "MF", "MQ", "RE", "YT"])
_EU = frozenset(_MEMBERS.split()) | _TERRITORIES
GROUPS: Mapping[str, frozenset[str]] = {"EU": _EU, "EEA": _EU | {"IS", "LI", "NO"}}

#: English names that are shorter or more usual than those of ISO 3166 and CLDR.
USUAL_NAMES = {
    "EEA": "EEA",
    "EU": "EU",
    "GB": "UK",
    "US": "US",
    "HK": "Hong Kong",
    "MO": "Macao",
}

#: Codes that people write by mistake.
_MISTAKEN = {"UK": "GB", "EL": "GR", "EFTA": "CH, IS, LI and NO", "EWR": "EEA", "EWG": "EEA"}
_WORLDWIDE = frozenset({"world", "worldwide", "global", "everywhere", "all"})


class Coverage(IntEnum):
    """PERHAPS: the place may be one of those that the sources do not name."""

    NOT = 0
    PERHAPS = 1
    SURELY = 2


@dataclass(frozen=True, slots=True)
class Where:
    """The keys places, except and some_of of a catalog file. With no keys it is worldwide."""

    places: tuple[str, ...] = ()
    except_places: tuple[str, ...] = ()
    some_of: tuple[str, ...] = ()

    @property
    def is_worldwide(self) -> bool:
        """True if nothing is left out."""
        return not (self.places or self.except_places or self.some_of)

    def covers(self, cell: Cell) -> Coverage:
        """Return whether this covers a cell, which must have been cut with this Where (see cells).

        A place under except is not covered, even if it lies in some_of.
        """
        code = cell.codes[0]
        if _contains(self.except_places, code):
            return Coverage.NOT
        if not (self.places or self.some_of) or _contains(self.places, code):
            return Coverage.SURELY
        return Coverage.PERHAPS if _contains(self.some_of, code) else Coverage.NOT


WORLDWIDE = Where()


@dataclass(frozen=True, slots=True)
class Cell:
    """Places that are alike for every Where they were cut with.

    codes: countries, or parts of one country, or WORLD alone.
    besides: what is taken out: parts of a single country, or countries out of the world.
    """

    codes: tuple[str, ...]
    besides: tuple[str, ...] = ()

    @property
    def where(self) -> Where:
        """The cell as a Where, to put it into words."""
        return Where(() if self.codes == (WORLD,) else self.codes, self.besides)

    @property
    def countries(self) -> frozenset[str]:
        """The countries that it has a part in."""
        if self.codes == (WORLD,):
            return frozenset(countries()) - {*self.besides}
        return frozenset(code.partition("-")[0] for code in self.codes)


def cells(place: str, wheres: Iterable[Where]) -> tuple[Cell, ...]:
    """Cut a place into cells: its countries, these into the parts that are named and the rest.

    place: a code or a group; "" or WORLD for the world, whose countries that are not named fall
    into one cell. Countries that are alike for all the wheres share a cell.
    """
    return _cells(place, frozenset(wheres))


def joined(cut: Sequence[Cell]) -> tuple[Where, ...]:
    """Return cells as places to put into words, as few as possible."""
    codes = {code for cell in cut for code in cell.codes}
    besides = {code for cell in cut for code in cell.besides} - codes
    if WORLD not in codes:
        named = tuple(code for cell in cut for code in cell.codes)
        whole = tuple(code for code in named if code.partition("-")[0] not in codes - {code})
        return (Where(whole, tuple(sorted(besides))),)
    # A part of a country that is otherwise taken out of the world stands for itself.
    parts = tuple(code for code in codes if "-" in code and code.partition("-")[0] in besides)
    world = Where(except_places=tuple(sorted(besides)))
    return (world, Where(tuple(sorted(parts)))) if parts else (world,)


def merged(wheres: Iterable[Where]) -> tuple[Where, ...]:
    """Join all plain lists of places to one, without repetitions.

    What is left out of another one and is in that list is not left out: "outside the EU and UK" and
    "EU" are "outside the UK", "outside the EEA" and "Iceland, Liechtenstein and Norway" are
    "outside the EU".
    """
    distinct = tuple(dict.fromkeys(wheres))
    plain = [where for where in distinct if where.places and where == Where(where.places)]
    codes = tuple(dict.fromkeys(code for where in plain for code in where.places))
    for where in distinct:
        if where == Where((), where.except_places):
            left_out = _taken_apart(where.except_places, codes)
            if not {*codes}.isdisjoint(left_out):
                named = tuple(code for code in codes if code not in left_out)
                left_out = tuple(code for code in left_out if code not in codes)
                others = [each for each in distinct if each not in plain and each != where]
                return (Where((), left_out), *([Where(named)] if named else []), *others)
    if len(plain) < 2:
        return distinct
    return (Where(codes), *(where for where in distinct if where not in plain))


def _taken_apart(left_out: tuple[str, ...], codes: Collection[str]) -> tuple[str, ...]:
    """Return places left out with the EEA as the EU and the rest, if these codes name one of them.

    The EU stays as it is: its list would be long.
    """
    rest = ("EU", *sorted(GROUPS["EEA"] - GROUPS["EU"]))
    if "EEA" not in left_out or "EEA" in codes or {*rest}.isdisjoint(codes):
        return left_out
    return tuple(each for code in left_out for each in (rest if code == "EEA" else (code,)))


def overlap(first: Where, second: Where) -> tuple[Cell, ...]:
    """Return the cells that both surely cover."""
    return tuple(
        cell
        for cell in cells(WORLD, (first, second))
        if first.covers(cell) == second.covers(cell) == Coverage.SURELY
    )


def meet(first: Where, second: Where) -> bool:
    """Return whether some place is covered by both, surely or perhaps."""
    return any(
        Coverage.NOT not in (first.covers(cell), second.covers(cell))
        for cell in cells(WORLD, (first, second))
    )


def expanded(codes: tuple[str, ...]) -> frozenset[str]:
    """Return the codes with each group replaced by its countries."""
    return _expanded(codes)


def count_countries(codes: tuple[str, ...]) -> int:
    """Count countries, also those in groups; the territories of members of the EU are none."""
    return len(expanded(codes) - _TERRITORIES)


def countries() -> tuple[str, ...]:
    """Return the codes of all countries of ISO 3166-1."""
    return tuple(_countries())


def is_known(code: str) -> bool:
    """True for a country, a part of a country or a group; not for WORLD."""
    return code in GROUPS or code in _countries() or code in _parts()


def code_error(code: object) -> str:
    """Return what is wrong with a code and what to write instead; "" if it is known."""
    if code is False:
        return "Put 'NO' in quotes: YAML reads it as false"
    if not isinstance(code, str):
        return f"{code!r} is no code of a place"
    if is_known(code):
        twin = _country_of_part(code)
        return f"{code} is a country of its own: write {twin}" if twin else ""
    if code.casefold() in _WORLDWIDE:
        return f"{code} is not a code here: leave the key out for the whole world"
    if parent := _nested_parts().get(code):
        return f"{code} is a part of a part: write {parent} and describe the rest in a note"
    advice = _advice(code.strip())
    return f"{code} is no known place" + (f": write {advice}" if advice else "")


def errors(where: Where) -> list[str]:
    """Return what a catalog file must not have, in words that say what to write instead."""
    found: list[str] = []
    for key, codes in _keys(where):
        named = [code for code in codes if not (key == "some_of" and code == WORLD)]
        found += [f"{key}: {error}" for code in named if (error := code_error(code))]
        found += [f"{key}: {code} twice" for code in dict.fromkeys(codes) if codes.count(code) > 1]
    if found:
        return found
    if WORLD in where.some_of and len(where.some_of) > 1:
        found.append("some_of: world includes all other codes; leave them out")
    inside = where.places + where.some_of
    if inside:
        found += [
            f"except: {code} is not inside the places"
            for code in where.except_places
            if not all(_contains(inside, member) for member in expanded((code,)))
        ]
        if all(
            _contains(where.except_places, code) for code in expanded(where.places + where.some_of)
        ):
            found.append("except: nothing is left of the places")
    return found


def warnings(where: Where) -> list[str]:
    """Return the codes that lie inside another code of the same key, or are covered anyway."""
    found = [
        f"{key}: {code} lies inside {other}"
        for key, codes in _keys(where)
        for code in codes
        for other in codes
        if code not in (other, WORLD) and _lies_inside(code, other)
    ]
    found += [
        f"some_of: {code} is covered by places already"
        for code in where.some_of
        if code != WORLD and all(_contains(where.places, member) for member in expanded((code,)))
    ]
    return found


def code_of(name: str) -> str:
    """Return the code of a place by its code or its English name; "" if it is not known."""
    code = name.strip().upper()
    if is_known(code):
        return code
    return WORLD if name.strip().casefold() in _WORLDWIDE else _code_of_name(name.strip())


def english_name(code: str) -> str:
    """Return what English texts call a country, a part of one or a group."""
    from babel import Locale

    usual = USUAL_NAMES.get(code) or Locale("en").territories.get(code)
    return str(usual or part_name(code) or code)


def parts(country: str) -> tuple[str, ...]:
    """Return the codes of the parts of a country, without those that are countries too."""
    codes = (code for code in _parts() if code.startswith(f"{country}-"))
    return tuple(code for code in codes if not _country_of_part(code))


def part_name(code: str) -> str:
    """Return the name of a part of a country in its ISO form; "" if the code is unknown."""
    return _parts().get(code, "")


def _keys(where: Where) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("places", where.places),
        ("except", where.except_places),
        ("some_of", where.some_of),
    )


def _contains(codes: tuple[str, ...], code: str) -> bool:
    if not codes:
        return False
    names = _expanded(codes)
    return code in names or WORLD in names or ("-" in code and code.partition("-")[0] in names)


def _lies_inside(code: str, other: str) -> bool:
    return all(_contains((other,), member) for member in expanded((code,)))


@lru_cache(maxsize=4096)
def _expanded(codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(GROUPS.get(code, (code,)) for code in codes))


@lru_cache(maxsize=4096)
def _cells(place: str, wheres: frozenset[Where]) -> tuple[Cell, ...]:
    # Two codes are alike if the same lists contain them; each list is one bit of a mask.
    masks: defaultdict[str, int] = defaultdict(int)
    parts: defaultdict[str, list[str]] = defaultdict(list)
    lists = {codes for where in wheres for _key, codes in _keys(where) if codes}
    for number, codes in enumerate(sorted(lists)):
        for code in _expanded(codes) - {WORLD}:
            masks[code] |= 1 << number
    for code in sorted(masks):
        if "-" in code:
            parts[code.partition("-")[0]].append(code)

    if "-" in place:
        return (Cell((place,)),)
    if place in ("", WORLD):
        countries = sorted({code.partition("-")[0] for code in masks})
        cut = [Cell((WORLD,), tuple(countries))]
    else:
        countries = sorted(_expanded((place,)))
        cut = []
    whole = [code for code in countries if code not in parts]
    cut += [Cell(tuple(alike)) for alike in _alike(whole, masks)]
    for country in countries:
        if country in parts:
            cut.append(Cell((country,), tuple(parts[country])))
            cut += [Cell(tuple(alike)) for alike in _alike(parts[country], masks)]
    return tuple(cut)


def _alike(codes: list[str], masks: Mapping[str, int]) -> list[list[str]]:
    by_mask: defaultdict[int, list[str]] = defaultdict(list)
    for code in codes:
        by_mask[masks.get(code, 0)].append(code)
    return list(by_mask.values())


@cache
def _countries() -> dict[str, str]:
    import pycountry  # not at the top: pages that check no codes need none of its lists

    return {country.alpha_2: country.name for country in pycountry.countries}


@cache
def _parts() -> dict[str, str]:
    """Return parts of countries by code, without parts of parts (French departments)."""
    import pycountry

    return {part.code: part.name for part in pycountry.subdivisions if not part.parent_code}


@cache
def region_countries() -> dict[str, set[str]]:
    """Return the countries that have a part of a name, parts of parts too, by the name."""
    import pycountry

    found: dict[str, set[str]] = defaultdict(set)
    for part in pycountry.subdivisions:
        found[part.name].add(part.country_code)
    return found


def city_countries(languages: Iterable[str]) -> dict[str, set[str]]:
    """Return the countries of the cities that name time zones (CLDR), by their names."""
    from babel import Locale
    from babel.core import get_global

    names = [Locale.parse(language).time_zones for language in languages]
    found: dict[str, set[str]] = defaultdict(set)
    for zone, country in get_global("zone_territories").items():
        english = zone.rpartition("/")[2].replace("_", " ")
        for name in (english, *(each.get(zone, {}).get("city", english) for each in names)):
            found[name].add(country)
    return found


@cache
def _nested_parts() -> dict[str, str]:
    import pycountry

    return {part.code: part.parent_code for part in pycountry.subdivisions if part.parent_code}


def _country_of_part(code: str) -> str:
    """Return the country that a part also is (US-PR and PR); "" for other codes."""
    country, _, twin = code.partition("-")
    if twin == country or twin not in _countries():
        return ""
    return twin if _parts()[code].removesuffix(" SAR") == _countries()[twin] else ""


def _advice(code: str) -> str:
    if code.upper() in _MISTAKEN:
        return _MISTAKEN[code.upper()]
    if is_known(code.upper()):
        return code.upper()
    country, _, part = code.upper().partition("-")
    if part and country in _MISTAKEN:
        return f"{_MISTAKEN[country]}-{part}"
    return _code_of_name(code)


def _code_of_name(name: str) -> str:
    import pycountry

    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        pass
    for part, part_name in _parts().items():
        if part_name.casefold() == name.casefold():
            return part
    return ""
