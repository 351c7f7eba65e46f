"""What the commands print, and how they end."""

import datetime as dt
import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from consent.declarations import read_catalog, starting_file
from consent.declarations.author_help import PLACEHOLDERS
from consent.models import Guide
from platforms.models import Platform
from tests.arranging import arranged


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_loading_prints_what_was_created_and_what_was_left_alone(folder):
    first = run("load_catalog", folder.path)
    second = run("load_catalog", folder.path)

    assert ["entries", "4", "0", "0", "0"] in [line.split() for line in first.splitlines()]
    assert ["entries", "0", "0", "4", "0"] in [line.split() for line in second.splitlines()]


@pytest.mark.django_db
def test_loading_prints_both_values_of_a_conflict(folder):
    run("load_catalog", folder.path)
    with arranged():
        Guide.objects.update(minutes=9)
    folder.replace("chirp", "minutes: 2", "minutes: 3")

    text = run("load_catalog", folder.path)

    assert (
        "  guide chirp-training; its file was changed, too\n"
        "    minutes\n"
        "      database: 9\n"
        "      file:     3\n"
    ) in text


@pytest.mark.django_db
def test_a_bad_catalog_ends_the_load_with_an_error(folder):
    folder.replace("chirp", "category: social", "category: bird")

    with pytest.raises(CommandError, match=r"chirp.yaml:4 category: .*\n1 problem\(s\); nothing"):
        run("load_catalog", folder.path)


@pytest.mark.django_db
def test_a_dry_run_says_that_it_is_one(folder):
    assert run("load_catalog", folder.path, dry_run=True).endswith("nothing was changed.\n")
    assert not Platform.objects.exists()


def test_checking_prints_counts_and_ends_well_with_warnings_only(folder):
    text = run("check_catalog", folder.path, today=dt.date(2025, 6, 1))

    assert ["3", "platforms", "1", "3", "1", "6", "3", "1", "1", "4"] in [
        line.split() for line in text.splitlines()
    ]
    assert text.endswith("0 error(s), 0 warning(s).\n")


def test_checking_ends_badly_with_an_error(folder):
    folder.replace("chirp", "    date: '2024-07-26'\n", "")

    with pytest.raises(CommandError, match=r"1 error\(s\)"):
        run("check_catalog", folder.path, today=dt.date(2025, 6, 1))


def test_tidying_keeps_the_meaning_and_settles_the_form(folder):
    before = read_catalog(folder.path)

    run("check_catalog", folder.path, tidy=True)
    tidied = (folder.path / "chirp.yaml").read_text()
    run("check_catalog", folder.path, tidy=True)

    assert read_catalog(folder.path) == before
    assert (folder.path / "chirp.yaml").read_text() == tidied


@pytest.mark.django_db
def test_a_new_platform_starts_from_a_file_that_loads(folder):
    run("new_platform", "Meta AI", folder=folder.path)

    run("load_catalog", folder.path)

    assert Platform.objects.get(slug="meta-ai").name == "Meta AI"
    assert not Platform.objects.listed().filter(slug="meta-ai").exists()


def test_a_new_file_is_refused_until_all_placeholders_are_replaced(folder):
    run("new_platform", "Meta AI", folder=folder.path)
    with pytest.raises(CommandError, match=r"[1-9]\d* error\(s\)"):
        run("check_catalog", folder.path)
    path = folder.path / "meta-ai.yaml"
    text = path.read_text()
    for number, placeholder in enumerate(PLACEHOLDERS):
        assert placeholder in text
        # All different: the title of a use must not begin with the label of its switch.
        fresh = "https://meta.example" if placeholder.startswith("https:") else f"Text {number}"
        text = text.replace(placeholder, fresh)
    path.write_text(text)
    assert "0 error(s)" in run("check_catalog", folder.path, today=dt.date(2025, 6, 1))


def test_all_capitals_of_a_new_file_are_placeholders():
    _slug, text = starting_file("Meta")
    for placeholder in sorted(PLACEHOLDERS, key=len, reverse=True):
        text = text.replace(placeholder, "")
    assert set(re.findall(r"\b[A-Z]{2,}\b", text)) == {"AI"}


def test_a_new_platform_never_overwrites_a_file(folder):
    with pytest.raises(CommandError, match="is already there"):
        run("new_platform", "Chirp", folder=folder.path)


def test_a_new_platform_needs_a_name_with_letters(folder):
    with pytest.raises(CommandError, match="no letters or digits"):
        run("new_platform", "???", folder=folder.path)


def test_a_name_with_quotes_is_written_safely(folder):
    run("new_platform", 'The "Best": App', folder=folder.path)

    assert read_catalog(folder.path).platforms["the-best-app"].name == 'The "Best": App'


def test_the_schema_says_what_the_models_allow():
    from consent.declarations import json_schema

    schema = json.loads(json_schema())

    assert schema["additionalProperties"] is False
    assert "grants" not in schema["properties"]
    assert schema["$defs"]["SourceDeclaration"]["anyOf"] == [
        {"required": ["url", "publisher"]},
        {"required": ["ota"]},
    ]
