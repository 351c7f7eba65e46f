import datetime as dt
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.models import ControlSurface
from platforms.models import Platform
from tests.arranging import arranged
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

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture
def x():
    return make_platform("x", name="X", operator="X Corp.")


def on(platform, value="unless-refused", **fields):
    """A use that is on."""
    use = make_use(platform, **fields)
    make_state(use, value)
    return use


def with_switch(platform, label="Improve the model", **fields):
    """A use that is on unless its switch is turned off."""
    use = on(platform, **fields)
    make_control(use, label=label)
    return use


def page_of(response):
    return BeautifulSoup(response.text, "lxml")


def words(tag):
    return " ".join(tag.get_text().split())


def titles(response, section="open"):
    """The tasks under a heading, as a reader sees them."""
    found = page_of(response).select(f'section[aria-labelledby~="{section}"] > .tasks > li')
    return [words(task.select_one(".task-act")) for task in found]


def aims(response):
    """What the open tasks are for, by their headings."""
    found = page_of(response).select('section[aria-labelledby~="open"] .task-title')
    return [words(title) for title in found]


def sentences(response, section):
    found = page_of(response).select(f'section[aria-labelledby~="{section}"] .task-uses a')
    return [words(link) for link in found]


def follow(client, response, title):
    """Take the link of a task that ticks or clears its box."""
    for task in page_of(response).select(".tasks > .task"):
        if words(task.select_one(".task-act")) == title:
            return client.get("/checklist" + task.select_one(".task-mark a")["href"])
    raise AssertionError(f"no task {title}")


def address(response):
    return response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"]


