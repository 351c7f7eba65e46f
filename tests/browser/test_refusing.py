"""From a guide, a checklist and a sign-up to the act, in a real browser."""

import pytest
from django.core import mail

from consent.alerts.sending.delivery import send_due
from consent.models import Subscription
from tests.browser.conftest import follow

pytestmark = pytest.mark.browser

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
GUIDE = "/guides/x-grok-training"


def test_the_steps_for_the_phone_in_hand_come_first(open_page):
    page = open_page(GUIDE, width=360, user_agent=IPHONE)
    steps = page.locator("section.surface")
    assert [each.get_attribute("id") for each in steps.all()] == ["ios", "web", "android"]
    links = page.locator(".device-links li").all_inner_texts()
    assert links[:2] == ["iPhone and iPad (4) (this device)", "Web (5)"]
    button = page.get_by_role("link", name="Open it on x.com").first
    assert button.bounding_box()["y"] < 740  # without scrolling on a small phone
    assert button.get_attribute("href") == "https://x.com/settings/grok_settings"
    plain = open_page(GUIDE, width=360, user_agent=IPHONE, script=False)
    assert plain.locator("section.surface").first.get_attribute("id") == "web"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_guides_are_narrowed_by_name_and_category(open_page, script):
    page = open_page("/guides", width=360, script=script)
    form = page.get_by_role("form", name="Filter the guides")
    form.get_by_label("Category").select_option("Social")
    field = form.get_by_label("Platform, switch or words")
    field.press_sequentially("grok") if script else field.fill("grok")
    if not script:
        follow(form.get_by_role("button", name="Show"))
    page.wait_for_function("() => document.querySelectorAll('.guide-line').length < 5")
    shown = page.locator(".guide-line")
    assert f"{shown.count()} guide" in page.locator("#result-count").inner_text()
    assert shown.first.inner_text().startswith("Turn off AI training on your X posts")
    assert "q=grok" in page.url
    assert field.input_value() == "grok"


def test_a_checklist_is_made_by_typing_names_without_script(open_page):
    page = open_page("/checklist", width=360, script=False)
    page.get_by_label("What do you use?").fill("X, Faceboook, xyzzyplugh")
    follow(page.get_by_role("button", name="Make my checklist").first)
    page.wait_for_url("**p=x&p=facebook*")
    assert "nothing on record under this name: xyzzyplugh" in page.locator(".notice").inner_text()
    platforms = {each.inner_text() for each in page.locator(".task-platform").all()}
    assert {"X", "Facebook"} <= platforms


@pytest.mark.parametrize("address", ["/for/teachers?p=chatgpt", "/checklist?p=x"])
def test_a_sheet_is_printed_by_a_button_that_is_there_only_with_script(open_page, address):
    page = open_page(address, width=360)
    page.evaluate("window.print = () => { window.printed = true; }")
    button = page.get_by_role("button", name="Print")
    assert button.bounding_box()["y"] < 740  # without scrolling on a small phone
    button.click()
    assert page.evaluate("window.printed")
    plain = open_page(address, width=360, script=False)
    assert not plain.get_by_role("button", name="Print").count()


def test_a_printed_list_ends_with_its_address(open_page):
    page = open_page("/de/checklist?p=x")
    page.emulate_media(media="print")
    shown = [each for each in page.locator("main > *").all() if each.is_visible()]
    assert "Gedruckt von" in shown[-1].inner_text()


def test_a_printed_list_says_what_needs_nothing(open_page):
    page = open_page("/checklist?p=whatsapp")
    fold = page.locator(".at-rest").first
    sentence = fold.locator("li").first
    assert not sentence.is_visible()
    page.emulate_media(media="print")
    assert "nothing from you" in fold.locator("summary").inner_text()
    assert sentence.is_visible()


def test_the_first_thing_to_do_is_seen_without_scrolling(open_page):
    page = open_page("/checklist?p=x&p=instagram&p=facebook", width=360)
    first = page.locator(".task .task-title").first.bounding_box()
    assert first["y"] + first["height"] < 740


def test_who_comes_from_a_platform_follows_what_turns_training_on_there(
    open_page, settings, site, monkeypatch
):
    settings.SITE_URL = site
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr("consent.web.open_forms.MINIMUM_SECONDS", -1)
    page = open_page("/platforms/x", width=360, script=False)
    follow(page.locator('main a[href^="/subscribe?platform=x"]').first)
    assert page.get_by_label("Time zone").is_hidden()
    page.get_by_label("Your mail address").fill("ada@mail.example")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_label("Of these, only when AI training is turned on").is_checked()
    follow(page.get_by_role("button", name="Send me the confirmation"))
    assert "X, only when AI training is turned on" in page.get_by_role("main").inner_text()
    send_due()
    assert "X, only when AI training is turned on" in mail.outbox[0].body
    (link,) = [word for word in mail.outbox[0].body.split() if "/confirm/" in word]
    page.goto(link)
    follow(page.get_by_role("button", name="Start my alerts"))
    follow(page.get_by_role("link", name="Turn off AI training on your X posts and Grok chats"))
    assert page.locator(".steps .step").first.is_visible()
    kept = Subscription.objects.get()
    assert (kept.scope, kept.value, kept.only_turned_on) == ("platform", "x", True)
