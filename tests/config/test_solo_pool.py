"""Embedded workers do their tasks in their own process, within the limits that tasks have."""

import socket
import sys

import pytest

from config import lifeline
from tests.fork_server import fork_server
from tests.main_job.installation import Installation

#: Runs one task in the pool with these limits, and says what became of it.
_RUN = """
import re, time
import config.celery, django; django.setup()
from celery.exceptions import SoftTimeLimitExceeded
from config.solo_pool import TaskPool
def task():
    try:
        {task}
    except SoftTimeLimitExceeded:
        print("gave up", flush=True)
pool = TaskPool()
pool.start()
pool.apply_async(task, soft_timeout={soft}, timeout={hard}, callback=lambda _: None)
time.sleep(1.2)  # nothing is left of the limits
print("next", flush=True)
"""
#: Python code never runs again meanwhile.
_STUCK = "re.match(r'(x+x+)+y', 'x' * 60)"


def run(folder, **task):
    return fork_server().run(
        ["-c", _RUN.format(**task)], environment=Installation(folder, site_port=1).environment
    )


def test_a_task_that_takes_too_long_may_give_up_and_the_next_one_is_done(tmp_path):
    done = run(tmp_path, task="time.sleep(60)", soft=0.3, hard=60)
    assert (done.returncode, done.stdout.split("\n")[:2]) == (0, ["gave up", "next"])


@pytest.mark.parametrize("task", ["time.sleep(60)", _STUCK])
def test_a_task_that_does_not_end_ends_its_process_with_a_line_that_names_it(tmp_path, task):
    done = run(tmp_path, task=task, soft=None, hard=1)
    assert (done.returncode, done.stdout) == (1, "")
    assert "in task" in done.stderr


def test_limits_end_with_the_task(tmp_path):
    done = run(tmp_path, task="time.sleep(0)", soft=0.5, hard=1)
    assert (done.returncode, done.stdout) == (0, "next\n")


def test_a_worker_shows_its_supervisor_that_it_is_busy_with_a_task(tmp_path):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = fork_server().start(
            ["-c", _RUN.format(task="time.sleep(60)", soft=None, hard=60)],
            environment=Installation(tmp_path, site_port=1).environment
            | {lifeline.SUPERVISED: "1"},
            stdin=theirs.fileno(),
            stdout=sys.stdout.fileno(),
            stderr=sys.stderr.fileno(),
        )
        try:
            assert ours.recv(1) == lifeline.BUSY
        finally:
            process.kill()
            process.wait()
