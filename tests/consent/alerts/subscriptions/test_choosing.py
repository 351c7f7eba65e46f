"""Choosing among many platforms, and what stands behind an alert."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from consent.alerts.subscriptions.retention import BLANK_AFTER
from consent.models import Token
from platforms.models import Platform
from tests.consent.alerts.subscriptions.test_journey import filled, sign_up
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def platforms():
    for slug, name in (("x", "X"), ("instagram", "Instagram")):
        make_platform(slug, name=name)


def subjects():
    return [tuple(each) for each in Token.objects.latest("pk").payload["subjects"]]


def words(page):
    return " ".join(BeautifulSoup(page.text, "lxml").get_text(" ", strip=True).split())


def test_platforms_are_chosen_by_typing_their_names(client, clock, mailbox, deliver):
    sign_up(client, clock, what="", names="insta gram, x, xyzzyplugh", preticked="")
    deliver()
    assert sorted(subjects()) == [("platform", "instagram"), ("platform", "x")]


def test_what_fits_the_names_typed_so_far_is_shown_as_boxes(client, clock, mailbox, deliver):
    make_platform("instapaper", name="Instapaper")
    found = sign_up(client, clock, names="insta, x", find="1", frequency="weekly")
    deliver()
    assert not mailbox.mails
    page = BeautifulSoup(found.text, "lxml")
    pick = page.select_one(".choice-pick[open]")
    boxes = [box["value"] for box in pick.select("input[name=platforms]")]
    in_sight = [box["value"] for box in pick.select("fieldset > .field-check input")]
    assert set(in_sight) == {"instagram", "instapaper"}
    assert "x" not in boxes  # it is meant, and ticked above
    sent = filled(found.text, what="")
    assert (sent["platforms"], sent["frequency"], sent["names"]) == ("x", "weekly", "")
    assert sent["address"] == "ada@mail.example"


def test_a_search_for_a_name_that_nobody_has_says_so(client, clock):
    found = sign_up(client, clock, names="xyzzyplugh", find="1")
    assert "We have nothing on record under this name." in words(found)
    assert filled(found.text)["names"] == "xyzzyplugh"


def test_names_that_nobody_has_are_said_and_nothing_is_lost(client, clock):
    page = sign_up(client, clock, names="xyzzyplugh")
    assert page.status_code == 422
    assert "We have nothing on record under this name: xyzzyplugh" in words(page)
    assert "ada@mail.example" in page.text


def test_all_is_not_ticked_beside_a_choice(client, clock, mailbox, deliver):
    asked = sign_up(client, clock, names="x")
    assert "You chose something: do you want only that?" in words(asked)
    deliver()
    assert not mailbox.mails
    clock.move(seconds=10)
    sent = filled(asked.text)
    assert "what" not in sent
    assert sent["platforms"] == "x"
    client.post("/subscribe", sent)
    deliver()
    assert subjects() == [("platform", "x")]


@pytest.mark.parametrize("address", ["/subscribe?platform=x", "/subscribe?what=turns-on"])
def test_what_was_chosen_before_folds_the_rest(client, address):
    page = BeautifulSoup(client.get(address).text, "lxml")
    assert page.select_one(".choice-pick:not([open])")


def test_who_wants_both_ticks_both(client, clock, mailbox, deliver):
    asked = sign_up(client, clock, names="x")
    clock.move(seconds=10)
    client.post("/subscribe", filled(asked.text, what="turns-on"))
    deliver()
    assert sorted(subjects()) == [("platform", "x"), ("turns-on", "")]


class TestTheAnswerOfToday:
    @pytest.fixture(autouse=True)
    def uses(self):
        use = make_use(Platform.objects.get(slug="x"), title="Posts train models", places=["US"])
        make_state(use, "not-used", basis="stated")
        make_state(make_branch(use, places=["DE"]), "unless-refused", basis="stated")
        make_guide(use.platform, make_control(use))
        shots = make_use(Platform.objects.get(slug="instagram"), title="Photos train models")
        make_state(shots, "no-way-out", basis="stated")

    def answers(self, client, address, **query):
        page = BeautifulSoup(client.get(address, query, follow=True).text, "lxml")
        assert page.h1.text == "Get alerts by mail"
        return page.main, page.select(".alerts-now li")

    def test_comes_before_the_form_where_a_question_asks_for_both(self, client):
        asked = "does X train on my posts in Germany, and mail me when it changes?"
        main, (line,) = self.answers(client, "/answers", q=asked)
        assert " ".join(line.text.split()) == "X: Yes, unless you opt out"
        assert line.find_next("form")
        assert "Answers for people in Germany." in " ".join(main.text.split())
        answer = BeautifulSoup(client.get(line.a["href"]).text, "lxml")
        assert answer.h1.text.strip().startswith("X")
        assert "Yes, unless you opt out" in answer.select_one(".verdict-answer").text

    def test_is_that_of_everywhere_without_a_place(self, client):
        main, lines = self.answers(client, "/subscribe?platform=x&platform=instagram")
        told = [" ".join(line.text.split()).partition(":")[0] for line in lines]
        assert told == ["Instagram", "X"]
        assert "Answers for people" not in main.text

    def test_is_left_to_their_pages_where_many_are_chosen(self, client):
        for slug in ("a", "b"):
            make_platform(slug, name=slug.upper())
        many = "&".join(f"platform={slug}" for slug in ("x", "instagram", "a", "b"))
        assert not self.answers(client, f"/subscribe?{many}")[1]
        assert not self.answers(client, "/subscribe")[1]


def test_the_form_says_what_is_watched(client):

    page = make_page(Platform.objects.get(slug="x"))
    make_fetch(page, at=dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC))
    text = words(client.get("/subscribe?platform=x&platform=instagram"))
    assert "X: we watch 1 page, last read 5 January 2026" in text
    assert "Instagram: no page of it is read by us at present." in text


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("", ["which mails were sent to you", "28 days after you leave", "a code made from"]),
        ("/de", ["welche E-Mails", "28 Tage", "ein Code"]),
        ("/fr", ["quels messages", "28 jours", "un code"]),
    ],
)
def test_the_form_says_all_that_is_kept_and_leads_to_the_rest(client, prefix, told):
    page = client.get(f"{prefix}/subscribe?platform=x")
    assert all(each in words(page) for each in told)
    assert "nothing else;" not in words(page)
    main = BeautifulSoup(page.text, "lxml").main
    assert main.select(f'form a[href="{prefix}/privacy"]')
    assert f"{BLANK_AFTER.days} " in told[1]


class TestTheSample:
    @pytest.fixture(autouse=True)
    def changes(self):
        x = Platform.objects.get(slug="x")
        make_entry(x, title="X trains on posts", effective_on=dt.date(2024, 7, 26))
        make_entry(x, title="X trains on replies", effective_on=dt.date(2025, 7, 26))
        instagram = Platform.objects.get(slug="instagram")
        make_entry(instagram, title="Instagram trains", effective_on=dt.date(2026, 1, 1))

    def sample(self, client, query):
        page = BeautifulSoup(client.get(f"/subscribe{query}").text, "lxml")
        return page.select_one("details.mail-sample:not([open])")

    def test_is_the_mail_about_the_latest_change_of_a_chosen_platform(self, client):
        text = self.sample(client, "?platform=x").select_one("pre").text
        assert "X trains on replies" in text
        assert "http://" in text or "https://" in text
        assert "Instagram" not in text
        both = self.sample(client, "?platform=x&platform=instagram").select_one("pre").text
        assert "Instagram trains" in both

    @pytest.mark.parametrize("query", ["", "?what=turns-on", "?platform=nobody", "?data=voice"])
    def test_is_none_where_no_platform_with_a_change_is_chosen(self, client, query):
        assert self.sample(client, query) is None

    def test_shows_the_subject_whole_where_no_short_one_says_it(self, client):
        title = "The commissioner for privacy lists all that X has changed about its AI since May"
        x = Platform.objects.get(slug="x")
        day = dt.date(2026, 2, 1)
        make_entry(x, title=title, effects=["regulator-action"], effective_on=day)
        subject = self.sample(client, "?platform=x").select_one("p:has(strong)").text
        assert subject == f"Subject: {title}"

    def test_sends_nothing(self, client, mailbox, deliver):
        self.sample(client, "?platform=x")
        deliver()
        assert not mailbox.mails
