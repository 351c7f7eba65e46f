"""How the records in a bundle lead to daily roots, and the stamps on those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from consent.models import StampedDay, StampedRecord
from consent.open_data.evidence import members
from consent.open_data.evidence.members import Part, json_part
from consent.open_data.stamps.chain import header_of
from consent.open_data.stamps.closed_days import roots_pem
from consent.open_data.stamps.leaves import Leaf
from consent.open_data.stamps.merkle import paths_of

FORMAT = 1


def proofs_of(records: Mapping[str, Leaf]) -> Iterable[Part]:
    """Yield the proofs of records (by path), the headers they lead to, and the stamps on those."""
    stamped = {
        path: StampedRecord.objects.filter(
            kind=leaf.kind, record_id=leaf.row_id, sha256=leaf.hash.hex()
        )
        .select_related("day")
        .order_by("day__number")
        .first()
        for path, leaf in records.items()
    }
    by_day: dict[StampedDay, list[tuple[str, int]]] = {}
    for path, row in stamped.items():
        if row is not None:
            by_day.setdefault(row.day, []).append((path, row.position))
    proofs: list[dict[str, Any]] = []
    for day, below in sorted(by_day.items(), key=lambda each: each[0].number):
        leaves = day.records.order_by("position").values_list("sha256", flat=True)
        positions = [position for _, position in below]
        paths = paths_of([bytes.fromhex(leaf) for leaf in leaves], positions)
        proofs += [
            {"record": name, "header": day.number, "index": at, "path": [h.hex() for h in path]}
            for (name, at), path in zip(below, paths, strict=True)
        ]
    waiting = [path for path, row in stamped.items() if row is None]
    proofs_value = {"format": FORMAT, "proofs": proofs, "waiting": waiting}
    yield json_part(members.PROOFS_PATH, proofs_value, "how each record leads to a daily root")
    chain = _chain([day.number for day in by_day])
    headers = b"".join(header_of(day).to_bytes() + b"\n" for day in chain)
    yield Part(members.CHAIN_PATH, headers, "the daily roots, chained")
    for day in chain:
        if (stamp := getattr(day, "timestamp", None)) is not None:
            about = f"time stamp on root {day.number} by {stamp.authority} (RFC 3161)"
            yield Part(f"stamps/{day.number}.tsr", bytes(stamp.response), about)
    if pem := roots_pem():
        yield Part(members.AUTHORITY_PATH, pem, "root certificates of the time-stamp authority")


def _chain(numbers: Sequence[int]) -> list[StampedDay]:
    """Return the days from the first of these to the first stamped one after the last."""
    if not numbers:
        return []
    last = max(numbers)
    later = StampedDay.objects.filter(number__gte=last).exclude(timestamp=None)
    first_stamped = later.order_by("number").first()
    until = first_stamped.number if first_stamped else last
    days = StampedDay.objects.filter(number__range=(min(numbers), until))
    return list(days.select_related("timestamp").order_by("number"))
