"""The list of mails that were sent: a file outside the database, for the day a backup is restored.

A backup does not know which mails were sent after it was made. `restore` reads this list and marks
them as sent, so that no reader gets a mail twice. The files lie beside the list of people who left
(SUPPRESSION_PATH), one for each month. They name rows of the outbox, never an address.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from consent.alerts.subscriptions.suppression_list import append_line, folder

log = logging.getLogger(__name__)

#: Days that a month's file is kept. An older backup is of no use for mail: what it thinks due has
#: passed. Chosen.
KEPT_DAYS = 100
_PREFIX = "mails-sent-"


def record(model: str, pks: Collection[int], now: dt.datetime) -> None:
    """Add rows of the outbox that were sent. model: "letter", "alert" or "digest".

    An error is logged: the mail is out, and the row must be marked.
    """
    try:
        if lines := [f"{now.isoformat()} {model} {pk}" for pk in pks]:
            append_line(_file_of(now), "\n".join(lines))
    except OSError as error:
        log.error("The list of mails that were sent cannot be written: %s", error)


def sent_since(moment: dt.datetime) -> dict[str, set[int]]:
    """Return the numbers of the rows that were sent at or after a moment, by model."""
    sent: dict[str, set[int]] = defaultdict(set)
    for path in sorted(folder().glob(f"{_PREFIX}*.log")):
        for line in path.read_text(encoding="ascii").splitlines():
            try:
                time, model, pk = line.split(" ")
                if dt.datetime.fromisoformat(time) >= moment:
                    sent[model].add(int(pk))
            except ValueError:
                log.warning("A line of %s cannot be read and is skipped.", path)
    return sent


def set_aside(now: dt.datetime) -> None:
    """Rename the files after a restore: the database will give the same numbers to other mails."""
    for path in folder().glob(f"{_PREFIX}*.log"):
        path.rename(path.with_suffix(f".before-{now:%Y%m%dT%H%M%S}"))


def delete_old(now: dt.datetime) -> None:
    """Delete files that were last written more than KEPT_DAYS ago."""
    oldest = (now - dt.timedelta(days=KEPT_DAYS)).timestamp()
    for path in _all_files():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _all_files() -> Iterator[Path]:
    yield from folder().glob(f"{_PREFIX}*")


def _file_of(now: dt.datetime) -> Path:
    return folder() / f"{_PREFIX}{now:%Y-%m}.log"
