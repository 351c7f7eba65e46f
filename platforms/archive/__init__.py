"""Every body ever received, under its SHA-256: compressed, append-only (promise 2)."""

from platforms.archive.archive import Archive, open_archive
from platforms.archive.errors import (
    ArchiveError,
    ArchiveUnavailable,
    BodyTooLarge,
    DamagedBlob,
    InvalidDigest,
    MissingBlob,
)

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchiveUnavailable",
    "BodyTooLarge",
    "DamagedBlob",
    "InvalidDigest",
    "MissingBlob",
    "open_archive",
]
