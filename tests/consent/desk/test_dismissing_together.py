"""Many changes are dismissed for one reason, each with its row in the log, and undone together."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from consent.models import Change, Decision, Suggestion
from consent.vocabulary import ChangeStatus, Ruling
from platforms.models import Snapshot
from platforms.vocabulary import CaptureSource
from tests.factories import make_change, make_page, make_platform
from tests.pages import press

pytestmark = pytest.mark.django_db

LIST = "admin:consent_change_changelist"


@pytest.fixture
def page(db):
    return make_page(make_platform())


def waiting(page, number, *, relevant):
    change = make_change(page, f"before {number}", f"after {number}")
    Suggestion.objects.create(
        change=change,
        classifier_version=1,
        relevant=relevant,
        direction="less-control" if relevant else "neutral",
        confidence=0.9,
    )
    return change


def undo(client, shown):
    form = BeautifulSoup(shown.content, "lxml").select_one("form.desk-undo")
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    return client.post(form["action"], sent, follow=True)


@pytest.mark.database
def test_a_selection_is_dismissed_with_a_row_each_and_one_undo(client, editor, page):
    first, second, other = (waiting(page, number, relevant=False) for number in range(3))
    shown = client.get(reverse(LIST))
    done = press(
        client,
        shown,
        "index",
        action="dismiss-wording",
        _selected_action=[str(first.pk), str(second.pk)],
    )
    assert "Dismissed as wording: 2 changes." in done.text
    rows = Decision.objects.order_by("change_id")
    assert [(row.change, row.reason, row.curator) for row in rows] == [
        (first, "wording", editor),
        (second, "wording", editor),
    ]
    assert list(Change.objects.waiting()) == [other]
    assert "2 changes dismissed, wording" in done.text
    undone = undo(client, done)
    assert "2 changes are in the queue again" in undone.text
    assert Change.objects.waiting().count() == 3
    assert Decision.objects.filter(ruling=Ruling.UNDO).count() == 2


@pytest.mark.database
def test_all_below_a_weight_are_dismissed_at_once_beyond_the_first_page(client, editor, page):
    for number in range(60):
        waiting(page, number, relevant=False)
    kept = [waiting(page, number, relevant=True) for number in range(60, 65)]
    shown = client.get(reverse(LIST), {"below": "0.5"})
    assert shown.context["cl"].result_count == 60
    action = {
        "action": "dismiss-noise",
        "select_across": "1",
        "_selected_action": ["1"],
        "index": "0",
    }
    done = client.post(f"{reverse(LIST)}?below=0.5", action, follow=True)
    assert "Dismissed as noise: 60 changes." in done.text
    assert set(Change.objects.waiting()) == set(kept)


def imported(page, number, *, source, day, relevant=False):
    change = waiting(page, number, relevant=relevant)
    Snapshot.objects.filter(pk=change.after_id).update(source=source)
    Change.objects.filter(pk=change.pk).update(detected_at=datetime(2026, 3, day, 12, tzinfo=UTC))
    return change


def test_all_from_one_import_below_a_weight_are_dismissed(client, editor, page):
    source = CaptureSource.OPEN_TERMS_ARCHIVE
    run = [imported(page, number, source=source, day=2) for number in range(3)]
    imported(page, 10, source=source, day=2, relevant=True)
    imported(page, 11, source=source, day=1)
    imported(page, 12, source=CaptureSource.WAYBACK, day=2)
    waiting(page, 13, relevant=False)
    shown = client.get(reverse(LIST), {"below": "0.5"})
    link = BeautifulSoup(shown.content, "lxml").find(
        "a", string=lambda words: (words or "").strip() == "Open Terms Archive, 2 March 2026"
    )
    shown = client.get(f"{reverse(LIST)}{link['href']}")
    done = press(
        client,
        shown,
        "index",
        action="dismiss-not-training",
        select_across="1",
        _selected_action=[str(run[0].pk)],
    )
    assert "3 changes" in done.text
    dismissed = Change.objects.filter(status=ChangeStatus.DISMISSED)
    assert set(dismissed) == set(run)


@pytest.mark.parametrize("run", ["x", "x.y", "open-terms-archive.2026-13-40", ".", "wayback."])
def test_an_import_that_never_was_is_no_error(client, editor, page, run):
    waiting(page, 1, relevant=False)
    assert client.get(reverse(LIST), {"import": run}, follow=True).status_code == 200


def test_what_somebody_decided_on_since_stays_as_they_decided(client, editor, page):
    first, second = (waiting(page, number, relevant=False) for number in range(2))
    action = {
        "action": "dismiss-noise",
        "_selected_action": [str(first.pk), str(second.pk)],
        "index": "0",
    }
    done = client.post(reverse(LIST), action, follow=True)
    client.post(reverse("admin:consent_change_reopen", args=[first.pk]))
    undone = undo(client, done)
    assert "1 change is in the queue again. 1 stays:" in undone.text
    second.refresh_from_db()
    assert second.status == ChangeStatus.WAITING


def test_a_desk_reader_is_offered_no_action(client, person, page):
    client.force_login(person("Desk reader", name="reader"))
    change = waiting(page, 1, relevant=False)
    assert "dismiss-noise" not in client.get(reverse(LIST)).text
    action = {"action": "dismiss-noise", "_selected_action": [str(change.pk)], "index": "0"}
    client.post(reverse(LIST), action)
    assert not Decision.objects.exists()


def reworded(page, number, before="We may train on posts.", after="We might train on posts."):
    change = make_change(page, f"before {number}", f"after {number}")
    Suggestion.objects.create(
        change=change,
        classifier_version=1,
        relevant=True,
        effects=["wording-only"],
        direction="neutral",
        confidence=0.9,
        title=f"Reworded {number}",
        passages=[{"place": "", "before": before, "after": after, "weight": 1}],
    )
    return change


@pytest.mark.database
def test_rewordings_are_found_by_filter_and_dismissed_after_a_look_at_each_quote(
    client, editor, page
):
    read, unread = reworded(page, "one"), reworded(page, "two", after="We do train on posts.")
    waiting(page, "three", relevant=True)
    waiting(page, "four", relevant=False)
    listing = f"{reverse(LIST)}?meaning=wording"
    shown = client.get(listing)
    assert {row.pk for row in shown.context["cl"].result_list} == {read.pk, unread.pk}
    look = press(
        client,
        shown,
        "index",
        action="dismiss-wording",
        select_across="1",
        _selected_action=[str(read.pk)],
    )
    assert not Decision.objects.exists()
    page = BeautifulSoup(look.content, "lxml")
    assert {quote.ins.text.split(" ", 1)[1] for quote in page.select(".desk-passage")} == {
        "We might train on posts.",
        "We do train on posts.",
    }
    assert not page.select("[type=checkbox][checked]")
    done = press(client, look, "index", _selected_action=[str(read.pk)])
    assert "Dismissed as wording: 1 change" in done.text
    assert done.request["QUERY_STRING"] == "meaning=wording"
    assert [decision.change for decision in Decision.objects.all()] == [read]
    assert unread in Change.objects.waiting()


def test_what_says_nothing_about_training_needs_no_look_beside_what_does(client, editor, page):
    silent, telling = waiting(page, 1, relevant=False), reworded(page, "two")
    look = press(
        client,
        client.get(reverse(LIST)),
        "index",
        action="dismiss-noise",
        _selected_action=[str(silent.pk), str(telling.pk)],
    )
    assert "Dismissed as noise: 1 change" in look.text
    assert "We might train on posts." in look.text
    assert telling in Change.objects.waiting()


def test_a_page_that_had_almost_no_text_before_is_not_called_silent_on_training(
    client, editor, page
):
    change = waiting(page, 1, relevant=False)
    Change.objects.filter(pk=change.pk).update(percent_left=10_000)
    for address in (reverse(LIST), reverse("admin:consent_change_change", args=[change.pk])):
        assert "most of the text is new" in client.get(address).text.casefold()
    look = press(
        client,
        client.get(reverse(LIST)),
        "index",
        action="dismiss-noise",
        _selected_action=[str(change.pk)],
    )
    assert "open it and read the difference" in look.text
    assert change in Change.objects.waiting()
