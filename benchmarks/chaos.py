"""A site under load to which everything happens that ends or stops a site, and what it lost.

    python -m benchmarks.chaos --minutes 60
    python -m benchmarks.chaos --minutes 20 --services

The load is that of benchmarks.site_load. Embedded: by turns each process is killed or stopped
(SIGSTOP), the supervisor too, which a person then starts again; the disk is full for a while (root
may mount one); kept pages are torn, and broken files lie in the queue. With PostgreSQL and Redis:
the kills of benchmarks.soak_restarts. Both: the clock was ahead for a while, by up to a month.

Faults are what is lost (mails, subscriptions, snapshots, bytes of the archive), what came twice
(snapshots; more mails than processes were killed), a standstill of visits or mails of two minutes
that /healthz calls "ok", a /healthz that calls a site late that works again, and a web server that
gives readers no page, or no /healthz, for two minutes that nobody made trouble in. A page that is
slow or refused for a shorter time, as while its process is replaced, is counted and is none; one
that answers with an error of ours (500) is. Exit code 1 if there was one.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import requests

from benchmarks.site_load import SiteLoad, watch_many_pages
from benchmarks.soak import EmbeddedSoak
from benchmarks.soak_restarts import SoakWithRestarts
from tests.main_job.installation import until
from tests.main_job.processes import family, is_alive, role
from tests.practice.site import PracticeSite

#: Seconds for which nobody may be left in the belief that all is well.
SILENT_STANDSTILL = 120.0
#: Seconds after the last trouble within which all is well again.
RECOVERY = 180.0
DISK_MEGABYTES = 600
#: Times that gate work, moved as by a clock that was ahead and went back.
AHEAD = """
import datetime as dt
from django.db.models import F
ahead = dt.timedelta(hours={hours})
for rows, names in (
    (Heartbeat.objects, ["beat_at"]),
    (ScheduledTask.objects, ["last_run_at"]),
    (Host.objects, ["free_at", "turn_at", "robots_asked_at"]),
    (Page.objects, ["next_visit_at", "queued_until", "claimed_until", "attempt_began_at"]),
    (Letter.objects.filter(sent_at=None), ["due_at", "claimed_at", "created_at"]),
):
    rows.update(**{{name: F(name) + ahead for name in names}})
