"""Uses, controls and guides: published, changed and withdrawn by decisions of curators.

Each function is one ruling of one curator, in one transaction. It writes the Decision with the
record before and after: as its declaration, to be read, and row by row, to be put back.
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
from consent.curation.soundness import Record, declaration_of, faults_of, kept_sound
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
from platforms.declarations import CONVERTED
from platforms.guards import public_change
from platforms.models import Declared
from platforms.vocabulary import PublicChangeKind

#: The rows that belong to a record, and how they lead to it; owners before what they own.
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
#: Fields of a record that no curator writes.
_BOOKKEEPING = {"origin", "declared_digest", "source_changed_at", "source_change", "updated_at"}


@transaction.atomic
def publish_record(
    record: Record, *, curator: User, note: str = "", rehearsed: bool = False
) -> Record:
    """Show a use, a control or a guide to readers.

    Where the platform asks for a second reviewer, the first editor's ruling is kept and nothing is
    public until another one publishes the same. rehearsed: publish all the same; only for a
    transaction that is rolled back. Raises ValidationError if something is wrong with it.
    """
    held = _hold(record)
    if held.status == PublicationStatus.PUBLISHED:
        raise ValidationError("It is published already.")
    if faults := faults_of(held):
        raise ValidationError([str(fault) for fault in faults])
    before = standing_of(held)
    if held.platform.second_review and not rehearsed:
        proposal = proposal_for(held)
        if proposal is None:
            _write(held, Ruling.PROPOSE, curator=curator, note=note, before=before)
            return held
        if proposal.curator_id == curator.pk:
            raise ValidationError("You proposed this: somebody else publishes it.")
    with _open(held, curator):
        held.status = PublicationStatus.PUBLISHED
        held.status_reason = ""
        _save(held)
        _write(held, Ruling.PUBLISH, curator=curator, note=note, before=before)
    return held


@transaction.atomic
def withdraw_record(record: Record, *, curator: User, reason: str) -> Record:
    """Take a use, a control or a guide away from readers. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError("Say why it is withdrawn.")
    held = _hold(record)
    if held.status != PublicationStatus.PUBLISHED:
        raise ValidationError("Only what is published is withdrawn.")
    before = standing_of(held)
    with _open(held, curator):
        held.status = PublicationStatus.RETRACTED
        held.status_reason = reason.strip()[:300]
        _save(held)
        _write(held, Ruling.WITHDRAW, curator=curator, note=reason, before=before)
    return held


@contextmanager
def change_record(record: Record, *, curator: User, note: str = "") -> Iterator[None]:
    """Let a record change inside the block: by one decision, if readers see the record.

    Raises ValidationError if it is left with something wrong, or with another status; the caller's
    transaction is then to be rolled back.
    """
    with transaction.atomic():
        held = _hold(record)
        if held.status == PublicationStatus.DRAFT:
            yield
            _require_status(held, PublicationStatus.DRAFT)
            mark_edited(held)
            return
        before = standing_of(held)
        with _open(held, curator):
            yield
            _require_status(held, PublicationStatus(held.status))
            held.refresh_from_db()
            if held.status == PublicationStatus.PUBLISHED and (faults := faults_of(held)):
                raise ValidationError([str(fault) for fault in faults])
            if standing_of(held)["rows"] != before["rows"]:
                mark_edited(held)
                _write(held, Ruling.CHANGE, curator=curator, note=note, before=before)


def put_back(decision: Decision, curator: User) -> None:
    """Let a record stand as it did before a decision. Raises ValidationError if it moved since."""
    assert decision.record is not None
    held = _hold(decision.record)
    before: DecisionState = decision.before
    after: DecisionState = decision.after
    if standing_of(held)["rows"] != after["rows"]:
        raise ValidationError("Something else changed this since; change it back instead.")
    if before["rows"] != after["rows"]:
        with _open(held, curator):
            _restore(held, before["rows"])


def proposal_for(record: Record) -> Decision | None:
    """Return what an editor would publish and a second one has not seen, if it is as it was."""
    last: Decision | None = record.decisions.select_related("curator").first()
    if last is None or last.ruling != Ruling.PROPOSE:
        return None
    proposed: DecisionState = last.after
    return last if proposed["rows"] == standing_of(record)["rows"] else None


def standing_of(record: Record) -> DecisionState:
    """Return a record in JSON: as its declaration, and its rows as they are stored."""
    fresh = type(record)._default_manager.select_related("platform").get(pk=record.pk)
    return {"said": declaration_of(fresh).as_data(), "rows": _rows_of(fresh)}


def version_of_record(record: Record) -> str:
    """Return a digest of a record's rows, to notice that somebody changed it since."""
    rows = json.dumps(_rows_of(record), sort_keys=True)
    return hashlib.blake2s(rows.encode(), digest_size=12).hexdigest()


def differences(decision: Decision) -> list[tuple[str, Any, Any]]:
    """Return what a decision on a record changed, by the keys of catalog files: before, after."""
    sides: tuple[DecisionState, DecisionState] = (decision.before, decision.after)
    before, after = (side.get("said", {}) for side in sides)
    keys = [*after, *(key for key in before if key not in after)]
    return [
        (key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]


def mark_edited(*records: Declared) -> None:
    """Let records count as edited here, so that the next load of files asks before it overwrites.

    Other edits show by themselves. What a migration converted does not: it is compared with no
    file yet.
    """
    for record in records:
        rows = type(record)._default_manager.filter(pk=record.pk, declared_digest=CONVERTED)
        rows.update(declared_digest="")


def _hold(record: Record) -> Record:
    # The platform is read apart: rows that are joined would be locked too.
    return type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)


@contextmanager
def _open(record: Record, curator: User) -> Iterator[None]:
    with (
        kept_sound([record.platform]),
        public_change(record, PublicChangeKind.DECISION, by=curator),
    ):
        yield


def _save(record: Record) -> None:
    record.save(update_fields=["status", "status_reason"])
    mark_edited(record)


def _write(
    record: Record, ruling: Ruling, *, curator: User, note: str, before: DecisionState
) -> None:
    Decision.objects.create(
        **{record._meta.model_name or "": record},
        ruling=ruling,
        note=note,
        curator=curator,
        before=before,
        after=standing_of(record),
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
    """Put rows back, under the numbers that they had."""
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
