"""Whether the archive can give back everything that is named, and what it holds besides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from platforms.archive import Archive
from platforms.archive.errors import DamagedBlob, MissingBlob


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, each part in the order of the digests.

    damaged: blobs whose body cannot be given back, with the reason.
    missing: named by a snapshot, absent from the store.
    orphaned: present, named by no snapshot and base of no other blob. Normal right after a crash
    or while pages are read: a body is stored before the row that names it.
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

    named: asked for after the bodies were read, so that what is stored meanwhile is no orphan.
    progress: wraps the list of digests to be read.
    """
    present = list(archive.digests())
    damaged: list[DamagedBlob] = []
    leaned_on: set[str] = set()
    for digest in progress(present):
        try:
            if base := archive.base_of(digest):
                leaned_on.add(base)
            archive.get(digest)
        except DamagedBlob as error:
            damaged.append(error)
        except MissingBlob:
            continue  # Taken away since it was listed; still named, it is found missing below.
    known = set(named())
    needed = known | leaned_on
    return Verification(
        checked=len(present),
        damaged=tuple(damaged),
        missing=tuple(digest for digest in sorted(known) if digest not in archive),
        orphaned=tuple(digest for digest in present if digest not in needed),
    )
