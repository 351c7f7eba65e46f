"""An entry from outside sources is filled in with what is known already: page, record, timeline."""

import datetime as dt
import ipaddress

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from consent.models import Entry
from platforms.models import Host
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of, press
from tests.practice.site import PracticeSite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

ARTICLE = b"""<!doctype html><title>X trains | The Post</title>
<meta property="og:title" content="X trains on posts">
<meta property="og:site_name" content="The Post">
<meta property="article:published_time" content="2024-07-26T09:00:00Z">
<main><p>X trains its models on the posts of all people, says the company.</p></main>"""


@pytest.fixture
def newspaper(settings):
    with PracticeSite() as site:
        settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
        settings.FETCH_ALLOWED_PORTS = [site.port]
        settings.FETCH_HOST_PAUSE = 0.0
        settings.CONTACT_EMAIL = "ada@example.org"
        answer = (200, {"Content-Type": "text/html; charset=utf-8"}, ARTICLE)
        site.answers["/story"] = lambda _: answer
        yield site


def described(client, url):
    return client.post(reverse("admin:consent_entry_describe_source"), {"url": url})


def test_the_page_of_a_source_says_title_publisher_and_day(client, person, newspaper):
    client.force_login(person("Curator"))
    found = described(client, f"{newspaper.url}/story").json()
    assert found == {
        "title": "X trains on posts",
        "publisher": "The Post",
        "published_on": "2024-07-26",
    }


def test_a_page_that_robots_may_not_read_is_not_read(client, editor, newspaper):
    found = described(client, f"{newspaper.url}/private/story").json()
    assert found["trouble"].startswith("The page was not read")
    assert newspaper.requests == ["/robots.txt"]


def test_a_host_that_was_just_visited_is_left_in_peace(client, editor, newspaper, settings):
    settings.FETCH_HOST_PAUSE = 60.0
    described(client, f"{newspaper.url}/story")
    assert "left in peace" in described(client, f"{newspaper.url}/story").json()["trouble"]
    assert newspaper.requests.count("/story") == 1


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest/", "file:///etc/passwd", "javascript:alert(1)", ""]
)
def test_no_other_address_than_the_gate_lets_through_is_asked_for(client, editor, url, settings):
    settings.CONTACT_EMAIL = "ada@example.org"
    assert "trouble" in described(client, url).json()


def test_who_only_looks_sends_nobody_out(client, person, newspaper):
    client.force_login(person("Desk reader"))
    assert described(client, f"{newspaper.url}/story").status_code == 403
    assert not Host.objects.exists()


@pytest.fixture
def platform():
    return make_platform("chirp")


def written(client, platform, **fields):
    """The form of a new entry, filled in as a person would, and the look at it."""
    page = client.get(reverse("admin:consent_entry_write"), {"platform": platform.slug})
    typed = {
        "title": "Chirp trains its models on posts",
        "summary": "Chirp says so.",
        "effects": ["default-on"],
        "effective_on": "2024-08-10",
        "sources__0__url": "https://post.example/story",
        "sources__0__publisher": "The Post",
        "sources__0__published_on": "2024-08-10",
    }
    return press(client, page, "look", **typed | fields)


@pytest.mark.database
def test_an_event_that_is_on_record_already_is_asked_about_before_it_is_published(
    client, editor, platform
):
    known = make_entry(platform, title="Chirp turns training on", effective_on=dt.date(2024, 7, 26))
    look = written(client, platform)
    assert "An event like it is on record" in look.text
    merge = reverse("admin:consent_entry_revise", args=[known.pk])
    (button,) = BeautifulSoup(look.content, "lxml").select(".desk-doubts [name=carry]")
    assert button["formaction"] == merge
    unticked = press(client, look, "publish", "now", checked=None)
    assert "tick that you checked" in unticked.text
    assert Entry.objects.published().count() == 1
    press(client, unticked, "publish", "now")
    assert Entry.objects.published().count() == 2


