"""Suggestion → Entry → published: the only door to the public side.

Every function here is one ruling of one curator, in one transaction: it writes the Decision,
moves the Change, and, when something is published, opens and closes States.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from consent.alerts.fanning import announce, tell_new_steps
from consent.models import Change, Decision, Entry, Guide, Setting, Source, State
from consent.vocabulary import (
    Basis,
    ChangeStatus,
    Confidence,
    Direction,
    DismissReason,
    Effect,
    Precision,
    PublicationStatus,
    Ruling,
    StateValue,
)

#: Below this the suggestion's wording is offered but called doubtful.
SURE_ENOUGH = 0.8


class AlreadyDecidedError(Exception):
    """Another curator ruled on this change in the meantime; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class NewState:
    """A setting's next state: it closes the present one and opens another."""

    setting: Setting
    value: StateValue
    starts_on: dt.date
    precision: Precision = Precision.DAY
    note: str = ""


def entry_from(change: Change) -> Entry:
    """Return the unsaved entry that a change's suggestion proposes."""
    suggestion = getattr(change, "suggestion", None)
    platform = change.page.platform
    title = (suggestion.title if suggestion else "") or f"{platform} changes “{change.page.title}”"
    return Entry(
        key=f"{platform.slug}-{change.observed_to:%Y-%m-%d}-change-{change.pk}",
        title=title[:90],
        summary=_in_words(change, suggestion.passages if suggestion else ()),
        effects=suggestion.effects if suggestion else [],
        direction=suggestion.direction if suggestion else Direction.NEUTRAL,
        regions=[change.page.region or "worldwide"],
        confidence=(
            Confidence.HIGH
            if suggestion and suggestion.confidence >= SURE_ENOUGH
            else Confidence.MEDIUM
        ),
        basis=Basis.STATED,
        observed_from=change.observed_from,
        observed_to=change.observed_to,
        status_reason="Drafted from a change; not reviewed yet.",
        **_suggested_dates(suggestion.dates if suggestion else ()),
    )


@transaction.atomic
def draft_entry(change: Change, entry: Entry | None = None, *, quote: str | None = None) -> Entry:
    """Save the draft of a change and return it: as a curator edited it, or as suggested.

    quote: the passage that shows it; None takes the weightiest of the suggestion.
    Raises AlreadyDecidedError when the change is no longer waiting, or when another curator
    drafted an entry for it in the meantime.
    """
    change = lock_undecided(change)
    if change.entry is not None:
        if entry is None:
            return change.entry
        if entry.pk != change.entry_id:
            raise AlreadyDecidedError("Another curator drafted an entry for this change.")
        entry.save()
        _cite(change, entry, quote)
        return entry
    entry = entry or entry_from(change)
    entry.save()
    entry.platforms.add(change.page.platform)
    entry.settings.add(*_settings_concerned(change))
    _cite(change, entry, quoted_passage(change) if quote is None else quote)
    change.entry = entry
    change.save(update_fields=["entry"])
    return entry


def quoted_passage(change: Change) -> str:
    """The words that show a change best: of its weightiest passage, what is said now."""
    suggestion = getattr(change, "suggestion", None)
    passages = suggestion.passages if suggestion else ()
    return (passages[0]["after"] or passages[0]["before"]) if passages else ""


@transaction.atomic
def publish(
    change: Change,
    *,
    entry: Entry,
    curator: User,
    states: Sequence[NewState] = (),
    note: str = "",
) -> Entry:
    """Put a change's entry on the timeline and move the states it opens and closes.

    Raises AlreadyDecidedError when another curator was first, ValidationError when the entry or
    a state does not hold together; nothing is written then.
    """
    change = lock_undecided(change)
    moved = _publish_entry(entry, states=states)
    _rule(
        change,
        ChangeStatus.PUBLISHED,
        Ruling.PUBLISH,
        curator=curator,
        entry=entry,
        note=note,
        moved=moved,
    )
    return entry


@transaction.atomic
def publish_by_hand(
    entry: Entry, *, curator: User, states: Sequence[NewState] = (), note: str = ""
) -> Entry:
    """Put an entry on the timeline that rests on outside sources instead of a change.

    Raises ValidationError when the entry does not hold together.
    """
    moved = _publish_entry(entry, states=states)
    Decision.objects.create(
        ruling=Ruling.PUBLISH,
        entry=entry,
        note=note,
        curator=curator,
        before=moved.before,
        after=moved.after,
    )
    return entry


@transaction.atomic
def dismiss(change: Change, *, curator: User, reason: DismissReason, note: str = "") -> None:
    """Rule that a change is no news, and why. Raises AlreadyDecidedError."""
    change = lock_undecided(change)
    _rule(
        change,
        ChangeStatus.DISMISSED,
        Ruling.DISMISS,
        curator=curator,
        reason=DismissReason(reason),
        note=note,
    )


