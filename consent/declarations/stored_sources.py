"""Sources and their passages in the database, and our own snapshots that they name."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from consent.declarations.catalog import Catalog
from consent.declarations.dates import PartialDate
from consent.declarations.evidence import SourceDeclaration
from consent.declarations.provider_statements import StatementDeclaration
from consent.declarations.schema import EntryDeclaration, GuideDeclaration, UseDeclaration
from consent.models import Entry, Guide, Passage, ProviderStatement, Source, State
from consent.vocabulary import Precision
from platforms.models import Snapshot

_Owner = Entry | Guide | State | ProviderStatement
_WithSources = TypeVar("_WithSources", EntryDeclaration, GuideDeclaration, StatementDeclaration)


class SourceRows:
    """Writes the sources of entries, guides, states and statements."""

    def __init__(self, snapshots: CitedSnapshots) -> None:
        self.snapshots = snapshots

    def write(self, owner: _Owner, sources: Iterable[SourceDeclaration], *, is_new: bool) -> None:
        """Replace the sources of a record. is_new: it has none yet, so nothing is asked for.

        Passages that a curator typed stay with their address, words from archives with their hash.
        """
        present: dict[int, str] = {}
        if not is_new:
            present = {source.pk: source.url for source in owner.sources.all()}
        typed: dict[str, list[Passage]] = defaultdict(list)
        words: dict[str, str] = {}
        if present:
            for passage in Passage.objects.filter(source__in=present).exclude(words=""):
                words[passage.sha256] = passage.words
                if passage.starts_at is None:
                    typed[present[passage.source_id]].append(passage)
            owner.sources.all().delete()
        for position, declaration in enumerate(sources):
            source = self._source(owner, declaration)
            source.position = position
            source.save()
            kept = typed.pop(declaration.url, [])
            for number, passage in enumerate(kept, start=len(declaration.passages)):
                passage.pk, passage.source, passage.position = None, source, number
            if passages := [*_passages(source, declaration, words), *kept]:
                Passage.objects.bulk_create(passages)

    def _source(self, owner: _Owner, declaration: SourceDeclaration) -> Source:
        published_on, published_precision = columns(declaration.date)
        ota = declaration.ota
        return Source(
            entry=owner if isinstance(owner, Entry) else None,
            guide=owner if isinstance(owner, Guide) else None,
            state=owner if isinstance(owner, State) else None,
            statement=owner if isinstance(owner, ProviderStatement) else None,
            url=declaration.url,
            publisher=declaration.publisher,
            title=declaration.title,
            published_on=published_on,
            published_precision=published_precision,
            archived_url=ota.file_url if ota else declaration.archived_url or "",
            seen_via=declaration.seen_via,
            snapshot=self.snapshots.find(declaration),
            snapshot_before=self.snapshots.find_before(declaration),
            extractor=declaration.extractor,
        )


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


def columns(date: PartialDate | None) -> tuple[dt.date | None, Precision]:
    """Return a date as the two columns that keep it."""
    return (date.on, date.precision) if date else (None, Precision.DAY)
