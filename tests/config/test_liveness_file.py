"""The file by which Docker sees that a worker or beat works."""

import pytest

from tests.fork_server import fork_server
from tests.main_job.installation import Installation, copy_database, until

#: Prints whether the file is there after each of these signals.
SIGNALS = """
from pathlib import Path
import config.celery
from celery import signals
from django.conf import settings
for name in ("after_task_publish", "beat_init", "after_task_publish"):
    getattr(signals, name).send(sender=None)
    print(Path(settings.LIVENESS_FILE).exists())
"""


@pytest.fixture
def installation(tmp_path, migrated_database):
    copy_database(migrated_database, tmp_path / "var")
    return Installation(tmp_path, site_port=1, LIVENESS_FILE=str(tmp_path / "alive"))


def test_a_worker_touches_the_file_again_and_again(tmp_path, installation):
    file = tmp_path / "alive"
    with installation.worker():
        until(file.exists, "the worker touches its file")
        first = file.stat().st_mtime_ns
        until(lambda: file.stat().st_mtime_ns > first, "the worker touches its file again")


def test_what_is_sent_touches_the_file_of_beat_but_not_of_a_worker(installation):
    done = fork_server().run(["-c", SIGNALS], environment=installation.environment)
    assert done.stdout.split() == ["False", "False", "True"]
