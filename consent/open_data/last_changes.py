"""When each list of the API last changed.

A curator's decision changes the lists that show its record. A load of the catalog changes those
whose records differ after it: most loads change nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone, translation

from consent.ledger.record_fields import Record, moment
from consent.models import EntryVersion, ListChange
from consent.open_data.envelopes import LICENCE, SCHEMA_VERSION
from consent.open_data.lists.resources import RESOURCES
from consent.web.parts import shared_part
from platforms.models import Page, PublicChange
from platforms.vocabulary import PublicChangeKind

LISTS = (*RESOURCES, "entries")
#: The lists that show something of a record, by the label of its model; all lists of any other.
_LISTS_SHOWING = {
    "consent.entry": ("states", "platforms"),
    "consent.control": ("controls", "guides", "platforms"),
    "consent.guide": ("guides", "controls", "platforms"),
    "consent.reference": (),
    "platforms.page": ("pages", "uses"),
}
#: What changes with every day or visit, and is no change of what a list has.
_MOVING = frozenset({"asof", "last_visited_at", "last_read_at"})

#: The digest of each list when the load that is under way began.
_before: ContextVar[dict[str, str]] = ContextVar("before")


def envelope(*lists: str) -> Record:
    """Return what an answer says of itself. lists: those that its records come from."""
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": moment(timezone.now()),
        "last_modified": moment(last_modified(lists)),
        "licence": LICENCE,
    }


def last_modified(lists: Collection[str] = LISTS) -> dt.datetime | None:
    """Return when any of these lists last changed; None if nothing was ever in them."""
    times = shared_part("last-changes", "", _times)
    return max(filter(None, (times[name] for name in lists)), default=None)


def _times() -> dict[str, dt.datetime | None]:
    """Return when each list last changed; before the first load: when anything public did."""
    anything = PublicChange.objects.aggregate(at=Max("made_at"))["at"]
    times = dict.fromkeys(RESOURCES, anything)
    times |= dict(ListChange.objects.values_list("name", "changed_at"))
    visited = Page.objects.living().aggregate(at=Max("last_visited_at"))["at"]
    times["pages"] = max(filter(None, (times["pages"], visited)), default=None)
    entries = EntryVersion.objects.aggregate(at=Max("changed_at"))["at"]
    return times | {"entries": entries or anything}


def note_change(sender: Any = None, *, logged: PublicChange, **_: Any) -> None:
    """Receiver of public_change_made."""
    if logged.kind != PublicChangeKind.CATALOG:
        # Sorted: two transactions that lock the same rows do so in one order.
        for name in sorted(_LISTS_SHOWING.get(logged.record, tuple(RESOURCES))):
            values = {"digest": "", "changed_at": logged.made_at}
            ListChange.objects.update_or_create(name=name, defaults=values)


def before_load(**_: Any) -> None:
    """Receiver of catalog_loading: look at the lists that a curator changed since the last load.

    Writes nothing: the load would keep the rows locked while it takes the counter of entries.
    """
    known = dict(ListChange.objects.exclude(digest="").values_list("name", "digest"))
    unknown = RESOURCES.keys() - known.keys()
    _before.set(known | {name: _digest(RESOURCES[name].all()) for name in unknown})


def after_load(**_: Any) -> None:
    """Receiver of catalog_loaded."""
    before, now = _before.get(), timezone.now()
    for name in sorted(RESOURCES):
        digest = _digest(RESOURCES[name].all())
        change = {"changed_at": now} if digest != before[name] else {}
        ListChange.objects.update_or_create(
            name=name,
            defaults={"digest": digest, **change},
            create_defaults={"digest": digest, "changed_at": now},
        )


def _digest(records: Iterable[Record]) -> str:
    digest = hashlib.sha256()
    with translation.override(settings.LANGUAGE_CODE):
        for record in records:
            digest.update(json.dumps(_lasting(record), sort_keys=True).encode())
    return digest.hexdigest()


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _lasting(each) for name, each in value.items() if name not in _MOVING}
    return list(map(_lasting, value)) if isinstance(value, list) else value
