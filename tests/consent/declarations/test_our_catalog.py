"""The catalog of this repository: complete, sound, in its canonical form."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from consent.declarations import (
    CatalogFile,
    check,
    counts,
    export_catalog,
    json_schema,
    load_catalog,
    read_catalog,
    write_catalog,
)
from consent.declarations.defaults import completed
from consent.vocabulary import (
    ActCovers,
    Basis,
    By,
    Confidence,
    DataKind,
    Direction,
    Effect,
    Friction,
    PassageSide,
    People,
    Purpose,
    Reach,
    Refuse,
    RevisionKind,
    SinceIs,
    StateValue,
    Surface,
    Told,
    Topic,
)
from platforms.declarations import read_yaml
from platforms.models import Platform
from platforms.vocabulary import Category, PageKind

#: The cases that the project began with: at least so many uses, states and published guides.
CASES = {
    "x": (3, 9, 3),
    "xai-grok": (1, 7, 2),
    "facebook": (5, 20, 4),
    "instagram": (3, 15, 1),
    "meta-ai": (4, 10, 1),
    "chatgpt": (3, 8, 4),
    "slack": (1, 3, 1),
    "clearview-ai": (1, 4, 1),
}
FOLDER = settings.BASE_DIR / "platforms" / "catalog"

pytestmark = pytest.mark.xdist_group("our catalog")  # which is read once


@pytest.fixture(scope="module")
def catalog():
    return read_catalog(FOLDER)


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
def test_a_case_named_at_the_start_is_complete(catalog, slug):
    [row] = [row for row in counts(catalog) if row.platform == slug]
    guides = sum(
        guide.status == "published"
        for (platform, _), guide in catalog.guides.items()
        if platform == slug
    )
    uses, states, published_guides = CASES[slug]

    assert row.uses >= uses
    assert row.states >= states
    assert guides >= published_guides


def test_the_files_are_in_their_canonical_form(catalog, tmp_path):
    for path in write_catalog(catalog, tmp_path):
        ours = FOLDER / path.name
        assert ours.read_text() == path.read_text(), "run check_catalog --tidy"


def test_the_schema_in_the_docs_is_that_of_the_models():
    written = Path(settings.BASE_DIR / "docs" / "catalog.schema.json").read_text()

    assert written == json_schema(), "run check_catalog --schema"


@pytest.mark.drill  # of a few files: test_catalog_load.py
@pytest.mark.django_db
def test_it_loads_whole_and_a_second_time_changes_nothing(whole_catalog):
    assert Platform.objects.count() >= 67

    second = load_catalog(FOLDER)

    assert (second.touched, second.conflicts, second.missing) == (0, [], [])


@pytest.mark.django_db
def test_it_comes_back_byte_for_byte_from_the_database(tmp_path, whole_catalog):
    exported = {path.name: path.read_text() for path in export_catalog(tmp_path)}

    files = {path.name: path.read_text() for path in sorted(FOLDER.glob("*.yaml"))}
    del files["_claims.yaml"]  # is no part of the database
    assert exported == files


def test_the_schema_accepts_every_file_and_refuses_what_the_models_refuse():
    schema = json.loads(json_schema())
    for path in FOLDER.glob("[a-z]*.yaml"):
        data = read_yaml(path.read_text(), path.name).data
        assert unfit(data, schema, schema) == "", path.name

    data = read_yaml((FOLDER / "x.yaml").read_text(), "x.yaml").data
    use = data["uses"][1]  # it writes the keys of its only branch itself
    assert "branches" not in use
    for change in (
        {"branches": [{"states": [{"value": "unclear"}]}]},
        {"states": []},
        {"states": [{"value": "unclear", "until": "2025"}]},
        {"people": ["persons"]},
        {"region": "EU"},
    ):
        wrong = data | {"uses": [use | change]}
        assert unfit(wrong, schema, schema) != "", change


def unfit(value, schema, whole, where="file"):
    """Return where a value does not fit a JSON schema; "" if it fits. Knows what ours contains."""
    if schema is False:
        return f"{where}: is not allowed"
    if reference := schema.get("$ref"):
        name = reference.removeprefix("#/$defs/")
        return unfit(value, whole["$defs"][name], whole, where)
    for group, least, most in (("anyOf", 1, 99), ("oneOf", 1, 1)):
        parts = schema.get(group, [])
        fitting = sum(not unfit(value, part, whole, where) for part in parts)
        if parts and not least <= fitting <= most:
            return f"{where}: fits {fitting} of {group}"
    if "const" in schema and value != schema["const"]:
        return f"{where}: is not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{where}: {value!r} is not in the list"
    if isinstance(value, list):
        items = schema.get("items", {})
        if len(value) < schema.get("minItems", 0):
            return f"{where}: is empty"
        found = (unfit(item, items, whole, f"{where}[{at}]") for at, item in enumerate(value))
        return next(filter(None, found), "")
    if not isinstance(value, dict):
        return ""
    properties = schema.get("properties", {})
    if missing := [key for key in schema.get("required", []) if key not in value]:
        return f"{where}: lacks {missing[0]}"
    if schema.get("additionalProperties") is False and (extra := value.keys() - properties):
        return f"{where}: has {sorted(extra)[0]}"
    found = (
        unfit(value[key], part, whole, f"{where}.{key}")
        for key, part in properties.items()
        if key in value
    )
    return next(filter(None, found), "")


def example():
    guide = (settings.BASE_DIR / "docs" / "catalog.md").read_text()
    [text] = re.findall(r"```yaml\n(format: 2.*?)```", guide, re.S)
    return text


def test_the_example_in_the_docs_has_every_key_of_a_file():
    file = completed(read_yaml(example(), "chirp.yaml")).validated(CatalogFile)

    assert {name for name in CatalogFile.model_fields if getattr(file, name)} == set(
        CatalogFile.model_fields
    )


def test_the_example_in_the_docs_has_no_error(tmp_path):
    (tmp_path / "chirp.yaml").write_text(example())
    (tmp_path / "_references.yaml").write_text((FOLDER / "_references.yaml").read_text())
    catalog = read_catalog(tmp_path)

    assert [str(f) for f in check(catalog, today=dt.date(2026, 11, 25)) if f.error] == []


def test_the_docs_explain_every_key():
    guide = (settings.BASE_DIR / "docs" / "catalog.md").read_text()
    keys = {
        key
        for part in json.loads(json_schema())["$defs"].values()
        for key in part.get("properties", {})
    }

    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", guide)] == []


@pytest.mark.parametrize(
    "words",
    [
        *(Basis, By, Confidence, ActCovers, DataKind, Direction, Effect, PassageSide, People),
        *(Purpose, Reach, Refuse, SinceIs, StateValue, Surface, Topic, PageKind, Category),
        *(Told, Friction, RevisionKind),
    ],
)
def test_the_docs_list_every_word_of_a_closed_list(words):
    guide = (settings.BASE_DIR / "docs" / "catalog.md").read_text()

    assert [word for word in words.values if word not in guide] == []
