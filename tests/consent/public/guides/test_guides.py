import datetime as dt
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.public.guides import guide_list
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_change,
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


def page_of(client, guide):
    return BeautifulSoup(client.get(guide.get_absolute_url()).text, "lxml")


def shown_in(client, language, guide):
    return BeautifulSoup(client.get(f"/{language}{guide.get_absolute_url()}").text, "lxml")


def words(tag):
    return " ".join(tag.get_text().split())


def on(platform, value="unless-refused", **fields):
    use = make_use(platform, **fields)
    make_state(use, value)
    return use


def test_a_guide_gives_steps_in_order_act_path_and_what_it_does_not_do(client):
    x = make_platform("x", name="X")
    control = make_control(
        on(x),
        label="Allow training",
        path="Settings › Privacy",
        deep_link="https://x.example/settings/training",
    )
    guide = make_guide(x, control, slug="x-off")
    text = client.get(guide.get_absolute_url()).text
    assert text.index("Open the settings.") < text.index("Clear the box.")
    assert text.index("Open it on x.example") < text.index("Open the settings.")
    for shown in (
        "Turn off <em>Allow training</em>",
        "<span>Privacy</span>",
        "Models already trained are not changed.",
        "3 minutes",
    ):
        assert shown in text


class TestControls:
    @pytest.fixture
    def x(self):
        return make_platform("x", name="X", operator="X Corp.")

    def test_minors_who_can_refuse_a_part_by_it_are_named_beside_its_adults(self, client, x):
        posts = on(x, short={"en": "posts"})
        chats = on(x, short={"en": "chats"})
        for use, value in ((posts, "not-used"), (chats, "unless-refused")):
            make_state(make_branch(use, people=["minors"]), value)
        form = make_control(posts, chats, name="Objection", refuse="submit")
        guide = make_guide(x, form, who="adults in the EU")
        facts = page_of(client, guide).select_one(".guide-facts")
        assert "Also for minors (chats)" in facts.get_text(" ", strip=True)
        address = f"{guide.get_absolute_url()}?people=minors"
        for_minors = BeautifulSoup(client.get(address).text, "lxml").select(".task-uses li")
        assert [words(each) for each in for_minors] == [chats.title]

    def test_a_guide_that_names_nobody_is_not_for_minors_alone(self, client, x):
        use = on(x)
        make_state(make_branch(use, people=["minors"]), "unless-refused")
        facts = page_of(client, make_guide(x, make_control(use))).select_one(".guide-facts")
        named = facts.find("dt", string="For").find_next_siblings("dd")
        assert [words(each) for each in named] == ["personal accounts", "minors"]

    @pytest.mark.parametrize(("offered_to", "is_for_minors"), [((), False), (("minors",), True)])
    def test_it_is_for_minors_alone_only_where_nobody_else_is_offered_its_control(
        self, client, x, offered_to, is_for_minors
    ):
        chats = on(x, "unclear")
        make_state(make_branch(chats, people=["minors"]), "unless-refused")
        control = make_control(chats)
        with arranged():
            control.offers.create(people=list(offered_to))
        facts = page_of(client, make_guide(x, control)).select_one(".guide-facts")
        assert ("minors" in facts.text) == is_for_minors

    def test_it_keeps_the_readers_place_and_people(self, client, x):
        use = on(x)
        make_state(make_branch(use, people=["minors"]), "no-way-out")
        guide = make_guide(x, make_control(use), slug="off")
        asked = "?place=DE&people=personal"
        for address in (f"/platforms/x{asked}", f"/answers{asked}&q=x", f"/search{asked}&q=x"):
            page = BeautifulSoup(client.get(address).text, "lxml").main
            links = [link["href"] for link in page.select('a[href*="/guides/off"]')]
            assert links, address
            assert {link.partition("#")[0] for link in links} == {f"/guides/off{asked}"}, address
        page = BeautifulSoup(client.get(guide.get_absolute_url() + asked).text, "lxml")
        kept = [link["href"] for link in page.article.select('a[href^="/platforms/x"]')]
        assert kept
        assert all("place=DE" in link for link in kept)

    def test_the_uses_that_it_refuses_are_sentences_that_lead_to_the_platform(self, client, x):
        posts = on(x, slug="posts", title="Your posts train X's models")
        chats = on(x, "only-if-agreed", slug="chats", title="Your chats train X's models")
        make_branch(posts, places=["GB"])
        make_state(posts.branches.last(), "not-used")
        guide = make_guide(x, make_control(posts, chats, refuse="turn-on", label="Block training"))
        page = page_of(client, guide)
        (shown,) = page.select(".guide-control")
        assert words(shown.select_one(".control-act")) == "Turn on Block training"
        links = {link["href"]: words(link) for link in shown.select(".task-uses a")}
        assert links["/platforms/x#posts"].startswith("Your posts train X's models")
        assert links["/platforms/x#chats"] == "Your chats train X's models only if you agree"
        assert "do not train" not in words(shown)
        target = BeautifulSoup(client.get("/platforms/x").text, "lxml")
        assert target.find(id="posts")
        assert target.find(id="chats")

    def test_a_guide_for_two_controls_shows_both_with_their_own_places(self, client, x):
        use = on(x)
        switch = make_control(use, label="Improve", path="Settings › Data")
        form = make_control(use, label="Objection", refuse="submit", path="", deep_link="")
        with arranged():
            switch.surfaces.create(surface="ios", path="You › Data")
        page = page_of(client, make_guide(x, switch, form))
        acts = [words(act) for act in page.select(".control-act")]
        assert acts == ["Turn off Improve", "Send the form Objection"]
        first, second = page.select(".guide-control")
        places = [words(line) for line in first.select(".task-directions li")]
        assert places == ["Web: Settings › Data", "iPhone and iPad: You › Data"]
        assert not second.select(".task-directions li")

    def test_reach_scope_and_whom_it_is_offered_to_are_in_words(self, client, x):
        control = make_control(
            on(x), label="Chat", refuse="turn-on", act_covers="one-conversation", reach="past-too"
        )
        with arranged():
            control.offers.create(people=["personal"], places=["EEA"])
        guide = make_guide(x, control, who="adults", plans=["Plus"])
        page = page_of(client, guide)
        rail = page.select_one(".with-rail-rail").get_text(" ", strip=True)
        for shown in (
            "Offered to personal accounts, EU and EEA",
            "Covers one conversation only",
            "Data concerned what was collected before, too",
        ):
            assert shown in rail
        facts = page.select_one(".guide-facts").get_text(" ", strip=True)
        assert "For adults; Plus" in facts

    @pytest.mark.parametrize(
        ("language", "act", "note"),
        [
            ("de", "Das Formular „Object to AI“ absenden", "Die Namen von Menüs und Schaltern"),
            ("fr", "Envoyer le formulaire « Object to AI »", "Les noms des menus"),
        ],
    )
    def test_in_another_language_it_says_once_that_the_names_in_menus_are_english(
        self, client, x, language, act, note
    ):
        form = make_control(on(x), label="Object to AI", refuse="submit")
        page = shown_in(client, language, make_guide(x, form))
        assert words(page.select_one(".guide-control .control-act")) == act
        assert words(page.main).count(note) == 1
        assert note not in words(page_of(client, make_guide(x, form)).main)

    def test_nothing_is_said_of_english_names_where_those_of_the_language_are_on_record(
        self, client, x
    ):
        labels = {"de": {"label": "KI erlauben", "path": "Daten", "source": "https://x.example"}}
        control = make_control(on(x), label="Allow AI", labels=labels)
        page = shown_in(client, "de", make_guide(x, control))
        assert "Die Namen von Menüs" not in words(page.main)

    def test_somebody_who_is_led_to_the_steps_reads_first_what_they_are_for(self, client, x):
        guide = make_guide(x, make_control(on(x)), title="Turn off training on your posts")
        steps = page_of(client, guide).select_one("#steps")
        assert words(steps.find(True)) == "X: Turn off training on your posts"
        assert words(steps.select_one("h3")) == "Steps: Web"

    def test_the_form_is_one_tap_from_its_steps(self, client, x):
        link = "https://x.example/form"
        form = make_control(on(x), label="Object", refuse="submit", deep_link=link)
        steps = page_of(client, make_guide(x, form)).select_one("#steps")
        assert steps.select_one(f"a[href='{link}']").text == "Open the form on x.example"

    def test_pages_of_regulators_in_english_are_said_to_be_so(self, client, x):
        guide = make_guide(x, make_control(on(x)))
        german = shown_in(client, "de", guide).select_one("section[aria-labelledby=cannot-find]")
        assert "anderswo (auf Englisch)" in words(german)
        assert "in English" not in words(page_of(client, guide).main)

    def test_how_far_a_refusal_goes_is_left_out_where_nobody_states_it(self, client, x):
        guide = make_guide(x, make_control(on(x)))
        assert "Data concerned" not in page_of(client, guide).main.get_text()

    def test_an_admin_who_reads_the_guide_is_not_told_to_ask_an_admin(self, client, x):
        use = on(x, people=["organisation"], title="Your messages train X's models")
        control = make_control(use, label="Train on our data", by="admin")
        guide = make_guide(x, control)
        page = page_of(client, guide)
        assert words(page.select_one(".control-act")) == "Turn off Train on our data"
        assert words(page.select_one(".task-uses")) == use.title

    def test_a_draft_is_not_shown(self, client, x):
        control = make_control(on(x), label="Secret plan", status="draft")
        guide = make_guide(x, control)
        for address in (guide.get_absolute_url(), "/guides"):
            assert "Secret plan" not in client.get(address).text

    def test_steps_on_several_devices_are_linked_before_the_first(self, client, x):
        guide = make_guide(x, make_control(on(x)))
        with arranged():
            guide.surfaces.create(surface="android").steps.create(position=1, act="Tap.")
        page = page_of(client, guide)
        links = page.select("h1 + .device-links a")
        assert [link["href"] for link in links] == ["#web", "#android"]
        assert all(page.find(id=link["href"][1:]) for link in links)
        # Buttons of answers lead past these to the steps.
        at_steps = page.select("#steps .surface-links a")
        assert [link["href"] for link in at_steps] == ["#web", "#android"]
        alone = page_of(client, make_guide(x, make_control(on(x))))
        assert not alone.select(".surface-links")

    @pytest.mark.django_db(transaction=True)
    def test_the_page_takes_few_questions(self, client, x, django_assert_max_num_queries):
        use = on(x)
        guide = make_guide(x, *(make_control(use, label=f"Switch {each}") for each in range(5)))
        for _ in range(5):
            make_guide(x, *use.controls.all())
        client.get("/platforms")  # makes the facts of all platforms, which pages share
        with django_assert_max_num_queries(16):
            client.get(guide.get_absolute_url())


