"""The processes of an installation, as Linux shows them in /proc."""

import contextlib
import re
from pathlib import Path

from benchmarks.processes import children_of


def family(pid: int) -> list[int]:
    """Return the numbers of a process and of all below it, parents first."""
    return [pid, *(each for child in children_of(pid) for each in family(child))]


def role(pid: int) -> str:
    """Return what a process does, the same for whoever comes in its place; "" if it has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        named = re.search(
            r"reader_process|gunicorn|(visits|general)(-\d)?(?=@)| beat|supervise", command
        )
        return named[0].strip() if named else command
    return ""


def is_alive(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False
