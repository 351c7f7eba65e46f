"""What is on record of people stays visible where nothing is of organisations."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def clips():
    clips = make_platform("clips", name="Clips", operator="Clips Ltd.")
    make_state(make_use(clips, title="What you post trains Clips’ models"), "no-way-out")
    return clips


@pytest.mark.parametrize(
    ("prefix", "asked", "label"),
    [
        ("", "does Clips use photos of our company?", "Accounts of people"),
        ("/de", "Clips in unserer Firma", "Konten von Personen"),
        ("/fr", "Clips dans mon entreprise", "Comptes de personnes"),
    ],
)
def test_the_answer_for_people_stands_below_that_for_organisations(
    client, clips, prefix, asked, label
):
    for address, chosen in (
        ("answers", {"q": asked}),
        ("platforms/clips", {"people": "organisation"}),
    ):
        page = BeautifulSoup(client.get(f"{prefix}/{address}", chosen, follow=True).text, "lxml")
        told = [" ".join(each.text.split()) for each in page.select(".answer-more")]
        assert [each for each in told if each.replace("\xa0", " ").startswith(label)], told


def test_it_is_not_there_where_organisations_are_on_record(client, clips):
    make_state(make_use(clips, title="Work trains", people=["organisation"]), "not-used")
    page = BeautifulSoup(client.get("/answers", {"q": "Clips in our company"}).text, "lxml")
    assert "Accounts of people" not in page.text
