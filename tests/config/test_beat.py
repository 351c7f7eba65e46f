"""Beat and a Redis that goes away: a line when it begins and one when it ends."""

import logging
import time
from urllib.parse import urlsplit

import pytest
import redis
from celery import Celery

from config import beat
from tests.main_job.installation import until
from tests.services import REQUIRED, ServiceAbsent, redis_server
from tests.severed_line import SeveredLine

pytestmark = pytest.mark.services


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


def test_an_outage_of_the_queue_is_logged_once_and_its_end_too(tmp_path, line, monkeypatch, caplog):
    line, server = line
    reports = []
    monkeypatch.setattr(beat, "report", reports.append)
    app = Celery("tests", broker=f"redis://127.0.0.1:{line.port}/0", set_as_current=False)
    app.conf.beat_schedule = {
        name: {"task": "none", "schedule": 0.2, "options": {"expires": 1}}
        for name in ("one", "two")
    }
    scheduler = beat.Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"))

    def lines():
        return [record.getMessage() for record in caplog.records if record.levelno > logging.INFO]

    def ticks():
        time.sleep(min(max(scheduler.tick(), 0), 0.2))

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
    assert reports == ["beat"]  # at most every INTERVAL seconds
    scheduler.close()
