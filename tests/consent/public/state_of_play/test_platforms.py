import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from platforms.outcomes import Outcome
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of
from tests.sweeps import some

# On PostgreSQL: what is marked. The rest is worked out in Python from the same records.
pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture
def x():
    return make_platform("x", name="X", operator="X Corp.")


def shown(client, address="/platforms/x"):
    return BeautifulSoup(client.get(address).text, "lxml")


def words(element):
    return " ".join(element.get_text(" ", strip=True).split())


def values(response):
    """The state of each use for training that the page shows."""
    return [card.value for card in response.context["cards"].training]


class TestTheAnswer:
    def test_says_yes_or_no_then_since_when_then_the_way_out(self, client, x):
        use = make_use(x, title="Your public posts train xAI's models")
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
        control = make_control(use, label="Allow your posts to be used for training")
        make_guide(x, control, minutes=2)
        box = words(shown(client).select_one(".verdict"))
        assert (
            "Does X train AI on your data? Yes, source not on record, unless you opt out"
            " since 16 July 2024"
        ) in box
        assert "Turn off “Allow your posts to be used for training” · 2 minutes" in box
        assert "Your public posts train xAI's models unless you refuse" in box

    @pytest.mark.parametrize(
        ("prefix", "question"),
        [
            ("", "Do Gmail and Workspace train AI on your data?"),
            ("/de", "Trainieren Gmail and Workspace KI mit Ihren Daten?"),
        ],
    )
    def test_asks_about_two_products_in_the_plural(self, client, prefix, question):
        both = make_platform("both", name="Gmail and Workspace")
        make_state(make_use(both), "unless-refused")
        page = shown(client, f"{prefix}/platforms/both")
        assert words(page.select_one(".verdict-question")) == question
        assert page.select_one("[name=description]")["content"].startswith(question)

    def test_the_history_says_that_a_start_is_only_the_latest_possible_one(self, client, x):
        start = {"starts_on": dt.date(2024, 7, 16), "since_is": "at-latest"}
        make_state(make_use(x), "unless-refused", **start)
        picture = shown(client).select_one("[aria-labelledby=history] .picture")
        assert "since 16 July 2024 at the latest" in words(picture.select_one(".lanes"))
        assert "16 July 2024 at the latest" in words(picture.select_one("tbody"))

    def test_the_history_says_that_an_end_is_only_the_latest_possible_one(self, client, x):
        use = make_use(x)
        make_state(use, "no-way-out", starts_on=dt.date(2024, 4, 29))
        later = {"starts_on": dt.date(2024, 7, 16), "since_is": "at-latest"}
        make_state(use, "unless-refused", **later)
        rows = shown(client).select("[aria-labelledby=history] tbody tr")
        assert "29 April 2024 16 July 2024 at the latest" in words(rows[0])

    def test_both_days_of_a_use_that_was_on_before_it_could_be_refused(self, client, x):
        use = make_use(x, slug="posts")
        turned_on = make_entry(x, title="X trains on posts", effective_on=dt.date(2024, 4, 29))
        for month in range(1, 7):
            make_entry(x, title="Later change", effective_on=dt.date(2025, month, 1))
        make_state(use, "no-way-out", starts_on=dt.date(2024, 4, 29), opened_by=turned_on)
        way_out = make_entry(x, title="X adds a checkbox", effective_on=dt.date(2024, 7, 16))
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16), opened_by=way_out)
        page = shown(client)
        both = "on since 29 April 2024, with a way out since 16 July 2024"
        assert both in words(page.select_one(".verdict-since"))
        assert both in words(page.select_one("#posts .state-card-since"))
        assert both in words(page.select_one("[aria-labelledby=history] .lanes"))
        changes = page.select("[aria-labelledby=changes] .row")
        assert len(changes) == 6
        assert "X adds a checkbox" in words(changes[-2])
        assert "X trains on posts" in words(changes[-1])

    def test_names_the_place_and_what_holds_without_it(self, client, x):
        use = make_use(x, except_places=["BR"])
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
        brazil = make_branch(use, places=["BR"])
        make_state(brazil, "unless-refused", starts_on=dt.date(2024, 9, 18))
        box = client.get("/answers", {"q": "x in brazil"}).text
        for verdict in (
            shown(client, "/platforms/x?place=BR").select_one(".verdict"),
            BeautifulSoup(box, "lxml").select_one(".box-line"),
        ):
            assert words(verdict.select_one(".answer-place")).startswith(
                "Answers for people in Brazil. Worldwide: Yes, source not on record; you can opt"
                " out, how is not on record, since 16 July 2024, in some countries later."
            )
        alike = shown(client, "/platforms/x?place=DE")
        assert "Germany" in words(alike.select_one(".answer-place"))
        assert not shown(client).select_one(".answer-place")

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        some(
            [
                (
                    "",
                    "Elsewhere: X gives posts to others unless you refuse; how is not on record (UK)",  # noqa: E501
                ),
                ("/de", "Anderswo: X gives posts to others"),
                ("/fr", "Ailleurs : X gives posts to others"),
            ],
            few=2,
        ),
    )
    def test_names_what_happens_elsewhere_and_with_which_data(self, client, x, prefix, expected):
        make_state(make_use(x, title="Posts train", data_kinds=["public-posts"]), "no-way-out")
        sharing = make_use(
            x, title="X gives posts to others", places=["GB"], data_kinds=["images-and-video"]
        )
        make_state(sharing, "unless-refused")
        for address in (
            "/platforms/x?place=BR",
            "/answers?q=x+in+brazil",
            "/answers?q=which+kinds+of+data+does+x+use+in+brazil",
        ):
            said = words(shown(client, prefix + address).select_one(".answer-place"))
            assert expected in said
            if not prefix:
                assert said.endswith("(UK). Further data there: images and video.")
        at_home = shown(client, f"{prefix}/platforms/x?place=GB").select_one(".answer-place")
        assert expected.partition(":")[0].strip() not in words(at_home)

    def test_says_what_differs_before_it_asks_for_whom(self, client, x):
        use = make_use(x, places=["EU"])
        make_control(use)
        make_state(use, "unless-refused")
        make_state(make_branch(use, except_places=["EU"]), "not-used")
        box = shown(client).select_one(".verdict")
        said = words(box.select_one(".verdict-sentences"))
        assert said.startswith("EU: ")
        assert "unless you refuse Outside the EU: " in said
        assert words(box).index(said) < words(box).index("Another account or day")

    def test_several_uses_that_differ_by_place_are_told_under_each_place(self, client, x):
        for title in ("Posts train", "Chats train"):
            use = make_use(x, title=title, places=["EU"])
            make_control(use)
            make_state(use, "unless-refused")
            make_state(make_branch(use, except_places=["EU"]), "no-way-out")
        places = shown(client).select(".verdict-sentences > li")
        assert [words(each.strong) for each in places] == ["Outside the EU:", "EU:"]
        assert [[words(said) for said in each.select("li")] for each in places] == [
            ["Posts train, and there is no way out", "Chats train, and there is no way out"],
            ["Posts train unless you refuse", "Chats train unless you refuse"],
        ]

    def test_plans_with_the_same_answer_share_a_sentence_and_the_rest_says_that_it_is(
        self, client, x
    ):
        use = make_use(x, title="Posts train", title_if_not="Posts do not train")
        make_state(make_branch(use, plans=["Pro"]), "not-used")
        make_state(make_branch(use, plans=["Team"]), "not-used")
        make_state(use, "no-way-out")
        said = shown(client).select(".verdict-sentences li")
        assert [words(each) for each in said] == [
            "Other plans: Posts train, and there is no way out",
            "Pro and Team: Posts do not train",
        ]
        on_pro = shown(client, "/platforms/x?plan=Pro").select(".verdict-sentences li")
        assert [words(each) for each in on_pro] == ["Posts do not train"]

    def test_a_way_out_for_some_plans_alone_names_them(self, client, x):
        x.plans = [{"name": "Free", "people": ["personal"]}]
        x.plans += [{"name": "Pro", "people": ["personal"]}]
        x.save()
        use = make_use(x, title="Posts train")
        make_state(use, "unless-refused")
        make_control(use).offers.create(people=["personal"], plans=["Pro"])
        said = [words(each) for each in shown(client).select(".verdict-sentences li")]
        assert said == [
            "Pro: Posts train unless you refuse",
            "Other plans: Posts train unless you refuse; how is not on record",
        ]

    def test_what_is_not_on_record_everywhere_is_no_claim(self, client, x):
        make_state(make_use(x, title="Posts train", places=["JP"]), "unless-refused")
        texts = {"title": "Your voice trains", "title_if_not": "Your voice does not train"}
        make_state(make_use(x, places=["JP"], **texts), "not-used")
        chats = make_use(x, title="Chats train", plans=["Pro"], short={"en": "chats"})
        make_state(chats, "only-if-agreed")
        said = [words(each) for each in shown(client).select(".verdict-sentences li")]
        assert "Nothing on record elsewhere: Whether your voice trains" in said
        assert "Nothing on record on other plans: chats" in said

    def test_what_is_for_adults_only_has_no_sentence_about_minors(self, client, x):
        x.min_age = 18
        x.save()
        make_state(make_use(x, people=["minors"]), "not-offered")
        box = shown(client, "/platforms/x?people=minors").select_one(".verdict")
        assert "Not offered: accounts are for people of 18 and older" in words(box)
        assert "train" not in words(box).partition("on your data?")[2]

    def test_what_other_people_get_leads_to_their_answer(self, client, x):
        use = make_use(x)
        make_state(use, "unless-refused")
        make_state(make_branch(use, people=["organisation"]), "not-used")
        make_state(make_branch(use, people=["minors"]), "only-if-agreed")
        page = shown(client, "/platforms/x?place=DE")
        for kind, selector in (("organisation", ".verdict-others a"), ("minors", ".answer-more a")):
            (link,) = page.select(selector)
            led = shown(client, link["href"])
            assert words(led.select_one(".verdict-answer strong")) == words(link)
            assert link["href"] == f"/platforms/x?place=DE&people={kind}"

    def test_the_lanes_of_plans_name_them(self, client, x):
        use = make_use(x, places=["US"])
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
        on_pro = make_branch(use, plans=["Pro"], places=["US"])
        make_state(on_pro, "not-used", starts_on=dt.date(2024, 8, 1))
        lanes = [words(each) for each in shown(client).select(".strip-scope")]
        assert lanes == ["personal accounts, US", "personal accounts on Pro, US"]

    def test_names_nothing_as_elsewhere_that_also_holds_in_the_place(self, client, x):
        posts = make_use(x, title="Posts train", places=["GB"])
        make_state(posts, "no-way-out")
        make_state(make_branch(posts, except_places=["GB"]), "not-used")
        make_state(make_use(x, title="Voice trains"), "only-if-agreed")
        said = words(shown(client, "/platforms/x?place=GB").select_one(".answer-place"))
        assert "Elsewhere: Your public posts do not train X's models (outside the UK)." in said
        assert "Voice" not in said

    def test_the_history_has_the_words_of_the_cards(self, client, x):
        of_our_reading = {
            "starts_on": dt.date(2026, 11, 1),
            "starts_precision": "month",
            "since_is": "at-latest",
        }
        asked, led = make_use(x, slug="asked"), make_use(x, slug="led")
        make_state(asked, "unless-refused", starts_on=dt.date(2024, 7, 16), since_is="at-latest")
        make_control(asked, binding=False)
        of_organisation = make_branch(led, people=["organisation"])
        make_state(of_organisation, "only-if-agreed", **of_our_reading)
        make_control(led, by="admin", refuse="turn-off")
        page = shown(client, "/platforms/x?people=organisation")
        said = words(page.select_one("[aria-labelledby=history] .picture"))
        assert "Off unless your organisation agrees on record since November 2026" in said
        assert "since when is not known" in said
        assert "Off unless you agree" not in said
        page = shown(client)
        assert "On unless X accepts your objection" in words(page.select_one("#asked"))
        said = words(page.select_one("[aria-labelledby=history] .picture"))
        assert "On unless X accepts your objection since 16 July 2024 at the latest" in said
        assert "On unless you refuse" not in said

    @pytest.mark.parametrize("address", ["", "?place=DE", "?place=BR", "?people=organisation"])
    def test_each_group_refuses_in_one_way_whoever_asks(self, client, x, address):
        use = make_use(x, places=["EEA"])
        make_state(use, "unless-refused")
        make_state(make_branch(use, except_places=["EEA"]), "unless-refused")
        make_control(use, binding=False)
        ads = make_use(x, title="Your posts choose ads", purpose="personalisation")
        make_state(ads, "unless-refused")
        make_control(ads, binding=False)
        page = shown(client, f"/platforms/x{address}")
        for table in page.select("details.branches, .state-card, #uses"):
            assert "On unless you refuse" not in words(table)
        assert len(page.find_all(string="On unless X accepts your objection")) >= 3

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            ("", "Data: public posts"),
            ("/de", "Daten: öffentliche Beiträge"),
            ("/fr", "Données\xa0: publications publiques"),
        ],
    )
    def test_names_the_data_of_what_is_on_without_opening_a_fold(self, client, x, prefix, expected):
        make_state(make_use(x, data_kinds=["public-posts"]), "unless-refused")
        make_state(make_use(x, data_kinds=["voice"]), "not-used")
        box = shown(client, f"{prefix}/platforms/x").select_one(".verdict")
        (line,) = [each for each in box.select(".answer-data") if not each.find_parent("details")]
        assert line.text == expected

    @pytest.mark.parametrize(
        ("prefix", "alone", "beside"),
        [
            ("", "Who trains: xAI", "Who else trains: others"),
            ("/de", "Wer trainiert: xAI", "Wer noch trainiert: andere"),
            ("/fr", "Qui entraîne\xa0: xAI", "Qui entraîne aussi\xa0: des tiers"),
        ],
    )
    def test_names_who_trains_where_that_is_not_the_operator(
        self, client, x, prefix, alone, beside
    ):
        def said(address):
            return shown(client, f"{prefix}{address}").select_one(".answer-data").text

        make_state(make_use(x, data_kinds=["chats"], trained_by="xAI"), "unless-refused")
        for address in ("/platforms/x", "/answers?q=X"):
            assert said(address).endswith(alone)
        own = make_platform("own", name="Own")
        make_state(make_use(own, data_kinds=["chats"]), "unless-refused")
        make_state(make_use(own, purpose="sharing-for-training", trained_by="Sold"), "not-used")
        assert "Sold" not in said("/platforms/own")
        make_state(make_use(own, purpose="sharing-for-training"), "unless-refused")
        assert said("/platforms/own").endswith(beside)

    @pytest.mark.parametrize(
        ("address", "told"),
        [
            ("/platforms/x", "Who else trains: Microsoft (UK)"),
            ("/answers?q=X", "Who else trains: Microsoft (UK)"),
            ("/de/answers?q=X", "Wer noch trainiert: Microsoft (Vereinigtes Königreich)"),
            ("/fr/answers?q=X", "Qui entraîne aussi\xa0: Microsoft (Royaume-Uni)"),
            ("/platforms/x?place=GB", "Who else trains: Microsoft"),
        ],
    )
    def test_says_where_others_train_if_not_wherever_the_operator_does(
        self, client, x, address, told
    ):
        make_state(make_use(x, data_kinds=["public-posts"]), "unless-refused")
        shared = make_use(x, purpose="sharing-for-training", trained_by="Microsoft", places=["GB"])
        make_state(shared, "unless-refused")
        assert shown(client, address).select_one(".answer-data").text.endswith(told)

    @pytest.mark.parametrize("address", ["/platforms/x", "/answers?q=X"])
    def test_says_what_the_main_use_leaves_out_in_the_words_of_its_record(self, client, x, address):
        told = "Posts and prompts to AI features; this use leaves out: private messages"
        make_state(make_use(x, data_kinds=["public-posts", "chats"], covers=told), "unless-refused")
        make_state(make_use(x, data_kinds=["chats", "voice"]), "unless-refused")
        make_state(make_use(x, data_kinds=["profile"]), "not-used")
        line = shown(client, address).select_one(".answer-data").text
        assert line == f"Data: {told}; for other uses: voice"
        line = shown(client, f"/fr{address}").select_one(".answer-data").text
        assert line.endswith("leaves out: private messages\u202f; pour d’autres usages\xa0: voix")

    def test_promises_nothing_of_data_that_another_use_is_about(self, client, x):
        told = "Chats; not recordings of the voice"
        make_state(make_use(x, data_kinds=["chats"], covers=told), "unless-refused")
        make_state(make_use(x, data_kinds=["voice"], short={"en": "voice"}), "unclear")
        box = shown(client).select_one(".verdict")
        assert box.select_one(".answer-data").text == "Data: chats"
        assert "Voice: We do not know" in words(box)

    def test_names_the_data_of_the_main_use_where_none_is_on(self, client, x):
        make_state(make_use(x, data_kinds=["voice", "chats"]), "only-if-agreed")
        assert shown(client).select_one(".verdict .answer-data").text == "Data: chats and voice"

    def test_names_each_use_where_their_answers_differ_and_the_headline_names_none(self, client, x):
        make_state(make_use(x, short={"en": "search and emoji"}), "unless-refused")
        assert not shown(client).select(".verdict .answer-uses")
        make_state(make_use(x, short={"en": "generative AI"}), "only-if-agreed")
        assert [words(each) for each in shown(client).select(".verdict .answer-uses li")] == [
            "Search and emoji: Yes",
            "Generative AI: Only if you agree",
        ]

    @pytest.mark.parametrize(
        ("prefix", "answer", "tag"),
        [
            ("", "Dream: No, disputed", "Disputed"),
            ("/de", "Dream: Nein, strittig", "Umstritten"),
            ("/fr", "Dream\xa0: Non, contesté", "Contesté"),
        ],
    )
    def test_the_answer_of_a_use_is_disputed_wherever_it_is_shown(
        self, client, x, prefix, answer, tag
    ):
        make_state(make_use(x, short={"en": "posts"}), "only-if-agreed")
        dream = make_use(x, short={"en": "Dream"})
        make_state(dream, "not-used", disputed=True)
        make_state(make_branch(dream, people=["minors"]), "not-used", disputed=True)
        page = shown(client, f"{prefix}/platforms/x")
        assert [each.text for each in page.select(".verdict .answer-uses li")][1] == answer
        assert tag in words(page.select_one("details.branches"))
        table = page.select_one(".settings-table")
        assert [each.text for each in table.select(".tag")] == [tag]

    def test_shows_no_way_to_refuse_what_is_not_used(self, client, x):
        use = make_use(x, slug="posts")
        make_state(use, "not-used")
        make_control(use, slug="switch", label="Allow training")
        make_control(use, slug="wipe", refuse="delete", name="Old posts", reach="past-only")
        card = shown(client).select_one("#posts")
        assert "Allow training" not in words(card)
        assert "How to refuse" not in words(card)
        assert "Old posts" in words(card.select_one(".controls"))
        assert card.select_one("#switch") is not None, "links to it still lead to the card"

    def test_opens_the_guide_of_the_administrator_for_an_organisation(self, client, x):
        posts, ads = make_use(x), make_use(x, purpose="ads")
        for use in (posts, ads):
            make_state(use, "unless-refused")
            make_state(make_branch(use, people=["organisation"]), "unless-refused")
        make_guide(x, make_control(posts), slug="own", title="Turn it off for yourself")
        make_guide(x, make_control(ads, by="admin"), slug="all", title="Turn it off for all")
        for people, first in (("organisation", "Turn it off for all"), ("", "for yourself")):
            page = shown(client, f"/platforms/x?people={people}")
            titles = page.select("section[aria-labelledby=guides] > .guide-lines li")
            assert first in words(titles[0]), people

    @pytest.mark.parametrize(
        ("asked", "titles"),
        [
            ("place=US", ["Send it", "Object only: EU", "Turn all off for organisations"]),
            ("place=DE", ["Object", "Send it", "Turn all off for organisations"]),
            (
                "people=organisation",
                ["Turn all off", "Object only: EU", "Send it for personal accounts"],
            ),
        ],
    )
    def test_lists_guides_that_serve_whoever_asks_first_and_says_for_whom_others_are(
        self, client, x, asked, titles
    ):
        use = make_use(x, people=["personal"])
        make_state(use, "unless-refused")
        make_state(make_branch(use, people=["organisation"]), "unless-refused")
        form = make_control(use, slug="form", refuse="submit", label="Opt-out form", binding=False)
        object_to = make_control(use, slug="object", refuse="turn-off", label="Right to object")
        admin = make_control(use, slug="admin", by="admin", label="Allow training for all")
        with arranged():
            form.offers.create(people=["personal"])
            object_to.offers.create(places=["EU"])
            admin.offers.create(people=["organisation"])
        make_guide(x, form, slug="form", title="Send it")
        make_guide(x, object_to, slug="object", title="Object")
        make_guide(x, admin, slug="admin", title="Turn all off")
        page = shown(client, f"/platforms/x?{asked}")
        lines = page.select("section[aria-labelledby=guides] > .guide-lines li")
        told = [" ".join(map(words, line.select(".guide-line-title, .tag"))) for line in lines]
        assert told == titles

    def test_calls_no_guide_against_training_one_to_other_settings(self, client, x):
        use = make_use(x)
        make_state(use, "unless-refused")
        make_state(make_branch(use, people=["organisation"]), "unless-refused")
        make_guide(x, make_control(use), slug="own", title="Turn it off for yourself")
        make_guide(x, make_control(use, by="admin"), slug="all", title="Turn it off for all")
        page = shown(client, "/platforms/x?people=organisation")
        assert "other AI settings" not in words(page.select_one("section[aria-labelledby=guides]"))

    def test_shows_what_others_can_refuse_beside_what_is_not_used(self, client, x):
        use = make_use(x, slug="posts", plans=["Pro"])
        make_state(use, "not-used")
        firms = make_branch(use, people=["organisation"])
        make_state(firms, "unless-refused")
        switch = make_control(use, label="Allow training")
        with arranged():
            switch.offers.create(people=["organisation"])
        assert "for organisations" in words(shown(client).select_one("#posts .controls"))

    def test_ways_out_of_those_who_ask_come_before_those_of_others(self, client, x):
        use = make_use(x, slug="posts")
        make_state(use, "unless-refused")
        make_state(make_branch(use, people=["minors"]), "unless-refused")
        for label, people in (("For all", "personal"), ("Parental controls", "minors")):
            with arranged():
                make_control(use, label=label).offers.create(people=[people])
        acts = shown(client, "/platforms/x?people=minors").select("#posts .control-act")
        assert [words(each) for each in acts] == [
            "Turn off Parental controls",
            "Turn off For all for personal accounts",
        ]

    def test_is_about_where_the_reader_lives(self, client, x):
        use = make_use(x, except_places=["EEA"])
        make_state(use, "unless-refused")
        make_state(make_branch(use, places=["EEA"]), "not-used")
        american = shown(client, "/platforms/x?place=US").select_one(".verdict-answer")
        assert words(american).startswith("Yes, source not on record")
        german = shown(client, "/platforms/x?place=DE").select_one(".verdict-answer")
        assert words(german) == "No, source not on record"
        assert words(shown(client).select_one(".verdict-answer")) == (
            "Depends on your country, source not on record: elsewhere yes, in the EU and EEA no"
        )

    def test_is_not_changed_by_what_is_no_training(self, client, x):
        make_state(make_use(x), "not-used")
        make_state(make_use(x, purpose="ads", title="Your posts steer ads"), "no-way-out")
        page = shown(client)
        assert words(page.select_one(".verdict-answer")) == "No, source not on record"
        other = page.select_one('section[aria-labelledby="other"]')
        assert "Your posts steer ads" in words(other)
        assert "Your posts steer ads" not in words(
            page.select_one('section[aria-labelledby="now"]')
        )

    def test_is_not_known_where_nothing_is_on_record(self, client, x):
        assert "We do not know" in words(shown(client).select_one(".verdict-answer"))

    def test_says_when_it_was_last_confirmed_after_ninety_days_without_a_read(self, client, x):
        use, page = make_use(x), make_page(x)
        make_state(use, "not-used")
        use.pages.add(page)
        make_fetch(page, at=timezone.now() - dt.timedelta(days=89))
        assert "Last confirmed on" not in client.get("/platforms/x").text
        make_fetch(page, at=timezone.now() - dt.timedelta(days=91))
        assert "Last confirmed on" in client.get("/platforms/x").text

    def test_never_counts_a_draft(self, client, x):
        make_state(make_use(x, status="draft", title="Secret plans"), "no-way-out")
        text = client.get("/platforms/x").text
        assert "We do not know" in text
        assert "Secret plans" not in text


