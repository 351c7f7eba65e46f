"""Runs web, worker and beat of an embedded installation: up together, down together.

`python -m config.supervise` stops everything on Ctrl-C, on SIGTERM, or when one part ends by
itself, and then ends with 1. Each part leads a process group of its own, so that no child of it
outlives it.
Why this is ours: docs/decisions/0001-one-code-two-places.md.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from types import FrameType

_GRACE_SECONDS = 10
_PYTHON = (sys.executable, "-m")
PARTS = {
    "web": (
        *(*_PYTHON, "gunicorn", "config.wsgi", "--workers", "2", "--no-control-socket"),
        *("--bind", f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"),
        *("--log-level", "warning"),
    ),
    "worker": (
        *(*_PYTHON, "celery", "--app", "config", "--quiet", "worker", "--beat"),
        *("--concurrency", "2"),
        # Talk among workers: there is only one here.
        *("--without-mingle", "--without-gossip", "--without-heartbeat"),
    ),
}


def main() -> int:
    """Run all parts until told to stop (then 0) or until one ends by itself (then 1)."""
    told_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    running = {
        name: subprocess.Popen(command, start_new_session=True) for name, command in PARTS.items()
    }
    try:
        while not told_to_stop:
            for name, process in running.items():
                if process.poll() is not None:
                    _say(f"{name} ended by itself with {process.returncode}; stopping all.")
                    return 1
            time.sleep(0.2)
        _say("Stopping.")
        return 0
    finally:
        _end(list(running.values()))


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask every part to end what it began, and after the grace kill what is left of its group."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        # The group may outlive the process that led it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
