"""The matrix as plain records, for files and for the API."""

from __future__ import annotations

from collections.abc import Iterator

from consent.ledger.headline_words import short_words_and_doubts, speaker_of
from consent.ledger.matrix import Line, Matrix, UseLine
from consent.ledger.verdict_words import act_words, sentence_words
from consent.web.absolute_urls import absolute_url
from platforms.characters import cleaned

MATRIX_COLUMNS = (
    "id",
    "platform_id",
    "use_id",
    "platform",
    "category",
    "data_kind",
    "use",
    "purpose",
    "answer",
    "answer_in_words",
    "basis",
    "said_by",
    "sentence",
    "since",
    "since_precision",
    "since_is",
    "way_out",
    "place",
    "people",
    "url",
)


def matrix_records(view: Matrix) -> Iterator[dict[str, str | None]]:
    """One record per platform, data kind and use; dates of unknown start are null."""
    for line in view.lines:
        of_uses = [(each, cleaned(_record(line, each))) for each in line.uses]
        for kind in view.kinds:
            for each, of_use in of_uses:
                if kind in each.use.data_kinds:
                    about = each.about(kind)
                    record = of_use if about is each else cleaned(_record(line, about))
                    key = f"{record['use_id']}/{kind.value}"
                    yield record | {"id": key, "data_kind": kind.value}


def _record(line: Line, each: UseLine) -> dict[str, str | None]:
    answer, since = each.verdict, each.verdict.since
    operator = line.facts.operator_on(answer.day)
    on = since.on if since else None
    return {
        "id": None,
        "platform_id": line.platform.slug,
        "use_id": each.use.key,
        "platform": line.platform.name,
        "category": line.platform.category,
        "data_kind": None,
        "use": each.use.title,
        "purpose": each.use.purpose,
        "answer": answer.answer,
        "answer_in_words": short_words_and_doubts(answer),
        "basis": answer.word,
        "said_by": speaker_of(answer, answer),
        "sentence": "; ".join(sentence_words(one, operator) for one in answer.sentences) or None,
        "since": on.isoformat() if on else None,
        "since_precision": since.precision if since and on else None,
        "since_is": since.since_is if since and on else None,
        "way_out": "; ".join(
            act_words(way.control, people=answer.people, operator=operator) for way in answer.ways
        )
        or None,
        "place": answer.place or None,
        "people": answer.people,
        "url": absolute_url(f"{line.platform.get_absolute_url()}#{each.slug}"),
    }