class TestTheReadersPlace:
    """One choice, kept in the address from page to page."""

    def test_is_kept_by_the_menu_and_the_links_to_lists(self, client, x):
        make_entry(x)
        page = shown(client, "/platforms/x?place=DE&people=organisation")
        menu = {link["href"] for link in page.select(".nav a")}
        assert {
            f"{path}?place=DE&people=organisation"
            for path in ("/timeline", "/platforms", "/matrix", "/checklist")
        } <= menu
        assert page.select_one('a[href="/timeline?platform=x&place=DE&people=organisation"]')

    def test_is_kept_by_the_list_of_platforms(self, client, x):
        make_state(make_use(x), "not-used")
        (link,) = shown(client, "/platforms?place=DE").select(".index-list a")
        assert link["href"] == "/platforms/x?place=DE"

    def test_adds_nothing_to_addresses_while_none_is_chosen(self, client, x):
        make_state(make_use(x), "not-used")
        for address in ("/platforms/x", "/platforms"):
            assert "place=" not in str(shown(client, address).select(".nav a, .index-list a"))


class TestTheOtherSettings:
    def test_are_folded_and_reached_by_their_address(self, client, x):
        use = make_use(x, purpose="ads", title="Your posts steer ads", slug="ads")
        make_state(use, "no-way-out")
        page = shown(client)
        folded = page.select_one("details#ads")
        assert "Your posts steer ads" in words(folded.summary)
        assert len(page.select("#ads")) == 1
        assert page.select_one('.contents a[href="#other"]')


