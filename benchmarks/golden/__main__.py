"""Writes down what users notice on one frozen day, and compares two such folders.

    python -m benchmarks.golden FOLDER
    python -m benchmarks.golden --compare OLD NEW [--ignore KEY …]

A fresh database under a temporary VAR_DIR loads the whole catalog at noon of 29 November 2026. The
folder then has what readers and programs get (site.py), and what a script of curators' acts writes,
mails and counts (acts.py). Two runs of the same code give the same bytes. Each takes about five
minutes of one processor. The acts of two runs follow each other, because the practice platform has
a fixed port. `--compare` lists what differs and exits with 1; it leaves out the JSON keys that are
named.

To compare two states of the code, run it in a worktree of each. It enters by management commands,
addresses, the desk's forms and the names of tasks; of the rest it imports config.celery,
tests.pages and tests.practice.site. So its files can be copied into a worktree that lacks them.
Rows are named without their numbers, so that another scheme of keys shows little.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.golden.comparing import COSTS, compare, costs_of

NOON = "2026-11-29T12:00:00+00:00"
#: The practice platform is served here; its address is part of what is written.
PORT = 47815


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("OLD", "NEW"))
    parser.add_argument("--ignore", action="append", default=[], metavar="KEY")
    parser.add_argument("--only", choices=["site", "acts"], help="write one half")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.compare:
        sys.exit(compare(*arguments.compare, ignore=frozenset(arguments.ignore)))
    if arguments.folder is None:
        parser.error("name a folder, or two to compare")
    if arguments.inside:
        write(arguments.folder, arguments.only)
        return
    started = time.monotonic()
    half = ["--only", arguments.only] if arguments.only else []
    with tempfile.TemporaryDirectory() as var, tempfile.TemporaryDirectory() as written:
        subprocess.run(
            [sys.executable, "-m", "benchmarks.golden", "--inside", written, *half],
            env=_environment(var),
            check=True,
        )
        shutil.rmtree(arguments.folder, ignore_errors=True)
        shutil.copytree(written, arguments.folder)
    count = sum(path.is_file() for path in arguments.folder.rglob("*"))
    print(costs_of(arguments.folder / COSTS))
    print(f"{count} files in {arguments.folder}, {time.monotonic() - started:.0f} s")


def _environment(var: str) -> dict[str, str]:
    """Return the environment of an embedded installation, with nothing of this machine's own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": var,
        "SECRET_KEY": "golden files need a key that never changes",
        "SITE_URL": "http://golden.example",
        "ALLOWED_HOSTS": "golden.example",
        "CONTACT_EMAIL": "curators@golden.example",
        "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
        "FETCH_ALLOWED_PORTS": str(PORT),
        "FETCH_HOST_PAUSE": "0.01",
        "LOG_LEVEL": "ERROR",
        "TZ": "UTC",
    }


def write(folder: Path, only: str | None = None) -> None:
    """Write everything into a folder. Only in a process with the environment above."""
    import datetime as dt

    import django
    import time_machine

    with time_machine.travel(dt.datetime.fromisoformat(NOON), tick=False) as clock:
        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.test.utils import override_settings, setup_test_environment

        from benchmarks.golden.acts import write_acts
        from benchmarks.golden.site import write_site

        setup_test_environment()  # mails are kept in memory
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        with override_settings(
            ALLOWED_HOSTS=["golden.example"],
            STORAGES=settings.STORAGES | {"staticfiles": plain},
            CACHES={name: in_memory | {"LOCATION": name} for name in settings.CACHES},
        ):
            call_command("migrate", verbosity=0)
            call_command("load_catalog", verbosity=0)
            if only != "acts":
                write_site(folder)
            if only != "site":
                write_acts(folder, clock, PORT)


if __name__ == "__main__":
    main()
