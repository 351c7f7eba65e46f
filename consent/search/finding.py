"""What a query finds, in groups: the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from consent.models import Entry, Guide, Setting
from consent.search.names import named_platforms, words
from consent.search.texts import asides, best, meant, sought
from platforms.models import Platform

MOST_WORDS = 16
MOST_PER_GROUP = 12

_Record = TypeVar("_Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Findings:
    platforms: list[Platform] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    guides: list[Guide] = field(default_factory=list)
    #: What was taken for meant, when it was typed otherwise.
    corrected: str = ""

    @property
    def count(self) -> int:
        groups = (self.platforms, self.settings, self.entries, self.guides)
        return sum(len(group) for group in groups)


def find(query: str) -> Findings:
    """Find platforms named in a query, and settings, changes and guides that hold its words.

    When the query names platforms, only what is about them counts. When nothing holds its words,
    those are sought that were probably meant.
    """
    typed = words(query)[:MOST_WORDS]
    if not typed:
        return Findings()
    named = named_platforms(typed, Platform.objects.listed())
    asked, beside = sought(named.rest), asides(named.rest)
    if named.platforms:
        found = _find(named.platforms, asked, beside)
        return replace(found, platforms=named.platforms, corrected=named.corrected)
    if not asked:
        return Findings()
    found = replace(_find([], asked, beside), platforms=_platforms(asked))
    if not found.count and (probably := meant(asked)) != asked:
        return replace(_find([], probably, beside), corrected=" ".join(probably))
    return found


def _find(platforms: Sequence[Platform], asked: Sequence[str], beside: Sequence[str]) -> Findings:
    return Findings(
        settings=_of(platforms, Setting.objects.select_related("platform"), asked, beside),
        entries=_of(platforms, Entry.objects.for_timeline(), asked, beside),
        guides=_of(platforms, Guide.objects.for_list(), asked, beside),
    )


def _of(
    platforms: Sequence[Platform],
    records: QuerySet[_Record],
    asked: Sequence[str],
    beside: Sequence[str],
) -> list[_Record]:
    if not platforms:
        return best(records, asked, MOST_PER_GROUP, asides=beside)
    relation = "platforms__in" if records.model is Entry else "platform__in"
    records = records.filter(**{relation: platforms})
    # Words that nothing about the platform holds do not hide the platform's records.
    found = best(records, asked, MOST_PER_GROUP, asides=beside) if asked else []
    return found or list(records[:MOST_PER_GROUP])


def _platforms(asked: Sequence[str]) -> list[Platform]:
    """Platforms whose name or operator holds every word."""
    platforms = Platform.objects.listed()
    for word in asked:
        platforms = platforms.filter(Q(name__icontains=word) | Q(operator__icontains=word))
    return list(platforms[:MOST_PER_GROUP])