def test_its_sources_are_carried_into_the_event_that_is_on_record(client, editor, platform):
    known = make_entry(platform, title="Chirp turns training on", effective_on=dt.date(2024, 7, 26))
    make_source(known, url="https://courier.example/first")
    more = {
        "sources__1__url": "https://courier.example/first",
        "sources__1__publisher": "The Courier",
        "sources__0__words": "Chirp trains on posts.",
    }
    look = written(client, platform, **more)
    merge = reverse("admin:consent_entry_revise", args=[known.pk])
    page = client.post(merge, fields_of(look, "[name=carry]") | {"carry": "1"})
    shown = press(client, page, "look")
    done = press(client, shown, "publish", "now")
    assert "In public now" in done.text
    sources = known.sources.order_by("position")
    assert [source.url for source in sources] == [
        "https://courier.example/first",
        "https://post.example/story",
    ]
    assert sources[1].publisher == "The Post"
    assert sources[1].published_on == dt.date(2024, 8, 10)
    assert sources[1].passages.get().words == "Chirp trains on posts."
    assert known.revisions.get().reason == "More sources."
    assert Entry.objects.count() == 1


def test_without_a_date_the_day_of_the_earliest_source_counts_as_reported(client, editor, platform):
    more = {
        "sources__1__url": "https://courier.example/story",
        "sources__1__publisher": "The Courier",
        "sources__1__published_on": "2024-07-26",
    }
    look = written(client, platform, effective_on="", **more)
    assert "Reported: 2024-07-26" in " ".join(look.context["rehearsal"].dates)
    unticked = press(client, look, "publish", "now", checked=None)
    assert "do the sources not say from when?" in unticked.text
    press(client, unticked, "publish", "now")
    published = Entry.objects.published().get()
    assert published.timeline_on == dt.date(2024, 7, 26)
    page = client.get(published.get_absolute_url())
    assert "Reported" in page.text
    assert "Announced" not in page.text


def test_where_no_kind_of_data_is_ticked_those_of_the_uses_count(client, editor, platform):
    use = make_use(platform, data_kinds=["chats", "files"])
    make_use(platform)
    look = written(client, platform, uses=[str(use.pk)], effects=["came-to-light"])
    assert look.context["rehearsal"].data_kinds == ("chats", "files")
    press(client, look, "publish", "now")
    assert Entry.objects.published().get().data_kinds == ["chats", "files"]


def test_the_only_use_of_a_platform_is_ticked_with_its_kinds_of_data(client, editor, platform):
    use = make_use(platform, data_kinds=["chats"])
    page = client.get(reverse("admin:consent_entry_write"), {"platform": platform.slug})
    sent = fields_of(page, "[name=version]")
    assert (sent["uses"], sent["data_kinds"]) == (str(use.pk), "chats")


def test_a_use_in_named_places_is_moved_where_somebody_ticks_it(client, editor, platform):
    use = make_use(platform, places=["EEA"], title_if_not="Posts do not train Chirp")
    make_state(use, value="not-used", starts_on=dt.date(2020, 1, 1))
    with arranged():
        elsewhere = make_branch(use, places=["US"])
    make_state(elsewhere, value="not-used", starts_on=dt.date(2020, 1, 1))
    make_control(use)
    europe = use.branches.exclude(pk=elsewhere.pk).get()
    look = written(client, platform, uses=[str(use.pk)], places=["EEA"])
    box = f"branch-{europe.pk}-agreed"
    boxes = BeautifulSoup(look.content, "lxml").select(".desk-proposal [name$=-agreed]")
    assert [each["name"] for each in boxes] == [box]
    assert "you changed something" in press(client, look, "publish", "now").text.lower()
    moved = press(client, look, "look", **{box: "on"})
    press(client, moved, "publish", "now")
    assert europe.states.order_by("starts_on").last().value == "unless-refused"
    assert europe.states.order_by("starts_on").last().starts_on == dt.date(2024, 8, 10)
    assert elsewhere.states.count() == 1


def test_without_a_date_anywhere_an_entry_is_not_published(client, editor, platform):
    refused = written(client, platform, effective_on="", sources__0__published_on="")
    assert "or the day of a source" in refused.text
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "known",
    [
        {"effective_on": dt.date(2024, 6, 1)},
        {"effects": ["opt-out-added"]},
    ],
)
def test_another_event_of_the_platform_is_no_doubt(client, editor, platform, known):
    make_entry(platform, **{"effective_on": dt.date(2024, 8, 1)} | known)
    make_entry(make_platform("other"), effective_on=dt.date(2024, 8, 1))
    assert "An event like it" not in written(client, platform).text


