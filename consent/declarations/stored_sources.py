"""Sources and their passages in the database, and our own snapshots that they name."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from django.db.models import Model

from consent.declarations.catalog import Catalog
from consent.declarations.evidence import SourceDeclaration
from consent.declarations.provider_statements import StatementDeclaration
from consent.declarations.schema import EntryDeclaration, GuideDeclaration, UseDeclaration
from consent.models import Entry, Guide, Passage, ProviderStatement, Source, State
from consent.vocabulary import Precision
from platforms.declarations import PartialDate
from platforms.models import Snapshot, create_all

_Owner = Entry | Guide | State | ProviderStatement
_WithSources = TypeVar("_WithSources", EntryDeclaration, GuideDeclaration, StatementDeclaration)


class NewRows:
    """New rows that wait to be created together, those of one model with a few statements."""

    def __init__(self) -> None:
        self._waiting: dict[type[Model], list[Model]] = {}

    def save(self, row: Model) -> None:
        """Save a row that is there already; let a new one wait."""
        if row._state.adding:
            self._waiting.setdefault(type(row), []).append(row)
        else:
            row.save()

    def create(self) -> None:
        """Create the rows, those that others refer to first."""
        while self._waiting:
            self._create(next(iter(self._waiting)))

    def _create(self, model: type[Model]) -> None:
        rows = self._waiting.pop(model)
        for field in model._meta.concrete_fields:
            if field.related_model in self._waiting:
                self._create(field.related_model)
        create_all(rows)


class SourceRows:
    """Writes the sources of entries, guides, states and statements.

    held: what a version has of the sources that are written next, in their order: our snapshots,
    and words that a curator typed. Without it, snapshots are found by their hash.
    """

    def __init__(self, snapshots: CitedSnapshots, new_rows: NewRows) -> None:
        self.snapshots = snapshots
        self.new_rows = new_rows
        self.held: list[tuple[int | None, int | None, list[tuple[str, str]]]] = []
        self.words: dict[str, str] = {}

    def write(self, owner: _Owner, sources: Iterable[SourceDeclaration], *, is_new: bool) -> None:
        """Write the sources of a record in place. is_new: it has none yet; none is asked for.

        Passages that a curator typed stay with their address, unless a version says which there
        were; words from archives stay with their hash.
        """
        present = [] if is_new else list(owner.sources.prefetch_related("passages"))
        typed: dict[str, list[tuple[str, str]]] = defaultdict(list)
        words = dict(self.words)
        for source in present:
            for passage in source.passages.all():
                if passage.words:
                    words[passage.sha256] = passage.words
                    if passage.starts_at is None:
                        typed[source.url].append((passage.side, passage.words))
        declared = list(sources)
        for surplus in present[len(declared) :]:
            surplus.delete()
        for position, declaration in enumerate(declared):
            row = present[position] if position < len(present) else self._new(owner)
            kept = typed.pop(declaration.url, [])
            row.snapshot = self.snapshots.find(declaration)
            row.snapshot_before = self.snapshots.find_before(declaration)
            if self.held:
                row.snapshot_id, row.snapshot_before_id, kept = self.held.pop(0)
            row.position = position
            _say(row, declaration)
            self.new_rows.save(row)
            passages = [*_passages(row, declaration, words), *_typed_passages(row, kept)]
            self._write_passages(row, passages)

    def _write_passages(self, source: Source, passages: list[Passage]) -> None:
        present = [] if source._state.adding else list(source.passages.all())
        for surplus in present[len(passages) :]:
            surplus.delete()
        for position, passage in enumerate(passages):
            passage.position = position
            if position < len(present):
                passage.pk, passage._state.adding = present[position].pk, False
            self.new_rows.save(passage)

    def _new(self, owner: _Owner) -> Source:
        return Source(
            entry=owner if isinstance(owner, Entry) else None,
            guide=owner if isinstance(owner, Guide) else None,
            state=owner if isinstance(owner, State) else None,
            statement=owner if isinstance(owner, ProviderStatement) else None,
        )


def _say(row: Source, declaration: SourceDeclaration) -> None:
    row.url = declaration.url
    row.publisher = declaration.publisher
    row.title = declaration.title
    row.published_on, row.published_precision = columns(declaration.date)
    ota = declaration.ota
    row.archived_url = ota.file_url if ota else declaration.archived_url or ""
    row.seen_via = declaration.seen_via
    row.extractor = declaration.extractor


def _typed_passages(source: Source, typed: Iterable[tuple[str, str]]) -> Iterator[Passage]:
    for side, words in typed:
        sha256 = hashlib.sha256(words.encode()).hexdigest()
        yield Passage(source=source, side=side, words=words, sha256=sha256)


class CitedSnapshots:
    """Our own snapshots that sources name, where this archive has them."""

    def __init__(self, catalog: Catalog) -> None:
        of_states = [
            source
            for use in catalog.uses.values()
            for branch in use.branches
            for state in branch.states
            for source in state.sources
        ]
        of_records = [
            source
            for part in (catalog.entries, catalog.guides, catalog.statements)
            for declaration in part.values()
            for source in declaration.sources
        ]
        named = {
            sha256
            for source in (*of_states, *of_records)
            for sha256 in (source.snapshot, source.snapshot_before)
            if sha256
        }
        self._found: dict[tuple[str, str], list[Snapshot]] = defaultdict(list)
        snapshots = Snapshot.objects.filter(sha256__in=named).select_related("page")
        for snapshot in snapshots.order_by("first_seen_at"):
            self._found[snapshot.page.url, snapshot.sha256].append(snapshot)

    def find_before(self, source: SourceDeclaration) -> Snapshot | None:
        """Return the snapshot before the one that a source names, if it names that too."""
        return self._find(source, source.snapshot_before)

    def find(self, source: SourceDeclaration) -> Snapshot | None:
        """Return the snapshot that a source names."""
        return self._find(source, source.snapshot)

    def _find(self, source: SourceDeclaration, sha256: str | None) -> Snapshot | None:
        """Return the snapshot of a source's address with these bytes.

        A page that returned to an earlier state has several with the same bytes; the last one
        up to the source's date is returned.
        """
        snapshots = self._found.get((source.url, sha256 or ""))
        if not snapshots:
            return None
        on = source.date.on if source.date else dt.date.max
        earlier = [snapshot for snapshot in snapshots if snapshot.first_seen_at.date() <= on]
        return earlier[-1] if earlier else snapshots[0]

    def without_missing(self, declaration: _WithSources) -> _WithSources:
        """Return a declaration without the snapshots that this archive does not have.

        A snapshot of another installation does not count as an edit here. If it is imported later,
        the next load links it.
        """
        sources = self._known(declaration.sources)
        return declaration.model_copy(update={"sources": sources})

    def use_without_missing(self, declaration: UseDeclaration) -> UseDeclaration:
        """Do the same with the sources of a use's states."""
        branches = tuple(
            branch.model_copy(
                update={
                    "states": tuple(
                        state.model_copy(update={"sources": self._known(state.sources)})
                        for state in branch.states
                    )
                }
            )
            for branch in declaration.branches
        )
        return declaration.model_copy(update={"branches": branches})

    def _known(self, sources: Iterable[SourceDeclaration]) -> tuple[SourceDeclaration, ...]:
        return tuple(
            source
            if source.snapshot is None or self.find(source)
            else source.model_copy(update={"snapshot": None, "snapshot_before": None})
            for source in sources
        )


def _passages(
    source: Source, declaration: SourceDeclaration, words: Mapping[str, str]
) -> Iterator[Passage]:
    for position, passage in enumerate(declaration.passages):
        starts_at, _, ends_at = passage.span.partition("-")
        yield Passage(
            source=source,
            position=position,
            side=passage.side,
            starts_at=int(starts_at),
            ends_at=int(ends_at),
            sha256=passage.sha256,
            words=words.get(passage.sha256, ""),
        )


def columns(date: PartialDate | None) -> tuple[dt.date | None, str]:
    """Return a date as the two columns that keep it."""
    return (date.on, date.stored_precision) if date else (None, Precision.DAY)
