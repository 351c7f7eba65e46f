"""How tests write what readers see: with a row of the log, as everything does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from platforms.guards import public_change
from platforms.vocabulary import PublicChangeKind


@contextmanager
def arranged() -> Iterator[None]:
    """Let a test put records as it needs them; also a decorator.

    Only around what a test arranges, never around what it tests: there the code has to log what it
    changes by itself.
    """
    with public_change(None, PublicChangeKind.CATALOG, by=None, what="arranged by a test"):
        yield
