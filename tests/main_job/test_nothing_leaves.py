"""Without CONTACT_EMAIL no request leaves the machine: each look for another host is counted."""

import contextlib
import json

import pytest
import requests

from tests.main_job.installation import Installation, copy_database, until
from tests.practice.site import declare

ELSEWHERE = "https://help.chirp.example"
#: Executed by every Python process of the installation at its start. Audit events are raised by the
#: interpreter itself, whatever library connects (PEP 578), and forks raise them too.
COUNTER = """
import json, os, sys

def note(event, args):
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host not in (None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0"):
        with open(os.environ["LEFT_LOG"], "a") as log:
            log.write(json.dumps([event, host]) + "\\n")

sys.addaudithook(note)
"""
PAGES = ("/", "/timeline", "/platforms/chirp", "/api/v1/platforms", "/feeds/timeline.atom", "/data")


class Watched(Installation):
    """An installation of which every name that is looked up, and every connection, is noted."""

    def __init__(self, folder, **environment):
        super().__init__(folder, site_port=443, prelude=COUNTER, **environment)
        self.left = folder / "left.log"
        self.environment["LEFT_LOG"] = str(self.left)

    def elsewhere(self):
        """The other hosts that were looked up or connected to, so far."""
        lines = self.left.read_text().splitlines() if self.left.exists() else []
        return {json.loads(line)[1] for line in lines}


@contextlib.contextmanager
def finishing(place):
    """A worker that has done all that was queued when the block ends."""
    with place.worker() as worker:
        yield
        messages = place.folder / "var/queue/messages"
        until(lambda: not list(messages.iterdir()), "all tasks are taken")
        worker.terminate()  # it finishes what it has taken
        assert worker.wait(60) == 0


@pytest.mark.django_db
def test_a_site_that_was_not_asked_to_visits_nobody(tmp_path, collected_static, migrated_database):
    place = Watched(tmp_path, STATIC_ROOT=str(collected_static))
    contact = place.environment.pop("CONTACT_EMAIL")
    copy_database(migrated_database, tmp_path / "var")
    declare(ELSEWHERE, tmp_path / "catalog")
    place.manage("load_catalog")
    with place.web(), finishing(place):
        for path in PAGES:
            assert requests.get(place.url + path, timeout=20).status_code == 200, path
        place.run(
            "from django.conf import settings\n"
            "from config.celery import app\n"
            "for entry in settings.CELERY_BEAT_SCHEDULE.values(): app.send_task(entry['task'])\n"
        )
    assert place.elsewhere() == set()

    # The count is no blind one: asked to visit, the same installation looks for the page's host.
    place.environment["CONTACT_EMAIL"] = contact
    with finishing(place):
        place.make_due()
        until(place.elsewhere, "the page's host is looked up")
    assert place.elsewhere() == {"help.chirp.example"}