@transaction.atomic
def merge(change: Change, *, into: Entry, curator: User, note: str = "") -> None:
    """Rule that a change tells what an entry already tells. Raises AlreadyDecidedError."""
    change = lock_undecided(change)
    _rule(change, ChangeStatus.MERGED, Ruling.MERGE, curator=curator, entry=into, note=note)


@transaction.atomic
def snooze(change: Change, *, until: dt.date, curator: User, note: str = "") -> None:
    """Take a change out of the queue until a day. Raises AlreadyDecidedError."""
    change = lock_undecided(change)
    _rule(
        change, ChangeStatus.SNOOZED, Ruling.SNOOZE, curator=curator, note=note, snoozed_until=until
    )


@transaction.atomic
def reopen(change: Change, *, curator: User, note: str = "") -> None:
    """Put a dismissed, merged or snoozed change back into the queue.

    A published one is corrected by an entry of its own instead: raises ValidationError.
    """
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.status == ChangeStatus.PUBLISHED:
        raise ValidationError("A published change is corrected, not reopened.")
    _rule(change, ChangeStatus.WAITING, Ruling.REOPEN, curator=curator, note=note)


@transaction.atomic
def confirm_dismissal(change: Change, *, curator: User) -> None:
    """Record that a second person looked at a dismissed change and would dismiss it too.

    Raises ValidationError when it is not dismissed, or was dismissed by the same person.
    """
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    last = change.decisions.standing().first()
    if last is None or last.ruling != Ruling.DISMISS:
        raise ValidationError("Only a dismissal is looked at again, and only once.")
    if last.curator == curator:
        raise ValidationError("Somebody else looks again at what you dismissed.")
    Decision.objects.create(change=change, ruling=Ruling.CONFIRM, curator=curator)


@transaction.atomic
def verify_guide(guide: Guide, *, by: str) -> None:
    """Record that someone walked the steps today and found them right, on every surface."""
    guide.surfaces.update(verified_on=timezone.localdate(), verified_by=by[:20])
    if guide.source_changed_at is not None:
        tell_new_steps(guide)
    guide.source_changed_at = None
    guide.source_change = None
    guide.save(update_fields=["source_changed_at", "source_change", "updated_at"])


