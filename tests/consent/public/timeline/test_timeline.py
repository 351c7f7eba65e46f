import csv
import datetime as dt
import gzip
import html
import io
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.models import Revision
from consent.public import rows
from consent.public.site.glossary import kinds
from consent.public.timeline import views
from consent.vocabulary import Effect
from platforms.models import Platform
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_source,
    make_state,
    make_use,
)

# On PostgreSQL: what is marked. The rest is about pages.
pytestmark = pytest.mark.django_db


def revise(entry, kind):
    """Record that an entry was revised in public."""
    editor = User.objects.create_user(f"editor of {entry.key}")
    return Revision.objects.create(entry=entry, kind=kind, reason="New facts.", editor=editor)


def titles(response):
    """The titles of rows in the order they are shown."""
    months = response.context["months"]
    return [row.title for month in months for row in month.rows]


def test_entries_stand_newest_first_under_the_month_they_are_dated_in(client):
    x = make_platform("x")
    make_entry(x, title="Older", effective_on=dt.date(2024, 5, 7))
    make_entry(x, title="Newer", effective_on=dt.date(2024, 7, 26))
    response = client.get("/timeline")
    assert titles(response) == ["Newer", "Older"]
    assert [month.first for month in response.context["months"]] == [
        dt.date(2024, 7, 1),
        dt.date(2024, 5, 1),
    ]


@pytest.mark.parametrize("status", ["draft", "retracted"])
def test_what_is_not_published_is_not_listed(client, status):
    make_entry(make_platform(), title="Secret", status=status)
    assert "Secret" not in client.get("/timeline").text


def test_the_platform_filter_leaves_the_others_out(client):
    make_entry(make_platform("x"), title="About X")
    make_entry(make_platform("slack"), title="About Slack")
    response = client.get("/timeline?platform=x")
    assert titles(response) == ["About X"]
    assert "About Slack" not in response.text


@pytest.mark.database
def test_filters_of_lists_match_whole_words_of_the_closed_lists(client):
    make_entry(make_platform(), title="Posts", effects=["opt-out-added"], places=["EU"])
    make_entry(
        make_platform(),
        title="Chats",
        effects=["opt-out-removed"],
        data_kinds=["chats"],
        places=["US"],
    )
    assert titles(client.get("/timeline?kind=opt-out-added")) == ["Posts"]
    assert titles(client.get("/timeline?datakind=chats")) == ["Chats"]
    assert titles(client.get("/timeline?place=DE")) == ["Posts"]


class TestTheFilterOfPlaces:
    @pytest.fixture(autouse=True)
    def entries(self):
        make_entry(make_platform(), title="Everywhere")
        make_entry(make_platform(), title="EU", places=["EU"])
        make_entry(make_platform(), title="Not the EU", except_places=["EU"])
        make_entry(make_platform(), title="California", places=["US-CA"], some_of=["US"])

    @pytest.mark.database
    @pytest.mark.parametrize(
        ("place", "found"),
        [
            ("DE", {"Everywhere", "EU"}),
            ("EU", {"Everywhere", "EU"}),
            ("EEA", {"Everywhere", "EU", "Not the EU"}),
            ("US-CA", {"Everywhere", "Not the EU", "California"}),
            ("US-NY", {"Everywhere", "Not the EU", "California"}),  # perhaps one of its states
            ("ZZ", {"Everywhere", "Not the EU"}),
        ],
    )
    def test_finds_what_holds_there_surely_or_perhaps(self, client, place, found):
        assert set(titles(client.get(f"/timeline?place={place}"))) == found

    def test_offers_the_part_of_a_country_that_is_chosen(self, client):
        text = client.get("/timeline?place=US-CA").text
        assert '<option value="US-CA" selected>California</option>' in text
        assert "You live in: California" in text


@pytest.mark.database
def test_the_filter_of_states_looks_at_what_an_entry_opened(client):
    platform = make_platform()
    opening = make_entry(platform, title="Opens")
    make_entry(platform, title="Does not")
    make_state(make_use(platform), opened_by=opening)
    assert titles(client.get("/timeline?state=unless-refused")) == ["Opens"]


@pytest.mark.database
def test_only_with_a_guide_means_a_published_one(client):
    platform = make_platform()
    guided, unguided = make_use(platform), make_use(platform)
    control = make_control(guided)
    make_guide(platform, control)
    make_guide(platform, make_control(unguided), status="draft")
    make_entry(platform, title="Guided").uses.add(guided)
    make_entry(platform, title="Names the control").controls.add(control)
    make_entry(platform, title="Draft guide").uses.add(unguided)
    assert set(titles(client.get("/timeline?guide=on"))) == {"Guided", "Names the control"}


def test_a_span_of_days_includes_both_its_ends(client):
    for day in (1, 2, 3, 4):
        make_entry(make_platform(), title=f"Day {day}", effective_on=dt.date(2024, 7, day))
    assert titles(client.get("/timeline?since=2024-07-02&until=2024-07-03")) == ["Day 3", "Day 2"]


