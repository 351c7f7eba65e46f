import datetime as dt

import pytest
from django.utils import translation

from consent.public.share_image.cards import card_of, change_card, guide_card, site_card
from tests.factories import make_entry, make_guide, make_platform, make_setting, make_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def turned():
    """A change that turned one setting of X on."""
    platform = make_platform("x", name="X")
    setting = make_setting(platform)
    entry = make_entry(platform, title="X trains on posts")
    day = dt.date(2024, 7, 26)
    make_state(setting, "only-if-agreed", ends_on=day, closed_by=entry)
    make_state(setting, "unless-refused", starts_on=day, opened_by=entry)
    return entry


def test_a_change_is_told_in_one_line(turned):
    assert change_card(turned).alt == (
        "X: X trains on posts · Off by default changed to On by default · In effect: 26 July 2024"
    )


def test_a_setting_that_ended_is_not_shown_as_if_it_still_held(turned):
    turned.opened_states.all().delete()
    assert "Off by default changed to ended" in change_card(turned).alt


def test_a_platform_counts_its_settings_by_their_state_today():
    platform = make_platform("x", name="X")
    for _ in range(2):
        make_state(make_setting(platform))
    make_setting(platform)
    assert "On by default: 2, Unclear: 1 · 3 settings on record" in card_of("platform", "x").alt


def test_a_guide_says_how_long_it_takes_and_where_it_works():
    guide = make_guide(make_platform("x", name="X"), minutes=1)
    assert guide_card(guide).alt == ("How to say no: X: Turn off training on X · 1 minute · Web")


def test_the_address_changes_with_anything_that_the_picture_says_and_with_nothing_else(turned):
    before = change_card(turned).path
    turned.note = "Not on the picture."
    assert change_card(turned).path == before
    turned.title = "X trains on everything"
    assert change_card(turned).path != before


def test_a_page_in_german_has_a_picture_in_german(turned):
    english = change_card(turned)
    with translation.override("de"):
        german = change_card(turned)
        assert german.path.startswith("/de/share/change/")
        assert german.path.removeprefix("/de") != english.path
        assert german.alt == (
            "X: X trains on posts · Standardmäßig aus geändert zu Standardmäßig an"
            " · In Kraft: 26. Juli 2024"
        )


def test_what_is_not_public_has_no_picture():
    assert card_of("change", make_entry(make_platform(), status="draft").public_id) is None
    assert card_of("change", make_entry(make_platform(), status="retracted").public_id) is None
    assert card_of("guide", make_guide(make_platform(), status="draft").slug) is None
    assert card_of("platform", "nobody") is None


def test_the_site_has_a_picture_of_its_own():
    assert card_of("site", "default-on") == site_card()
