"""The whole way of one reader, with a real mail server: from the home page to silence."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.alerts.mails.compose import render_batch
from consent.alerts.sending.delivery import claim, send_due
from consent.alerts.subscriptions.retention import update_subscribers
from consent.models import Alert, Letter, Subscriber, Subscription, Token
from consent.vocabulary import SubscriberState
from tests.consent.alerts.readers import links, make_reader, parts, publish
from tests.factories import make_control, make_guide, make_platform, make_use
from tests.pages import fields_of

# On PostgreSQL: what is marked. The rest is about pages, forms and words of mails.
pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


def filled(page, **fields):
    """The form's fields as a browser would send them, with what a reader typed."""
    form = BeautifulSoup(page, "lxml").select_one("main form[method=post]")
    data = {}
    for field in form.select("input[name]"):
        if field.get("type") in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        data[field["name"]] = field.get("value", "")
    for field in form.select("select[name]"):
        chosen = field.select_one("option[selected]") or field.select_one("option")
        data[field["name"]] = chosen["value"]
    return data | fields


def sign_up(client, clock, address="ada@mail.example", **fields):
    page = client.post("/subscribe/start", {"address": address}).text
    clock.move(seconds=10)
    return client.post("/subscribe", filled(page, **fields))


@pytest.mark.database
def test_from_the_home_page_to_the_first_alert_and_to_silence(client, clock, mailbox, deliver):
    chirp = make_platform("chirp", name="Chirp")
    home = BeautifulSoup(client.get("/").text, "lxml")
    form = home.select_one("form[action='/subscribe/start']")
    assert form is not None
    assert not client.cookies
    page = client.post("/subscribe/start", {"address": "ada@mail.example"}).text
    assert 'value="ada@mail.example"' in page
    clock.move(seconds=10)
    answer = client.post("/subscribe", filled(page, what="everything"))
    assert answer.status_code == 200
    assert "ada@mail.example" in answer.text
    deliver()
    (m1,) = mailbox.mails
    assert m1["Subject"] == "Confirm your alerts: one step left"
    assert m1["List-Unsubscribe"] is None

    (link,) = [url for url in links(parts(m1)[0]) if "/confirm/" in url]
    path = link.removeprefix("https://defaulton.example")
    assert "Start my alerts" in client.get(path).text
    assert Subscriber.objects.get().state == "pending"
    manage = client.post(path, follow=True)
    assert "You are set" in manage.text
    assert Subscriber.objects.get().state == "active"
    deliver()
    assert mailbox.subjects()[1].startswith("You are set: every change, as it happens")

    publish(chirp, title="Chirp trains on posts")
    assert deliver(minutes=9).sent == 0
    assert deliver(minutes=2).sent == 1
    alert = mailbox.mails[-1]
    url = re.search(r"<(https://[^>]+)>", alert["List-Unsubscribe"])[1]
    one_click = url.removeprefix("https://defaulton.example")
    for _ in range(2):
        gone = client.post(one_click, {"List-Unsubscribe": "One-Click"})
        assert (gone.status_code, gone.content) == (200, b"")
        assert not gone.cookies
    publish(chirp, title="Chirp trains on more posts")
    deliver(minutes=11)
    assert mailbox.mails[-1] is alert


