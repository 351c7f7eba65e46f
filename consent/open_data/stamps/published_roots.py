"""Headers and stamps outside the database: what was published stays, whatever is restored.

The folder `roots` in SUPPRESSION_PATH has `000123.json`, the bytes of header 123, and `000123.tsr`,
the authority's response as received. A file is written before the database shows its root, so a
chain that goes on from the files never has two roots with one number.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from consent.alerts.subscriptions import suppression_list
from consent.models import StampedDay, TimeStamp
from consent.open_data.stamps import authority
from consent.open_data.stamps.chain import NO_PREVIOUS, Header, header_of, read_header
from platforms.archive.regular_files import open_regular, sync_folder

log = logging.getLogger(__name__)

_NAME = re.compile(r"(\d{6,})\.(json|tsr)")
#: A header has some 250 bytes, a response with its certificates some 6 kB.
_MOST_BYTES = 100_000


class ForkedChain(Exception):
    """Database and folder have different roots. The text says which, and what to do."""


def keep_header(header: Header) -> None:
    """Keep a header for good. Raises ForkedChain if its number has another one."""
    path = _path(header.number, "json")
    _write(path, header.to_bytes())
    if _read(path) != header.to_bytes():
        raise _forked(path)


def keep_stamp(number: int, response: bytes) -> None:
    """Keep the stamp of a header for good. The first one stays."""
    _write(_path(number, "tsr"), response)


def reconcile() -> list[StampedDay]:
    """Let database and folder have the same roots and stamps; return the days that came back.

    Those were published, and their records are not in this database: it was restored from an older
    backup. Raises ForkedChain.
    """
    with transaction.atomic():
        # Whoever closes a day holds this row: its file may be there, and its root not yet.
        StampedDay.objects.select_for_update().order_by("-number").first()
        days = {day.number: day for day in StampedDay.objects.all()}
        kept = _numbers("json")
        # Each header contains the hash of the one before: if one is the same, all before are.
        if both := days.keys() & kept:
            keep_header(header_of(days[max(both)]))
        for number in sorted(days.keys() - kept):
            keep_header(header_of(days[number]))
        back = []
        for number in sorted(kept - days.keys()):
            back.append(_bring_back(number, days.get(number - 1)))
            days[number] = back[-1]
        _reconcile_stamps(days)
    if back:
        numbers = ", ".join(str(day.number) for day in back)
        log.warning("Roots that were published and that the database lacked came back: %s", numbers)
    return back


def _bring_back(number: int, before: StampedDay | None) -> StampedDay:
    path = _path(number, "json")
    try:
        header = read_header(_read(path))
    except (OSError, ValueError) as error:
        raise ForkedChain(f"{path} cannot be read: {error}. Restore it from a copy.") from error
    previous = header_of(before).sha256 if before else NO_PREVIOUS
    first = 1 if before is None else before.number + 1
    if (header.number, header.previous, number) != (first, previous, first):
        raise _forked(path)
    return StampedDay.objects.create(**asdict(header))


def _reconcile_stamps(days: dict[int, StampedDay]) -> None:
    kept = _numbers("tsr")
    stamps = TimeStamp.objects.values_list("day__number", "response")
    have = set()
    for number, response in stamps.iterator(chunk_size=100):
        have.add(number)
        if number not in kept:
            keep_stamp(number, bytes(response))
    for number in sorted((kept & days.keys()) - have):
        day, path = days[number], _path(number, "tsr")
        try:
            response = _read(path)
            stamp = authority.read(response, header_of(day).to_bytes())
        except (OSError, authority.BadStamp) as error:
            log.warning("%s is no stamp of its day and is skipped: %s", path, error)
            continue
        values = {"authority": stamp.authority[:300], "stamped_at": stamp.stamped_at}
        TimeStamp.objects.get_or_create(day=day, defaults={"response": response, **values})


def _folder() -> Path:
    folder = suppression_list.folder() / "roots"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _path(number: int, suffix: str) -> Path:
    return _folder() / f"{number:06}.{suffix}"


def _numbers(suffix: str) -> set[int]:
    names = (_NAME.fullmatch(path.name) for path in _folder().iterdir())
    return {int(name[1]) for name in names if name and name[2] == suffix}


def _read(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(_MOST_BYTES)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole and durably; one that exists stays."""
    prepared = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with prepared.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(prepared)
    except FileExistsError:
        pass
    finally:
        prepared.unlink(missing_ok=True)
    sync_folder(path.parent)


def _forked(path: Path) -> ForkedChain:
    return ForkedChain(
        f"{path} is not the header that this database has or goes on from. If SUPPRESSION_PATH is "
        "that of another installation, set its own; if the database is, restore the right one."
    )
