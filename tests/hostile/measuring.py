"""Runs one case of the hostile corpus in a process of its own and measures what it takes.

python -m tests.hostile.measuring html/many_options

The system enforces the budget (setrlimit), so a case that goes over it ends soon.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
# A case that waits for something uses no processor time. No case may wait longer than this.
_PATIENCE = 120
_ENVIRONMENT_KEPT = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Measured:
    """What reading the input took. megabytes: how far the peak of memory rose."""

    cpu_seconds: float
    megabytes: float


class OverBudgetError(AssertionError):
    """The case failed: it took too much, or our code answered wrongly."""


def cases() -> list[str]:
    """Return the names of all cases, such as "html/many_options"."""
    return sorted(
        path.relative_to(FOLDER).with_suffix("").as_posix()
        for path in FOLDER.glob("[a-z]*/[a-z]*.py")
    )


def load(case: str) -> ModuleType:
    """Return the module of a case."""
    return importlib.import_module(f"tests.hostile.{case.replace('/', '.')}")


def measure(case: str) -> Measured:
    """Run a case in a process of its own; raise OverBudgetError when it fails."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT_KEPT if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        environment |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.measuring", case],
            cwd=ROOT,
            env=environment,
            text=True,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    if done.returncode:
        raise OverBudgetError(
            f"{case} ended with status {done.returncode} (-9, -24: over its CPU budget)\n"
            f"{done.stderr[-3_000:]}"
        )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Run the case named on the command line; print what it took, as JSON."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    case = load(sys.argv[1])
    hostile = case.make()
    _limit(case)
    memory_before, cpu_before = _peak_megabytes(), time.process_time()
    case.read(hostile)
    measured = Measured(
        cpu_seconds=round(time.process_time() - cpu_before + _children_seconds(), 3),
        megabytes=round(_peak_megabytes() - memory_before, 1),
    )
    sys.stdout.write(f"{json.dumps(asdict(measured))}\n")


def _limit(case: ModuleType) -> None:
    used = int(time.process_time()) + 1
    seconds = used + case.CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    space = _address_space() + case.MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (space, space))


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _children_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
