"""Decisions on uses, controls and guides: publish, change and withdraw.

Each function is one decision of one curator in one transaction. What the record was before is in
its versions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from consent.alerts.fan_out.announce import take_back_new_steps
from consent.curation.decision_state import DecisionHeld, DraftBefore
from consent.curation.restoring import require_newest, restore, steps_of
from consent.curation.soundness import Record, faults_of, sound_act
from consent.declarations.record_kinds import reading_of
from consent.models import Decision, Guide
from consent.vocabulary import PublicationStatus, Ruling
from platforms.record_versions import Act
from platforms.vocabulary import PublicChangeKind


@transaction.atomic
def publish_record(record: Record, *, curator: User, rehearsed: bool = False) -> Record:
    """Show a use, a control or a guide to readers.

    If the platform asks for a second reviewer, the first editor's decision is a proposal, and the
    record is public once another editor publishes the same. rehearsed: publish without a second
    review; only in a transaction that is rolled back. Raises ValidationError for a record with
    faults.
    """
    locked = _lock(record)
    if locked.status == PublicationStatus.PUBLISHED:
        raise ValidationError("It is published already.")
    if faults := faults_of(locked):
        raise ValidationError([str(fault) for fault in faults])
    if locked.platform.second_review and not rehearsed:
        proposal = proposal_for(locked)
        if proposal is None:
            held: DecisionHeld = {"seen": version_of_record(locked)}
            _write_decision(locked, Ruling.PROPOSE, curator=curator, held=held)
            return locked
        if proposal.curator_id == curator.pk:
            raise ValidationError("You proposed this: somebody else publishes it.")
    draft: DraftBefore = {"reason": locked.status_reason}
    with _public_act(locked, curator) as act:
        locked.status = PublicationStatus.PUBLISHED
        locked.status_reason = ""
        _save(locked)
    held = {"draft": draft}
    _write_decision(locked, Ruling.PUBLISH, curator=curator, act=act, held=held)
    return locked


@transaction.atomic
def withdraw_record(record: Record, *, curator: User, reason: str) -> Record:
    """Withdraw a published use, control or guide. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError("Say why it is withdrawn.")
    locked = _lock(record)
    if locked.status != PublicationStatus.PUBLISHED:
        raise ValidationError("Only what is published is withdrawn.")
    with _public_act(locked, curator) as act:
        locked.status = PublicationStatus.RETRACTED
        locked.status_reason = reason.strip()[:300]
        _save(locked)
    _write_decision(locked, Ruling.WITHDRAW, curator=curator, note=reason, act=act)
    return locked


@contextmanager
def change_record(record: Record, *, curator: User) -> Iterator[None]:
    """Allow changes to a record inside the block, and write one decision if it is not a draft.

    Raises ValidationError if the record then has faults or another status; the caller must roll
    back its transaction.
    """
    with transaction.atomic():
        locked = _lock(record)
        if locked.status == PublicationStatus.DRAFT:
            yield
            _require_status(locked, PublicationStatus.DRAFT)
            return
        with _public_act(locked, curator, faultless=locked) as act:
            yield
            _require_status(locked, PublicationStatus(locked.status))
            locked.refresh_from_db()
        if (_kind(locked), locked.pk) in act.changes:
            _write_decision(locked, Ruling.CHANGE, curator=curator, act=act)


@transaction.atomic
def review_record(record: Record, *, curator: User, note: str = "") -> None:
    """Write that an editor checked what others changed in a public record.

    Raises ValidationError if no change by somebody else waits for that.
    """
    locked = _lock(record)
    waiting = locked.decisions.for_second_reviewer()
    if not waiting.exists():
        raise ValidationError("No change of it waits for a second reviewer (any more).")
    if not waiting.exclude(curator=curator).exists():
        raise ValidationError("You changed this yourself: somebody else reviews it.")
    _write_decision(locked, Ruling.REVIEW, curator=curator, note=note)


def undo_record(decision: Decision, curator: User) -> Act | None:
    """Restore a record as it was before a decision. Raises ValidationError if it changed since."""
    assert decision.record is not None
    locked = _lock(decision.record)
    if decision.act is None:
        seen = decision.held.get("seen")
        if seen is not None and seen != version_of_record(locked):
            raise ValidationError(_MOVED_ON)
        return None
    step = steps_of(decision.act)[_kind(locked), locked.pk]
    require_newest(step, _MOVED_ON)
    with _public_act(locked, curator) as act:
        if step.before is None:
            locked.status = PublicationStatus.DRAFT
            locked.status_reason = decision.held["draft"]["reason"]
            _save(locked)
        else:
            restore(step, locked, message=_MOVED_ON)
            if isinstance(locked, Guide):
                _take_back_steps(locked, decision)
    return act


def _take_back_steps(guide: Guide, decision: Decision) -> None:
    """Cancel the mail about new steps, and mark the guide again if its source had changed."""
    take_back_new_steps(guide)
    mark = decision.held.get("guide_mark")
    if mark and mark["changed_at"]:
        guide.source_changed_at = dt.datetime.fromisoformat(mark["changed_at"])
        guide.source_change_id = mark["change"]
        guide.save(update_fields=["source_changed_at", "source_change"])


_MOVED_ON = "Something else changed this since; change it back instead."


def proposal_for(record: Record) -> Decision | None:
    """Return the proposal of a record that waits for a second editor and did not change since."""
    last: Decision | None = record.decisions.select_related("curator").first()
    if last is None or last.ruling != Ruling.PROPOSE:
        return None
    return last if last.held["seen"] == version_of_record(record) else None


def version_of_record(record: Record) -> str:
    """Return a digest of a record; it differs once somebody has changed the record."""
    reading = reading_of(record)
    said = json.dumps([reading.data, reading.held], sort_keys=True)
    return hashlib.blake2s(said.encode(), digest_size=12).hexdigest()


def differences(decision: Decision) -> list[tuple[str, Any, Any]]:
    """Return the changes of a decision: key in catalog files, value before, value after."""
    if decision.act is None or decision.record is None:
        return []
    step = steps_of(decision.act).get((_kind(decision.record), decision.record.pk))
    if step is None:
        return []
    before, after = step.before.declaration if step.before else {}, step.after.declaration
    keys = [*after, *(key for key in before if key not in after)]
    return [
        (key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]


def _kind(record: Record) -> str:
    return str(record._meta.model_name)


def _lock(record: Record) -> Record:
    # The platform is fetched separately, because joined rows would be locked as well.
    return type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)


@contextmanager
def _public_act(record: Record, curator: User, *, faultless: Record | None = None) -> Iterator[Act]:
    with sound_act(
        PublicChangeKind.DECISION,
        by=curator,
        on=[record],
        platforms=[record.platform],
        faultless=faultless,
    ) as act:
        yield act


def _save(record: Record) -> None:
    record.save(update_fields=["status", "status_reason"])


def _write_decision(
    record: Record,
    ruling: Ruling,
    *,
    curator: User,
    note: str = "",
    act: Act | None = None,
    held: DecisionHeld | None = None,
) -> None:
    Decision.objects.create(
        **{_kind(record): record},
        ruling=ruling,
        note=note,
        curator=curator,
        act=act.id if act else None,
        held=held or {},
    )


def _require_status(record: Record, status: PublicationStatus) -> None:
    now = type(record)._default_manager.values_list("status", flat=True).get(pk=record.pk)
    if now != status:
        raise ValidationError("It is published and withdrawn by buttons of their own.")