def open_state(new: NewState, *, entry: Entry | None = None) -> State:
    """Close the state a setting is in and open the next. States are never overwritten.

    Raises ValidationError when the next would start before (or on the day) the present one did.
    """
    present = State.objects.select_for_update().filter(setting=new.setting, ends_on=None).first()
    if present is not None:
        if present.starts_on is not None and new.starts_on <= present.starts_on:
            raise ValidationError(
                f"“{new.setting}” is “{present.get_value_display()}” since {present.starts_on}; "
                f"the next state must start later than that, not on {new.starts_on}."
            )
        present.ends_on = new.starts_on
        present.ends_precision = new.precision
        present.closed_by = entry
        present.save(update_fields=["ends_on", "ends_precision", "closed_by"])
    return State.objects.create(
        setting=new.setting,
        value=new.value,
        starts_on=new.starts_on,
        starts_precision=new.precision,
        note=new.note,
        opened_by=entry,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """What publishing moved, in JSON: enough to put it back, and to read in the log."""

    before: dict[str, Any]
    after: dict[str, Any]


def _publish_entry(entry: Entry, *, states: Sequence[NewState]) -> Moved:
    if entry.status == PublicationStatus.PUBLISHED:
        raise ValidationError("This entry is published already.")
    _require_complete(entry, states)
    present = State.objects.filter(setting__in=[new.setting for new in states], ends_on=None)
    before = {
        "entry_status": entry.status,
        "entry_status_reason": entry.status_reason,
        "settings": sorted(entry.settings.values_list("pk", flat=True)),
        "states": list(present.values("pk", "value", "ends_precision", "closed_by")),
    }
    entry.status = PublicationStatus.PUBLISHED
    entry.status_reason = ""
    entry.published_at = timezone.now()
    entry.save()
    opened = []
    for new in states:
        state = open_state(new, entry=entry)
        opened.append({"pk": state.pk, "value": new.value, "starts_on": f"{new.starts_on}"})
        entry.settings.add(new.setting)
    if not entry.quiet:
        announce(entry)
    after = {
        "entry_status": entry.status,
        "title": entry.title,
        "effects": list(entry.effects),
        "direction": entry.direction,
        "quiet": entry.quiet,
        "states": opened,
    }
    return Moved(before, after)


def _require_complete(entry: Entry, states: Sequence[NewState]) -> None:
    """What UX.md asks of everything published: a sentence, a kind, evidence, and consistency."""
    unknown = set(entry.effects) - set(Effect.values)
    if unknown:
        raise ValidationError(f"Unknown effects: {', '.join(sorted(unknown))}.")
    if not entry.effects:
        raise ValidationError("Name at least one effect, or “wording only”.")
    if not entry.title.strip() or not entry.summary.strip():
        raise ValidationError("An entry needs its sentence and a summary.")
    if not entry.sources.exists():
        raise ValidationError("Every published claim points at evidence: add a source.")
    if not entry.platforms.exists():
        raise ValidationError("Name the platform that this is about.")
    if Effect.WORDING_ONLY in entry.effects and states:
        raise ValidationError("A change of wording only opens no state.")


def lock_undecided(change: Change) -> Change:
    """Hold a change until the end of the transaction. Raises AlreadyDecidedError."""
    change = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    _require_undecided(change)
    return change


def _cite(change: Change, entry: Entry, quote: str | None) -> None:
    """Let an entry point at the snapshot that shows the change, and quote it."""
    cited = entry.sources.filter(snapshot=change.after).first()
    if cited is not None:
        if quote is not None and cited.quote != quote:
            cited.quote = quote
            cited.save(update_fields=["quote"])
        return
    Source.objects.create(
        entry=entry,
        url=change.page.url,
        publisher=change.page.platform.operator[:160],
        title=change.page.title,
        published_on=change.observed_to.date(),
        snapshot=change.after,
        quote=quote or "",
    )


def _require_undecided(change: Change) -> None:
    if change.status not in (ChangeStatus.WAITING, ChangeStatus.SNOOZED):
        last = change.decisions.first()
        by = f" by {last.curator} on {last.decided_at:%Y-%m-%d %H:%M}" if last else ""
        raise AlreadyDecidedError(f"This change was {change.get_status_display()}{by}.")


def _rule(
    change: Change,
    status: ChangeStatus,
    ruling: Ruling,
    *,
    curator: User,
    entry: Entry | None = None,
    reason: DismissReason | str = "",
    note: str = "",
    snoozed_until: dt.date | None = None,
    moved: Moved | None = None,
) -> None:
    before = _standing_of(change) | (moved.before if moved else {})
    change.status = status
    change.snoozed_until = snoozed_until
    if entry is not None:
        change.entry = entry
    change.save(update_fields=["status", "entry", "snoozed_until"])
    _settle_marks(change)
    Decision.objects.create(
        change=change,
        ruling=ruling,
        reason=reason,
        note=note,
        entry=entry,
        curator=curator,
        before=before,
        after=_standing_of(change) | (moved.after if moved else {}),
    )


def _standing_of(change: Change) -> dict[str, Any]:
    """How a change stands, and what it has marked, in JSON."""
    return {
        "status": change.status,
        "snoozed_until": change.snoozed_until.isoformat() if change.snoozed_until else None,
        "entry": change.entry_id,
        "marked_settings": list(
            Setting.objects.filter(source_change=change).order_by("pk").values_list("pk", flat=True)
        ),
        "marked_guides": list(
            Guide.objects.filter(source_change=change).order_by("pk").values_list("pk", flat=True)
        ),
    }


def _settle_marks(change: Change) -> None:
    """Take back what a change had marked, as far as the ruling answers it.

    Dismissed, it was no change to settings or guides. Told, the settings' states follow it; a
    guide stays marked until someone walks its steps again.
    """
    settled = {"source_changed_at": None, "source_change": None}
    if change.status in (ChangeStatus.DISMISSED, ChangeStatus.PUBLISHED, ChangeStatus.MERGED):
        Setting.objects.filter(source_change=change).update(**settled)
    if change.status == ChangeStatus.DISMISSED:
        Guide.objects.filter(source_change=change).update(**settled)


def _settings_concerned(change: Change) -> list[Setting]:
    """The settings that the changed words name; where they name none, those the page is about."""
    suggestion = getattr(change, "suggestion", None)
    named = change.page.platform.settings.filter(slug__in=suggestion.settings if suggestion else [])
    return list(named or change.page.settings.all())


def _suggested_dates(dates: Sequence[dict[str, str]]) -> dict[str, dt.date | str]:
    """Turn the dates that the text itself gives into fields of an entry, the first of each kind."""
    fields: dict[str, dt.date | str] = {}
    for found in dates:
        name = found["kind"]
        if name in ("effective", "deadline") and f"{name}_on" not in fields:
            fields[f"{name}_on"] = _first_day(found["value"])
            fields[f"{name}_precision"] = found["precision"]
    return fields


def _first_day(value: str) -> dt.date:
    """The first day of an ISO 8601 date of any precision: 2024, 2024-07, 2024-07-16."""
    year, month, day = [*map(int, value.split("-")), 1, 1][:3]
    return dt.date(year, month, day)


def _in_words(change: Change, passages: Sequence[dict[str, str]]) -> str:
    """A first summary for the curator to rewrite: the weightiest passage, quoted."""
    if not passages:
        return f"The page “{change.page.title}” changed."
    first = passages[0]
    if first["after"]:
        return f"The page now says: “{first['after']}”"
    return f"The page no longer says: “{first['before']}”"
