"""Which lists and figures words ask for; the pages of them are in the tests beside this one."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.ledger.figures import Among
from consent.ledger.state_of_play import ANYBODY
from consent.public.questions.asked_counts import asked_counts, asks_for_counts
from consent.public.questions.asked_question import read_question
from consent.public.questions.leads import lead_of
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import some


@pytest.mark.parametrize(
    "typed",
    some(
        [
            "welche haben keinen Ausweg",
            "bei wievielen gibts gar keinen Ausweg und welche sind das",
            "Plattformen ohne Widerspruch",
            "wo kann man gar nicht widersprechen",
            "which ones have no way out at all",
            "no way out in Germany",
            "où on ne peut pas refuser",
            "wer trainiert in der Schweiz",
            "KI-Training Minderjährige wer macht das",
            "who trains in Canada",
            "qui entraîne en France",
            "Unterschied Schweiz und EU",
            "was ist in Deutschland anders als in den USA",
            "welche Apps trainieren in der Schweiz, in der EU aber nicht",
            "difference between Germany and Canada",
        ],
        15,
    ),
)
def test_lists_of_who_trains_are_asked_for_without_how_many(typed):
    assert asks_for_counts(read_question(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "lesquelles entraînent avec mes photos",
        "KI-Training in der Schweiz",
        "what is the difference between an opt-out and a deletion",
        "wer hat in der Schweiz angefangen zu trainieren",
    ],
)
def test_other_questions_ask_for_none(typed):
    assert not asks_for_counts(read_question(typed))


@pytest.fixture
def platforms(db):
    """Amor trains everywhere, without a way out; Bisous only in the US; Chirp passes posts on."""
    for slug, value, places in (
        ("amor", "no-way-out", []),
        ("bisous", "unless-refused", ["US"]),
    ):
        use = make_use(make_platform(slug, name=slug.title()), places=places)
        make_state(use, value)
        if places:
            make_state(make_branch(use, except_places=places), "not-used")
    chirp = make_platform("chirp", name="Chirp")
    for title, value in (("Sells posts", "unless-refused"), ("Sells no chats", "not-used")):
        make_state(make_use(chirp, title=title, purpose="sharing-for-training"), value)
    make_entry(chirp, title="Chirp pays authors", effective_on=dt.date(2025, 1, 1))
    make_entry(chirp, title="Chirp moves a page", effective_on=dt.date(2025, 2, 1))


def counts_of(typed):
    today = timezone.localdate()
    return asked_counts(read_question(typed), ANYBODY, today, today)


def test_those_without_a_way_out_are_named(platforms):
    counts = counts_of("which ones have no way out at all")
    assert counts.chosen == Among.NO_WAY_OUT
    assert [each.name for each in counts.named] == ["Amor"]


def test_of_two_places_the_lists_are_compared(platforms):
    only_in = counts_of("difference between Germany and the USA").only_in
    assert [[each.name for each in those.platforms] for those in only_in] == [[], ["Bisous"]]
    assert [each.place for each in only_in] == ["Germany", "US"]


@pytest.mark.parametrize(
    ("typed", "address", "number"),
    [
        ("who sells data to AI companies", "#uses", 1),
        ("wer verkauft Daten an KI-Firmen", "#uses", 1),
        ("which platforms pay creators", "#changes", 1),
        ("liste aller Tools als csv", "/platforms?figure=trains", None),
        ("list of all tools with opt out for the audit as excel", "/platforms?figure=trains", None),
    ],
)
def test_a_question_about_all_leads_to_its_list(platforms, typed, address, number):
    lead = lead_of(read_question(typed), ANYBODY, timezone.localdate())
    assert (lead.address, lead.number) == (address, number)


def test_who_pays_a_fine_is_no_question_of_pay_for_training(platforms):
    assert lead_of(read_question("wer zahlt Strafe"), ANYBODY, timezone.localdate()) is None


def test_those_who_switched_in_two_years_are_counted_for_each(platforms):
    chirp = make_platform("late", name="Late")
    for year in (2024, 2025):
        turned_on = make_entry(chirp, title=f"On in {year}", effective_on=dt.date(year, 3, 1))
        use = make_use(chirp, title=f"Use of {year}")
        make_state(use, "not-used")
        make_state(use, "unless-refused", starts_on=dt.date(year, 3, 1), opened_by=turned_on)
    typed = "wie viele haben 2025 umgestellt im Vergleich zu 2024"
    lead = lead_of(read_question(typed), ANYBODY, timezone.localdate())
    assert [each.number for each in (lead, *lead.beside)] == [1, 1]
    assert "2024-01-01" in lead.beside[0].address


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("/de", "wieviel Prozent haben vorher Bescheid gesagt und wie lange vorher"),
        ("", "how many told people before"),
    ],
)
def test_how_people_were_told_is_answered_by_the_figures_of_all(client, platforms, prefix, typed):
    page = BeautifulSoup(client.get(f"{prefix}/search", {"q": typed}).text, "lxml").main
    assert page.select_one("[aria-labelledby=told] a[href$='/numbers#told']")
    assert not page.select(".asked-counts, .guide-lines")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prefix", "typed", "numbers"),
    [
        ("", "How many let you opt out only by email?", {"mail-only": 2}),
        ("", "which services need an email or a form to opt out", {"mail-only": 2, "form-only": 1}),
        ("", "which opt-outs need a form", {"form-only": 1}),
        ("", "which services make you write to opt out", {"mail-only": 2}),
        ("", "how many train on chats and an email", {}),
        ("", "how many sites train on what people post", {}),
        ("/de", "Wo muss man zum Widersprechen eine E-Mail schreiben?", {"mail-only": 2}),
        ("/de", "Wie viele lassen nur per Formular widersprechen?", {"form-only": 1}),
        ("/fr", "quels services demandent un e-mail pour refuser", {"mail-only": 2}),
    ],
)
def test_who_asks_for_ways_by_mail_or_form_gets_their_number_and_a_list_of_as_many(
    client, prefix, typed, numbers
):
    for slug, refuse in (("amor", "write"), ("bisous", "write"), ("chirp", "submit"), ("dash", "")):
        use = make_use(make_platform(slug, name=slug.title()))
        make_state(use, "unless-refused")
        control = make_control(use, refuse=refuse or "turn-off")
        make_guide(use.platform, control, slug=f"{slug}-guide")
    page = BeautifulSoup(client.get(f"{prefix}/answers", {"q": typed}, follow=True).text, "lxml")
    found = {}
    for link in page.select('main a[href*="/guides?friction="]'):
        way = link["href"].partition("friction=")[2]
        found[way] = int(re.search(r": (\d+)", f"{link.text}{link.next_sibling}")[1])
        listed = BeautifulSoup(client.get(link["href"]).text, "lxml")
        assert len(listed.select(".guide-line")) == found[way]
    assert found == numbers
    named = [each.text for each in page.select('main .small > a[href*="-guide"]')]
    of_ways = {"mail-only": ["Amor", "Bisous"], "form-only": ["Chirp"]}
    assert named == [name for way in numbers for name in of_ways[way]]
    assert not (numbers and page.select(".asked-counts"))
