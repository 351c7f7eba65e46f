"""When each list of the API last changed: at the newest version of what it shows."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection

from django.db.models import Case, Max, Value, When
from django.http import HttpResponse
from django.utils import timezone

from consent.ledger.record_fields import Record, moment
from consent.open_data.envelopes import LICENCE, SCHEMA_VERSION
from consent.open_data.lists.resources import RESOURCES
from platforms.models import Page, RecordVersion
from platforms.vocabulary import VersionOrigin

_GENERATED_AT = re.compile(rb'"generated_at": ?"[^"]+"')
LISTS = (*RESOURCES, "entries")
#: The kinds of records that a list shows something of. "state": a use that an entry changed.
_SHOWN_IN = {
    "platforms": {"platform", "use", "state", "control", "guide", "entry"},
    "uses": {"platform", "use", "page"},
    "states": {"platform", "use", "state", "entry"},
    "controls": {"platform", "use", "control", "guide"},
    "guides": {"platform", "use", "control", "guide"},
    "pages": {"platform", "page"},
    "declarations": {"platform", "statement"},
    "entries": {"entry"},
    "passages": {"entry"},
    "robots": {"platform", "page"},
}


def envelope(*lists: str) -> Record:
    """Return what an answer says of itself. lists: those that its records come from."""
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": moment(timezone.now()),
        "last_modified": moment(last_modified(lists)),
        "licence": LICENCE,
    }


def mark_content(response: HttpResponse) -> HttpResponse:
    """Give an answer an ETag that stays the same if only the time of its drawing differs."""
    body = _GENERATED_AT.sub(b"", response.content, count=1)
    response["ETag"] = f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    return response


def last_modified(lists: Collection[str] = LISTS) -> dt.datetime | None:
    """Return when any of these lists last changed; None if nothing was ever in them."""
    times = _times()
    return max(filter(None, (times[name] for name in lists)), default=None)


def _times() -> dict[str, dt.datetime | None]:
    of_states = When(kind="use", origin=VersionOrigin.DEPENDENT, then=Value("state"))
    versions = RecordVersion.objects.annotate(of=Case(of_states, default="kind")).order_by()
    changed_at = dict(versions.values_list("of").annotate(at=Max("at")))
    times = {
        name: max((changed_at[kind] for kind in shown & changed_at.keys()), default=None)
        for name, shown in _SHOWN_IN.items()
    }
    visited = Page.objects.living().aggregate(at=Max("last_visited_at"))["at"]
    for name in ("pages", "robots"):
        times[name] = max(filter(None, (times[name], visited)), default=None)
    # Closed lists are part of the program.
    return dict.fromkeys(LISTS, max(changed_at.values(), default=None)) | times
