"""Days, months and years in questions as people type them."""

import datetime as dt

import pytest
from django.test import RequestFactory

from consent.public.questions.asked_question import read_question
from consent.search.asked_day import asked_day
from consent.search.plain_words import words

_TODAY = dt.date(2026, 11, 30)


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("Zoom 2023", "2023-01-01", "2023-12-31"),
        ("July 2023", "2023-07-01", "2023-07-31"),
        ("Were my Dropbox files used in December 2023?", "2023-12-01", "2023-12-31"),
        ("zoom on 3 July 2023", "2023-07-03", "2023-07-03"),
        ("zoom July 3rd, 2023", "2023-07-03", "2023-07-03"),
        ("zoom 2023-07-03", "2023-07-03", "2023-07-03"),
        ("Zoom am 3.7.2023", "2023-07-03", "2023-07-03"),
        ("Zoom am 3. Juli 2023", "2023-07-03", "2023-07-03"),
        ("Zoom le 1er juillet 2023", "2023-07-01", "2023-07-01"),
        ("Reddit before 2024", "2023-12-31", "2023-12-31"),
        ("Reddit vor 2024", "2023-12-31", "2023-12-31"),
        ("Reddit avant juillet 2024", "2024-06-30", "2024-06-30"),
        ("Reddit letztes Jahr", "2025-01-01", "2025-12-31"),
        ("reddit l'année dernière", "2025-01-01", "2025-12-31"),
        ("reddit il y a deux ans", "2024-01-01", "2024-12-31"),
        ("reddit vor 2 Jahren", "2024-01-01", "2024-12-31"),
        ("the Zoom fuss three years ago", "2023-01-01", "2023-12-31"),
        ("zoom a year ago", "2025-11-30", "2025-11-30"),
        ("reddit vor zwei Monaten", "2026-09-30", "2026-09-30"),
        ("reddit nine months ago", "2026-02-28", "2026-02-28"),
        ("claude last month", "2026-10-01", "2026-10-31"),
        ("claude in may", "2026-05-01", "2026-05-31"),
        ("claude in december", "2025-12-01", "2025-12-31"),
        ("zoom 2026", "2026-01-01", "2026-11-30"),
        ("Zoom am 3. Oktober", "2026-10-03", "2026-10-03"),
        ("zoom on 3 October", "2026-10-03", "2026-10-03"),
        ("zoom on October 3rd", "2026-10-03", "2026-10-03"),
        ("zoom le 3 octobre", "2026-10-03", "2026-10-03"),
        ("Zoom am 24. Dezember", "2025-12-24", "2025-12-24"),
    ],
)
def test_a_day_a_month_or_a_year_is_read(typed, first, last):
    found = asked_day(words(typed), _TODAY)
    assert found is not None
    assert (found.first, found.last, found.is_open) == (day(first), day(last), False)
    assert "2023" not in found.rest


@pytest.mark.parametrize(
    "typed",
    [
        "may pupils use Zoom",
        "Zoom may train on my calls",
        "Microsoft 365",
        "my daughter was born in 2014, Zoom",
        "Mein Sohn, geboren 2014, nutzt Zoom",
        "in 12 months",
        "a company of 2000 people is no year",
        "my 10 years of posts",
        "zoom for three years",
        "my son is 12 may he use zoom",
        "zoom with 3 marketing people",
    ],
)
def test_what_is_no_day_is_left_alone(typed):
    assert asked_day(words(typed), _TODAY) is None


