import datetime as dt
from urllib.parse import parse_qs

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

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

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


def page_of(client, guide):
    return BeautifulSoup(client.get(guide.get_absolute_url()).text, "lxml")


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
        assert links["/platforms/x#posts"].startswith("Your posts train X's models unless you ref")
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
        assert acts == ["Turn off Improve", "Send Objection"]
        first, second = page.select(".guide-control")
        places = [words(line) for line in first.select(".task-directions li")]
        assert places == ["Web: Settings › Data", "iPhone and iPad: You › Data"]
        assert not second.select(".task-directions li")

    def test_reach_scope_and_whom_it_is_offered_to_are_in_words(self, client, x):
        control = make_control(
            on(x), label="Chat", refuse="turn-on", scope="one-conversation", reach="past-too"
        )
        with arranged():
            control.offers.create(people=["personal"], places=["EEA"])
        guide = make_guide(x, control, who="adults", plans=["Plus"])
        rail = page_of(client, guide).select_one(".with-rail-rail").get_text(" ", strip=True)
        for shown in (
            "Offered to personal accounts, EU and EEA",
            "Covers one conversation only",
            "Data concerned what was collected before, too",
            "For adults; Plus",
        ):
            assert shown in rail

    def test_an_admin_who_reads_the_guide_is_not_told_to_ask_an_admin(self, client, x):
        use = on(x, people=["organisation"], title="Your messages train X's models")
        control = make_control(use, label="Train on our data", by="admin")
        guide = make_guide(x, control)
        page = page_of(client, guide)
        assert words(page.select_one(".control-act")) == "Turn off Train on our data"
        assert "unless your organisation refuses" in words(page.select_one(".task-uses"))

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
        links = page.select(".device-links a")
        assert [link["href"] for link in links] == ["#web", "#android"]
        assert all(page.find(id=link["href"][1:]) for link in links)

    @pytest.mark.django_db(transaction=True)
    def test_the_page_takes_few_questions(self, client, x, django_assert_max_num_queries):
        use = on(x)
        guide = make_guide(x, *(make_control(use, label=f"Switch {each}") for each in range(5)))
        for _ in range(5):
            make_guide(x, *use.controls.all())
        client.get("/platforms")  # makes the facts of all platforms, which pages share
        with django_assert_max_num_queries(15):
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


@pytest.mark.parametrize("status", ["draft", "retracted"])
def test_only_published_guides_can_be_read(client, status):
    guide = make_guide(make_platform(), title="Unready", status=status)
    assert client.get(guide.get_absolute_url()).status_code == 404
    assert "Unready" not in client.get("/guides").text


@pytest.mark.parametrize(
    ("verified_on", "words"),
    [
        (None, "We have not walked through these steps ourselves yet."),
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
        groups = client.get("/guides").context["groups"]
    assert [(platform.slug, len(guides)) for platform, guides in groups] == [
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


def test_no_guide_that_nobody_walked_is_called_changed_since_we_checked(client):
    guide = make_guide(make_platform(), source_changed_at=timezone.now())
    for address in (guide.get_absolute_url(), "/guides", guide.platform.get_absolute_url()):
        text = client.get(address).text
        assert "changed since we checked" not in text, address
    text = client.get(guide.get_absolute_url()).text
    assert "We have not walked through these steps ourselves yet." in text
    assert "The page that they rest on changed" in text
