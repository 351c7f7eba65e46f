"""What a curator does with a page: visit it again, move it, change its rules, pause it.

Each action is one transaction. It adds a log row with the changed values.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import QuerySet

from platforms.archive import Archive
from platforms.declarations.schema import why_not_one_text
from platforms.guards import public_act
from platforms.models import Page, PageRuling, Snapshot
from platforms.snapshots import snapshot_record
from platforms.versions import version_of
from platforms.vocabulary import PageAct, PublicChangeKind

_IS_ADDRESS = URLValidator(schemes=["http", "https"])
#: The selectors of a page: what its preview changes.
RULES = ("select", "remove")


def stored_rules(page: Page) -> QuerySet[Page, Any]:
    """Return the saved selectors of a page, for `version_of`."""
    return Page.objects.filter(pk=page.pk).values_list(*RULES)


@transaction.atomic
def visit_soon(page: Page, *, curator: User, now: dt.datetime) -> None:
    """Make a page due now. Raises ValidationError for a paused page."""
    page = _lock(page)
    if page.paused_at is not None:
        raise ValidationError("This page is paused: resume it first.")
    _set_fields(page, PageAct.VISIT, curator, {"next_visit_at": now})


@transaction.atomic
def move(page: Page, url: str, *, seen: str, curator: User, now: dt.datetime) -> Page:
    """Watch a page at another address from now on. It keeps its snapshots, changes and baseline.

    seen: the address that the curator saw. Catalog files with the old address still refer to this
    page. Raises ValidationError.
    """
    page = _lock(page)
    url = url.strip()
    _IS_ADDRESS(url)
    if len(url) > 1000:
        raise ValidationError("That address is longer than 1000 characters.")
    if url == page.url:
        raise ValidationError("That is the address it has.")
    if seen != page.url:
        raise ValidationError(f"Somebody else moved it to {page.url}. Nothing was overwritten.")
    if why := why_not_one_text(url, page.further_urls):
        raise ValidationError(f"Change its further addresses first: {why}.")
    if Page.objects.filter(platform=page.platform_id, url=url).exists():
        raise ValidationError("Another page of this platform has that address already.")
    former = [address for address in page.former_urls if address != url] + [page.url]
    page.validators = {}  # validators of the old address do not apply to the new one
    page.next_visit_at = now
    page.save(update_fields=["validators", "next_visit_at"])
    _set_fields(page, PageAct.MOVE, curator, {"url": url, "former_urls": former})
    return page


@transaction.atomic
def find_right(page: Page, *, curator: User) -> None:
    """Log that somebody compared the text that we keep with the page, and found it right."""
    page = _lock(page)
    if page.baseline_id is None:
        raise ValidationError("This page was never read: there is nothing to compare.")
    PageRuling.objects.create(page=page, act=PageAct.CHECK, curator=curator)


@transaction.atomic
def pause(page: Page, reason: str, *, curator: User, now: dt.datetime) -> None:
    """Stop visits to a page; the platform's public page shows why. Raises ValidationError."""
    page, reason = _lock(page), reason.strip()
    if not reason:
        raise ValidationError("Say why: readers see it beside the gap.")
    if len(reason) > 200:
        raise ValidationError("Say it in 200 characters.")
    if page.paused_at is not None:
        raise ValidationError("This page is paused already.")
    _set_fields(page, PageAct.PAUSE, curator, {"paused_at": now, "paused_reason": reason})


@transaction.atomic
def resume(page: Page, *, curator: User, now: dt.datetime) -> None:
    """Watch a paused page again, at once. Raises ValidationError."""
    page = _lock(page)
    if page.paused_at is None:
        raise ValidationError("This page is not paused.")
    page.next_visit_at = now
    page.save(update_fields=["next_visit_at"])
    _set_fields(page, PageAct.RESUME, curator, {"paused_at": None, "paused_reason": ""})


