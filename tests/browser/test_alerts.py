"""Signing up, managing and leaving, in a real browser."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from consent.alerts.sending.delivery import send_due
from consent.alerts.subscriptions import tokens
from consent.models import Subscriber
from consent.vocabulary import SubscriberState, TokenPurpose
from tests.browser.accessibility import broken_in_each_view, open_details
from tests.browser.conftest import follow, keep_screenshot
from tests.consent.alerts.readers import links, make_reader
from tests.sweeps import some

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def place(settings, site, monkeypatch):
    settings.SITE_URL = site
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr("consent.web.open_forms.MINIMUM_SECONDS", -1)  # browsers type fast here


def link_in_the_latest_mail(word):
    send_due()
    found = [url for url in links(mail.outbox[-1].body) if f"/{word}/" in url]
    assert len(found) == 1, mail.outbox[-1].body
    return found[0]


def sign_up_from_home(page):
    page.goto("/")
    page.get_by_label("Your mail address").fill("ada@mail.example")
    page.get_by_role("button", name="Get alerts").click()
    page.wait_for_url("**/subscribe/start")
    assert page.get_by_label("Your mail address").input_value() == "ada@mail.example"
    page.get_by_label("AI training turned on, on any platform").uncheck()
    page.get_by_text("More to hear about").click()
    page.get_by_text("All platforms").click()
    page.get_by_label("X", exact=True).check()
    page.get_by_role("button", name="Send me the confirmation").click()
    page.wait_for_url("**/subscribe")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_from_the_home_page_to_the_last_unsubscribe(open_page, script):
    page = open_page("/", width=360, script=script)
    sign_up_from_home(page)
    assert "ada@mail.example" in page.get_by_role("main").inner_text()
    page.goto(link_in_the_latest_mail("confirm"))
    button = page.get_by_role("button", name="Start my alerts")
    assert button.evaluate("element => element === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts/*")
    assert page.get_by_role("status").inner_text() == "You are set. A mail says the same."
    assert page.get_by_role("heading", name="X", exact=True).is_visible()
    page.get_by_label("How often").select_option("Once a week")
    page.get_by_role("button", name="Save X", exact=True).click()
    page.wait_for_url("**done=changed")
    assert "next digest" in page.get_by_role("main").inner_text()
    page.goto(link_in_the_latest_mail("u"))
    follow(page.get_by_role("button", name="End all alerts"))
    assert page.get_by_role("heading", level=1).inner_text() == "No more alerts come"
    assert Subscriber.objects.get().state == "left"


def pages():
    """An address for every page that a link of ours opens, in every state."""
    now = timezone.now()
    found = {"subscribe": "/subscribe", "subscribe-view": "/subscribe?view=platform%3Dx"}
    found |= {"subscribe-platform": "/subscribe?platform=x&platform=facebook"}
    found |= {"link": "/alerts", "dead-unknown": "/confirm/nonsense"}
    at = {"paused": "paused_until", "bounced": "bounced_at", "left": "left_at"}
    for state in sorted(set(SubscriberState.values) - {"pending"}):
        reader = make_reader(
            f"{state}@mail.example",
            ("turns-on", ""),
            ("platform", "x"),
            state=state,
            **({at[state]: now} if state in at else {"asked_at": now}),
        )
        found[f"manage-{state}"] = f"/alerts/{tokens.manage_text(reader)}"
        if state in ("active", "left"):
            found[f"unsubscribe-{state}"] = f"/u/{tokens.unsubscribe_text(reader.pk)}"
    reader = make_reader("new@mail.example", state="pending")
    choices = {"subjects": [["platform", "x"]], "frequency": "daily", "reminders": True}
    replaced, used, expired, live = (
        tokens.issue(make_reader(state="pending"), TokenPurpose.CONFIRM, choices, now)
        for _ in range(4)
    )
    for token, changed in (
        (replaced, {"replaced_at": now}),
        (used, {"used_at": now}),
        (expired, {"expires_at": now - dt.timedelta(days=1)}),
    ):
        type(token).objects.filter(pk=token.pk).update(**changed)
    for name, token in (("replaced", replaced), ("used", used), ("expired", expired)):
        found[f"dead-{name}"] = f"/confirm/{tokens.link_text(token)}"
    found["confirm"] = f"/confirm/{tokens.link_text(live)}"
    moved = tokens.issue(reader, TokenPurpose.NEW_ADDRESS, {"address": "b@mail.example"}, now)
    found["new-address"] = f"/address/{tokens.link_text(moved)}"
    return found


def test_no_page_of_alerts_breaks_a_rule_of_accessibility(open_page):
    page = open_page("/subscribe")
    found, too_wide = {}, {}

    def look(name):
        def measure(width):
            keep_screenshot(page, f"alerts-{name}-{width}")
            open_details(page)
            if (content := page.evaluate("document.documentElement.scrollWidth")) > width:
                too_wide[name, width] = content

        if broken := broken_in_each_view(page, measure):
            found[name] = broken

    for name, path in some(pages().items(), 4):
        page.goto(path)
        look(name)
    page.goto("/alerts")
    page.get_by_label("Your mail address").fill("nobody@mail.example")
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("heading", name="Check your mail").wait_for()
    look("sent")
    sign_up_from_home(page)
    look("check")
    page.get_by_role("textbox", name="Six digits").fill("123456")
    page.get_by_role("button", name="Start my alerts").click()
    page.wait_for_url("**/subscribe/code")
    look("wrong-digits")
    page.goto("/subscribe")
    page.get_by_label("AI training turned on, on any platform").uncheck()
    page.get_by_label("Your mail address").fill("ada@mail.example")
    page.get_by_role("button", name="Send me the confirmation").click()
    page.get_by_text("Not sent yet").wait_for()
    look("mistake")
    assert not found
    assert not too_wide
