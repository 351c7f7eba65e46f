"""The passages that claims rest on: where their words are, and the hashes of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from consent.ledger.record_fields import Record
from consent.models import Entry, Passage
from consent.models.entries import public_id_of
from consent.open_data.lists.public_list import Key, PublicList


def _of_public_entries(where: Q) -> Q:
    entries = Entry.objects.on_record().order_by().values("pk")
    return where & Q(source__entry__in=entries)


def _keys(where: Q) -> Iterator[Key]:
    rows = Passage.objects.filter(_of_public_entries(where)).order_by()
    for pk, key, source, position in rows.values_list(
        "pk", "source__entry__key", "source__position", "position"
    ):
        yield _id(key, source, position), pk


def _id(key: str, source: int, position: int) -> str:
    return f"{public_id_of(key)}/{source + 1:02d}/{position + 1:02d}"


def _records(keys: Sequence[int]) -> Iterator[Record]:
    passages = Passage.objects.filter(pk__in=keys).select_related("source__entry")
    for each in passages.order_by():
        source = each.source
        assert source.entry is not None
        yield {
            "id": _id(source.entry.key, source.position, each.position),
            "entry": public_id_of(source.entry.key),
            "source": source.url,
            "side": each.side,
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
            "sha256": each.sha256,
        }


PASSAGES = PublicList(_keys, _records)
