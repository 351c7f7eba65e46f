"""What one backup contains: a JSON file beside the copy of the database.

A folder of backups holds, for each backup, `NAME.json` and the copy of the database that it names.
`archive/` is shared by all: bytes are stored once, under their SHA-256.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone

from consent.backups.errors import BackupError

FORMAT = 1
#: Never in a backup: with them a stolen backup could be read or used.
LEFT_OUT = (
    "SECRET_KEY (links in mails and backup codes of two-factor logins depend on it)",
    "SESSION_KEYS (lent sessions cannot be decrypted without them)",
    "the folder SUPPRESSION_PATH (people who left, mails that were sent)",
    ".env, caches, the queue, bundles and dumps (the last two are made again)",
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup.

    vendor: "sqlite" or "postgresql". sha256, size: of the copy of the database as stored.
    migrations: the last applied one of each app. rows: rows of each table, counted in the copy.
    blobs: how many the archive had.
    """

    made_at: str
    vendor: str
    database: str
    sha256: str
    size: int
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


def name_of(moment: dt.datetime) -> str:
    """Return the name of a backup that was begun at a moment."""
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def write(manifest: Manifest, folder: Path) -> Path:
    """Write the manifest; it comes last and makes the backup complete."""
    path = folder / f"{manifest.name}.json"
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n")
    unfinished.replace(path)
    return path


def find(folder: Path, name: str = "") -> Manifest:
    """Return the backup with this name, by default the latest. Raises BackupError."""
    paths = sorted(folder.glob("*.json"))
    if name:
        paths = [path for path in paths if path.stem == name]
    if not paths:
        known = ", ".join(path.stem for path in sorted(folder.glob("*.json"))) or "none"
        raise BackupError(f"{folder} has no such backup; it has: {known}.")
    return read(paths[-1])


def read(path: Path) -> Manifest:
    """Read a manifest. Raises BackupError if it is damaged or of a later format."""
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise BackupError(
                f"{path} has format {data['format']}: restore it with the version that made it."
            )
        return Manifest(**data | {"left_out": tuple(data["left_out"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path} is no manifest of a backup: {error}") from error


def check_database(manifest: Manifest, folder: Path) -> Path:
    """Return the copy of the database after comparing it with its hash. Raises BackupError."""
    path = folder / manifest.database
    if not path.is_file():
        raise BackupError(f"{path} is missing. Choose another backup of this folder.")
    if sha256_of(path) != manifest.sha256:
        raise BackupError(f"{path} is damaged: its hash differs. Choose another backup.")
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in parts."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prune(folder: Path, keep: int) -> list[str]:
    """Delete all but the latest backups; return the names of the deleted. The archive stays."""
    deleted = []
    for path in sorted(folder.glob("*.json"))[: -keep or None]:
        manifest = read(path)
        path.unlink()
        (folder / manifest.database).unlink(missing_ok=True)
        deleted.append(manifest.name)
    return deleted


def now() -> dt.datetime:
    """The present moment in whole seconds, as names of backups have them."""
    return timezone.now().replace(microsecond=0)