def test_each_filter_in_force_can_be_removed_by_a_link(client):
    make_entry(make_platform("x"))
    response = client.get("/timeline?platform=x&direction=less-control&older=ffffffffff")
    assert [(each.label, each.value, each.without) for each in response.context["active"]] == [
        ("Platform", "X", "direction=less-control"),
        ("Direction", "less control", "platform=x"),
    ]


def test_presets_come_before_the_filters_and_keep_those_in_force(client):
    x = make_platform("x")
    make_entry(x, title="New way out", effects=["opt-out-added"], direction="more-control")
    make_entry(x, title="No way out", effects=["opt-out-removed"], direction="less-control")
    fined = {"effects": ["regulator-action"], "direction": "neutral"}
    make_entry(x, title="Fined", topic="enforcement", **fined)
    make_entry(make_platform("y"), title="Of Y", effects=["opt-out-added"])

    def page_at(address):
        return BeautifulSoup(client.get(address).text, "lxml")

    def follow(page, label):
        return page_at(page.find("a", string=label)["href"])

    start = page_at("/timeline?platform=x")
    order = [element.get("id") for element in start.select("#presets, #filters")]
    assert order == ["presets", "filters"]
    ways = follow(start, "ways out")
    assert {row.get_text() for row in ways.select("#results .row h3")} == {
        "New way out",
        "No way out",
    }
    assert [link.get_text() for link in ways.select("#presets [aria-current]")] == ["ways out"]
    assert ways.select_one("#presets summary strong").get_text() == "ways out"
    assert ways.select_one(".filter-main select[name=direction]")
    less = page_at(ways.find("a", string="ways out")["href"] + "&direction=less-control")
    assert [row.get_text() for row in less.select("#results .row h3")] == ["No way out"]
    courts = follow(less, "courts and regulators")
    assert not courts.select("#results .row")  # less control is still in force
    everything = follow(courts, "all changes")
    assert [row.get_text() for row in everything.select("#results .row h3")] == ["No way out"]


def test_a_filter_that_is_not_understood_says_so_and_hides_nothing(client):
    make_entry(make_platform(), title="Still here")
    response = client.get("/timeline?since=yesterday")
    assert titles(response) == ["Still here"]
    assert "Enter a valid date." in response.text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("platform=nobody", "We watch no platform of this name."),
        ("kind=improved", "improved is not one of the available choices"),
        ("status=gone", "gone is not one of the available choices"),
        ("by=guess", "guess is not one of the available choices"),
        ("platfrom=x", "platfrom: There is no filter of this name."),
        ("since=2024-08-01&until=2024-07-01", "This day is before the first day asked for."),
        ("direction=mixed&direction=neutral", "Given more than once; only the last one counts."),
        ("older=ffffffffff", "the list begins at its top"),
    ],
)
def test_nothing_in_an_address_is_ignored_in_silence(client, query, message):
    response = client.get(f"/timeline?{query}")
    assert response.status_code == 200
    alert = re.search(r'role="alert">(.*?)</div>', response.text, re.DOTALL)
    assert message in re.sub(r"<[^>]+>", "", html.unescape(alert[1]))


@pytest.mark.parametrize(
    ("query", "opened"),
    [("since=2024-07-01", False), ("platform=nobody", False), ("by=guess", True)],
)
def test_the_rest_of_the_form_is_unfolded_only_where_something_in_it_is_to_be_mended(
    client, query, opened
):
    assert ("<details open>" in client.get(f"/timeline?{query}").text) == opened


def test_what_others_add_to_our_links_to_count_clicks_is_passed_over(client):
    make_entry(make_platform())
    assert 'role="alert"' not in client.get("/timeline?utm_source=mail&fbclid=1").text


def test_entries_of_new_wording_only_are_counted_and_shown_on_request(client):
    make_entry(make_platform(), title="Comma moved", effects=["wording-only"])
    make_entry(make_platform(), title="Real")
    response = client.get("/timeline")
    assert titles(response) == ["Real"]
    assert "1 with new wording only is not shown" in response.text
    assert set(titles(client.get("/timeline?wording=on"))) == {"Real", "Comma moved"}


def test_what_is_still_to_come_is_pinned_on_top_the_nearest_first(client):
    today = timezone.localdate()
    for days in (60, 30):
        make_entry(
            make_platform(), title=f"In {days}", effective_on=today + dt.timedelta(days=days)
        )
    response = client.get("/timeline")
    assert [row.title for row in response.context["upcoming"]] == ["In 30", "In 60"]
    assert titles(response) == []


@pytest.mark.database
def test_older_changes_follow_without_a_gap_or_a_repetition(client):
    platform = make_platform()
    for number in range(95):
        make_entry(
            platform,
            key=f"e{number:03}",
            title=f"Entry {number:03}",
            # Three a day, so that pages end in the middle of a day.
            effective_on=dt.date(2024, 1, 1) + dt.timedelta(days=number // 3),
        )
    seen, response = [], client.get("/timeline")
    while True:
        seen += titles(response)
        if response.context["older_after"] is None:
            break
        response = client.get(f"/timeline?older={response.context['older_after'].public_id}")
    assert len(seen) == len(set(seen)) == 95
    assert seen == [
        f"Entry {number:03}"
        for day in range(31, -1, -1)
        for number in range(day * 3, day * 3 + 3)
        if number < 95
    ]


def test_a_row_shows_states_before_and_after_sources_and_the_guide(client):
    platform = make_platform("x")
    use = make_use(platform)
    entry = make_entry(platform, title="X turns it on")
    entry.uses.add(use)
    make_source(entry)
    make_source(entry)
    make_guide(platform, make_control(use), title="Turn it off")
    make_state(use, "only-if-agreed")
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 26), opened_by=entry)
    response = client.get("/timeline")
    (row,) = response.context["months"][0].rows
    chips = re.findall('class="chip chip-([a-z-]+)"', row.html)
    assert chips == ["only-if-agreed", "unless-refused"]
    assert "2 sources" in response.text
    assert "How to say no" in response.text


