"""Two schedulers at one database, as after a mistake in setting up: each task is queued once."""

import json
from collections import Counter

import pytest

from tests.main_job.installation import Installation, copy_database, until
from tests.main_job.processes import is_alive

ROUNDS = 4
#: Tasks of once a day: none of them falls due by itself while the test runs.
_MAKE_DUE = """
import datetime as dt
from django.utils import timezone
from platforms.models import ScheduledTask
ScheduledTask.objects.filter(name__in={names}).update(
    last_run_at=timezone.now() - dt.timedelta(days=2))
"""
_DAILY = {"keep-subscribers": "update_subscribers", "export-data": "export_data"}
_STILL_DUE = (
    "ScheduledTask.objects.filter(name__in={names}, "
    "last_run_at__lt=__import__('django.utils.timezone', fromlist=['now']).now() "
    "- __import__('datetime').timedelta(days=1)).count()"
)


@pytest.mark.drill
@pytest.mark.django_db  # for its migrated database
def test_of_two_beats_at_one_database_each_task_is_queued_once(tmp_path, migrated_database):
    place = Installation(tmp_path, site_port=1)
    copy_database(migrated_database, tmp_path / "var")
    with place.celery("first", "beat") as first, place.celery("second", "beat") as second:
        names = list(_DAILY)
        until(lambda: place.ask("ScheduledTask.objects.count()") > len(names), "beat looks")
        for number in range(1, ROUNDS + 1):
            place.run(_MAKE_DUE.format(names=names))
            until(lambda: not place.ask(_STILL_DUE.format(names=names)), f"round {number}")
        assert is_alive(first.pid)
        assert is_alive(second.pid)
    queued = Counter(
        json.loads(path.read_text())["headers"]["task"].rpartition(".")[2]
        for path in (tmp_path / "var/queue/messages").glob("*.msg")
    )
    assert {queued[task] for task in _DAILY.values()} == {ROUNDS}