def test_the_list_shows_acts_and_the_widest_guide_of_a_platform_first(client):
    x = make_platform("x", name="X")
    use = on(x)
    first, second = make_control(use, label="One"), make_control(use, label="Two")
    make_guide(x, first, title="A narrow guide")
    make_guide(x, first, second, title="The wide guide")
    page = BeautifulSoup(client.get("/guides").text, "lxml")
    assert [words(title) for title in page.select(".guide-line-title")] == [
        "The wide guide",
        "A narrow guide",
    ]
    acts = [words(act) for act in page.select(".guide-line-act")]
    assert acts == ["Turn off One", "Turn off Two", "Turn off One"]


class TestList:
    @pytest.fixture
    def guides(self):
        x = make_platform("x", name="X", aliases=["Twitter"], category="social")
        slack = make_platform("slack", name="Slack", operator="Salesforce", category="workplace")
        ads = make_control(on(x, purpose="ads"), label="Personalized ads")
        training = make_control(on(x), on(x, purpose="feature"), label="Grok")
        make_guide(x, ads, title="Turn off ads")
        make_guide(x, training, title="Turn off Grok")
        make_guide(slack, make_control(on(slack), refuse="write"), title="Write to Slack")

    def listed(self, client, query="", **headers):
        page = BeautifulSoup(client.get(f"/guides{query}", headers=headers).text, "lxml")
        return page, [
            (
                words(group.select_one("h2")),
                [words(each) for each in group.select(".guide-line-title")],
            )
            for group in page.select(".guide-purpose")
        ]

    def test_what_is_against_training_comes_first(self, client, guides):
        page, listed = self.listed(client)
        assert listed == [
            ("AI training 2", ["Write to Slack", "Turn off Grok"]),
            ("Ads 1", ["Turn off ads"]),
        ]
        assert words(page.select_one("#result-count")) == "3 guides"

    def test_a_long_list_is_folded_by_category_with_counts(self, client, guides, monkeypatch):
        monkeypatch.setattr(guide_list, "MOST_IN_ONE_LIST", 1)
        page, listed = self.listed(client)
        assert listed[0] == ("AI training 2", ["Turn off Grok", "Write to Slack"])
        folded = page.select(".guide-category")
        assert [words(each.summary) for each in folded] == ["Social 1 X", "Workplace 1 Slack", "X"]
        assert all(not each.has_attr("open") for each in folded)
        page, _ = self.listed(client, "?category=social")
        assert not page.select(".guide-category")

    @pytest.mark.parametrize(
        ("by_script", "query", "titles"),
        in_turn(
            [False, True],
            [
                ("?q=twitter", ["Turn off Grok", "Turn off ads"]),
                ("?q=salesforce", ["Write to Slack"]),
                ("?q=PERSONALIZED", ["Turn off ads"]),
                ("?q=x+grok", ["Turn off Grok"]),
                ("?category=workplace", ["Write to Slack"]),
                ("?category=social&q=ads", ["Turn off ads"]),
                ("?friction=mail-only&category=workplace", ["Write to Slack"]),
                ("?q=nothing+of+the+kind", []),
            ],
        ),
    )
    def test_a_name_and_a_category_narrow_it(self, client, guides, query, titles, by_script):
        headers = {"HX-Request": "true"} if by_script else {}
        page, listed = self.listed(client, query, **headers)
        assert [title for _heading, group in listed for title in group] == titles
        assert (page.select_one("h1") is None) == by_script
        if not titles:
            assert "No guide fits these filters. Show all guides" in words(page)

    def test_the_form_keeps_what_was_typed(self, client, guides):
        page, _listed = self.listed(client, "?q=gr%22ok&category=social")
        assert page.select_one("#id_q")["value"] == 'gr"ok'
        assert page.select_one("#id_category [selected]")["value"] == "social"


