"""The way out in the answer is a button that leads to the steps."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

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
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture
def x():
    return make_platform("x", name="X", operator="X Corp.")


def box(client, address="/platforms/x"):
    return BeautifulSoup(client.get(address).text, "lxml").select_one(".verdict")


def buttons(client, address="/platforms/x"):
    found = box(client, address).select(".way-buttons .button")
    return [(" ".join(each.get_text().split()), each["href"]) for each in found]


def words(element):
    return " ".join(element.get_text(" ", strip=True).split())


def on(platform, **fields):
    use = make_use(platform, **fields)
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
    return use


def test_the_button_leads_to_the_steps_of_the_guide(client, x):
    make_guide(x, make_control(on(x)), minutes=2, slug="say-no-on-x")
    assert buttons(client) == [("Turn it off · 2 min", "/guides/say-no-on-x#steps")]
    assert BeautifulSoup(client.get("/guides/say-no-on-x").text, "lxml").select_one("#steps ol")


def test_of_several_guides_for_a_switch_the_one_for_the_plan_comes_first(client, x):
    switch = make_control(on(x))
    x.plans = [{"name": "Starter"}, {"name": "Professional"}]
    x.save()
    make_guide(x, switch, minutes=2, slug="starter", title="On Starter", plans=["Starter"])
    make_guide(x, switch, minutes=3, slug="pro", title="On Professional", plans=["Professional"])
    for plan, slug in (("Starter", "starter"), ("Professional", "pro")):
        asked = f"/platforms/x?plan={plan}"
        assert buttons(client, asked)[0][1].startswith(f"/guides/{slug}")
        page = BeautifulSoup(client.get(asked).text, "lxml")
        first = page.select_one("section[aria-labelledby=guides] .guide-line-title")
        assert words(first) == f"On {plan}"


def test_a_switch_that_blocks_training_is_not_called_turning_it_on(client, x):
    make_guide(x, make_control(on(x), refuse="turn-on", label="Block AI training"), minutes=1)
    assert buttons(client)[0][0] == "Opt out · 1 min"


def test_what_no_guide_explains_leads_to_its_place_on_the_page(client, x):
    make_control(on(x), slug="switch")
    assert buttons(client) == [("Turn it off", "#switch")]
    assert BeautifulSoup(client.get("/platforms/x").text, "lxml").select_one("#switch")


def test_a_switch_of_an_admin_is_asked_for(client, x):
    use = make_use(x, people=[])
    make_state(use, "unless-refused")
    make_control(use, by="admin")
    assert buttons(client)[0][0] == "Ask your admin"


def test_no_way_out_gets_no_button_that_promises_one(client, x):
    use = make_use(x)
    make_state(use, "no-way-out")
    make_control(use, refuse="delete", label="Account", slug="delete-it").offers.create()
    assert buttons(client) == [("How to stay away", "#delete-it")]
    assert "no way out" in words(box(client))


def test_where_the_ways_differ_by_place_each_button_says_for_whom_it_is(client, x):
    use = make_use(x)
    use.branches.update(places=["EEA"])
    elsewhere = make_branch(use, except_places=["EEA"])
    make_state(use, "unless-refused")
    make_state(elsewhere, "unless-refused")
    form = make_control(use, refuse="submit", label="Object", slug="form")
    form.offers.create(places=["EEA"])
    make_control(use, slug="switch").offers.create(except_places=["EEA"])
    shown = words(box(client).select_one(".way-buttons"))
    assert "only: EEA" in shown.replace("EU and EEA", "EEA")
    parts = box(client).select("select[name=place], .way-buttons a")
    assert [part.name for part in parts] == ["a", "a", "select"]
    assert buttons(client, "/platforms/x?place=DE") == [("Send the form", "#form")]


def test_the_answer_says_who_says_so_and_how_old_it_is(client, x):
    use = on(x)
    page = make_page(x)
    use.pages.add(page)
    make_fetch(page, at=dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC))
    make_entry(x, effective_on=dt.date(2024, 7, 16))
    age = words(box(client).select_one(".verdict-age"))
    assert age == (
        "Source not on record · last change about training 16 July 2024"
        " · pages last read 5 January 2026"
    )
    in_french = words(box(client, "/fr/platforms/x").select_one(".verdict-age"))
    assert in_french.endswith("pages lues pour la dernière fois le 5 janvier 2026")


def test_what_was_due_and_is_not_confirmed_is_asked_about_at_the_answer(client, x):
    use = on(x)
    due = make_entry(x, due_on=dt.date(2025, 1, 1), effective_on=None)
    make_state(use, "no-way-out", starts_on=dt.date(2025, 1, 1), opened_by=due)
    shown = box(client)
    assert "Due on 1 January 2025 , not confirmed" in words(shown)
    assert shown.find("a", string="Did it happen? Tell us")["href"].startswith("/report?")


def test_the_history_of_the_leading_use_is_drawn_open_in_the_answer(client, x):
    on(x)
    strip = box(client).select_one(".strip")
    assert strip.find_parent("details") is None
    assert strip.select_one(".bar-unless-refused")


@pytest.mark.parametrize("address", ["/platforms/x", "/answers?q=x", "/compare?p=x&p=y"])
def test_what_nobody_can_find_is_no_button_and_says_so(client, x, address):
    make_platform("y", name="Y")
    make_control(on(x), slug="switch", name="The choice in the parent's account", path="")
    page = BeautifulSoup(client.get(address).text, "lxml").main
    (link,) = (each for each in page.select("a") if "What is known of the way out" in each.text)
    assert link["href"].endswith("#switch")
    assert "button" not in link.get("class", [])
    assert "Turn it off" not in words(page)
    assert "where to find it is not on record" in words(link.parent)
    shown = BeautifulSoup(client.get("/platforms/x").text, "lxml").select_one("#switch")
    assert "where to find it is not on record" in words(shown)


@pytest.fixture
def le_chat():
    """A service with one switch on its website and another one, quicker, in its app."""
    chat = make_platform("le-chat", name="Le Chat")
    use = on(chat)
    for slug, surfaces, minutes in (("mobile", ["ios", "android"], 1), ("site", ["web"], 2)):
        guide = make_guide(chat, make_control(use, slug=slug), minutes=minutes, slug=slug)
        guide.surfaces.all().delete()
        for surface in surfaces:
            of_guide = guide.surfaces.create(surface=surface)
            of_guide.steps.create(position=1, act="Open the settings.")


@pytest.mark.parametrize(
    ("question", "first"),
    some(
        [
            ("le chat", "site"),
            ("le chat on the website", "site"),
            ("le chat on my phone", "mobile"),
            ("le chat iphone", "mobile"),
            ("Le Chat auf dem Handy", "mobile"),
            ("le chat sur mon téléphone", "mobile"),
        ],
        few=3,
    ),
)
def test_a_way_with_a_switch_on_each_surface_has_a_button_for_each(
    client, le_chat, question, first
):
    page = BeautifulSoup(client.get("/answers", {"q": question}).text, "lxml")
    ways = {
        each.a["href"].split("#")[0].rpartition("/")[2]: words(each)
        for each in page.select(".box-way p")
    }
    assert next(iter(ways)) == first
    assert ways == {
        "site": "Turn it off · 2 min : Le Chat Web",
        "mobile": "Turn it off · 1 min : Le Chat iPhone and iPad, Android",
    }
    (answer,) = page.select(".box-line")
    on_page = [href for _words, href in buttons(client, answer.h2.a["href"])]
    assert on_page == ["/guides/site#steps", "/guides/mobile#steps"]


@pytest.mark.parametrize(
    ("surfaces", "said"),
    [
        (["web"], "in the phone’s browser; steps for the app are not on record"),
        (["web", "ios", "android"], "in the app (iPhone and iPad, Android), or in a browser"),
    ],
)
def test_who_has_only_a_phone_reads_where_a_way_out_is(client, x, surfaces, said):
    guide = make_guide(x, make_control(on(x)), minutes=2)
    guide.surfaces.all().delete()
    for surface in surfaces:
        of_guide = guide.surfaces.create(surface=surface)
        of_guide.steps.create(position=1, act="Open the settings.")

    def way(question):
        page = BeautifulSoup(client.get("/answers", {"q": question}).text, "lxml")
        return words(page.select_one(".box-way p"))

    assert way("how do I stop X, I only use the app on my phone").endswith(said)
    assert not way("how do I stop X").endswith(said)


def test_how_to_stay_away_is_no_button_where_nobody_can_find_it(client, x):
    make_control(on(x), slug="leaving", name="Leaving X", path="", refuse="leave")
    (link,) = box(client).select(".way-buttons a")
    assert (words(link), link.get("class")) == ("How to stay away", None)


def test_a_guide_to_giving_something_up_says_what_that_is(client, x):
    leaving = make_control(on(x), refuse="delete", label="Delete posts")
    make_guide(x, leaving, title="Delete your old posts", minutes=3)
    assert buttons(client)[0][0] == "Delete your old posts · 3 min"


def test_buttons_of_the_same_act_name_their_switches(client, x):
    use = make_use(x)
    use.branches.update(places=["EEA"])
    elsewhere = make_branch(use, except_places=["EEA"])
    make_state(use, "unless-refused")
    make_state(elsewhere, "unless-refused")
    for slug, place in (("one", {"places": ["EEA"]}), ("two", {"except_places": ["EEA"]})):
        make_control(use, slug=slug, label=f"Switch {slug}").offers.create(**place)
    two, one = box(client).select(".way-buttons a")
    assert words(one) == "Turn it off “Switch one”; only: EU and EEA"
    assert words(two) == "Turn it off “Switch two”; only: outside the EU and EEA"
    lines = BeautifulSoup(client.get("/answers?q=X").text, "lxml").select(".box-way a")
    assert ["“Switch two”" in words(lines[0]), "“Switch one”" in words(lines[1])] == [True, True]


@pytest.mark.parametrize("by", ["person", "admin"])
@pytest.mark.parametrize(
    "training", [("not-used", "not-used"), ("not-used", "unclear"), ("unclear", "unclear")]
)
def test_where_nothing_is_on_a_link_says_what_it_turns_off_and_is_not_the_way_out(
    client, by, training
):
    zoom = make_platform("zoom", name="Zoom")
    for value in training:
        make_state(make_use(zoom, data_kinds=["voice"], title_if_not="No"), value)
    rest = make_use(zoom, purpose="feature", short={"en": "summaries"})
    make_state(rest, "unless-refused")
    make_guide(zoom, make_control(rest, by=by, label="AI Companion"), minutes=5, slug="companion")
    asked = client.get("/answers", {"q": "Did Zoom train on calls, and how do I turn it off?"})
    way = BeautifulSoup(asked.text, "lxml").select_one(".box-way a")
    assert words(way).startswith("Turn off “AI Companion” · 5 min")
    assert "button" not in way.get("class", [])
    assert "only for: summaries" in words(way.parent)


@pytest.mark.parametrize(
    ("typed", "guides"),
    [
        ("turn off Gemini in Chirp", ["/guides/smart"]),
        ("disable gemini chirp", ["/guides/smart"]),
        ("does Gemini in Chirp train on my chats", []),
        ("turn off autocomplete in Chirp", ["/guides/smart"]),
    ],
)
def test_who_wants_to_turn_off_what_does_not_train_is_led_to_the_switch_of_the_rest(
    client, typed, guides
):
    chirp = make_platform("chirp", name="Chirp", aliases=["Gemini in Chirp"])
    make_state(make_use(chirp, title_if_not="No", short={"en": "Gemini"}), "not-used")
    rest = make_use(chirp, short={"en": "autocomplete"})
    make_state(rest, "unless-refused")
    make_guide(chirp, make_control(rest), minutes=3, slug="smart")
    page = BeautifulSoup(client.get("/answers", {"q": typed}).text, "lxml")
    links = [link["href"].partition("#")[0] for link in page.select(".box-answers a, main a")]
    assert list(dict.fromkeys(each for each in links if each.startswith("/guides/"))) == guides
    if "emini" in typed:
        assert "Gemini: No" in words(page.select_one(".box-answer"))