def test_a_guide_for_a_group_alone_says_for_whom_it_is_and_comes_after_one_for_all(client):
    snap = make_platform("snap", name="Snap")
    use = make_use(snap)
    entry = make_entry(snap)
    entry.uses.add(use)
    make_guide(snap, make_control(use, label="A"), slug="of-a-teen", who="parents of a teen")
    (link,) = BeautifulSoup(client.get("/timeline").text, "lxml").select('a[href*="of-a-teen"]')
    assert "(parents of a teen)" in link.parent.text
    make_guide(snap, make_control(use, label="B"), slug="of-all")
    page = BeautifulSoup(client.get("/timeline").text, "lxml")
    assert page.select('a[href*="of-all"]')
    assert not page.select('a[href*="of-a-teen"]')


def test_dates_are_written_as_precisely_as_they_are_known(client):
    make_entry(make_platform(), effective_on=dt.date(2024, 7, 1), effective_precision="month")
    make_entry(make_platform(), effective_on=dt.date(2023, 1, 1), effective_precision="year")
    text = client.get("/timeline").text
    assert '<time datetime="2024-07">July 2024</time>' in text
    assert '<time datetime="2023">2023</time>' in text


@pytest.mark.django_db(transaction=True)  # nothing is kept between pages while writes are open
def test_the_list_asks_as_many_questions_for_forty_rows_as_for_two(
    client, django_assert_max_num_queries
):
    def fill(count):
        for _ in range(count):
            platform = make_platform()
            use = make_use(platform)
            entry = make_entry(platform)
            entry.uses.add(use)
            make_entry(platform, effective_on=timezone.localdate() + dt.timedelta(days=9))
            make_source(entry)
            make_guide(platform, make_control(use))
            make_state(use, opened_by=entry)

    fill(40)
    every_filter = (
        "/timeline?kind=default-on&direction=less-control&datakind=public-posts&people=personal"
        "&place=DE&turned=on&topic=training&state=unless-refused&status=in-effect&by=effective&since=2020-01-01"
        "&until=2030-01-01&guide=on&reviewed=on&q=train"
    )
    for path in ("/timeline", every_filter, f"{every_filter}&platform=x", "/feeds/timeline.atom"):
        with django_assert_max_num_queries(15):
            client.get(path)
    client.get("/platforms")  # the answers of all platforms are kept between pages
    with django_assert_max_num_queries(15):
        client.get("/")


class TestTheFilterOfPeople:
    @pytest.fixture(autouse=True)
    def entries(self):
        make_entry(make_platform(), title="Work", people=["organisation"])
        make_entry(make_platform(), title="Home", people=["personal"])
        make_entry(make_platform(), title="Artists", people=["creators"])
        make_entry(make_platform(), title="All")

    @pytest.mark.database
    @pytest.mark.parametrize(
        ("people", "found"),
        [
            ("organisation", {"Work", "All"}),
            ("personal", {"Home", "All"}),
            ("creators", {"Artists", "Home", "All"}),  # they have a personal account too
            ("minors", {"All"}),
        ],
    )
    def test_finds_what_is_about_them_or_about_everyone(self, client, people, found):
        assert set(titles(client.get(f"/timeline?people={people}"))) == found