class TestPicking:
    def test_without_a_choice_there_is_a_picker_of_all_platforms(self, client, x):
        make_platform("slack", name="Slack")
        text = client.get("/checklist").text
        assert re.findall(r'name="p" value="(\w+)"', text) == ["slack", "x"]

    def test_only_what_was_picked_is_on_the_list(self, client, x):
        with_switch(x, "X switch")
        with_switch(make_platform("slack"), "Slack switch")
        assert titles(client.get("/checklist?p=x")) == ["Turn off X switch"]

    def test_personal_accounts_are_meant_if_nobody_says_otherwise(self, client, x):
        with_switch(x, "Mine")
        with_switch(x, "Ours", people=["organisation"])
        response = client.get("/checklist?p=x")
        assert titles(response) == ["Turn off Mine"]
        chosen = page_of(response).select_one("[name=people] [selected]")
        assert chosen["value"] == "personal"
        asked = client.get("/checklist?p=x&people=organisation")
        assert titles(asked) == ["Turn off Ours"]

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("place=DE", ["Turn off Europe"]),
            ("place=EU", ["Turn off Europe"]),
            ("place=ZZ", ["Turn off Rest"]),
            ("people=organisation", ["Turn off Work"]),
        ],
    )
    def test_tasks_are_those_of_the_place_and_the_people(self, client, x, query, shown):
        with_switch(x, "Europe", places=["EEA"])
        with_switch(x, "Rest", except_places=["EEA"])
        with_switch(x, "Work", people=["organisation"])
        assert titles(client.get(f"/checklist?p=x&{query}")) == shown

    def test_what_is_for_organisations_only_is_said_and_one_link_away(self, client):
        slack = make_platform("slack", name="Slack")
        with_switch(slack, "Ours", people=["organisation"])
        response = client.get("/checklist?p=slack&place=DE")
        assert titles(response) == []
        silent = page_of(response).select_one('section[aria-labelledby="silent"]')
        assert "Slack: no accounts of persons on record. For organisations: Yes" in words(silent)
        link = silent.find("a", string="Show what is on record for organisations")
        asked = client.get("/checklist" + link["href"])
        assert titles(asked) == ["Turn off Ours"]
        assert "place=DE" in address(asked)

    def test_of_a_platform_without_personal_accounts_the_first_people_on_record_are_named(
        self, client
    ):
        with_switch(make_platform("tube", name="Tube"), "Own videos", people=["creators"])
        silent = page_of(client.get("/checklist?p=tube")).select_one("#silent + ul")
        assert "Tube: no accounts of persons on record. For creators: Yes" in words(silent)
        link = silent.find("a", string="Show what is on record for creators")
        assert titles(client.get("/checklist" + link["href"])) == ["Turn off Own videos"]
        text = client.get("/checklist?p=tube&view=text").text
        assert "Tube: no accounts of persons on record. For creators: Yes" in text

    def test_the_people_named_beside_each_platform_of_the_catalog_find_something_there(
        self, client, whole_catalog
    ):
        slugs = some(Platform.objects.listed().values_list("slug", flat=True), 40)
        leading_nowhere, named = [], 0
        for people in ("personal", "minors"):
            for start in range(0, len(slugs), 100):
                query = "&".join(f"p={slug}" for slug in slugs[start : start + 100])
                page = page_of(client.get(f"/checklist?people={people}&{query}"))
                for item in page.select("#silent + ul > li"):
                    slug = item.a["href"].removeprefix("/platforms/")
                    link = item.find("a", string=re.compile("Show what is on record for"))
                    kind = link.string.rpartition("record for ")[2] if link else ""
                    if "For " in words(item):
                        assert f"For {kind}: " in words(item)
                    if not link:
                        continue
                    named += 1
                    chosen = parse_qs(link["href"][1:])["people"][0]
                    alone = page_of(client.get(f"/checklist?p={slug}&people={chosen}"))
                    if alone.select_one("#silent"):
                        leading_nowhere.append((slug, people, chosen))
        assert leading_nowhere == []
        assert named > len(slugs) // 20

    def test_all_is_counted_and_every_platform_named_on_screen_in_text_and_in_the_mail(
        self, client, x
    ):
        with_switch(x, "Training")
        with_switch(x, "Ads", purpose="ads")
        slack = make_platform("slack", name="Slack")
        make_control(on(slack, people=["organisation"]), label="Ours", by="admin")
        make_platform("quiet", name="Quiet")
        response = client.get("/checklist?p=x&p=slack&p=quiet")
        page = page_of(response)
        text = client.get("/checklist?p=x&p=slack&p=quiet&view=text").text
        mail = unquote(page.select_one("a[href^=mailto]")["href"])
        besides = "1 for other uses of your data, 1 for your admin."
        assert words(page.select_one(".lead")) == "One thing to do against training."
        assert words(page.select_one(".list-rest")) == f"Besides: {besides}"
        for form in (text, mail):
            assert f"1 against training, {besides}" in form
        for form in (words(page.main), text, mail):
            assert "Slack: no accounts of persons on record. For organisations: Yes" in form
            assert "Quiet: nothing is recorded for personal accounts." in form
            assert "/platforms/slack/ask-your-admin" in form

    def test_places_of_which_nothing_is_on_record_are_named(self, client, x):
        on(x, "no-way-out", places=["US"], title="What you play trains X's models")
        with_switch(x, "Switch", places=["US"], title="Your posts train X's models")
        with_switch(x, "Everywhere", title="Your chats train X's models")
        page = page_of(client.get("/checklist?p=x"))
        rest = words(page.select_one(".list-rest"))
        assert "One use for training cannot be refused in some places." in rest
        assert "cannot be refused in some places" not in words(
            page_of(client.get("/checklist?p=x&place=US")).main
        )
        nothing = words(page.select_one("#nothing").parent)
        assert "US; nothing on record elsewhere Nothing you can refuse here: X trains" in nothing
        tasks = {
            words(each.select_one(".task-act")): words(each) for each in page.select("ol > li")
        }
        assert "nothing on record elsewhere" in tasks["Turn off Switch"]
        assert "nothing on record elsewhere" not in tasks["Turn off Everywhere"]
        Platform.objects.filter(pk=x.pk).update(plans=[{"name": "Pro", "people": ["personal"]}])
        make_state(make_use(x, plans=["Pro"], title="Drafts train X's models"), "no-way-out")
        drafts = words(page_of(client.get("/checklist?p=x")).select_one("#nothing").parent)
        assert drafts.count("nothing on record elsewhere") == 1
        assert "Drafts train X's models, and there is no way out (Pro)" in drafts
        in_us = page_of(client.get("/checklist?p=x&place=US"))
        assert "nothing on record elsewhere" not in words(in_us.main)

    def test_what_can_be_refused_in_some_places_alone_is_counted_and_listed_for_the_others(
        self, client, x
    ):
        on(x, "no-way-out", places=["US"], title="What you play trains X's models")
        meta = make_platform("meta", name="Meta")
        posts = make_use(meta, title="Your posts train Meta's models")
        make_state(make_branch(posts, places=["EU"]), "unless-refused")
        make_state(make_branch(posts, except_places=["EU"]), "no-way-out")
        make_control(posts, label="Object")
        page = page_of(client.get("/checklist?p=meta&p=x"))
        (counted,) = page.select('.list-rest a[href="#nothing"]')
        assert words(counted) == "2 uses for training cannot be refused in some places."
        told = words(page.select_one("#nothing").parent)
        assert "Outside the EU Nothing you can refuse here: Meta trains on" in told
        assert "US; nothing on record elsewhere Nothing you can refuse here: X trains on" in told
        text = client.get("/checklist?p=meta&p=x&view=text").text
        rest = text.split("What you cannot refuse:")[1]
        assert "Outside the EU:\n- Nothing you can refuse here: Meta trains on" in rest
        assert "unless you refuse" not in rest
        in_us = page_of(client.get("/checklist?p=meta&p=x&place=US"))
        assert len(in_us.select("#nothing ~ .tasks > li")) == 2
        assert not page_of(client.get("/checklist?p=meta&place=DE")).select("#nothing")

    def test_a_switch_that_is_a_task_is_explained_once(self, client, x):
        unclear = on(x, "unclear", title="Your mail trains X's models")
        feature = on(x, purpose="feature", title="X reads your mail")
        control = make_control(unclear, feature, label="Smart", path="Data › Smart")
        make_guide(x, control, slug="smart")
        page = page_of(client.get("/checklist?p=x"))
        assert words(page.main).count("Data › Smart") == 1
        way = page.select("#unclear ~ .tasks li li")[-1]
        assert words(way) == "If you have it: Turn off Smart, one of the things to do on this list"
        assert titles(client.get("/checklist?p=x"), "other") == ["Turn off Smart"]

    def test_a_mail_that_is_too_long_still_names_who_has_nothing_on_record(self, client, x):
        for number in range(40):
            with_switch(x, f"A switch with rather a long label, number {number}")
        make_platform("quiet", name="Quiet")
        page = page_of(client.get("/checklist?p=x&p=quiet"))
        mail = unquote(page.select_one("a[href^=mailto]")["href"])
        assert "40 against training" in mail
        assert "Nothing on record for you: Quiet" in mail

    def test_many_platforms_do_not_take_many_questions(self, client, django_assert_max_num_queries):
        slugs = []
        for _ in range(20):
            platform = make_platform()
            use = with_switch(platform)
            make_guide(platform, *use.controls.all())
            slugs.append(platform.slug)
        with django_assert_max_num_queries(15):
            response = client.get("/checklist?" + "&".join(f"p={slug}" for slug in slugs))
        (first, *_) = page_of(response).select(".task-mark a")
        with django_assert_max_num_queries(15):
            client.get("/checklist" + first["href"])

    def test_the_list_tells_nobody_where_it_was(self, client, x):
        response = client.get("/checklist?p=x")
        assert response["Referrer-Policy"] == "no-referrer"
        assert "private" in response["Cache-Control"]
        assert 'content="noindex"' in response.text
        assert not response.cookies

    def test_it_says_in_words_for_whom_and_which_place_it_is(self, client, x):
        with_switch(x)
        told = words(page_of(client.get("/checklist?p=x&place=GB")).select_one(".list-for"))
        assert told.startswith("Answers for: adults with an account of their own, UK.")
        assert "No plan is chosen" in told
        told = words(page_of(client.get("/checklist?p=x&people=minors")).select_one(".list-for"))
        assert told.startswith("Answers for: people under 18, wherever they live.")

    def test_that_an_offer_in_a_place_is_reported_only_is_printed_there(self, client, x):
        use = make_use(x, places=["EEA"])
        make_state(use, "unless-refused", basis="stated", note="The policy of the EEA offers it.")
        british = make_branch(use, places=["GB"])
        make_state(british, "unless-refused", basis="reported", note="Said to be offered here too.")
        make_control(use)
        (task,) = page_of(client.get("/checklist?p=x&place=GB")).select("#open + .tasks > li")
        assert "as reported" in words(task)
        (note,) = [each for each in task.select("p") if "Said to be offered" in each.text]
        assert not note.find_parents(["details"])
        assert "no-print" not in str(note)
        assert (
            "Said to be offered here too." in client.get("/checklist?p=x&place=GB&view=text").text
        )
        (task,) = page_of(client.get("/checklist?p=x&place=DE")).select("#open + .tasks > li")
        assert "reported" not in words(task)
        assert "The policy of the EEA" not in words(task)

    def test_marks_and_platforms_that_mean_nothing_are_ignored(self, client, x):
        with_switch(x, "Switch")
        response = client.get("/checklist?p=x&p=nobody&d=zz&d=a.b.c")
        assert titles(response) == ["Turn off Switch"]


