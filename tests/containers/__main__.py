"""Build the image without a container engine, and run the services of docker-compose.yml in it.

    python -m tests.containers [FOLDER]

Every RUN of the Dockerfile is executed in a root made from Debian's packages. Then, in a network
namespace without a way out, all services start with a read-only root: schema and catalog are
prepared, the web server answers through Caddy with TLS, workers and beat report a heartbeat, a page
becomes due and is read, a backup is made, and all stop when asked.
Needs root and Debian's packages mmdebstrap, bubblewrap, docker-compose, caddy, redis-server and
postgresql. FOLDER keeps what was built; a second run with it builds nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pickle
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import requests

from tests.containers.compose import ADDRESSES, Container, running, services
from tests.containers.image import ROOT, Image, build
from tests.practice.site import HELP, PracticeSite
from tests.services import postgresql_server

#: Caddy makes its own certificate for a name of this kind.
HOST = "defaulton.localhost"
SETTINGS = {
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": HOST,
    "SITE_URL": f"https://{HOST}",
    "CONTACT_EMAIL": "desk@defaulton.example",
    "TRUSTED_PROXIES": "1",
    "EMAIL_URL": "smtp://127.0.0.1:1025",
    "POSTGRES_PASSWORD": "secret",
    "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
    "FETCH_ALLOWED_PORTS": "8099",
}
#: Watches one more page, which is on this machine.
PAGE = """
from platforms.models import Page, Platform
Page.objects.create(platform=Platform.objects.first(), kind="help", title="Practice", url="%s")
"""
PARTS = ("web", "worker-visits", "worker-general", "beat")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        run(pickle.loads((options.folder / "image").read_bytes()))
        return 0
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "image").exists():
            (folder / "image").write_bytes(pickle.dumps(build(folder)))
        hosts = folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost {HOST}\n")
        isolated = ["bwrap", "--unshare-net", "--die-with-parent", "--cap-add", "ALL"]
        mounts = ["--dev-bind", "/", "/", "--ro-bind", str(hosts), "/etc/hosts"]
        command = [sys.executable, "-m", "tests.containers", "--inside", str(folder)]
        return subprocess.run([*isolated, *mounts, *command], cwd=ROOT).returncode


def run(image: Image) -> None:
    """Start everything, look at it, and stop it. Raises AssertionError where something is wrong."""
    declared = services(SETTINGS)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        database = stack.enter_context(stores(declared, folder))

        def start(name: str) -> Container:
            return stack.enter_context(running(Container(name, declared[name], image, folder)))

        prepare = start("prepare")
        assert prepare.process.wait(300) == 0, prepare.log.read_text()
        say("prepare", prepare.log.read_text().splitlines()[-1])
        parts = {name: start(name) for name in PARTS}
        for name, part in parts.items():
            until(part.is_healthy, f"{name} is healthy", part)
            say(name, "healthy")
        look_through_proxy(stack, folder)
        site = stack.enter_context(PracticeSite(8099))
        added = parts["web"].execute("python", "manage.py", "shell", "-c", PAGE % (site.url + HELP))
        assert added.returncode == 0, added.stderr
        count = "SELECT count(*) FROM platforms_snapshot"
        until(lambda: value(database, count), "beat lets a page be due, and a worker keeps it")
        say("worker-visits", "keeps a snapshot of a page")
        look_at_a_frozen_worker(parts["worker-visits"])
        make_backup(declared, image, folder)
        for name, part in parts.items():
            say(name, f"{memory(part.process.pid) / 1e6:.0f} MB")
        for name, part in parts.items():
            say(name, f"stopped with {part.stop()}")
        for log in folder.glob("*.log"):
            text = log.read_text(errors="replace")
            assert "Read-only file system" not in text, text
            assert "Traceback" not in text, text


@contextlib.contextmanager
def stores(declared: dict[str, Any], folder: Path) -> Iterator[str]:
    """Run PostgreSQL, and Redis twice with the commands of the file; yield the database's URL."""
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgresql_server(port=5432))
        password = SETTINGS["POSTGRES_PASSWORD"]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE default_on SUPERUSER LOGIN PASSWORD '{password}'")
            connection.execute("CREATE DATABASE default_on OWNER default_on")
        for name in ("redis", "cache"):
            data = folder / name
            data.mkdir()
            command = [*declared[name]["command"], "--bind", ADDRESSES[name], "--dir", str(data)]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        yield url.rpartition("/")[0] + "/default_on"


def look_through_proxy(stack: contextlib.ExitStack, folder: Path) -> None:
    """Ask for a page by HTTPS, as a reader does."""
    log = stack.enter_context((folder / "caddy.txt").open("wb"))
    caddy = subprocess.Popen(
        ["caddy", "run", "--config", str(ROOT / "deploy/Caddyfile"), "--adapter", "caddyfile"],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "SITE_URL": SETTINGS["SITE_URL"],
            "WEB": f"{ADDRESSES['web']}:8000",
        },
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    stack.callback(caddy.wait)
    stack.callback(caddy.terminate)
    authority = folder / ".local/share/caddy/pki/authorities/local/root.crt"
    until(authority.exists, "Caddy makes a certificate")

    def page() -> str:
        with contextlib.suppress(requests.ConnectionError):
            answer = requests.get(f"https://{HOST}/", timeout=30, verify=str(authority))
            answer.raise_for_status()
            return answer.text
        return ""

    assert "Default On" in until(page, "Caddy answers")
    redirected = requests.get(f"http://{HOST}/about", timeout=30, allow_redirects=False)
    assert redirected.headers["Location"] == f"https://{HOST}/about"
    say("proxy", "answers by HTTPS, and redirects to it")


def look_at_a_frozen_worker(worker: Container) -> None:
    """A worker that does nothing must become unhealthy, and healthy again when it goes on."""
    worker.signal(signal.SIGSTOP)
    until(lambda: not worker.is_healthy(), "a frozen worker is unhealthy", patience=300)
    worker.signal(signal.SIGCONT)
    until(worker.is_healthy, "a worker that goes on is healthy")
    say("worker-visits", "unhealthy while frozen, healthy afterwards")


def make_backup(declared: dict[str, Any], image: Image, folder: Path) -> None:
    """Make one backup now, with the volumes of the service that makes one each night."""
    once = declared["backup"] | {"command": ["python", "manage.py", "backup", "/backups"]}
    with running(Container("backup", once, image, folder)) as backup:
        assert backup.process.wait(300) == 0, backup.log.read_text()
        say("backup", backup.log.read_text().splitlines()[0])


def memory(process: int) -> int:
    """Return the bytes that a process and its descendants take (shared ones in parts)."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own * 1024 + sum(memory(int(child)) for child in children)


def value(database: str, query: str) -> int:
    with psycopg.connect(database) as connection:
        return int(connection.execute(query).fetchone()[0])  # type: ignore[index]


def until(
    happened: Callable[[], Any],
    what: str,
    container: Container | None = None,
    patience: float = 180,
) -> Any:
    deadline = time.monotonic() + patience
    while not (result := happened()):
        if time.monotonic() > deadline:
            said = container.log.read_text()[-3000:] + container.said if container else ""
            raise AssertionError(f"not within {patience:.0f} s: {what}\n{said}")
        time.sleep(1)
    return result


def say(name: str, line: str) -> None:
    print(f"{name:16} {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
