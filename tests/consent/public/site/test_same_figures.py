"""How many platforms train by default: the same on every surface, and each number is a list."""

import csv
import datetime as dt
import json
from itertools import cycle
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone, translation

from consent.ledger.figures import Among, TrainingClass, figures_on
from consent.open_data.dumps import write_dump
from consent.public.share_image.captions import figures_card
from consent.public.state_of_play.figures import class_steps
from tests.consent.public.site.counted import listed
from tests.factories import make_branch, make_platform, make_state, make_use
from tests.sweeps import in_turn, some

pytestmark = pytest.mark.django_db

PREFIXES = ("", "/de", "/fr")


_NUMBERS = ".figures a, .counts a, .active-filters a, .wall-label a, .number-table a"


def numbers_of(client, address):
    """The numbers in sentences and lists of a page, by the list that each opens."""
    page = BeautifulSoup(client.get(address).text, "html.parser")
    found = {}
    for link in page.select(_NUMBERS):
        url = urlsplit(link["href"])
        if url.path.removeprefix("/de").removeprefix("/fr") in ("", "/platforms"):
            key = parse_qs(url.query).get("figure", [""])[0]
            number = int(link["data-count"])
            assert found.setdefault(key, number) == number, (address, key)
    return found


def last_month(client):
    """The rows of the chart's table for the present month."""
    rows = list(csv.DictReader(client.get("/figures/classes-by-month.csv").text.splitlines()))
    return [row for row in rows if row["month"] == rows[-1]["month"]]


def lists_of(figures):
    """The numbers of all lists that are not empty, and of all platforms."""
    lists = {key.value: figures.number(key) for key in (*TrainingClass, *Among)}
    return {key: number for key, number in lists.items() if number} | {"": figures.total}


def test_every_surface_says_the_same_on_the_same_day(client, whole_catalog, tmp_path):
    today = timezone.localdate()
    figures = figures_on(today)
    expected = lists_of(figures)
    assert expected["trains"] > 50
    for prefix, path in in_turn(PREFIXES, ["/", "/platforms", "/numbers"]):
        assert numbers_of(client, prefix + path) == expected
    for prefix, path in in_turn(PREFIXES, ["/matrix", f"/{today.year}"]):
        said = numbers_of(client, prefix + path)
        assert said.items() <= expected.items()
        assert said.keys() >= {"", "trains", "on-everywhere", "on-in-part", "no-way-out"}
    chart = class_steps(today)
    then = figures_on(chart.last.last)
    assert chart.trains_last == then.number(Among.TRAINS)
    assert f"({chart.trains_last} of {then.on_record}) on" in client.get("/numbers").text
    by_class = {row["class"]: row["platforms"] for row in last_month(client)}
    assert int(by_class["on-everywhere"]) == then.number(TrainingClass.EVERYWHERE)
    answer = client.get("/api/v1/figures").json()
    assert answer["asof"] == today.isoformat()
    assert {each["id"]: each["number"] for each in answer["items"]} == {
        key.value: figures.number(key) for key in (*TrainingClass, *Among)
    }
    for each in answer["items"]:
        assert tuple(each["platforms"]) == figures.platforms[each["id"]]
        assert each["of"] == figures.total
    written = list(csv.DictReader(client.get("/figures.csv").text.splitlines()))
    dump = write_dump(tmp_path / "dumps")
    with (dump / "figures.csv").open(newline="") as file:
        assert list(csv.DictReader(file)) == written
    lines = (dump / "figures.jsonl").read_text().splitlines()
    assert list(map(json.loads, lines)) == answer["items"]
    assert [row["number"] for row in written] == [str(each["number"]) for each in answer["items"]]
    card = figures_card(figures)
    assert card.title.startswith(f"{expected['trains']} of {figures.total} platforms")
    assert card.path in client.get("/").text


def test_every_number_opens_a_list_of_so_many_in_every_language(client, whole_catalog):
    figures = figures_on(timezone.localdate())
    for prefix, lists in zip(PREFIXES, (5, 2, 2), strict=True):
        for key, number in some(lists_of(figures).items(), lists):
            address = f"{prefix}/platforms?figure={key}"
            assert listed(lambda to: client.get(to).text, address) == number, address


def test_every_number_of_a_past_day_opens_a_list_of_so_many(client, whole_catalog):
    """Each list in one language: today's are read in all of them."""
    figures = figures_on(dt.date(2024, 6, 30))
    lists = some(lists_of(figures).items(), 4)
    for (key, number), prefix in zip(lists, cycle(PREFIXES), strict=False):
        address = f"{prefix}/platforms?figure={key}&asof=2024-06-30".replace("figure=&", "")
        assert listed(lambda to: client.get(to).text, address) == number, address


def test_a_list_is_of_the_platforms_that_the_figures_name(client, whole_catalog):
    figures = figures_on(dt.date(2025, 3, 1))
    for key in (TrainingClass.IN_PART, Among.NO_WAY_OUT):
        groups = client.get(f"/platforms?figure={key}&asof=2025-03-01").context["groups"]
        shown = {line.platform.slug for group in groups for line in group.lines}
        assert shown == set(figures.platforms[key])


