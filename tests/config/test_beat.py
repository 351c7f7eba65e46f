"""Beat: what is due is queued once, whatever happened to the clock, the database or the queue."""

import datetime as dt
import logging
import time
from urllib.parse import urlsplit

import pytest
import redis
import time_machine
from celery import Celery
from celery.beat import SchedulingError
from celery.schedules import crontab

from config.beat import DatabaseScheduler
from platforms.models import Heartbeat, ScheduledTask
from tests.main_job.installation import until
from tests.services import REQUIRED, ServiceAbsent, redis_server
from tests.severed_line import SeveredLine

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 29, 9, 0, 30, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


class Beat(DatabaseScheduler):
    """Keeps the names of what it queues, and fails while the queue is away."""

    def __init__(self):
        app = Celery("tests", broker="memory://", set_as_current=False)
        app.conf.beat_schedule = {
            "each-minute": {"task": "one", "schedule": crontab()},
            "each-night": {"task": "two", "schedule": crontab(hour=2, minute=30)},
            "heartbeat": {"task": "three", "schedule": 20},
        }
        super().__init__(app=app)
        self.queued = []
        self.is_queue_away = False

    def apply_async(self, entry, **_):
        if self.is_queue_away:
            raise SchedulingError("no queue")
        self.queued.append(entry.name)

    def queued_at(self, moment):
        """What is queued by a look at a moment."""
        self.queued.clear()
        with time_machine.travel(moment, tick=False):
            self.tick()
        return sorted(self.queued)


@pytest.fixture
def beat():
    beat = Beat()
    assert beat.queued_at(NOW) == []
    return beat


def test_each_task_is_queued_once_when_its_time_comes(beat):
    assert beat.queued_at(NOW + dt.timedelta(seconds=19)) == []
    assert beat.queued_at(NOW + dt.timedelta(seconds=21)) == ["heartbeat"]
    assert beat.queued_at(NOW + dt.timedelta(seconds=31)) == ["each-minute"]
    assert beat.queued_at(NOW + dt.timedelta(seconds=32)) == []
    assert beat.queued_at(NOW + DAY) == ["each-minute", "each-night", "heartbeat"]


def test_what_fell_due_while_beat_was_away_is_queued_once_by_the_next_one(beat):
    assert Beat().queued_at(NOW + 3 * DAY) == ["each-minute", "each-night", "heartbeat"]
    assert Beat().queued_at(NOW + 3 * DAY) == []


def test_of_two_beats_one_queues_a_task(beat, monkeypatch):
    first, second = Beat(), Beat()
    queued_by_first, looks = [], []

    def while_second_looks(*options, **more):
        if not looks:  # the other one looks after this one has read the table
            looks.append("first")
            queued_by_first.extend(first.queued_at(NOW + MINUTE))
        return update(*options, **more)

    queryset = type(ScheduledTask.objects.all())
    update = queryset.update
    monkeypatch.setattr(queryset, "update", while_second_looks)
    assert second.queued_at(NOW + MINUTE) == []
    assert queued_by_first == ["each-minute", "heartbeat"]


def test_after_a_clock_that_was_ahead_everything_is_queued_again_as_usual(beat):
    beat.queued_at(NOW + dt.timedelta(hours=25))
    assert beat.queued_at(NOW) == ["each-minute", "each-night", "heartbeat"]
    assert beat.queued_at(NOW + MINUTE) == ["each-minute", "heartbeat"]


def test_what_cannot_be_queued_is_queued_once_the_queue_is_back(beat, caplog):
    beat.is_queue_away = True
    assert beat.queued_at(NOW + DAY) == []
    assert beat.queued_at(NOW + DAY) == []
    beat.is_queue_away = False
    assert beat.queued_at(NOW + DAY) == ["each-minute", "each-night", "heartbeat"]
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
        "beat cannot queue tasks",
        "beat can queue tasks again",
    ]


def test_beat_shows_that_it_works(beat):
    beat.queued_at(NOW + MINUTE)
    assert Heartbeat.objects.get(part="beat").beat_at == NOW + MINUTE


@pytest.fixture
def line():
    """The way to a Redis, and a client that goes another way."""
    try:
        with redis_server() as url, SeveredLine(urlsplit(url).port) as line:
            yield line, redis.from_url(url)
    except ServiceAbsent as absent:
        if REQUIRED:
            pytest.fail(str(absent))
        pytest.skip(str(absent))


@pytest.mark.services
def test_an_outage_of_redis_is_logged_once_and_its_end_too(line, caplog):
    line, server = line
    app = Celery("tests", broker=f"redis://127.0.0.1:{line.port}/0", set_as_current=False)
    app.conf.beat_schedule = {
        name: {"task": "none", "schedule": 0.2, "options": {"expires": 1}}
        for name in ("one", "two")
    }
    scheduler = DatabaseScheduler(app=app)

    def lines():
        return [record.getMessage() for record in caplog.records if record.levelno > logging.INFO]

    def ticks():
        scheduler.tick()
        time.sleep(0.2)

    def heard(words):
        def happened():
            ticks()
            return any(words in line for line in lines())

        return happened

    until(lambda: ticks() or server.llen("celery"), "a task is queued")
    assert lines() == []
    line.cut()
    until(heard("beat cannot queue tasks"), "the outage is noticed")
    for _ in range(6):
        ticks()
    line.mend()
    until(heard("beat can queue tasks again"), "its end is noticed")
    assert len(lines()) == 2
    assert not any(record.exc_info for record in caplog.records)
    scheduler.close()
