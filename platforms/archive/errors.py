"""The errors of the archive."""


class ArchiveError(Exception):
    """Base class of all errors of the archive."""


class InvalidDigest(ArchiveError, ValueError):
    """A name that is not a SHA-256 in lower-case hexadecimal; it never reaches a path or a key."""


class BodyTooLarge(ArchiveError, ValueError):
    """A body above the limit of the archive (blobs.MAX_BODY_BYTES)."""


class ArchiveUnavailable(ArchiveError):
    """The store itself cannot be read or written: full disk, refused access, no network."""


class _BlobError(ArchiveError):
    def __init__(self, digest: str, reason: str) -> None:
        super().__init__(f"{digest}: {reason}")
        self.digest = digest
        self.reason = reason


class MissingBlob(_BlobError):
    """No blob has this digest."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest, "not in the archive")


class DamagedBlob(_BlobError):
    """The blob exists, but its body cannot be restored. digest: the one that was requested."""
