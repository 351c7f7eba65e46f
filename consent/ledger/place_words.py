"""Words for places and people, made from their structure in the language of the page.

Names of countries come from CLDR, names of parts of countries from ISO 3166-2. How a language
differs from them, and what stands before a name in its sentences, is in its places.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations, translation

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.text import capfirst, get_text_list
from django.utils.translation import get_language, gettext, pgettext_lazy

from consent.language_data import language_data
from consent.ledger.catalog_words import translated
from consent.vocabulary import People, Told
from consent.web.page_language import once_per_language
from platforms.places import GROUPS, USUAL_NAMES, WORLD, Where, expanded, part_name

# Translators: between two parts that have commas
SEMICOLON = pgettext_lazy("separator", "; ")
#: Places that the sources do not name, by what they are among and whether others are named.
_UNNAMED = {
    ("world", False): pgettext_lazy("label", "certain countries"),
    ("world", True): pgettext_lazy("label", "certain other countries"),
    ("groups", False): pgettext_lazy("label", "certain countries in %(places)s"),
    ("groups", True): pgettext_lazy("label", "certain other countries in %(places)s"),
    ("countries", False): pgettext_lazy("label", "certain parts of %(places)s"),
    ("countries", True): pgettext_lazy("label", "other parts of %(places)s"),
}
#: Longer lists of places left out are not printed in a sentence.
_MOST_LEFT_OUT = 4


@dataclass(frozen=True, slots=True)
class _Grammar:
    """places.toml of a language: what stands before a place in a sentence, and its form there."""

    names: Mapping[str, str]
    short_names: Mapping[str, str]
    prefixes: Mapping[str, str]
    forms: Mapping[str, str]
    usual_prefix: str
    usual_prefix_of_parts: str
    shared_prefix: str | None

    def prefix(self, code: str) -> str:
        usual = self.usual_prefix_of_parts if "-" in code else self.usual_prefix
        return self.prefixes.get(code, usual)


def place_name(code: str) -> str:
    """Return the name of a country, a part of a country or a group; an unknown code as it is."""
    return _name(code, _language())


def cldr_name(code: str) -> str:
    """Return the full name of a country or the EU: "United States"; "" of other places."""
    return _territories(_language()).get(code, "")


def short_place_words(where: Where) -> str:
    """Name the places inside a Where as briefly as the language of the page can: "EU und UK"."""
    short = _grammar(_language()).short_names
    return listed(short.get(code) or _name(code, _language()) for code in _shown(where.places))


@once_per_language
def place_words(where: Where) -> str:
    """Name a place as a label: "worldwide", "EU and EEA", "outside the EU and UK"."""
    if not (where.places or where.some_of):
        return _worldwide(where)
    names = [_name(code, _language()) for code in _shown(where.places)]
    if where.some_of:
        names.append(_unnamed(where))
    return _without_exceptions(listed(names), where)


def place_words_in_brief(where: Where) -> str:
    """Like place_words, with "certain other countries" where those left out make a long list.

    For a sentence among others that name the places left out.
    """
    if where.some_of == (WORLD,) and not where.places and len(where.except_places) > _MOST_LEFT_OUT:
        return str(_UNNAMED["world", True])
    return place_words(where)


def places_in_sentence(where: Where) -> list[str]:
    """Name the places inside a Where as they stand in a sentence: "the EU"."""
    return _in_sentence(where.places)


def people_words(people: Iterable[str], plans: Sequence[str] = (), who: str = "") -> str:
    """Name people: the exact group in the words of the catalog, else kinds of people and plans.

    people: values of People; none means everyone.
    """
    if who:
        return translated(who)
    kinds = [kind for kind in People if kind in set(people)]
    is_everyone = len(kinds) in (0, len(People))
    words = gettext("everyone") if is_everyone else listed([str(kind.label) for kind in kinds])
    if not plans:
        return words
    # Translators: "personal accounts on Free and Pro"
    return gettext("%(people)s on %(plans)s") % {"people": words, "plans": listed(plans)}


def is_in_page_language(who: str) -> bool:
    """False if people_words shows this `who` in English on a page in another language."""
    return not who or translated(who) != who or _language() == settings.LANGUAGE_CODE


def _worldwide(where: Where) -> str:
    if not where.except_places:
        return gettext("worldwide")
    return gettext("outside %(places)s") % {"places": listed(_in_sentence(where.except_places))}


def _without_exceptions(words: str, where: Where) -> str:
    if not where.except_places:
        return words
    exceptions = {"places": listed(_in_sentence(where.except_places))}
    if where.places or where.some_of != (WORLD,):
        # Translators: "the US and Canada, except Illinois"
        return words + gettext(", except %(places)s") % exceptions
    # Translators: follows "certain countries"
    return words + gettext(" outside %(places)s") % exceptions


def _unnamed(where: Where) -> str:
    """Name places among others that the sources do not name: "other parts of the US"."""
    if where.some_of == (WORLD,):
        whole = "world"
        is_other = bool(where.places)
    else:
        whole = "groups" if all(code in GROUPS for code in where.some_of) else "countries"
        beside = expanded(tuple(code.partition("-")[0] for code in where.places))
        is_other = not beside.isdisjoint(expanded(where.some_of))
    places = {"places": listed(_in_sentence(where.some_of))}
    return str(_UNNAMED[whole, is_other]) % places


def _shown(codes: Iterable[str]) -> list[str]:
    """Return the codes with whole groups in place of their countries; the EEA as EU and EEA."""
    shown = list(dict.fromkeys(codes))
    for group in ("EEA", "EU"):
        is_named = group in shown or "EEA" in shown
        if not is_named and GROUPS[group] <= expanded(tuple(shown)):
            shown = [group, *(each for each in shown if not expanded((each,)) <= GROUPS[group])]
    if "EEA" in shown and "EU" not in shown:
        shown.insert(shown.index("EEA"), "EU")
    return shown


def _in_sentence(codes: Iterable[str]) -> list[str]:
    language = _language()
    grammar = _grammar(language)
    words = []
    before = None
    for code in _shown(codes):
        prefix = grammar.prefix(code)
        shared = prefix == before == grammar.shared_prefix
        words.append(
            ("" if shared else prefix) + (grammar.forms.get(code) or _name(code, language))
        )
        before = prefix
    return words


def listed(names: Iterable[str]) -> str:
    """Join names: "US, Brazil and Japan"; with two, of which one is a list: "A and B, and C"."""
    names, last = list(names), gettext("and")
    if len(names) == 2 and any(f" {last} " in name for name in names):
        # Translators: two names, of which one is a list itself
        return gettext("%(first)s, and %(second)s") % {"first": names[0], "second": names[1]}
    return str(get_text_list(names, last))


def told_words(ways: Sequence[str]) -> str:
    """Say how people were told of a change; "" if that is not on record. ways: values of Told."""
    if list(ways) == [Told.NOT_AT_ALL]:
        return gettext("People were not told")
    said = listed([str(Told(way).label) for way in ways])
    return gettext("How people were told: %(ways)s") % {"ways": said} if said else ""


def in_parentheses(words: str, details: Sequence[str]) -> str:
    """Add details to words."""
    return f"{words} ({in_a_row(details)})" if details else words


def aged(people: str, age: int) -> str:
    """Add an age to words for people: "minors (aged 14)"."""
    return in_parentheses(people, [gettext("aged %(age)s") % {"age": age}])


#: Other ages from which accounts are open, each with its places.
AgesElsewhere = Iterable[tuple[int, Sequence[str]]]


def accounts_from(
    age: int,
    elsewhere: AgesElsewhere = (),
    says_of_school: str = "",
    *,
    names_speaker: bool = True,
) -> str:
    """Say how old people must be to have an account.

    says_of_school: who says that a school may give accounts to younger children; "" if nobody does.
    names_speaker: say who says that.
    """
    said = gettext("Accounts are for people of %(age)s and older.")
    if says_of_school:
        said = gettext(
            "Accounts of one's own are for people of %(age)s and older; through a school also for"
            " younger children, says %(speaker)s."
        )
    if says_of_school and not names_speaker:
        said = gettext(
            "Accounts of one's own are for people of %(age)s and older; through a school also for"
            " younger children, as reported."
        )
    said %= {"age": age, "speaker": says_of_school}
    return " ".join(filter(None, (said, ages_in_places(elsewhere))))


def ages_in_places(elsewhere: AgesElsewhere) -> str:
    said = []
    for other, places in elsewhere:
        where = listed(places_in_sentence(Where(tuple(places))))
        where = capfirst(gettext("in %(place)s") % {"place": where})
        # Translators: "In the EU: 16 and older."
        words = gettext("%(where)s: %(age)s and older.") % {"where": where, "age": other}
        said.append(words)
    return " ".join(said)


def in_a_row(details: Sequence[str]) -> str:
    """Separate details by commas; by semicolons where one is a list itself."""
    separator = str(SEMICOLON) if any("," in each for each in details) else ", "
    return separator.join(details)


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE).partition("-")[0]


@cache
def _grammar(language: str) -> _Grammar:
    data = language_data(language, "places")
    usual = data.get("usual_prefix", "")
    prefixes = data.get("prefixes", {})
    return _Grammar(
        names=USUAL_NAMES if language == settings.LANGUAGE_CODE else data.get("names", {}),
        short_names=data.get("short_names", {}),
        prefixes={code: prefix for prefix, codes in prefixes.items() for code in codes.split()},
        forms=data.get("forms", {}),
        usual_prefix=usual,
        usual_prefix_of_parts=data.get("usual_prefix_of_parts", usual),
        shared_prefix=data.get("shared_prefix"),
    )


@cache
def _name(code: str, language: str) -> str:
    usual = _grammar(language).names.get(code) or _territories(language).get(code)
    if usual:
        return usual
    part = part_name(code)
    if not part:
        return USUAL_NAMES.get(code, code)
    name = _part_names(language).gettext(part)
    if name in _territories(language).values():  # Georgia
        return f"{name} ({_name(code.partition('-')[0], language)})"
    return name


@cache
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale(language).territories)
    except UnknownLocaleError:
        return dict(Locale(settings.LANGUAGE_CODE).territories)


@cache
def _part_names(language: str) -> NullTranslations:
    import pycountry  # not at the top: most pages name no part of a country

    return translation("iso3166-2", pycountry.LOCALES_DIR, languages=[language], fallback=True)
