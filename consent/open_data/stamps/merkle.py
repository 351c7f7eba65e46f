"""Merkle trees as RFC 9162 (section 2.1) defines them, with SHA-256. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

Hash = bytes


def leaf_hash(record: bytes) -> Hash:
    return hashlib.sha256(b"\x00" + record).digest()


def root_of(leaves: Sequence[Hash]) -> Hash:
    """Return the root over these leaf hashes; of no leaves, the hash of nothing."""
    return _levels(leaves)[-1][0] if leaves else hashlib.sha256(b"").digest()


def paths_of(leaves: Sequence[Hash], indexes: Sequence[int]) -> list[list[Hash]]:
    """Return the inclusion path of each of these leaves, from the leaf upwards."""
    levels = _levels(leaves)
    paths = []
    for index in indexes:
        path = []
        for level in levels[:-1]:
            if (sibling := index ^ 1) < len(level):
                path.append(level[sibling])
            index //= 2
        paths.append(path)
    return paths


def root_from_path(leaf: Hash, *, index: int, size: int, path: Sequence[Hash]) -> Hash | None:
    """Return the root that a leaf and its path lead to; None if the path cannot be one.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    at, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = _node(sibling, root)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            root = _node(root, sibling)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def _node(left: Hash, right: Hash) -> Hash:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _levels(leaves: Sequence[Hash]) -> list[Sequence[Hash]]:
    """Return the tree from the leaves to the root. A last odd node rises as it is."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [_node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        levels.append([*pairs, below[-1]] if len(below) % 2 else pairs)
    return levels
