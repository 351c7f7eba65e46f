"""Regular files in folders that others may write to: no links, pipes, devices or sockets."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


class NotRegular(OSError):
    """There is something else than a regular file under this name."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "not a regular file", str(path))


def is_regular(path: Path) -> bool:
    """False for links too, wherever they lead. May raise OSError."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading. Raises NotRegular, or another OSError.

    Anything else is not opened at all: a pipe would wait for ever, a device may act on it.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise NotRegular(path)
    # Should somebody replace the file meanwhile, opening a pipe or following a link fails too.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegular(path)
    return os.fdopen(descriptor, "rb")


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
