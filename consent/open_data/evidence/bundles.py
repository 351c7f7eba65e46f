"""Builds the evidence bundle of a change (decision 0018)."""

from __future__ import annotations

import io

from consent.models import Entry
from consent.open_data.evidence import members
from consent.open_data.evidence.contents import (
    Contents,
    about_warc,
    files_of,
    listings_of,
    made_at,
    replayed,
)
from consent.open_data.evidence.proofs import stamps_of
from consent.open_data.evidence.snapshots import collect
from consent.open_data.stamps.leaves import (
    Leaf,
    decision_leaf,
    entry_leaves,
    revision_leaf,
    standing_decisions,
)
from platforms.archive import Archive
from platforms.archive.warc import write_warc


def build(entry: Entry, archive: Archive) -> bytes:
    """Return the bundle of an entry read with EntryQuerySet.for_change_page().

    The same data give the same bytes. Raises ArchiveUnavailable.
    """
    gathered = collect(entry, archive)
    [entry_leaf] = entry_leaves(Entry.objects.filter(pk=entry.pk))
    records: dict[str, Leaf] = {
        **gathered.snapshots,
        **gathered.text_records,
        **_decisions(entry),
        **_revisions(entry),
        members.ENTRY_PATH: entry_leaf,
    }
    contents = Contents(
        records={path: leaf.data for path, leaf in records.items()},
        stamps=stamps_of(records),
        received=gathered.received,
        texts=gathered.texts,
        words=_words(entry),
        withheld=gathered.withheld,
    )
    warc = io.BytesIO()
    pages = [page for page, _ in replayed(contents)]
    written = write_warc(warc, pages, about=about_warc(contents), made_at=made_at(contents))
    files = files_of(contents, warc.getvalue(), written)
    return members.pack([*listings_of(contents, files), *files])


def _decisions(entry: Entry) -> dict[str, Leaf]:
    """Notes and names of curators are not in these records."""
    decided = standing_decisions().filter(entry=entry).select_related("entry")
    return {
        f"records/decision-{number}.json": decision_leaf(decision)
        for number, decision in enumerate(decided, start=1)
    }


def _revisions(entry: Entry) -> dict[str, Leaf]:
    revised = entry.revisions.select_related("entry").order_by("revised_at", "pk")
    return {
        f"records/revision-{number}.json": revision_leaf(revision)
        for number, revision in enumerate(revised, start=1)
    }


def _words(entry: Entry) -> dict[str, str]:
    return {
        passage.sha256: passage.words
        for source in entry.sources.all()
        for passage in source.passages.all()
        if passage.words
    }