class TestTheContents:
    def test_lead_to_headings_of_the_page(self, client, x):
        use = make_use(x)
        make_state(use, "unless-refused")
        make_guide(x, make_control(use))
        page = shown(client)
        anchors = [link["href"] for link in page.select(".contents a")]
        assert {"#now", "#guides", "#changes", "#pages"} <= set(anchors)
        assert all(page.select_one(anchor) for anchor in anchors)

    def test_list_guides_against_training_first(self, client, x):
        ads = make_use(x, purpose="ads")
        make_guide(x, make_control(ads), title="Turn off ads", minutes=1)
        make_guide(x, make_control(make_use(x)), title="Turn off training", minutes=9)
        lines = shown(client).select(".guide-line-title")
        assert [words(line) for line in lines] == ["Turn off training", "Turn off ads"]


class TestTheCards:
    def test_put_the_act_and_the_label_together(self, client, x):
        use = make_use(x)
        make_state(use, "unless-refused")
        make_control(use, label="Block AI training", refuse="turn-on")
        card = shown(client).select_one(".state-card")
        assert words(card.select_one(".control-act")) == "Turn on Block AI training"
        assert words(card.select_one("h3")) == use.title

    def test_claim_nothing_where_the_data_is_not_used(self, client, x):
        use = make_use(
            x, title="Your posts train Grok", title_if_not="Your posts do not train Grok"
        )
        make_state(use, "not-used")
        make_state(make_branch(use, people=["creators"]), "not-used")
        heading = shown(client).select_one(".state-card h3")
        assert words(heading) == "Your posts do not train Grok"
        listed = shown(client, "/matrix?view=list").select_one(".matrix-settings a")
        assert words(listed) == "Your posts do not train Grok"
        found = shown(client, "/search?q=posts+grok").select_one('[aria-labelledby="uses"] a')
        assert words(found) == "Your posts do not train Grok"

    @pytest.mark.parametrize(
        ("language", "asked"),
        [
            ("", "Whether your posts train Grok"),
            ("/de", "Your posts train Grok?"),
            ("/fr", "Your posts train Grok ?"),
        ],
    )
    def test_claim_nothing_where_it_is_not_known(self, client, x, language, asked):
        use = make_use(x, title="Your posts train Grok")
        make_state(use, "unclear")
        page = shown(client, f"{language}/platforms/x")
        assert words(page.select_one(".state-card h3")) == asked
        assert words(page.select_one(".settings-table tbody th")) == asked
        listed = shown(client, f"{language}/matrix?view=list").select_one(".matrix-settings a")
        assert words(listed) == asked

    def test_keep_the_order_of_weight(self, client, x):
        for value in ("not-used", "unclear", "no-way-out"):
            make_state(make_use(x), value)
        assert values(client.get("/platforms/x")) == ["not-used", "unclear", "no-way-out"]

    def test_fold_the_places_that_are_not_the_readers(self, client, x):
        use = make_use(x, except_places=["EEA", "GB"])
        make_state(use, "unless-refused")
        make_state(make_branch(use, places=["EEA"]), "not-used")
        make_state(make_branch(use, places=["GB"]), "no-way-out")
        card = shown(client, "/platforms/x?place=FR").select_one(".state-card")
        assert [words(branch) for branch in card.select(".branch")] == [
            "Not used personal accounts, EU and EEA start not known"
        ]
        assert len(card.select(".branches li")) == 2

    def test_say_when_a_use_is_not_about_the_readers_place(self, client, x):
        make_state(make_use(x, places=["GB"]), "unless-refused")
        card = shown(client, "/platforms/x?place=DE").select_one(".state-card")
        assert "Not on record for where you live." in words(card)

    def test_list_no_way_out_where_they_are_not_on_record(self, client, x):
        use = make_use(x, places=["US"])
        make_state(use)
        control = make_control(use, former_slugs=["old-name"])
        control.offers.create()  # offered everywhere, by its own terms
        american = shown(client, "/platforms/x?place=US").select_one(".state-card")
        assert "Improve the model for everyone" in words(american)
        card = shown(client, "/platforms/x?place=DE").select_one(".state-card")
        assert "Not on record for where you live." in words(card)
        assert "Improve the model for everyone" not in words(card)
        assert not card.select(".controls")
        assert card.select_one(f"#{control.slug}")  # old links still lead to the card
        assert card.select_one("#old-name")

    def test_say_when_a_way_out_ended(self, client, x):
        use = make_use(x)
        make_state(use, "no-way-out", starts_on=dt.date(2025, 3, 28))
        control = make_control(use)
        control.offers.create(ends_on=dt.date(2025, 3, 28))
        make_guide(x, control, minutes=2)
        ways = shown(client).select_one(".controls")
        assert "ended on 28 March 2025" in words(ways.select_one(".control-act"))
        assert not ways.select(".button")

    def test_a_row_of_the_table_has_the_ways_out_of_its_people_alone(self, client, x):
        use = make_use(x, plans=["Free"], places=["EEA"])
        make_state(use, "unless-refused")
        make_state(make_branch(use, plans=["Free"], except_places=["EEA"]), "no-way-out")
        make_state(make_branch(use, plans=["Pro"]), "not-used")
        control = make_control(use, label="Training")
        control.offers.all().delete()
        control.offers.create(plans=["Free"], places=["EEA"])
        make_state(make_branch(use, plans=["Max"]), "unless-refused")
        rows = shown(client).select(".settings-table tbody tr")
        free, *others = [words(row.select("td")[3]) for row in rows]
        assert "Training" in free
        assert others == ["–", "–", "–"]

    def test_say_whom_a_way_out_is_for_if_not_for_the_reader(self, client, x):
        use = make_use(x)
        make_state(use, "unless-refused", starts_on=dt.date(2025, 3, 28))
        make_state(make_branch(use, people=["organisation"]), "unless-refused")
        make_control(use).offers.create(people=["organisation"])
        page = shown(client)
        assert "for organisations" in words(page.select_one(".control-act"))
        assert words(page.select(".settings-table tbody td")[3]) == "–"
        assert "ended on" not in words(page)
        of_work = shown(client, "/platforms/x?people=organisation")
        assert "for organisations" not in words(of_work.select_one(".control-act"))

    def test_lead_to_the_change_that_brought_a_state(self, client, x):
        entry = make_entry(x, title="X turns it on")
        make_state(make_use(x), "unless-refused", opened_by=entry)
        card = shown(client).select_one(".state-card")
        assert card.select_one(f'a[href="{entry.get_absolute_url()}"]')

    def test_lead_nowhere_from_a_state_that_a_draft_would_bring(self, client, x):
        entry = make_entry(x, title="Still secret", status="draft", published_at=None)
        make_state(make_use(x), starts_on=dt.date(2024, 7, 16), opened_by=entry)
        text = client.get("/platforms/x").text
        assert "How we know" not in text
        assert "Still secret" not in text

    def test_are_reached_by_every_slug_that_a_setting_had(self, client, x):
        use = make_use(x, slug="grok-training", former_slugs=["grok"])
        make_branch(use, former_slugs=["grok-training-eu"])
        make_control(use, slug="grok-switch", former_slugs=["old-switch"])
        page = shown(client)
        for slug in ("grok-training", "grok", "grok-training-eu", "grok-switch", "old-switch"):
            assert len(page.select(f"#{slug}")) == 1

    def test_show_a_state_announced_for_later_beside_the_one_in_force(self, client, x):
        use = make_use(x)
        day = timezone.localdate() + dt.timedelta(days=20)
        make_state(use, "only-if-agreed")
        make_state(use, "unless-refused", starts_on=day)
        (card,) = client.get("/platforms/x").context["cards"].training
        (branch,) = card.branches
        assert (branch.value, branch.next_state.value) == ("only-if-agreed", "unless-refused")

    def test_call_due_what_nobody_has_confirmed(self, client, x):
        use = make_use(x)
        day = timezone.localdate() - dt.timedelta(days=20)
        announced = make_entry(x, effective_on=None, announced_on=day, due_on=day)
        make_state(use, "not-used")
        make_state(use, "unless-refused", starts_on=day, opened_by=announced)
        page = shown(client)
        assert words(page.select_one(".verdict-answer")) == "No, source not on record"
        assert "Due, not confirmed:" in words(page.select_one(".branch"))