@pytest.mark.parametrize("content_type", ["urlencoded", "multipart"])
def test_one_click_takes_both_kinds_of_form_without_csrf_token(client, content_type):
    from django.test import Client

    from consent.alerts.subscriptions.tokens import unsubscribe_text

    reader = make_reader()
    strict = Client(enforce_csrf_checks=True)
    path = f"/u/{unsubscribe_text(reader.pk)}"
    if content_type == "multipart":
        answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    else:
        answer = strict.post(
            path,
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
    reader.refresh_from_db()
    assert (answer.status_code, reader.state) == (200, "left")


def test_pages_of_a_platform_and_of_its_changes_lead_to_alerts_about_it(client):
    chirp = make_platform("chirp")
    entry = publish(chirp)
    for path in (chirp.get_absolute_url(), entry.get_absolute_url()):
        page = BeautifulSoup(client.get(path).text, "lxml")
        link = page.select_one('main a[href^="/subscribe?"]')
        form = BeautifulSoup(client.get(link["href"]).text, "lxml")
        assert not form.select("input[name=what][checked]")
        ticked = form.select_one('input[name=platforms][value="chirp"]')
        assert ticked.has_attr("checked")
        assert ticked.find_parent("details") is None


def test_six_digits_do_what_the_link_does(client, clock, mailbox, deliver):
    sign_up(client, clock)
    deliver()
    code = re.search(r"within 30 minutes: (\d{6})", parts(mailbox.mails[0])[0])[1]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    data = {"address": "Ada@mail.example", "code": wrong}
    assert client.post("/subscribe/code", data).status_code == 422
    assert client.post("/subscribe/code", data | {"code": code}).status_code == 302
    assert Subscriber.objects.get().state == "active"


def test_five_wrong_tries_end_the_digits_but_not_the_link(client, clock, mailbox, deliver):
    sign_up(client, clock)
    deliver()
    text = parts(mailbox.mails[0])[0]
    code = re.search(r"within 30 minutes: (\d{6})", text)[1]
    data = {"address": "ada@mail.example", "code": "000000" if code != "000000" else "111111"}
    for _ in range(5):
        client.post("/subscribe/code", data)
    assert client.post("/subscribe/code", data | {"code": code}).status_code == 422
    (link,) = [url for url in links(text) if "/confirm/" in url]
    client.post(link.removeprefix("https://defaulton.example"))
    assert Subscriber.objects.get().state == "active"


def test_many_forms_for_one_address_send_one_mail_an_hour_and_three_a_day(
    client, clock, mailbox, deliver, settings, monkeypatch
):
    monkeypatch.setattr("consent.web.open_forms.PER_NETWORK", 1000)
    page = client.get("/subscribe?what=turns-on").text
    data = filled(page, address="ada@mail.example")
    for hour in range(6):
        clock.move(seconds=10)
        for _ in range(15 if hour == 0 else 3):
            assert client.post("/subscribe", data).status_code == 200
        deliver(minutes=61)
    assert mailbox.subjects() == ["Confirm your alerts: one step left"] * 3


@pytest.mark.database
def test_known_and_unknown_addresses_get_the_same_answer_by_the_same_work(client, clock, mailbox):
    for state in SubscriberState.values:
        make_reader(f"{state}@mail.example", state=state)
    sign_up(client, clock, "lately@mail.example")
    send_due()
    for path in ("/subscribe", "/alerts"):
        answers, asked = set(), set()
        for name in (*SubscriberState.values, "nobody", "lately"):
            data = {"address": f"{name}@mail.example"}
            if path == "/subscribe":
                page = client.get("/subscribe?what=turns-on").text
                clock.move(seconds=10)
                data = filled(page, **data)
            with CaptureQueriesContext(connection) as queries:
                answer = client.post(path, data)
            text = re.sub(r'name="(csrfmiddlewaretoken|started)" value="[^"]+"', "", answer.text)
            headers = {k: v for k, v in answer.items() if k not in ("Content-Length", "Expires")}
            told = answer.status_code, text.replace(f"{name}@", "NAME@"), str(headers)
            answers.add(told)
            asked.add(tuple(query["sql"].split()[0] for query in queries))
        assert len(answers) == 1
        assert len(asked) == 1


def test_a_sign_up_on_its_way_keeps_its_link_and_takes_the_latest_choices(
    client, clock, mailbox, deliver
):
    sign_up(client, clock, what="everything")
    deliver()
    sign_up(client, clock, what="turns-on")
    deliver()
    assert len(mailbox.mails) == 1
    (link,) = [url for url in links(parts(mailbox.mails[0])[0]) if "/confirm/" in url]
    client.post(link.removeprefix("https://defaulton.example"))
    assert Subscription.objects.get().scope == "turns-on"


def test_a_worker_that_dies_before_sending_leaves_the_link_as_it_was(client, clock):
    sign_up(client, clock)
    ((_letter, first),) = render_batch(claim(Letter))
    clock.move(minutes=11)
    ((_letter, again),) = render_batch(claim(Letter))
    assert links(first.text) == links(again.text)
    assert Token.objects.count() == 1


def test_an_address_that_never_confirms_is_nowhere_after_a_week(client, clock, mailbox, deliver):
    sign_up(client, clock)
    sign_up(client, clock)
    client.post("/alerts", {"address": "ada@mail.example"})
    deliver()
    clock.move(days=8)
    update_subscribers(timezone.now())
    assert not Subscriber.objects.exists()
    assert not Letter.objects.exists()


def test_who_complained_is_not_written_to_again(client, clock, mailbox, deliver):
    make_reader("spam@mail.example", state="complained")
    sign_up(client, clock, "spam@mail.example")
    client.post("/alerts", {"address": "spam@mail.example"})
    deliver()
    assert mailbox.mails == []


def test_a_filled_honeypot_gets_the_usual_answer_and_no_mail(client, clock, mailbox, deliver):
    assert sign_up(client, clock, website="https://spam.example").status_code == 200
    deliver()
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        ("  Ada@Mail.Example ", "Ada@Mail.Example"),
        ("ada+news@mail.example", "ada+news@mail.example"),
        ("o'neill@mail.example", "o'neill@mail.example"),
        ('"ada"@mail.example', "ada@mail.example"),  # one address, written in two ways
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_addresses_of_any_form_get_their_mail(client, clock, mailbox, deliver, typed, sent_to):
    assert sign_up(client, clock, typed).status_code == 200
    deliver()
    (_sender, to, mail) = mailbox.accepted[0]
    assert to == sent_to
    (link,) = [url for url in links(parts(mail)[0]) if "/confirm/" in url]
    client.post(link.removeprefix("https://defaulton.example"))
    assert Subscriber.objects.get().state == "active"


@pytest.mark.parametrize("typed", ['"a b"@mail.example', "ada@💌.example", "ada", "a@b@c.example"])
def test_an_address_that_no_mail_reaches_is_said_at_once(client, clock, typed):
    answer = sign_up(client, clock, typed)
    assert answer.status_code == 422
    assert not Letter.objects.exists()


def test_the_place_is_among_the_choices_to_confirm(client, clock, mailbox, deliver):
    assert "Only what concerns people in: " in sign_up(client, clock, place="GB").text
    deliver()
    (link,) = [url for url in links(parts(mailbox.mails[0])[0]) if "/confirm/" in url]
    page = client.get(link.removeprefix("https://defaulton.example")).text
    assert "Only what concerns people in: " in page


def test_a_form_sent_at_once_is_shown_again(client, clock):
    page = client.get("/subscribe?what=turns-on").text
    answer = client.post("/subscribe", filled(page, address="ada@mail.example"))
    assert answer.status_code == 422
    assert "faster than people type" in answer.text
    assert not Subscriber.objects.exists()


def test_too_many_forms_from_one_network_are_turned_away(client, clock, monkeypatch):
    monkeypatch.setattr("consent.web.open_forms.PER_NETWORK", 2)
    statuses = [sign_up(client, clock, f"a{n}@mail.example").status_code for n in range(3)]
    assert statuses == [200, 200, 429]


def test_links_that_do_nothing_any_more_say_why(client, clock, mailbox, deliver):
    sign_up(client, clock)
    deliver()
    (first,) = [url for url in links(parts(mailbox.mails[0])[0]) if "/confirm/" in url]
    clock.move(hours=2)
    sign_up(client, clock, what="everything")
    deliver()
    (second,) = [url for url in links(parts(mailbox.mails[1])[0]) if "/confirm/" in url]
    first, second = (url.removeprefix("https://defaulton.example") for url in (first, second))
    assert "There is a newer link" in client.get(first).text
    client.post(second)
    assert "was used already" in client.get(second).text
    assert client.post(second).status_code == 410
    assert "do not know this link" in client.get("/confirm/nonsense").text


def test_an_expired_link_can_be_renewed(client, clock, mailbox, deliver):
    sign_up(client, clock)
    deliver()
    (link,) = [url for url in links(parts(mailbox.mails[0])[0]) if "/confirm/" in url]
    path = link.removeprefix("https://defaulton.example")
    clock.move(days=8)
    page = client.get(path)
    assert page.status_code == 410
    assert "has expired" in page.text
    client.post(f"{path}/again")
    deliver()
    (fresh,) = [url for url in links(parts(mailbox.mails[1])[0]) if "/confirm/" in url]
    client.post(fresh.removeprefix("https://defaulton.example"))
    assert Subscriber.objects.get().state == "active"


def test_a_view_of_what_is_reviewed_twice_says_what_mails_can_know(client):
    page = client.get("/subscribe?view=reviewed%3Don").text
    assert "This view of the timeline: Only reviewed twice" in page
    assert "not of those reviewed a second time later on" in page


def test_a_view_that_no_mail_can_follow_is_not_offered_and_says_why(client):
    page = client.get("/subscribe?view=status%3Dretracted").text
    assert "That view cannot be followed by mail" in page
    assert "This view of the timeline" not in page


def test_a_confirmed_view_of_the_timeline_alerts_of_what_it_shows(client, clock, mailbox, deliver):
    chirp, other = make_platform("chirp"), make_platform("other")
    page = client.get("/subscribe?view=platform%3Dchirp%26nonsense%3D1").text
    assert "This view of the timeline: Platform: Chirp" in page
    assert "Left out of the view: nonsense: There is no filter of this name." in page
    clock.move(seconds=5)
    client.post("/subscribe", filled(page, address="ada@mail.example"))
    deliver()
    (link,) = [url for url in links(parts(mailbox.mails[0])[0]) if "/confirm/" in url]
    client.post(link.removeprefix("https://defaulton.example"))
    publish(other)
    mine = publish(chirp)
    assert [alert.entry for alert in Alert.objects.all()] == [mine]


TYPED = "Your bank asks: open https://evil.example/login now"


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_first_mail_repeats_nothing_that_a_stranger_typed(
    client, clock, mailbox, deliver, language
):
    make_platform("chirp", name="Chirp")
    query = QueryDict(mutable=True)
    query.update({"q": TYPED, "platform": "chirp", "kind": "default-on", "since": "2024-01-01"})
    path = "/subscribe" if language == "en" else "/de/subscribe"
    page = client.get(path, {"view": query.urlencode()}).text
    clock.move(seconds=10)
    answer = client.post(path, filled(page, address="ada@mail.example", what="view"))
    assert answer.status_code == 200
    deliver()
    (m1,) = mailbox.mails
    for part in (m1["Subject"], *parts(m1)):
        assert "evil" not in part
        assert "bank" not in part
    assert "Chirp" in parts(m1)[0]
    assert "2024" in parts(m1)[0]
    assert ("A view you saved" if language == "en" else "gespeicherte Ansicht") in parts(m1)[0]
    # Who confirms sees the whole view, on our own page.
    (link,) = [url for url in links(parts(m1)[0]) if "/confirm/" in url]
    assert "evil.example" in client.get(link.removeprefix("https://defaulton.example")).text


@pytest.mark.parametrize(
    "typed", ["a\nb", "a\r\nb", "a\x0bb", "a\x85b", "a\u2028b", "a\u2029b", "a\x1b[1mb", "x" * 101]
)
def test_words_to_search_for_are_one_short_line(client, typed):
    answer = client.get("/timeline", {"q": typed})
    assert answer.status_code == 200
    assert "Words" in BeautifulSoup(answer.text, "lxml").select_one(".error-summary").text
    assert client.get(reverse("timeline-atom"), {"q": typed}).status_code == 400


def in_sight(form):
    """The fields of a form that are not folded away, by name and value."""
    folded = set(map(id, form.select("details input, details select, details textarea")))
    return [
        (field["name"], field.get("value", ""))
        for field in form.select("input, select")
        if id(field) not in folded
        and field.get("type") not in ("hidden", None)
        and not field.find_parent(attrs={"aria-hidden": "true"})
    ]


def test_what_and_how_often_are_in_sight_from_a_platform_and_the_rest_is_folded(client):
    often = [("frequency", each) for each in ("as-it-happens", "daily", "weekly")]
    make_platform("x", name="X")
    make_platform("y", name="Y")
    page = BeautifulSoup(client.get("/subscribe?platform=x").text, "lxml")
    form = page.select_one("form[method=post]:has([name=address])")
    assert in_sight(form) == [
        ("address", ""),
        ("platforms", "x"),
        ("only_turned_on", ""),
        ("what", "turns-on"),
        *often,
    ]
    # How to leave stands before the button too.
    assert form.text.index("a link that ends them all") < form.text.index("Send me the")
    sent = fields_of(client.get("/subscribe?platform=x"), "[name=address]")
    assert sent["platforms"] == "x"
    assert "what" not in sent
    anywhere = BeautifulSoup(client.get("/subscribe").text, "lxml")
    form = anywhere.select_one("form[method=post]:has([name=address])")
    assert in_sight(form) == [("address", ""), ("what", "turns-on"), *often]


def confirm_link(mailbox, number=-1):
    (link,) = [url for url in links(parts(mailbox.mails[number])[0]) if "/confirm/" in url]
    return link.removeprefix("https://defaulton.example")


def follow_x(client, clock, mailbox, deliver, **fields):
    """Sign up on the form that the page of X opens, and confirm; the new subscriptions."""
    page = client.get("/subscribe?platform=x").text
    clock.move(seconds=10)
    client.post("/subscribe", filled(page, address="ada@mail.example", **fields))
    deliver()
    client.post(confirm_link(mailbox))
    return sorted(Subscription.objects.values_list("scope", "value", "only_turned_on"))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [("platform", "x", False)]),
        ({"what": "turns-on"}, [("platform", "x", False), ("turns-on", "", False)]),
        ({"only_turned_on": "on"}, [("platform", "x", True)]),
        (
            {"only_turned_on": "on", "what": "turns-on"},
            [("platform", "x", True), ("turns-on", "", False)],
        ),
        ({"what": "some"}, [("platform", "x", False)]),  # a form of the release before
    ],
)
def test_my_platforms_and_training_turned_on_do_not_exclude_each_other(
    client, clock, mailbox, deliver, fields, expected
):
    make_platform("x", name="X")
    assert follow_x(client, clock, mailbox, deliver, **fields) == expected