class TestFacts:
    @pytest.fixture
    def x(self):
        return make_platform("x", name="X", operator="X Corp.", homepage="https://x.example")

    def facts(self, client, guide):
        facts = page_of(client, guide).select(".guide-facts dt, .guide-facts dd")
        return " ".join(map(words, facts))

    def test_the_steps_of_each_device_are_counted(self, client, x):
        guide = make_guide(x, make_control(on(x)))
        with arranged():
            android = guide.surfaces.create(surface="android")
            for position in range(1, 6):
                android.steps.create(position=position, act="Tap.")
        few = len(guide.surfaces.first().steps.all())
        facts = self.facts(client, guide)
        assert f"3 minutes, {few} to 5 steps" in facts
        devices = [words(each) for each in page_of(client, guide).select(".device-links li")]
        assert devices == [f"Web ({few})", "Android (5)"]
        assert f"{few} to 5 steps" in client.get("/guides").text

    def test_the_setting_is_opened_before_the_steps_by_one_link(self, client, x):
        switch = make_control(on(x), deep_link="https://x.example/settings")
        with arranged():
            switch.surfaces.create(surface="ios", deep_link="https://x.example/settings")
        page = page_of(client, make_guide(x, switch))
        (link,) = page.select(".setting-link")
        assert words(link) == "Open it on x.example You need to be signed in there."
        text = str(page)
        assert text.index("setting-link") < text.index('class="surface"')
        assert words(page.main).count("Open it on x.example") == 1

    def test_what_is_drawn_is_not_written_beside_it(self, client, x):
        page = page_of(client, make_guide(x, make_control(on(x))))
        act = page.select_one(".guide-control .control-act.drawn-already")
        assert act.find_next_sibling(class_="drawn-switch")

    @pytest.mark.parametrize(
        ("access", "shown"),
        [
            ("", "Open the form on x.example"),
            ("public", "Open the form on x.example"),
            ("account", "Open the form on x.example You need to be signed in there."),
        ],
    )
    def test_a_form_asks_for_an_account_only_if_its_page_does(self, client, x, access, shown):
        url = "https://x.example/object"
        form = make_control(on(x), refuse="submit", deep_link=url, path="")
        if access:
            with arranged():
                form.pages.add(make_page(x, url=url, access=access))
        page = page_of(client, make_guide(x, form))
        assert words(page.select_one(".setting-link")) == shown

    def test_frictions_and_the_wait_for_an_answer_are_named(self, client, x):
        form = make_control(on(x), refuse="submit", binding=False)
        guide = make_guide(x, form, frictions=["needs-identity"])
        assert (
            "What makes it hard needs an account or proof of identity, by form only, "
            "you wait for an answer, and the platform decides case by case"
        ) in self.facts(client, guide)

    @pytest.mark.parametrize(
        ("source", "is_official"),
        [
            ({"url": "https://help.x.example/ai", "publisher": "Help"}, True),
            ({"url": "https://github.com/OpenTermsArchive/a/commit/1", "publisher": "OTA"}, True),
            ({"url": "https://docs.example/x", "publisher": "X Corp."}, True),
            ({"url": "https://news.example/x", "publisher": "News"}, False),
        ],
    )
    def test_steps_that_rest_on_no_official_page_say_so(self, client, x, source, is_official):
        guide = make_guide(x, make_control(on(x)))
        with arranged():
            guide.sources.all().delete()
            guide.sources.create(**source)
        text = words(page_of(client, guide).select_one(".guide-trust"))
        assert ("They rest on no page of X Corp., but on what others wrote" in text) != is_official

    def test_what_nobody_walked_is_said_once_and_without_a_banner(self, client, x):
        guide = make_guide(x, make_control(on(x)), source_changed_at=timezone.now())
        make_guide(x, make_control(on(x)), title="Another guide")
        page = page_of(client, guide)
        assert words(page).count("walked") == 1
        assert "erified" not in words(page.select_one("main"))
        assert not page.select('[role="note"]')


