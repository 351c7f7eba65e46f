"""Keeps an installation's files from other users of the machine.

`var/` has addresses of readers, sessions, mails and keys. Each of our processes calls
`create_private_files` at its start (config.startup), and the settings make the folder private.
"""

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def create_private_files() -> None:
    """Set the umask so that only the owner can read files this process and its children create."""
    os.umask(_OTHERS)


def make_private(folder: Path) -> None:
    """Create a folder that only its owner can read; if it was open to others, close its contents.

    The contents of a closed folder are not checked: nobody else can reach them.
    """
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    status = folder.stat()
    if not status.st_mode & _OTHERS or status.st_uid != os.geteuid():
        return
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            _close(Path(parent, name))
    _close(folder)  # last, so that an interrupted run is repeated


def _close(path: Path) -> None:
    """Take all rights from others. Files that vanish meanwhile, or are not ours, are left."""
    try:
        status = path.lstat()
        if not stat.S_ISLNK(status.st_mode) and status.st_mode & _OTHERS:
            path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)
    except (FileNotFoundError, PermissionError):
        pass
