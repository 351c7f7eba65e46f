import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone, translation

from consent.ledger.figures import figures_on
from consent.public.share_image.captions import (
    card_of,
    change_card,
    figures_card,
    guide_card,
    site_card,
)
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
def turned():
    """A change that turned one use of X on."""
    platform = make_platform("x", name="X")
    use = make_use(platform)
    entry = make_entry(platform, title="X trains on posts")
    make_state(use, "only-if-agreed")
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 26), opened_by=entry)
    return entry


def test_a_change_is_told_in_one_line(turned):
    assert change_card(turned).alt == (
        "X: X trains on posts · Off unless you agree changed to On unless you refuse"
        " · In effect: 26 July 2024"
    )


def test_a_change_has_its_title_in_the_language_of_the_page(turned, settings, tmp_path):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "_words.fr.toml").write_text('[x]\n"X trains on posts" = "X s’entraîne"\n')
    with translation.override("fr"):
        assert change_card(turned).title == "X s’entraîne"


class TestAPlatform:
    def test_gives_its_answer_and_since_when_and_nothing_smaller(self):
        use = make_use(make_platform("x", name="X"), title="Your posts train Grok")
        make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
        make_guide(use.platform, make_control(use), minutes=2)
        assert card_of("platform", "x").alt == (
            "X: does it train AI on your data?: Yes, source not on record, unless you opt out"
            " · since 16 July 2024"
        )

    def test_counts_no_uses_and_shows_none_outside_training(self):
        platform = make_platform("x", name="X")
        make_state(make_use(platform, title="Your posts steer ads", purpose="ads"))
        alt = card_of("platform", "x").alt
        assert "We do not know" in alt
        assert "ads" not in alt

    def test_says_the_answer_of_the_page_whatever_other_settings_there_are(self, client):
        platform = make_platform("x", name="X")
        training = make_use(platform, title="Your posts train Grok", position=1)
        make_state(training, "only-if-agreed", starts_on=dt.date(2024, 7, 16))
        alone = card_of("platform", "x")
        for purpose in ("ads", "personalisation", "feature", "collection"):
            other = make_use(platform, title=f"Your posts serve {purpose}", purpose=purpose)
            make_state(other, "no-way-out", starts_on=dt.date(2025, 1, 1))
        card = card_of("platform", "x")
        assert card == alone
        page = BeautifulSoup(client.get("/platforms/x").content, "lxml")
        answer = " ".join(page.select_one(".verdict-answer").get_text(" ", strip=True).split())
        assert card.title == answer == "Only if you agree, source not on record"
        assert page.select_one('meta[property="og:image:alt"]')["content"] == card.alt

    def test_has_another_picture_when_its_answer_changes(self):
        use = make_use(make_platform("x", name="X"))
        make_state(use, "not-used")
        before = card_of("platform", "x").path
        make_state(use, "no-way-out", starts_on=dt.date(2024, 7, 16))
        assert card_of("platform", "x").path != before


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
            "X: X trains on posts · Aus, sofern Sie nicht zustimmen geändert zu An, sofern Sie"
            " nicht widersprechen"
            " · In Kraft: 26. Juli 2024"
        )


def test_what_is_not_public_has_no_picture():
    assert card_of("change", make_entry(make_platform(), status="draft").public_id) is None
    assert card_of("change", make_entry(make_platform(), status="retracted").public_id) is None
    assert card_of("guide", make_guide(make_platform(), status="draft").slug) is None
    assert card_of("platform", "nobody") is None


def test_the_home_page_shares_the_figures_of_today():
    make_state(make_use(make_platform()), "no-way-out")
    today = figures_on(timezone.localdate())
    card = figures_card(today)
    assert card.alt.startswith("1 of 1 platform uses what people give it to train AI")
    assert [chip.words for chip in card.chips] == [
        "1 everywhere",
        "1 of them leaves no way out where it does so.",
    ]
    assert card_of("figures", "today") == card


def test_the_site_has_a_picture_of_its_own():
    assert card_of("site", "default-on") == site_card()
