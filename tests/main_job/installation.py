"""A whole Default On beside the tests: its own place, its own web and worker processes."""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from config.supervise import PARTS
from tests.fork_server import ForkServer, Program, fork_server
from tests.pages import fields_in
from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
CURATOR = ("ada", "a long pass phrase for tests")
#: A production site whose database is away: its web server starts all the same.
NO_DATABASE = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "SECRET_KEY": secrets.token_hex(32),
    "ALLOWED_HOSTS": "127.0.0.1",
    "CONTACT_EMAIL": "curators@defaulton.example",
    "TRUSTED_PROXIES": "0",
}
#: What most programs of a site load, so that it is loaded once.
_SITE = """
import django, config.celery, config.web_server
django.setup()
import celery.apps.worker, celery.bin.celery, gunicorn.app.wsgiapp
import platforms.tasks, consent.tasks
"""
#: Loading the addresses of the site takes a while, and only web servers need them.
_WEB = "import config.urls"
_PATIENCE = 60  # seconds until something that should happen has not

Process = Program | subprocess.Popen[bytes]


def until(happened: Callable[[], Any], what: str, patience: float = _PATIENCE) -> Any:
    """Wait for something to become true and return it; fail naming what did not happen."""
    deadline, pause = time.monotonic() + patience, 0.02
    while not (result := happened()):
        if time.monotonic() > deadline:
            raise AssertionError(f"within {patience:.0f} s it did not happen that {what}")
        time.sleep(pause)
        pause = min(pause * 1.3, 0.3)  # asking takes processor time as well
    return result


class Shell:
    """One process of an installation that evaluates what it is sent, line by line.

    It keeps no connection between two questions and ends with the object.
    """

    _LOOP = """
import json, sys
from django.db import connections
from consent.models import *
from platforms.models import *
for line in sys.stdin:
    kind, code = json.loads(line)
    answer = (eval if kind == "eval" else exec)(code, globals())
    connections.close_all()
    print("=>" + json.dumps(answer, default=str), flush=True)
"""

    def __init__(self, server: ForkServer, *, log: Path) -> None:
        self._log = log
        with log.open("wb") as errors:
            self._process = server.talk(["-c", self._LOOP], stderr=errors.fileno())

    def evaluate(self, expression: str) -> Any:
        return self._send("eval", expression)

    def execute(self, statements: str) -> None:
        self._send("exec", statements)

    def _send(self, kind: str, code: str) -> Any:
        with contextlib.suppress(BrokenPipeError):  # what it died of is in its log
            self._process.stdin.write(json.dumps([kind, code]) + "\n")
            self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("=>"):
                return json.loads(line.removeprefix("=>"))
        raise AssertionError(f"{code}:\n{self._log.read_text()}")


