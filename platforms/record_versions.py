"""Versions: the history of everything public, one RecordVersion for each record and change.

Rooms register the kinds of records that readers see. At the end of each act the records concerned
are read as declarations and compared with their newest versions; each that differs gets another.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from platforms.models import RecordVersion, VersionCounter
from platforms.vocabulary import PublicChangeKind, VersionOrigin

#: The form of `declaration` and `held`.
FORMAT = 1
#: What `held` has for restoring alone: an archive may add it later without an act.
WORDS = "words"

Ref = tuple[str, int]  # kind, primary key
#: Conditions by kind; None stands for all records.
Concerned = Mapping[str, Q] | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A record that readers see, as it is now.

    declaration: as its file would declare it. data: the same as plain data, with all defaults.
    shown: what readers see on it of other records.
    """

    key: str
    row: models.Model
    declaration: Any
    data: dict[str, Any]
    held: dict[str, Any] = field(default_factory=dict)
    shown: Any = None

    @property
    def digest(self) -> str:
        seen = json.dumps([self.key, self.data, self.shown], sort_keys=True)
        return hashlib.sha256(seen.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of public record. read: yields the public ones among those that conditions match."""

    name: str
    model: type[models.Model]
    read: Callable[..., Iterable[Reading]]


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that differs from its newest version. now: None if readers do not see it."""

    newest: RecordVersion | None
    now: Reading | None

    @property
    def before(self) -> RecordVersion | None:
        """What readers saw; None if they did not see the record."""
        return self.newest if self.newest and self.newest.digest else None


_kinds: dict[str, Kind] = {}
_dependents: list[Callable[[Mapping[str, Collection[int]]], Mapping[str, Q]]] = []


def register(
    *kinds: Kind,
    dependents: Callable[[Mapping[str, Collection[int]]], Mapping[str, Q]] | None = None,
) -> None:
    """Register kinds, in the order in which their records are written. Called at start.

    dependents: finds the records that declare, or show, something of others, given by their keys.
    """
    _kinds.update({kind.name: kind for kind in kinds})
    if dependents is not None:
        _dependents.append(dependents)


@dataclass(slots=True)
class Act:
    """One change of what readers see. named: the records that it is about; None: all.

    before: those that showed something of them when it began. also: further records to read at its
    end. now, changes: what was found then.
    """

    kind: PublicChangeKind
    by: User | None = None
    public_reason: str = ""
    named: set[Ref] | None = field(default_factory=set)
    also: Mapping[str, Q] = field(default_factory=dict)
    before: set[Ref] = field(default_factory=set)
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    now: dict[Ref, Reading] = field(default_factory=dict)
    changes: dict[Ref, Changed] = field(default_factory=dict)

    def name(self, record: models.Model) -> None:
        """Name one more record, such as one that the act has just added."""
        for kind in _kinds.values():
            if self.named is not None and isinstance(record, kind.model):
                self.named.add((kind.name, record.pk))

    def begin(self) -> None:
        """Note which records show something of those named; at the end they may not any more."""
        self.before = {
            (kind, pk)
            for kind, condition in self._dependents().items()
            for pk in _kinds[kind]
            .model._base_manager.filter(condition)
            .values_list("pk", flat=True)
        }

    def _dependents(self) -> Mapping[str, Q]:
        keys = _by_kind(self.named or ())
        return _merged(*(find(keys) for find in _dependents))

    def concerned(self) -> Concerned:
        """Return which records it may have changed."""
        if self.named is None:
            return None
        known = _by_kind(self.named | self.before)
        by_key = {kind: Q(pk__in=keys) for kind, keys in known.items()}
        return _merged(by_key, self.also, self._dependents())


def _by_kind(refs: Iterable[Ref]) -> dict[str, list[int]]:
    keys: dict[str, list[int]] = {}
    for kind, pk in refs:
        keys.setdefault(kind, []).append(pk)
    return keys


def _merged(*parts: Mapping[str, Q]) -> dict[str, Q]:
    together: dict[str, Q] = {}
    for part in parts:
        for kind, condition in part.items():
            together[kind] = together.get(kind, Q()) | condition
    return together


def read(concerned: Concerned = None) -> dict[Ref, Reading]:
    """Return the public records among those concerned, as they are in the tables."""
    found: dict[Ref, Reading] = {}
    for kind in _kinds.values():
        if concerned is None:
            readings = kind.read()
        elif kind.name in concerned:
            keys = kind.model._base_manager.filter(concerned[kind.name]).values("pk")
            readings = kind.read(pk__in=keys)
        else:
            continue
        found |= {(kind.name, each.row.pk): each for each in readings}
    return found


def newest(refs: Iterable[Ref] | None = None) -> dict[Ref, RecordVersion]:
    """Return the newest versions of these records, or of all, with one query."""
    those = RecordVersion.objects.order_by()
    if refs is not None:
        named = Q(pk__in=[])
        for kind, keys in _by_kind(refs).items():
            named |= Q(kind=kind, record_id__in=keys)
        those = those.filter(named)
    numbers = those.values("kind", "record_id").annotate(last=Max("number")).values("last")
    rows = RecordVersion.objects.filter(number__in=numbers).order_by("number")
    return {(row.kind, row.record_id): row for row in rows}


@dataclass(frozen=True, slots=True)
class Shown:
    """The number, count and time of a record's newest version, and when readers first saw it."""

    number: int
    version: int
    at: dt.datetime
    first_at: dt.datetime


def shown_versions(kind: str, keys: Iterable[int]) -> dict[int, Shown]:
    """Return how records of a kind were shown, by primary key, with one query."""
    versions = RecordVersion.objects.filter(kind=kind, record_id__in=list(keys))
    found: dict[int, Shown] = {}
    rows = versions.order_by("number").values_list("record_id", "number", "version", "at")
    for pk, number, version, at in rows:
        first_at = found[pk].first_at if pk in found else at
        found[pk] = Shown(number, version, at, first_at)
    return found


def shown_at(kind: str) -> Coalesce:
    """The time of a record's newest version, to annotate; that of its row before there is one."""
    versions = RecordVersion.objects.filter(kind=kind, record_id=OuterRef("pk"))
    return Coalesce(Subquery(versions.order_by("-number").values("at")[:1]), "updated_at")


def last_drawn() -> tuple[str, int]:
    """Return the name of the database that counts and its last number; before any, "" and 0."""
    return VersionCounter.objects.values_list("epoch", "last").first() or ("", 0)


def begin_epoch() -> None:
    """Refuse all cursors from before: the database was restored, and counts anew from there."""
    VersionCounter.objects.all().delete()
    last = RecordVersion.objects.aggregate(last=Max("number"))["last"] or 0
    VersionCounter.objects.create(pk=1, last=last)


def write_versions(act: Act) -> None:
    """Write a version of each record that differs from its newest one.

    Called at the end of the transaction that changed them: others wait from here to its commit.
    """
    last = VersionCounter.objects.filter(pk=1).values_list("last", flat=True).first() or 0
    _compare(act)
    if not act.changes:
        return
    counter, _created = VersionCounter.objects.select_for_update().get_or_create(pk=1)
    if counter.last != last:
        # Another transaction wrote versions before the lock, perhaps of the same records.
        _compare(act)
    numbered = enumerate(act.changes.items(), start=counter.last + 1)
    now = timezone.now()
    RecordVersion.objects.bulk_create(
        [_version(act, ref, changed, number, now) for number, (ref, changed) in numbered],
        batch_size=500,
    )
    VersionCounter.objects.filter(pk=1).update(last=counter.last + len(act.changes))


def _compare(act: Act) -> None:
    act.now = read(act.concerned())
    # What was deleted, or is a draft again, has no reading any more.
    refs = None if act.named is None else {*act.now, *act.named, *act.before}
    act.changes = _differences(act.now, newest(refs))


def _differences(
    now: Mapping[Ref, Reading], known: Mapping[Ref, RecordVersion]
) -> dict[Ref, Changed]:
    refs = [*now, *(ref for ref in known if ref not in now)]
    pairs = {ref: Changed(known.get(ref), now.get(ref)) for ref in refs}
    return {ref: changed for ref, changed in pairs.items() if _differs(changed)}


def _differs(changed: Changed) -> bool:
    before, now = changed.before, changed.now
    if before is None or now is None:
        return before is not None or now is not None
    return before.digest != now.digest or _compared(before.held) != _compared(_as_json(now.held))


def _compared(held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in held.items() if name != WORDS}


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _version(act: Act, ref: Ref, changed: Changed, number: int, now: dt.datetime) -> RecordVersion:
    newest, reading = changed.newest, changed.now
    return RecordVersion(
        act=act.id,
        act_kind=act.kind,
        by=act.by,
        public_reason=act.public_reason,
        at=now,
        origin=_origin(act, ref),
        number=number,
        kind=ref[0],
        record_id=ref[1],
        version=newest.version + 1 if newest else 1,
        key=reading.key if reading else newest.key if newest else "",
        format=FORMAT,
        declaration=reading.data if reading else {},
        held=reading.held if reading else {},
        digest=reading.digest if reading else "",
    )


def _origin(act: Act, ref: Ref) -> VersionOrigin:
    if act.kind == PublicChangeKind.CATALOG:
        return VersionOrigin.FILE
    is_named = act.named is None or ref in act.named
    return VersionOrigin.DESK if is_named else VersionOrigin.DEPENDENT


def check_versions() -> list[str]:
    """Return the public records that differ from their newest versions, in words."""
    differences = _differences(read(), newest())
    return [f"{kind} {_words(changed)}" for (kind, _pk), changed in differences.items()]


def _words(changed: Changed) -> str:
    before, now = changed.before, changed.now
    if now is None:
        assert before is not None
        return f"{before.key}: readers do not see it any more, and no version says so"
    if before is None:
        return f"{now.key}: readers see it, and no version says so"
    differing = [name for name in now.data if before.declaration.get(name) != now.data[name]]
    where = ", ".join(differing) or "what files leave out, or what it shows of other records"
    return f"{now.key}: differs from version {before.version} in {where}"
