"""Figures to quote, with an address for each day."""

import csv
import datetime as dt
import hashlib
import json
import re
import shutil
from urllib.parse import quote, urljoin, urlsplit

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import settings as project
from django.core.management import call_command
from django.utils import timezone

from consent.ledger.figures import DEFINITION_VERSION, DEFINITIONS, figures_on
from consent.models import PublishedFigures, State
from consent.tasks import record_figures
from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import make_branch, make_entry, make_platform, make_state, make_use
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

THEN = dt.date(2024, 1, 31)


@pytest.fixture
def platforms():
    """One that has long trained, one that began later, one that stopped, one that says nothing."""
    make_state(use_of("steady"), "no-way-out", starts_on="2023-01-01")
    late = use_of("late")
    make_state(late, "not-used", starts_on="2023-01-01")
    make_state(late, starts_on="2024-06-01")
    stopped = use_of("stopped")
    make_state(stopped, starts_on="2023-01-01")
    make_state(stopped, "not-used", starts_on="2025-06-01")
    make_state(use_of("newcomer"), starts_on="2025-01-01", since_is="at-latest")
    make_platform("silent", name="Silent")


def use_of(slug):
    return make_use(make_platform(slug, name=slug.title()))


def page_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.text, "html.parser")


def counts(page):
    return {link["href"]: int(link["data-count"]) for link in page.select("main a[data-count]")}


@pytest.mark.parametrize(
    ("prefix", "now", "then"),
    [
        ("", "use what", "used what"),
        ("/de", "verwenden", "verwendeten"),
        ("/fr", "utilisent", "utilisaient"),
    ],
)
def test_a_past_day_is_told_in_the_past(client, platforms, prefix, now, then):
    today = page_of(client, f"{prefix}/numbers").main.get_text()
    past = page_of(client, f"{prefix}/numbers/2024-01-31").main.get_text()
    assert now in today
    assert then in past
    assert f"{now} " not in past


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        (
            "",
            "Of 5 platforms listed today, 3 are on record for 31 January 2024. 2 of these used",
        ),
        (
            "/de",
            "Von den heute gelisteten 5 Plattformen ist zu 3 für den 31. Januar 2024 etwas"
            " verzeichnet. 2 davon verwendeten",
        ),
        (
            "/fr",
            "Sur 5 plateformes recensées aujourd’hui, 3 ont quelque chose de consigné pour le"
            " 31 janvier 2024. 2 d’entre elles utilisaient",
        ),
    ],
)
def test_the_figures_of_a_past_day_begin_with_how_many_are_on_record_for_it(
    client, platforms, prefix, words
):
    assert page_of(client, f"{prefix}/numbers/{THEN}").select_one(".figures").text.startswith(words)
    assert words in page_of(client, f"{prefix}/numbers/{THEN}/embed").p.text
    assert words in client.get(f"{prefix}/wall.svg?asof={THEN}").text
    assert words in client.get(f"{prefix}/api/v1/figures?asof={THEN}").text or prefix
    asked = page_of(client, f"{prefix}/search?q=how many on {THEN}")
    assert words in " ".join(asked.select_one(".asked-counts").text.split())
    assert (
        page_of(client, f"{prefix}/numbers")
        .select_one(".figures")
        .text.startswith({"": "3 of 5", "/de": "3 von 5", "/fr": "3 sur 5"}[prefix])
    )


def test_a_past_day_without_any_record_has_no_number_to_quote(client, platforms):
    said = page_of(client, "/numbers/2022-05-01").select_one(".figures").text
    assert said.startswith("Of 5 platforms listed today, 0 are on record for 1 May 2022. Of 5 we")


@pytest.mark.parametrize(("prefix", "day"), [("", ""), ("/de", "/2024-01-31")])
def test_each_number_is_the_length_of_the_list_behind_it(client, platforms, prefix, day):
    address = f"{prefix}/numbers{day}"
    table = page_of(client, address).select(".number-table a, .figures a, .wall-label a")
    assert len(table) > 13
    for link in some(table, 7):
        behind = page_of(client, urljoin(address, link["href"]))
        assert len(behind.select(".index-list > li")) == int(link["data-count"]), link


def test_a_day_is_computed_from_what_began_by_then(client, platforms):
    def trains(day):
        links = page_of(client, f"/numbers/{day}").select(".number-table a")
        return next(int(a["data-count"]) for a in links if "figure=trains" in a["href"])

    assert trains(THEN) == 2
    make_state(use_of("other"), starts_on=THEN + dt.timedelta(days=1))
    assert trains(THEN) == 2
    assert trains(timezone.localdate()) == 4


