"""A reader who reads German, in a real browser."""

import pytest

from platforms.models import Platform
from tests.browser.accessibility import broken_rules, open_details, resize
from tests.browser.conftest import follow, keep_screenshot
from tests.browser.test_reading import PAGES
from tests.sweeps import some

pytestmark = pytest.mark.browser

GERMAN = {name: f"/de{path}" for name, path in PAGES.items()} | {
    "subscribe": "/de/subscribe",
    "report": "/de/report",
}


def test_from_english_to_german_and_on_to_the_steps_without_leaving_the_language(open_page):
    page = open_page("/platforms/x?asof=2025-01-01", width=360, script=False)
    page.locator(".nav").get_by_role("link", name="Deutsch").click()
    page.wait_for_url("**/de/platforms/x?asof=2025-01-01")
    assert page.locator("html").get_attribute("lang") == "de"
    follow(page.get_by_role("link", name="Heute zeigen"))
    use = page.locator("#grok-training")
    assert "An, sofern Sie nicht widersprechen" in use.inner_text()
    assert "seit 16. Juli 2024" in use.inner_text()
    use.get_by_role("link", name="So widersprechen Sie").first.click()
    page.wait_for_url("**/de/guides/*")
    heading = page.get_by_role("heading", level=1)
    assert "ausschalten" in heading.inner_text()
    assert heading.locator("[lang]").count() == 0
    keep_screenshot(page, "german-guide-360")


@pytest.mark.parametrize("language", ["de", "fr"])
def test_all_languages_are_in_one_line_of_the_menu(open_page, language):
    page = open_page(f"/{language}/guides", width=360)
    tops = [each.bounding_box()["y"] for each in page.locator(".nav li").all()]
    assert len(set(tops)) == 2


@pytest.fixture
def walk(open_page, seen):
    """Which German pages are too wide with all parts open, and which break rules."""
    if "german" not in seen:
        page = open_page("/de/")
        too_wide, broken_rules_of = {}, {}
        for name, path in some(GERMAN.items(), 4):
            page.goto(path)
            resize(page, 360)
            keep_screenshot(page, f"german-{name}-360")
            if broken := broken_rules(page, colours=False):
                broken_rules_of[name] = broken
            resize(page, 320)
            open_details(page)
            content = page.evaluate("document.documentElement.scrollWidth")
            if content > 320:
                too_wide[name] = content
        seen["german"] = too_wide, broken_rules_of
    return seen["german"]


@pytest.mark.xdist_group("german walk")
def test_no_german_word_is_too_long_for_a_small_screen(walk):
    too_wide, _ = walk
    assert not too_wide


@pytest.mark.xdist_group("german walk")
def test_no_german_page_breaks_a_rule_of_accessibility(walk):
    _, broken_rules_of = walk
    assert not broken_rules_of


def test_a_note_on_english_sentences_is_only_where_one_is_on_the_page(open_page):
    page = open_page("/de/guides/x-grok-training")
    note = page.get_by_text("Manche Sätze auf dieser Seite sind noch auf Englisch.")
    assert page.locator('main [lang="en"]').count()  # names of menus, and titles of sources
    assert note.is_hidden()
    Platform.objects.filter(slug="x").update(note="The app for televisions was not read.")
    page.goto("/de/platforms/x")
    assert page.get_by_text("The app for televisions").get_attribute("lang") == "en"
    assert note.is_visible()
