"""Checks that every body named by a snapshot can be read; lists damaged and unused blobs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from platforms.archive import Archive
from platforms.archive.errors import DamagedBlob, MissingBlob


@dataclass(frozen=True, slots=True)
class Verification:
    """The result, each part in the order of the digests.

    damaged: blobs whose body cannot be restored, with the reason.
    missing: named by a snapshot but not stored.
    orphaned: stored, but not named by a snapshot and not the base of a blob. Normal after a crash
    or while pages are visited: a body is stored before the row that names it.
    """

    checked: int
    damaged: tuple[DamagedBlob, ...]
    missing: tuple[str, ...]
    orphaned: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.damaged and not self.missing


def verify(
    archive: Archive,
    named: Callable[[], Iterable[str]],
    *,
    progress: Callable[[list[str]], Iterable[str]] = iter,
) -> Verification:
    """Read every blob of the archive and compare its names with the named ones.

    named: called after the bodies were read, so that blobs stored meanwhile are not orphans.
    progress: wraps the list of digests to be read.
    """
    present = list(archive.digests())
    damaged: list[DamagedBlob] = []
    bases: set[str] = set()
    for digest in progress(present):
        try:
            if base := archive.base_of(digest):
                bases.add(base)
            archive.get(digest)
        except DamagedBlob as error:
            damaged.append(error)
        except MissingBlob:
            continue  # Removed since it was listed. If it is named, it is reported below.
    known = set(named())
    needed = known | bases
    return Verification(
        checked=len(present),
        damaged=tuple(damaged),
        missing=tuple(digest for digest in sorted(known) if digest not in archive),
        orphaned=tuple(digest for digest in present if digest not in needed),
    )
