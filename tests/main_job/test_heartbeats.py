"""Real workers and a real beat report that they work, and what is dead is named."""

import pytest
import requests

from tests.main_job.installation import Installation, copy_database, kill, until
from tests.services import copied_in_postgresql

pytestmark = pytest.mark.xdist_group("services")

#: Parts report each second instead of every twenty.
_QUICK = "from config import heartbeats; heartbeats.INTERVAL = 1"
_AGE = (
    "import datetime as dt; from django.db.models import F; "
    "Heartbeat.objects.update(beat_at=F('beat_at') - dt.timedelta(minutes=4))"
)


@pytest.fixture(params=["embedded", "PostgreSQL and Redis"])
def place(request, tmp_path, migrated_database):
    if request.param == "embedded":
        place = Installation(tmp_path, site_port=1, prelude=_QUICK)
        copy_database(migrated_database, tmp_path / "var")
    else:
        services = request.getfixturevalue("services")
        database = copied_in_postgresql(services["DATABASE_URL"])
        own = services | {"DATABASE_URL": database}
        place = Installation(tmp_path, site_port=1, prelude=_QUICK, **own)
    with place.web():
        yield place


def late(place):
    """What /healthz names, with its status."""
    answer = requests.get(f"{place.url}/healthz", timeout=10)
    return answer.status_code, answer.json()["late"]


def worker(place, queue):
    return place.celery(queue, "worker", "--queues", queue, "--concurrency", "1")


def test_every_part_reports_and_a_dead_one_is_named(place):
    schedule = str(place.folder / "schedule")
    beat = place.celery("beat", "beat", "--schedule", schedule, "--max-interval", "1")
    assert late(place) == (503, ["beat", "general", "visits"])
    with worker(place, "visits"):
        until(lambda: late(place) == (503, ["beat", "general"]), "the worker reports its queue")
        with worker(place, "general") as dead, beat:
            until(lambda: late(place) == (200, []), "all parts have reported")
            kill(dead)
            place.run(_AGE)
            # The two others report again.
            until(lambda: late(place) == (503, ["general"]), "the dead one alone is late")