def test_when_it_began_is_said_to_be_unknown_where_only_a_last_possible_day_is_on_record(
    client, platforms
):
    for address, words in (
        ("/", "It is not known exactly when 1 of the 3 began."),
        ("/de/numbers", "Wann genau 1 der 3 begann, ist nicht bekannt."),
        ("/fr/numbers", "On ne sait pas exactement quand 1 des 3 a commencé."),
    ):
        page = page_of(client, address)
        assert words in " ".join(page.main.text.split())
        links = [a for a in page.select(".wall-label a") if "since-not-known" in a["href"]]
        assert [int(a["data-count"]) for a in links] == [1]
        key = page.select_one(".wall-key").text
        assert {"/": "may have begun", "/d": "mag früher begonnen", "/f": "a pu commencer"}[
            address[:2]
        ] in key


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "Of 2 we do not know: nothing is on record for this day."),
        ("/de", "Bei 2 wissen wir es nicht: Für diesen Tag ist nichts verzeichnet."),
        ("/fr", "Pour 2, nous ne savons pas\u00a0: rien n’est consigné à cette date."),
    ],
)
def test_of_how_many_nothing_is_known_for_a_day_goes_wherever_its_figure_goes(
    client, platforms, prefix, words
):
    page = page_of(client, f"{prefix}/numbers/{THEN}")
    assert words in page.select_one(".figures-main").text
    assert words in page_of(client, f"{prefix}/numbers/{THEN}/embed").p.text
    assert words in client.get(f"{prefix}/wall.svg?asof={THEN}").text
    if prefix:
        return
    cited = page.select_one("#cite ~ .citation cite").text
    assert "2 of the 3 on record for that day”" in cited
    shares = {row.th.text.strip(): row("td")[1].text for row in page.select(".number-table tr")[1:]}
    assert shares["Train by default, or let others"] == "67%"  # 2 of the 3 on record
    assert (
        shares["We do not know, or only in part"] == "0% (0 of 3)"
    )  # and 2 of which nothing is on record
    assert shares["Nothing is on record"] == "–"
    (trains,) = [
        row
        for row in csv.DictReader(client.get(f"/figures.csv?asof={THEN}").text.splitlines())
        if row["id"] == "trains"
    ]
    assert (trains["number"], trains["of"], trains["on_record"]) == ("2", "5", "3")
    said = client.get(f"/api/v1/figures?asof={THEN}").json()
    assert words in said["in_words"]
    assert {each["on_record"] for each in said["items"]} == {3}


def test_a_day_to_come_is_refused_and_named(client, platforms):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    page = page_of(client, f"/numbers/{tomorrow}", status=400)
    assert page.h1.text == "This day is still to come"
    assert page.select_one("main time")["datetime"] == tomorrow.isoformat()
    assert page_of(client, f"/numbers/{tomorrow}/embed", status=404)
    for no_day in ("2024-02-31", "0001-01-01", "yesterday"):
        assert client.get(f"/numbers/{no_day}").status_code == 404


def test_the_form_leads_to_the_address_of_its_day(client, platforms):
    form = next(
        form
        for form in page_of(client, "/numbers").select("form")
        if form.find("input", {"name": "asof"})
    )
    response = client.get(form["action"], {"asof": "2024-01-31"})
    assert response["Location"] == "/numbers/2024-01-31"
    assert "This is no date" in client.get("/numbers?asof=31.1.2024").text


def test_what_is_to_cite_names_the_day_and_its_own_address(client, platforms):
    today = timezone.localdate().isoformat()
    for address in ("/", "/numbers", "/platforms"):
        citation = page_of(client, address).select_one(".citation")
        assert citation.a["href"].endswith(f"/numbers/{today}")
        assert citation.time["datetime"] == today
    then = page_of(client, "/numbers/2024-01-31").select("#cite ~ .citation")[0]
    assert then.a["href"].endswith("/numbers/2024-01-31")


@pytest.mark.parametrize(
    ("language", "provisional", "final"),
    [
        ("", "29 November 2026, provisional: ", "The day before is kept as published: "),
        (
            "/de",
            "29. November 2026, vorläufig: ",
            "Der Vortag bleibt, wie er veröffentlicht wurde: ",
        ),
        ("/fr", "29 novembre 2026, provisoire : ", "La veille reste telle que publiée : "),
    ],
)
def test_a_day_that_is_not_over_is_cited_as_provisional_beside_the_last_that_is_final(
    client, platforms, language, provisional, final
):
    with time_machine.travel(dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC), tick=False) as clock:
        for address in ("/", "/numbers", "/platforms", "/numbers/2026-11-29"):
            cited = page_of(client, language + address).select_one(".citation")
            assert provisional in said(cited)
        page = page_of(client, f"{language}/numbers")
        assert final not in said(page)  # no day was recorded yet
        record_figures()
        assert (
            page_of(client, f"{language}/numbers/2024-01-31").select_one("#cite ~ .final") is None
        )
        clock.shift(dt.timedelta(days=1))
        page = page_of(client, f"{language}/numbers")
        kept = page.select_one("#cite ~ .final")
        assert final in said(kept)
        assert kept.a["href"].endswith(f"{language}/numbers/2026-11-29")
        yesterday = page_of(client, f"{language}/numbers/2026-11-29").select_one(
            "#cite ~ .citation"
        )
        assert yesterday.cite.text in kept.text
        assert provisional not in said(yesterday)


@pytest.mark.parametrize(
    ("language", "listed", "definition"),
    [
        ("", "of 5 listed", "definition"),
        ("/de", "von 5 gelisteten", "Definition"),
        ("/fr", "sur 5 recensées", "définition"),
    ],
)
def test_a_citation_has_one_figure_and_its_definition(
    client, platforms, language, listed, definition
):
    with time_machine.travel(dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC), tick=False) as clock:
        record_figures()
        page = page_of(client, f"{language}/numbers/2026-11-29")
        today = page.select_one("#cite ~ .citation")
        assert said(today.cite).rstrip("”“\N{NO-BREAK SPACE} »").endswith(listed)
        version = f"{definition} {DEFINITION_VERSION}"
        assert version in said(today)
        assert version.casefold() in said(page.select_one("details:has(.citation)")).casefold()
        clock.shift(dt.timedelta(days=1))
        final = page_of(client, f"{language}/numbers/2026-11-29").select_one("#cite ~ .citation")
        assert listed in said(final.cite)  # it is the same figure when the day is over


