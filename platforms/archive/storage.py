"""Stores blobs: a name and its bytes, written once."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from platforms.archive.blobs import MAX_BLOB_BYTES, checked_digest, is_digest
from platforms.archive.errors import ArchiveUnavailable, DamagedBlob, MissingBlob
from platforms.archive.regular_files import NotRegular, is_regular, open_regular, sync_folder

SUFFIX = ".blob"


class Storage(Protocol):
    """A flat, append-only set of named blobs. All methods may raise ArchiveUnavailable."""

    def read(self, digest: str) -> bytes:
        """Return the stored bytes; raises MissingBlob, or DamagedBlob above MAX_BLOB_BYTES."""

    def write(self, digest: str, data: bytes, *, replace: bool = False) -> None:
        """Store durably, all or nothing. An existing blob stays as it is unless `replace`."""

    def settle(self, digest: str) -> None:
        """Make sure that a blob stored by another writer is durable."""

    def __contains__(self, digest: str) -> bool: ...

    def digests(self) -> Iterator[str]:
        """Yield the names of all blobs in ascending order."""

    def unfinished(self) -> list[str]:
        """Return the names of running or interrupted writes."""


def blob_name(digest: str) -> str:
    """Return the path below the root: `ab/abcdef….blob`, in 256 folders of even size."""
    checked_digest(digest)
    return f"{digest[:2]}/{digest}{SUFFIX}"


def digest_of(file_name: str) -> str | None:
    """Return the digest that a file name (without folder) stands for, None for any other file."""
    digest = file_name.removesuffix(SUFFIX)
    return digest if file_name.endswith(SUFFIX) and is_digest(digest) else None


class FileStorage:
    """Blobs as files below one folder, on a file system with hard links.

    A blob gets its name only when its bytes are on the disk. Writers prepare it in `incoming/`.
    Files that a crash leaves there are never read and may be deleted.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"

    def read(self, digest: str) -> bytes:
        path = self._path(digest)
        with _unavailable_on_os_error():
            try:
                with open_regular(path) as file:
                    data = file.read(MAX_BLOB_BYTES + 1)
            except FileNotFoundError:
                raise MissingBlob(digest) from None
            except NotRegular as error:
                raise DamagedBlob(digest, "not a regular file") from error
            except OSError as error:
                if error.errno == errno.EIO:  # a bad sector; the store itself is available
                    raise DamagedBlob(digest, "the disk cannot read it") from error
                raise
        if len(data) > MAX_BLOB_BYTES:
            raise DamagedBlob(digest, "larger than any blob")
        return data

    def write(self, digest: str, data: bytes, *, replace: bool = False) -> None:
        path = self._path(digest)
        with _unavailable_on_os_error():
            self.incoming.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            prepared = self.incoming / f"{digest}.{secrets.token_hex(8)}"
            try:
                _write_synced(prepared, data)
                if replace:
                    prepared.replace(path)
                else:
                    _link_unless_present(prepared, path)
            finally:
                prepared.unlink(missing_ok=True)
        self.settle(digest)

    def settle(self, digest: str) -> None:
        with _unavailable_on_os_error():
            sync_folder(self._path(digest).parent)
            sync_folder(self.root)

    def __contains__(self, digest: str) -> bool:
        with _unavailable_on_os_error():
            return is_regular(self._path(digest))

    def digests(self) -> Iterator[str]:
        with _unavailable_on_os_error():
            for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
                names = sorted(digest_of(entry.name) or "" for entry in folder.iterdir())
                yield from (name for name in names if name.startswith(folder.name))

    def unfinished(self) -> list[str]:
        with _unavailable_on_os_error():
            if not self.incoming.is_dir():
                return []
            return sorted(str(path) for path in self.incoming.iterdir())

    def _path(self, digest: str) -> Path:
        return self.root / blob_name(digest)


def _write_synced(path: Path, data: bytes) -> None:
    # Read-only from the start: a blob is never edited.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _link_unless_present(prepared: Path, path: Path) -> None:
    """Give the file its final name. If another writer was first, keep the other file.

    A rename would overwrite it. Two writers could then replace a keyframe by a delta against a
    blob that depends on that keyframe, and neither could be read again.
    """
    try:
        path.hardlink_to(prepared)
    except FileExistsError:
        if not is_regular(path):
            raise NotRegular(path) from None


@contextmanager
def _unavailable_on_os_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveUnavailable(str(error)) from error
