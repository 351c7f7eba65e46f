"""What providers declare under a law about what they trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch, Q

from consent.ledger.record_fields import Record, dated
from consent.models import ProviderStatement
from consent.open_data.lists.public_list import Key, PublicList
from platforms.models import Platform


def _keys(where: Q) -> Iterator[Key]:
    rows = ProviderStatement.objects.filter(where).order_by().values_list("key", "pk").distinct()
    return iter(rows)


def _records(keys: Sequence[int]) -> Iterator[Record]:
    listed = Prefetch("platforms", Platform.objects.listed())
    for each in ProviderStatement.objects.filter(pk__in=keys).prefetch_related(listed).order_by():
        yield {
            "id": each.key,
            "provider": each.provider,
            "platforms": sorted(platform.slug for platform in each.platforms.all()),
            "law": each.law,
            "model": each.model,
            "dated": dated(each.dated_on, each.dated_precision),
            "chats_with_this_model": each.chats_with_this_model,
            "data_of_other_services": each.data_of_other_services,
            "services_named": each.services_named or None,
            "document_address": each.document_url,
            "document_sha256": each.document_sha256 or None,
            "document_archived_address": each.document_archived_url or None,
            "readable": each.readable,
            "note": each.note or None,
        }


DECLARATIONS = PublicList(_keys, _records)