class TestTheFilterOfTopics:
    @pytest.fixture(autouse=True)
    def entries(self):
        make_entry(make_platform(), title="Trains")
        make_entry(make_platform(), title="Fined", topic="enforcement")
        make_entry(make_platform(), title="New model", topic="other")
        make_entry(make_platform(), title="Comma", topic="other", effects=["wording-only"])

    def test_hides_other_matters_until_asked_and_counts_them(self, client):
        response = client.get("/timeline")
        assert set(titles(response)) == {"Trains", "Fined"}
        assert "2 changes" in response.text
        assert "1 about other matters is not shown" in response.text
        assert response.context["hidden_wording"] == 0  # hidden for its topic first

    def test_shows_one_topic_or_all(self, client):
        for topic, found in {
            "training": {"Trains"},
            "enforcement": {"Fined"},
            "other": {"New model"},
            "all": {"Trains", "Fined", "New model"},
        }.items():
            response = client.get(f"/timeline?topic={topic}")
            assert set(titles(response)) == found
            assert response.context["count"] == len(found)
            assert "not shown" not in response.text or topic in ("other", "all")
        everything = client.get("/timeline?topic=all&wording=on")
        assert len(titles(everything)) == 4

    def test_what_follows_from_courts_and_regulators_is_found_among_them(self, client):
        bot = make_platform("bot")
        order = make_entry(bot, title="Ordered to stop", effects=["paused", "regulator-action"])
        back = make_entry(bot, title="Returns", effects=["resumed", "opt-out-added"], follows=order)
        make_entry(bot, title="Settles", topic="other", effects=["opt-out-changed", "lawsuit"])
        make_entry(bot, title="Adds a switch of its own accord", effects=["opt-out-added"])
        acts = client.get("/timeline?topic=enforcement")
        assert set(titles(acts)) == {"Fined", "Ordered to stop", back.title, "Settles"}
        page = BeautifulSoup(client.get("/timeline").text, "lxml")
        ways = page.find("a", string="ways out after courts and regulators acted")
        opened = client.get(f"/timeline{ways['href'].removeprefix('/timeline')}")
        assert set(titles(opened)) == {"Returns", "Settles"}
        assert opened.context["count"] == 2

    @pytest.mark.database
    @pytest.mark.parametrize(
        ("language", "mark", "link"),
        [
            ("", "about training", "2 of them about training"),
            ("/de", "über Training", "2 davon über Training"),
            ("/fr", "sur l’entraînement", "dont 2 sur l’entraînement"),
        ],
    )
    def test_acts_about_training_are_marked_and_can_be_seen_alone(
        self, client, language, mark, link
    ):
        bot = make_platform("bot")
        act = {"topic": "enforcement", "effects": ["regulator-action"]}
        asked = make_entry(bot, title="Asked about training", **act)
        asked.uses.add(make_use(bot))
        stores = make_entry(bot, title="Fined for storing faces", **act)
        stores.uses.add(make_use(bot, slug="faces", purpose="collection"))
        make_entry(bot, title="Deepfakes", **act | {"topic": "other"})
        make_entry(bot, title="Stopped", **act | {"topic": "training"})
        address = f"{language}/timeline?topic=enforcement&platform=bot"
        response = client.get(address)
        page = BeautifulSoup(response.text, "lxml").main
        marked = {
            row.h3.get_text(strip=True)
            for row in page.select("article.row")
            if mark in [tag.get_text(strip=True) for tag in row.select(".tags li")]
        }
        assert marked == {"Asked about training", "Stopped"}
        only = page.find("a", string=link)["href"]
        assert "platform=bot" in only
        opened = client.get(only)
        assert set(titles(opened)) == {"Asked about training", "Stopped"}
        assert opened.context["count"] == 2
        chosen = BeautifulSoup(opened.text, "lxml").select_one('#presets [aria-current="true"]')
        assert mark in chosen.get_text()

    def test_the_link_of_what_is_not_shown_opens_as_many(self, client):
        context = client.get("/timeline").context
        opened = client.get(f"/timeline?{context['only_other']}")
        assert titles(opened) == ["New model"]
        assert opened.context["count"] == context["hidden_topic"] == 1


class TestTheFilterOfWhatTurned:
    @pytest.mark.database
    def test_finds_what_turned_training_on_or_off(self, client):
        platform = make_platform()
        use = make_use(platform)
        on = make_entry(platform, title="On", direction="less-control")
        off = make_entry(platform, title="Off", direction="more-control")
        make_entry(platform, title="Neither")
        make_state(use, starts_on=dt.date(2024, 1, 1), opened_by=on)
        make_state(use, "not-used", starts_on=dt.date(2024, 2, 1), opened_by=off)
        assert titles(client.get("/timeline?turned=on")) == ["On"]
        assert titles(client.get("/timeline?turned=off")) == ["Off"]


