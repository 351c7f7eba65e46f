"""The tasks of a reader, done in a real browser."""

import pytest

from tests.browser.conftest import MODES, keep_screenshot

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "timeline": "/timeline",
    "timeline-filtered": "/timeline?platform=x&direction=less-control",
    "timeline-empty": "/timeline?platform=clearview-ai&kind=postponed",
    "change": "/changes/89ef30442b",
    "platforms": "/platforms",
    "platform": "/platforms/x",
    "platform-asof": "/platforms/x?asof=2024-06-01",
    "guides": "/guides",
    "guide": "/guides/x-grok-training",
    "status": "/status",
    "about": "/about",
    "methodology": "/methodology",
    "not-found": "/nowhere",
}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", [360, 1280])
def test_is_x_training_on_my_posts_since_when_and_how_do_i_stop_it(open_page, width, script):
    page = open_page("/", width=width, script=script)
    page.get_by_role("main").get_by_role("link", name="X", exact=True).last.click()
    setting = page.locator("#grok-training")
    assert "On by default" in setting.inner_text()
    assert "since 16 July 2024" in setting.inner_text()
    setting.get_by_role("link", name="How to say no").click()
    assert page.get_by_role("heading", level=1).inner_text() == (
        "Turn off AI training on your X posts and Grok chats"
    )
    assert page.locator(".steps .step").first.is_visible()
    keep_screenshot(page, f"two-clicks-{width}-{'script' if script else 'plain'}")


def test_the_july_2024_default_of_x_is_found_by_the_filter_of_the_timeline(open_page):
    page = open_page("/timeline", script=False)
    page.get_by_label("Platform", exact=True).select_option("X")
    page.get_by_text("More filters").click()
    page.get_by_label("Kind of change").select_option("turned on by default")
    page.get_by_role("button", name="Show").click()
    first = page.locator(".row").first
    assert "26 July 2024" in first.inner_text()
    assert "switched on by default" in first.inner_text()


def test_a_reader_without_a_mouse_gets_past_the_menu_and_sees_where_they_are(open_page):
    page = open_page("/platforms/x")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.evaluate("element => document.querySelector('main').contains(element)")
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"


@pytest.mark.parametrize("width", [320, 360])
def test_no_page_has_to_be_scrolled_sideways_on_a_small_screen(open_page, width):
    page = open_page("/", width=width)
    too_wide = {}
    for name, path in PAGES.items():
        page.goto(path)
        content = page.evaluate("document.documentElement.scrollWidth")
        if content > width:
            too_wide[name] = content
    assert not too_wide


def test_nothing_is_asked_of_anybody_else_and_no_cookie_is_kept(open_page):
    page = open_page("/")
    for path in PAGES.values():
        page.goto(path)
    assert page.asked_elsewhere == []
    assert page.context.cookies() == []


@pytest.mark.parametrize(("width", "scheme"), MODES)
def test_no_page_breaks_a_rule_of_accessibility(open_page, width, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    rules = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        "resultTypes": ["violations"],
    }
    page = open_page("/", width=width, scheme=scheme)
    found = {}
    for name, path in PAGES.items():
        page.goto(path)
        keep_screenshot(page, f"{name}-{width}-{scheme}")
        # Closed parts are read too: every word must pass.
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for violation in axe.run(page, options=rules).response["violations"]:
            found.setdefault(name, []).append(
                (violation["id"], [node["html"][:160] for node in violation["nodes"][:3]])
            )
    assert not found


def test_the_first_view_asks_for_no_more_than_ten_files(open_page):
    page = open_page("/about")
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/")
    assert 1 < len(answers) <= 10
    assert {answer.status for answer in answers} <= {200, 304}
