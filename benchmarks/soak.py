"""A site under the supervisor of `make run` for a while, with everything at once, and what it lost.

With PostgreSQL and Redis, and parts that are restarted: benchmarks.soak_restarts.

python -m benchmarks.soak --minutes 20

Readers fetch pages, others sign up and confirm by mail, workers visit many pages of a server on
this machine, and broken queue files are thrown in every few seconds. Prints a line a minute and a
summary; exit code 1 where a page answered 4xx, 5xx or not at all, a part ended, a mail is missing,
or visits stood still. The load is light: a few requests a second.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import requests

from tests.hostile.queue.broken_messages import litter
from tests.hostile.queue.mutated_messages import mutated
from tests.main_job.installation import Installation, Reader
from tests.practice.site import HELP, PAGES, PracticeSite, declare

WATCHED = 40
PATHS = (
    *("/", "/timeline", "/platforms", "/platforms/chirp", "/guides/chirp-perch-training"),
    *("/status", "/about", "/search?q=perch", "/timeline?q=posts", "/subscribe", "/de/"),
    *("/feeds/timeline.atom", "/robots.txt", "/healthz"),
)
#: Seconds that a mail may take; beat asks for mails every minute.
MAIL_PATIENCE = 150


class Soak:
    mail_patience: float = MAIL_PATIENCE

    def __init__(self, folder: Path, site: PracticeSite) -> None:
        self.site = site
        self.installation = Installation(
            folder, site_port=site.port, forked=False, TRUSTED_PROXIES="1"
        )
        self.var = folder / "var"
        self.statuses: Counter[str] = Counter()
        self.faults: list[str] = []
        self.awaited: dict[str, float] = {}  # address and subject → since when
        self.mails_seen = 0
        self.confirmed = 0
        self.done = threading.Event()
        self.dice = random.Random(2026)

    # What goes on meanwhile. Each is called again and again by a thread of its own.

    def read_a_page(self) -> None:
        path = self.dice.choice(PATHS)
        try:
            status = requests.get(self.installation.url + path, timeout=30).status_code
            self.statuses[f"{status // 100}xx"] += 1
            if status >= 400:
                self.faults.append(f"{path} answered {status}")
        except requests.RequestException as error:
            self.statuses["no answer"] += 1
            self.faults.append(f"{path}: {type(error).__name__}")

    def sign_up(self) -> None:
        number = self.dice.randrange(10**9)
        reader = Reader(self.installation.url, f"reader{number}@mail.example")
        network = f"100.{64 + number % 64}.{number // 64 % 256}.1"
        reader.session.headers["X-Forwarded-For"] = network  # the forms' limit is for one network
        try:
            reader.sign_up()
            link = self._await_mail(reader.address, "Confirm your alerts", r"/confirm/[\w:.~-]+")
            if link is not None:
                reader.confirm(link)
                self.confirmed += 1
                self._await_mail(reader.address, "You are set", "")
        except (requests.RequestException, AssertionError) as error:
            self.faults.append(f"sign-up: {str(error)[:200]}")

    def throw_in_broken_files(self) -> None:
        queue = self.var / "queue"
        number = time.time_ns()
        litter(queue, number)
        for good in list((queue / "messages").glob("*.msg")):
            if good.is_file() and not good.is_symlink() and good.name.count("_") == 1:
                try:
                    bad = mutated(good.read_bytes(), self.dice)
                except OSError:  # a worker took it
                    continue
                (queue / "messages" / f"{number}-mutated.visits.msg").write_bytes(bad)
                break

    def let_pages_be_due(self) -> None:
        self.site.version = self.site.version % 5 + 1
        with sqlite3.connect(self.var / "default-on.sqlite3", timeout=30) as database:
            database.execute("UPDATE platforms_page SET next_visit_at = datetime('now')")
        database.close()

    # What is looked at.

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
            time.sleep(1)
        self.faults.append(f"lost mail: “{subject}” to {address}")
        return None

    def visits(self) -> int:
        with sqlite3.connect(self.var / "default-on.sqlite3", timeout=30) as database:
            (count,) = database.execute("SELECT count(*) FROM platforms_fetch").fetchone()
        database.close()
        return int(count)

    def restarts(self) -> int:
        return self.installation.logged("supervisor").count("starting it again")

    def line(self) -> str:
        queue = self.var / "queue"
        return (
            f"pages {dict(sorted(self.statuses.items()))}, visits {self.visits()}, "
            f"confirmed {self.confirmed}, mails {self.mails_seen}, "
            f"queued {len(list((queue / 'messages').iterdir()))}, "
            f"set aside {self.installation.logged('supervisor').count('was moved to')}, "
            f"parts restarted {self.restarts()}, errors logged "
            f"{self.installation.logged('supervisor').count(' ERROR ')}, faults {len(self.faults)}"
        )

    def run(self, minutes: float) -> int:
        """Let all go on for so long; print, and return the exit code."""
        tasks: list[tuple[Callable[[], None], float]] = [
            (self.read_a_page, 0.5),
            (self.read_a_page, 0.7),
            (self.sign_up, 15),
            (self.throw_in_broken_files, 7),
            (self.let_pages_be_due, 45),
        ]
        threads = [threading.Thread(target=self._repeat, args=task) for task in tasks]
        with self.installation.supervised():
            for thread in threads:
                thread.start()
            last = 0
            for minute in range(1, max(1, round(minutes)) + 1):
                time.sleep(60)
                print(f"{minute:3} min: {self.line()}", flush=True)
                if minute > 3 and self.visits() == last:
                    self.faults.append(f"no page was visited in minute {minute}")
                last = self.visits()
            self.done.set()
            for thread in threads:
                thread.join()
            print(f"At the end: {self.line()}")
        for fault, times in Counter(self.faults).most_common(20):
            print(f"{times:5} × {fault}")
        return int(bool(self.faults or self.restarts()))

    def _repeat(self, act: Callable[[], None], seconds: float) -> None:
        while not self.done.wait(seconds * self.dice.uniform(0.5, 1.5)):
            try:
                act()
            except Exception as error:
                self.faults.append(f"{act.__name__}: {error!r}")


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


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as name, PracticeSite() as site:
        folder = Path(name)
        watch_many_pages(site, folder / "catalog")
        soak = Soak(folder, site)
        soak.installation.manage("migrate", "--verbosity", "0")
        soak.installation.manage("collectstatic", "--no-input", "--verbosity", "0")
        soak.installation.set_up(migrated_database=None)
        code = soak.run(minutes)
        if code:
            print("\n".join(soak.installation.logged("supervisor").splitlines()[-40:]))
        return code


if __name__ == "__main__":
    sys.exit(main())
