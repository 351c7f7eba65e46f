"""The archive: every body ever received, under its SHA-256, append-only (promise 2).

The only module that uses the blob store. A body is stored as a delta against the page's previous
one if that is smaller; see docs/decisions/0004-archive-format.md.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from platforms.archive import blobs
from platforms.archive.blobs import Blob
from platforms.archive.errors import (
    ArchiveError,
    BodyTooLarge,
    DamagedBlob,
    MissingBlob,
)
from platforms.archive.storage import FileStorage, Storage

#: Most deltas between a blob and its keyframe: limits the time of a read. Chosen.
MAX_DEPTH = 8
#: Most snapshots that may depend on one keyframe: limits the loss from one bad sector. Chosen.
MAX_AGE = 64
#: A delta may have at most this share of its keyframe's size; otherwise a new keyframe is stored.
WORTHWHILE_SHARE = 0.5
#: Longest chain that can be read. More than MAX_DEPTH, so that MAX_DEPTH may change later. It also
#: ends a chain that goes in a circle.
_DEEPEST_READABLE = 64

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A blob of the archive with its body unpacked."""

    digest: str
    blob: Blob
    body: bytes


class Archive:
    """Bodies by digest. Safe for any number of writers and readers at once.

    All methods may raise ArchiveUnavailable, and InvalidDigest for a name that is not a digest.
    """

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def put(self, body: bytes, *, similar_to: str | None = None) -> str:
        """Store a body durably and return its SHA-256. A body that is already stored is kept.

        similar_to: digest of a body expected to be similar, usually the page's previous one.
        It only saves space: if it cannot be read, this body is stored on its own.
        """
        if similar_to is not None:
            blobs.checked_digest(similar_to)
        if len(body) > blobs.MAX_BODY_BYTES:
            raise BodyTooLarge(f"{len(body)} bytes; at most {blobs.MAX_BODY_BYTES} are kept")
        digest = hashlib.sha256(body).hexdigest()
        try:
            self.get(digest)
        except MissingBlob:
            self._write(digest, body, similar_to=similar_to)
        except DamagedBlob as error:
            # Replace it by a keyframe: a delta could depend on a blob that depends on this one.
            _log.warning("Storing a damaged blob again: %s", error)
            self._write(digest, body, replace=True)
        else:
            self.storage.settle(digest)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the body with this digest, its hash checked; raises MissingBlob, DamagedBlob."""
        return self._unpacked(digest)[-1].body

    def __contains__(self, digest: str) -> bool:
        """True if a blob has this name, readable or not. False if the name is not a digest."""
        return blobs.is_digest(digest) and digest in self.storage

    def digests(self) -> Iterator[str]:
        """Yield the digest of every stored blob, in ascending order."""
        return self.storage.digests()

    def unfinished(self) -> list[str]:
        """Return the names of running or interrupted writes, which are not part of the archive."""
        return self.storage.unfinished()

    def base_of(self, digest: str) -> str | None:
        """Return the digest this blob is stored against, None for a keyframe; raises as get()."""
        return self._blob(digest).base

    def _write(
        self, digest: str, body: bytes, *, similar_to: str | None = None, replace: bool = False
    ) -> None:
        """Compress the body, check that it can be restored from the result, and store that."""
        bases = self._bases(similar_to) if similar_to else ()
        blob = _smallest(body, bases)
        data = blob.to_bytes()
        base_body = next((base.body for base in bases if base.digest == blob.base), b"")
        if blobs.unpack(digest, blobs.parse(digest, data), base_body) != body:
            raise DamagedBlob(digest, "cannot be restored after compression; nothing was stored")
        self.storage.write(digest, data, replace=replace)

    def _bases(self, digest: str) -> tuple[_Stored, ...]:
        """Return the keyframe of this blob and the blob itself, or nothing if it cannot be read."""
        try:
            return self._unpacked(digest)
        except ArchiveError as error:
            _log.warning("Compressing without the similar body: %s", error)
            return ()

    def _unpacked(self, digest: str) -> tuple[_Stored, ...]:
        """Return the keyframe of this blob and the blob itself; one item if they are the same."""
        keyframe, *deltas = self._chain(digest)
        name, blob = keyframe
        first = last = _Stored(name, blob, blobs.unpack(name, blob, b""))
        for name, blob in deltas:
            last = _Stored(name, blob, blobs.unpack(name, blob, last.body))
        if hashlib.sha256(last.body).hexdigest() != digest:
            raise DamagedBlob(digest, "the body has another SHA-256")
        return (first, last) if deltas else (first,)

    def _chain(self, digest: str) -> list[tuple[str, Blob]]:
        """Return the blobs to unpack in this order, keyframe first."""
        chain = [(digest, self._blob(digest))]
        while (base := chain[-1][1].base) is not None:
            if len(chain) > _DEEPEST_READABLE:
                raise DamagedBlob(digest, "depends on too many others")
            try:
                chain.append((base, self._blob(base)))
            except (MissingBlob, DamagedBlob) as error:
                raise DamagedBlob(digest, f"depends on {error}") from error
        return chain[::-1]

    def _blob(self, digest: str) -> Blob:
        return blobs.parse(digest, self.storage.read(digest))


def _smallest(body: bytes, bases: tuple[_Stored, ...]) -> Blob:
    """Return the smallest blob for this body within the limits of depth and age.

    bases: the keyframe of the similar blob and the similar blob itself, or nothing.
    """
    if not bases or bases[-1].blob.age >= MAX_AGE:
        return blobs.make_keyframe(body)
    deltas = [
        blobs.make_delta(
            body,
            base=base.digest,
            base_body=base.body,
            depth=base.blob.depth + 1,
            age=bases[-1].blob.age + 1,
        )
        for base in bases
        if base.blob.depth < MAX_DEPTH
    ]
    smallest = min(deltas, key=lambda delta: len(delta.frame))
    if len(smallest.frame) <= WORTHWHILE_SHARE * len(bases[0].blob.frame):
        return smallest
    return blobs.make_keyframe(body)


def open_archive(url: str | None = None) -> Archive:
    """Open the archive at this address, settings.ARCHIVE_URL by default.

    file:///folder (the path as it is, nothing percent-encoded) or s3://bucket/prefix.
    Nothing is read or written before the first use. Raises ImproperlyConfigured.
    """
    url = settings.ARCHIVE_URL if url is None else url
    scheme, _, place = url.partition("://")
    if scheme == "file" and Path(place).is_absolute():
        return Archive(FileStorage(Path(place)))
    bucket, _, prefix = place.partition("/")
    if scheme == "s3" and bucket:
        return Archive(_open_s3(bucket, prefix))
    raise ImproperlyConfigured(f"ARCHIVE_URL must be file:///folder or s3://bucket, not {url!r}")


def _open_s3(bucket: str, prefix: str) -> Storage:
    # Imported here: boto3 is an optional extra, and slow to load.
    from platforms.archive.s3_storage import S3Storage

    return S3Storage(bucket, prefix, endpoint=getattr(settings, "ARCHIVE_S3_ENDPOINT", ""))
