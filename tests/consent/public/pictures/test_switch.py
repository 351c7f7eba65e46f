"""The switch of a settings page is drawn as it shall be, with the exact label."""

import pytest
from bs4 import BeautifulSoup

from consent.public.share_image.captions import guide_card
from consent.public.share_image.share_card import png_of
from tests.factories import make_control, make_guide, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    x = make_platform("x", name="X")
    use = make_use(x)
    make_state(use)
    control = make_control(
        use,
        label="Use my posts & replies",
        labels={"de": {"label": "Meine Beiträge verwenden", "path": ""}},
    )
    return make_guide(x, control, slug="off")


def drawn(client, address):
    return BeautifulSoup(client.get(address).text, "lxml").select_one(".drawn-switch")


def test_a_guide_shows_the_label_and_the_state_to_reach(client, guide):
    switch = drawn(client, "/guides/off")
    assert switch["aria-label"] == "A switch, turned off"
    assert switch.select_one(".drawn-label").text == "Use my posts & replies"
    assert switch.select_one(".drawn-state").text == "Off"


def test_a_switch_that_blocks_training_is_drawn_turned_on(client, guide):
    control = guide.controls.get()
    control.refuse = "turn-on"
    control.save()
    assert drawn(client, "/guides/off").select_one(".drawn-state").text == "On"


def test_it_has_the_words_of_the_product_in_the_language_of_the_page(client, guide):
    label = drawn(client, "/de/guides/off").select_one(".drawn-label")
    assert (label.text, label["lang"]) == ("Meine Beiträge verwenden", "de")


def test_the_answer_of_a_platform_shows_its_only_way_out(client, guide):
    assert drawn(client, "/platforms/x").select_one(".drawn-label").text == "Use my posts & replies"


def test_the_checklist_shows_it_too(client, guide):
    assert drawn(client, "/checklist?p=x").select_one(".drawn-state").text == "Off"


def test_what_is_no_switch_is_not_drawn_as_one(client, guide):
    control = guide.controls.get()
    control.refuse = "submit"
    control.save()
    assert drawn(client, "/guides/off") is None


def test_the_share_card_of_a_guide_draws_it_and_says_it(guide):
    card = guide_card(guide)
    assert "A switch named “Use my posts & replies”, turned off" in card.alt
    guide.controls.update(label="", name="A switch")
    without = guide_card(type(guide).objects.get(pk=guide.pk))
    assert without.switch is None
    assert png_of(card) != png_of(without)
