"""Real workers and a real beat report that they work, and what is dead is named."""

import contextlib
import sys

import pytest
import requests

from tests.main_job.installation import Installation, copy_database, kill, until
from tests.services import copied_in_postgresql

pytestmark = pytest.mark.xdist_group("services")

_AGE = (
    "import datetime as dt; from django.db.models import F; "
    "Heartbeat.objects.update(beat_at=F('beat_at') - dt.timedelta(minutes=4))"
)


@pytest.fixture(params=["embedded", "PostgreSQL and Redis"])
def place(request, tmp_path, migrated_database):
    if request.param == "embedded":
        place = Installation(tmp_path, site_port=1)
        copy_database(migrated_database, tmp_path / "var")
    else:
        services = request.getfixturevalue("services")
        database = copied_in_postgresql(services["DATABASE_URL"])
        place = Installation(tmp_path, site_port=1, **services | {"DATABASE_URL": database})
    with place.web():
        yield place


def late(place):
    """What /healthz names, with its status."""
    answer = requests.get(f"{place.url}/healthz", timeout=10)
    return answer.status_code, answer.json()["late"]


@contextlib.contextmanager
def celery(place, name, *options):
    command = [sys.executable, "-m", "celery", "--app", "config", *options]
    with place._process(name, command) as process:
        yield process


def worker(place, queue):
    return celery(place, queue, "worker", "--queues", queue, "--concurrency", "1")


def test_every_part_reports_and_a_dead_one_is_named(place):
    beat = celery(place, "beat", "beat", "--schedule", str(place.folder / "schedule"))
    assert late(place) == (503, ["beat", "general", "visits"])
    with worker(place, "visits"):
        until(lambda: late(place) == (503, ["beat", "general"]), "the worker reports its queue")
        with worker(place, "general") as dead, beat:
            until(lambda: late(place) == (200, []), "all parts have reported")
            kill(dead)
            place.run(_AGE)
            # The two others report again.
            until(lambda: late(place) == (503, ["general"]), "the dead one alone is late")
