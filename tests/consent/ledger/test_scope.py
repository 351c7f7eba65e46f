import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from consent.ledger.scope import (
    FORMER_PLACES,
    PlaceField,
    concerns,
    place_choices,
    place_label,
    present_place,
    reaches,
)
from platforms.places import Where


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ("DE", "DE"),
        ("US-CA", "US-CA"),
        ("EU", "EU"),
        ("ZZ", "ZZ"),
        ("eu", "EU"),
        ("eea", "NO"),
        ("uk", "GB"),
        ("elsewhere", "ZZ"),
        ("South Korea", "KR"),
        ("worldwide except EU, EEA and Switzerland", "ZZ"),
        ("worldwide", ""),
        ("Mars", ""),
        ("", ""),
    ],
)
def test_a_place_is_read_in_codes_and_in_the_words_of_older_releases(stored, code):
    assert present_place(stored) == code


def test_every_former_place_has_a_name_now():
    for code in filter(None, FORMER_PLACES.values()):
        assert present_place(code) == code
        assert place_label(code)


def test_places_can_be_chosen_by_their_names_in_the_language_of_the_page():
    with override("de"):
        names = [name for _code, name in place_choices("überall")]
    assert names[:3] == ["überall", "EU", "EWR"]
    assert names.index("Norwegen") < names.index("Österreich") < names.index("Polen")
    assert names[-1] == "ein anderes Land"
    with override("fr"):
        names = [name for _code, name in place_choices("n’importe où")]
    assert names.index("Belize") < names.index("Bénin") < names.index("Bermudes")


def test_the_field_takes_what_is_known_and_nothing_else():
    field = PlaceField()
    assert [field.clean(value) for value in ("", "GB", "uk", "US-CA", "ZZ")] == [
        "",
        "GB",
        "GB",
        "US-CA",
        "ZZ",
    ]
    with pytest.raises(ValidationError, match="Mars"):
        field.clean("Mars")


@pytest.mark.parametrize(
    ("where", "place", "expected"),
    [
        (Where(), "DE", True),
        (Where(("EU",)), "DE", True),
        (Where(("EU",)), "CH", False),
        (Where((), ("EU",)), "DE", False),
        (Where((), ("EU",)), "ZZ", True),
        (Where(("US-CA",)), "US", True),
        (Where(("US-CA",)), "US-NY", False),
        (Where(("US-CA",), (), ("US",)), "US-NY", True),
        (Where((), (), ("world",)), "DE", True),
        (Where(("EU",)), "", True),
    ],
)
def test_what_holds_somewhere_reaches_people_there_surely_or_perhaps(where, place, expected):
    assert reaches(where, place) == expected


@pytest.mark.parametrize(
    ("people", "chosen", "expected"),
    [
        ([], "minors", True),
        (["personal"], "", True),
        (["personal"], "personal", True),
        (["personal"], "organisation", False),
        (["personal"], "creators", True),
        (["personal"], "minors", False),
        (["creators"], "personal", False),
    ],
)
def test_creators_have_a_personal_account_too(people, chosen, expected):
    assert concerns(people, chosen) == expected
