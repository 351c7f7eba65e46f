"""`make run` as a newcomer meets it: everything comes up together and goes down together."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from tests.main_job.installation import ROOT, until
from tests.practice.site import declare
from tests.services import free_port


class Run:
    """`make run` with a place and a port of its own."""

    def __init__(self, folder):
        self.port = free_port()
        self.output = folder / "output"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "VAR_DIR": str(folder / "var"),
            "CATALOG_DIR": str(write_catalog(folder)),
        }
        with self.output.open("wb") as file:
            self.make = subprocess.Popen(
                ["make", "run", f"PORT={self.port}"],
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def parts(self):
        """The process numbers of web and worker, once both are there."""
        found = {}
        for pid in family(self.make.pid):
            words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            for name, module in (("web", "gunicorn"), ("worker", "celery")):
                if module in words:
                    found.setdefault(name, pid)
        return found if len(found) == 2 else None

    def answers(self):
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).ok
        return False


def write_catalog(folder: Path) -> Path:
    """One platform whose only page is on this machine: a test visits nobody else."""
    declare("http://127.0.0.1:9", folder / "catalog")
    return folder / "catalog"


def family(pid):
    """A process and all below it, parents first."""
    with contextlib.suppress(FileNotFoundError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *(one for child in children for one in family(int(child)))]
    return []


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def run(tmp_path):
    if not (ROOT / ".venv" / ".run").exists():
        pytest.skip("`make run` has not installed into .venv on this machine")
    run = Run(tmp_path)
    try:
        until(lambda: run.answers() and run.parts(), "site and worker are up")
        yield run
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(run.make.pid, signal.SIGTERM)
        run.make.wait(30)


def test_ctrl_c_stops_web_and_worker_together(run):
    assert f"http://127.0.0.1:{run.port}/" in run.output.read_text()
    assert "manage.py createsuperuser" in run.output.read_text()
    everyone = family(run.make.pid)
    os.killpg(run.make.pid, signal.SIGINT)
    until(lambda: not any(map(alive, everyone)), "all of them end", patience=20)
    assert not run.answers()


@pytest.mark.parametrize("part", ["web", "worker"])
def test_when_one_part_dies_the_other_does_not_pretend(run, part):
    everyone = [pid for pid in family(run.make.pid) if pid != run.make.pid]
    os.kill(run.parts()[part], signal.SIGKILL)
    until(lambda: not any(map(alive, everyone)), "all of them end", patience=20)
    assert run.make.wait(20) != 0
    assert f"{part} ended by itself" in run.output.read_text()