def test_a_platform_followed_only_for_training_turned_on_alerts_of_nothing_else(
    client, clock, mailbox, deliver
):
    x, other = make_platform("x", name="X"), make_platform("other")
    follow_x(client, clock, mailbox, deliver, only_turned_on="on")
    publish(x, effects=["opt-out-added"])
    publish(other, effects=["default-on"])
    turned_on = publish(x, effects=["default-on"])
    assert [alert.entry for alert in Alert.objects.all()] == [turned_on]
    deliver(minutes=11)
    why = "you asked for: X, only when AI training is turned on, as it happens"
    assert why in " ".join(parts(mailbox.mails[-1])[0].split())


def test_pages_and_mails_name_the_choices_in_the_same_words(client, clock, mailbox, deliver):
    make_platform("x", name="X")
    page = client.get("/subscribe?platform=x").text
    clock.move(seconds=10)
    fields = {"place": "DE", "frequency": "daily", "reminders": "on", "only_turned_on": "on"}
    answer = client.post("/subscribe", filled(page, address="ada@mail.example", **fields))
    lines = [
        "X, only when AI training is turned on",
        "Once a day",
        "Only what concerns people in: Germany",
        "Reminders before deadlines",
    ]
    deliver()
    text, html = parts(mailbox.mails[0])
    path = confirm_link(mailbox)
    for shown in (answer.text, html, client.get(path).text):
        lists = BeautifulSoup(shown, "lxml").select("ul")
        assert lines in [[item.get_text() for item in each.select("li")] for each in lists]
    assert [line for line in text.splitlines() if line[:2] == "* "] == [
        f"* {each}" for each in lines
    ]
    client.post(path)
    deliver()
    assert f"* {lines[0]}: {'; '.join(['once a day', *lines[2:]])}" in parts(mailbox.mails[1])[0]


