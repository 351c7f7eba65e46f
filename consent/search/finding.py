"""Finds platforms and their records for a query, alike on SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from consent.models import Control, Entry, Guide, Use
from consent.search.names import named_platforms, words
from consent.search.texts import asides, best, meant, sought
from platforms.models import Platform

MOST_WORDS = 16
MOST_PER_GROUP = 12

_Record = TypeVar("_Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Findings:
    platforms: list[Platform] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    guides: list[Guide] = field(default_factory=list)
    #: The corrected query, if the words as typed found nothing.
    corrected: str = ""

    @property
    def count(self) -> int:
        groups = (self.platforms, self.uses, self.controls, self.entries, self.guides)
        return sum(len(group) for group in groups)


def find(query: str) -> Findings:
    """Find platforms named in a query, and uses, controls, changes and guides with its words.

    If the query names platforms, only records about them are found. If no record contains the
    words, similar words are tried.
    """
    typed = words(query)[:MOST_WORDS]
    if not typed:
        return Findings()
    named = named_platforms(typed, Platform.objects.listed())
    asked, fillers = sought(named.rest), asides(named.rest)
    if named.platforms:
        found = _find(named.platforms, asked, fillers)
        return replace(found, platforms=named.platforms, corrected=named.corrected)
    if not asked:
        return Findings()
    found = replace(_find([], asked, fillers), platforms=_platforms(asked))
    if not found.count and (corrected := meant(asked)) != asked:
        return replace(_find([], corrected, fillers), corrected=" ".join(corrected))
    return found


def _find(platforms: Sequence[Platform], asked: Sequence[str], fillers: Sequence[str]) -> Findings:
    return Findings(
        uses=_of(platforms, _of_listed(Use.objects.published()), asked, fillers),
        controls=_of(platforms, _of_listed(Control.objects.published()), asked, fillers),
        entries=_of(platforms, Entry.objects.for_timeline(), asked, fillers),
        guides=_of(platforms, Guide.objects.for_list(), asked, fillers),
    )


def _of_listed(records: QuerySet[_Record]) -> QuerySet[_Record]:
    return records.filter(platform__in=Platform.objects.listed()).select_related("platform")


def _of(
    platforms: Sequence[Platform],
    records: QuerySet[_Record],
    asked: Sequence[str],
    fillers: Sequence[str],
) -> list[_Record]:
    if not platforms:
        return best(records, asked, MOST_PER_GROUP, asides=fillers)
    relation = "platforms__in" if records.model is Entry else "platform__in"
    records = records.filter(**{relation: platforms})
    # If no record of the platform contains the other words, all its records are found.
    found = best(records, asked, MOST_PER_GROUP, asides=fillers) if asked else []
    return found or list(records[:MOST_PER_GROUP])


def _platforms(asked: Sequence[str]) -> list[Platform]:
    """Return platforms whose name or operator contains every word."""
    platforms = Platform.objects.listed()
    for word in asked:
        platforms = platforms.filter(Q(name__icontains=word) | Q(operator__icontains=word))
    return list(platforms[:MOST_PER_GROUP])