def test_a_year_to_come_is_no_day():
    found = asked_day(words("facebook 2027"), _TODAY)
    assert found is not None
    assert found.is_open


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("what changed since March 2026 for Claude", "2026-03-01"),
        ("Facebook since 2019", "2019-01-01"),
        ("what changed since our last audit in March 2026 for Zendesk", "2026-03-01"),
        ("Claude after March 2026", "2026-04-01"),
        ("Claude after 2024", "2025-01-01"),
        ("Claude from 2025", "2025-01-01"),
        ("Claude since 1 March 2026", "2026-03-01"),
        ("Claude since March", "2026-03-01"),
        ("Claude after March", "2026-04-01"),
        ("Claude since early 2025", "2025-01-01"),
        ("Claude seit März 2026", "2026-03-01"),
        ("Claude seit dem 1. März 2026", "2026-03-01"),
        ("Claude nach dem 1. April 2025", "2025-04-02"),
        ("Claude ab 2024", "2024-01-01"),
        ("Claude seit unserem letzten Audit im März 2026", "2026-03-01"),
        ("Claude depuis le 1er mars 2026", "2026-03-01"),
        ("Claude après mars 2026", "2026-04-01"),
        ("Claude depuis notre dernier audit en mars 2026", "2026-03-01"),
    ],
)
def test_what_began_then_runs_until_today(typed, first):
    found = asked_day(words(typed), _TODAY)
    assert found is not None
    assert (found.first, found.last, found.is_open) == (day(first), _TODAY, True)
    assert found.weighed_from == day(first) - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "first", "last", "weighed_from"),
    [
        ("how did it change between 2023 and 2025", "2023-01-01", "2025-12-31", "2023-12-31"),
        ("Zoom from January 2024 to March 2025", "2024-01-01", "2025-03-31", "2024-01-31"),
        ("Zoom between March and June 2025", "2025-03-01", "2025-06-30", "2025-03-31"),
        ("Zoom 2023-2025", "2023-01-01", "2025-12-31", "2023-12-31"),
        ("Zoom 2023 bis 2025", "2023-01-01", "2025-12-31", "2023-12-31"),
        ("Zoom zwischen 2024 und 2026", "2024-01-01", "2026-11-30", "2024-12-31"),
        ("Zoom von Januar 2024 bis Ende 2025", "2024-01-01", "2025-12-31", "2024-01-31"),
        ("Zoom von 2023 bis heute", "2023-01-01", "2026-11-30", "2023-12-31"),
        ("Zoom entre 2023 et 2025", "2023-01-01", "2025-12-31", "2023-12-31"),
        ("Zoom de 2023 à 2025", "2023-01-01", "2025-12-31", "2023-12-31"),
    ],
)
def test_two_years_or_months_are_the_ends_of_a_span(typed, first, last, weighed_from):
    found = asked_day(words(typed), _TODAY)
    assert found is not None
    assert (found.first, found.last, found.is_open) == (day(first), day(last), False)
    assert found.weighed_from == day(weighed_from)


def test_what_came_since_some_years_ago_is_weighed_against_that_day():
    found = asked_day(words("how was it two years ago, and who has begun since then?"), _TODAY)
    assert found is not None
    day_then = _TODAY.replace(year=_TODAY.year - 2)
    assert (found.first, found.weighed_from) == (day_then + dt.timedelta(days=1), day_then)


@pytest.mark.parametrize("typed", ["compare 2023 and 2025", "since when did Zoom train in 2023"])
def test_two_years_beside_each_other_and_since_when_are_no_span(typed):
    found = asked_day(words(typed), _TODAY)
    assert found is not None
    assert (found.first, found.last) == (day("2023-01-01"), day("2023-12-31"))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("what takes effect in the coming weeks", "2026-11-30", "2026-12-28"),
        ("in the next weeks", "2026-11-30", "2026-12-28"),
        ("what starts soon", "2026-11-30", "2026-12-28"),
        ("what changes in the coming months", "2026-11-30", "2027-03-01"),
        ("in den nächsten Wochen", "2026-11-30", "2026-12-28"),
        ("Was ändert sich bald?", "2026-11-30", "2026-12-28"),
        ("dans les prochaines semaines", "2026-11-30", "2026-12-28"),
        ("what is new in January", "2027-01-01", "2027-01-31"),
        ("what starts in December?", "2026-12-01", "2026-12-31"),
        ("Was ist neu im Januar?", "2027-01-01", "2027-01-31"),
        ("quoi de neuf en janvier", "2027-01-01", "2027-01-31"),
    ],
)
def test_what_is_to_come_begins_today_or_with_the_next_month(typed, first, last):
    found = asked_day(words(typed), _TODAY)
    assert found is not None
    assert (found.first, found.last, found.is_open) == (day(first), day(last), True)


@pytest.mark.parametrize(
    ("typed", "first", "named"),
    [
        ("how was it on 1 December 2024, and who began since", "2024-12-02", "2024-12-01"),
        ("who started in 2024 and who since then", "2024-01-01", "2024-12-31"),
        ("Wer fing 2024 an und wer seither?", "2024-01-01", "2024-12-31"),
        ("qui en mars 2025, et qui depuis ?", "2025-03-01", "2025-03-31"),
    ],
)
def test_what_came_since_a_day_runs_from_it_until_today(typed, first, named):
    found = asked_day(words(typed), _TODAY)
    assert found is not None
    assert (found.first, found.last) == (day(first), _TODAY)
    assert found.weighed_from == day(named)
    assert {"since", "seither", "depuis"}.isdisjoint(found.rest)


@pytest.mark.django_db
def test_what_came_since_a_day_leaves_the_answer_that_of_the_day():
    asked = read_question("Did Chirp train on 1 December 2024 and what changed since")
    assert asked.form(RequestFactory().get("/")).day() == day("2024-12-01")
