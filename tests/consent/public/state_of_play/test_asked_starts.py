"""When training began, of what is on, of what is not, and of what is only announced."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import make_branch, make_entry, make_platform, make_state, make_use
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    zoom = make_use(make_platform("zoom", name="Zoom"))
    first = {"starts_on": dt.date(2023, 3, 31), "why": "permission-only"}
    make_state(zoom, "unclear", **first)
    make_state(zoom, "only-if-agreed", starts_on=dt.date(2023, 8, 7))
    make_state(zoom, "not-used", starts_on=dt.date(2023, 8, 11))
    box = make_use(make_platform("box", name="Box"))
    make_state(box, "only-if-agreed", starts_on=dt.date(2023, 5, 2))
    jira = make_platform("jira", name="Jira")
    make_state(make_use(jira), "unclear", starts_on=dt.date(2025, 10, 7))
    due = timezone.localdate() - dt.timedelta(days=30)
    title = {"title": "Jira announces training", "effects": ["announced", "default-on"]}
    make_entry(jira, **title, announced_on=dt.date(2026, 4, 16), effective_on=None, due_on=due)
    make_state(make_use(make_platform("quiet", name="Quiet")), "unless-refused")


def lines(client, typed, prefix=""):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    (card,) = BeautifulSoup(page.text, "lxml").select(".box-line")
    return [" ".join(each.text.split()) for each in card.select(".box-first")], card


@pytest.mark.parametrize(
    ("prefix", "typed", "first", "then"),
    [
        (
            "",
            "when did zoom start training",
            "No; not since 11 August 2023",
            "Before: the terms allowed it from 31 March 2023; only if people agree from"
            " 7 August 2023.",
        ),
        (
            "/de",
            "seit wann trainiert Zoom",
            "Nein; seit 11. August 2023 nicht",
            "Vorher: ab 31. März 2023 erlaubten es die Bedingungen; ab 7. August 2023 nur mit"
            " Zustimmung.",
        ),
        (
            "/fr",
            "depuis quand Zoom entraîne son IA",
            "Non ; pas depuis le 11 août 2023",
            "Avant : les conditions le permettaient dès le 31 mars 2023 ; seulement",
        ),
        (
            "",
            "when did box start training",
            "Only if you agree; said since 2 May 2023",
            "No start of training is on record.",
        ),
    ],
)
def test_the_day_of_a_no_is_none_of_a_start(client, prefix, typed, first, then):
    (whole, before), _card = lines(client, typed, prefix)
    assert whole.startswith(first)
    assert before.startswith(then)


@pytest.mark.parametrize(
    "typed",
    ["when did jira start training", "what is announced for jira", "was jira announced to people"],
)
def test_what_is_announced_comes_first_where_that_is_asked(client, typed):
    (first, *rest), card = lines(client, typed)
    assert first.startswith("Announced for ")
    assert first.endswith(", not confirmed: Jira announces training")
    assert not any(each.startswith("Since ") for each in rest)
    assert card.text.count("not confirmed") == 1


@pytest.mark.parametrize(
    ("prefix", "words"),
    [("", "not confirmed"), ("/de", "nicht bestätigt"), ("/fr", "non confirmé")],
)
def test_what_is_announced_is_on_each_card(client, prefix, words):
    first, card = lines(client, "jira", prefix)
    assert not first
    assert words in card.text
    assert card.select_one('a[href*="/changes/"]')


def test_where_nothing_is_announced_that_is_said_if_it_is_asked(client):
    (first,), _card = lines(client, "what is announced for quiet")
    assert first == "Nothing is announced that is still to come or not confirmed."
    assert "announced" not in lines(client, "quiet")[1].text


@pytest.mark.parametrize(
    ("prefix", "typed"),
    some(
        [
            ("", "quiet training when switched on, announced?"),
            ("", "quiet: since when, announced"),
            ("", "quiet announced?"),
            ("/de", "quiet Training: wann eingeschaltet, angekündigt?"),
            ("/fr", "quiet : activé quand, annoncé ?"),
            ("/fr", "quiet annoncé ?"),
        ],
        few=3,
    ),
)
def test_announced_beside_a_start_asks_how_people_were_told(client, prefix, typed):
    _first, card = lines(client, typed, prefix)
    said = {"": "How people were told", "/de": "informiert wurden", "/fr": "ont été prévenues"}[
        prefix
    ]
    assert said in card.text
    for nothing in ("Nothing is announced", "Nichts ist angekündigt", "Rien n’est annoncé"):
        assert nothing not in card.text


@pytest.mark.parametrize(
    ("prefix", "typed", "history"),
    [
        (
            *("", "since when does Chirp train"),
            "EU and EEA: First on record 5 September 2024; not known from 2 October 2025",
        ),
        (
            *("/de", "seit wann trainiert Chirp"),
            "EU und EWR: Zuerst belegt: 5. September 2024; ab 2. Oktober 2025 nicht bekannt",
        ),
    ],
)
def test_a_place_where_training_was_on_has_its_history_beside_those_where_it_is(
    client, prefix, typed, history
):
    chirp = make_use(make_platform("chirp", name="Chirp"), except_places=["EEA"])
    make_state(chirp, "unless-refused", starts_on=dt.date(2024, 9, 16))
    in_europe = make_branch(chirp, places=["EEA"])
    make_state(in_europe, "unless-refused", starts_on=dt.date(2024, 9, 5))
    make_state(in_europe, "unclear", starts_on=dt.date(2025, 10, 2), why="contradictory")
    told, card = lines(client, typed, prefix)
    assert history in told
    assert any("16" in each and "2024" in each for each in told[: told.index(history)])
    for folded in card.select("details"):
        folded.extract()
    assert history in " ".join(card.text.split())
