"""The words of passages, read once the text that they point into is at hand.

Files name a span and the SHA-256 of its words (docs/catalog.md, "Sources and passages"). The words
are kept and shown only where the hash agrees.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.dispatch import receiver

from consent.declarations.evidence import OpenTermsArchiveRecord
from consent.models import Passage, Source
from consent.vocabulary import PassageSide
from platforms.models import Document, Snapshot
from platforms.signals import history_imported

#: Returns the bytes of a file at a revision of a repository; None if it is not there.
TextAt = Callable[[str, str], bytes | None]


@receiver(history_imported, dispatch_uid="fill-passages")
def fill_from_repository(sender: Any, *, address: str, text_at: TextAt, **_: Any) -> list[str]:
    """Read the words of passages in versions of a repository; return what is wrong.

    Safe to repeat: passages that have their words are left alone.
    """
    problems: list[str] = []
    for passage in Passage.objects.without_words():
        record = OpenTermsArchiveRecord.from_file_url(passage.source.archived_url)
        if record is None or record.address != address:
            continue
        is_before = passage.side == PassageSide.BEFORE
        body = text_at(f"{record.commit}^" if is_before else record.commit, record.path)
        if body is None:
            problems.append(_problem(passage, "the version is not in the repository"))
            continue
        text = body.decode("utf-8", errors="replace")
        problems += _filled(passage, text.replace("\r\n", "\n").replace("\r", "\n"))
    return problems


def fill_from_snapshots() -> list[str]:
    """Read the words of passages in snapshots of ours; return what is wrong.

    Passages whose snapshot or whose version of the text is not here stay without words.
    """
    problems: list[str] = []
    for passage in Passage.objects.without_words():
        source = passage.source
        is_after = passage.side == PassageSide.AFTER
        snapshot = source.snapshot if is_after else source.snapshot_before
        text = _document_text(snapshot, source.extractor) if snapshot else None
        if text is not None:
            problems += _filled(passage, text)
    return problems


def _filled(passage: Passage, text: str) -> Iterator[str]:
    """Give a passage its words, or yield why they cannot be shown."""
    words = text[passage.starts_at : passage.ends_at]
    if hashlib.sha256(words.encode()).hexdigest() == passage.sha256:
        passage.words = words
        passage.save(update_fields=["words"])
    else:
        yield _problem(passage, "the words there have another SHA-256")


def _document_text(snapshot: Snapshot, extractor: str) -> str | None:
    documents = Document.objects.filter(snapshot=snapshot).order_by("created_at")
    texts = (each.text for each in documents if str(each.extractor_version) == extractor)
    return next(texts, None)


def _problem(passage: Passage, what: str) -> str:
    place = f"{passage.starts_at}-{passage.ends_at} ({passage.side})"
    source = f"source {passage.source.position + 1}, passage {passage.position + 1}"
    return f"{_owner(passage.source)}, {source} at {place}: {what}"


def _owner(source: Source) -> str:
    if source.entry is not None:
        return f"entry {source.entry.key}"
    if source.guide is not None:
        return f"guide {source.guide.slug}"
    if source.statement is not None:
        return f"statement {source.statement.key}"
    assert source.state is not None  # the database sees to it
    return f"use {source.state.branch.use.slug}"
