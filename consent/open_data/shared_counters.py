"""Counters that the processes of one machine share."""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
from pathlib import Path

#: Those who share a counter by chance share what it allows.
COUNTERS = 65_536
_COUNTER = struct.Struct("<II")  # the window, what was counted in it


class SharedCounters:
    """Counters in a file of half a megabyte that every process maps into its memory."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = COUNTERS * _COUNTER.size
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self._file, size)
        self._counters = mmap.mmap(self._file, size)
        self._threads = threading.Lock()

    def add(self, counter: int, window: int) -> int:
        """Add one; return how many there are in this window."""
        at = counter * _COUNTER.size
        # The lock of the file excludes other processes, not other threads of this one.
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                began, made = _COUNTER.unpack_from(self._counters, at)
                made = made + 1 if began == window else 1
                _COUNTER.pack_into(self._counters, at, window, made)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
        return int(made)
