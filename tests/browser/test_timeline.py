"""The timeline with its script, which saves a whole page each time and changes nothing else."""

import json
import re

import pytest

pytestmark = pytest.mark.browser


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_a_filter_takes_hold_at_once_and_the_focus_stays_on_it(open_page):
    page = open_page("/timeline")
    page.evaluate("window.stayed = true")
    page.get_by_label("Platform", exact=True).focus()
    page.get_by_label("Platform", exact=True).select_option("X")
    page.wait_for_url("**/timeline?platform=x")
    page.get_by_role("heading", level=1, name="Timeline: X").wait_for()
    assert page.title() == "Timeline: X · Default On"
    assert "changes" in page.get_by_role("status").inner_text()
    assert focused(page) == "id_platform"
    assert page.evaluate("window.stayed")


def test_typing_a_date_or_words_asks_once(open_page):
    page = open_page("/timeline")
    asked = []
    page.on("request", lambda sent: asked.append(sent.url) if sent.headers.get("hx-request") else 0)
    page.get_by_label("Words").fill("Grok")
    page.keyboard.press("Enter")
    page.wait_for_url("**/timeline?q=Grok")
    page.get_by_text("More filters").click()
    page.get_by_label("From").focus()
    page.keyboard.type("07012024")
    page.wait_for_url("**/timeline?q=Grok&since=2024-07-01")
    assert len(asked) == 2


def test_going_back_brings_the_view_before_and_its_form(open_page):
    page = open_page("/timeline")
    page.get_by_label("Platform", exact=True).select_option("X")
    page.wait_for_url("**/timeline?platform=x")
    page.go_back()
    page.get_by_role("heading", level=1, name="Timeline", exact=True).wait_for()
    assert page.get_by_label("Platform", exact=True).input_value() == ""


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_older_changes_follow_with_the_focus_on_the_first_of_them(open_page, script):
    page = open_page("/timeline", script=script)
    rows = page.locator(".row")
    before = rows.count()
    page.get_by_role("link", name="Older changes").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**older=*")
    first = page.locator("[id^=after-]")
    first.wait_for()
    if script:
        assert rows.count() > before
        assert rows.nth(before).locator("[id^=after-]").count() == 1
        assert focused(page) == first.get_attribute("id")
    else:
        assert page.url.endswith(f"#{first.get_attribute('id')}")
    twice = page.locator("[id]").evaluate_all(
        "all => all.map(each => each.id).filter((id, at, ids) => ids.indexOf(id) !== at)"
    )
    assert twice == []


def test_a_month_of_the_histogram_is_reached_by_keyboard(open_page):
    page = open_page("/timeline?platform=x", script=False)
    month = page.get_by_role("link", name=re.compile("^July 2024: [2-9] changes")).first
    count = month.get_attribute("data-count")
    month.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**since=2024-07-01**")
    assert page.get_by_role("status").inner_text() == f"{count} changes"


def test_the_strict_policy_has_nothing_to_object_to(open_page):
    page = open_page("/")
    said = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/changes/89ef30442b", "/matrix", "/platforms/x", "/guides/x-grok-training"):
        page.goto(path)
        # Data is kept in the page, and is no script that the policy could forbid.
        data = page.locator("script[type='application/ld+json']").text_content()
        assert json.loads(data)["@context"] == "https://schema.org"
    page.goto("/timeline")
    page.get_by_label("Platform", exact=True).select_option("X")
    page.wait_for_url("**/timeline?platform=x")
    assert [text for text in said if "Content Security Policy" in text] == []
