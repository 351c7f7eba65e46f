"""What can go wrong with the archive, as one family."""


class ArchiveError(Exception):
    """Base of everything the archive raises on its own account."""


class InvalidDigest(ArchiveError, ValueError):
    """A name that is not a SHA-256 in lower-case hexadecimal; it never reaches a path or a key."""


class BodyTooLarge(ArchiveError, ValueError):
    """A body above the archive's own cap, which lies far above the fetcher's."""


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
    """The blob is there, but its body cannot be given back; `digest` is the one asked for."""
