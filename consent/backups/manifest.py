"""What one backup contains: a JSON file beside the copy of the database.

A folder of backups holds, for each backup, `NAME.json` and the copy of the database, whose name
follows from the manifest's. `archive/` is shared by all: bytes are stored once, under their
SHA-256. Others may write to the folder, and disks fail: whatever is read here is checked first.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from django.utils import timezone

from consent.backups.errors import BackupError
from platforms.archive.regular_files import is_regular, open_regular
from platforms.release import BEFORE_1_0

#: Format 1 is from before 1.0.
FORMAT = 2
#: Never in a backup: with them a stolen backup could be read or used.
LEFT_OUT = (
    "SECRET_KEY (links in mails and backup codes of two-factor logins depend on it)",
    "SESSION_KEYS (lent sessions cannot be decrypted without them)",
    "the folder SUPPRESSION_PATH (people who left, mails that were sent, published roots)",
    ".env, caches, the queue, bundles and dumps (the last two are made again)",
)
#: How the copy of a database is named, by its engine.
SUFFIXES = {"sqlite": ".sqlite3.zst", "postgresql": ".pgdump"}
#: A manifest has some 5 kB.
MOST_BYTES = 1_000_000
#: A copy whose manifest promises more bytes than this is a decompression bomb. Texts shrink to
#: a twentieth, empty databases of 2 MB to a fiftieth.
MOST_UNPACKED, MOST_RATIO = 100_000_000, 1_000
#: A backup may be this much later than the present: clocks differ.
_CLOCKS_DIFFER = dt.timedelta(days=1)
_NAME = re.compile(r"\d{8}T\d{6}Z")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup.

    vendor: "sqlite" or "postgresql". sha256, size: of the copy of the database as stored. unpacked:
    bytes of the database in it, 0 for PostgreSQL, whose own program unpacks it. migrations: the
    last applied one of each app. rows: rows of each table, counted in the copy. blobs: how many
    the archive had.
    """

    made_at: str
    vendor: str
    sha256: str
    size: int
    unpacked: int = 0
    blobs: int = 0
    migrations: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    left_out: Sequence[str] = LEFT_OUT
    format: int = FORMAT

    @property
    def moment(self) -> dt.datetime:
        """When the copy of the database was begun."""
        return dt.datetime.fromisoformat(self.made_at)

    @property
    def name(self) -> str:
        """The backup's name, from its time: 20261126T041800Z."""
        return name_of(self.moment)

    @property
    def database(self) -> str:
        """Name of the copy of the database."""
        return self.name + SUFFIXES[self.vendor]


def name_of(moment: dt.datetime) -> str:
    """Return the name of a backup that was begun at a moment."""
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def to_bytes(manifest: Manifest) -> bytes:
    return f"{json.dumps(asdict(manifest), indent=1, sort_keys=True)}\n".encode()


def complete(folder: Path) -> tuple[list[Manifest], list[str]]:
    """Return the complete backups of a folder, the oldest first, and why others are not.

    The hashes of the copies are not computed. Names of another pattern are no backups.
    """
    found, damaged = [], []
    for path in _manifests(folder):
        try:
            backup = read(path)
            _check_file(backup, folder)
            if backup.moment > timezone.now() + _CLOCKS_DIFFER:
                raise BackupError(f"{path} is of a time in the future.")
            found.append(backup)
        except BackupError as error:
            damaged.append(str(error))
    return found, damaged


def choose(folder: Path, name: str = "") -> tuple[Manifest, list[str]]:
    """Return the backup with this name, its hash checked, and why others were skipped.

    By default the latest that is not damaged. Raises BackupError.
    """
    if name:
        paths = _manifests(folder)
        if name not in [path.stem for path in paths]:
            known = ", ".join(path.stem for path in paths) or "none"
            raise BackupError(f"{folder} has no such backup; it has: {known}.")
        backup = read(folder / f"{name}.json")
        check_database(backup, folder)
        return backup, []
    backups, damaged = complete(folder)
    for backup in reversed(backups):
        try:
            check_database(backup, folder)
        except BackupError as error:
            damaged.append(str(error))
        else:
            return backup, damaged
    reasons = "".join(f"\n  {reason}" for reason in damaged)
    raise BackupError(f"{folder} has no backup that can be restored.{reasons}")


def read(path: Path) -> Manifest:
    """Read a manifest. Raises BackupError if it is damaged or of a later format."""
    try:
        with open_regular(path) as file:
            text = file.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise ValueError("too large")
        data: dict[str, Any] = json.loads(text)
        if data["format"] == 1:
            raise BackupError(f"The backup {path} is {BEFORE_1_0}")
        if data["format"] != FORMAT:
            raise BackupError(
                f"{path} has another format: restore it with the version that made it."
            )
        values = {each.name: data[each.name] for each in fields(Manifest)}
        backup = Manifest(**values | {"left_out": tuple(data["left_out"])})
        if not _is_sound(backup) or backup.name != path.stem:
            raise ValueError("a value cannot be right")
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else ascii(str(error))[:100]
        raise BackupError(f"{path} is no manifest of a backup: {reason}") from error
    return backup


def check_database(manifest: Manifest, folder: Path) -> Path:
    """Return the copy of the database after comparing it with its hash. Raises BackupError."""
    path = _check_file(manifest, folder)
    try:
        if sha256_of(path) != manifest.sha256:
            raise BackupError(f"{path} is damaged: its hash differs.")
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from error
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a regular file, read in parts."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prune(folder: Path, keep: int) -> tuple[list[str], list[str]]:
    """Delete all but the latest complete backups; the archive stays.

    Return the names of the deleted, and a line for each damaged one: those do not count and stay.
    """
    backups, damaged = complete(folder)
    old = backups[: -keep or None]
    for backup in old:
        (folder / f"{backup.name}.json").unlink()
        (folder / backup.database).unlink()
    return [backup.name for backup in old], damaged


def now() -> dt.datetime:
    """The present moment in whole seconds, as names of backups have them."""
    return timezone.now().replace(microsecond=0)


def _manifests(folder: Path) -> list[Path]:
    """Return what is named like a manifest, the oldest first."""
    if not folder.is_dir():
        raise BackupError(f"{folder} is no folder.")
    return sorted(
        path for path in folder.iterdir() if path.suffix == ".json" and _NAME.fullmatch(path.stem)
    )


def _check_file(manifest: Manifest, folder: Path) -> Path:
    path = folder / manifest.database
    try:
        if not is_regular(path):
            raise BackupError(f"{path} is missing, or is no regular file.")
        if path.lstat().st_size != manifest.size:
            raise BackupError(f"{path} is damaged: its size differs.")
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from error
    return path


def _is_sound(manifest: Manifest) -> bool:
    """Whether all values have their types and are within their bounds. May raise as read()."""
    if not (isinstance(manifest.rows, dict) and isinstance(manifest.migrations, dict)):
        return False
    sizes = (manifest.size, manifest.unpacked, manifest.blobs, *manifest.rows.values())
    names = (
        *manifest.rows,
        *manifest.migrations,
        *manifest.migrations.values(),
        *manifest.left_out,
    )
    return (
        manifest.moment.tzinfo is not None
        and manifest.vendor in SUFFIXES
        and _SHA256.fullmatch(manifest.sha256) is not None
        and all(type(size) is int and size >= 0 for size in sizes)
        and all(isinstance(name, str) and name.isprintable() for name in names)
        and manifest.unpacked <= MOST_UNPACKED + MOST_RATIO * manifest.size
    )
