"""How many forms a network sent: every one counted, whatever happens to caches and at once."""

import datetime as dt
import json
import os
import subprocess
import sys

import pytest
from django.core.cache import cache, caches
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.utils import timezone

from consent.models import FormCount
from consent.public.feedback.retention import forget_readers
from consent.web import editions
from consent.web.open_forms import PER_NETWORK, is_flood
from tests.consent.alerts.readers import Clock
from tests.factories import make_platform
from tests.main_job.installation import ROOT

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with Clock(START) as clock:
        yield clock


def sent_from(address="198.51.100.7"):
    return RequestFactory().post("/subscribe", REMOTE_ADDR=address)


def floods(times, *arguments, address="198.51.100.7", **options):
    return [is_flood(sent_from(address), *arguments, **options) for _ in range(times)]


def test_so_many_forms_are_let_through_and_no_more(clock):
    assert floods(PER_NETWORK) == [False] * PER_NETWORK
    assert floods(2) == [True, True]
    assert floods(1, address="203.0.113.9") == [False]
    assert floods(1, "reports", most=1) == [False]


@pytest.mark.database
def test_counting_begins_anew_when_its_time_is_over_and_not_before(clock):
    """Django's cache of files set the hour anew with each form: 61 in a day were a flood."""
    assert floods(2, "answers", most=2, seconds=60) == [False, False]
    clock.move(seconds=59)
    assert floods(1, "answers", most=2, seconds=60) == [True]
    clock.move(seconds=1)
    assert floods(3, "answers", most=2, seconds=60) == [False, False, True]


def test_a_form_a_minute_is_no_flood(clock):
    for _ in range(PER_NETWORK * 2):
        assert floods(1) == [False]
        clock.move(seconds=61)


def test_no_cache_has_a_say(clock, settings):
    assert floods(2, most=2) == [False, False]
    cache.clear()
    caches["pages"].clear()
    settings.CACHES = {
        name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in settings.CACHES
    }
    assert floods(1, most=2) == [True]


def test_nothing_of_the_sender_is_stored(clock):
    floods(1)
    floods(1, address="2001:db8::1")
    for kept in FormCount.objects.all():
        assert len(kept.key) == 64
        assert "198.51" not in kept.key
    assert FormCount.objects.count() == 2


@pytest.mark.database
def test_what_no_longer_counts_is_deleted_each_night(clock):
    floods(1, "a", seconds=60)
    floods(1, "b", seconds=3600)
    forget_readers(START + dt.timedelta(seconds=60))
    assert FormCount.objects.count() == 1
    assert floods(1, "b", most=1, seconds=3600) == [True]


def test_a_database_that_cannot_count_silences_nobody(clock, monkeypatch, caplog):
    def refuse(self, key, **_):
        raise DatabaseError("the database is locked")

    monkeypatch.setattr(type(FormCount.objects), "add_one", refuse)
    assert floods(1, most=0) == [False]
    assert "Forms cannot be counted" in caplog.text


def test_counting_begins_no_new_edition(django_capture_on_commit_callbacks):
    connection.run_on_commit.clear()  # the change that is open for tests begins an edition, too
    with django_capture_on_commit_callbacks() as after_counting:
        floods(2)
    with django_capture_on_commit_callbacks() as after_a_platform:
        make_platform("chirp")
    assert (after_counting, after_a_platform) == ([], [editions.begin])


def test_a_count_begun_by_a_clock_that_was_ahead_begins_anew():
    hour, now = dt.timedelta(hours=1), timezone.now()
    for ahead, count in ((25 * hour, 1), (25 * hour, 2), (0 * hour, 1), (0 * hour, 2)):
        assert FormCount.objects.add_one("k", now=now + ahead, lasts=hour) == count


_CROWD = """
import datetime as dt, json, threading
import django; django.setup()
from django.db import connection, connections
from django.utils import timezone
from consent.models import FormCount
with connection.schema_editor() as editor:
    editor.create_model(FormCount)
seen, start = [], threading.Barrier(20)
def send():
    start.wait()
    for _ in range(10):
        seen.append(FormCount.objects.add_one("k", now=timezone.now(), lasts=dt.timedelta(hours=1)))
    connections.close_all()
threads = [threading.Thread(target=send) for _ in range(20)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
print(json.dumps(sorted(seen)))
with connection.schema_editor() as editor:
    editor.delete_model(FormCount)
"""


@pytest.mark.database
def test_twenty_threads_are_all_counted(tmp_path):
    """Each of 200 forms sent by 20 threads at once gets a number of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", _CROWD],
        cwd=ROOT,
        env=os.environ | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout) == list(range(1, 201))