class TestAnAnnouncement:
    def announced(self, due, **fields):
        return make_entry(
            make_platform(),
            effective_on=None,
            announced_on=timezone.localdate() - dt.timedelta(days=20),
            due_on=due,
            **fields,
        )

    def test_is_on_top_until_its_day_and_nowhere_else(self, client):
        soon = timezone.localdate() + dt.timedelta(days=9)
        self.announced(soon, title="Soon")
        response = client.get("/timeline")
        assert [row.title for row in response.context["upcoming"]] == ["Soon"]
        assert titles(response) == []
        assert response.context["count"] == 1

    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("/", ("Takes effect, as announced", "announced on")),
            ("/timeline", ("Takes effect, as announced", "announced on")),
            ("/de/", ("Tritt in Kraft, wie angekündigt", "angekündigt am")),
            ("/fr/", ("Prend effet, comme annoncé", "annoncé le")),
        ],
    )
    def test_begins_with_the_day_on_which_it_takes_effect(self, client, address, words):
        soon = timezone.localdate() + dt.timedelta(days=9)
        entry = self.announced(soon, title="Soon")
        row = BeautifulSoup(client.get(address).text, "html.parser").select_one(".row")
        assert row.select_one(".row-day time")["datetime"] == soon.isoformat()
        days = [time["datetime"] for time in row.select("time")]
        assert days == [soon.isoformat(), entry.announced_on.isoformat()]
        assert all(each in row.text for each in words)
        assert "le le" not in row.text

    def test_is_then_in_its_own_month_due_and_not_confirmed(self, client):
        passed = timezone.localdate() - dt.timedelta(days=9)
        entry = self.announced(passed, title="Passed")
        response = client.get("/timeline")
        assert response.context["upcoming"] == []
        (month,) = response.context["months"]
        assert month.first == entry.announced_on.replace(day=1)
        assert "due, not confirmed:" in response.text
        assert titles(client.get("/timeline?status=announced")) == ["Passed"]
        assert titles(client.get("/timeline?status=in-effect")) == []

    def test_that_came_true_is_no_longer_due(self, client):
        passed = timezone.localdate() - dt.timedelta(days=9)
        effect = make_entry(make_platform(), title="Effect", effective_on=passed)
        self.announced(passed, title="Came true", outcome=effect)
        response = client.get("/timeline")
        assert titles(response) == ["Effect", "Came true"]
        assert "not confirmed" not in response.text
        assert set(titles(client.get("/timeline?status=in-effect"))) == {"Effect", "Came true"}

    def test_that_was_called_off_is_put_off_and_not_on_top(self, client):
        soon = timezone.localdate() + dt.timedelta(days=9)
        off = make_entry(make_platform(), title="Called off", effects=["withdrawn"])
        self.announced(soon, title="Promised", outcome=off)
        response = client.get("/timeline")
        assert response.context["upcoming"] == []
        assert set(titles(response)) == {"Called off", "Promised"}
        put_off = client.get("/timeline?status=put-off")
        assert set(titles(put_off)) == {"Called off", "Promised"}
        assert titles(client.get("/timeline?status=announced")) == []

    @pytest.mark.database
    def test_of_many_none_is_lost(self, client, monkeypatch):
        monkeypatch.setattr(views, "MOST_UPCOMING", 2)
        monkeypatch.setattr(rows, "ROWS_PER_PAGE", 2)
        for days in range(1, 7):
            self.announced(timezone.localdate() + dt.timedelta(days=days), title=f"In {days}")
        response = client.get("/timeline")
        seen = [row.title for row in response.context["upcoming"]]
        assert seen == ["In 1", "In 2"]
        while True:
            seen += titles(response)
            if response.context["older_after"] is None:
                break
            response = client.get(f"/timeline?older={response.context['older_after'].public_id}")
        assert sorted(seen) == [f"In {days}" for days in range(1, 7)]


class TestTheFilterOfStatus:
    def test_tells_what_is_announced_from_what_is_in_effect(self, client):
        soon = timezone.localdate() + dt.timedelta(days=9)
        make_entry(make_platform(), title="Soon", effective_on=soon)
        make_entry(make_platform(), title="Since long")
        make_entry(
            make_platform(),
            title="Some day",
            effective_on=None,
            announced_on=dt.date(2024, 7, 1),
            effects=["announced"],
        )
        make_entry(make_platform(), title="Noticed", effective_on=None)
        announced = client.get("/timeline?status=announced")
        assert [row.title for row in announced.context["upcoming"]] == ["Soon"]
        assert titles(announced) == ["Some day"]
        assert set(titles(client.get("/timeline?status=in-effect"))) == {"Since long", "Noticed"}

    @pytest.mark.database
    def test_knows_what_was_put_off_from_the_entry_itself_or_one_that_follows_it(self, client):
        first = make_entry(make_platform(), title="Promised", effects=["announced"])
        make_entry(make_platform(), title="Paused", effects=["paused"], follows=first)
        moved = make_entry(make_platform(), title="Moved")
        revise(moved, "postponement")
        make_entry(make_platform(), title="Came")
        found = {"Promised", "Paused", "Moved"}
        assert set(titles(client.get("/timeline?status=put-off"))) == found
        assert titles(client.get("/timeline?status=in-effect")) == ["Came"]

    @pytest.mark.database
    def test_finds_what_we_corrected(self, client):
        revise(make_entry(make_platform(), title="Corrected"), "correction")
        make_entry(make_platform(), title="Right at once")
        assert titles(client.get("/timeline?status=corrected")) == ["Corrected"]

    def test_shows_what_was_retracted_only_to_those_who_ask_and_marks_it(self, client):
        make_entry(make_platform(), title="Taken back", status="retracted")
        make_entry(make_platform(), title="Never out", status="retracted", published_at=None)
        assert titles(client.get("/timeline")) == []
        response = client.get("/timeline?status=retracted")
        assert titles(response) == ["Taken back"]
        assert "Withdrawn by us" in response.text

    def test_offers_no_mail_for_what_is_known_only_after_the_mail(self, client):
        assert "/subscribe?view=" in client.get("/timeline?status=put-off").text
        for status in ("corrected", "retracted"):
            assert "/subscribe?view=" not in client.get(f"/timeline?status={status}").text


@pytest.mark.database
def test_reviewed_twice_means_that_two_people_stand_for_it(client, django_user_model):
    first, second = (django_user_model.objects.create_user(name) for name in ("ada", "bo"))
    now = timezone.now()
    once = {"reviewer": first, "reviewed_at": now}
    make_entry(make_platform(), title="Once", **once)
    make_entry(
        make_platform(), title="Twice", second_reviewer=second, second_reviewed_at=now, **once
    )
    assert titles(client.get("/timeline?reviewed=on")) == ["Twice"]


