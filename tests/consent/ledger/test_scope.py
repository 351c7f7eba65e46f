import pytest

from consent.ledger.scope import Place, Plan, applies_in, applies_to


@pytest.mark.parametrize(
    ("region", "places"),
    [
        ("worldwide", set(Place)),
        ("certain markets", set(Place)),
        ("EU and EEA", {Place.EU, Place.EEA}),
        ("EEA and UK", {Place.EU, Place.EEA, Place.UK}),
        ("US and Canada", {Place.US, Place.CANADA}),
        ("California and other US states with privacy laws", {Place.US}),
        ("outside the EU, EEA and UK", set(Place) - {Place.EU, Place.EEA, Place.UK}),
        (
            "outside Canada, the UK and the EEA",
            set(Place) - {Place.CANADA, Place.UK, Place.EU, Place.EEA},
        ),
    ],
)
def test_regions_in_words_say_who_is_concerned(region, places):
    assert {place for place in Place if applies_in(region, place)} == places


@pytest.mark.parametrize(
    ("audience", "plans"),
    [
        ("everyone", {Plan.PERSONAL, Plan.ORGANISATION}),
        ("personal accounts", {Plan.PERSONAL}),
        ("Free and Pro", {Plan.PERSONAL}),
        ("people without an account", {Plan.PERSONAL}),
        ("Premium and Enterprise", {Plan.PERSONAL, Plan.ORGANISATION}),
        ("Business, Enterprise, Edu and API", {Plan.ORGANISATION}),
        ("work and school accounts", {Plan.ORGANISATION}),
        ("organisations", {Plan.ORGANISATION}),
    ],
)
def test_plans_in_words_say_which_accounts_are_concerned(audience, plans):
    assert {plan for plan in Plan if applies_to(audience, plan)} == plans