def said(element):
    return " ".join(element.get_text().split())


@pytest.mark.parametrize("address", ["/numbers", "/numbers/2026-11-29", "/numbers/2024-11-30"])
def test_the_way_to_the_numbers_ends_on_the_day_of_the_page(client, platforms, address):
    page = page_of(client, address)
    day = page.select_one("#cite ~ .citation time")["datetime"]
    assert page.select_one("#until-now ~ figure figcaption time")["datetime"] == day


def test_numbers_of_changes_are_those_of_the_year_before_the_day(client):
    x = make_platform("x", name="X")
    for day in ("2023-01-15", "2023-02-01", "2024-01-31", "2024-02-01"):
        make_entry(x, effective_on=day, direction="less-control")
    page = page_of(client, "/numbers/2024-01-31")
    link = page.select_one('#changed ~ .counts a[href*="direction=less-control"]')
    assert link["data-count"] == "2"
    assert len(page_of(client, link["href"]).select("#results .row")) == 2


@pytest.mark.parametrize("before", ["only-if-agreed", "unclear", None])
def test_who_turned_it_on_between_the_days_began_whatever_it_did_on_the_first(client, before):
    use = use_of("switcher")
    if before:  # of unknown start: it answers for no day before the first entry
        make_state(use, before)
    entry = make_entry(use.platform, effective_on="2024-06-01", direction="less-control")
    make_state(use, starts_on="2024-06-01", opened_by=entry)
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    (row,) = page.select("#began ~ details tbody tr")
    assert row.th.text == "Switcher"
    assert row.select_one("td:last-child a")["href"] == entry.get_absolute_url()
    then, now, _change = row.select("td")
    assert then["data-label"] == "Then"
    assert then.text not in ("Nothing is on record", "We do not know, or only in part")
    assert now["data-label"] == "Now"
    turned_on = page.select_one('a[href*="turned=on"]')
    listed = page_of(client, turned_on["href"]).select("#results .row")
    assert len(listed) == int(turned_on["data-count"]) == 1


def test_then_and_now_tells_what_flipped_from_what_was_not_on_record(client, platforms):
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    flips = {
        section.h2["id"]: [row.th.text for row in section.select("tbody tr")]
        for section in page.select("section:has(table.flips)")
    }
    assert flips == {"began": ["Late"], "entered": ["Newcomer"], "ended": ["Stopped"]}
    numbers = [int(link["data-count"]) for link in page.select(".then-now a")]
    assert numbers == [2, 3]
    assert numbers[1] - numbers[0] == 1 + 1 - 1
    for link in page.select(".then-now a"):
        listed = page_of(client, link["href"]).select(".index-list > li")
        assert len(listed) == int(link["data-count"])
    address = next(a["href"] for a in page.select("a") if a.text == "CSV")
    rows = list(csv.DictReader(client.get(address).text.splitlines()))
    assert {(row["platform"], row["turn"]) for row in rows} == {
        ("late", "began"),
        ("newcomer", "entered"),
        ("stopped", "ended"),
    }


def test_a_platform_that_trains_by_a_use_of_which_nothing_was_known_has_not_begun_since(client):
    lead = use_of("several")
    make_state(lead, starts_on="2025-01-01", since_is="at-latest")
    for at, value in enumerate(("only-if-agreed", "unless-refused"), start=1):
        later = make_use(lead.platform, slug=f"later-{at}", position=at)
        make_state(later, value, starts_on="2023-01-01")
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    assert [row.th.text for row in page.select("#entered ~ div tbody tr")] == ["Several"]
    assert not page.select("#began ~ details tbody tr")


def test_a_platform_that_was_off_before_its_start_was_found_out_has_begun(client):
    """Nothing is on record for the first day, but it was off between the two days."""
    use = make_use(make_platform("scribe", name="Scribe"))
    make_state(use, "not-used", starts_on="2025-08-07", since_is="at-latest")
    entry = make_entry(
        use.platform,
        effective_on=None,
        announced_on="2025-09-18",
        announced_precision="by-day",
        direction="less-control",
    )
    make_state(use, starts_on="2025-09-18", since_is="at-latest", opened_by=entry)
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    (began,) = page.select(".began-list li")
    assert " ".join(began.text.split()) == "Scribe · 18 September 2025 at the latest"
    (row,) = page.select("#began ~ details tbody tr")
    assert row.select("td")[-1].text == "18 September 2025 at the latest"


def test_a_start_that_is_the_earliest_is_told_so_among_those_that_began(client):
    use = use_of("cautious")
    make_state(use, "not-used", starts_on="2024-01-01")
    entry = make_entry(use.platform, effective_on="2025-08-28", direction="less-control")
    make_state(use, starts_on="2025-08-28", since_is="at-earliest", opened_by=entry)
    query = f"then={THEN}&now=2025-12-31"
    page = page_of(client, f"/numbers/then-and-now?{query}")
    (began,) = page.select(".began-list li")
    assert said(began) == "Cautious · 28 August 2025 at the earliest"
    (row,) = page.select("#began ~ details tbody tr")
    assert row.select("td")[-1].text == "28 August 2025 at the earliest"


