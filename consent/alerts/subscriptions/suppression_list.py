"""The list of people who left: a file outside the database, for the day a backup is restored.

A backup does not know who left or was erased after it was made. `restore` reads this list and
removes them again. The folder (SUPPRESSION_PATH) belongs on another disk than the database, the
archive and the backups. It contains a key and, for each event, a time, an act and an HMAC-SHA256
of the address. Without the key nobody learns an address; with it one can only try guesses.
"""

from __future__ import annotations

import datetime as dt
import enum
import hmac
import logging
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

LIST = "people-who-left.log"
KEY = "key"


class Act(enum.StrEnum):
    """What happened to an address. RETURNED takes the earlier ones back."""

    LEFT = "left"
    ERASED = "erased"
    COMPLAINED = "complained"
    RETURNED = "returned"


def record(address: str | None, act: Act, now: dt.datetime) -> None:
    """Add an event to the list once the transaction is committed. address: normalised.

    A full disk must not keep anybody from leaving: an error is logged, with no address.
    """

    def append() -> None:  # no partial: Django asks what fails for its __qualname__
        append_line(folder() / LIST, f"{now.isoformat()} {act} {digest_of(address or '')}")

    if address:
        transaction.on_commit(append, robust=True)


def last_acts(since: dt.datetime) -> dict[str, Act]:
    """Return the last act by digest of an address, of events at or after a moment.

    Incomplete lines, which a crash may leave, are skipped.
    """
    acts: dict[str, Act] = {}
    path = folder() / LIST
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    for line in lines:
        try:
            time, act, digest = line.split(" ")
            if dt.datetime.fromisoformat(time) >= since:
                acts[digest] = Act(act)
        except ValueError:
            log.warning("A line of %s cannot be read and is skipped.", path)
    return acts


def digest_of(address: str) -> str:
    """Return the HMAC-SHA256 of a normalised address under the list's own key."""
    return hmac.new(_key(), address.encode(), "sha256").hexdigest()


def folder() -> Path:
    """The folder of the list, made private when it is first used."""
    path = Path(settings.SUPPRESSION_PATH)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def append_line(path: Path, line: str) -> None:
    """Append one line as a whole: lines of several processes never mix (O_APPEND)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode("ascii"))
    finally:
        os.close(descriptor)


def _key() -> bytes:
    path = folder() / KEY
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    # Linked under its name only when it is complete: two processes may come here at once.
    prepared = path.with_name(f"{KEY}.{secrets.token_hex(8)}")
    append_line(prepared, secrets.token_hex(32))
    try:
        path.hardlink_to(prepared)
    except FileExistsError:
        pass
    finally:
        prepared.unlink()
    return path.read_bytes()
