"""`make run` as a newcomer meets it: all comes up and goes down together, and stays up between."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from config import supervise
from config.startup import WRONG_SETTING
from config.supervise import PARTS, Part
from tests.main_job.installation import ROOT, copy_database, until
from tests.main_job.processes import family, is_alive
from tests.practice.site import declare
from tests.services import free_port


class Run:
    """`make run`, or only the supervisor that it starts last, with a place and port of its own."""

    def __init__(self, folder, *command, migrated_database=None, static=None):
        self.port = free_port()
        self.output = folder / "output"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "VAR_DIR": str(folder / "var"),
            "CATALOG_DIR": str(write_catalog(folder)),
            "PORT": str(self.port),
        }
        if migrated_database:
            copy_database(migrated_database, folder / "var")
        if static:
            (folder / "var" / "static").symlink_to(static)
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def parts(self):
        """The process number of each part, once all are there."""
        found = {}
        for pid in family(self.process.pid):
            with contextlib.suppress(FileNotFoundError):
                words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
                for name in PARTS:
                    if {"web": "gunicorn", "beat": "beat"}.get(name, f"{name}@%h") in words:
                        found.setdefault(name, pid)
        return found if len(found) == len(PARTS) else None

    def said(self):
        return self.output.read_text(errors="replace")

    def answers(self):
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"http://127.0.0.1:{self.port}/healthz/web", timeout=5).ok
        return False


def write_catalog(folder: Path) -> Path:
    """One platform whose only page is on this machine: a test visits nobody else."""
    declare("http://127.0.0.1:9", folder / "catalog")
    return folder / "catalog"


def umask(pid):
    return re.search(r"^Umask:\s*(\d+)", Path(f"/proc/{pid}/status").read_text(), re.M)[1]


@contextlib.contextmanager
def running(*arguments, **options):
    run = Run(*arguments, **options)
    try:
        # Migrations come first, which take minutes on a busy machine.
        until(
            lambda: run.process.poll() is not None or (run.answers() and run.parts()),
            "site and workers are up",
            patience=900,
        )
        assert run.process.poll() is None, run.said()
        yield run
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.process.pid, signal.SIGTERM)
        run.process.wait(30)


@pytest.fixture(params=["again", "from nothing"])
def made(request, tmp_path, migrated_database, collected_static):
    if not (ROOT / ".venv" / ".run").exists():
        pytest.skip("`make run` has not installed into .venv on this machine")
    known = {"migrated_database": migrated_database, "static": collected_static}
    with running(tmp_path, "make", "run", **(known if request.param == "again" else {})) as run:
        yield run


@pytest.fixture
def supervisor(tmp_path, migrated_database):
    """The last that `make run` starts, on a database that is migrated already."""
    command = (sys.executable, "-m", "config.supervise")
    with running(tmp_path, *command, migrated_database=migrated_database) as run:
        yield run


@pytest.mark.drill
def test_make_run_makes_what_the_site_needs_and_ctrl_c_stops_all_of_it(made, tmp_path):
    assert (tmp_path / "var" / "static" / "staticfiles.json").exists()
    assert_all_end_together(made)


def test_ctrl_c_stops_web_and_workers_together(supervisor):
    assert_all_end_together(supervisor)


def assert_all_end_together(run):
    assert f"http://127.0.0.1:{run.port}/" in run.output.read_text()
    assert "manage.py createsuperuser" in run.output.read_text()
    assert "No page is visited until CONTACT_EMAIL is set" in run.output.read_text()
    everyone = family(run.process.pid)
    # What supervisor, web and workers write is for their owner alone.
    assert {umask(pid) for pid in everyone[1:]} == {"0077"}
    os.killpg(run.process.pid, signal.SIGINT)
    until(lambda: not any(map(is_alive, everyone)), "all of them end", patience=20)
    assert not run.answers()


@pytest.mark.drill  # test_killed_processes.py kills all parts at each change
def test_a_killed_part_is_started_again_and_the_others_run_on(supervisor):
    # A worker is killed twice in a row, and never takes the web server down.
    for part, times in (
        ("web", 1),
        ("beat", 1),
        ("visits-1", 1),
        ("general-2", 1),
        ("general-2", 2),
    ):
        before = supervisor.parts()
        os.kill(before.pop(part), signal.SIGKILL)
        until(
            lambda part=part, times=times: (
                supervisor.said().count(f"{part} ended with -9") == times
            ),
            f"{part} is missed",
        )
        if part != "web":
            assert supervisor.answers()
        until(lambda: supervisor.parts() and supervisor.answers(), f"{part} is there again")
        after = supervisor.parts()
        assert after.pop(part)
        assert after == before, "no other part was started again"
    assert "general-2 ended with -9; starting it again in 2 s" in supervisor.said()
    assert supervisor.process.poll() is None


def test_pauses_before_a_part_starts_again_double_up_to_a_minute(monkeypatch, capsys):
    now = 1000.0
    monkeypatch.setattr(supervise, "time", SimpleNamespace(monotonic=lambda: now))
    part = Part("general", ("false",))
    pauses = []
    for ran_for in (0, 0, 0, 0, 0, 0, 0, 0, 61, 0):
        part.keep_running()
        assert part.process.wait() == 1
        now += ran_for
        part.keep_running()
        pauses.append(int(re.search(r"ended with 1.* in (\d+) s", capsys.readouterr().err)[1]))
        now += pauses[-1] - 0.1
        part.keep_running()
        assert part.process is None
        now += 0.1
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 1, 2]


class Watched:
    """A part whose process is a shell script, and the supervisor's clock."""

    def __init__(self, monkeypatch, script):
        self.now = 1000.0
        monkeypatch.setattr(supervise, "time", SimpleNamespace(monotonic=lambda: self.now))
        self.part = Part("general-1", ("sh", "-c", script))
        self.part.keep_running()
        self.first = self.part.process

    def runs_on(self, seconds, late=(), *, every=5, shows=False):
        """Look every five seconds for so long; True if the process is left running.

        shows: it shows life before each look.
        """
        for _ in range(seconds // every):
            self.now += every
            if shows:
                self.shows_life()
            self.part.look_for_life(late)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.first.wait(0.3) is None
        return True

    def shows_life(self):
        assert self.part._line.recv(1, socket.MSG_PEEK)


@pytest.fixture
def watched(monkeypatch):
    made = []

    def watch(script):
        made.append(Watched(monkeypatch, script))
        return made[-1]

    yield watch
    for each in made:
        supervise._kill_group(each.first)
        each.first.wait()


#: Shows a sign of life, idle or busy, again and again.
SHOWS = "while :; do printf {} >&0; sleep 0.01; done"


def test_a_part_that_showed_life_and_hangs_is_ended_within_a_minute(watched):
    part = watched("printf i >&0; exec sleep 600")
    part.shows_life()
    assert part.runs_on(60)
    assert not part.runs_on(10)
    part.part.keep_running()
    part.now += 1
    part.part.keep_running()
    assert part.part.starts == 2
    supervise._kill_group(part.part.process)
    part.part.process.wait()


def test_a_part_may_take_three_minutes_to_start(watched):
    part = watched("exec sleep 600")
    assert part.runs_on(180, {"general"})
    assert not part.runs_on(10)


def test_a_machine_that_slept_wakes_with_all_its_parts(watched):
    part = watched("printf i >&0; exec sleep 600")
    part.shows_life()
    assert part.runs_on(40_000, {"general"}, every=40_000)


def test_an_idle_worker_of_a_queue_in_which_nothing_is_done_is_ended(watched):
    part = watched(SHOWS.format("i"))
    for seconds, late in ((300, ()), (15, {"general"}), (300, {"visits"}), (15, {"general"})):
        assert part.runs_on(seconds, late, shows=True)
    assert not part.runs_on(5, {"general"}, shows=True)


def test_a_worker_in_a_task_is_left_to_the_limits_of_the_task(watched):
    part = watched(SHOWS.format("b"))
    assert part.runs_on(900, {"general"}, shows=True)


def test_a_port_that_is_taken_is_named_and_ends_the_run(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = run_supervisor(tmp_path, PORT=port)
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr


def test_a_web_server_that_cannot_start_ends_the_run(tmp_path, migrated_database):
    copy_database(migrated_database, tmp_path / "var")
    done = run_supervisor(tmp_path, PORT=str(free_port()), GUNICORN_CMD_ARGS="--no-such-option")
    assert done.returncode == 1
    assert "no-such-option" in done.stderr
    assert "The web server cannot start" in done.stderr


def test_a_setting_that_is_refused_is_named_before_anything_starts(tmp_path):
    done = run_supervisor(tmp_path, PORT=str(free_port()), FETCH_MAX_BYTES="many")
    assert done.returncode == WRONG_SETTING
    assert done.stderr.startswith("Wrong setting: FETCH_MAX_BYTES")


def run_supervisor(folder, **environment):
    return subprocess.run(
        [sys.executable, "-m", "config.supervise"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(folder / "var"), **environment},
        text=True,
        capture_output=True,
        timeout=60,
    )
