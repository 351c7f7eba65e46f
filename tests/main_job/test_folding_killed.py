"""The process that folds visits is killed again and again; each visit is counted once."""

import os
import random
import signal
import time

import pytest

from tests.main_job.installation import Installation, copy_database
from tests.services import copied_in_postgresql

pytestmark = pytest.mark.xdist_group("services")

PAGES, VISITS, KILLS = 4, 200, 20
_FILL = f"""
import datetime as dt
from django.utils import timezone
from tests.arranging import arranged
from tests.factories import make_page, make_platform
with arranged():
    pages = [make_page(make_platform()) for _ in range({PAGES})]
old = timezone.now() - dt.timedelta(days=120)
rows = [
    Fetch(page=page, visit=at, started_at=at, finished_at=at, outcome="read")
    for page in pages for at in (old - dt.timedelta(hours=number) for number in range({VISITS}))
]
Fetch.objects.bulk_create(rows, 500)
"""
_FOLD = """
from django.utils import timezone
from platforms.watch import pruning
pruning._BATCH = 5
print("begun", flush=True)
pruning.fold_visits(now=timezone.now())
"""
_KNOWN = (
    "[Fetch.objects.count(), "
    "__import__('django').db.models.Sum and sum(VisitDay.objects.values_list('visits', flat=True))]"
)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["embedded", "PostgreSQL"])
def test_no_visit_is_lost_or_counted_twice(request, kind, tmp_path, migrated_database):
    if kind == "embedded":
        place = Installation(tmp_path, site_port=1)
        copy_database(migrated_database, tmp_path / "var")
    else:
        services = request.getfixturevalue("services")
        database = copied_in_postgresql(services["DATABASE_URL"])
        place = Installation(tmp_path, site_port=1, **services | {"DATABASE_URL": database})
    place.run(_FILL)
    for _ in range(KILLS):
        fold(place, kill_after=random.uniform(0.01, 0.1))
        assert sum(place.ask(_KNOWN)) == PAGES * VISITS
    fold(place)
    kept, folded = place.ask(_KNOWN)
    assert kept == PAGES  # the last visit of each
    assert kept + folded == PAGES * VISITS


def fold(place, *, kill_after=None):
    with (place.folder / "fold.log").open("wb") as log:
        process = place.programs.talk(["-c", _FOLD], stderr=log.fileno())
    assert process.stdout.readline() == "begun\n"
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