class TestAnotherDay:
    def test_is_answered_with_a_banner_and_without_todays_summary(self, client, x):
        x.summary = "X trains on posts."
        x.save()
        use = make_use(x)
        make_state(use, "not-used")
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
        before = client.get("/platforms/x?asof=2024-07-15")
        assert values(before) == ["not-used"]
        assert values(client.get("/platforms/x?asof=2024-07-16")) == ["unless-refused"]
        assert "State of play on" in before.text
        assert "Today: X trains on posts." in words(BeautifulSoup(before.text, "lxml"))
        assert "State of play on" not in client.get("/platforms/x").text

    def test_gives_no_ages_which_readers_would_count_from_today(self, client, x):
        make_state(make_use(x), "unless-refused", starts_on=dt.date(2024, 7, 16))
        ages = ".verdict-since .age, .state-card-since .age"
        assert len(shown(client, "/platforms/x").select(ages)) == 2
        assert not shown(client, "/platforms/x?asof=2024-07-20").select(ages)

    def test_shows_the_changes_known_on_that_day_and_none_later(self, client, x):
        make_entry(x, title="Early", effective_on=dt.date(2024, 5, 1))
        make_entry(x, title="Late", effective_on=dt.date(2026, 1, 15))
        announced = {"announced_on": dt.date(2024, 6, 1), "effective_on": dt.date(2024, 9, 1)}
        make_entry(x, title="Coming", **announced)
        page = BeautifulSoup(client.get("/platforms/x?asof=2024-07-20").text, "lxml")
        assert "last change about training 1 May 2024" in " ".join(
            page.select_one(".verdict").text.split()
        )
        assert {row.text for row in page.select(".row-title")} == {"Early", "Coming"}

    def test_knows_nothing_of_what_was_announced_later(self, client, x):
        use = make_use(x)
        make_state(use, "not-used", starts_on=dt.date(2024, 1, 1))
        soon = {"announced_on": dt.date(2024, 7, 1), "effective_on": dt.date(2024, 9, 1)}
        make_state(
            use, "unless-refused", starts_on=dt.date(2024, 9, 1), opened_by=make_entry(x, **soon)
        )
        make_state(use, "no-way-out", starts_on=dt.date(2025, 5, 1), opened_by=make_entry(x))
        response = client.get("/platforms/x?asof=2024-07-20")
        page = BeautifulSoup(response.text, "lxml")
        assert "To come: On unless you refuse from 1 September 2024" in words(
            page.select_one(".state-card")
        )
        assert "On, no way out" not in words(page.select_one("main"))
        assert response.context["chart"].last < dt.date(2024, 12, 31)
        assert response.context["strip"].last < dt.date(2024, 12, 31)
        before = shown(client, "/platforms/x?asof=2024-06-20")
        assert "To come" not in words(before.select_one(".state-card"))

    def test_menus_of_today_are_no_way_out_of_that_day(self, client, x):
        use = make_use(x)
        make_state(use, "unless-refused", starts_on=dt.date(2024, 1, 1))
        told = {"path": "Settings › New menu", "note": "On the website only at first."}
        make_control(use, slug="boxed", **told)
        shown_then = shown(client, "/platforms/x?asof=2024-07-20").select_one("#boxed")
        folded = shown_then.details.extract()
        assert "New menu" in folded.text
        assert "are those of today" in folded.text
        assert "On the website only at first." in shown_then.text
        assert "New menu" not in shown_then.text
        assert "New menu" in shown(client).select_one("#boxed .control-facts").text

    def test_does_not_call_overdue_what_lay_ahead(self, client, x):
        use = make_use(x)
        due = {"announced_on": dt.date(2024, 7, 1), "due_on": dt.date(2024, 9, 1)}
        entry = make_entry(x, effective_on=None, **due)
        make_state(use, "no-way-out", starts_on=dt.date(2024, 9, 1), opened_by=entry)
        card = shown(client, "/platforms/x?asof=2024-07-20").select_one(".state-card")
        assert "To come: On, no way out from 1 September 2024" in words(card)

    def test_says_today_where_it_is_about_today(self, client, x):
        use = make_use(x)
        make_state(use, "unless-refused", starts_on=dt.date(2024, 1, 1))
        make_guide(x, make_control(use), minutes=2)
        page = shown(client, "/platforms/x?asof=2024-07-20")
        assert not page.select(".way-buttons, .state-card-act")
        assert words(page.select_one("#guides")) == "Today: How to say no"
        assert words(page.select_one("#pages")) == "Today: Pages we watch"
        assert words(shown(client).select_one("#guides")) == "How to say no"

    def test_keeps_the_readers_place(self, client, x):
        make_state(make_use(x), "not-used")
        page = client.get("/platforms/x?asof=2024-07-15&place=DE")
        sent = fields_of(page, "select[name=place]")
        assert sent == {"place": "DE", "people": "", "asof": "2024-07-15"}

    @pytest.mark.parametrize("nonsense", ["yesterday", "2024-13-45", "2100-01-01"])
    def test_is_refused_when_it_is_no_date_or_still_to_come(self, client, x, nonsense):
        response = client.get(f"/platforms/x?asof={nonsense}")
        assert response.status_code == 400
        page = BeautifulSoup(response.content, "html.parser")
        assert page.select_one("main form [name=asof]")
        assert not page.select(".verdict, .chip, .state-card")

    def test_is_today_when_none_is_given(self, client, x):
        response = client.get("/platforms/x?asof=")
        assert response.context["asof"] is None
        assert "This is no date." not in response.text


