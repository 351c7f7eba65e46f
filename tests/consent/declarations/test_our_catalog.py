"""The catalog of this repository: complete, sound, in its canonical form."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from consent.declarations import (
    CatalogFile,
    check,
    json_schema,
    load_catalog,
    read_catalog,
    write_catalog,
)
from consent.vocabulary import DataKind, Direction, Effect, Reach, Route, StateValue, Surface
from platforms.declarations import read_yaml
from platforms.vocabulary import Category, PageKind

CASES = {
    "x": {"states": 7, "guides": 3},
    "xai-grok": {"states": 5, "guides": 2},
    "facebook": {"states": 10, "guides": 3},
    "instagram": {"states": 8, "guides": 1},
    "meta-ai": {"states": 6, "guides": 1},
    "chatgpt": {"states": 8, "guides": 4},
    "slack": {"states": 3, "guides": 1},
    "clearview-ai": {"states": 3, "guides": 1},
}


@pytest.fixture(scope="module")
def catalog():
    return read_catalog(settings.BASE_DIR / "platforms" / "catalog")


def test_it_has_every_platform(catalog):
    assert len(catalog.platforms) >= 67


def test_it_has_no_error(catalog):
    errors = [f for f in check(catalog, today=timezone.localdate()) if f.error]

    assert errors == []


def test_every_published_entry_rests_on_a_source_with_address_and_date(catalog):
    weak = [
        key
        for key, entry in catalog.entries.items()
        if entry.status == "published"
        and not any(source.url and source.date for source in entry.sources)
    ]

    assert weak == []


def test_every_guide_has_a_source_and_says_what_it_does_not_do(catalog):
    weak = [
        slug
        for (_, slug), guide in catalog.guides.items()
        if not guide.sources or not guide.caveats
    ]

    assert weak == []


def test_what_was_only_read_about_elsewhere_is_a_draft(catalog):
    hearsay = [
        key
        for key, entry in catalog.entries.items()
        if entry.status == "published" and all(source.seen_via for source in entry.sources)
    ]

    assert hearsay == []


@pytest.mark.parametrize("slug", CASES)
def test_a_case_named_at_the_start_stands_complete(catalog, slug):
    states = sum(
        len(setting.states)
        for name, setting in catalog.settings.items()
        if name.startswith(f"{slug}/")
    )
    guides = sum(
        guide.status == "published"
        for (platform, _), guide in catalog.guides.items()
        if platform == slug
    )

    assert states >= CASES[slug]["states"]
    assert guides >= CASES[slug]["guides"]


def test_the_files_are_in_their_canonical_form(catalog, tmp_path):
    for path in write_catalog(catalog, tmp_path):
        ours = settings.BASE_DIR / "platforms" / "catalog" / path.name
        assert ours.read_text() == path.read_text(), "run check_catalog --tidy"


def test_the_schema_in_the_docs_is_that_of_the_models():
    written = Path(settings.BASE_DIR / "docs" / "catalog.schema.json").read_text()

    assert written == json_schema(), "run check_catalog --schema"


@pytest.mark.django_db
def test_it_loads_whole_and_a_second_time_changes_nothing():
    folder = settings.BASE_DIR / "platforms" / "catalog"

    first = load_catalog(folder)
    second = load_catalog(folder)

    assert first.created["platform"] >= 67
    assert (second.touched, second.conflicts, second.missing) == (0, [], [])


def test_the_example_in_the_docs_is_a_valid_file():
    guide = (settings.BASE_DIR / "docs" / "catalog.md").read_text()
    [example] = re.findall(r"```yaml\n(.*?)```", guide, re.S)

    file = read_yaml(example, "chirp.yaml").validated(CatalogFile)

    assert {name for name in CatalogFile.model_fields if getattr(file, name)} == set(
        CatalogFile.model_fields
    )


@pytest.mark.parametrize(
    "words", [Effect, DataKind, Direction, Route, Reach, StateValue, Surface, PageKind, Category]
)
def test_the_docs_list_every_word_of_a_closed_list(words):
    guide = (settings.BASE_DIR / "docs" / "catalog.md").read_text()

    assert [word for word in words.values if word not in guide] == []
