"""Restores a backup into an empty installation.

People who left or were erased after the backup do not come back, and mails that were sent after it
are not sent again; the chain of evidence goes on from the last root that was published. All of this
is kept outside database and backup (SUPPRESSION_PATH).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from consent.alerts.sending import sent_log
from consent.alerts.subscriptions import lifecycle, suppression_list
from consent.alerts.subscriptions.suppression_list import Act
from consent.backups import databases, erasure, manifest
from consent.backups.backup import archive_of, copy_blobs
from consent.backups.errors import BackupError
from consent.backups.manifest import Manifest
from consent.models import Alert, Digest, Letter, StampedDay, Subscriber
from consent.open_data.stamps import published_roots
from consent.vocabulary import SubscriberState
from platforms.archive import Archive
from platforms.archive.integrity import Verification, verify
from platforms.models import Snapshot
from platforms.record_versions import begin_epoch, check_versions


@dataclass(slots=True)
class Report:
    """What a restore did.

    skipped: why later backups were not restored. removed: people taken out again, by what they had
    done. reports: how many were erased again. marked_sent: mails by kind of row. roots: those that
    were published after the backup. differences: tables whose rows are not as many as when the
    backup was made, and public records that are not as their newest versions say.
    """

    backup: Manifest
    skipped: list[str] = field(default_factory=list)
    blobs: int = 0
    reports: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    marked_sent: Counter[str] = field(default_factory=Counter)
    roots: list[StampedDay] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def restore(
    folder: Path,
    archive: Archive,
    *,
    name: str = "",
    progress: Callable[[list[str]], Iterable[str]] = iter,
) -> Report:
    """Restore a backup, by default the latest that is not damaged, into this installation.

    Everything is checked before anything is written: the target is empty, the backup's engine is
    this one's, its version is not later, its hashes are right. Raises BackupError.
    """
    _check_target(archive)
    backup, skipped = manifest.choose(folder, name)
    _check_version(backup)
    saved = archive_of(folder)
    _check_bodies(verify(saved, lambda: (), progress=progress))
    report = Report(backup, skipped=skipped)
    report.blobs, _total = copy_blobs(saved, archive)
    databases.put_back(folder / backup.database, backup.unpacked)
    report.differences = _differences(backup)
    call_command("migrate", verbosity=0, interactive=False)
    _check_bodies(verify(archive, Snapshot.objects.digests, progress=progress))
    # Whoever followed numbers that the backup lacks would miss what gets them again.
    begin_epoch()
    report.differences += check_versions()
    _remove_people_who_left(report)
    _mark_mails_sent(report)
    try:
        report.roots = published_roots.reconcile()
    except published_roots.ForkedChain as error:
        raise BackupError(f"The chain of evidence cannot go on: {error}") from error
    return report


def _check_target(archive: Archive) -> None:
    if found := databases.tables():
        raise BackupError(
            f"The database is not empty: it has {len(found)} tables. Restore into a new one, "
            "before `migrate` is run there."
        )
    if next(archive.digests(), None) is not None:
        raise BackupError(
            f"The archive at {settings.ARCHIVE_URL} is not empty. Restore into an empty folder."
        )


def _check_version(backup: Manifest) -> None:
    if backup.vendor != connection.vendor:
        raise BackupError(
            f"The backup is of {backup.vendor}, and this installation uses {connection.vendor}. "
            "Restore it with the engine that it was made with."
        )
    known = MigrationLoader(None).disk_migrations
    later = [f"{app}.{last}" for app, last in backup.migrations.items() if (app, last) not in known]
    if later:
        raise BackupError(
            f"The backup was made by a later version: {', '.join(later)} is unknown here. "
            "Install that version first."
        )


def _check_bodies(result: Verification) -> None:
    if not result.sound:
        raise BackupError(
            f"The archive is damaged: {len(result.damaged)} bodies cannot be read, "
            f"{len(result.missing)} are missing. `verify_archive` lists them."
        )


def _differences(backup: Manifest) -> list[str]:
    found = databases.count_rows()
    return [
        f"{table}: {rows} rows in the backup, {found.get(table, 0)} now"
        for table, rows in backup.rows.items()
        if found.get(table, 0) != rows
    ]


def _remove_people_who_left(report: Report) -> None:
    """Apply what people did after the backup was begun."""
    acts = suppression_list.last_acts(report.backup.moment)
    if not acts:
        return
    known = Subscriber.objects.exclude(normalised=None)
    for subscriber in known.iterator(chunk_size=1000):
        act = acts.get(suppression_list.digest_of(subscriber.normalised or ""))
        if act in (None, Act.RETURNED):
            continue
        if act == Act.LEFT:
            lifecycle.leave(subscriber)
        else:
            if act == Act.COMPLAINED:
                subscriber.state = SubscriberState.COMPLAINED
            lifecycle.forget(subscriber)
        report.removed[act] += 1
    report.reports = erasure.erase_again(acts)


def _mark_mails_sent(report: Report) -> None:
    """Mark the mails that were sent after the backup was begun, and set their lists aside."""
    now = timezone.now()
    sent = sent_log.sent_since(report.backup.moment)
    with transaction.atomic():
        for model in (Letter, Alert, Digest):
            pks = sent.get(model._meta.model_name or "", set())
            waiting = model._default_manager.filter(pk__in=pks, sent_at=None)
            report.marked_sent[model.__name__] += waiting.update(
                sent_at=now, claim=None, claimed_at=None
            )
        # What a digest did not tell waits for the next one.
        told = Digest.objects.filter(pk__in=sent.get("digest", set()))
        Alert.objects.waiting().filter(digest__in=told).update(digest=None)
        # Claims are of workers that are gone.
        for model in (Letter, Alert, Digest):
            model._default_manager.filter(sent_at=None).update(claim=None, claimed_at=None)
    sent_log.set_aside(now)