def test_what_is_on_record_stands_beside_the_form_with_its_number(client, editor, platform):
    for number in range(27):
        make_entry(platform, title=f"Event {number}", effective_on=dt.date(2024, 1, 1 + number))
    make_entry(make_platform(), title="Of another platform")
    page = client.get(reverse("admin:consent_entry_write"), {"platform": platform.slug})
    aside = BeautifulSoup(page.content, "lxml").select_one(".desk-timeline")
    assert aside.h2.text == "On record: 27"
    assert [item.a.text for item in aside.select("li")][:2] == ["Event 26", "Event 25"]
    assert len(aside.select("li")) == 25
    whole = aside.select_one("p a")
    assert whole.text == "2 more"
    listed = client.get(whole["href"]).text
    assert "Event 26" in listed
    assert "Of another platform" not in listed


def test_entries_of_the_platform_come_first_among_those_to_follow(client, editor, platform):
    own = make_entry(platform, title="Own", effective_on=dt.date(2020, 1, 1))
    other = make_entry(make_platform("other"), title="Other", effective_on=dt.date(2025, 1, 1))
    page = client.get(reverse("admin:consent_entry_write"), {"platform": platform.slug})
    options = BeautifulSoup(page.content, "lxml").select("#id_follows option")
    assert [option["value"] for option in options] == ["", str(own.pk), str(other.pk)]


def test_a_long_title_is_refused_whole_and_never_cut(client, editor, platform):
    long = "Chirp trains " + "on posts " * 20
    refused = written(client, platform, title=long)
    box = BeautifulSoup(refused.content, "lxml").select_one("#id_title")
    assert refused.status_code == 422
    assert box["value"].strip() == long.strip()
    assert "maxlength" not in box.attrs


def test_a_curator_writes_a_draft_that_an_editor_publishes(client, person, platform):
    client.force_login(person("Curator", name="carol"))
    dates = client.get(reverse("admin:consent_change_dates"))
    assert "Write an entry from outside sources" in dates.text
    page = client.get(reverse("admin:consent_entry_write"), {"platform": platform.slug})
    typed = {
        "title": "Chirp trains",
        "summary": "Chirp says so.",
        "effects": ["default-on"],
        "effective_on": "2024-08-10",
        "sources__0__url": "https://post.example/story",
        "sources__0__publisher": "The Post",
        "sources__0__published_on": "2024-08-10",
    }
    assert 'name="look"' not in page.text
    press(client, page, "draft", **typed)
    draft = Entry.objects.get()
    assert draft.status == "draft"
    client.force_login(person("Editor", name="eva"))
    form = client.get(reverse("admin:consent_entry_publish", args=[draft.pk]))
    press(client, press(client, form, "look"), "publish", "now")
    assert Entry.objects.published().get() == draft


def test_empty_fields_are_folded_and_sent_all_the_same(client, editor, platform):
    draft = make_entry(platform, status="draft", published_at=None, note="They disagree.")
    make_source(draft)
    page = client.get(reverse("admin:consent_entry_publish", args=[draft.pk]))
    folded = BeautifulSoup(page.content, "lxml").select_one(".desk-folded")
    names = {field["name"] for field in folded.select("[name]")}
    assert {"decided_on", "decided_precision", "follows"} <= names
    assert not {"note", "title", "effective_on"} & names
    refused = press(client, page, "look", decided_on="2024-07-01")
    folded = BeautifulSoup(refused.content, "lxml").select_one(".desk-folded")
    assert not folded.select("[name=decided_on]")


def test_an_event_on_record_for_a_product_of_the_same_company_gets_the_sources_and_the_platform(
    client, editor, platform
):
    sibling = make_platform("perch", operator="Perch", owners=[{"name": platform.operator}])
    known = make_entry(sibling, title="Perch turns training on", effective_on=dt.date(2024, 7, 26))
    make_source(known, url="https://courier.example/first")
    look = written(client, platform)
    assert "An event like it is on record: “Perch turns training on”" in look.text
    merge = reverse("admin:consent_entry_revise", args=[known.pk])
    page = client.post(merge, fields_of(look, "[name=carry]") | {"carry": "1"})
    press(client, press(client, page, "look"), "publish", "now")
    assert set(known.platforms.all()) == {platform, sibling}
    assert known.sources.filter(url="https://post.example/story").exists()
    revision = known.revisions.get()
    assert {"field": "Platforms", "before": "Perch", "after": "Chirp; Perch"} in revision.changed
    undo = reverse("admin:consent_entry_unrevise", args=[known.pk])
    client.post(undo, {"revision": revision.pk})
    assert known.platforms.get() == sibling


def test_an_event_of_another_company_is_no_doubt(client, editor, platform):
    other = make_platform("rival")
    make_entry(other, title="Rival turns training on", effective_on=dt.date(2024, 7, 26))
    assert "An event like it" not in written(client, platform).text