@pytest.mark.parametrize("before", ["unclear", None])
@pytest.mark.parametrize(
    ("since_is", "told"),
    [
        ("exact", "28 August 2025"),
        ("at-earliest", "28 August 2025 at the earliest"),
    ],
)
def test_what_is_on_from_a_later_day_only_was_not_on_before_it(client, before, since_is, told):
    """No change need be on record: a start that is the earliest is proof enough."""
    use = use_of("cautious")
    if before:
        make_state(use, before, starts_on="2025-05-12", since_is="at-latest")
    make_state(use, starts_on="2025-08-28", since_is=since_is)
    make_state(use_of("long"), starts_on="2025-08-28", since_is="at-latest")
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    assert [said(each) for each in page.select(".began-list li")] == [f"Cautious · {told}"]
    (row,) = page.select("#began ~ details tbody tr")
    then, _now, change = (said(cell) for cell in row.select("td"))
    assert (then, change) == ("Not on yet, as its start shows", told)
    assert [row.th.text for row in page.select("#entered ~ div tbody tr")] == ["Long"]
    timeline = page_of(client, "/timeline?turned=on&since=2024-02-01&until=2025-12-31")
    assert said(timeline.select_one(".began")).startswith("At least 1 platform began")
    assert said(timeline.select_one(".began-list")) == f"Cautious · {told}"


def test_a_second_product_that_trained_before_does_not_hide_when_the_main_use_began(client):
    hosting = make_use(make_platform("host", name="Host"), plans=["Hobby"])
    make_state(hosting, "not-used", starts_on="2025-08-22", since_is="at-latest")
    entry = make_entry(hosting.platform, effective_on="2026-03-31", direction="less-control")
    make_state(hosting, starts_on="2026-03-31", opened_by=entry)
    chats = make_use(hosting.platform, slug="chats", position=1, plans=["Chat Free"])
    make_state(chats, "no-way-out", starts_on="2025-08-22", since_is="at-latest")
    page = page_of(client, "/numbers/then-and-now?then=2024-12-01&now=2026-06-30")
    (began,) = page.select(".began-list li")
    assert said(began) == "Host · 31 March 2026 · by another use before"
    assert not page.select("section[aria-labelledby=entered] tbody tr")


def test_a_platform_without_any_day_says_so_beside_the_changes_of_some_days(client):
    use = use_of("undated")
    make_state(use, starts_on=None)
    entry = make_entry(use.platform, effective_on="2025-02-13")
    entry.uses.add(use)  # the first that is on record of it
    make_state(use_of("long"), starts_on="2025-08-28", since_is="at-latest")
    page = page_of(client, "/timeline?turned=on&since=2024-02-01&until=2025-12-31")
    told = {said(row.a): said(row.p).split(" · ")[0] for row in page.select("#undated li")}
    assert told == {"Long": "Since 28 August 2025 at the latest", "Undated": "Start not known"}


def test_platforms_are_in_the_order_of_a_dictionary(client):
    """Small letters, as of eBay, are no reason to be last."""
    for name in ("Upwork", "eBay", "Airbnb"):
        use = make_use(make_platform(name.lower(), name=name))
        make_state(use, starts_on="2025-01-01", since_is="at-latest")
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    listed = page.select("section[aria-labelledby=entered] tbody tr")
    assert [row.th.text for row in listed] == ["Airbnb", "eBay", "Upwork"]


def test_further_places_are_all_those_of_the_first_change(client):
    """It was paused in some of them on the first day."""
    use = make_use(make_platform("network", name="Network"), places=["US"])
    make_state(use, starts_on="2024-01-01")
    entry = make_entry(use.platform, effective_on="2025-11-03", direction="less-control")
    for place in ("EU", "GB"):
        branch = make_branch(use, places=[place])
        make_state(branch, "not-used", starts_on="2024-09-20")
        make_state(branch, starts_on="2025-11-03", opened_by=entry)
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    (row,) = page.select("section[aria-labelledby=widened] tbody tr")
    assert row.th.text == "Network"
    assert "EU and UK" in " ".join(row.text.split())


def test_a_change_of_one_plan_is_no_start_where_another_plan_trained_before_it(client):
    """Whether the other plan trained on the first day is not known, so neither is who began."""
    free = make_use(make_platform("builder", name="Builder"), plans=["Free"])
    make_state(free, "no-way-out", starts_on="2024-08-22", since_is="at-latest")
    hobby = make_branch(free, plans=["Hobby"])
    entry = make_entry(free.platform, effective_on="2025-03-31", direction="less-control")
    make_state(hobby, starts_on="2025-03-31", opened_by=entry)
    query = f"then={THEN}&now=2025-12-31"
    page = page_of(client, f"/numbers/then-and-now?{query}")
    (row,) = page.select("section[aria-labelledby=entered] tbody tr")
    assert row.th.text == "Builder"
    assert row.td.text == "Nothing is on record"
    assert not page.select("section[aria-labelledby=began] tbody tr")
    (listed,) = csv.DictReader(client.get(f"/numbers/then-and-now.csv?{query}").text.splitlines())
    assert (listed["platform"], listed["turn"]) == ("builder", "entered")


_SUM = re.compile(
    r"(\d+) on \d+ \w+ \d{4} \+ (\d+) that began \+ (\d+) not known for the earlier day −"
    r" (\d+) that ended it, or of which it is no longer known(?: \((.+)\))? = (\d+) on"
    r" \d+ \w+ \d{4}\."
)


