"""The database goes away and comes back: readers get answers, logs stay readable."""

import re
import sys
from urllib.parse import urlsplit

import pytest
import requests

from tests.main_job.installation import Installation, until
from tests.practice.site import declare
from tests.services import copied_in_postgresql
from tests.severed_line import SeveredLine

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services")]

#: Every public page is drawn anew each time, so that a kept one is only used while it must be.
_NEVER_FRESH = """
from config.web_server import *
def post_worker_init(worker):
    from consent.web import page_cache
    page_cache.FRESH = 0
"""
#: As beat does within five minutes.
_ALL_TASKS = """
from django.conf import settings
from config.celery import app
for entry in settings.CELERY_BEAT_SCHEDULE.values():
    app.send_task(entry["task"])
"""


@pytest.fixture
def line(services):
    """The way to PostgreSQL."""
    with SeveredLine(urlsplit(services["DATABASE_URL"]).port) as line:
        yield line


@pytest.fixture
def place(tmp_path, services, line, site, collected_static):
    url = copied_in_postgresql(services["DATABASE_URL"])
    own = services | {"DATABASE_URL": url.replace(f":{urlsplit(url).port}/", f":{line.port}/")}
    own |= {"STATIC_ROOT": str(collected_static)}
    place = Installation(tmp_path, site_port=site.port, **own)
    declare(site.url, tmp_path / "catalog")
    place.set_up(migrated_database=None)
    return place


def test_readers_get_kept_pages_or_a_calm_one_and_programs_a_problem(place, line):
    config = place.folder / "web_server.py"
    config.write_text(_NEVER_FRESH)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "1"]
    address = ("--config", str(config), "--bind", f"127.0.0.1:{place.port}")
    with place.process("web", [*command, *address]):
        until(place.answers, "the web server answers")

        def ask(path):
            return requests.get(place.url + path, timeout=20)

        before = {path: ask(path) for path in ("/", "/de/platforms/chirp", "/matrix.csv")}
        assert {answer.status_code for answer in before.values()} == {200}
        line.cut()
        for path, answer in before.items():
            kept = ask(path)
            assert (kept.status_code, kept.content) == (200, answer.content), path
        for path, language, words in (
            ("/guides", "en", "Our database cannot be reached"),
            ("/de/guides", "de", "Unsere Datenbank ist gerade nicht erreichbar"),
            ("/admin/", "en", "Our database cannot be reached"),
        ):
            away = requests.get(place.url + path, timeout=20, cookies={"sessionid": "s" * 32})
            assert away.status_code == 503, path
            assert away.headers["Retry-After"] == "60"
            assert away.headers["Content-Language"] == language
            assert "no-store" in away.headers["Cache-Control"]
            assert words in away.text
        problem = ask("/api/v1/platforms")
        assert problem.status_code == 503
        assert problem.headers["Content-Type"] == "application/problem+json"
        assert problem.headers["Retry-After"] == "60"
        assert problem.json()["title"] == "Temporarily unavailable"
        assert ask("/healthz").json() == {"status": "failing", "database": "failing"}
        line.mend()
        assert ask("/guides").status_code == 200
        assert ask("/api/v1/platforms").status_code == 200
    log = (place.folder / "web.log").read_text()
    assert "Traceback" not in log
    assert len(re.findall("the database is away", log)) == 1, log


def test_workers_say_once_that_the_database_is_away_and_once_that_it_is_back(place, line):
    # One child: of several, Celery may give all that comes one by one to the same, and the one that
    # missed the database has nothing to do when it is back.
    with place.worker(children=1):
        log = place.folder / "worker.log"
        place.run(_HEARTBEAT)
        until(lambda: place.ask("Heartbeat.objects.count()"), "the worker reports")
        line.cut()
        for _ in range(2):
            place.run(_ALL_TASKS)
        until(lambda: place.ask(_QUEUED) == 0, "all tasks were tried")
        until(
            # Again and again: a child reports once in some seconds.
            lambda: (
                place.run(_HEARTBEAT)
                or "config.heartbeats: the database is away" in log.read_text()
            ),
            "heartbeats miss it too",
        )
        line.mend()
        until(
            lambda: place.run(_HEARTBEAT) or "the database is back" in log.read_text(),
            "it is found again",
        )
    text = log.read_text()
    assert "Traceback" not in text
    # A task that fails, and a heartbeat.
    assert text.count("the database is away") == 2, text
    assert text.count("the database is back") == 1, text


_HEARTBEAT = "from platforms.tasks import show_work; show_work.delay()"
_QUEUED = (
    "__import__('redis').from_url(__import__('django').conf.settings.REDIS_URL).llen('general')"
)