@transaction.atomic
def set_rules(
    page: Page, *, select: list[Any], remove: list[Any], seen: str, curator: User
) -> None:
    """Save other selectors. seen: `version_of` the stored rules that the curator saw.

    Raises ValidationError.
    """
    page = _lock(page)
    if seen != version_of(stored_rules(page)):
        raise ValidationError(
            "Somebody else changed the selectors since you opened them. Nothing was overwritten; "
            f"saved now: select {json.dumps(page.select)}, remove {json.dumps(page.remove)}."
        )
    if (select, remove) == (page.select, page.remove):
        raise ValidationError("These are the selectors it has.")
    _set_fields(page, PageAct.RULES, curator, {"select": select, "remove": remove})


@transaction.atomic
def leave_out(page: Page, selector: str, *, curator: User) -> None:
    """Leave out a part of the page as noise and reset its flapping. Raises ValidationError."""
    page = _lock(page)
    if selector in page.remove:
        raise ValidationError(f"{selector} is left out already.")
    page.flapping_since = page.needs_rule_since = None
    page.reappearances = 0
    page.save(update_fields=["flapping_since", "needs_rule_since", "reappearances"])
    _set_fields(page, PageAct.LEAVE_OUT, curator, {"remove": [*page.remove, selector]})


@transaction.atomic
def release(capture: Snapshot, *, archive: Archive, curator: User, now: dt.datetime) -> None:
    """Release a snapshot from quarantine (`snapshot_record.release`). Raises ValueError."""
    page = _lock(capture.page)
    snapshot_record.release(page, capture, archive=archive, now=now)
    released = {"capture": capture.pk, "quarantined_as": capture.quarantined_as}
    _log(
        page,
        PageAct.RELEASE,
        curator,
        before=released | {"released_at": None},
        after=released | {"released_at": now},
    )


@transaction.atomic
def keep_refusing(capture: Snapshot, *, curator: User, now: dt.datetime) -> None:
    """Keep a snapshot in quarantine (`snapshot_record.keep_refusing`). Raises ValueError."""
    page = _lock(capture.page)
    snapshot_record.keep_refusing(capture, now=now)
    kept = {"capture": capture.pk, "quarantined_as": capture.quarantined_as}
    before, after = kept | {"kept_refused_at": None}, kept | {"kept_refused_at": now}
    _log(page, PageAct.REFUSE, curator, before=before, after=after)


@transaction.atomic
def confirm_by_hand(page: Page, *, curator: User, now: dt.datetime) -> None:
    """Record that a curator checked a page in a browser and found it as recorded."""
    _set_fields(_lock(page), PageAct.CONFIRM, curator, {"confirmed_by_hand_at": now})


@transaction.atomic
def edit(edited: Page, names: Iterable[str], *, curator: User) -> None:
    """Save the named fields of an edited page, and none that workers write."""
    stored = {field.name: field.attname for field in Page._meta.concrete_fields}
    values = {stored[name]: getattr(edited, stored[name]) for name in names}
    if not values:
        return
    _set_fields(_lock(edited), PageAct.EDIT, curator, values)


def note_added(page: Page, *, curator: User) -> None:
    """Log that a page is watched from now on."""
    after = {"url": page.url, "select": page.select, "remove": page.remove}
    _log(page, PageAct.ADD, curator, before={}, after=after)


def _set_fields(page: Page, act: PageAct, curator: User, values: dict[str, Any]) -> None:
    """Set fields of a locked page; the log row has the old and new values."""
    before = {name: getattr(page, name) for name in values}
    with public_act(PublicChangeKind.EDIT, by=curator, on=[page]):
        for name, value in values.items():
            setattr(page, name, value)
        page.save(update_fields=list(values))
    _log(page, act, curator, before=before, after=values)


def _log(
    page: Page, act: PageAct, curator: User, *, before: dict[str, Any], after: dict[str, Any]
) -> None:
    PageRuling.objects.create(page=page, act=act, curator=curator, before=before, after=after)


def _lock(page: Page) -> Page:
    return Page.objects.select_for_update(of=("self",)).get(pk=page.pk)