def test_signing_up_and_confirming_lead_to_the_guides_of_what_was_chosen(
    client, clock, mailbox, deliver
):
    for slug in ("x", "y"):
        platform = make_platform(slug)
        make_guide(platform, make_control(make_use(platform)), slug=f"{slug}-off")
    page = client.get("/subscribe?platform=x&platform=y").text
    clock.move(seconds=10)
    data = filled(page, address="ada@mail.example") | {"platforms": ["x", "y"]}
    answer = client.post("/subscribe", data)
    deliver()
    path = confirm_link(mailbox)
    confirming = client.get(path)
    confirmed = client.post(path, follow=True)
    addresses = ["/guides/x-off", "/guides/y-off", "/checklist?p=x&p=y"]
    for shown in (answer, confirming, confirmed):
        section = BeautifulSoup(shown.text, "lxml").select_one("section[aria-labelledby=now]")
        assert [link["href"] for link in section.select("a")] == addresses
    assert client.get(addresses[-1]).status_code == 200
    deliver()
    welcome, html = parts(mailbox.mails[1])
    for address in addresses:
        assert f"https://defaulton.example{address}" in links(welcome)
        assert f"https://defaulton.example{address}" in links(html.replace("&amp;", "&"))


@pytest.mark.parametrize("query", ["?what=turns-on", "?what=everything"])
def test_who_chose_no_platform_is_led_to_all_guides_and_the_checklist(client, clock, query):
    page = client.get(f"/subscribe{query}").text
    clock.move(seconds=10)
    answer = client.post("/subscribe", filled(page, address="ada@mail.example"))
    section = BeautifulSoup(answer.text, "lxml").select_one("section[aria-labelledby=now]")
    assert [link["href"] for link in section.select("a")] == ["/guides", "/checklist"]


