"""Whoever works through a filtered list stays in it; what repeats is decided once."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from consent.models import Change, Decision, Suggestion
from consent.vocabulary import ChangeStatus
from tests.factories import make_change, make_page, make_platform
from tests.pages import press

pytestmark = pytest.mark.django_db

LIST = "admin:consent_change_changelist"


def waiting(page, number, *, relevant=False, confidence=0.9, passages=()):
    change = make_change(page, f"before {number}", f"after {number}")
    Suggestion.objects.create(
        change=change,
        classifier_version=1,
        relevant=relevant,
        direction="less-control" if relevant else "neutral",
        confidence=confidence,
        passages=list(passages),
    )
    return change


@pytest.fixture
def heavy(db):
    """What the whole queue puts first."""
    return waiting(make_page(make_platform("heavy")), "heavy", relevant=True)


@pytest.fixture
def light(db):
    """Three changes of another platform that weigh little, in the order of the list."""
    page = make_page(make_platform("light"))
    return [waiting(page, number, confidence=0.5 + number / 10) for number in range(3)]


def opened(client, listing, change):
    """Follow the link of the list to a change."""
    links = BeautifulSoup(client.get(listing).content, "lxml").select("#result_list th a")
    (link,) = [each for each in links if f"/change/{change.pk}/change/" in each["href"]]
    return client.get(link["href"])


def shown(answer):
    return answer.context["item"]


@pytest.mark.database
def test_each_decision_leads_to_the_next_of_the_filtered_list(client, editor, heavy, light):
    listing = f"{reverse(LIST)}?page__platform__id__exact={light[0].page.platform_id}"
    page = opened(client, listing, light[0])
    page = press(client, page, "reason", "noise")
    assert shown(page) == light[1]
    page = press(client, page, "until")
    assert shown(page) == light[2]
    page = press(client, page, "reason", "wording")
    assert page.request["PATH_INFO"] == reverse(LIST)
    assert page.request["QUERY_STRING"] in listing
    assert "the last one of this list" in page.text
    heavy.refresh_from_db()
    assert heavy.status == ChangeStatus.WAITING


def test_the_next_is_never_the_top_of_the_queue(client, editor, heavy, light):
    page = opened(client, reverse(LIST), light[1])
    assert shown(press(client, page, "reason", "noise")) == light[2]


def test_undo_leads_back_into_the_same_list(client, editor, heavy, light):
    listing = f"{reverse(LIST)}?page__platform__id__exact={light[0].page.platform_id}"
    page = press(client, opened(client, listing, light[0]), "reason", "noise")
    form = BeautifulSoup(page.content, "lxml").select_one("form.desk-undo")
    page = client.post(form["action"], follow=True)
    assert shown(page) == light[0]
    assert [signal.pk for signal in page.context["signals"]] == [each.pk for each in light]


def test_views_of_the_difference_and_the_form_stay_in_the_list(client, editor, heavy, light):
    listing = f"{reverse(LIST)}?page__platform__id__exact={light[0].page.platform_id}"
    page = BeautifulSoup(opened(client, listing, light[0]).content, "lxml")
    for link in page.select(".desk-views a[href], [data-key='P,e'], [data-key=j], .desk-signals a"):
        assert "_changelist_filters=" in link["href"], link


def test_a_list_that_django_would_refuse_is_the_whole_queue(client, editor, light):
    address = reverse("admin:consent_change_change", args=[light[0].pk])
    page = client.get(address, {"_changelist_filters": "import=visit.nonsense"})
    assert page.context["next_item"] == light[1].pk
    page = client.get(address, {"_changelist_filters": "page__paused_reason=secret"})
    assert page.context["next_item"] == light[1].pk


PASSAGE = {"before": "", "after": "We train on your posts.", "place": "", "decides": "after"}


def test_what_says_the_same_is_dismissed_with_it_and_undone_with_it(client, editor, light):
    page = make_page(make_platform("repeats"))
    first, second, other = (
        waiting(page, number, passages=[passage])
        for number, passage in enumerate((PASSAGE, PASSAGE, PASSAGE | {"after": "We do not."}), 10)
    )
    item = client.get(reverse("admin:consent_change_change", args=[first.pk]))
    assert "1 other waiting change says the same" in item.text
    done = press(client, item, "reason", "duplicate")
    assert "Your last decision:</span> 2 changes" in done.text
    assert set(Change.objects.filter(status="dismissed")) == {first, second}
    assert shown(done) == other
    form = BeautifulSoup(done.content, "lxml").select_one("form.desk-undo")
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    client.post(form["action"], sent)
    assert not Change.objects.filter(status="dismissed").exists()


def test_a_repeat_can_be_left_for_itself(client, editor):
    page = make_page(make_platform("repeats"))
    first, second = (waiting(page, number, passages=[PASSAGE]) for number in (1, 2))
    item = client.get(reverse("admin:consent_change_change", args=[first.pk]))
    press(client, item, "reason", "noise", repeats=None)
    second.refresh_from_db()
    assert second.status == ChangeStatus.WAITING
    assert Decision.objects.get().batch is None


def test_the_filters_of_the_list_name_no_platform_without_a_change(client, editor, heavy, light):
    make_platform("empty")
    page = BeautifulSoup(client.get(reverse(LIST)).content, "lxml")
    named = [link.text.strip() for link in page.select("#changelist-filter a")]
    assert {"Heavy", "Light"} <= set(named)
    assert "Empty" not in named