@pytest.mark.parametrize(
    ("then", "now", "ended"),
    [
        ("2022-12-31", "2025-12-31", None),
        ("2023-12-31", "2024-12-31", None),
        (str(THEN), "2025-12-31", "Stopped"),
        ("2024-12-31", "2025-12-31", "Stopped"),
        ("2025-05-31", "2025-12-31", "Stopped"),
    ],
)
def test_the_numbers_of_two_days_add_up_where_they_are_told(client, platforms, then, now, ended):
    """On the page of the two days, beside the changes between them, and in an answer."""
    first = dt.date.fromisoformat(then) + dt.timedelta(days=1)
    asked = f"How many trained by default on {now}, and how many on {then}?"
    for address in (
        f"/numbers/then-and-now?then={then}&now={now}",
        f"/timeline?turned=on&since={first}&until={now}",
        f"/answers?q={quote(asked)}",
    ):
        page = BeautifulSoup(client.get(address, follow=True).text, "html.parser").main
        told = page.select_one(".sum")
        *numbers, names, after = _SUM.search(" ".join(told.text.split())).groups()
        before, began, entered, stopped = map(int, numbers)
        assert before + began + entered - stopped == int(after)
        assert names == ended
        trains = [
            len(figures_on(dt.date.fromisoformat(day)).platforms["trains"]) for day in (then, now)
        ]
        assert trains == [before, int(after)]
        for link in told.select("a"):
            path, turn = link["href"].split("#")
            listed = page_of(client, path).select_one(f"section[aria-labelledby={turn}]")
            assert listed.select_one(".count-of").text == link.text == link["data-count"]


@pytest.mark.parametrize("address", ["/numbers", "/2024"])
def test_numbers_of_changes_say_that_they_are_not_of_platforms(client, platforms, address):
    make_entry(make_platform("x", name="X"), effective_on="2024-03-01")
    page = page_of(client, address)
    note = page.select_one(".counts + p")
    assert "These are changes, not platforms" in note.text
    assert page_of(client, note.a["href"]).select(".then-now")


def test_a_platform_of_which_the_first_day_was_not_known_has_not_begun_since(client, platforms):
    unclear = use_of("unclear")
    make_state(unclear, "unclear", starts_on="2023-01-01")
    make_state(unclear, starts_on="2025-02-01", since_is="at-latest")
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    listed = page.select("section[aria-labelledby=entered] tbody tr")
    assert [row.th.text for row in listed] == ["Newcomer", "Unclear"]
    assert "whether 2 platforms that train by default now did so on the first day" in page.text


def test_another_use_that_was_on_says_nothing_of_the_main_one(client):
    lead = use_of("several")
    make_state(lead, starts_on="2025-01-01", since_is="at-latest")
    other = make_use(lead.platform, slug="other", position=1)
    make_state(other, starts_on="2023-01-01")
    page = page_of(client, f"/numbers/then-and-now?then={THEN}&now=2025-12-31")
    (row,) = page.select("#entered ~ div tbody tr")
    then, now = (cell.text for cell in row.select("td"))
    assert then == "Other uses are on record; of the main use of today it is not known"
    assert now == "On everywhere"


def test_who_began_in_further_places_is_in_a_list_of_its_own(client):
    use = make_use(make_platform("widening", name="Widening"), except_places=["EU", "CH"])
    make_state(use, starts_on="2023-01-01")
    in_europe = make_branch(use, places=["EU"])
    make_state(in_europe, "not-used", starts_on="2023-01-01")
    entry = make_entry(use.platform, effective_on="2025-05-27", direction="less-control")
    make_state(in_europe, starts_on="2025-05-27", opened_by=entry)
    with_it = make_branch(use, places=["CH"])  # on the same day, without a change of its own
    make_state(with_it, "not-used", starts_on="2023-01-01")
    make_state(with_it, starts_on="2025-05-27")
    more = make_use(make_platform("more", name="More"), people=["personal"])
    make_state(more, starts_on="2023-01-01")  # and later for more people in the same places
    later = make_entry(more.platform, effective_on="2025-06-01", direction="less-control")
    make_state(make_branch(more, people=["minors"]), starts_on="2025-06-01", opened_by=later)
    query = f"then={THEN}&now=2025-12-31"
    page = page_of(client, f"/numbers/then-and-now?{query}")
    (row,) = page.select("section[aria-labelledby=widened] tbody tr")
    assert row.th.text == "Widening"
    assert row.select("td")[-1].text.split(" · ") == ["27 May 2025", "EU and Switzerland"]
    assert page.select_one("#widened .count-of").text == "1"
    assert not page.select("#began ~ details tbody tr")
    since = THEN + dt.timedelta(days=1)
    timeline = page_of(client, f"/timeline?turned=on&since={since}&until=2025-12-31")
    link = timeline.select_one(".began a[href$='#widened']")
    assert link["data-count"] == "1"
    assert link["href"].split("?")[1] == f"{query}#widened"
    assert said(timeline.select_one(".began")).endswith("began in further places: Widening.")


@pytest.mark.parametrize("address", ["/", "/numbers"])
def test_disputed_answers_count_and_are_a_list_of_their_own(client, platforms, address):
    make_state(use_of("doubted"), starts_on="2023-01-01", disputed=True, note="Others differ.")
    page = page_of(client, address)
    assert "counts as it is recorded" in page.select_one(".figures + details").text
    (link,) = page.select(".figures + details ~ * a[href*=disputed], .figures a[href*=disputed]")[
        :1
    ]
    assert link["data-count"] == "1"
    listed = page_of(client, link["href"]).select(".index-list li")
    assert ["Doubted" in each.text for each in listed] == [True]
    said = client.get("/api/v1/figures").json()
    assert "marked as disputed" in said["definition"]
    assert next(each["platforms"] for each in said["items"] if each["id"] == "disputed") == [
        "doubted"
    ]