@pytest.mark.parametrize("status", ["draft", "retracted"])
def test_only_published_guides_can_be_read(client, status):
    guide = make_guide(make_platform(), title="Unready", status=status)
    assert client.get(guide.get_absolute_url()).status_code == 404
    assert "Unready" not in client.get("/guides").text


@pytest.mark.parametrize(
    ("verified_on", "words"),
    [
        (None, "Nobody here has walked these steps yet."),
        (100, "These steps were verified more than 90 days ago."),
        (200, "Nobody has verified these steps for more than 180 days."),
    ],
)
def test_a_guide_says_how_old_it_is_before_its_steps(client, verified_on, words):
    verified = verified_on and days_ago(verified_on)
    guide = make_guide(make_platform(), verified_on=verified)
    text = client.get(guide.get_absolute_url()).text
    assert text.index(words) < text.index("Open the settings.")


def test_a_guide_verified_lately_carries_its_date_and_no_warning(client):
    guide = make_guide(make_platform(), verified_on=days_ago(10))
    text = client.get(guide.get_absolute_url()).text
    assert "Steps verified" in text
    assert 'role="note"' not in text


def test_a_changed_source_shows_at_once_and_links_the_published_change(client):
    platform = make_platform()
    entry = make_entry(platform, title="The switch moved")
    change = make_change(make_page(platform), "Old.", "New.", entry=entry)
    guide = make_guide(
        platform,
        verified_on=days_ago(1),
        source_changed_at=timezone.now(),
        source_change=change,
    )
    text = client.get(guide.get_absolute_url()).text
    assert "The page changed since we checked these steps." in text
    assert entry.get_absolute_url() in text


