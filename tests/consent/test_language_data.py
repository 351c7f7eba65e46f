"""The tables of locale/<language>/ that a language may have besides its translations."""

import re
from typing import get_args

import pytest
import yaml
from django.conf import settings

from consent.declarations.claims import claims_in
from consent.language_data import language_data
from consent.search.asked_authorities import authorities_named
from consent.search.asked_works import WORKS
from consent.search.common_words import Beside
from consent.search.pages import SITE_PAGES, Asked
from consent.search.plain_words import words
from consent.vocabulary import DataKind, Effect, People, Purpose
from platforms.places import GROUPS, Where, errors
from platforms.vocabulary import Category

LANGUAGES = [language for language, _name in settings.LANGUAGES]
WORDS = {"small", "training", "way_out", "changed", "laws", "no_names", "recordings", "cameras"}
PEOPLE = {
    *(
        *People.values,
        "perhaps-organisation",
        "at-work",
        "work",
        "school",
        "school-account",
        "at-school",
    ),
    *("ours", "groups", "staff", "persons", "of", "ages", "old", "before-age"),
    *(
        "myself",
        "posting",
        "pictures",
        "telling",
        "theirs",
        "tellers",
        "heard",
        "little",
        "after-little",
    ),
    *("class", "class-short", "nth-class", "of-class"),
}
#: The lists of phrases in [days], beside the names of units and numbers.
DAYS = {
    *(
        "before",
        "since",
        "since_then",
        "from",
        "after",
        "early",
        "between",
        "to",
        "and",
        "in",
        "end",
        "born",
        "last_year",
    ),
    *("spring", "summer", "autumn", "winter", "season", "gone", "coming"),
    *("this_year", "last_month", "this_month", "next_month", "last_week", "this_week"),
    *("before_ago", "after_ago", "last_so_many", "so_many_last"),
    *("coming_days", "coming_weeks", "coming_months", "ahead"),
}
MEANINGS = {"kinds": DataKind, "effects": Effect}


def is_place(code):
    return code in GROUPS or errors(Where((code,))) == []


def named_in_catalog():
    file = settings.CATALOG_DIR / "_references.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))["references"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_are_known_and_have_one_prefix_each(language):
    data = language_data(language, "places")
    assert data.keys() <= {
        *("usual_prefix", "usual_prefix_of_parts", "shared_prefix", "names", "short_names"),
        *("prefixes", "forms"),
    }
    prefixed = [code for codes in data["prefixes"].values() for code in codes.split()]
    assert len(prefixed) == len(set(prefixed))
    tables = ("names", "short_names", "forms")
    named = {*prefixed, *(code for table in tables for code in data.get(table, {}))}
    assert [code for code in named if not is_place(code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_questions_are_plain_and_their_meanings_known(language):
    data = language_data(language, "search")
    tables = [data, data.get("on_own_pages", {})]
    assert {key for table in tables for key in table} <= {
        *(WORDS | MEANINGS.keys()),
        *("in_english", "on_own_pages", "pages", "people", "claims", "purposes", "days"),
        *("works", "categories", "unwatched_kinds", "common_names", "matters", "slips"),
        *("authorities", "authorities_of", "kinds_of_platforms", "small_words", "parts_of_kinds"),
    }
    listed = [text for table in tables for key, text in table.items() if key in WORDS]
    for table in tables:
        for key in (*MEANINGS, "in_english"):
            listed += table.get(key, {}).values()
        for key, known in MEANINGS.items():
            assert table.get(key, {}).keys() <= set(known.values)
    views = {page.view for page in SITE_PAGES}
    assert data["pages"].keys() == {
        *get_args(Asked),
        *views,
        *("about", "methodology"),
        *("all-data", "more", "another-wish", "quoted", "narrows-nothing", "changing"),
    }
    assert data["people"].keys() <= PEOPLE
    assert data["claims"].keys() <= {claim.slug for claim in claims_in(settings.CATALOG_DIR)}
    assert data["matters"].keys() == {claim.slug for claim in claims_in(settings.CATALOG_DIR)}
    for groups in data["matters"].values():
        alike = groups if isinstance(groups[0], list) else [groups]  # several ways to ask
        listed += (group.replace("…", "").replace("_", " ") for each in alike for group in each)
    assert data["slips"].keys() == {"words", "real"}
    listed += data["unwatched_kinds"].values()
    assert data["purposes"].keys() <= set(Purpose.values)
    assert data["works"].keys() == {*WORKS, "my-music"}
    listed += data["works"].values()
    assert data["small_words"].keys() <= language_data("en", "search")["small_words"].keys()
    listed += data["small_words"].values()
    assert data["days"].keys() <= {*DAYS, "years", "months", "numbers"}
    listed += (data["days"][key] for key in ("years", "months"))
    listed += data["days"]["numbers"]
    listed += (phrase for key in DAYS for phrase in data["days"].get(key, ()))
    kinds = dict(data["kinds_of_platforms"])
    assert all({"what", "head"} <= set(words(each)) for each in kinds.pop("patterns"))
    listed.append(kinds.pop("heads"))
    assert kinds.keys() | data["categories"].keys() <= set(Category.values)
    for phrases in (*kinds.values(), *data["categories"].values()):
        listed += (each.lstrip("~*").replace("_", " ") for each in phrases.split())
    authorities = {each["slug"] for each in named_in_catalog() if each["kind"] != "law"}
    assert data["authorities"].keys() <= authorities
    assert data["authorities_of"].keys() <= {*authorities, "nouns"}
    listed += data["authorities_of"].values()
    lists = ("pages", "people", "claims", "purposes", "authorities")
    for phrases in (each for key in lists for each in data[key].values()):
        listed += (
            phrase.replace(" … ", " ").removeprefix("^").removesuffix("$") for phrase in phrases
        )
    common = data["common_names"]
    lists = {"phrases", "with_article"}
    assert common.keys() <= {*Beside._fields, *lists, "words", "goes_on"}
    for key, text in common.items():
        listed += text if key in lists else [text]
    for text in listed:
        assert words(text) == text.split()


def test_an_authority_is_read_by_its_short_name_and_by_its_whole_one():
    for each in named_in_catalog():
        short = re.search(r" \((\w{3,})\)$", each["name"])
        if short and each["kind"] != "law":
            assert each["slug"] in authorities_named(words(f"what did {short[1]} decide")), each
            assert authorities_named(words(each["name"])) >= {each["slug"]}


def test_a_language_without_tables_has_empty_ones():
    assert language_data("tlh", "places") == {}


@pytest.mark.parametrize(
    ("shape", "phrases"),
    [
        ("who pays", {"who pays"}),
        ("the/a switch", {"the switch", "a switch"}),
        ("removed the/ opt-out", {"removed the opt-out", "removed opt-out"}),
        ("^can/may … opt_out/refuse", {"^can … opt out", "^can … refuse"}),
        ("no/an opt-out$", {"no opt-out$", "an opt-out$"}),
    ],
)
def test_one_shape_stands_for_many_phrases(settings, tmp_path, shape, phrases):
    folder = tmp_path / "locale" / "tlh"
    folder.mkdir(parents=True)
    (folder / "search.toml").write_text(f'[pages]\ntold = ["{shape}"]\n', encoding="utf-8")
    settings.BASE_DIR = tmp_path
    language_data.cache_clear()
    try:
        assert phrases <= set(language_data("tlh", "search")["pages"]["told"])
    finally:
        language_data.cache_clear()