@pytest.mark.parametrize("query", ["then=2025-01-01&now=2024-01-01", "then=x", "now=2999-01-01"])
def test_two_days_that_cannot_be_compared_are_refused_with_the_form(client, platforms, query):
    page = page_of(client, f"/numbers/then-and-now?{query}", status=400)
    assert page.select(".field-error")
    assert not page.select("table")
    assert client.get(f"/numbers/then-and-now.csv?{query}").status_code == 400


def test_the_embed_is_small_and_stands_in_a_frame_of_any_site(client, platforms):
    response = client.get("/numbers/2024-01-31/embed")
    assert "X-Frame-Options" not in response
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert len(response.content) < 10_000
    assert "Of 5 platforms listed today, 3 are on record" in response.text
    assert "<script" not in response.text


def test_the_table_of_platforms_over_time_has_each_spell(client, platforms):
    rows = csv.DictReader(client.get("/figures/platforms-over-time.csv").text.splitlines())
    late = [row for row in rows if row["platform"] == "late"]
    assert [
        (row["from"], row["from_is"], row["until"], row["class"])
        for row in late
        if row["on_record"] == "true"
    ] == [
        ("2023-01-01", "exact", "2024-06-01", "no"),
        ("2024-06-01", "exact", "", "on-everywhere"),
    ]


def test_the_home_page_draws_each_platform_and_lists_it_in_a_table(client, platforms):
    page = page_of(client, "/")
    wall = page.select_one(".wall")
    labels = {int(link["data-count"]) for link in wall.select(".wall-label a")}
    assert sum(int(link["data-count"]) for link in wall.select(".wall-label a")) == 5
    assert labels
    rows = {
        row.th.text: [cell.text for cell in row.select("td")] for row in wall.select("tbody tr")
    }
    assert rows["Late"] == ["On everywhere", "since 1 June 2024"]
    assert rows["Steady"] == ["On everywhere, no way out", "since 1 January 2023"]
    assert rows["Silent"] == ["Nothing is on record", ""]
    assert {link.text for link in wall.select(".wall-files a")} >= {"SVG", "PNG"}
    assert "no way out" in wall.select_one(".wall-key").text


PUBLISHED = dt.datetime(2026, 3, 10, 23, 55, tzinfo=dt.UTC)


@pytest.fixture
def a_year_later(platforms, time_machine):
    """Figures were recorded on 10 March 2026; since then one is corrected, and a year passed."""
    time_machine.move_to(PUBLISHED, tick=False)
    record_figures.apply()
    State.objects.filter(branch__use__platform__slug="steady").delete()
    Platform.objects.filter(slug="late").update(name="Later")
    time_machine.move_to(PUBLISHED + dt.timedelta(days=365), tick=False)


def published_numbers(page):
    rows = page.select(".number-table tbody tr")
    return {row.th.get_text(strip=True): int(row.a["data-count"]) for row in rows}


def test_a_figure_that_was_published_is_the_same_a_year_and_a_correction_later(
    client, a_year_later
):
    page = page_of(client, "/numbers/2026-03-10")
    numbers = published_numbers(page)
    assert numbers["Train by default, or let others"] == 3
    assert numbers["All listed platforms"] == 5
    assert "These figures are kept as they were published" in page.select_one(".notice").text
    notice = page.select_one(".notice").text
    assert "What is on record now says of this day: Of 5 platforms listed today, 3 are" in notice
    assert "Of 5 platforms listed then, 4 are" in client.get("/numbers/2026-03-10/embed").text
    for link in page.select(".number-table a"):
        behind = page.select_one(link["href"].partition("2026-03-10")[2])
        if "list-all" not in link["href"] and link["data-count"] != "0":
            named = behind.find_next_sibling("dd").select("a")
            assert len(named) == int(link["data-count"]), link
    trains = page.select_one("#list-trains").find_next_sibling("dd")
    assert [link.text for link in trains.select("a")] == ["Late", "Newcomer", "Steady"]


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "since corrected to 2 (without Steady), as the record stands on 10 March 2027"),
        ("/de", "seither berichtigt auf 2 (ohne Steady), nach dem Stand vom 10. März 2027"),
        (
            "/fr",
            "corrigé depuis : 2 (sans Steady), selon le registre tel qu’il est le 10 mars 2027",
        ),
    ],
)
def test_a_published_figure_says_what_it_was_corrected_to(client, a_year_later, prefix, words):
    """Platforms that were listed later correct nothing."""
    make_state(use_of("listed-later"), starts_on="2024-01-01")
    page = page_of(client, f"{prefix}/numbers/2026-03-10")
    sentence = words[0].upper() + words[1:]
    assert sentence in said(page.select_one(".figures"))
    assert not page.select(".notice ~ section .figures")  # the figure comes first
    assert words in said(page.select_one("#cite ~ .citation"))
    assert sentence in said(page_of(client, f"{prefix}/numbers/2026-03-10/embed").p)
    asked = page_of(client, f"{prefix}/search?q={quote('how many on 2026-03-10')}")
    assert words in said(asked.select_one(".asked-counts"))
    assert sentence in client.get("/api/v1/figures?asof=2026-03-10").json()["in_words"] or prefix
    with time_machine.travel(dt.datetime(2026, 3, 11, 12, tzinfo=dt.UTC), tick=False):
        (on_day,) = re.findall(r"\d+\D+\d{4}$", words)
        told = words.replace(on_day, on_day.replace("10", "11").replace("2027", "2026"))
        for address in ("/", "/numbers"):
            assert told in said(page_of(client, f"{prefix}{address}").select_one(".final"))


