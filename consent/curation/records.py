"""Decisions on uses, controls and guides: publish, change and withdraw.

Each function is one decision of one curator in one transaction. It writes the Decision with the
record before and after, twice: as a declaration, for readers of the log, and as rows, for undoing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from consent.curation.decision_state import DecisionState, RecordRows
from consent.curation.soundness import Record, declaration_of, faults_of, no_new_faults
from consent.models import (
    Branch,
    Control,
    ControlSurface,
    Decision,
    Guide,
    GuideStep,
    GuideSurface,
    Offer,
    Passage,
    Source,
    State,
    Use,
)
from consent.vocabulary import PublicationStatus, Ruling
from platforms.guards import public_change
from platforms.vocabulary import PublicChangeKind

#: The models whose rows belong to a record, with the lookup of the record; owners come first.
_PARTS: dict[type[Record], tuple[tuple[type[models.Model], str], ...]] = {
    Use: (
        (Branch, "use"),
        (State, "branch__use"),
        (Source, "state__branch__use"),
        (Passage, "source__state__branch__use"),
    ),
    Control: ((ControlSurface, "control"), (Offer, "control")),
    Guide: (
        (GuideSurface, "guide"),
        (GuideStep, "surface__guide"),
        (Source, "guide"),
        (Passage, "source__guide"),
    ),
}
#: Fields of a record that the program writes, not a curator.
_BOOKKEEPING = {"origin", "declared_digest", "source_changed_at", "source_change", "updated_at"}


@transaction.atomic
def publish_record(
    record: Record, *, curator: User, note: str = "", rehearsed: bool = False
) -> Record:
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
    before = state_of_record(locked)
    if locked.platform.second_review and not rehearsed:
        proposal = proposal_for(locked)
        if proposal is None:
            _write_decision(locked, Ruling.PROPOSE, curator=curator, note=note, before=before)
            return locked
        if proposal.curator_id == curator.pk:
            raise ValidationError("You proposed this: somebody else publishes it.")
    with _public_change(locked, curator):
        locked.status = PublicationStatus.PUBLISHED
        locked.status_reason = ""
        _save(locked)
        _write_decision(locked, Ruling.PUBLISH, curator=curator, note=note, before=before)
    return locked


@transaction.atomic
def withdraw_record(record: Record, *, curator: User, reason: str) -> Record:
    """Withdraw a published use, control or guide. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError("Say why it is withdrawn.")
    locked = _lock(record)
    if locked.status != PublicationStatus.PUBLISHED:
        raise ValidationError("Only what is published is withdrawn.")
    before = state_of_record(locked)
    with _public_change(locked, curator):
        locked.status = PublicationStatus.RETRACTED
        locked.status_reason = reason.strip()[:300]
        _save(locked)
        _write_decision(locked, Ruling.WITHDRAW, curator=curator, note=reason, before=before)
    return locked


@contextmanager
def change_record(record: Record, *, curator: User, note: str = "") -> Iterator[None]:
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
        before = state_of_record(locked)
        with _public_change(locked, curator, faultless=locked):
            yield
            _require_status(locked, PublicationStatus(locked.status))
            locked.refresh_from_db()
            if _rows_of(locked) != before["rows"]:
                _write_decision(locked, Ruling.CHANGE, curator=curator, note=note, before=before)


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
    as_it_is = state_of_record(locked)
    _write_decision(locked, Ruling.REVIEW, curator=curator, note=note, before=as_it_is)


def restore_record(decision: Decision, curator: User) -> None:
    """Restore a record as it was before a decision. Raises ValidationError if it changed since."""
    assert decision.record is not None
    locked = _lock(decision.record)
    before: DecisionState = decision.before
    after: DecisionState = decision.after
    if state_of_record(locked)["rows"] != after["rows"]:
        raise ValidationError("Something else changed this since; change it back instead.")
    if before["rows"] != after["rows"]:
        with _public_change(locked, curator):
            _restore(locked, before["rows"])


def proposal_for(record: Record) -> Decision | None:
    """Return the proposal of a record that waits for a second editor and did not change since."""
    last: Decision | None = record.decisions.select_related("curator").first()
    if last is None or last.ruling != Ruling.PROPOSE:
        return None
    proposed: DecisionState = last.after
    return last if proposed["rows"] == state_of_record(record)["rows"] else None


def state_of_record(record: Record) -> DecisionState:
    """Return a record as a declaration and as stored rows, for `Decision`."""
    fresh = type(record)._default_manager.select_related("platform").get(pk=record.pk)
    return {"said": declaration_of(fresh).as_data(), "rows": _rows_of(fresh)}


def version_of_record(record: Record) -> str:
    """Return a digest of a record's rows; it differs once somebody has changed the record."""
    rows = json.dumps(_rows_of(record), sort_keys=True)
    return hashlib.blake2s(rows.encode(), digest_size=12).hexdigest()


def differences(decision: Decision) -> list[tuple[str, Any, Any]]:
    """Return the changes of a decision: key in catalog files, value before, value after."""
    sides: tuple[DecisionState, DecisionState] = (decision.before, decision.after)
    before, after = (side.get("said", {}) for side in sides)
    keys = [*after, *(key for key in before if key not in after)]
    return [
        (key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]


def _lock(record: Record) -> Record:
    # The platform is fetched separately, because joined rows would be locked as well.
    return type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)


@contextmanager
def _public_change(
    record: Record, curator: User, *, faultless: Record | None = None
) -> Iterator[None]:
    with (
        public_change(record, PublicChangeKind.DECISION, by=curator),
        no_new_faults([record.platform], faultless=faultless),
    ):
        yield


def _save(record: Record) -> None:
    record.save(update_fields=["status", "status_reason"])


def _write_decision(
    record: Record, ruling: Ruling, *, curator: User, note: str, before: DecisionState
) -> None:
    Decision.objects.create(
        **{record._meta.model_name or "": record},
        ruling=ruling,
        note=note,
        curator=curator,
        before=before,
        after=state_of_record(record),
    )


def _require_status(record: Record, status: PublicationStatus) -> None:
    now = type(record)._default_manager.values_list("status", flat=True).get(pk=record.pk)
    if now != status:
        raise ValidationError("It is published and withdrawn by buttons of their own.")


def _rows_of(record: Record) -> RecordRows:
    """Return the stored values of a record and of all that belongs to it, in JSON."""
    many = {
        field.name: sorted(getattr(record, field.name).values_list("pk", flat=True))
        for field in record._meta.many_to_many
    }
    parts = {
        model._meta.model_name: [
            _values(row) for row in model._default_manager.filter(**{path: record}).order_by("pk")
        ]
        for model, path in _PARTS[type(record)]
    }
    rows = {"fields": _values(record, without=_BOOKKEEPING), "many": many, "parts": parts}
    as_json: RecordRows = json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
    return as_json


def _values(row: models.Model, *, without: Sequence[str] | set[str] = ()) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in without
    }


def _restore(record: Record, rows: RecordRows) -> None:
    """Restore rows with their former primary keys."""
    for model, path in reversed(_PARTS[type(record)]):
        model._default_manager.filter(**{path: record}).delete()
    for name, value in _read(type(record), rows["fields"]).items():
        setattr(record, name, value)
    record.save()
    for name, numbers in rows["many"].items():
        getattr(record, name).set(numbers)
    for model, _path in _PARTS[type(record)]:
        stored = rows["parts"][str(model._meta.model_name)]
        model._default_manager.bulk_create(model(**_read(model, values)) for values in stored)


def _read(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in values.items()}
