"""Runs cases of the hostile corpus, each in a process of its own, and measures what they take.

python -m tests.hostile.measuring html/many_options

The system enforces the budget (setrlimit), so a case that goes over it ends soon.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
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


class Bench:
    """A process with Django set up. It forks for each case, because setting up takes seconds."""

    def __init__(self, folder: Path) -> None:
        self._errors = folder / "errors"
        environment = {name: os.environ[name] for name in _ENVIRONMENT_KEPT if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.measuring"],
            cwd=ROOT,
            env=environment | {"VAR_DIR": str(folder / "var")},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def measure(self, case: str) -> Measured:
        """Run a case with an unused VAR_DIR; raise OverBudgetError when it fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([case, str(self._errors)]) + "\n")
        self._process.stdin.flush()
        status, measured = json.loads(self._process.stdout.readline())
        if status:
            raise OverBudgetError(
                f"{case} ended with status {status} (-9, -24: over its CPU budget; -14: waited)\n"
                f"{self._errors.read_text()[-3_000:]}"
            )
        return Measured(**measured)

    def close(self) -> None:
        """End the process, which waits for the next case."""
        self._process.communicate()


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """Yield a bench that has a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        bench = Bench(Path(folder))
        try:
            yield bench
        finally:
            bench.close()


def main() -> None:
    """Run the case named on the command line; print what it took, as JSON.

    Without a name run the cases named on standard input, each in a fork.
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1:
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            os.environ["VAR_DIR"] = folder
            django.setup()
            sys.stdout.write(f"{json.dumps(asdict(_run(sys.argv[1])))}\n")
        return
    django.setup()
    var_dir = os.environ["VAR_DIR"]
    shutil.copytree(var_dir, f"{var_dir}-unused")
    for line in sys.stdin:
        shutil.rmtree(var_dir)
        shutil.copytree(f"{var_dir}-unused", var_dir)
        case, errors = json.loads(line)
        status, measured = _run_in_fork(case, errors)
        sys.stdout.write(f"{json.dumps([status, measured])}\n")
        sys.stdout.flush()


def _run_in_fork(case: str, errors: str) -> tuple[int, dict[str, float] | None]:
    """Return the exit status of a child that ran the case, and what the case took.

    errors: the file for what the child writes to standard output and standard error.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            # A group of its own, so that what the case starts ends with it.
            os.setpgid(0, 0)
            file = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, 1)
            os.dup2(file, 2)
            signal.alarm(_PATIENCE)
            os.write(writing, json.dumps(asdict(_run(case))).encode())
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as answer:
        _, ended = os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        written = answer.read()
    return os.waitstatus_to_exitcode(ended), json.loads(written) if written else None


def _run(name: str) -> Measured:
    case = load(name)
    hostile = case.make()
    _limit(case)
    memory_before, cpu_before = _peak_megabytes(), time.process_time()
    case.read(hostile)
    return Measured(
        cpu_seconds=round(time.process_time() - cpu_before + _children_seconds(), 3),
        megabytes=round(_peak_megabytes() - memory_before, 1),
    )


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