"""
LOST_OR_DOUBLED = """[
    [page, first, second]
    for page, first, second in (
        (older.page_id, older.pk, newer.pk)
        for older, newer in __import__("itertools").pairwise(
            Snapshot.objects.order_by("page", "first_seen_at", "pk")
        )
        if older.page_id == newer.page_id and older.sha256 == newer.sha256
    )
]"""


class Chaos(SiteLoad):
    """What both sites have in common: the clock, the watch over /healthz, and the reckoning."""

    mail_patience = 600.0
    standstill = float("inf")  # judged here together with /healthz

    def __init__(self, folder: Path, site: PracticeSite) -> None:
        super().__init__(folder, site)
        self.kills = 0
        self.promised: list[str] = []  # addresses whose confirmation the site accepted
        self.health: Counter[str] = Counter()
        self._ok_since: float | None = None
        self._healthz_at = self._page_at = time.monotonic()  # when they last answered
        self._visits = -1
        self._visited_at = time.monotonic()

    def troubles(self) -> Sequence[Callable[[], None]]:
        return [self.put_clock_ahead]

    def more_tasks(self) -> Sequence[tuple[Callable[[], None], float]]:
        return [(self.watch_health, 2), (self.let_pages_be_due, 15)]

    def threads(self, minutes: float) -> list[threading.Thread]:
        self.unsettled_until = time.monotonic()  # it has just started
        return super().threads(minutes)

    def put_clock_ahead(self) -> None:
        hours = self.dice.choice([0.5, 3, 25, 24 * 30])
        self._note(f"the clock was {hours} hours ahead")
        try:
            self.installation.run(AHEAD.format(hours=hours))
        except (AssertionError, OSError):  # the database is away, and that process has ended
            self.installation.__dict__.pop("_shell", None)

    def watch_health(self) -> None:
        """Compare what /healthz says with what is seen of the site from outside."""
        try:
            answer = requests.get(f"{self.installation.url}/healthz", timeout=30)
            late = ",".join(answer.json().get("late", ["failing"]))
            state = f"{answer.status_code} {late}".strip()
            self._healthz_at = time.monotonic()
        except (requests.RequestException, ValueError):
            state = "no answer"
        now = time.monotonic()
        self.health[state] += 1
        self._judge_web(now)
        if state != "200":
            self._ok_since = None
            if state != "no answer" and now > self.unsettled_until + RECOVERY:
                self.faults.append(f"/healthz says {state} of a site that was left in peace")
        elif self._ok_since is None:
            self._ok_since = now
        if (visits := self.visits()) != self._visits:
            self._visits, self._visited_at = visits, now
        elif self._is_silent_since(self._visited_at):
            standstill = now - self._visited_at
            self.faults.append(f"“ok” though no page was visited for {standstill:.0f} s")
            self._visited_at = now

    def _judge_web(self, now: float) -> None:
        for what, answered_at in (("/healthz", self._healthz_at), ("page", self._page_at)):
            silence = now - max(answered_at, self.unsettled_until)
            if silence > SILENT_STANDSTILL:
                self.faults.append(f"no {what} for {silence:.0f} s")
                self._healthz_at = self._page_at = now

    def _is_silent_since(self, since: float) -> bool:
        """True if work stands still since then, and /healthz says "ok" for too long already."""
        return (
            self._ok_since is not None
            and time.monotonic() - max(since, self._ok_since) > SILENT_STANDSTILL
        )

    def _await_mail(self, address: str, subject: str, pattern: str) -> str | None:
        if not pattern:
            self.promised.append(address)
        return super()._await_mail(address, subject, pattern)

    def read_a_page(self) -> None:
        good = self.statuses["2xx"]
        super().read_a_page()
        if self.statuses["2xx"] > good:  # of any reader
            self._page_at = time.monotonic()

    def _failed(self, fault: str) -> None:
        """Count what fails. An error of ours is a fault in quiet times; silence is judged above."""
        if ": 500" in fault or ": 4" in fault:
            super()._failed(fault)
        else:
            self.expected[fault.partition(":")[0]] += 1

    def note_wait(self, since: float) -> None:
        if self._is_silent_since(since):
            self.faults.append(f"“ok” though a mail waits for {SILENT_STANDSTILL:.0f} s")

    def is_well(self) -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.installation.url}/healthz", timeout=10).ok
        return False

    def look_at_end(self) -> None:
        try:
            until(self.is_well, "all is well again", patience=RECOVERY)
        except AssertionError as fault:
            self.faults.append(str(fault))
        active = self.installation.ask(
            "[*Subscriber.objects.filter(state='active').values_list('normalised', flat=True)]"
        )
        for address in sorted(set(self.promised).difference(active)):
            self.faults.append(f"a lost subscription: {address}")
        for page, first, second in self.installation.ask(LOST_OR_DOUBLED):
            self.faults.append(f"page {page} has the same snapshot twice: {first}, {second}")
        mails = self.installation.mails()
        doubled = len(mails) - len({mail["Message-ID"] for mail in mails})
        if doubled > self.kills:  # one mail for each death (decision 0008)
            self.faults.append(f"{doubled} mails were sent twice, with {self.kills} kills")
        letters = {
            (mail["To"], mail["Subject"], mail["Message-ID"])
            for mail in mails
            if str(mail["To"]).startswith("reader")
        }
        for address, subject in [
            kind for kind, times in Counter(key[:2] for key in letters).items() if times > 1
        ]:
            self.faults.append(f"a letter was written twice: “{subject}” to {address}")
        verified = self.installation.manage("verify_archive", check=False)
        if verified.returncode:
            self.faults.append(f"the archive: {verified.stdout[-500:]}")
        print(f"At the end: {self.line()}; {(verified.stdout or verified.stderr).strip()[-200:]}")
        print(f"/healthz: {dict(self.health.most_common())}; sent twice: {doubled}")

    def _note(self, trouble: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {trouble}", flush=True)

    @contextlib.contextmanager
    def _unsettled(self, seconds: float) -> Iterator[None]:
        """Requests may fail meanwhile, and for some seconds afterwards."""
        self.unsettled_until = float("inf")
        try:
            yield
        finally:
            self.unsettled_until = time.monotonic() + seconds


class EmbeddedChaos(Chaos, EmbeddedSoak):
    def __init__(self, folder: Path, site: PracticeSite) -> None:
        super().__init__(folder, site)
        self._run = contextlib.ExitStack()
        self._former_logs = ""
        self._counted = 0
        self._has_own_disk = False

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self.var.mkdir()
        options = f"size={DISK_MEGABYTES}m"
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.var)]
        self._has_own_disk = not subprocess.run(mount, check=False, capture_output=True).returncode
        try:
            self.prepare()
            self._start()
            yield
        finally:
            self._run.close()
            if self._has_own_disk:
                subprocess.run(["umount", "--lazy", str(self.var)], check=False)

    def _start(self) -> None:
        command = [sys.executable, "-m", "config.supervise"]
        self._supervisor = self._run.enter_context(self.installation.process("supervisor", command))
        until(self.installation.answers, "the web server answers", patience=RECOVERY)

    def troubles(self) -> Sequence[Callable[[], None]]:
        full = [self.fill_disk] if self._has_own_disk else []
        kinds = [self.kill_one, self.kill_one, self.stop_one, self.stop_one, self.kill_a_kind]
        return [*kinds, *full, self.tear_kept_pages, self.kill_supervisor, *super().troubles()]

    def tasks(self) -> Sequence[tuple[Callable[[], None], float]]:
        return [*super().tasks(), *self.more_tasks()]

    def threads(self, minutes: float) -> list[threading.Thread]:
        return [*super().threads(minutes), threading.Thread(target=self._make_trouble)]

    def _make_trouble(self) -> None:
        """All kinds of trouble by turns, each time in another order."""
        turns: list[Callable[[], None]] = []
        while not self.done.wait(self.dice.uniform(15, 45)):
            if not turns:
                turns = [*self.troubles()]
                self.dice.shuffle(turns)
            trouble = turns.pop()
            try:
                trouble()
            except Exception as error:
                self.faults.append(f"{trouble.__name__}: {error!r}")

    def _one(self) -> int | None:
        """Choose a kind of process, then one of this kind; the supervisor is not among them."""
        below = family(self._supervisor.pid)[1:]
        kinds = sorted({role(pid) for pid in below} - {""})
        kind = self.dice.choice(kinds) if kinds else ""
        return next((pid for pid in below if kind and role(pid) == kind), None)

    def kill_one(self) -> None:
        self._send(signal.SIGKILL, 20, [self._one()])

    def stop_one(self) -> None:
        self._send(signal.SIGSTOP, 100, [self._one()])

    def kill_a_kind(self) -> None:
        like = self.dice.choice(["visits", "general", "gunicorn"])
        below = family(self._supervisor.pid)[1:]
        self._send(signal.SIGKILL, 30, [pid for pid in below if role(pid).startswith(like)])

    def _send(self, how: signal.Signals, seconds: float, victims: Sequence[int | None]) -> None:
        with self._unsettled(seconds):
            for pid in filter(None, victims):
                self._note(f"{how.name} for {role(pid)}")
                self.kills += 1  # what is stopped is killed later
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)
            until(self.installation.answers, "the web server answers again", patience=RECOVERY)

    def kill_supervisor(self) -> None:
        self._note("SIGKILL for the supervisor")
        with self._unsettled(30):
            below = family(self._supervisor.pid)[1:]
            self.kills += len(below)
            for pid in below:  # what is stopped cannot notice that its supervisor has ended
                os.kill(pid, signal.SIGCONT)
            os.kill(self._supervisor.pid, signal.SIGKILL)
            until(lambda: not any(map(is_alive, below)), "all end with the supervisor")
            self._run.close()
            self._former_logs += self.installation.logged("supervisor")
            self._start()

    def fill_disk(self) -> None:
        self._note("the disk is full")
        ballast = self.var / "ballast"
        with self._unsettled(30):
            end = time.monotonic() + 60
            try:
                with ballast.open("ab", buffering=0) as file:
                    while time.monotonic() < end and not self.done.is_set():
                        with contextlib.suppress(OSError):
                            while file.write(bytes(4096)):
                                pass
                        time.sleep(0.5)  # what others have freed
            finally:
                ballast.unlink()
        self._note("the disk has room again")

    def let_pages_be_due(self) -> None:
        with contextlib.suppress(sqlite3.OperationalError):  # the disk is full
            super().let_pages_be_due()

    def visits(self) -> int:
        with contextlib.suppress(sqlite3.OperationalError):  # the disk is full: as at the last look
            self._counted = super().visits()
        return self._counted

    def throw_in_broken_files(self) -> None:
        with contextlib.suppress(OSError):
            super().throw_in_broken_files()

    def tear_kept_pages(self) -> None:
        self._note("kept pages are torn")
        for path in [path for path in (self.var / "cache").rglob("*") if path.is_file()]:
            with contextlib.suppress(OSError):
                os.truncate(path, path.stat().st_size // 2)

    def restarts(self) -> int:
        return 0  # they are no fault here

    def look_at_end(self) -> None:
        super().look_at_end()
        with self._connected() as database:
            for check in ("integrity_check", "foreign_key_check"):
                rows = database.execute(f"PRAGMA {check}").fetchall()
                if rows not in ([], [("ok",)]):
                    self.faults.append(f"the database: {rows[:3]}")
        log = self._former_logs + self.installation.logged("supervisor")
        print("replaced: " + str(log.count("shows no sign of life")), end=", ")
        print("ended by themselves or killed: " + str(log.count("starting it again")))
        errors = Counter(line[24:120] for line in log.splitlines() if " ERROR " in line)
        for line, times in errors.most_common(20):
            print(f"{times:5} × {line}")
        (self.folder.parent / "chaos.log").write_text(log)


class ServicesChaos(Chaos, SoakWithRestarts):
    def tasks(self) -> Sequence[tuple[Callable[[], None], float]]:
        return [*super().tasks(), *self.more_tasks(), (self.put_clock_ahead, 90)]

    def look_at_end(self) -> None:
        self.kills = sum(part.restarts for part in self.parts)
        super().look_at_end()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--services", action="store_true", help="PostgreSQL and Redis.")
    options = parser.parse_args()
    kind = ServicesChaos if options.services else EmbeddedChaos
    with tempfile.TemporaryDirectory() as name, PracticeSite() as site:
        watch_many_pages(site, Path(name, "catalog"))
        return kind(Path(name), site).run(options.minutes)


if __name__ == "__main__":
    sys.exit(main())
