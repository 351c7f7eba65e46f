"""Who asks for fines gets these alone; who only complains is no authority."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import override

from consent.models import Reference
from consent.public.timeline.acts import acts_of_authorities
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db


def acted(platform, title, result="", effect="regulator-action", by=()):
    entry = make_entry(
        platform,
        title=title,
        topic="enforcement",
        effects=[effect],
        result=result,
        decided_on=dt.date(2025, 1, 1),
    )
    entry.references.set(by)
    return entry


def test_fines_are_in_the_order_of_their_amounts_and_other_payments_apart():
    chirp = make_platform("chirp", name="Chirp")
    for title, result in (
        ("A small fine", "900,000 euros and an order."),
        ("An order", "Chirp has to stop."),
        ("A great fine", "1.2 billion dollars; annulled on 1 May 2026."),
        ("A settlement", "Chirp has to pay 25 million dollars."),
        ("A fine", "7.5 million pounds."),
    ):
        acted(chirp, title, result)
    acts = acts_of_authorities([chirp])
    assert [each.entry.title for each in acts.fines] == ["A great fine", "A fine", "A small fine"]
    assert [each.entry.title for each in acts.payments] == ["A settlement"]


@pytest.mark.parametrize(
    ("prefix", "typed", "heading"),
    [
        ("", "biggest fine", "Fines: 1"),
        ("/de", "höchste Geldbuße", "Geldbußen: 1"),
        ("/fr", "la plus grosse amende", "Amendes : 1"),
    ],
)
def test_who_asks_for_fines_gets_no_other_act(client, prefix, typed, heading):
    chirp = make_platform("chirp", name="Chirp")
    acted(chirp, "A fine", "7.5 million pounds.")
    acted(chirp, "An inquiry")
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
    cases = page.select_one("[aria-labelledby=cases]")
    assert [each.text.replace("\xa0", " ") for each in cases.select("h3")] == [heading]
    assert "An inquiry" not in cases.text


@pytest.fixture
def chirps_case():
    """A court decides over Chirp, after an organisation has complained."""
    chirp = make_platform("chirp", name="Chirp")
    reference = Reference.objects.create
    noyb = reference(slug="noyb", name="Rights (noyb)", kind="organisation", place="AT")
    court = reference(slug="a-court", name="A Court", kind="court", place="IE")
    acted(chirp, "A complaint", effect="complaint", by=[noyb])
    acted(chirp, "A ruling", effect="court-ruling", by=[court])
    return chirp


@pytest.mark.parametrize(
    ("prefix", "typed", "number"),
    [
        ("", "what came of the noyb complaint against Chirp, did a court act", "noyb (Austria): 1"),
        ("/de", "noyb chirp", "noyb (Österreich): 1"),
    ],
)
def test_who_complained_hides_no_act_of_a_court(client, chirps_case, prefix, typed, number):
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml")
    cases = page.select_one("[aria-labelledby=cases]")
    assert "A ruling" in cases.text
    assert number in cases.select_one(".acts-sum").text


def test_complaints_alone_are_shown_where_no_platform_is_named(client, chirps_case):
    page = BeautifulSoup(client.get("/search", {"q": "noyb"}).text, "lxml").main
    assert "A complaint" in page.text
    assert "A ruling" not in page.text


def test_who_complained_and_before_whom_is_set_apart_as_french_does():
    chirp = make_platform("chirp", name="Chirp")
    who = [
        Reference.objects.create(slug="birds", name="Birds", kind="organisation"),
        Reference.objects.create(slug="guard", name="Guard", kind="regulator"),
    ]
    acted(chirp, "Birds complain about Chirp", effect="complaint", by=who)
    with override("fr"):
        (act,) = acts_of_authorities([chirp]).suits
        assert act.in_short == "Birds\u202f; Guard"