class TestTasks:
    def test_a_task_is_titled_by_its_act_and_says_what_happens(self, client, x):
        use = on(x, title="Your posts train X's models")
        make_control(use, label="Block AI training", refuse="turn-on")
        response = client.get("/checklist?p=x")
        assert titles(response) == ["Turn on Block AI training"]
        assert aims(response) == ["Stop your posts from training X's models"]
        assert sentences(response, "open") == []  # the heading says it
        link = page_of(response).select_one(".task-act")["href"]
        assert link == f"/platforms/x?people=personal#{use.slug}"

    def test_controls_of_one_use_are_alternatives_of_one_task_best_first(self, client, x):
        use = on(x)
        make_control(use, label="Temporary Chat", refuse="turn-on", act_covers="one-conversation")
        form = make_control(use, label="Do not train on my content", refuse="submit")
        make_guide(x, form, minutes=5)
        switch = make_control(use, label="Improve the model")
        make_guide(x, switch, minutes=2)
        response = client.get("/checklist?p=x")
        assert titles(response) == ["Turn off Improve the model"]
        alternatives = page_of(response).select(".task-alternatives li > a, .task-alternatives li")
        text = words(page_of(response).select_one(".task-alternatives"))
        assert alternatives
        assert text.startswith(
            "Or in one of 2 other ways Or: X: Send the form Do not train on my content · 5"
        )
        assert "Turn on Temporary Chat each time" in text

    def test_one_control_that_reaches_two_uses_is_one_task(self, client, x):
        first = on(x, title="Your posts train X's models")
        second = on(x, title="People read your chats", purpose="human-review")
        make_control(first, second, label="Improve")
        make_control(first, label="Only posts", position=9)
        response = client.get("/checklist?p=x")
        assert titles(response) == ["Turn off Improve"]
        assert aims(response) == ["Stop your posts from training X's models"]
        assert sentences(response, "open") == ["People read your chats unless you refuse"]
        alternative = words(page_of(response).select_one(".task-alternatives li"))
        assert "refuses only this: Your posts train X's models" in alternative

    def test_the_broadest_comes_first_then_the_shortest(self, client, x):
        broad = with_switch(x, "Broad", data_kinds=["chats", "files"])
        make_guide(x, *broad.controls.all(), minutes=20)
        for minutes in (9, 2):
            use = with_switch(x, f"{minutes} minutes", data_kinds=["voice"])
            make_guide(x, *use.controls.all(), minutes=minutes)
        with_switch(x, "No guide", data_kinds=["voice"])
        response = client.get("/checklist?p=x")
        assert titles(response) == [
            "Turn off Broad",
            "Turn off 2 minutes",
            "Turn off 9 minutes",
            "Turn off No guide",
        ]
        reason = "Do this one first: no other covers more kinds of data"
        (first,) = page_of(response).select(".task-first")
        assert words(first) == reason
        assert first.find_parent("li") == page_of(response).select_one("#open + .tasks > li")
        assert "4 things to do against training, at least 31 minutes." in words(page_of(response))

    def test_of_one_thing_to_do_none_is_first(self, client, x):
        with_switch(x, "Training", data_kinds=["chats"])
        response = client.get("/checklist?p=x")
        assert titles(response) == ["Turn off Training"]
        assert not page_of(response).select(".task-first")

    def test_other_purposes_come_after_training_and_are_folded(self, client, x):
        with_switch(x, "Ads", purpose="ads", data_kinds=["chats", "files", "voice"])
        with_switch(x, "Training", data_kinds=["chats"])
        response = client.get("/checklist?p=x")
        assert titles(response) == ["Turn off Training"]
        assert "One thing to do against training." in words(page_of(response))
        other = page_of(response).select_one("#other ~ details")
        assert not other.has_attr("open")
        assert words(other.select_one(".task-title")) == "Turn off Ads"
        assert words(other.summary) == "One more thing that you can refuse"

    def test_a_switch_that_refuses_ads_too_is_a_task_of_training_alone(self, client, x):
        ads = on(x, purpose="ads", title="Your chats choose ads")
        training = on(x, title="Your chats train X's models")
        make_control(ads, training, label="Both")
        response = client.get("/checklist?p=x")
        assert aims(response) == ["Stop your chats from training X's models"]
        assert sentences(response, "open") == ["Your chats choose ads unless you refuse"]
        assert page_of(response).select_one("#other") is None

    def test_menu_paths_and_addresses_are_there_for_each_surface(self, client, x):
        use = on(x)
        control = make_control(use, path="Settings › Privacy", deep_link="https://x.example/s")
        guide = make_guide(x, control, slug="x-off")
        with arranged():
            ControlSurface.objects.create(control=control, surface="ios", path="You › Data")
        page = page_of(client.get("/checklist?p=x"))
        places = [words(line) for line in page.select(".task-directions li")]
        assert places == [
            "Web: Settings › Privacy",
            "iPhone and iPad: You › Data",
        ]
        button = page.select_one(".task-go a.button")
        assert (words(button), button["href"]) == ("Open x.example", "https://x.example/s")
        steps = page.find("a", string="Show the steps")
        assert steps["href"] == f"{guide.get_absolute_url()}?people=personal"
        assert page.select_one(".task-box") is not None
        assert page.select_one(".task-act")["href"] == "/guides/x-off?people=personal"

    def test_who_must_write_finds_the_address_of_the_platform(self, client):
        platform = make_platform("le-chat", contact_email="privacy@chat.example")
        make_control(on(platform), name="Objection by mail", refuse="write")
        text = words(page_of(client.get("/checklist?p=le-chat")))
        assert "Write to Le-Chat" in text
        assert "Address: privacy@chat.example" in text