def test_a_changed_source_does_not_give_away_an_unpublished_change(client):
    platform = make_platform()
    draft = make_entry(platform, title="Not yet public", status="draft", published_at=None)
    change = make_change(make_page(platform), "Old.", "New.")
    change.entry = draft
    change.save()
    guide = make_guide(
        platform,
        verified_on=days_ago(1),
        source_changed_at=timezone.now(),
        source_change=change,
    )
    text = client.get(guide.get_absolute_url()).text
    assert "The page changed since we checked these steps." in text
    assert draft.get_absolute_url() not in text


def test_the_list_groups_guides_by_platform_in_few_questions(client, django_assert_max_num_queries):
    for slug in ("x", "slack"):
        platform = make_platform(slug)
        for _ in range(5):
            make_guide(platform)
    with django_assert_max_num_queries(7):
        (group,) = client.get("/guides").context["listed"].groups
    assert [(part.platform.slug, len(part.guides)) for part in group.platforms] == [
        ("slack", 5),
        ("x", 5),
    ]


def test_who_cannot_find_the_setting_gets_a_letter_to_send(client):
    guide = make_guide(make_platform("x", name="X & Co.", operator="X Corp."))
    page = BeautifulSoup(client.get(guide.get_absolute_url()).text, "lxml")
    link = page.select_one('#cannot-find ~ ul a[href^="mailto:"]')["href"]
    said = {name: values[0] for name, values in parse_qs(link.partition("?")[2]).items()}
    assert said["subject"] == "Objection to the use of my data for AI training: X & Co."
    assert said["body"].startswith("To the people in charge of privacy at X Corp.\r\n\r\nI object")
    shown = page.select_one(".letter").get_text(" ", strip=True)
    assert shown == f"{said['subject']} {' '.join(said['body'].split())}"


