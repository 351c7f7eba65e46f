"""Searches texts with each database's own full-text search, so that both find the same.

PostgreSQL has tsvector, SQLite has FTS5. Both know English endings ("trains" is found by
"training") and find the beginnings of longer words ("chat" finds "ChatGPT").
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Case, F, Model, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from consent.models import Control, Entry, Guide, Use
from consent.search.indexes import SEARCHED, has_trigrams, index_of
from consent.search.names import closest
from consent.search.plain_words import UNINDEXED, words
from consent.search.questions import asks_only

_SHORTEST_BEGINNING = 4  # letters; "act" does not find "activity". Chosen.

#: Words of questions that do not narrow a search.
_FILLER = frozenset(
    words(
        "ai could default opt say set setting settings since still stop train trained training"
        " trains turn us use used uses using want would"
    )
)
_CANDIDATES = 50  # titles for each word; chosen: enough to contain the word that was meant
#: Points for all words in the title, and anywhere: each more than any number of asides.
_TITLE, _ANYWHERE = 100, 50
_LIKELY = 0.4  # of 1: similarity of trigrams to the typed word; chosen below pg_trgm's own 0.6

_Record = TypeVar("_Record", bound=Model)
_Records = TypeVar("_Records", bound=QuerySet[Any])


def sought(typed: Iterable[str]) -> list[str]:
    """Return the words of a question that narrow the search; all uncommon ones if none does."""
    indexed = [word for word in typed if word not in UNINDEXED]
    return [word for word in indexed if word not in _FILLER and not asks_only(word)] or indexed


def saying(records: _Records, sought: Iterable[str], *, in_title: bool = False) -> _Records:
    """Narrow records to those that contain all words: anywhere, or in their title.

    sought: plain words (names.words). If only the most common words are left, nothing is found.
    """
    sought = [word for word in sought if word not in UNINDEXED]
    if not sought:
        return records.none()
    index = index_of(records.model)
    # Each word in quotation marks, of which it holds none itself: within, nothing is an operator.
    if connection.vendor == "postgresql":
        column = "in_title" if in_title else "anywhere"
        sql = f"SELECT id FROM {index} WHERE {column} @@ to_tsquery('english', %s)"  # noqa: S608 - as below
        condition = " & ".join(f"'{word}'{':*' if _begins(word) else ''}" for word in sought)
    else:
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608 - names of ours
        condition = " AND ".join(f'"{word}"{"*" if _begins(word) else ""}' for word in sought)
        if in_title:
            condition = f"title : ({condition})"
    return records.filter(pk__in=RawSQL(sql, [condition]))  # noqa: S611 - words are a parameter


def are_said(sought: Sequence[str], searched: Sequence[QuerySet[Any]]) -> bool:
    """Return whether any of these records contains all of the words. One query."""
    # A constant from each: the database stops at the first, and columns of models differ.
    first, *others = (
        saying(records, sought).order_by().values_list(Value(1)) for records in searched
    )
    return first.union(*others).exists()


def _begins(word: str) -> bool:
    """Return whether a word also finds longer words that begin with it."""
    return len(word) >= _SHORTEST_BEGINNING


def asides(typed: Iterable[str]) -> list[str]:
    """Return words of a question that are not required, but records with them come first."""
    return [
        word for word in typed if (word in _FILLER or asks_only(word)) and word not in UNINDEXED
    ]


def best(
    records: QuerySet[_Record],
    sought: Sequence[str],
    most: int,
    *,
    asides: Sequence[str] = (),
    or_any: bool = False,
) -> list[_Record]:
    """Return records that contain all words: those with all in the title first, else as ordered.

    asides: among equals, records whose titles contain more of these words come first.
    or_any: if no record contains the words, return any records.
    """
    in_title = saying(records, sought, in_title=True).values("pk")[:most]
    anywhere = saying(records, sought).values("pk")[:most]
    ranked = records.annotate(
        rank=counted(in_title, _TITLE)
        + counted(anywhere, _ANYWHERE)
        + sum(counted(saying(records, [word], in_title=True).values("pk"), 1) for word in asides)
    )
    if or_any:
        # In the database: there may be more records than are read.
        ordering: Sequence[Any] = records.query.order_by or records.model._meta.ordering or ()
        ranked = ranked.order_by("-rank", *ordering)
        found = list(ranked[:most])
        fitting = [record for record in found if record.rank >= _ANYWHERE]  # type: ignore[attr-defined]
        return fitting or found
    ranked = ranked.filter(Q(pk__in=in_title) | Q(pk__in=anywhere))
    return sorted(ranked, key=lambda record: -record.rank)[:most]  # type: ignore[attr-defined]


def with_most_words(records: QuerySet[_Record], sought: Sequence[str], most: int) -> list[_Record]:
    """Return records that contain as many of the words as any does, at least one."""
    ranked = with_rank(records, sought).filter(rank__gt=0)
    ordering: Sequence[Any] = records.query.order_by or records.model._meta.ordering or ()
    found = list(ranked.order_by("-rank", *ordering)[:most])
    return [record for record in found if record.rank == found[0].rank]


def with_rank(records: QuerySet[_Record], sought: Iterable[str]) -> QuerySet[Any, Any]:
    """Annotate records with how many of the words they contain: `rank`."""
    each = (counted(saying(records, [word]).values("pk"), 1) for word in sought)
    return records.annotate(rank=sum(each, start=Value(0)))


def counted(those: QuerySet[Any], points: int) -> Case:
    """Return an expression: so many points for each of those records, and none for others."""
    return Case(When(pk__in=those, then=Value(points)), default=Value(0))


def meant(sought: Sequence[str]) -> list[str]:
    """Return the words with typing errors corrected, where a title contains a similar word."""
    known = sorted({word for title in _titles_like(sought) for word in words(title)})
    return [closest(word, known) or word for word in sought]


def _titles_like(sought: Sequence[str]) -> list[str]:
    """Return titles that may contain what was meant: all, or the most similar with pg_trgm."""
    searched = [
        (records, column)
        for records in (
            Use.objects.published(),
            Control.objects.published(),
            Entry.objects.published(),
            Guide.objects.published(),
        )
        for column in SEARCHED[records.model].titles
    ]
    if not has_trigrams(connection):
        first, *others = (_titles(records, column) for records, column in searched)
        return list(first.union(*others))
    first, *others = (
        _titles(_likely(records, column, word), column)[:_CANDIDATES]
        for records, column in searched
        for word in sought
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = %s", [_LIKELY])
        return list(first.union(*others))


def _likely(records: _Records, column: str, word: str) -> _Records:
    likely = records.filter(TrigramWordSimilar(F(column), Value(word)))
    return likely.order_by(TrigramWordSimilarity(word, column).desc(), "pk")


def _titles(records: QuerySet[Any], column: str) -> QuerySet[Any, str]:
    ordered = records if records.query.order_by else records.order_by()
    return ordered.values_list(column, flat=True)
