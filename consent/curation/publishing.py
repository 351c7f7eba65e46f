"""What publishing does to entry, states and mail. Called by consent/curation/decisions.py alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from consent.alerts.fan_out.announce import announce
from consent.models import Entry, Setting, State
from consent.vocabulary import Effect, Precision, PublicationStatus, StateValue


@dataclass(frozen=True, slots=True)
class NewState:
    """A setting's next state: it closes the present one and opens another."""

    setting: Setting
    value: StateValue
    starts_on: dt.date
    precision: Precision = Precision.DAY
    note: str = ""


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


def put_on_timeline(
    entry: Entry, *, reviewer: User, second: User | None = None, states: Sequence[NewState] = ()
) -> Moved:
    """Make an entry public and tell its subscribers. Raises ValidationError; nothing is lost then.

    second: the editor who confirms what the first, who is named on the entry, would publish.
    """
    if entry.status == PublicationStatus.PUBLISHED:
        raise ValidationError("This entry is published already.")
    require_complete(entry, states)
    present = State.objects.filter(setting__in=[new.setting for new in states], ends_on=None)
    before = {
        **standing_of_entry(entry),
        "settings": sorted(entry.settings.values_list("pk", flat=True)),
        "states": list(present.values("pk", "value", "ends_precision", "closed_by")),
    }
    entry.status = PublicationStatus.PUBLISHED
    entry.status_reason = ""
    entry.published_at = timezone.now()
    if second is None:
        entry.reviewer, entry.reviewed_at = reviewer, entry.published_at
    else:
        entry.second_reviewer, entry.second_reviewed_at = second, entry.published_at
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


def standing_of_entry(entry: Entry) -> dict[str, Any]:
    """How an entry stands, in JSON; `restore_entry` puts it back."""
    return {
        "entry_status": entry.status,
        "entry_status_reason": entry.status_reason,
        "reviewer": entry.reviewer_id,
        "reviewed_at": _moment(entry.reviewed_at),
        "second_reviewer": entry.second_reviewer_id,
        "second_reviewed_at": _moment(entry.second_reviewed_at),
    }


def restore_entry(entry: Entry, before: dict[str, Any]) -> None:
    """Let an entry stand as it did, without saving it.

    Decisions from before there were second reviewers say nothing of any. Whether mail goes out is
    decided anew for a draft that waits for nobody.
    """
    entry.status = PublicationStatus(before["entry_status"])
    entry.status_reason = before["entry_status_reason"]
    entry.reviewer_id = before.get("reviewer")
    entry.reviewed_at = _time(before.get("reviewed_at"))
    entry.second_reviewer_id = before.get("second_reviewer")
    entry.second_reviewed_at = _time(before.get("second_reviewed_at"))
    if entry.status == PublicationStatus.DRAFT and entry.reviewer_id is None:
        entry.quiet = False


def words_of(states: Sequence[NewState]) -> list[dict[str, Any]]:
    """States that are still to be opened, in JSON; `states_from` reads them."""
    return [
        {
            "setting": new.setting.pk,
            "value": new.value,
            "starts_on": new.starts_on.isoformat(),
            "precision": new.precision,
            "note": new.note,
        }
        for new in states
    ]


def states_from(words: Sequence[dict[str, Any]]) -> list[NewState]:
    """Raises ValidationError when a setting is gone."""
    settings = Setting.objects.in_bulk([each["setting"] for each in words])
    if len(settings) < len({each["setting"] for each in words}):
        raise ValidationError("A setting that was to change is gone; send the entry back.")
    return [
        NewState(
            setting=settings[each["setting"]],
            value=StateValue(each["value"]),
            starts_on=dt.date.fromisoformat(each["starts_on"]),
            precision=Precision(each["precision"]),
            note=each["note"],
        )
        for each in words
    ]


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def require_complete(entry: Entry, states: Sequence[NewState]) -> None:
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
