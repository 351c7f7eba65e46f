import pytest

from platforms.places import (
    WORLD,
    WORLDWIDE,
    Cell,
    Coverage,
    Where,
    cells,
    code_error,
    errors,
    expanded,
    merged,
    overlap,
    warnings,
)

EUROPE = Where(("EEA", "GB"))
ELSEWHERE = Where(except_places=("EEA", "GB"))
STATES = Where(("US-CA",), some_of=("US",))


def test_the_groups_have_the_members_of_the_specification():
    assert len(expanded(("EU",))) == 27 + 7
    assert expanded(("EEA",)) - expanded(("EU",)) == {"IS", "LI", "NO"}
    assert {"GF", "RE", "AX"} < expanded(("EU",))
    assert not {"GB", "CH"} & expanded(("EEA",))


@pytest.mark.parametrize(
    ("where", "cell", "coverage"),
    [
        (WORLDWIDE, Cell(("DE",)), Coverage.SURELY),
        (WORLDWIDE, Cell((WORLD,)), Coverage.SURELY),
        (EUROPE, Cell(("RE",)), Coverage.SURELY),
        (EUROPE, Cell(("US",)), Coverage.NOT),
        (EUROPE, Cell((WORLD,)), Coverage.NOT),
        (ELSEWHERE, Cell((WORLD,)), Coverage.SURELY),
        (ELSEWHERE, Cell(("NO",)), Coverage.NOT),
        (STATES, Cell(("US-CA",)), Coverage.SURELY),
        (STATES, Cell(("US-NY",)), Coverage.PERHAPS),
        (STATES, Cell(("US",), ("US-CA",)), Coverage.PERHAPS),
        (STATES, Cell(("CA",)), Coverage.NOT),
        (Where(some_of=(WORLD,)), Cell(("DE",)), Coverage.PERHAPS),
        (Where(some_of=(WORLD,)), Cell((WORLD,)), Coverage.PERHAPS),
        (Where(except_places=("EU",), some_of=(WORLD,)), Cell(("DE",)), Coverage.NOT),
        (Where(("DE",), some_of=("EU",)), Cell(("DE",)), Coverage.SURELY),
        (Where(("DE",), some_of=("EU",)), Cell(("FR",)), Coverage.PERHAPS),
        (Where(("US",), except_places=("US-IL",)), Cell(("US-IL",)), Coverage.NOT),
        (Where(("US",), except_places=("US-IL",)), Cell(("US",), ("US-IL",)), Coverage.SURELY),
        (Where(("US",), except_places=("US-IL",)), Cell(("US-TX",)), Coverage.SURELY),
    ],
)
def test_a_cell_is_covered_surely_perhaps_or_not(where, cell, coverage):
    assert where.covers(cell) == coverage


def test_a_country_is_cut_into_the_parts_that_are_named_and_the_rest():
    assert cells("US", [STATES, Where(except_places=("US-TX",))]) == (
        Cell(("US",), ("US-CA", "US-TX")),
        Cell(("US-CA",)),
        Cell(("US-TX",)),
    )
    assert cells("DE", [STATES]) == (Cell(("DE",)),)
    assert cells("US-NY", [STATES]) == (Cell(("US-NY",)),)


def test_a_group_is_cut_into_its_countries_and_those_that_are_alike_share_a_cell():
    eu = expanded(("EU",))
    assert cells("EU", [EUROPE]) == (Cell(tuple(sorted(eu))),)
    assert set(cells("EU", [EUROPE, Where(("IT",))])) == {
        Cell(tuple(sorted(eu - {"IT"}))),
        Cell(("IT",)),
    }


def test_all_unnamed_countries_are_one_cell_of_the_world():
    named = tuple(sorted(expanded(("EEA", "GB", "US"))))
    assert set(cells("", [WORLDWIDE, EUROPE, STATES])) == {
        Cell((WORLD,), named),
        Cell(tuple(sorted(expanded(("EEA", "GB"))))),
        Cell(("US",), ("US-CA",)),
        Cell(("US-CA",)),
    }
    assert cells("", [WORLDWIDE]) == (Cell((WORLD,)),)


def test_a_cell_can_be_written_as_a_place():
    assert Cell((WORLD,)).where == WORLDWIDE
    assert Cell((WORLD,), ("DE",)).where == Where(except_places=("DE",))
    assert Cell(("US",), ("US-CA",)).where == Where(("US",), ("US-CA",))


