"""Visits with a browser, for pages that are empty without their scripts. An optional extra.

The browser lives for one visit, in a process of its own (`browser_process.py`), which is watched
from
here: past its time or its memory it is killed with all its children. What it asks of the network
goes through the gate; it has no other way out.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from platforms.fetching import browser_messages as messages
from platforms.fetching.cookies import LentCookie
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.outcomes import Outcome

# The shell draws the same and takes less processor time and memory than the whole of Chromium.
_NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable", "chrome"),
)
_CHECK_INTERVAL = 0.2  # seconds between checks of time and memory; chosen
_ROOT = Path(__file__).resolve().parents[2]
# The process that reads hostile pages must not get our secrets.
_ENVIRONMENT_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "FONTCONFIG_PATH")


class BrowserUnavailableError(PermanentFetchError):
    """This installation has no browser for visits."""

    def __init__(self, detail: str) -> None:
        super().__init__(Outcome.CONNECTION, detail)

    def __reduce__(self) -> tuple[type[BrowserUnavailableError], tuple[str]]:
        return type(self), (self.detail,)


def find_browser(policy: FetchPolicy) -> str:
    """Return the path of the Chromium to use; raises BrowserUnavailableError."""
    if importlib.util.find_spec("playwright") is None:
        raise BrowserUnavailableError(
            "reading with a browser needs the packages of requirements-browser.txt"
        )
    if policy.browser and not Path(policy.browser).is_file():
        raise BrowserUnavailableError(f"FETCH_BROWSER names no file: {policy.browser}")
    paths = (path for name in _NAMES if (path := shutil.which(name)))
    browser = policy.browser or next(paths, "")
    if not browser:
        raise BrowserUnavailableError("no Chromium is installed; FETCH_BROWSER can name one")
    if os.geteuid() == 0 and not policy.browser_as_root:
        raise BrowserUnavailableError(
            "as root Chromium would run without its sandbox; let workers run as another user, "
            "or set FETCH_BROWSER_AS_ROOT"
        )
    return browser


def visit_in_browser(
    url: str,
    *,
    policy: FetchPolicy,
    wait_for: str = "",
    cookies: Sequence[LentCookie] = (),
) -> FetchedPage:
    """Return the page after its scripts ran; raises FetchError.

    wait_for: a CSS selector of the watched part; "" to wait until the text no longer changes.
    """
    job = messages.Job(url, find_browser(policy), policy, wait_for, tuple(cookies))
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder:
        answer = Path(folder) / "answer.json"
        _run(job, answer)
        if not answer.exists():
            raise TransientFetchError(Outcome.CONNECTION, "the browser did not survive the page")
        result = messages.read_answer(answer.read_bytes())
    if isinstance(result, FetchError):
        raise result
    return result


def _run(job: messages.Job, answer: Path) -> None:
    """Run the process that controls the browser; raises FetchError if it had to be stopped."""
    environment = {name: os.environ[name] for name in _ENVIRONMENT_KEPT if name in os.environ}
    environment |= {"HOME": str(answer.parent), "TMPDIR": str(answer.parent), "TZ": "UTC"}
    process = subprocess.Popen(
        [sys.executable, "-m", "platforms.fetching.browser_process", str(answer)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        assert process.stdin is not None  # for the type checker: it is a pipe
        process.stdin.write(messages.write_job(job))
        process.stdin.close()
        _watch(process, job.policy)
    finally:
        kill_with_children(process.pid)
        process.wait()


def _watch(process: subprocess.Popen[bytes], policy: FetchPolicy) -> None:
    ends_at = time.monotonic() + policy.total_timeout + policy.browser_startup
    while True:
        try:
            process.wait(_CHECK_INTERVAL)
            return
        except subprocess.TimeoutExpired:
            pass
        if time.monotonic() > ends_at:
            raise TransientFetchError(Outcome.TIMEOUT, "the browser did not finish in time")
        if memory_of(process.pid) > policy.browser_memory:
            raise PermanentFetchError(Outcome.TOO_LARGE, "the page needs too much memory")


# --- Processes --------------------------------------------------------------------------------
# These need /proc. Systems without it limit only the time; the browser then ends with the process
# that controls it.


def kill_with_children(pid: int) -> None:
    """Kill a process and its descendants. Those of Chromium are in other sessions."""
    while True:
        # Find all children before killing: those of a dead parent cannot be found.
        family = [*descendants(pid), pid]
        alive = [member for member in family if _kill(member)]
        if not any(member != pid for member in alive):
            return
        time.sleep(0.02)


def _kill(pid: int) -> bool:
    """Kill one process; return False if it does not run."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def descendants(pid: int) -> list[int]:
    """Return the running processes that descend from this one."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    family: list[int] = []
    parents = [pid]
    while parents:
        of_parent = children.get(parents.pop(), [])
        family += of_parent
        parents += of_parent
    return family


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may itself contain brackets and spaces.
            state, parent, *_ = entry.read_text(errors="replace").rpartition(")")[2].split()
        except (OSError, ValueError):
            continue  # ended meanwhile
        if state != "Z":
            yield int(entry.parent.name), int(parent)


def memory_of(pid: int) -> int:
    """Return the private memory of a process and its descendants, in bytes."""
    total = 0
    for member in [pid, *descendants(pid)]:
        try:
            status = Path(f"/proc/{member}/status").read_text(errors="replace")
        except OSError:
            continue
        total += sum(
            int(line.split()[1]) * 1024
            for line in status.splitlines()
            if line.startswith(("RssAnon:", "RssShmem:"))
        )
    return total
