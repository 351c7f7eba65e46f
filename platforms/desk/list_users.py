"""Who names the items of a platform's lists, so that none is removed that a record names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from platforms.models import Platform

#: By the field of a platform: returns a record, in words, for each item that one names.
#: Rooms with such records add theirs.
NAMERS: dict[str, Callable[[Platform], Mapping[str, str]]] = {}