class Installation:
    """environment: what differs from the embedded defaults (DATABASE_URL, REDIS_URL …).

    prelude: statements that are executed before all others, to change a constant of the code.
    forked: web and workers are forks; False: each is a new interpreter, as where they are measured.
    """

    def __init__(
        self,
        folder: Path,
        *,
        site_port: int,
        prelude: str = "",
        forked: bool = True,
        **environment: str,
    ) -> None:
        self.folder = folder
        self.forked = forked
        self.prelude = prelude
        self._server: ForkServer | None = None
        self._server_environment: dict[str, str] = {}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}
        } | {
            "PORT": str(self.port),
            "VAR_DIR": str(folder / "var"),
            "CONTACT_EMAIL": "curators@defaulton.example",
            "TRUSTED_PROXIES": "0",
            "CATALOG_DIR": str(folder / "catalog"),
            "SITE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
            "FETCH_ALLOWED_PORTS": str(site_port),
            "FETCH_HOST_PAUSE": "0",
            "FETCH_LEASE": "3",
            **environment,
        }

    @property
    def programs(self) -> ForkServer:
        """Starts processes that have the environment of now, with the site's code loaded."""
        if self._server is None or self._server_environment != self.environment:
            log = self.folder / "fork_server.log"
            self._server_environment = dict(self.environment)
            self._server = fork_server().branch(self.environment, log=log)
            self._server.load(self.prelude + _SITE)
        return self._server

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = self.programs.run(["manage.py", *arguments])
        if check and done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done

    def ask(self, expression: str) -> Any:
        """Evaluate an expression over the models in another process, as JSON."""
        return self._shell.evaluate(expression)

    def run(self, statements: str) -> None:
        """Execute statements over the models in another process."""
        self._shell.execute(statements)

    @cached_property
    def _shell(self) -> Shell:
        return Shell(self.programs, log=self.folder / "shell.log")

    def set_up(self, *, migrated_database: Path | None) -> None:
        """Load the catalog and make an account for CURATOR.

        migrated_database: an SQLite file to begin with a copy of. None: there is one already.
        """
        if migrated_database:
            copy_database(migrated_database, self.folder / "var")
        self.run(
            "from django.contrib.auth.models import User; "
            "from django.core.management import call_command; "
            "call_command('load_catalog', verbosity=0); "
            f"User.objects.create_superuser({CURATOR[0]!r}, password={CURATOR[1]!r})"
        )

    def make_due(self) -> None:
        """Let every page be due now, and ask the workers which are, as beat does each minute."""
        self.run(
            "from django.utils import timezone; "
            "Page.objects.update(next_visit_at=timezone.now()); "
            "from platforms.tasks import check_due_pages; check_due_pages.delay()"
        )

    def send_mails(self) -> None:
        """Let what waits to be sent be due now, and send it, as beat does each minute."""
        self.run(
            "from django.utils import timezone; "
            "Alert.objects.update(due_at=timezone.now()); "
            "from consent.tasks import send_mails; send_mails.delay()"
        )

    def mails(self) -> list[EmailMessage]:
        """Return the mails that were sent so far."""
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in (self.folder / "var/mail").glob("*.eml")
        ]

    @contextlib.contextmanager
    def worker(self, children: int = 2) -> Iterator[Process]:
        """A real Celery worker in a process group of its own."""
        options = ("--concurrency", str(children), "--loglevel", "INFO", "--without-mingle")
        with self.celery("worker", "worker", *options, "--without-gossip") as process:
            log = self.folder / "worker.log"
            until(lambda: b"ready" in log.read_bytes(), "the worker is ready")
            yield process

    @contextlib.contextmanager
    def celery(self, name: str, *arguments: str) -> Iterator[Process]:
        """A Celery process with these arguments: a worker, or beat. name: of its log."""
        command = [sys.executable, "-m", "celery", "--app", "config", *arguments]
        with self.process(name, command) as process:
            yield process

    @contextlib.contextmanager
    def web(self) -> Iterator[Process]:
        """The web server, which answers, if only that its database is away."""
        self.programs.load(_WEB)
        command = [sys.executable, "-m", "gunicorn", "config.wsgi"]
        settings = ("--config", "python:config.web_server", "--bind", f"127.0.0.1:{self.port}")
        with self.process("web", [*command, *settings]) as process:
            until(self.status, "the web server answers")
            yield process

    @contextlib.contextmanager
    def parts(self) -> Iterator[dict[str, Process]]:
        """Web and workers with the options that the supervisor gives them; the site answers."""
        with contextlib.ExitStack() as stack:
            parts = {"web": stack.enter_context(self.web())}
            for name in [name for name in PARTS if "-" in name]:
                parts[name] = stack.enter_context(self.process(name, PARTS[name]))
            yield parts

    @contextlib.contextmanager
    def supervised(self) -> Iterator[Process]:
        """Web and workers under the supervisor, as `make run` starts them; the site answers."""
        with self.process("supervisor", [sys.executable, "-m", "config.supervise"]) as process:
            try:
                until(self.answers, "the web server answers")
                yield process
            finally:
                process.terminate()
                process.wait(30)

    def logged(self, *names: str) -> str:
        """What these processes have written to the terminal."""
        logs = (self.folder / f"{name}.log" for name in names)
        return "".join(log.read_text(errors="replace") for log in logs)

    def answers(self) -> bool:
        return self.status() == 200

    def status(self) -> int | None:
        """The status with which the web server answers, None if it does not answer."""
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.url}/healthz/web", timeout=5).status_code
        return None

    @contextlib.contextmanager
    def process(self, name: str, command: Sequence[str]) -> Iterator[Process]:
        """Any process of the installation, killed in the end. name: of its log.

        A fork (tests.fork_server) if it is Python.
        """
        with (self.folder / f"{name}.log").open("wb") as log:
            process: Process
            if self.forked and command[0] == sys.executable:
                output = log.fileno()
                process = self.programs.start(command[1:], stdout=output, stderr=output)
            else:
                process = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            try:
                yield process
            finally:
                kill(process)


def copy_database(migrated_database: Path, var_dir: Path) -> None:
    """Let an installation that was never started begin with a database that has all tables."""
    var_dir.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated_database, var_dir / "default-on.sqlite3")


def kill(process: Process) -> None:
    """End a process and its children at once, as a power cut would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Curator:
    """Someone at the desk with a browser: logs in, reads pages, sends forms back filled."""

    def __init__(self, installation: Installation) -> None:
        self.url = installation.url
        self.session = requests.Session()
        login = f"{self.url}/admin/login/?next=/admin/"
        self.session.get(login, timeout=30)
        self.post(login, username=CURATOR[0], password=CURATOR[1])

    def get(self, path: str) -> str:
        answer = self.session.get(self.url + path, timeout=30)
        answer.raise_for_status()
        return answer.text

    def post(self, url: str, **fields: Any) -> requests.Response:
        token = self.session.cookies["csrftoken"]
        answer = self.session.post(
            url,
            data=fields | {"csrfmiddlewaretoken": token},
            headers={"Referer": url},
            timeout=30,
        )
        answer.raise_for_status()
        return answer


class Reader:
    """Someone with a browser who signs up for alerts and follows the link of the mail."""

    def __init__(self, url: str, address: str) -> None:
        self.url = url
        self.address = address
        self.session = requests.Session()

    def sign_up(self) -> None:
        """Fill in the form as slowly as people do, and send it."""
        fields = fields_in(self._asked("GET", "/subscribe").text, "main [name=started]")
        time.sleep(2.5)
        page = self._asked("POST", "/subscribe", fields | {"address": self.address}).text
        assert self.address in page, page[:2000]

    def confirm(self, path: str) -> None:
        """Open the link of a mail and press its button."""
        fields = fields_in(self._asked("GET", path).text, "main [name=csrfmiddlewaretoken]")
        self._asked("POST", path, fields)

    def _asked(self, method: str, path: str, data: Any = None) -> requests.Response:
        answer = self.session.request(
            method, self.url + path, data=data, headers={"Referer": self.url + path}, timeout=60
        )
        answer.raise_for_status()
        return answer