class TestWords:
    """Each task is one sentence, and says each thing once."""

    @pytest.fixture
    def services(self):
        """Two services of one operator with a form of the same label, and one of another."""
        places = ["EEA", "BR", "CH", "GB", "JP", "KR"]
        for name in ("Face", "Insta"):
            platform = make_platform(name.lower(), name=name, operator="Meta")
            told = {"title": "What you tell Meta AI trains Meta's models", "places": places}
            posted = {"title": "Your posts train Meta's models", "short": {"en": "public posts"}}
            chats = make_use(platform, **told)
            posts = make_use(platform, places=places, **posted)
            for use in (posts, chats):
                make_state(use, "unless-refused")
                make_state(make_branch(use, except_places=places), "no-way-out")
            link = f"https://{platform.slug}.example/object"
            form = make_control(posts, chats, label="Object", refuse="submit", deep_link=link)
            make_guide(platform, form, minutes=5)
            private = make_control(
                posts, name="Make your account private", refuse="leave", note="Only posts."
            )
            make_guide(platform, private, minutes=1)
        with_switch(make_platform("work", name="Work", operator="Work Inc."), "Switch")

    def task(self, client, address):
        (task,) = [
            each
            for each in page_of(client.get(address)).select(".task")
            if "Object" in words(each.select_one(".task-act") or each)
        ]
        return task

    def test_a_form_of_one_label_on_two_services_is_one_task_that_names_both(
        self, client, services
    ):
        task = self.task(client, "/checklist?p=face&p=insta&p=work")
        assert words(task.select_one(".task-platform")) == "Face, Insta"
        assert words(task.select_one(".task-title")) == (
            "Object, to keep what you tell Meta AI and your posts from training Meta's models"
        )
        assert "10 minutes" in words(task.select_one(".task-head"))
        buttons = [link["href"] for link in task.select(".task-go .button")]
        assert buttons == ["https://face.example/object", "https://insta.example/object"]

    def test_a_long_list_of_countries_is_there_once_and_counted(self, client, services):
        response = client.get("/checklist?p=face&p=insta&p=work")
        task = self.task(client, "/checklist?p=face&p=insta&p=work")
        assert "Only in 35 countries" in words(task)
        assert words(task).count("South Korea") == 1
        nothing = words(page_of(response).select_one("#nothing").parent)
        assert nothing.count("South Korea") == 1
        assert "Nothing you can refuse here: Face trains" in nothing
        assert "Nothing you can refuse here: Insta trains" in nothing
        assert "countries" not in words(self.task(client, "/checklist?p=face&p=work&place=DE"))

    def test_what_costs_something_is_beside_the_form_and_open(self, client, services):
        task = self.task(client, "/checklist?p=insta&place=DE")
        (other,) = task.select(".task-alternative")
        assert other.find_parent("details") is None
        assert words(other).startswith(
            "Or: Insta: Make your account private · 1 minute · refuses only this: public posts"
        )
        assert "Only posts." in words(other)

    def test_tasks_of_a_service_are_together(self, client, x):
        with_switch(x, "Broad", data_kinds=["chats", "files"])
        work = make_platform("work", name="Work")
        make_guide(work, *with_switch(work, "Middle").controls.all(), minutes=1)
        with_switch(x, "Narrow", title="Your likes train X's models")
        response = client.get("/checklist?p=x&p=work")
        assert [title.removeprefix("Turn off ") for title in titles(response)] == [
            "Broad",
            "Narrow",
            "Middle",
        ]

    @pytest.mark.parametrize(
        ("language", "title", "aim"),
        [
            ("en", "Work trains models on what you send", "Stop Work from training models on what"),
            ("de", "Ihre Chats trainieren Modelle", "Lehnen Sie ab, dass Ihre Chats Modelle"),
            ("de", "Was Sie sagen, trainiert KI", "Lehnen Sie ab, dass das, was Sie sagen, KI"),
            (
                "de",
                "Ihr Lied trainiert KI, die singt",
                "Lehnen Sie ab, dass Ihr Lied KI trainiert,",
            ),
            ("fr", "Vos messages entraînent l’IA", "Refusez que vos messages entraînent l’IA"),
            ("fr", "AWS entraîne l’IA", "Refusez qu’AWS entraîne l’IA"),
            ("fr", "Votre musique entraîne l’IA", "Refusez que votre musique entraîne l’IA"),
        ],
    )
    def test_a_task_is_one_sentence_in_each_language(self, client, x, language, title, aim):
        use = with_switch(x, "Switch", title=title)
        if language != "en":
            with arranged():
                use.titles = {language: {"title": title, "title_if_not": title}}
                use.save()
        prefix = "" if language == "en" else f"/{language}"
        (heading,) = aims(client.get(f"{prefix}/checklist?p=x"))
        assert heading.startswith(aim)

    def test_a_title_that_says_more_is_told_as_it_is(self, client, x):
        with_switch(x, "Switch", title="X trains AI on your chats and has people read some")
        response = client.get("/checklist?p=x")
        assert aims(response) == ["Turn off Switch"]
        assert sentences(response, "open") == [
            "X trains AI on your chats and has people read some unless you refuse"
        ]

    def test_the_count_and_the_minutes_are_the_first_that_is_said(self, client, x):
        make_guide(x, *with_switch(x, "Switch").controls.all(), minutes=2)
        page = page_of(client.get("/checklist?p=x"))
        lead = page.h1.find_next("p")
        assert words(lead) == "One thing to do against training, about 2 minutes."