def test_a_published_figure_that_the_record_still_says_has_no_correction(client, platforms):
    with time_machine.travel(PUBLISHED, tick=False) as clock:
        record_figures.apply()
        clock.shift(dt.timedelta(days=1))
        assert "corrected to" not in said(page_of(client, "/numbers/2026-03-10").main)


def test_a_list_that_was_not_published_on_a_day_is_not_there(client, a_year_later):
    row = PublishedFigures.objects.get(day=PUBLISHED.date())
    del row.figures["platforms"]["since-known"], row.figures["platforms"]["since-not-known"]
    PublishedFigures.objects.create(
        day=row.day,
        recorded_at=row.recorded_at + dt.timedelta(minutes=1),
        definition=row.definition,
        figures=row.figures,
        changes=row.changes,
    )
    numbers = published_numbers(page_of(client, "/numbers/2026-03-10"))
    assert numbers["Train by default, or let others"] == 3
    assert not any("date" in label for label in numbers)
    said = client.get("/api/v1/figures?asof=2026-03-10&as_published=true").json()
    assert "since-known" not in [each["id"] for each in said["items"]]


def test_the_files_of_a_published_day_say_what_its_page_says(client, a_year_later):
    page = page_of(client, "/numbers/2026-03-10")
    table, answer = (
        client.get(link["href"]) for link in page.select(".figures + details p.no-print a")
    )
    rows = {row["id"]: row["number"] for row in csv.DictReader(table.text.splitlines())}
    assert rows["trains"] == "3"
    said = answer.json()
    assert (said["as_published"], said["definition_version"]) == (True, max(DEFINITIONS))
    assert next(each["number"] for each in said["items"] if each["id"] == "trains") == 3
    assert client.get("/api/v1/figures?asof=2026-03-10").json()["items"] == said["items"]
    assert client.get("/figures.csv?asof=2026-03-10").text == table.text
    state_of_play = page_of(client, "/platforms?asof=2026-03-10")
    table, answer = (
        client.get(link["href"]) for link in state_of_play.select(".figures + details p.no-print a")
    )
    now = answer.json()
    assert now["as_published"] is False
    assert next(each["number"] for each in now["items"] if each["id"] == "trains") == 2
    rows = {row["id"]: row["number"] for row in csv.DictReader(table.text.splitlines())}
    assert rows["trains"] == "2"


def test_a_day_without_news_has_the_figures_recorded_last(client, a_year_later):
    for day in ("2026-03-11", "2026-08-01"):
        assert (
            published_numbers(page_of(client, f"/numbers/{day}"))["Train by default, or let others"]
            == 3
        )
    before = page_of(client, "/numbers/2026-03-08")
    assert "No figures were recorded on this day" in before.select_one(".notice").text


@pytest.fixture
def just_loaded(tmp_path, time_machine):
    """A site as `make run` leaves it, in the afternoon of 10 March 2026."""
    time_machine.move_to(dt.datetime(2026, 3, 10, 15, 27, tzinfo=dt.UTC), tick=False)
    for name in ("_references", "linkedin"):
        shutil.copy(project.CATALOG_DIR / f"{name}.yaml", tmp_path)
    call_command("load_catalog", tmp_path, release=True, verbosity=0)


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", "They were recorded at 10 March 2026, 15:27 UTC, after the day was over"),
        ("/de", "Sie wurden am 10. März 2026, 15:27 UTC, nach dem Ende des Tages, festgehalten"),
        ("/fr", "Ils ont été enregistrés le 10 mars 2026, 15:27 UTC, après la fin du jour"),
    ],
)
def test_a_site_that_was_just_loaded_offers_an_address_with_a_figure_that_stays(
    client, just_loaded, time_machine, prefix, words
):
    for page in ("/", "/numbers"):
        final = page_of(client, f"{prefix}{page}").select(".citation.final a")
        (address,) = {urlsplit(link["href"]).path for link in final}
        assert address == f"{prefix}/numbers/2026-03-09"
    before = page_of(client, address)
    assert words in before.select_one(".notice").text
    with arranged():
        State.objects.all().delete()
    time_machine.move_to(dt.datetime(2026, 3, 12, 9, 0, tzinfo=dt.UTC), tick=False)
    record_figures.apply()
    numbers = published_numbers(before)
    assert published_numbers(page_of(client, address)) == numbers
    assert sum(numbers.values()) > 0
    assert published_numbers(page_of(client, f"{prefix}/numbers/2026-03-11")) == numbers


def test_figures_are_recorded_once_for_each_change(client, platforms, time_machine):
    time_machine.move_to(PUBLISHED - dt.timedelta(hours=2), tick=False)
    assert [record_figures.apply().get() for _ in range(2)] == [True, False]
    make_state(use_of("noon"), starts_on="2026-01-01")
    time_machine.move_to(PUBLISHED, tick=False)
    assert record_figures.apply().get()
    today = page_of(client, "/numbers/2026-03-10")
    assert "This day is not over" in today.text
    time_machine.move_to(PUBLISHED + dt.timedelta(days=1), tick=False)
    assert not record_figures.apply().get()
    page = page_of(client, "/numbers/2026-03-10")
    assert published_numbers(page)["Train by default, or let others"] == 4
    notice = page.select_one(".notice").text
    assert "Earlier on this day, from 21:55 UTC: Of 5 platforms listed then, 4 are" in notice


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/numbers", "Latest entry on the timeline: 10 March 2026."),
        ("/next", "Latest entry on the timeline: 10 March 2026."),
        (
            "/search?q=What takes effect in December 2026?",
            "Latest entry on the timeline: 10 March 2026.",
        ),
        ("/de/numbers", "Letzter Eintrag der Chronik: 10. März 2026."),
        ("/fr/numbers", "Dernière entrée de la chronologie : le 10 mars 2026."),
    ],
)
@time_machine.travel("2026-11-30 12:00Z", tick=False)
def test_beside_what_is_said_of_today_is_how_far_the_record_goes(client, db, address, words):
    chirp = make_platform("chirp")
    make_entry(chirp, effective_on=dt.date(2026, 3, 10))
    make_entry(chirp, effective_on=dt.date(2027, 1, 15))
    page = page_of(client, address)
    assert " ".join(page.select_one(".latest-on").text.split()) == words
    assert not page_of(client, "/numbers/2026-06-01").select(".latest-on")