def test_a_parent_writes_about_the_account_of_the_child(client):
    chat = make_platform("chat", name="Chat")
    switch = make_control(make_use(chat))
    with arranged():
        switch.offers.create(people=["minors"])
    guide = make_guide(chat, switch, slug="for-parents")
    letter = page_of(client, guide).select_one(".letter").get_text(" ", strip=True)
    assert letter.startswith("Objection to the use of my child's data for AI training: Chat")
    assert "for my child's account" in letter
    assert letter.endswith("My child's account:")
    assert "my account" not in letter.casefold()


@pytest.mark.parametrize(
    ("contact", "to", "address", "also_shown"),
    [
        ({"contact_email": "privacy@x.example"}, "", "mailto:privacy@x.example?", "(privacy@x"),
        (
            {"contact_email": "privacy@x.example"},
            "dpo@x.example",
            "mailto:dpo@x.example?",
            "(dpo@x",
        ),
        ({"contact_form": "https://x.example/ask"}, "", "https://x.example/ask", "on x.example"),
        ({"contact_post": "1 Main Street"}, "", "", "By post: 1 Main Street"),
    ],
)
def test_the_letter_goes_to_the_address_of_the_control_or_the_platform(
    client, contact, to, address, also_shown
):
    x = make_platform("x", name="X", **contact)
    guide = make_guide(x, make_control(on(x), name="Objection", refuse="write", to=to))
    section = page_of(client, guide).select_one('[aria-labelledby="cannot-find"]')
    links = [link["href"] for link in section.select("a")]
    own = [link for link in links if link.startswith("mailto:") or "x.example" in link]
    assert [link[: len(address)] for link in own] == ([address] if address else [])
    assert also_shown in words(section)
    assert "privacy policy names the address" not in words(section)


def test_the_letter_has_the_subject_and_the_details_that_the_platform_asks_for(client):
    control = make_control(
        on(make_platform("x", name="X")),
        name="A mail of an owner",
        refuse="write",
        to="feedback@x.example",
        subject="Global model opt-out request",
        must_name=["The address of your workspace"],
    )
    page = page_of(client, make_guide(control.platform, control))
    link = page.select_one('#cannot-find ~ ul a[href^="mailto:"]')["href"]
    written = {name: values[0] for name, values in parse_qs(link.partition("?")[2]).items()}
    assert written["subject"] == "Global model opt-out request"
    assert written["body"].endswith("My account:\r\n\r\nThe address of your workspace:")


def test_the_letter_says_where_its_address_comes_from(client):
    contact = {"contact_email": "p@x.example", "contact_source": "https://x.example/privacy"}
    guide = make_guide(make_platform("x", **contact))
    section = page_of(client, guide).select_one('[aria-labelledby="cannot-find"]')
    link = section.find("a", string="Where the company names this address")
    assert link["href"] == "https://x.example/privacy"


def test_no_guide_that_nobody_walked_is_called_changed_since_we_checked(client):
    guide = make_guide(make_platform(), source_changed_at=timezone.now())
    for address in (guide.get_absolute_url(), "/guides", guide.platform.get_absolute_url()):
        text = client.get(address).text
        assert "changed since we checked" not in text, address
    text = client.get(guide.get_absolute_url()).text
    assert "Nobody here has walked these steps yet." in text
    assert "The page that they rest on changed" in text