class TestTheDateAnEntryIsListedBy:
    @pytest.fixture(autouse=True)
    def entries(self):
        """Two changes, the later of which was seen and published first."""
        for title, month, seen in (("May", 5, 20), ("June", 6, 10)):
            make_entry(
                make_platform(),
                title=title,
                effective_on=dt.date(2024, month, 1),
                observed_to=dt.datetime(2024, 8, seen, 23, 59, tzinfo=dt.UTC),
                published_at=dt.datetime(2024, 9, seen, tzinfo=dt.UTC),
            )
        make_entry(make_platform(), title="Unseen", effective_on=None)

    @pytest.mark.database
    def test_orders_the_list_and_heads_its_months(self, client):
        response = client.get("/timeline?by=observed")
        assert titles(response) == ["May", "June"]
        assert [month.first for month in response.context["months"]] == [dt.date(2024, 8, 1)]
        assert titles(client.get("/timeline?by=effective")) == ["June", "May"]

    @pytest.mark.database
    def test_is_the_one_that_a_span_of_days_is_about_both_ends_included(self, client):
        span = "since=2024-08-20&until=2024-08-20"
        assert titles(client.get(f"/timeline?by=observed&{span}")) == ["May"]
        assert titles(client.get(f"/timeline?by=published&{span}")) == []

    @pytest.mark.database
    def test_leads_on_to_older_ones_in_the_same_order(self, client, monkeypatch):
        monkeypatch.setattr(rows, "ROWS_PER_PAGE", 1)
        first = client.get("/timeline?by=observed")
        address = f"/timeline?by=observed&older={first.context['older_after'].public_id}"
        assert (titles(first), titles(client.get(address))) == (["May"], ["June"])


class TestTheMonths:
    def count(self, response):
        return {
            f"{month.first:%Y-%m}": month.count
            for year in response.context["histogram"].years
            for month in year.months
            if month.count
        }

    @pytest.mark.database
    def test_are_counted_as_the_filters_say(self, client):
        x = make_platform("x")
        for day in (1, 31):
            make_entry(x, effective_on=dt.date(2024, 7, day))
        make_entry(x, effective_on=dt.date(2024, 8, 1))
        make_entry(x, effective_on=dt.date(2024, 8, 2), effects=["wording-only"])
        make_entry(make_platform(), effective_on=dt.date(2023, 1, 1))
        assert self.count(client.get("/timeline")) == {"2023-01": 1, "2024-07": 2, "2024-08": 1}
        assert self.count(client.get("/timeline?platform=x")) == {"2024-07": 2, "2024-08": 1}

    def test_lead_each_to_its_own_changes_and_keep_the_other_filters(self, client):
        x = make_platform("x")
        make_entry(x, title="July", effective_on=dt.date(2024, 7, 31))
        make_entry(x, title="August", effective_on=dt.date(2024, 8, 1))
        text = client.get("/timeline?platform=x").text
        address = "/timeline?platform=x&amp;since=2024-07-01&amp;until=2024-07-31"
        assert f'href="{address}"' in text
        response = client.get(address.replace("&amp;", "&"))
        assert titles(response) == ["July"]
        # The other months stay in sight, and the chosen one is marked.
        assert self.count(response) == {"2024-07": 1, "2024-08": 1}
        assert response.text.count('aria-current="true"><span class="visually-hidden">July') == 1

    def test_are_not_drawn_where_there_is_nothing_to_count(self, client):
        assert 'class="histogram"' not in client.get("/timeline").text


class TestAPartOfThePage:
    def get(self, client, address, **headers):
        return client.get(address, headers={"hx-request": "true"} | headers)

    def test_is_all_that_a_request_of_the_filter_form_gets(self, client):
        make_entry(make_platform("x", name="X"))
        response = self.get(client, "/timeline?q=&platform=x&kind=")
        assert "<main" not in response.text
        assert 'id="results"' in response.text
        assert "1 change" in response.text
        assert response["HX-Push-Url"] == "/timeline?platform=x"

    def test_holds_nothing_but_the_rows_that_follow(self, client, monkeypatch):
        monkeypatch.setattr(rows, "ROWS_PER_PAGE", 1)
        first = make_entry(make_platform(), title="Newer", effective_on=dt.date(2024, 7, 2))
        make_entry(make_platform(), title="Older", effective_on=dt.date(2024, 7, 1))
        response = self.get(client, f"/timeline?older={first.public_id}")
        assert titles(response) == ["Older"]
        assert 'id="results"' not in response.text
        assert f'id="after-{first.public_id}" autofocus' in response.text

    def test_goes_on_in_the_same_view_without_what_was_left_empty(self, client, monkeypatch):
        monkeypatch.setattr(rows, "ROWS_PER_PAGE", 1)
        x = make_platform("x")
        newer = make_entry(x, effective_on=dt.date(2024, 7, 2))
        make_entry(x, effective_on=dt.date(2024, 7, 1))
        text = self.get(client, "/timeline?q=&platform=x&kind=").text
        assert f'data-hx-get="/timeline?platform=x&amp;older={newer.public_id}"' in text

    def test_is_not_what_a_reader_gets_who_comes_back(self, client):
        response = self.get(client, "/timeline", **{"hx-history-restore-request": "true"})
        assert "<main" in response.text

    def test_is_kept_apart_from_the_page_by_caches(self, client):
        for response in (client.get("/timeline"), self.get(client, "/timeline")):
            assert "HX-Request" in response["Vary"]


