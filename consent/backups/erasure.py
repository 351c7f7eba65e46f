"""Erases readers who ask for it, and wipes what was deleted from the files of an installation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from consent.alerts.sending.mail_files import written_mails
from consent.alerts.subscriptions import lifecycle, suppression_list
from consent.alerts.subscriptions.mail_addresses import normalise
from consent.alerts.subscriptions.suppression_list import Act
from consent.models import Letter, ReaderReport, Subscriber

#: Mails that an embedded installation writes to a folder instead of sending. Chosen: long enough
#: to try mails out.
MAILS_KEPT = dt.timedelta(days=7)
#: Bytes of the largest SQLite database that is rebuilt each night. Writers wait meanwhile, some 4
#: seconds for 100 MB (measured on two busy processors), and give up after 20.
MOST_REBUILT = 200_000_000


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each were erased."""

    subscribers: int
    reports: int
    letters: int
    mail_files: int


def erase_reader(address: str) -> Erased:
    """Erase everything that came from a mail address: alerts, mails, reports with their words.

    Both are written to the list for restores, so that a backup does not bring them back.
    """
    known_as = normalise(address)
    with transaction.atomic():
        subscribers = list(Subscriber.objects.filter(normalised=known_as))
        for subscriber in subscribers:
            lifecycle.forget(subscriber)
        letters, _ = Letter.objects.filter(address=known_as).delete()
        now = timezone.now()
        if not subscribers:  # forget() has recorded the others
            suppression_list.record(known_as, Act.ERASED, now)
        suppression_list.record(_reports_of(known_as), Act.ERASED, now)
        reports = _erase_reports([report for report in _with_address() if report[1] == known_as])
    files = [path for path in written_mails() if known_as.encode() in path.read_bytes().lower()]
    for path in files:
        path.unlink(missing_ok=True)
    return Erased(len(subscribers), reports, letters, len(files))


def erase_again(acts: dict[str, Act]) -> int:
    """Erase reports and letters in a restored database whose readers were erased since.

    acts: the last act by digest. Returns how many reports.
    """

    def is_erased(known_as: str) -> bool:
        return acts.get(suppression_list.digest_of(known_as)) in (Act.ERASED, Act.COMPLAINED)

    for address in Letter.objects.values_list("address", flat=True).distinct():
        if is_erased(address):
            Letter.objects.filter(address=address).delete()
    return _erase_reports([each for each in _with_address() if is_erased(_reports_of(each[1]))])


def delete_written_mails(now: dt.datetime) -> None:
    """Delete the mails that were written to a folder long enough ago."""
    oldest = (now - MAILS_KEPT).timestamp()
    for path in written_mails():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def wipe_deleted(most: int | None = MOST_REBUILT) -> bool:
    """Wipe what was deleted from the files of an SQLite database; False if readers kept it busy.

    SQLite overwrites what is deleted (PRAGMA secure_delete), but a row that was moved within a page
    may leave a copy there, and the write-ahead log has old pages. most: bytes of the largest
    database that is rebuilt; None rebuilds any. Elsewhere than on SQLite nothing is done.
    """
    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not path.is_file():  # tests have theirs in memory
        return True
    with connection.cursor() as cursor:
        if most is None or path.stat().st_size <= most:
            cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
    return not busy


def _reports_of(known_as: str) -> str:
    """What stands for the reports of an address in the list: signing up again does not undo it."""
    return f"reports of {known_as}"


def _with_address() -> Iterator[tuple[int, str]]:
    """Yield the reports that have an address, with its normal form."""
    reports = ReaderReport.objects.exclude(address="").values_list("pk", "address")
    for pk, address in reports.iterator(chunk_size=1000):
        yield pk, normalise(address)


def _erase_reports(reports: list[tuple[int, str]]) -> int:
    pks = [pk for pk, _ in reports]
    return ReaderReport.objects.filter(pk__in=pks).update(address="", text="", url="", name="")
