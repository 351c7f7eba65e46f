"""Builds the Dockerfile's image as a folder, without a container engine.

A Debian root made by mmdebstrap stands in for the base image: the same release, and Python in
/usr/local as the base image has it. Then bubblewrap executes each instruction in it. Needs root.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dockerfile_parse import DockerfileParser
from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = "ca-certificates,python3,python3-pip,python3-venv"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: What this machine's package clients need (certificates, settings of pip); not kept in the image.
CLIENT_VARIABLES = re.compile(r"PIP_\w+|SSL_\w+|REQUESTS_CA_BUNDLE")
CLIENT_FILES = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs", "/etc/pip.conf")


@dataclass(frozen=True, slots=True)
class Image:
    """A built stage. command: the words of CMD; user: "UID:GID"."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: {"PATH": PATH})
    working_folder: str = "/"
    user: str = "0:0"
    command: tuple[str, ...] = ()


def build(folder: Path, *, target: str = "app") -> Image:
    """Build a stage and those before it; each becomes a folder named like it."""
    parser = DockerfileParser(path=str(ROOT / "Dockerfile"))
    image: Image | None = None
    built: dict[str, Image] = {}
    for step in parser.structure:
        instruction, value = step["instruction"], step["value"]
        if instruction == "FROM":
            parent, _, name = value.partition(" AS ")
            if target in built:
                break
            if parent in built:
                image = replace(built[parent], folder=_copy(built[parent].folder, folder / name))
            else:
                image = Image(_base(parent, folder / name))
            built[name] = image
        elif image is not None and instruction != "COMMENT":
            print(f"{instruction} {' '.join(value.split())[:100]}", flush=True)
            image = built[name] = _execute(image, instruction, value)
    return built[target]


def _base(parent: str, folder: Path) -> Path:
    """Make a Debian root for an image such as python:3.13-slim-trixie."""
    found = re.fullmatch(r"python:(3\.\d+)-slim-(\w+)", parent)
    if found is None:
        raise ValueError(f"no Debian root can stand in for {parent}")
    version, release = found.groups()
    print(f"FROM {parent}: Debian {release}", flush=True)
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", release, folder],
        check=True,
    )
    base = Image(folder)
    _run(base, f"python{version} -m venv /usr/local")  # fails if Debian has another Python
    return folder


def _copy(source: Path, target: Path) -> Path:
    subprocess.run(["cp", "--archive", "--reflink=auto", source, target], check=True)
    return target


def _execute(image: Image, instruction: str, value: str) -> Image:
    match instruction:
        case "ENV":
            pairs = dict(pair.split("=", 1) for pair in value.split())
            return replace(image, environment={**image.environment, **pairs})
        case "WORKDIR":
            (image.folder / value.lstrip("/")).mkdir(parents=True, exist_ok=True)
            return replace(image, working_folder=value)
        case "USER":
            return replace(image, user=value if ":" in value else f"{value}:{value}")
        case "CMD":
            words = tuple(re.findall(r'"([^"]*)"', value))
            return replace(image, command=words)
        case "COPY":
            *sources, _ = value.split()
            _copy_context(image.folder / image.working_folder.lstrip("/"), sources)
        case "RUN":
            _run(image, value)
        case "EXPOSE":
            pass
        case _:
            raise ValueError(f"{instruction} is not known here")
    return image


def _copy_context(target: Path, sources: Iterable[str]) -> None:
    """Copy files of the repository, less those that .dockerignore names, as root's."""
    # Patterns of .dockerignore begin at the root; those of .gitignore match anywhere.
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    ignored = GitIgnoreSpec.from_lines(
        line if line.startswith(("#", "**")) else f"/{line}" for line in lines if line
    )
    for source in sources:
        found = [ROOT / source] if (ROOT / source).is_file() else _files()
        for path in found:
            name = path.relative_to(ROOT)
            if not ignored.match_file(str(name)):
                (target / name.parent).mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target / name)


def _files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _run(image: Image, command: str) -> None:
    """Execute a command as RUN does, with the network and settings of this machine."""
    lent = {name: text for name, text in os.environ.items() if CLIENT_VARIABLES.fullmatch(name)}
    environment = {
        "HOME": "/root",
        "DEBIAN_FRONTEND": "noninteractive",
        **image.environment,
        **lent,
    }
    files = [path for path in CLIENT_FILES if Path(path).exists()]
    subprocess.run(
        [
            *("bwrap", "--bind", image.folder, "/", "--dev", "/dev", "--proc", "/proc"),
            *("--unshare-pid", "--die-with-parent", "--cap-add", "ALL", "--clearenv"),
            *(word for path in files for word in ("--ro-bind", path, path)),
            *(word for pair in environment.items() for word in ("--setenv", *pair)),
            *("--chdir", image.working_folder),
            *(*as_user(image.user), "/bin/sh", "-c", command),
        ],
        check=True,
    )


def as_user(user: str) -> list[str]:
    """Return the words before a command that let it run as this user, without capabilities."""
    uid, _, gid = user.partition(":")
    if uid == "0":
        return []
    return [
        *("setpriv", "--reuid", uid, "--regid", gid, "--clear-groups"),
        *("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"),
    ]
