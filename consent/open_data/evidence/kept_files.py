"""Bundles that were built, as files: built once, replaced when something in them changed."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from consent.models import Entry, StampedDay, TimeStamp
from consent.open_data.evidence.contents import FORMAT
from consent.open_data.evidence.snapshots import handed_out
from consent.open_data.stamps.closed_days import roots_pem
from platforms.release import VERSION

log = logging.getLogger(__name__)

#: Bytes of all files together. Chosen: some thousand bundles of the usual size.
MOST_BYTES = 1_000_000_000
#: Seconds that a request waits while another bundle is built.
PATIENCE = 5.0


class Busy(Exception):
    """Another bundle is being built; try again in a moment."""


def kept_bundle(entry: Entry) -> Path | None:
    """Return the file of an entry's bundle if it was built from today's data."""
    path = _path(entry)
    return path if path.exists() else None


def keep_bundle(entry: Entry, build: Callable[[], bytes]) -> Path:
    """Build a bundle and keep it. One is built at a time on a machine; raises Busy."""
    path = _path(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _turn(path.parent):
        if path.exists():  # another request built it meanwhile
            return path
        data = build()
        for former in path.parent.glob(f"{entry.public_id}-*"):
            former.unlink(missing_ok=True)
        _make_room(path.parent, len(data))
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_bytes(data)
        partial.replace(path)
    return path


def _path(entry: Entry) -> Path:
    """The name changes with everything that the bundle is made from. Reads for_change_page()."""
    made_from = [
        FORMAT,
        settings.SITE_URL,
        VERSION,
        entry.updated_at,
        handed_out(entry),
        [
            (
                source.pk,
                [(each.pk, each.sha256, bool(each.words)) for each in source.passages.all()],
            )
            for source in entry.sources.all()
        ],
        sorted(revision.pk for revision in entry.revisions.all()),
        sorted(entry.decisions.values_list("pk", flat=True)),
        StampedDay.objects.order_by("-number").values_list("number", flat=True).first(),
        TimeStamp.objects.order_by("-pk").values_list("pk", flat=True).first(),
        roots_pem(),
    ]
    digest = hashlib.sha256(repr(made_from).encode()).hexdigest()[:24]
    return Path(settings.EVIDENCE_DIR) / f"{entry.public_id}-{digest}.wacz"


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait for the only turn to build on this machine. A process that dies gives its turn back."""
    until = time.monotonic() + PATIENCE
    with (folder / "turn").open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Busy from None
                time.sleep(0.05)
        yield


def _make_room(folder: Path, size: int) -> None:
    """Delete the oldest files until one of this size fits, and what a killed process left."""
    for partial in folder.glob("*.partial"):
        partial.unlink(missing_ok=True)
    files = sorted(folder.glob("*.wacz"), key=lambda path: path.stat().st_mtime)
    total = sum(path.stat().st_size for path in files)
    for path in files:
        if total + size <= MOST_BYTES:
            break
        total -= path.stat().st_size
        path.unlink(missing_ok=True)
