"""Each process of an embedded installation is killed: pages are still visited, mail is still sent.

So is the supervisor, after which a person starts it again.
"""

import contextlib
import os
import re
import signal

import pytest
import requests

from benchmarks.processes import children_of
from config.supervise import PARTS
from tests.main_job.installation import Installation, Reader, until
from tests.main_job.processes import family, is_alive, role
from tests.pages import fields_in
from tests.practice.site import declare

#: Seconds within which a page has to be visited and a mail to be sent, whatever was killed.
TWO_MINUTES = 120


@pytest.fixture
def installation(tmp_path, site, migrated_database, collected_static):
    declare(site.url, tmp_path / "catalog")
    installation = Installation(
        tmp_path, site_port=site.port, STATIC_ROOT=str(collected_static), TRUSTED_PROXIES="1"
    )
    installation.set_up(migrated_database=migrated_database)
    return installation


class Waiting:
    """A page that is due, and a reader who sends the form that they have filled in."""

    def __init__(self, installation, number):
        self.installation = installation
        self.address = f"reader{number}@mail.example"
        self.reader = Reader(installation.url, self.address)
        # The forms' limit is for one network.
        self.reader.session.headers["X-Forwarded-For"] = f"100.64.{number}.1"
        self.form = fields_in(self.reader._asked("GET", "/subscribe").text, "main [name=started]")

    def begin(self):
        self.visits = self.installation.ask("Fetch.objects.count()")
        self.installation.run(
            "from django.utils import timezone; "
            "Page.objects.update(next_visit_at=timezone.now(), queued_visit=None)"
        )
        until(self._signs_up, "the form is taken", patience=TWO_MINUTES)
        # Beat asks for visits and mails once a minute; the minute is over now.
        self.installation.run(
            "import datetime as dt; from django.utils import timezone; "
            "ScheduledTask.objects.filter(name__in=['check-due-pages', 'send-mails'])"
            ".update(last_run_at=timezone.now() - dt.timedelta(minutes=1))"
        )

    def _signs_up(self):
        with contextlib.suppress(requests.RequestException):
            self.reader._asked("POST", "/subscribe", self.form | {"address": self.address})
            return True
        return False

    def is_served(self):
        return (
            any(mail["To"] == self.address for mail in self.installation.mails())
            and self.installation.ask("Fetch.objects.count()") > self.visits
        )


def health(installation):
    """The status of /healthz and what it calls late."""
    with contextlib.suppress(requests.RequestException):
        answer = requests.get(f"{installation.url}/healthz", timeout=10)
        return answer.status_code, sorted(answer.json()["late"])
    return None


def test_no_killed_process_stops_visits_or_mail(installation):
    """First the parts and what they have started, then all: the site works again."""
    with installation.supervised() as supervisor:
        until(lambda: len(workers(supervisor)) >= 4, "all parts are started")
        parts = children_of(supervisor.pid)
        installation.make_due()
        until(lambda: installation.ask("Fetch.objects.count()"), "a page is visited")
        below = [pid for pid in family(supervisor.pid)[1:] if pid not in parts]
        assert {"gunicorn", "reader_process"} <= {role(pid) for pid in below}
        waiting = Waiting(installation, 1)
        for pid in (*below, *parts):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not any(map(is_alive, (*below, *parts))), "they are dead")
        waiting.begin()
        until(waiting.is_served, "a page is visited and mail is sent", patience=TWO_MINUTES)
        assert supervisor.poll() is None
        below = family(supervisor.pid)[1:]
        os.kill(supervisor.pid, signal.SIGKILL)
        until(lambda: not any(map(is_alive, below)), "all end with their supervisor")
    with installation.supervised():
        waiting = Waiting(installation, 2)
        waiting.begin()
        until(waiting.is_served, "a page is visited and a mail is sent", patience=TWO_MINUTES)


def workers(supervisor):
    return [pid for pid in family(supervisor.pid) if re.match("visits|general", role(pid))]


@pytest.mark.drill
def test_a_page_is_visited_and_a_mail_sent_within_two_minutes_of_each_kill(installation):
    """Each process of the tree, one at a time, ten times."""
    number = 0
    with installation.supervised() as supervisor:
        for _ in range(10):
            until(lambda: health(installation) == (200, []), "all is well", patience=TWO_MINUTES)
            for name in sorted({role(pid) for pid in family(supervisor.pid)[1:]}):
                number += 1
                waiting = Waiting(installation, number)
                victims = [pid for pid in family(supervisor.pid) if role(pid) == name]
                if victims:
                    os.kill(victims[number % len(victims)], signal.SIGKILL)
                waiting.begin()
                until(waiting.is_served, f"work goes on after {name}", patience=TWO_MINUTES)


@pytest.mark.drill
def test_stopped_processes_are_replaced_within_two_minutes(installation):
    """They are alive and do nothing, some of them in the midst of a task."""
    with installation.supervised() as supervisor:
        until(lambda: health(installation) == (200, []), "all parts work", patience=TWO_MINUTES)
        waiting = Waiting(installation, 1)
        installation.make_due()
        stopped = family(supervisor.pid)[1:]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        parts = [pid for pid in stopped if pid in children_of(supervisor.pid)]
        assert len(parts) == len(PARTS)
        until(lambda: not any(map(is_alive, parts)), "they are ended", patience=TWO_MINUTES)
        waiting.begin()
        until(waiting.is_served, "a page is visited and a mail is sent", patience=TWO_MINUTES)
        until(lambda: health(installation) == (200, []), "all parts work", patience=TWO_MINUTES)
    assert installation.logged("supervisor").count("shows no sign of life") == len(parts)


@pytest.mark.drill
def test_one_stopped_worker_of_two_is_replaced_too(installation):
    with installation.supervised() as supervisor:
        until(lambda: health(installation) == (200, []), "all parts work", patience=TWO_MINUTES)
        worker = workers(supervisor)[0]
        os.kill(worker, signal.SIGSTOP)
        until(lambda: not is_alive(worker), "it is ended", patience=TWO_MINUTES)
        until(lambda: len(workers(supervisor)) == 4, "another one works", patience=TWO_MINUTES)
        assert health(installation) == (200, [])
