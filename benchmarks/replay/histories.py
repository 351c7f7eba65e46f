"""Snapshots of pages as Open Terms Archive recorded them, from a bare mirror of a collection."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

COLLECTION = "OpenTermsArchive+genai-eu-snapshots/repo"
_LOCATION = re.compile(r"X-source-document-location: (\S+)")
_ENDINGS = (".html", ".pdf")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A snapshot: when it was recorded, and where it is in the mirror ("commit:path")."""

    at: dt.datetime
    where: str

    @property
    def content_type(self) -> str:
        is_pdf = self.where.endswith(".pdf")
        return "application/pdf" if is_pdf else "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class History:
    """The snapshots of one address, oldest first. Each is served until the next was recorded."""

    url: str
    snapshots: tuple[Recorded, ...]

    def at(self, moment: dt.datetime) -> Recorded:
        times = [snapshot.at for snapshot in self.snapshots]
        return self.snapshots[max(0, bisect_right(times, moment) - 1)]


class Mirror:
    """A bare mirror of a collection."""

    def __init__(self, folder: Path) -> None:
        self._git = ("git", "-C", str(folder), "-c", "core.quotepath=off")

    def read(self, where: str) -> bytes:
        done = subprocess.run(
            [*self._git, "cat-file", "blob", where], capture_output=True, check=True
        )
        return done.stdout

    def histories(self) -> Mapping[str, History]:
        """Return the histories by address without scheme, "www." and fragment."""
        listing = subprocess.run(
            [*self._git, "log", "--reverse", "--format=%x01%H %cI%n%b%x02", "--name-only"],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        found: dict[str, list[Recorded]] = defaultdict(list)
        for record in listing.split("\x01")[1:]:
            head, names = record.split("\x02", 1)
            location = _LOCATION.search(head)
            commit, at = head.split("\n", 1)[0].split()
            moment = dt.datetime.fromisoformat(at).astimezone(dt.UTC)
            for name in names.split("\n"):
                if location and name.strip().endswith(_ENDINGS):
                    found[location[1]].append(Recorded(moment, f"{commit}:{name.strip()}"))
        return {
            bare(url): History(url, tuple(sorted(rows, key=lambda row: row.at)))
            for url, rows in found.items()
        }


def bare(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url).split("#")[0].rstrip("/")