class TestWithoutATask:
    def test_what_nobody_can_change_is_said_to_be_so(self, client, x):
        on(x, "no-way-out", title="Your posts train X's models")
        response = client.get("/checklist?p=x")
        assert sentences(response, "nothing") == []  # the line says it
        assert titles(response) == []
        text = words(page_of(response))
        assert "Nothing you can refuse here: X trains on" in text
        assert "Nothing left to do" not in text

    def test_what_nobody_can_change_somewhere_is_said_of_no_other_place(self, client, x):
        on(x, "no-way-out", data_kinds=["voice"], places=["US"])
        on(x, "no-way-out", data_kinds=["chats"])
        told = words(page_of(client.get("/checklist?p=x")))
        # The place comes first, or readers would give it to the last kind of data alone.
        where = "US; nothing on record elsewhere"
        assert f"{where} Nothing you can refuse here: X trains on voice." in told
        everywhere, _in_us = told.split(where)
        assert "Nothing you can refuse here: X trains on chats." in everywhere
        told = words(page_of(client.get("/checklist?p=x&place=US")))
        assert "Nothing you can refuse here: X trains on voice; chats." in told

    def test_the_place_of_several_uses_is_said_once(self, client, x):
        on(x, "no-way-out", data_kinds=["voice"], places=["US"])
        on(x, "no-way-out", data_kinds=["chats"], places=["US"])
        told = words(page_of(client.get("/checklist?p=x")).select_one("#nothing").parent)
        assert told.count("US; nothing on record elsewhere") == 1
        assert "Nothing you can refuse here: X trains on voice; chats." in told

    def test_a_use_is_called_by_its_name_if_that_tells_the_kind_of_data(self, client, x):
        on(x, "no-way-out", data_kinds=["voice", "chats"], short={"en": "Grok chats"})
        on(x, "no-way-out", data_kinds=["public-posts"], short={"en": "the ranking"})
        told = words(page_of(client.get("/checklist?p=x")).select_one(".cannot-refuse p"))
        assert told == (
            "Nothing you can refuse here: X trains on Grok chats; public posts (the ranking)."
        )

    def test_what_is_all_done_is_no_promise_about_the_rest(self, client, x):
        with_switch(x, "One")
        on(x, "no-way-out", data_kinds=["voice"])
        done = follow(client, client.get("/checklist?p=x"), "Turn off One")
        text = words(page_of(done))
        assert "All done that you can refuse." in text
        assert "Nothing you can refuse here: X trains on voice." in text

    def test_one_act_for_several_platforms_is_there_once(self, client, x):
        y = make_platform("y", name="Y", operator="X Corp.")
        make_control(on(x), on(y), label="Object", refuse="submit")
        response = client.get("/checklist?p=x&p=y")
        assert len(titles(response)) == 1
        assert words(page_of(response).select_one(".task-platform")) == "X, Y"
        assert titles(follow(client, response, titles(response)[0])) == []

    def test_leaving_is_named_where_it_is_all_that_is_left(self, client, x):
        control = make_control(on(x, "no-way-out"), label="Delete My Selfie", refuse="delete")
        with arranged():
            control.offers.create()
        nothing = page_of(client.get("/checklist?p=x")).select_one("#nothing").parent
        assert "Short of this: Choose Delete My Selfie" in words(nothing)

    def test_deleting_what_is_there_is_named_and_is_no_way_out(self, client, x):
        control = make_control(
            on(x, "no-way-out"), name="Your posts", refuse="delete", reach="past-only"
        )
        with arranged():
            control.offers.create()
        response = client.get("/checklist?p=x")
        assert titles(response) == []
        nothing = page_of(response).select_one("#nothing").parent
        assert "For what is there already: Delete: Your posts" in words(nothing)

    def test_a_form_that_the_platform_need_not_follow_is_marked(self, client, x):
        use = on(x, short={"en": "chats"})
        note = "The form names other features, not training."
        form = make_control(use, name="Objection form", refuse="submit", binding=False, note=note)
        make_guide(x, form, minutes=5, slug="object")
        mark = "not confirmed that it works"
        page = client.get("/checklist?p=x")
        assert mark in titles(page)[0]
        assert note in page_of(page).main.get_text()
        assert words(page_of(page).select_one(".list-rest")) == "1 of them not confirmed."
        for address in ("/compare?p=x&p=y", "/platforms/x", "/answers?q=x", "/search?q=x"):
            make_platform("y") if "compare" in address else None
            assert mark in page_of(client.get(address, follow=True)).main.get_text(), address
        assert mark in words(page_of(client.get("/platforms/x")).select_one(".controls"))

    def test_a_switch_that_is_perhaps_offered_is_not_counted_as_not_confirmed(self, client, x):
        use = on(x, short={"en": "chats"})
        with arranged():
            make_control(use, label="Share").offers.create(some_of=["US"])
        response = client.get("/checklist?p=x&place=US")
        assert titles(response) == ["Turn off Share, if it is offered to you"]
        rest = words(page_of(response).select_one(".list-rest"))
        assert rest == "1 of them perhaps not offered to you."
        assert "not confirmed" not in response.text

    def test_a_form_that_may_be_turned_down_is_no_task_where_there_is_no_way_out(self, client, x):
        use = on(x, "no-way-out")
        control = make_control(use, label="Request form", refuse="submit", binding=False)
        with arranged():
            control.offers.create()
        response = client.get("/checklist?p=x")
        assert titles(response) == []
        nothing = page_of(response).select_one("#nothing").parent
        assert "You can only ask: Send the form Request form" in words(nothing)

    @pytest.mark.parametrize("value", ["only-if-agreed", "not-used", "not-offered"])
    def test_what_is_not_used_needs_nothing(self, client, x, value):
        make_state(make_use(x), value)
        response = client.get("/checklist?p=x")
        assert titles(response) == []
        assert "One use of data needs nothing from you" in response.text
        text = client.get("/checklist?p=x&view=text").text
        assert "One use of data needs nothing from you:" in text

    def test_what_is_off_is_to_be_left_as_it_is(self, client, x):
        use = make_use(x)
        make_state(use, "only-if-agreed")
        make_control(use, label="NoAI", refuse="turn-on")
        assert "Leave NoAI on" in words(page_of(client.get("/checklist?p=x")))

    def test_what_is_to_be_left_off_is_printed_with_where_it_is(self, client, x):
        use = make_use(x)
        make_state(use, "only-if-agreed")
        smart = make_control(use, label="Smart features", path="Settings › General")
        make_guide(x, smart, slug="smart-features")
        (told,) = page_of(client.get("/checklist?p=x")).select(".at-rest li:has(.aside)")
        assert "Leave Smart features off" in words(told)
        assert "Settings › General" in words(told)
        assert told.select_one('a[href^="/guides/smart-features"]')
        assert "/guides/smart-features" in words(told.select_one(".print-only"))

    def test_what_nobody_knows_is_not_called_safe(self, client, x):
        make_state(make_use(x, title="Your posts train X's models"), "unclear")
        response = client.get("/checklist?p=x")
        assert sentences(response, "unclear") == ["Unclear whether your posts train X's models"]
        assert "needs nothing" not in response.text

    def test_what_sources_contradict_each_other_about_is_told_with_what_they_say(self, client, x):
        note = "X said off; a watcher reads on."
        make_state(make_use(x), "unclear", why="contradictory", note=note)
        section = page_of(client.get("/checklist?p=x")).select_one("#unclear").parent
        assert note in words(section)

    def test_a_reader_in_a_place_that_may_be_meant_is_shown_the_switch(self, client, x):
        use = on(x, places=["US-CA"], some_of=["US"])
        make_control(use, label="Share")
        response = client.get("/checklist?p=x&place=US-NY")
        assert titles(response) == []
        unclear = page_of(response).select_one("#unclear").parent
        assert "If you have it: Turn off Share, if it is offered to you" in words(unclear)


