"""Telling us something, in a real browser: without script, by keyboard, on a small screen."""

import pytest

from consent.models import Answer, ReaderReport
from tests.browser.accessibility import broken_in_each_view, resize
from tests.browser.conftest import keep_screenshot
from tests.sweeps import some

pytestmark = pytest.mark.browser

GUIDE = "/guides/x-grok-training"
PAGES = {
    "poll": f"{GUIDE}/answer",
    "poll-yes": f"{GUIDE}/answer?worked=yes",
    "poll-no": f"{GUIDE}/answer?worked=no",
    "poll-thanks": f"{GUIDE}/answered?worked=no",
    "report": "/report?about=/platforms/x",
    "report-thanks": "/report/sent",
    "request-platform": "/report/platform?name=Chirp",
    "request-thanks": "/report/platform/sent",
}


@pytest.fixture
def patient(monkeypatch):
    """Hands that are quicker than people's: the form does not mind."""
    monkeypatch.setattr("consent.web.open_forms.MINIMUM_SECONDS", -1)


def tab_to(page, target):
    """Press Tab until something has the focus, as who has no mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("not reached by Tab")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_reader_says_where_the_steps_stopped(open_page, script):
    page = open_page(GUIDE, script=script)
    page.get_by_role("link", name="No (the steps did not work)").click()
    page.get_by_role("button", name="Send: no, it did not work").click()
    summary = page.locator(".error-summary")
    assert "Choose the place where it stopped" in summary.inner_text()
    page.get_by_label("Where did it stop?").select_option("web-2")
    page.get_by_label("What did you see instead?").fill("The menu is called otherwise.")
    page.get_by_role("button", name="Send: no, it did not work").click()
    page.wait_for_url("**/answered?worked=no")
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you"
    kept = Answer.objects.get()
    assert (kept.worked, kept.surface, kept.step) == ("no", "web", 2)
    assert kept.note == "The menu is called otherwise."


def test_a_reader_without_a_mouse_answers_and_reports(open_page, patient):
    page = open_page(GUIDE)
    tab_to(page, page.get_by_role("link", name="Yes (the steps worked)"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer?worked=yes")
    tab_to(page, page.get_by_role("button", name="Send: yes, it worked"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/answered?worked=yes")
    assert Answer.objects.get().worked == "yes"

    page.goto(GUIDE)
    tab_to(
        page, page.get_by_role("link", name="Something on this page is wrong? Suggest a correction")
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/report?about=*")
    assert page.get_by_label("On which page?").input_value() == GUIDE
    tab_to(page, page.get_by_label("What is wrong?"))
    page.keyboard.type("Step 2 has another name by now.")
    tab_to(page, page.get_by_role("button", name="Send the report"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/sent?number=*")
    assert ReaderReport.objects.get().about == GUIDE


def test_a_search_in_vain_ends_in_a_request_without_script(open_page, patient):
    page = open_page("/search?q=zzzzzz", script=False)
    page.get_by_role("link", name="Request this platform").click()
    assert page.get_by_label("Which platform?").input_value() == "zzzzzz"
    page.get_by_label("Where does it tell about training?").fill("nothing at all")
    page.get_by_role("button", name="Send the request").click()
    assert "Give the whole address" in page.locator(".error-summary").inner_text()
    page.get_by_label("Where does it tell about training?").fill("zzzzzz.example/help")
    page.get_by_role("button", name="Send the request").click()
    page.wait_for_url("**/report/platform/sent?number=*")
    kept = ReaderReport.objects.get()
    assert (kept.kind, kept.name, kept.url) == ("platform", "zzzzzz", "https://zzzzzz.example/help")


def test_no_form_has_to_be_scrolled_sideways_on_a_small_screen(open_page):
    page = open_page("/")
    for path in PAGES.values():
        page.goto(path)
        for width in (320, 360):
            resize(page, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_no_form_breaks_a_rule_of_accessibility(open_page):
    page = open_page("/")
    found = {}

    def look(name):
        broken = broken_in_each_view(page, lambda width: keep_screenshot(page, f"{name}-{width}"))
        if broken:
            found[name] = broken

    for name, path in some(PAGES.items(), 3):
        page.goto(path)
        look(name)
    page.goto(PAGES["report"])
    page.get_by_label("Where can we see it?").fill("no address")
    page.get_by_role("button", name="Send the report").click()
    page.locator(".error-summary").wait_for()
    look("report-mistakes")
    assert not found
    assert page.asked_elsewhere == []
