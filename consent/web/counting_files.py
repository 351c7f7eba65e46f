"""Counts of requests on one machine without Redis: a file for each, whose length is the number."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import BaseCache


class CountingFiles(BaseCache):
    """Only counts, and keeps the counts of one version: of the minute that is being counted.

    Appending a byte is one step for all processes, so none of two simultaneous requests is lost. A
    cache of files would be read, written anew and moved to its place for each request, which took
    as long as the rest of a kept answer.
    """

    def __init__(self, folder: str | Path, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._folder = Path(folder)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a count, which begins at 0; return what it is then."""
        file = self._folder / str(version) / key
        try:
            return _append(file, delta)
        except FileNotFoundError:  # the first request of this minute
            self._begin(file.parent)
            return _append(file, delta)

    def _begin(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for former in self._folder.iterdir():
            if former.name < folder.name:
                shutil.rmtree(former, ignore_errors=True)


def _append(file: Path, number: int) -> int:
    with file.open("ab", buffering=0) as counted:
        counted.write(bytes(number))
        return counted.tell()
