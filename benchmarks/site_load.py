"""A whole site under load for a while, and what it lost: what both soaks share.

Readers fetch pages, others sign up and confirm by mail, and workers visit many pages of a server on
this machine. The load is light: a few requests a second. Prints a line a minute and a summary.
Faults are requests that fail, a mail that never comes, and visits that stand still. While a part is
away or starts, failing requests are counted and are no faults, nor that a reader has to try again.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import re
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import requests

from tests.main_job.installation import Installation, Reader
from tests.practice.site import HELP, PAGES, PracticeSite, declare

WATCHED = 40
PATHS = (
    *("/", "/timeline", "/platforms", "/platforms/chirp", "/guides/chirp-perch-training"),
    *("/status", "/about", "/search?q=perch", "/timeline?q=posts", "/subscribe", "/de/"),
    *("/feeds/timeline.atom", "/robots.txt", "/healthz"),
)
#: Seconds after the beginning in which no page need be visited.
SETTLING = 180.0


class SiteLoad(ABC):
    """mail_patience: seconds that a mail may take; beat asks for mails every minute.

    standstill: seconds within which a page must be visited.
    """

    mail_patience: float = 150.0
    standstill: float = 60.0

    def __init__(self, folder: Path, site: PracticeSite, **environment: str) -> None:
        self.folder = folder
        self.site = site
        self.installation = Installation(
            folder, site_port=site.port, forked=False, TRUSTED_PROXIES="1", **environment
        )
        self.statuses: Counter[str] = Counter()
        self.faults: list[str] = []
        self.expected: Counter[str] = Counter()
        self.unsettled_until = 0.0
        self.mails_seen = 0
        self.confirmed = 0
        self.done = threading.Event()
        self.dice = random.Random(2026)

    # What each site does in its own way.

    @abstractmethod
    def running(self) -> contextlib.AbstractContextManager[object]:
        """Start the site, and end it."""

    @abstractmethod
    def tasks(self) -> Sequence[tuple[Callable[[], None], float]]:
        """Return what goes on meanwhile, each in a thread, with the seconds between two times."""

    @abstractmethod
    def visits(self) -> int:
        """Return how many visits were recorded so far."""

    @abstractmethod
    def let_pages_be_due(self) -> None: ...

    @abstractmethod
    def look_at_end(self) -> None:
        """Print what the site itself knows while it still runs, and note faults."""

    def note_wait(self, since: float) -> None:  # noqa: B027  (most judge nothing)
        """Judge that a mail was asked for at this moment (time.monotonic) and is not there yet."""

    # What readers do.

    def read_a_page(self) -> None:
        path = self.dice.choice(PATHS)
        try:
            answer = requests.get(self.installation.url + path, timeout=30)
            kind, fault = f"{answer.status_code // 100}xx", f"{path}: {answer.status_code}"
            failed = answer.status_code >= 400
        except requests.RequestException as error:
            kind, fault, failed = "no answer", f"{path}: {type(error).__name__}", True
        self.statuses[kind] += 1
        if failed:
            self._failed(fault)

    def sign_up(self) -> None:
        number = self.dice.randrange(10**9)
        reader = Reader(self.installation.url, f"reader{number}@mail.example")
        network = f"100.{64 + number % 64}.{number // 64 % 256}.1"
        reader.session.headers["X-Forwarded-For"] = network  # the forms' limit is for one network
        if not self._tried("sign-up", reader.sign_up):
            return
        link = self._await_mail(reader.address, "Confirm your alerts", r"/confirm/[\w:.~-]+")
        if link is not None and self._tried("confirm", lambda: _confirm(reader, link)):
            self.confirmed += 1
            self._await_mail(reader.address, "You are set", "")

    def _tried(self, what: str, act: Callable[[], None]) -> bool:
        """Do it as a person does, who comes back later if it fails. False if it never works."""
        reason = ""
        for _ in range(12):
            try:
                act()
                return True
            except (requests.RequestException, AssertionError, IndexError) as error:
                reason = str(error)[:150]
                self._failed(f"{what}: {reason}")
                if self.done.wait(10):
                    return False
        self.faults.append(f"{what} failed a dozen times: {reason}")
        return False

    def _failed(self, fault: str) -> None:
        if time.monotonic() < self.unsettled_until:
            self.expected[fault.partition(":")[0]] += 1
        else:
            self.faults.append(fault)

    def _await_mail(self, address: str, subject: str, pattern: str) -> str | None:
        """Return what matches in a mail that arrives; note a mail that does not."""
        since = time.monotonic()
        while time.monotonic() - since < self.mail_patience:
            for message in self.installation.mails():
                if message["To"] == address and str(message["Subject"]).startswith(subject):
                    part = message.get_body(("plain",))
                    found = re.search(pattern, part.get_content() if part else "")
                    self.mails_seen += 1
                    return found[0] if found else None
            self.note_wait(since)
            time.sleep(1)
        self.faults.append(f"lost mail: “{subject}” to {address}")
        return None

    # The run.

    def prepare(self) -> None:
        """Make the tables, static files, catalog and an account."""
        self.installation.manage("migrate", "--verbosity", "0")
        self.installation.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.installation.set_up(migrated_database=None)

    def line(self) -> str:
        return (
            f"pages {dict(sorted(self.statuses.items()))}, visits {self.visits()}, "
            f"confirmed {self.confirmed}, mails {self.mails_seen}, faults {len(self.faults)}"
        )

    def run(self, minutes: float) -> int:
        """Let all go on for so long; print, and return the exit code: 1 if there was a fault."""
        with self.running():
            threads = self.threads(minutes)
            for thread in threads:
                thread.start()
            try:
                self._watch(minutes * 60)
            finally:
                self.done.set()
                for thread in threads:
                    thread.join()
            self.look_at_end()
        for fault, times in Counter(self.faults).most_common(20):
            print(f"{times:5} × {fault}")
        return int(bool(self.faults))

    def threads(self, minutes: float) -> list[threading.Thread]:
        """Return what goes on for so many minutes, until self.done is set."""
        return [threading.Thread(target=self._repeat, args=task) for task in self.tasks()]

    def _watch(self, seconds: float) -> None:
        begun = time.monotonic()
        visits, changed_at = 0, begun
        while (now := time.monotonic()) < begun + seconds:
            time.sleep(min(60, begun + seconds - now))
            print(f"{time.strftime('%H:%M:%S')} {self.line()}", flush=True)
            now, before, visits = time.monotonic(), visits, self.visits()
            if visits != before:
                changed_at = now
            elif now - changed_at >= self.standstill and now - begun > SETTLING:
                self.faults.append(f"no page was visited for {now - changed_at:.0f} s")

    def _repeat(self, act: Callable[[], None], seconds: float) -> None:
        while not self.done.wait(seconds * self.dice.uniform(0.5, 1.5)):
            try:
                act()
            except Exception as error:
                self.faults.append(f"{act.__name__}: {error!r}")


def _confirm(reader: Reader, link: str) -> None:
    """Confirm by the link of a mail, which is used already if the first answer was lost."""
    try:
        reader.confirm(link)
    except requests.HTTPError as error:
        if error.response.status_code != requests.codes.gone:
            raise


def watch_many_pages(site: PracticeSite, catalog: Path) -> None:
    """Serve copies of the help page, and add them to the catalog."""
    declare(site.url, catalog)
    for number in range(WATCHED):
        path = f"/page/{number}"
        site.answers[path] = site.answers[HELP]
        text = (PAGES.parent / "chirp.yaml").read_text().partition("uses:")[0]
        # Two hosts, for a host is visited by one worker at a time.
        url = site.url.replace("127.0.0.1", "localhost") if number % 2 else site.url
        text = text.replace("{url}" + HELP, url + path).replace("{url}", url)
        text = text.replace("Chirp", f"Chirp {number}").replace(
            "chirp.example", f"c{number}.example"
        )
        (catalog / f"chirp-{number}.yaml").write_text(text)


def soak(kind: type[SiteLoad], about: str | None) -> int:
    """Run a soak of a kind for the minutes that the command line says. about: its docstring."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as name, PracticeSite() as site:
        watch_many_pages(site, Path(name, "catalog"))
        return kind(Path(name), site).run(minutes)