class TestTicking:
    def test_a_task_is_ticked_and_cleared_by_links_alone(self, client, x):
        with_switch(x, "Switch")
        start = client.get("/checklist?p=x&place=EU")
        done = follow(client, start, "Turn off Switch")
        assert (titles(done), titles(done, "done")) == ([], ["Turn off Switch"])
        assert "place=EU" in address(done)
        assert "1 of 1 done" in words(page_of(done))
        again = follow(client, done, "Turn off Switch")
        assert titles(again) == ["Turn off Switch"]
        assert "d=" not in address(again)

    def test_changing_the_choice_keeps_what_was_done(self, client, x):
        with_switch(x, "Switch")
        done = follow(client, client.get("/checklist?p=x"), "Turn off Switch")
        (mark,) = parse_qs(urlsplit(address(done)).query)["d"]
        assert f'name="d" value="{mark}"' in done.text

    @pytest.mark.parametrize("change", ["label", "path", "act", "state"])
    def test_a_done_task_opens_again_when_it_changes(self, client, x, change):
        use = with_switch(x, "Switch")
        done = follow(client, client.get("/checklist?p=x"), "Turn off Switch")
        with arranged():
            if change == "label":
                use.controls.update(label="Button")
            elif change == "path":
                ControlSurface.objects.update(path="Somewhere › Else")
            elif change == "act":
                use.controls.update(refuse="turn-on")
            else:
                # Another branch begins to be on without a way out: no longer the same use.
                make_state(make_branch(use, plans=["Pro"]), "no-way-out")
        response = client.get(address(done))
        (title,) = titles(response)
        assert "Changed since you did it" in response.text
        # Ticking it again forgets the old mark.
        again = follow(client, response, title)
        assert titles(again, "done") == [title]
        assert address(again).count("d=") == 1

    def test_a_done_task_stays_done_when_another_way_becomes_the_best(self, client, x):
        use = with_switch(x, "Switch")
        done = follow(client, client.get("/checklist?p=x"), "Turn off Switch")
        quick = make_control(use, label="Button")
        make_guide(x, quick, minutes=1)
        response = client.get(address(done))
        assert titles(response, "done") == ["Turn off Button"]

    def test_a_use_that_a_switch_reaches_newly_opens_its_task_again(self, client, x):
        use = with_switch(x, "Switch")
        done = follow(client, client.get("/checklist?p=x"), "Turn off Switch")
        with arranged():
            use.controls.get().uses.add(on(x, title="Your chats train X's models"))
        response = client.get(address(done))
        assert titles(response) == ["Turn off Switch"]
        assert "Changed since you did it" in response.text

    def test_a_use_that_is_called_otherwise_stays_done(self, client, x):
        use = with_switch(x, "Switch")
        done = follow(client, client.get("/checklist?p=x"), "Turn off Switch")
        with arranged():
            use.former_slugs, use.slug = [use.slug], "posts-training"
            use.save()
        response = client.get(address(done))
        assert titles(response, "done") == ["Turn off Switch"]
        cleared = follow(client, response, "Turn off Switch")
        assert "d=" not in address(cleared)