@pytest.mark.database
def test_the_feed_of_a_view_holds_what_the_view_shows(client):
    x = make_platform("x")
    soon = timezone.localdate() + dt.timedelta(days=9)
    make_entry(x, title="Comma moved", effects=["wording-only"])
    make_entry(x, title="Soon", effective_on=soon)
    make_entry(x, title="Paused", effects=["paused"])
    make_entry(make_platform(), title="Elsewhere")
    for query in ("", "platform=x", "platform=x&wording=on", "status=put-off", "by=observed"):
        response = client.get(f"/timeline?{query}")
        shown = [row.title for row in response.context["upcoming"]] + titles(response)
        feed = client.get(f"/feeds/timeline.atom?{query}").text
        assert set(re.findall("<title>(.*?)</title>", feed)[1:]) == set(shown)


def test_a_feed_that_cannot_be_what_was_asked_for_says_why(client):
    response = client.get("/feeds/timeline.atom?platform=nobody")
    assert (response.status_code, response.text) == (
        400,
        "platform: We watch no platform of this name.\n",
    )


def test_the_script_is_light_and_asked_for_only_where_it_helps(client):
    entry = make_entry(make_platform("x"))
    text = client.get("/timeline").text
    (script,) = re.findall(r'<script src="/static/([^"]+)" defer>', text)
    assert len(gzip.compress(Path(finders.find(script)).read_bytes())) <= 25_000
    for path in ("/platforms/x", "/checklist", "/matrix"):
        assert "<script src" not in client.get(path).text
    # The box of the home page suggests names while somebody types.
    scripts = re.findall(r"<script src=\"/static/([^\"]+)\"", client.get("/").text)
    assert scripts == ["js/suggest.js"]
    # A change has a button that copies its citation.
    scripts = re.findall(
        r"<script src=\"/static/([^\"]+)\"", client.get(entry.get_absolute_url()).text
    )
    assert scripts == ["js/copy.js"]


def test_the_script_may_neither_run_words_nor_write_styles_nor_keep_pages(client):
    text = html.unescape(client.get("/timeline").text)
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", text)[1])
    assert config == {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
    }


class TestTheFilterOfKinds:
    def test_takes_several_at_once_and_keeps_them_in_the_address(self, client):
        for title, effect in (
            ("On", "default-on"),
            ("Gone", "opt-out-removed"),
            ("Other", "lawsuit"),
        ):
            make_entry(make_platform(), title=title, effects=[effect])
        address = "/timeline?kind=default-on&kind=opt-out-removed"
        page = BeautifulSoup(client.get(address).text, "lxml")
        titles = {link.get_text() for link in page.select(".row-title")}
        assert titles == {"On", "Gone"}
        boxes = page.select('input[name="kind"][checked]')
        assert [box["value"] for box in boxes] == ["default-on", "opt-out-removed"]
        feed = page.select_one('link[rel="alternate"][href*="kind="]')["href"]
        assert feed.endswith("?kind=default-on&kind=opt-out-removed")
        assert "more than once" not in page.get_text()
        assert client.get(feed).text.count("<entry>") == 2

    def test_explains_every_kind(self, client):
        page = BeautifulSoup(client.get("/timeline").text, "lxml")
        assert page.select_one('.field-many a[href="/glossary#kinds"]')
        glossary = BeautifulSoup(client.get("/glossary").text, "lxml")
        for effect in Effect:
            assert glossary.select_one(f"#kind-{effect.value} dd").get_text()
        assert len({term.meaning for term in kinds()}) == len(Effect)


class TestTheTable:
    """The view as CSV, for spreadsheets."""

    def test_has_what_the_view_shows_with_its_sources(self, client):
        platform = make_platform("x", name="X")
        entry = make_entry(platform, title="=X trains", effective_on=dt.date(2024, 7, 26))
        make_source(entry, url="https://example.org/a")
        make_entry(make_platform("y"), title="Not this one")
        page = BeautifulSoup(client.get("/timeline?platform=x").text, "lxml")
        (link,) = page.select('a[href^="/timeline.csv"]')
        answer = client.get(link["href"])
        (record,) = csv.DictReader(io.StringIO(answer.text))
        assert record["title"] == "'=X trains"
        assert record["platforms"] == '["x"]'
        assert (record["effective.value"], record["effective.precision"]) == ("2024-07-26", "day")
        assert "https://example.org/a" in record["sources"]
        assert record["id"] == entry.public_id

    def test_refuses_a_filter_that_it_does_not_know(self, client):
        answer = client.get("/timeline.csv?platform=nobody")
        assert answer.status_code == 400
        assert "We watch no platform of this name." in answer.text

    @pytest.mark.database
    def test_asks_as_many_questions_for_many_changes_as_for_few(self, client):
        counts = []
        for _ in range(2):
            for _ in range(4):
                make_source(make_entry(make_platform()))
            with CaptureQueriesContext(connection) as queries:
                client.get("/timeline.csv")
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 11


