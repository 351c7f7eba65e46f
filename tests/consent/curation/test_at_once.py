"""Two curators decide at the same time: one decision counts, the other gets an error."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection

from consent.curation import decisions, drafts
from consent.curation.decisions import AlreadyDecidedError
from consent.models import Change, Decision, Entry
from consent.vocabulary import DismissReason
from platforms.models import Platform
from tests.arranging import arranged, version_everything
from tests.practice.watched import turned_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one writer for all threads")


def at_once(*acts):
    """Call all functions at the same moment, each on its own connection; return their results."""
    version_everything()  # each connection begins its acts by itself
    start = Barrier(len(acts))

    def do(act):
        start.wait()
        try:
            act()
        except (AlreadyDecidedError, ValidationError) as refused:
            return str(refused)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as people:
        return sorted(people.map(do, acts), key=lambda came: came != "done")


@pytest.fixture
def people():
    return [User.objects.create_user(name) for name in ("ada", "bob", "carol")]


def test_of_two_rulings_on_a_change_one_counts(people):
    change = turned_on()
    entry = drafts.draft_entry(change)
    ada, bob, _ = people
    came = at_once(
        lambda: decisions.publish(Change.objects.get(), entry=entry, curator=ada),
        lambda: decisions.dismiss(Change.objects.get(), curator=bob, reason=DismissReason.NOISE),
    )
    assert came[0] == "done"
    assert "This change was" in came[1]
    ruled = Decision.objects.get()
    published = Entry.objects.published().exists()
    assert published == (ruled.ruling == "publish")


def test_of_two_who_confirm_the_same_entry_one_is_its_second_reviewer(people):
    change = turned_on()
    with arranged():
        Platform.objects.update(second_review=True)
    ada, bob, carol = people
    change = Change.objects.get(pk=change.pk)
    entry = decisions.publish(change, entry=drafts.draft_entry(change), curator=ada)
    came = at_once(
        lambda: decisions.confirm(Entry.objects.get(pk=entry.pk), curator=bob),
        lambda: decisions.confirm(Entry.objects.get(pk=entry.pk), curator=carol),
    )
    assert came[0] == "done"
    assert "waits for no second reviewer" in came[1]
    assert Entry.objects.published().reviewed_twice().count() == 1
    assert Decision.objects.filter(ruling="publish").count() == 1
