"""Runs services of docker-compose.yml as processes, each in a sandbox like its container.

`docker-compose config` reads the file. bubblewrap gives a service of ours what Docker would: the
image's folder as its root, volumes, tmpfs, a process namespace, and a user without capabilities.
Not like Docker: one network for all, no limit of memory, no seccomp profile.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.containers.image import ROOT, Image, as_user

#: Where each service is found, so that two may listen on the same port.
ADDRESSES = {"db": "127.0.0.1", "web": "127.0.0.1", "redis": "127.0.0.2", "cache": "127.0.0.3"}


def services(settings: Mapping[str, str], *options: str) -> dict[str, Any]:
    """Return the services as docker-compose resolves them with these settings in .env.

    Raises CalledProcessError if docker-compose finds a fault, or warns.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in ROOT.glob("docker-compose*.yml"):
            shutil.copy(path, folder)
        lines = (f"{key}={value}\n" for key, value in settings.items())
        (folder / ".env").write_text("".join(lines))
        command = ["docker-compose", *options, "config", "--format", "json"]
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": name},
        )
    if done.returncode or done.stderr:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    # What is printed can be read again as a file, so each $ is doubled.
    return dict(json.loads(done.stdout.replace("$$", "$"))["services"])


class Container:
    """A running service. log: the file with what it wrote; said: by its last health check."""

    said = ""

    def __init__(self, name: str, service: Mapping[str, Any], image: Image, folder: Path) -> None:
        self.log = folder / f"{name}.log"
        self._service = service
        self._image = image
        ours, theirs = os.pipe()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *("bwrap", "--info-fd", str(theirs), "--unshare-pid", "--unshare-uts"),
                    *("--die-with-parent", "--as-pid-1", "--cap-add", "ALL", "--clearenv"),
                    *self._mounts(folder),
                    *self._environment(),
                    *("--chdir", image.working_folder, "--"),
                    *self._closed(),
                    *(service["command"] or image.command),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs],
            )
        os.close(theirs)
        with os.fdopen(ours) as told:
            self._pid = json.loads(told.read())["child-pid"]

    def is_healthy(self) -> bool:
        """Run the health check inside, as Docker does."""
        kind, *words = self._service["healthcheck"]["test"]
        command = ["/bin/sh", "-c", *words] if kind == "CMD-SHELL" else words
        done = self.execute(*command)
        self.said = done.stdout + done.stderr
        return done.returncode == 0

    def execute(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command beside the service, as `docker compose exec` does."""
        environment = {**self._image.environment, **self._service["environment"]}
        inside = ["nsenter", "--target", str(self._pid), "--mount", "--pid", "--root"]
        return subprocess.run(
            [
                *(*inside, f"--wdns={self._image.working_folder}"),
                *("env", "-i", *(f"{key}={value}" for key, value in environment.items())),
                *as_user(self._image.user),
                *command,
            ],
            capture_output=True,
            text=True,
            timeout=120,
        )

    def signal(self, number: int) -> None:
        os.kill(self._pid, number)

    def stop(self) -> int:
        """Stop it as Docker does, within the grace that the file gives; return its exit code."""
        self.signal(signal.SIGTERM)
        grace = str(self._service.get("stop_grace_period", "10s"))
        minutes, _, seconds = grace.rpartition("m")
        return self.process.wait(int(minutes or 0) * 60 + int(seconds.rstrip("s") or 0))

    def _mounts(self, folder: Path) -> Iterator[str]:
        hosts = folder / "hosts"
        hosts.write_text("".join(f"{address} {name}\n" for name, address in ADDRESSES.items()))
        root = "--ro-bind" if self._service.get("read_only") else "--bind"
        yield from (root, str(self._image.folder), "/")
        yield from ("--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm", "--proc", "/proc")
        yield from ("--ro-bind", str(hosts), "/etc/hosts")
        for each in self._service.get("tmpfs", ()):
            yield from ("--perms", "1777", "--tmpfs", each.partition(":")[0])
        for volume in self._service.get("volumes", ()):
            yield from ("--bind", str(self._volume(folder, volume)), volume["target"])

    def _volume(self, folder: Path, volume: Mapping[str, Any]) -> Path:
        """Return a volume's folder; a new one takes the owner and mode of what it covers."""
        path = folder / "volumes" / str(volume["source"])
        if not path.exists():
            path.mkdir(parents=True)
            covered = (self._image.folder / volume["target"].lstrip("/")).stat()
            os.chown(path, covered.st_uid, covered.st_gid)
            path.chmod(covered.st_mode)
        return path

    def _environment(self) -> Iterator[str]:
        home = {"HOME": "/var/lib/default-on"}  # Docker reads it from /etc/passwd
        for pair in {**home, **self._image.environment, **self._service["environment"]}.items():
            yield from ("--setenv", *map(str, pair))

    def _closed(self) -> Sequence[str]:
        """Return the words before the command that take away what Docker does not give."""
        tmpfs = [each.partition(":")[0] for each in self._service.get("tmpfs", ())]
        remount = "".join(f"mount -o remount,noexec,nosuid,nodev {each} && " for each in tmpfs)
        return ["/bin/sh", "-c", f'{remount}exec "$@"', "sh", *as_user(self._image.user)]


@contextmanager
def running(container: Container) -> Iterator[Container]:
    try:
        yield container
    finally:
        container.process.kill()
        container.process.wait()
