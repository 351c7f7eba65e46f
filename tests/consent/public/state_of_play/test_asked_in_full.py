"""What careful readers ask in whole sentences: each thing told, once, and no wider than its source."""

import pytest
from bs4 import BeautifulSoup

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("whole_catalog"),
    pytest.mark.few_cases,
]


def card(client, question, prefix="", name=""):
    response = client.get(f"{prefix}/answers", {"q": question}, follow=True)
    assert response.status_code == 200
    found = BeautifulSoup(response.text, "lxml").select(".box-line")
    return next(each for each in found if not name or each.select_one(".box-name").text == name)


def said(part):
    return " ".join(part.text.split())


def test_a_company_that_was_renamed_has_the_name_of_each_day(client):
    told = said(card(client, "Who is behind Zoom's AI training on 31 December 2023 and today?"))
    then, _today, now = told.partition(" Today ")
    assert "Who runs Zoom: Zoom Video Communications" in then
    assert "Who runs Zoom: Zoom Communications" in now


def test_what_terms_said_on_a_past_day_is_told_once(client):
    told = said(
        card(
            client,
            "Did Zoom train on calls on 31 December 2023? What did it say on 8 August 2023?",
        )
    )
    assert told.count("Section 10.4 said") == 1
