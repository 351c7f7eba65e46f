"""The component page, where every part is looked at in every state."""

import pytest

from tests.browser.accessibility import broken_rules
from tests.browser.conftest import VIEWS, keep_screenshot

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def debug(settings):
    settings.DEBUG = True


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_no_part_breaks_a_rule_of_accessibility(open_page, width, scheme):
    page = open_page("/styleguide", width=width)
    keep_screenshot(page, f"styleguide-{width}")
    assert broken_rules(page, scheme) == []


@pytest.mark.parametrize("language", ["", "/de"])
@pytest.mark.parametrize("width", [320, 360])
def test_no_part_has_to_be_scrolled_sideways_on_a_small_screen(open_page, width, language):
    page = open_page(f"{language}/styleguide", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_chosen_scheme_colours_the_whole_page(open_page):
    page = open_page("/styleguide?scheme=dark", scheme="light")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(20, 23, 26)"