@pytest.mark.parametrize(
    ("fields", "heading"),
    [
        (
            {"refuse": "delete", "reach": "past-only"},
            "This removes what is there already, and does not stop what comes later:",
        ),
        ({"act_covers": "one-conversation"}, "What this refuses, for one conversation only:"),
        ({}, "What this refuses:"),
    ],
)
def test_a_guide_says_no_more_than_its_act_does(client, fields, heading):
    platform = make_platform("x", name="X")
    control = make_control(on(platform), **fields)
    page = page_of(client, make_guide(platform, control))
    assert words(page.select_one(".guide-control .task-uses").find_previous("p")) == heading
    assert "Covers everything" not in words(page.main)


def test_nothing_is_left_on_that_is_switched_on_each_time(client):
    platform = make_platform("x", name="X")
    use = on(platform, "only-if-agreed")
    make_control(use, label="Temporary Chat", refuse="turn-on", act_covers="one-conversation")
    listed = BeautifulSoup(client.get("/checklist?p=x").text, "lxml")
    assert "Leave Temporary Chat on" not in words(listed.main)


def test_a_guide_claims_to_refuse_only_what_can_be_refused(client):
    platform = make_platform("x", name="X")
    use = make_use(platform, except_places=["EEA"])
    make_state(use, "no-way-out")
    make_state(make_branch(use, places=["EEA"]), "unless-refused")
    make_guide(platform, make_control(use), slug="object")
    leave = make_control(use, refuse="delete", label="", name="The account")
    make_guide(platform, leave, slug="leave")

    def refused(address):
        control = BeautifulSoup(client.get(address).text, "lxml").select_one(".guide-control")
        return control.get_text(" ", strip=True)

    assert "What this refuses:" in refused("/guides/object")
    assert "there is no way out" not in refused("/guides/object")
    assert "What this refuses:" not in refused("/guides/leave")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("", "What this refuses: Your public posts train X's models"),
        ("/de", "Was Sie damit ablehnen: Your public posts train X's models"),
        ("/fr", "Ce que cela refuse\u00a0: Your public posts train X's models"),
    ],
)
def test_what_is_refused_is_named_without_that_it_can_be_refused(client, language, told):
    platform = make_platform("x", name="X")
    use = make_use(platform, title="Your public posts train X's models")
    make_state(use, "unless-refused")
    make_guide(platform, make_control(use, refuse="submit"), slug="object")
    page = BeautifulSoup(client.get(f"{language}/guides/object").text, "lxml")
    listed = page.select_one(".guide-control .task-uses")
    heading = listed.find_previous_sibling("p").get_text(strip=True)
    assert f"{heading} {words(listed)}" == told


def test_a_guide_for_administrators_refuses_no_more_than_is_on_and_has_no_letter(client):
    mail = make_platform("mail", name="Mail")
    use = make_use(mail, people=["organisation"], except_places=["EU"], title="Mail trains AI")
    make_state(use, "unless-refused")
    there = make_branch(use, people=["organisation"], places=["EU"])
    make_state(there, "only-if-agreed")
    guide = make_guide(mail, make_control(use, by="admin"), slug="console")
    page = page_of(client, guide)
    (control,) = page.select(".guide-control")
    lists = control.select("ul.task-uses")
    told = {words(each.find_previous_sibling("p")): words(each) for each in lists}
    kept_off = "What is off already, and stays off with this:"
    assert [*told] == ["What this refuses:", kept_off]
    assert told["What this refuses:"] == "Mail trains AI (outside the EU)"
    assert told[kept_off] == "Mail trains AI only if your organisation agrees (EU)"
    assert not page.select(".letter")
    assert "Complain to a regulator" not in page.text


@pytest.mark.parametrize(
    ("surfaces", "refuse", "is_checked"),
    [
        (["ios"], "turn-off", True),
        ([], "turn-off", False),
        (["android"], "submit", False),
    ],
)
def test_who_has_only_the_app_finds_a_check_too(client, surfaces, refuse, is_checked):
    x = make_platform("x", name="X")
    guide = make_guide(
        x, make_control(on(x), refuse=refuse), how_to_check="Reload the page.", slug="x-off"
    )
    with arranged():
        for surface in surfaces:
            guide.surfaces.create(surface=surface)
    check = words(page_of(client, guide).select_one("[aria-labelledby=check]"))
    in_app = "In the app: leave these settings, open them again, and see"
    assert "Reload the page." in check
    assert (in_app in check) is is_checked
