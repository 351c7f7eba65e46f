"""Words that a source is cited with, and where they are in the text of our capture."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from django.db.models import Q

from consent.models import Passage, Source
from consent.vocabulary import PassageSide
from platforms.models import Document, Snapshot


class Place(NamedTuple):
    """Where words are in the text of a capture: code points, the end not included.

    extractor: the version of that text. problem: why there is no place; "" if there is one, or if
    there is no text to look in.
    """

    starts_at: int | None = None
    ends_at: int | None = None
    extractor: str = ""
    problem: str = ""


NOT_THERE = "These words are not in the text of our capture: copy them from there exactly."


def place_of_words(snapshot: Snapshot | None, words: str, extractor: str = "") -> Place:
    """Find words in the text of a capture. They have a place only if they occur there once.

    extractor: the version of the text that other passages of the source count in.
    """
    documents = Document.objects.filter(snapshot=snapshot) if snapshot else Document.objects.none()
    if extractor:
        documents = documents.filter(extractor_version=extractor)
    document = documents.order_by("-extractor_version", "created_at").first()
    if document is None or not words:
        return Place()
    start = document.text.find(words)
    if start < 0:
        return Place(problem=NOT_THERE)
    if document.text.find(words, start + 1) >= 0:
        return Place(
            problem="These words are in the text of our capture more than once: add the words"
            " before or after them."
        )
    return Place(start, start + len(words), str(document.extractor_version))


def captured(source: Source, side: PassageSide) -> Snapshot | None:
    """Return the capture that words of a side are from."""
    return source.snapshot if side == PassageSide.AFTER else source.snapshot_before


def typed_passage(source: Source) -> Passage | None:
    """Return the passage that curators edit: the first with words, if it is not from a history."""
    ours = Q(starts_at=None) | Q(source__snapshot__isnull=False)
    return source.passages.filter(ours).exclude(words="").first()


def cite_words(source: Source, words: str, side: PassageSide = PassageSide.AFTER) -> str:
    """Set the words of a source's passage, with their place in our capture; "" deletes it.

    Return why the words have no place in the capture; "" if they have one or if there is none.
    """
    passage = typed_passage(source)
    if not words:
        if passage is not None:
            passage.delete()
        return ""
    passage = passage or Passage(source=source, position=source.passages.count())
    others = source.passages.exclude(pk=passage.pk).exclude(starts_at=None)
    extractor = source.extractor if others.exists() else ""
    place = place_of_words(captured(source, side), words, extractor)
    passage.words, passage.side = words, side
    passage.sha256 = hashlib.sha256(words.encode()).hexdigest()
    passage.starts_at, passage.ends_at = place.starts_at, place.ends_at
    passage.save()
    if place.extractor and place.extractor != source.extractor:
        source.extractor = place.extractor
        source.save(update_fields=["extractor"])
    return place.problem