class TestTakingAlong:
    def test_the_list_leads_to_alerts_about_all_that_is_on_it(self, client, x):
        with_switch(x)
        with_switch(make_platform("slack", name="Slack"))
        page = page_of(client.get("/checklist?p=x&p=slack"))
        link = page.find("a", string="Hear by mail when one of these changes")["href"]
        form = page_of(client.get(link))
        chosen = form.select("[name=platforms] [selected], [name=platforms][checked]")
        assert sorted(option["value"] for option in chosen) == ["slack", "x"]

    def mailed(self, client, query):
        page = page_of(client.get(f"/checklist?{query}"))
        link = page.select_one("a[href^=mailto]")["href"]
        mail = urlsplit(link)
        assert mail.path == ""
        assert len(link) <= 2000  # Windows opens no longer ones
        (body,) = parse_qs(mail.query)["body"]
        return body.split("\r\n")

    def test_the_list_is_mailed_by_the_readers_own_program_with_all_that_it_holds(
        self, client, x, settings
    ):
        use = on(x, title="Your posts train X's models")
        control = make_control(use, label="Grok", path="Data › AI", deep_link="https://x.example/s")
        make_guide(x, control, slug="x-off", minutes=2)
        make_control(use, label="Objection", refuse="submit")
        on(x, "no-way-out", data_kinds=["voice"])
        assert self.mailed(client, "p=x&people=personal") == [
            "1 against training.",
            "[ ] X: Stop your posts from training X's models (2 minutes)",
            "    Turn off “Grok”",
            "    Web: Data › AI",
            "    https://x.example/s",
            f"    {settings.SITE_URL}/guides/x-off",
            "    Or: Send the form “Objection”",
            "",
            "What you cannot refuse:",
            "- Nothing you can refuse here: X trains on voice.",
            "",
            "The list, with what has changed since:",
            f"{settings.SITE_URL}/checklist?p=x&people=personal",
        ]

    @pytest.mark.parametrize(("count", "has_paths"), [(4, True), (12, False), (60, False)])
    def test_a_long_list_is_mailed_with_less_about_each_task(self, client, x, count, has_paths):
        for number in range(count):
            with_switch(x, f"Improve the model number {number}")
        lines = self.mailed(client, "p=x")
        tasks = [line for line in lines if line.startswith("[ ]")]
        left = count - len(tasks)
        assert (f"and {left} more" in lines) == bool(left)
        assert len(tasks) > 10 or len(tasks) == count
        assert any(line.startswith("    ") for line in lines) == has_paths
        assert lines[-1].endswith("/checklist?p=x")

    def test_what_is_done_is_ticked_in_the_text(self, client, x):
        with_switch(x, "Switch")
        with_switch(x, "Ads", purpose="ads")
        done = follow(client, client.get("/checklist?p=x"), "Turn off Switch")
        link = page_of(done).find("a", string="The list as plain text")["href"]
        response = client.get("/checklist" + link)
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response["Referrer-Policy"] == "no-referrer"
        lines = response.text.splitlines()
        assert lines[:3] == [
            "0 against training, 1 for other uses of your data.",
            "[x] X: Stop your public posts from training X's models",
            "    Turn off “Switch”",
        ]
        assert lines[lines.index("Other uses of your data:") + 1] == "[ ] X: Turn off “Ads”"
        assert "view=text" not in response.text


class TestTypedNames:
    @pytest.fixture(autouse=True)
    def services(self, x):
        with_switch(x, "X switch")
        make_platform("whatsapp", name="WhatsApp", operator="Meta", aliases=["Whats App"])
        make_platform("meta-ai", name="Meta AI", operator="Meta")

    @pytest.mark.parametrize(
        ("typed", "picked"),
        [
            ("x", ["x"]),
            ("X, whats app", ["x", "whatsapp"]),
            ("meta ai;x", ["meta-ai", "x"]),
            ("meta", ["meta-ai", "whatsapp"]),
            ("", []),
            (" , ,", []),
        ],
    )
    def test_they_are_ticked_in_the_address(self, client, typed, picked):
        response = client.get("/checklist", {"names": typed, "place": "DE", "people": "personal"})
        assert response.status_code == 302
        query = parse_qs(urlsplit(response["Location"]).query)
        assert query.get("p", []) == picked
        assert query["place"] == ["DE"]
        assert "names" not in query
        assert response["Referrer-Policy"] == "no-referrer"

    def test_they_are_added_to_what_is_ticked(self, client):
        response = client.get("/checklist?p=whatsapp&d=ab.cd&names=x")
        query = parse_qs(urlsplit(response["Location"]).query)
        assert (query["p"], query["d"]) == (["whatsapp", "x"], ["ab.cd"])

    def test_an_unknown_one_never_keeps_back_the_list_of_the_others(self, client):
        address = "/checklist?names=x,+Chirp+%26+Co,whatsapp&place=DE"
        page = page_of(client.get(address, follow=True))
        notice = words(page.select_one(".notice"))
        assert notice.startswith("We have nothing on record under this name: Chirp & Co")
        assert page.select_one('.notice a[href^="/report/platform?name=Chirp"]')
        ticked = [box["value"] for box in page.select("[name=p][checked]")]
        assert sorted(ticked) == ["whatsapp", "x"]
        assert page.select_one("[name=place] [selected]")["value"] == "DE"
        assert page.select_one("#silent")  # the list, not the form alone

    @pytest.mark.parametrize("address", ["/checklist?p=x&p=nonsense", "/checklist?p=nonsense"])
    def test_one_in_the_address_that_nobody_knows_is_named(self, client, address):
        page = page_of(client.get(address))
        notice = page.select_one(".notice")
        assert words(notice).startswith("We have nothing on record under this name: nonsense")
        assert notice.select_one('a[href="/search?q=nonsense"]')
        ticked = [box["value"] for box in page.select("[name=p][checked]")]
        assert ticked == (["x"] if "p=x" in address else [])

    def test_one_in_the_address_may_be_another_name_of_a_service(self, client):
        response = client.get("/checklist?p=x&p=whats+app&place=DE", follow=True)
        ticked = [box["value"] for box in page_of(response).select("[name=p][checked]")]
        assert sorted(ticked) == ["whatsapp", "x"]
        assert not page_of(response).select(".notice")
        assert "whats" not in response.request["QUERY_STRING"].replace("whatsapp", "")

    @pytest.mark.parametrize(
        "typed", ["X, WhatsApp, UK", "I live in Leeds, UK. X and WhatsApp", "x, whatsapp in Leeds"]
    )
    def test_a_place_among_them_is_the_place_of_the_list(self, client, typed):
        use = make_use(Platform.objects.get(slug="whatsapp"))
        for place in ("BR", "GB"):
            make_state(make_branch(use, places=[place]), "unless-refused")
            control = make_control(use, label=f"Form for {place}")
            control.offers.create(places=[place])
        listed = client.get("/checklist", {"names": typed, "place": ""}, follow=True)
        assert sorted(titles(listed)) == ["Turn off Form for GB", "Turn off X switch"]
        page = page_of(listed)
        assert "Brazil" not in words(page.select_one("ol.tasks"))
        assert not page.select(".notice")
        chosen = client.get("/checklist", {"names": typed, "place": "BR"}, follow=True)
        assert "Turn off Form for BR" in titles(chosen)

    def test_a_product_leads_to_its_owner(self, client):
        make_platform("adobe", name="Adobe Creative Cloud", operator="Adobe")
        page = page_of(client.get("/checklist?names=Behance,+x", follow=True))
        notice = page.select_one(".notice")
        assert "Behance is not on record by itself. It belongs to Adobe." in words(notice)
        assert notice.select_one("a")["href"] == "/operators/adobe"