def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(client, clock):
    make_platform("x", name="X")
    make_platform("y", name="Y")
    page = client.get("/subscribe?platform=x").text
    clock.move(seconds=10)
    data = filled(page, address="not an address", place="DE", frequency="weekly", reminders="on")
    data |= {"platforms": ["y"], "only_turned_on": "on", "time_zone": "Europe/Berlin"}
    answer = client.post("/subscribe", data)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "lxml")
    field = page.select_one("#id_address")
    assert field["value"] == "not an address"
    assert page.select_one("#id_address_error .field-error")
    ticked = {(box["name"], box.get("value")) for box in page.select("input[checked]")}
    assert ticked == {
        ("platforms", "y"),
        ("only_turned_on", None),
        ("frequency", "weekly"),
        ("reminders", None),
    }
    assert page.select_one("[name=place] [selected]")["value"] == "DE"
    assert page.select_one("[name=time_zone] [selected]")["value"] == "Europe/Berlin"


def test_who_ticks_nothing_is_told_so_at_the_question(client, clock):
    page = client.get("/subscribe?what=turns-on").text
    clock.move(seconds=10)
    data = filled(page, address="ada@mail.example")
    del data["what"]
    answer = client.post("/subscribe", data)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "lxml")
    (link,) = page.select(".error-summary a")
    error = page.select_one(link["href"]).select_one(".field-error")
    assert error.get_text() == "Tick at least one thing to hear about."
    assert page.select_one("#id_address")["value"] == "ada@mail.example"


def test_too_many_forms_do_not_lose_what_was_typed(client, clock, monkeypatch):
    monkeypatch.setattr("consent.web.open_forms.PER_NETWORK", 0)
    answer = sign_up(client, clock)
    assert answer.status_code == 429
    page = BeautifulSoup(answer.text, "lxml")
    assert "Too many forms came from your network" in page.select_one(".error-summary").get_text()
    assert page.select_one("#id_address")["value"] == "ada@mail.example"