class TestAYear:
    @pytest.fixture
    def entries(self):
        use = make_use(make_platform("x"))
        turned = make_entry(
            use.platform,
            title="On",
            effective_on=dt.date(2024, 7, 26),
            direction="less-control",
            effects=["default-on"],
        )
        make_state(use, "not-used", starts_on=dt.date(2023, 1, 1))
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 26), opened_by=turned)
        make_entry(use.platform, title="Old", effective_on=dt.date(2023, 5, 1))

    def test_has_figures_that_open_lists_of_exactly_that_many(self, client, entries):
        page = BeautifulSoup(client.get("/2024").text, "lxml")
        counts = page.select(".counts a")
        assert [link["data-count"] for link in counts] == ["1", "1", "0", "1", "0"]
        for link in counts:
            listed = BeautifulSoup(client.get(link["href"]).text, "lxml")
            assert len(listed.select("#results .row")) == int(link["data-count"])

    @pytest.mark.database
    def test_counts_its_months_and_lists_their_changes_in_brief(self, client, entries):
        platform = Platform.objects.get(slug="x")
        make_entry(platform, title="Later", effective_on=dt.date(2024, 9, 2))
        page = BeautifulSoup(client.get("/2024").text, "lxml")
        months = {
            link["href"]: (link.time.get_text(), link.find_next_sibling("span").get_text())
            for link in page.select(".year-chart a")
        }
        assert months == {"#m2024-07": ("July 2024", "1"), "#m2024-09": ("September 2024", "1")}
        assert len(page.select(".year-chart li")) == 12
        for anchor in months:
            assert page.select_one(f"h2{anchor}")
        changes = page.select(".brief-changes a")
        assert [link.get_text() for link in changes] == ["Later", "On"]
        assert client.get(changes[1]["href"]).status_code == 200

    def test_a_change_has_its_day_and_the_head_above_it_the_month(self, client, entries):
        page = BeautifulSoup(client.get("/2024").text, "lxml")
        (day,) = page.select(".brief-changes time")
        assert day["datetime"] == f"2024-07-{int(day.get_text()):02}"

    def test_the_months_of_a_short_year_are_open_on_a_phone(self, client, entries, monkeypatch):
        assert BeautifulSoup(client.get("/2024").text, "lxml").select(".fold[open]")
        monkeypatch.setattr("consent.public.timeline.views._MOST_OPEN", 0)
        make_entry(Platform.objects.get(slug="x"), effective_on=dt.date(2024, 9, 3))
        assert not BeautifulSoup(client.get("/2024").text, "lxml").select(".fold[open]")

    def test_lists_the_latest_changes_of_a_full_month_and_leads_to_all(
        self, client, entries, monkeypatch
    ):
        monkeypatch.setattr("consent.public.timeline.views.MOST_OF_MONTH", 2)
        platform = Platform.objects.get(slug="x")
        for day in (3, 4, 5):
            make_entry(platform, title=f"On day {day}", effective_on=dt.date(2024, 9, day))
        page = BeautifulSoup(client.get("/2024").text, "lxml")
        september = page.select_one("#m2024-09").parent
        assert "3 changes" in september.summary.get_text()
        listed = [link.get_text() for link in september.select(".brief-changes a")]
        assert listed == ["On day 5", "On day 4"]
        all_of_month = september.select("a")[-1]
        assert all_of_month.get_text() == "All changes in September 2024"
        timeline = BeautifulSoup(client.get(all_of_month["href"]).text, "lxml")
        assert len(timeline.select("#results .row")) == 3

    def test_is_cited_by_its_address_and_leads_to_other_years(self, client, settings, entries):
        page = BeautifulSoup(client.get("/2024").text, "lxml")
        assert page.select_one(".record .citation a")["href"] == f"{settings.SITE_URL}/2024"
        years = [link["href"] for link in page.select('nav[aria-label="Years"] a')]
        assert years == ["/2024", "/2023"]
        histogram = BeautifulSoup(client.get("/timeline").text, "lxml").select_one("#months")
        assert histogram.select_one('a[href="/2023"]')

    @pytest.mark.parametrize("path", ["/2025", "/2099", "/1999", "/20244"])
    def test_without_changes_is_not_there(self, client, entries, path):
        assert client.get(path).status_code == 404


def test_the_first_change_comes_before_the_links_of_the_months(client):
    make_entry(make_platform())
    page = BeautifulSoup(client.get("/timeline").text, "lxml")
    links = page.select("#results a")
    first = links.index(page.select_one(".row-title a"))
    assert first <= 6  # ways to follow the view, and what the kinds mean
    assert first < min(links.index(link) for link in page.select(".histogram a"))


def test_the_place_of_the_reader_is_asked_first_as_on_other_pages(client):
    page = BeautifulSoup(client.get("/timeline?place=DE").text, "lxml")
    select = page.select_one(".filter-main select")
    assert select["name"] == "place"
    assert select.select_one("option[selected]")["value"] == "DE"
    assert page.select_one('.nav a[href="/matrix?place=DE"]')
