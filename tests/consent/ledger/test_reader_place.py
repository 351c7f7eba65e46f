import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from consent.ledger.reader_place import (
    PlaceField,
    concerns,
    place_choices,
    place_code,
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
        ("South Korea", "KR"),
        ("United States", "US"),
        ("European Union", "EU"),
        ("vereinigtes königreich", "GB"),
        ("Georgia", ""),
        ("Kongo", ""),
        ("Virgin Islands", ""),
        ("Korea", "KR"),
        ("North Korea", "KP"),
        ("Macedonia", "MK"),
        ("Guinea", "GN"),
        ("Ireland", "IE"),
        ("Northern Ireland", "GB"),
        ("Pays de Galles", "GB"),
        ("America", "US"),
        ("Hollande", "NL"),
        ("the United States", "US"),
        ("U.S.A.", "US"),
        ("Great Britain", "GB"),
        ("Etats-Unis", "US"),
        ("Großbritannien", "GB"),
        ("Europäische Union", "EU"),
        ("Turkey", "TR"),
        ("Europe", ""),
        ("Mars", ""),
        ("", ""),
    ],
)
def test_a_place_is_read_by_its_code_or_its_english_name(stored, code):
    assert place_code(stored) == code


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
    assert [field.clean(value) for value in ("", "GB", "UK", "US-CA", "ZZ")] == [
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
