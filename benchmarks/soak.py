"""A site under the supervisor of `make run` for a while, with everything at once, and what it lost.

    python -m benchmarks.soak --minutes 20

The load is that of benchmarks.site_load; broken queue files are thrown in every few seconds. Exit
code 1 if a request failed, a part ended, a mail is missing, or visits stood still. With PostgreSQL
and Redis, and parts that are restarted: benchmarks.soak_restarts.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.site_load import SiteLoad, soak
from tests.hostile.queue.broken_messages import litter
from tests.hostile.queue.mutated_messages import mutated
from tests.practice.site import PracticeSite


class EmbeddedSoak(SiteLoad):
    def __init__(self, folder: Path, site: PracticeSite) -> None:
        super().__init__(folder, site)
        self.var = folder / "var"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self.prepare()
        with self.installation.supervised():
            yield

    def tasks(self) -> Sequence[tuple[Callable[[], None], float]]:
        return [
            (self.read_a_page, 0.5),
            (self.read_a_page, 0.7),
            (self.sign_up, 15),
            (self.throw_in_broken_files, 7),
            (self.let_pages_be_due, 45),
        ]

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
        with self._connected() as database:
            database.execute("UPDATE platforms_page SET next_visit_at = datetime('now')")
            database.commit()

    def visits(self) -> int:
        with self._connected() as database:
            (count,) = database.execute("SELECT count(*) FROM platforms_fetch").fetchone()
        return int(count)

    def _connected(self) -> contextlib.closing[sqlite3.Connection]:
        return contextlib.closing(sqlite3.connect(self.var / "default-on.sqlite3", timeout=30))

    def restarts(self) -> int:
        return self.installation.logged("supervisor").count("starting it again")

    def line(self) -> str:
        said = self.installation.logged("supervisor")
        return (
            f"{super().line()}, queued {len(list((self.var / 'queue' / 'messages').iterdir()))}, "
            f"set aside {said.count('was moved to')}, parts restarted {self.restarts()}, "
            f"errors logged {said.count(' ERROR ')}"
        )

    def look_at_end(self) -> None:
        if self.restarts():
            self.faults.append(f"parts ended by themselves {self.restarts()} times")
        print(f"At the end: {self.line()}")
        if self.faults:
            print("\n".join(self.installation.logged("supervisor").splitlines()[-40:]))


if __name__ == "__main__":
    sys.exit(soak(EmbeddedSoak, __doc__))
