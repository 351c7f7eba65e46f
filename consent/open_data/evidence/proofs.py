"""How the records in a bundle lead to daily roots, and the stamps on those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.serialization import Encoding

from consent.models import StampedDay, StampedRecord
from consent.open_data.evidence.contents import Proof, Stamps
from consent.open_data.stamps.chain import header_of
from consent.open_data.stamps.closed_days import trusted_roots
from consent.open_data.stamps.leaves import Leaf
from consent.open_data.stamps.merkle import paths_of


def stamps_of(records: Mapping[str, Leaf]) -> Stamps:
    """Return the proofs of records (by path), the headers they lead to, and the stamps on those."""
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
    proofs = {}
    for day, below in by_day.items():
        leaves = day.records.order_by("position").values_list("sha256", flat=True)
        positions = [position for _, position in below]
        paths = paths_of([bytes.fromhex(leaf) for leaf in leaves], positions)
        for (name, at), siblings in zip(below, paths, strict=True):
            proofs[name] = Proof(day.number, at, [each.hex() for each in siblings])
    chain = _chain([day.number for day in by_day])
    return Stamps(
        proofs=proofs,
        headers=[header_of(day) for day in chain],
        responses={
            day.number: bytes(stamp.response)
            for day in chain
            if (stamp := getattr(day, "timestamp", None)) is not None
        },
        authority=b"".join(root.public_bytes(Encoding.PEM) for root in trusted_roots()),
    )


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
