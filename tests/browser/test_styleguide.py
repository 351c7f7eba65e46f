"""The component page, where every part is looked at in every state."""

import pytest

from tests.browser.accessibility import broken_in_each_view, resize
from tests.browser.conftest import keep_screenshot

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("styleguide")]


def test_no_part_breaks_a_rule_of_accessibility(open_page):
    page = open_page("/styleguide")
    assert not broken_in_each_view(page, lambda width: keep_screenshot(page, f"styleguide-{width}"))


@pytest.mark.parametrize("language", ["", "/de"])
def test_no_part_has_to_be_scrolled_sideways_on_a_small_screen(open_page, language):
    page = open_page(f"{language}/styleguide", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    resize(page, 360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_chosen_scheme_colours_the_whole_page(open_page):
    page = open_page("/styleguide?scheme=dark", scheme="light")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(20, 23, 26)"
