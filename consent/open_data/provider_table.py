"""The table of providers as the API answers it."""

from __future__ import annotations

from django.utils import timezone

from consent.ledger.record_fields import Record
from consent.open_data.last_changes import envelope
from consent.open_data.lists.providers import provider_records
from consent.open_data.questions import known_place


def provider_table(place: str) -> Record:
    """Return the table for a place given by code or name. Raises Refused for an unknown one."""
    code = known_place(place)
    items = list(provider_records(timezone.localdate(), code))
    return {
        **envelope("platforms", "uses", "states", "controls"),
        "place": code or None,
        "total": len(items),
        "next": None,
        "items": items,
    }