@pytest.fixture
def three_platforms():
    """On everywhere without a way out, on in part, off."""
    make_state(make_use(make_platform("a", operator="Acme & Co")), "no-way-out")
    partly = make_use(make_platform("b", operator="Acme"), except_places=["EU"])
    make_state(partly)
    make_state(make_branch(partly, places=["EU"]), "not-used")
    make_state(make_use(make_platform("c", operator="Other")), "not-used")


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        (
            "",
            "2 of 3 platforms use what people give them to train AI, or pass it on for that, unless"
            " people act: 1 everywhere, 1 in some places or plans. 1 of them leaves no way out"
            " where it does so. 2 of the 2 belong to Acme. It is not known exactly when 2 of the 2"
            " began.",
        ),
        (
            "/de",
            "2 von 3 Plattformen verwenden das, was Menschen ihnen geben, zum Training von KI oder"
            " geben es dafür weiter, sofern niemand etwas dagegen unternimmt: 1 überall, 1 an"
            " manchen Orten oder in manchen Tarifen. 1 von ihnen lässt dort, wo sie es tut,"
            " keinen Widerspruch zu. 2 der 2 gehören zu Acme. Wann genau 2 der 2 begannen, ist"
            " nicht bekannt.",
        ),
        (
            "/fr",
            "2 sur 3 plateformes utilisent ce que les gens leur confient pour entraîner l’IA, ou"
            " le transmettent à cette fin, sauf si les gens agissent : 1 partout, 1 dans certains"
            " lieux ou certaines formules. 1 d’entre elles ne permet aucun refus là où"
            " elle le fait."
            " 2 des 2 appartiennent à Acme. On ne sait pas exactement quand 2 des 2 ont"
            " commencé.",
        ),
    ],
)
def test_the_figures_are_sentences_in_each_language(client, three_platforms, prefix, words):
    page = BeautifulSoup(client.get(f"{prefix}/").text, "html.parser")
    assert " ".join(" ".join(each.text for each in page.select(".figures")).split()) == words


@pytest.mark.parametrize(
    ("prefix", "begins"),
    [
        ("", "1 of 1 platform uses what people give it to train AI, or passes it on"),
        ("/de", "1 von 1 Plattform verwendet das, was Menschen ihr geben, zum Training"),
        ("/fr", "1 sur 1 plateforme utilise ce que les gens lui confient"),
    ],
)
def test_one_platform_is_said_in_the_singular(client, prefix, begins):
    make_state(make_use(make_platform()))
    page = BeautifulSoup(client.get(f"{prefix}/").text, "html.parser")
    assert page.select_one(".figures").text.strip().startswith(begins)


def test_the_figures_say_what_they_count_for_which_day_and_how_to_cite_them(
    client, three_platforms
):
    page = BeautifulSoup(client.get("/platforms?asof=2026-01-31").text, "html.parser")
    assert page.select_one(".figures").text.startswith("31 January 2026: 2 of 3 platforms")
    cited = page.select_one(".citation")
    assert "Platforms that train AI by default, 31 January 2026" in cited.text
    assert cited.a["href"].endswith("/numbers/2026-01-31")
    files = {link.text: link["href"] for link in page.select(".figures ~ details a")}
    assert files["CSV"] == "/figures.csv?asof=2026-01-31&as_published=false"
    assert client.get(files["JSON"]).json()["definition"] in page.text


def test_for_a_certain_reader_the_list_has_classes_and_no_figures_of_the_world(
    client, three_platforms
):
    page = BeautifulSoup(client.get("/platforms?place=DE").text, "html.parser")
    assert page.select_one(".figures") is None
    counts = {a["href"]: a["data-count"] for a in page.select(".active-filters a")}
    assert counts == {
        "?place=DE&figure=on-everywhere": "1",
        "?place=DE&figure=no": "2",
    }


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("answer=yes-unless-refused", "figure=trains"),
        ("answer=yes-no-way-out&place=DE", "place=DE&figure=no-way-out"),
        ("answer=differs", "figure=on-in-part"),
        ("answer=only-if-agreed", "figure=only-if-agreed"),
    ],
)
def test_addresses_of_before_lead_to_the_list_that_comes_nearest(client, before, now):
    answer = client.get(f"/platforms?{before}")
    assert (answer.status_code, answer["Location"]) == (301, f"/platforms?{now}")


def test_a_list_that_there_is_not_is_not_found(client):
    assert client.get("/platforms?figure=most").status_code == 404


@pytest.mark.parametrize("day", ["2100-01-01", "yesterday"])
def test_files_refuse_what_is_no_day_up_to_today(client, day):
    assert client.get(f"/figures.csv?asof={day}").status_code == 400
    assert client.get(f"/api/v1/figures?asof={day}").status_code == 400


def test_labels_are_in_the_language_that_a_program_asks_for(client, three_platforms):
    item = client.get("/api/v1/figures?lang=de").json()["items"][0]
    with translation.override("de"):
        assert item["label"] == str(TrainingClass.EVERYWHERE.label) == "Überall an"
