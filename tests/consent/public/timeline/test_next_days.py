"""What is announced: days ahead, days that are over without an outcome, and notice given."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.formats import date_format

from consent.models import Entry
from consent.vocabulary import Effect
from tests.arranging import arranged
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def x():
    return make_platform("x", name="X")


def days_from_today(days):
    return timezone.localdate() + dt.timedelta(days=days)


def lists(client, address="/next"):
    """The titles ahead and overdue, each with its count of days."""
    page = BeautifulSoup(client.get(address).text, "html.parser")
    return {
        heading["id"]: [
            (item.select(".coming-what a")[-1].text, item.select_one(".coming-count").text)
            for item in heading.parent.select(".coming li")
        ]
        for heading in page.select("#ahead, #overdue")
    }


def test_what_is_to_come_is_listed_by_day_with_the_days_left(client, x):
    make_entry(x, title="Later", effective_on=days_from_today(40), announced_on="2024-01-01")
    make_entry(x, title="Due soon", effective_on=None, due_on=days_from_today(3))
    make_entry(x, title="Last call", effective_on="2024-01-01", deadline_on=days_from_today(1))
    make_entry(x, title="Over", effective_on=days_from_today(-1))
    assert lists(client) == {
        "ahead": [("Last call", "1 day"), ("Due soon", "3 days"), ("Later", "40 days")]
    }


def test_what_was_due_without_an_outcome_asks_whether_it_happened(client, x):
    overdue = make_entry(x, title="Overdue", effective_on=None, due_on=days_from_today(-5))
    outcome = make_entry(x, title="It came", effective_on=days_from_today(-3))
    make_entry(x, title="Settled", effective_on=None, due_on=days_from_today(-4), outcome=outcome)
    off = make_entry(x, title="Called off", effective_on=None, due_on=days_from_today(-6))
    make_entry(x, effects=[Effect.WITHDRAWN], effective_on=days_from_today(-8), follows=off)
    assert lists(client)["overdue"] == [("Overdue", "5 days over")]
    page = BeautifulSoup(client.get("/next").text, "html.parser")
    ask = page.select_one(f'a[href^="/report?about={overdue.get_absolute_url()}"]')
    assert client.get(ask["href"]).status_code == 200


@pytest.mark.parametrize("address", ["/next", "/search?q=what+takes+effect+in+the+coming+weeks"])
def test_who_can_say_no_before_something_takes_effect_is_told_until_when(client, x, address):
    use = make_use(x)
    make_guide(x, make_control(use), title="Say no to it")
    due = {"effective_on": None, "direction": "less-control"}
    coming = make_entry(x, title="It turns on", due_on=days_from_today(9), **due)
    make_entry(x, title="No way out is known", due_on=days_from_today(9), **due)
    better = make_entry(x, title="Better", due_on=days_from_today(9), **due)
    with arranged():
        coming.uses.add(use)
        better.uses.add(use)
        Entry.objects.filter(pk=better.pk).update(direction="more-control")
    page = BeautifulSoup(client.get(address).text, "html.parser").main
    told = [each for each in page.select(".coming li") if "act by" in each.text]
    assert [each.select(".coming-what a")[-1].text for each in told] == ["It turns on"]
    last_day = f"act by {date_format(days_from_today(8), 'j F Y')}."
    assert last_day in " ".join(told[0].text.split())
    assert "Say no to it" in [each.text for each in told[0].select("a")]


@pytest.mark.parametrize(
    ("address", "whom", "no_last_day"),
    [
        ("/next", "For whom: personal accounts, Germany", "No last day to say no is on record."),
        (
            "/de/next",
            "Für wen: private Konten, Deutschland",
            "Kein letzter Tag für einen Widerspruch ist verzeichnet.",
        ),
        (
            "/fr/next",
            "Pour qui : comptes personnels, Allemagne",
            "Aucun dernier jour pour refuser n’est consigné.",
        ),
        (
            "/search?q=what+takes+effect+in+the+coming+weeks",
            "For whom: personal accounts, Germany",
            "No last day to say no is on record.",
        ),
    ],
)
def test_a_day_to_come_says_what_changes_for_whom_and_what_one_can_do(
    client, x, address, whom, no_last_day
):
    fields = {"effective_on": None, "places": ["DE"], "people": ["personal"]}
    make_entry(x, title="Coming", summary="Posts train it.", due_on=days_from_today(9), **fields)
    over = {"note": "Only the announcement was found.", "due_on": days_from_today(-9)}
    make_entry(x, title="Overdue", summary="Chats train it.", **fields, **over)
    page = BeautifulSoup(client.get(address).text, "html.parser").main
    coming, overdue = (
        " ".join(each.text.split()).replace("\xa0", " ") for each in page.select(".coming > li")
    )
    for words in ("Posts train it.", whom, no_last_day):
        assert words in coming
    for words in ("Chats train it.", whom, over["note"]):
        assert words in overdue
    assert len(page.select(f'.coming a[href$="{x.get_absolute_url()}"]')) == 4


def test_a_day_to_come_is_not_said_to_be_for_everyone_where_no_group_is_on_record(client, x):
    make_entry(x, effective_on=None, due_on=days_from_today(9))
    page = BeautifulSoup(client.get("/next").text, "html.parser").main
    assert "For whom: all who use it; no narrower group is on record" in page.text
    assert "everyone" not in page.select_one(".coming").text


def test_who_asks_what_is_coming_is_told_what_was_due_and_is_not_confirmed(client, x):
    make_entry(x, title="Overdue", effective_on=None, due_on=days_from_today(-5))
    query = "what takes effect in the coming weeks, and by when must I act"
    page = BeautifulSoup(client.get("/search", {"q": query}).text, "html.parser").main
    assert page.select_one("section h3").text.split() == ["Due,", "and", "not", "confirmed", "1"]
    assert "5 days over" in page.select_one("section .coming").text
    assert page.select_one('a[href^="/report?about="]')


def test_what_is_due_in_a_month_is_not_overdue_before_the_month_is_over(client, x):
    first = timezone.localdate().replace(day=1)
    make_entry(x, title="This month", effective_on=None, due_on=first, due_precision="month")
    before = first - dt.timedelta(days=1)
    make_entry(
        x,
        title="Last month",
        effective_on=None,
        due_on=before.replace(day=1),
        due_precision="month",
    )
    days = (timezone.localdate() - before).days
    unit = "day" if days == 1 else "days"
    assert lists(client)["overdue"] == [("Last month", f"{days} {unit} over")]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/next", "Nothing announced lies ahead."),
        ("/de/next", "Nichts Angekündigtes steht bevor."),
        ("/fr/next", "Rien d’annoncé n’est à venir."),
    ],
)
def test_an_empty_list_says_so_and_when_pages_were_last_read(client, address, words):
    page = BeautifulSoup(client.get(address).text, "html.parser")
    assert page.select_one(".empty").text == words
    assert page.select_one("#ahead").parent.select_one(".muted").text.strip()


def test_the_days_are_offered_as_a_calendar(client, x):
    make_entry(x, title="Due soon", effective_on=None, due_on=days_from_today(3))
    page = BeautifulSoup(client.get("/next").text, "html.parser")
    assert page.select_one(".button")["href"].startswith("webcal://")
    (plain,) = [link["href"] for link in page.select("main a") if link.text == "calendar.ics"]
    assert "Due: Due soon" in client.get(plain).text


def test_that_no_deadline_is_on_record_is_said(client, x):
    make_entry(x, effective_on=days_from_today(40))
    assert "No deadline to object is on record." in client.get("/next").text
    make_entry(x, effective_on="2024-01-01", deadline_on=days_from_today(1))
    assert "No deadline to object is on record." not in client.get("/next").text


@pytest.mark.parametrize(
    ("address", "no_deadline", "until"),
    [
        ("/next", "No deadline to object is on record.", "X: You can object until"),
        (
            "/search?q=what+changes+in+the+coming+months+and+by+which+date+must+I+object,+and+where",
            "No deadline to object is on record.",
            "X: You can object until",
        ),
        ("/search?q=deadlines?", "No deadline to object is on record.", "X: You can object until"),
        (
            "/de/search?q=bis+wann+muss+ich+widersprechen?",
            "Es ist keine Frist für den Widerspruch verzeichnet.",
            "X: Widerspruch möglich bis",
        ),
        (
            "/fr/search?q=jusqu'à+quand+dois-je+m'opposer+?",
            "Aucun délai pour s’opposer n’est consigné.",
            "X\xa0: ",
        ),
    ],
)
def test_until_when_one_can_object_is_the_second_sentence(client, x, address, no_deadline, until):
    make_entry(x, effective_on=days_from_today(200))

    def told():
        page = BeautifulSoup(client.get(address).text, "html.parser").main
        return page.select_one(".until-when").get_text()

    assert told() == no_deadline
    make_entry(x, effective_on="2024-01-01", deadline_on=days_from_today(100))
    assert told().startswith(until)
    assert no_deadline not in told()


def test_what_can_be_refused_on_certain_days_only_is_listed(client, x):
    use = make_use(x)
    make_state(use, "unless-refused")
    make_control(use, name="The yearly window", label="", frictions=["only-at-times"])
    make_control(use, label="Always there")
    page = BeautifulSoup(client.get("/next").text, "html.parser")
    listed = page.select("section[aria-labelledby=at-times] li")
    assert [" ".join(each.get_text().split()) for each in listed] == ["X: The yearly window"]
    query = "what changes in the coming months, and until when can I say no"
    answer = BeautifulSoup(client.get("/search", {"q": query}).text, "html.parser").main
    assert "Open on certain days only" in answer.select_one("#coming").parent.text
    assert "X: The yearly window" in answer.select_one("#coming").parent.text
    for shown in (page, answer):  # a window ends, too
        until = " ".join(shown.select_one(".until-when").get_text().split())
        narrower = (
            "No deadline to object is on record, but one way out is open on certain days only"
        )
        assert until == f"{narrower}: X."
        assert shown.select_one(shown.select_one(".until-when a")["href"])


def test_what_is_overdue_leads_to_all_guides_of_its_platform(client, x):
    use = make_use(x)
    make_guide(x, make_control(use), title="For parents")
    make_guide(x, make_control(make_use(x, slug="posts")), title="For adults")
    overdue = make_entry(x, effective_on=None, due_on=days_from_today(-5))
    with arranged():
        overdue.uses.add(use)
    page = BeautifulSoup(client.get("/next").text, "html.parser")
    link = page.select_one('#overdue ~ ol a[href$="#guides"]')
    assert link.text == "All guides for X"
    of_platform = BeautifulSoup(client.get(link["href"].partition("#")[0]).text, "html.parser")
    assert "For adults" in of_platform.select_one("#guides").parent.text


@pytest.mark.parametrize("address", ["/next", "/search?q=what changes in the coming months?"])
def test_a_day_names_what_adults_can_do_where_the_only_guide_is_for_parents(client, x, address):
    chats, posts = make_use(x, slug="chats"), make_use(x, slug="posts")
    for use in (chats, posts):
        make_state(use)
    parents = make_control(chats, name="Family switch", label="")
    parents.offers.create(people=["minors"])
    make_guide(x, parents, title="Off for your teen", who="parents of a teen")
    form = make_control(chats, slug="form", name="Form to object", label="", refuse="submit")
    form.offers.create(places=["EEA", "GB"])
    make_guide(x, make_control(posts), title="Stop training on posts")
    make_guide(x, make_control(make_use(x, slug="ads", purpose="ads")), title="Stop ads")
    for day in (-5, 5):
        due = make_entry(x, effective_on=None, due_on=days_from_today(day))
        with arranged():
            due.uses.add(chats)
    page = BeautifulSoup(client.get(address).text, "html.parser")
    told = [" ".join(each.get_text().split()) for each in page.select(".coming li p.small")]
    (said, *_others) = {each for each in told if each.startswith("How to say no")}
    assert said == (
        "How to say no: Send the form: Form to object (only: EU, EEA and UK),"
        " Off for your teen (parents of a teen)"
        " · Other training there: Stop training on posts · All guides for X"
    )
    assert not _others
    assert page.select_one('.coming li a[href="/platforms/x#form"]')
