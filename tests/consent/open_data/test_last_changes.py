"""last_modified is when a list last changed, not when files were last loaded."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User

from consent.curation import revisions
from consent.declarations import load_catalog
from consent.models import Entry
from tests.consent.declarations.conftest import Folder

pytestmark = pytest.mark.django_db
LISTS = ("platforms", "uses", "states", "controls", "guides", "entries", "pages", "declarations")


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "catalog")


def at(hour):
    return time_machine.travel(dt.datetime(2026, 3, 1, hour, tzinfo=dt.UTC), tick=False)


def changed(client):
    """The hour at which each list last changed."""
    times = {name: client.get(f"/api/v1/{name}").json()["last_modified"] for name in LISTS}
    return {name: time and dt.datetime.fromisoformat(time).hour for name, time in times.items()}


def test_a_load_that_changes_nothing_moves_no_list(client, folder):
    with at(1):
        load_catalog(folder.path)
    with at(2):
        load_catalog(folder.path)
        before = changed(client)
        assert set(before.values()) == {1}
    with at(3):
        folder.replace("chirp", "path: Settings › Privacy", "path: Settings › Safety")
        load_catalog(folder.path)
        # All lists that show something of controls.
        expected = before | {"controls": 3, "guides": 3, "platforms": 3}
        assert changed(client) == expected
    with at(4):
        load_catalog(folder.path)
        assert changed(client) == expected


def test_a_decision_moves_what_shows_it_and_the_next_load_does_not(client, folder):
    with at(1):
        load_catalog(folder.path)
        before = changed(client)
    with at(2):
        entry = Entry.objects.get(key="chirp-2025-03-01-default-off")
        editor = User.objects.create_user("ada")
        revisions.correct(
            entry, reason="Wrong day.", editor=editor, effective_on=dt.date(2025, 3, 2)
        )
        expected = before | {"entries": 2, "states": 2, "platforms": 2}
        assert changed(client) == expected
    with at(3):
        load_catalog(folder.path)
        assert changed(client) == expected