@pytest.mark.parametrize("address", ["/numbers", "/next"])
@time_machine.travel("2026-11-30 12:00Z", tick=False)
def test_what_began_after_the_latest_entry_without_one_is_named_beside_it(client, db, address):
    make_entry(make_platform("chirp"), effective_on=dt.date(2026, 3, 10))
    bolt = use_of("bolt")
    make_state(bolt, "not-used", starts_on=dt.date(2026, 3, 10))
    make_state(bolt, starts_on=dt.date(2026, 10, 7), since_is="at-earliest")
    make_state(bolt, "not-offered", starts_on=dt.date(2026, 10, 14))
    make_state(bolt, "not-used", starts_on=dt.date(2027, 1, 15))
    # When that began is not known: it may have been before the latest entry.
    make_state(use_of("read"), starts_on=dt.date(2026, 11, 1), since_is="at-latest")
    latest = page_of(client, address).select_one(".latest-on")
    assert " ".join(latest.text.split()) == (
        "Latest entry on the timeline: 10 March 2026. Answers that changed later, without an entry"
        " there: Bolt (7 October 2026 at the earliest)."
    )
    assert [link["href"] for link in latest.select("a")] == ["/platforms/bolt"]


@time_machine.travel("2026-11-30 12:00Z", tick=False)
def test_a_past_day_leads_to_who_began_since_then(client, db):
    make_platform("chirp")
    page = page_of(client, "/numbers/2024-12-01")
    (link, *_) = page.select("main h1 ~ * a[href*=then]")
    assert (link.text, link["href"]) == (
        "Who began since then",
        "/numbers/then-and-now?then=2024-12-01&now=2026-11-30",
    )
    fields = {field["name"]: field["value"] for field in page.select("main input[type=date]")}
    assert fields == {"asof": "2024-12-01", "then": "2024-12-01", "now": "2026-11-30"}
    assert "Who began since then" not in page_of(client, "/numbers").main.text


@time_machine.travel("2026-11-30 12:00Z", tick=False)
def test_the_last_entry_of_a_platform_is_not_said_to_be_its_last_change(client, db):
    bolt = use_of("bolt")
    make_entry(bolt.platform, effective_on=dt.date(2026, 3, 10))
    make_state(bolt, "not-used", starts_on=dt.date(2026, 3, 10))
    address = bolt.platform.get_absolute_url()
    age = " ".join(page_of(client, address).select_one(".verdict-age").text.split())
    assert "last change about training 10 March 2026" in age
    make_state(bolt, starts_on=dt.date(2026, 10, 7), since_is="at-earliest")
    age = " ".join(page_of(client, address).select_one(".verdict-age").text.split())
    assert (
        "last entry about training 10 March 2026 · changed later, without an entry:"
        " 7 October 2026 at the earliest · "
    ) in age
    past = page_of(client, f"{address}?asof=2026-10-01").select_one(".verdict-age").text
    assert "without an entry" not in past


@pytest.mark.parametrize("address", ["/next", "/search?q=What takes effect in December 2026?"])
@time_machine.travel("2026-11-30 12:00Z", tick=False)
def test_days_to_come_are_no_proof_that_nothing_else_changes(client, db, address):
    make_entry(make_platform("chirp"), effective_on=dt.date(2027, 1, 15))
    assert "no proof that nothing else will change" in page_of(client, address).text


def test_another_definition_has_another_version():
    """What was published names the version of its definition. A changed text needs a new one."""
    texts = json.dumps({version: str(text) for version, text in DEFINITIONS.items()})
    digest = hashlib.sha256(texts.encode()).hexdigest()
    assert digest[:16] == "26c6631f14ecbc01", (
        "add a version to DEFINITIONS, and put its digest here"
    )


@pytest.mark.parametrize("address", ["/", "/numbers"])
def test_one_bar_divides_all_platforms_and_each_part_leads_to_its_list(
    client, whole_catalog, address
):
    page = BeautifulSoup(client.get(address).content, "lxml").select_one(".shares")
    widths = [float(part["width"].rstrip("%")) for part in page.select(".shares-bar rect")]
    assert sum(widths) == pytest.approx(100, abs=0.1)
    links = page.select("a")
    assert [link.text.split(" ", 1)[1] for link in links][:2] == [
        "train by default",
        "of them without a way out",
    ]
    trains, locked, *others = (int(link["data-count"]) for link in links)
    total = figures_on(timezone.localdate()).total
    assert trains + sum(others) == total
    assert sum(widths[:2]) == pytest.approx(100 * trains / total, abs=0.1)
    assert widths[1] == pytest.approx(100 * locked / total, abs=0.1)
    for link in links:
        listed = BeautifulSoup(client.get(link["href"]).content, "lxml").select(".index-list li")
        assert len(listed) == int(link["data-count"])