class TestTheRestOfThePage:
    def test_changes_about_other_matters_stand_apart(self, client, x):
        make_entry(x, title="X trains on posts", effective_on=dt.date(2025, 11, 21))
        other = {"topic": "other", "effective_on": dt.date(2026, 4, 22)}
        make_entry(x, title="Grok reads the posts of an organisation", **other)
        page = shown(client)
        assert [row.text for row in page.select(".row-title")] == ["X trains on posts"]
        listed = page.select_one("#other-changes ~ ul")
        assert words(listed) == (
            "22 April 2026 (in effect): Grok reads the posts of an organisation"
        )
        age = words(page.select_one(".verdict-age"))
        assert "last change about training 21 November 2025" in age
        assert "about other matters 22 April 2026" in age

    def test_what_was_announced_and_is_not_confirmed_is_no_change(self, client, x):
        make_entry(x, title="X adds a switch", effective_on=dt.date(2026, 5, 19))
        due = {"effective_on": None, "due_on": dt.date(2026, 8, 17)}
        make_entry(x, title="Posts are due to train", **due)
        age = words(shown(client).select_one(".verdict-age"))
        assert "last change about training 19 May 2026" in age
        assert "announced for 17 August 2026 , not confirmed" in age

    def test_a_state_that_is_not_confirmed_is_named_so_beside_its_change(self, client, x):
        use = make_use(x)
        due = make_entry(x, effective_on=None, due_on=dt.date(2026, 8, 17))
        make_state(use, "no-way-out", starts_on=dt.date(2026, 8, 17), opened_by=due)
        turn = shown(client).select_one(".row .turns")
        assert words(turn).startswith("Announced, not confirmed:")

    def test_a_lawsuit_is_named_as_the_last_change(self, client, x):
        filed = {"effective_on": None, "decided_on": dt.date(2025, 11, 21), "effects": ["lawsuit"]}
        use = make_use(x)
        make_entry(x, topic="enforcement", **filed).uses.add(use)
        age = words(shown(client).select_one(".verdict-age"))
        assert "last change about training 21 November 2025 (filed)" in age

    def test_keeps_the_whole_history_in_a_band(self, client, x):
        use = make_use(x)
        make_state(use, "not-used", starts_on=dt.date(2023, 1, 1))
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
        chart = client.get("/platforms/x").context["chart"]
        assert [[bar.spell.value for bar in lane.bars] for lane in chart.lanes] == [
            ["not-used", "unless-refused"]
        ]

    def test_says_all_of_it_in_a_table_too(self, client, x):
        use = make_use(x, title="Your posts train models")
        make_state(use, starts_on=dt.date(2024, 7, 26))
        make_control(use, label="Train on my posts")
        page = shown(client)
        cells = [words(cell) for cell in page.select(".settings-table tbody > tr > *")]
        assert cells[:3] == [
            "Your posts train models",
            "On unless you refuse",
            "since 26 July 2024 · over 2 years ago",
        ] or cells[:2] == ["Your posts train models", "On unless you refuse"]
        assert "Turn off Train on my posts" in cells
        assert page.select_one(".settings-table tbody a")["href"] == f"#{use.slug}"

    def test_names_a_page_that_could_not_be_read_with_the_reason(self, client, x):
        make_fetch(make_page(x, title="Grok help"), Outcome.BOT_WALL)
        text = client.get("/platforms/x").text
        assert "Gap:" in text
        assert "blocks automated readers" in text

    def test_says_since_when_we_watch_when_nothing_has_changed(self, client, x):
        make_fetch(make_page(x), at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        text = client.get("/platforms/x").text
        assert "No change seen since we began watching on" in text
        assert "1 March 2026" in text

    @pytest.mark.parametrize(
        ("outcome", "words"),
        [
            (Outcome.BOT_WALL, "We have not been able to read these pages yet."),
            (Outcome.TIMEOUT, "We have not been able to read these pages yet."),
            (None, "We have not visited these pages yet."),
        ],
    )
    def test_says_that_pages_were_never_read(self, client, x, outcome, words):
        page = make_page(x)
        if outcome:
            make_fetch(page, outcome)
        text = client.get("/platforms/x").text
        assert words in text
        assert "No change seen" not in text

    @pytest.mark.database
    def test_counts_watching_from_the_first_visit_that_read_the_page(self, client, x):
        page = make_page(x)
        make_fetch(page, Outcome.BOT_WALL, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        make_fetch(page, at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        assert "1 March 2026" in client.get("/platforms/x").text

    @pytest.mark.parametrize("address", ["/", "/platforms/x"])
    def test_says_so_when_changes_are_only_announced(self, client, x, address):
        make_fetch(make_page(x))
        make_entry(x, effective_on=timezone.localdate() + dt.timedelta(days=30))
        text = client.get(address).text
        assert "No change has taken effect yet" in text
        assert "No change is published yet" not in text
        assert "No change seen" not in text

    def test_never_shows_a_guide_that_is_a_draft(self, client, x):
        make_guide(x, make_control(make_use(x)), title="Unready guide", status="draft")
        assert "Unready guide" not in client.get("/platforms/x").text

    @pytest.mark.database
    def test_asks_no_more_questions_for_many_records_than_for_few(
        self, client, x, django_assert_max_num_queries
    ):
        for _ in range(8):
            use = make_use(x)
            entry = make_entry(x)
            entry.uses.add(use)
            make_source(entry)
            make_state(use, starts_on=dt.date(2024, 7, 16), opened_by=entry)
            make_guide(x, make_control(use))
            page = make_page(x)
            use.pages.add(page)
            make_fetch(page)
        with django_assert_max_num_queries(23):
            client.get("/platforms/x")

    def test_is_not_there_for_an_unknown_platform(self, client):
        assert client.get("/platforms/nobody").status_code == 404


class TestTheListOfPlatforms:
    def test_names_the_answer_of_each_platform(self, client, x):
        make_state(make_use(x), "unless-refused")
        make_control(x.uses.get())
        (group,) = client.get("/platforms").context["groups"]
        assert [(line.answer.stance, line.answer.way) for line in group.lines] == [
            ("yes", "refusable")
        ]

    def test_can_be_narrowed_to_a_class_with_its_count(self, client, x):
        make_state(make_use(x), "unless-refused")
        make_state(make_use(make_platform("mastodon", name="Mastodon")), "not-used")
        page = shown(client, "/platforms?figure=no")
        assert [words(item) for item in page.select(".index-list li a")] == ["Mastodon"]
        assert words(page.select_one(".result-count")) == (
            "1 platform: No, or not any more · Show all platforms · CSV"
        )

    def test_those_of_which_we_know_in_part_are_explained_where_they_are_not_known(self, client, x):
        make_state(make_use(x), "not-used")
        make_state(make_use(x), "unclear")
        told = words(shown(client, "/platforms?figure=unknown").main)
        assert "“Depends on …”: we know it for some of the data, plans or places" in told
        assert "for some of the data" not in words(shown(client, "/platforms").main)

    def test_answers_for_a_place_and_a_day(self, client, x):
        use = make_use(x, places=["DE"])
        make_state(use, "not-used")
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
        make_entry(x, effective_on=dt.date(2023, 1, 1)).uses.add(use)

        def answer(query):
            (group,) = client.get(f"/platforms?{query}").context["groups"]
            return group.lines[0].answer.stance

        assert answer("place=DE") == "yes"
        assert answer("place=DE&asof=2024-01-01") == "no"
        assert answer("place=DE&asof=2022-01-01") == "unknown"
        assert answer("place=FR") == "unknown"

    @pytest.mark.database
    @pytest.mark.django_db(transaction=True)  # nothing is kept while writes are open
    def test_asks_a_fixed_number_of_questions(self, client, django_assert_max_num_queries):
        for _ in range(30):
            make_state(make_use(make_platform()))
        with django_assert_max_num_queries(15):
            client.get("/platforms")


def test_where_nothing_is_on_record_of_training_the_answer_names_what_is(client):
    faces = make_platform("faces", name="Faces")
    use = make_use(faces, title="Faces keeps pictures of your face", purpose="collection")
    make_state(use, "no-way-out")
    page = shown(client, "/platforms/faces")
    line = page.select_one(".verdict .answer-more")
    assert "We do not know: nothing on record" in words(page.select_one(".verdict-answer"))
    assert (
        words(line)
        == "Faces keeps pictures of your face : Yes, source not on record, and there is no way out"
    )
    assert page.select_one(line.a["href"])["class"] == ["other-use"]