class TestTheTop:
    """What is asked and said before the first act."""

    def test_the_choice_of_a_country_is_first_until_one_is_chosen(self, client, x):
        with_switch(x, "Switch")
        page = page_of(client.get("/checklist?p=x&people=creators&d=x.1"))
        form = page.select_one("main form")
        assert form.select_one("select[name=place]")
        assert form in page.select_one("ol.tasks").find_all_previous("form")
        kept = [(each["name"], each["value"]) for each in form.select("input[type=hidden]")]
        assert ("p", "x") in kept
        assert ("people", "creators") in kept
        ids = [each["id"] for each in page.select("[id]")]
        assert len(ids) == len(set(ids))
        chosen = page_of(client.get("/checklist?p=x&place=DE"))
        assert not chosen.select_one("ol.tasks").find_all_previous("form")[:-1]

    def test_by_when_is_one_line_also_if_no_day_is_known(self, client, x):
        with_switch(x, "Switch")
        (line,) = page_of(client.get("/checklist?p=x")).select(".by-when")
        assert words(line) == "By when: no deadline is known."
        day = timezone.localdate() + dt.timedelta(days=30)
        make_entry(x, deadline_on=day)
        (line,) = page_of(client.get("/checklist?p=x")).select(".by-when")
        assert words(line).startswith("By when: X until ")
        assert words(line).endswith("; no other deadline is known.")

    def test_a_day_that_is_over_is_no_deadline(self, client, x):
        with_switch(x, "Switch")
        make_entry(x, deadline_on=timezone.localdate() - dt.timedelta(days=3))
        assert "no deadline is known" in words(page_of(client.get("/checklist?p=x")))


class TestProgress:
    def test_it_is_in_words_and_counts_what_is_listed(self, client, x):
        for label in ("One", "Two", "Three"):
            with_switch(x, label)
        response = client.get("/checklist?p=x")
        assert words(page_of(response).select_one("[role=status]")) == "Nothing done yet"
        assert f"{len(titles(response))} things to do" in words(page_of(response))
        done = follow(client, response, "Turn off Two")
        assert words(page_of(done).select_one("[role=status]")) == "1 of 3 done"
        assert "2 things to do" in words(page_of(done))
        assert (len(titles(done)), len(titles(done, "done"))) == (2, 1)

    def test_the_platform_of_each_task_is_above_it(self, client, x):
        with_switch(x, "Switch")
        (task,) = page_of(client.get("/checklist?p=x")).select(".task")
        assert words(task.select_one(".task-platform")) == "X"


def test_an_objection_for_most_places_is_not_said_to_be_for_the_place_of_another_form(client):
    chats = make_use(make_platform("bubble", name="Bubble"), places=["BR"])
    make_state(chats, "unless-refused", basis="stated")
    make_state(make_branch(chats, places=["EEA", "GB"]), "unless-refused", basis="stated")
    brazil = make_control(chats, slug="brazil", refuse="submit", name="Form for Brazil")
    europe = make_control(chats, slug="europe", refuse="submit", name="Form", binding=False)
    with arranged():
        brazil.offers.create(places=["BR"])
        europe.offers.create(places=["EEA", "GB"])
    page = BeautifulSoup(client.get("/checklist", {"p": "bubble"}).text, "lxml")
    task = " ".join(page.select_one(".task").text.split())
    assert "Only: Brazil" not in task
    assert task.index("Form for Brazil") > task.index("not confirmed")


class TestMinors:
    def test_what_is_on_record_of_adults_alone_is_not_known_and_can_be_refused(self, client, x):
        selfies = on(x, slug="selfies", title="Your selfies train X's models")
        chats = on(x, "unclear", slug="chats", title="Your chats train X's models")
        chats.branches.update(people=["minors"])
        form = make_control(selfies, refuse="submit", name="Form to object", binding=False)
        form.offers.create(places=["EEA"])
        make_guide(x, form, slug="object-to-x")
        address = "/checklist?p=x&people=minors&place={}"
        unknown = words(page_of(client.get(address.format("FR"))).select_one("#unclear").parent)
        assert "Your selfies train X's models: We do not know: nothing on record for" in unknown
        assert "for adults: yes" in unknown
        assert "If you have it: Send the form: Form to object" in unknown
        text = client.get(f"{address.format('FR')}&view=text").text
        assert "If you have it: Send the form: Form to object" in text
        assert "/guides/object-to-x" in text
        assert "selfies" not in client.get(f"{address.format('US')}&view=text").text