def test_two_places_overlap_in_the_cells_that_both_surely_cover():
    assert overlap(ELSEWHERE, EUROPE) == ()
    assert overlap(ELSEWHERE, Where(("DE", "JP"))) == (Cell(("JP",)),)
    assert overlap(Where(("US",)), STATES) == (Cell(("US-CA",)),)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("UK", "UK is no known place: write GB"),
        ("EL", "EL is no known place: write GR"),
        ("UK-SCT", "UK-SCT is no known place: write GB-SCT"),
        ("de", "de is no known place: write DE"),
        ("us-ca", "us-ca is no known place: write US-CA"),
        ("USA", "USA is no known place: write US"),
        ("Germany", "Germany is no known place: write DE"),
        ("California", "California is no known place: write US-CA"),
        ("Narnia", "Narnia is no known place"),
        ("worldwide", "worldwide is not a code here: leave the key out for the whole world"),
        ("US-PR", "US-PR is a country of its own: write PR"),
        ("FR-69", "FR-69 is a part of a part: write FR-ARA and describe the rest in a note"),
        (False, "Put 'NO' in quotes: YAML reads it as false"),
    ],
)
def test_a_wrong_code_is_refused_with_advice(code, advice):
    assert code_error(code) == advice


@pytest.mark.parametrize("code", ["DE", "GB", "NO", "EU", "EEA", "US-CA", "US-IN", "LU-LU", "IN"])
def test_known_codes_pass(code):
    assert code_error(code) == ""


@pytest.mark.parametrize(
    ("where", "problems"),
    [
        (Where(("US", "CA"), ("US-IL",)), []),
        (Where(("EEA",), ("EU",)), []),
        (Where(except_places=("EEA",), some_of=(WORLD,)), []),
        (Where(("UK",)), ["places: UK is no known place: write GB"]),
        (Where(("DE", "DE")), ["places: DE twice"]),
        (
            Where((WORLD,)),
            ["places: world is not a code here: leave the key out for the whole world"],
        ),
        (Where(("US",), ("CA",)), ["except: CA is not inside the places"]),
        (Where(("DE",), ("DE",)), ["except: nothing is left of the places"]),
        (
            Where(some_of=("US", WORLD)),
            ["some_of: world includes all other codes; leave them out"],
        ),
    ],
)
def test_a_place_that_contradicts_itself_is_an_error(where, problems):
    assert errors(where) == problems


@pytest.mark.parametrize(
    ("where", "problems"),
    [
        (Where(("EEA", "GB", "US-CA")), []),
        (Where(("US-CA",), some_of=("US",)), []),
        (Where(("EU", "EEA")), ["places: EU lies inside EEA"]),
        (Where(except_places=("EU", "DE")), ["except: DE lies inside EU"]),
        (Where(("US", "US-CA")), ["places: US-CA lies inside US"]),
        (Where(("US",), some_of=("US-CA",)), ["some_of: US-CA is covered by places already"]),
    ],
)
def test_nested_codes_are_a_warning(where, problems):
    assert warnings(where) == problems


@pytest.mark.parametrize(
    ("wheres", "joint"),
    [
        (
            [Where((), ("EEA", "CH", "GB")), Where(("EEA", "CH"))],
            (Where((), ("GB",)),),
        ),
        ([Where((), ("EEA", "GB")), Where(("GB",)), Where(("EEA",))], (Where(),)),
        (
            [Where((), ("EEA", "GB")), Where(("IS", "LI", "NO"))],
            (Where((), ("EU", "GB")),),
        ),
        ([Where((), ("EEA", "GB")), Where(("EU",))], (Where((), ("IS", "LI", "NO", "GB")),)),
        (
            [Where((), ("EEA", "GB")), Where(("NO", "US"))],
            (Where((), ("EU", "IS", "LI", "GB")), Where(("US",))),
        ),
        (
            [Where((), ("EEA",)), Where(("NO", "DE"))],
            (Where((), ("EU", "IS", "LI")), Where(("DE",))),
        ),
        ([Where((), ("EEA",)), Where(("US",))], (Where((), ("EEA",)), Where(("US",)))),
        ([Where(("US",)), Where(("CA",))], (Where(("US", "CA")),)),
    ],
)
def test_places_that_are_left_out_and_named_again_are_not_left_out(wheres, joint):
    assert merged(wheres) == joint
