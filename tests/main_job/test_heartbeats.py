"""Real workers and a real beat report that they work, and what is dead is named."""

import pytest
import requests

from tests.main_job.installation import Installation, copy_database, kill, until
from tests.services import copied_in_postgresql

pytestmark = pytest.mark.xdist_group("services")

#: Beat queues a task for each queue each second instead of every twenty.
_QUICK = (
    "import config.celery; from django.conf import settings\n"
    "for name, entry in settings.CELERY_BEAT_SCHEDULE.items():\n"
    "    entry['schedule'] = 1 if name.startswith('heartbeat') else entry['schedule']\n"
    "from config import heartbeats; heartbeats._AT_MOST_EVERY = 0\n"
)
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
    assert late(place) == (503, ["beat", "general", "visits"])
    with place.celery("beat", "beat", "--max-interval", "1"):
        until(lambda: late(place) == (503, ["general", "visits"]), "beat reports")
        with worker(place, "visits"), worker(place, "general") as dead:
            until(lambda: late(place) == (200, []), "the queues are worked on")
            kill(dead)
            place.run(_AGE)
            # The two others report again.
            until(lambda: late(place) == (503, ["general"]), "the dead one alone is late")
