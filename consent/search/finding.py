"""What a query finds, in groups. Portable: the same on SQLite and PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from consent.models import Entry, Guide, Setting
from consent.search.names import named_platforms, words
from platforms.models import Platform

MOST_WORDS = 8
MOST_PER_GROUP = 12

#: Words of questions, which say nothing about what is sought.
_FILLER = frozenset(
    words(
        "a about ai an and any are be by can default do does for from have how i in is it its me my"
        " no not of off on opt or our out say set setting settings since so stop that the their"
        " them this to train trained training trains turn us use used uses using want was we what"
        " when where which who why with you your"
    )
)

_Record = TypeVar("_Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Findings:
    platforms: list[Platform] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    guides: list[Guide] = field(default_factory=list)
    corrected: str = ""

    @property
    def count(self) -> int:
        groups = (self.platforms, self.settings, self.entries, self.guides)
        return sum(len(group) for group in groups)


def find(query: str) -> Findings:
    """Find platforms named in a query, and settings, changes and guides that hold its words.

    When the query names platforms, only what is about them counts.
    """
    typed = words(query)[:MOST_WORDS]
    if not typed:
        return Findings()
    named = named_platforms(typed, Platform.objects.listed())
    sought = [word for word in named.rest if word not in _FILLER]
    if not named.platforms and not sought:
        return Findings()
    return Findings(
        platforms=named.platforms or _holding(Platform.objects.listed(), sought, _PLATFORM),
        settings=_of(named.platforms, Setting.objects.select_related("platform"), sought, _SETTING),
        entries=_of(named.platforms, Entry.objects.for_timeline(), sought, _ENTRY),
        guides=_of(named.platforms, Guide.objects.for_list(), sought, _GUIDE),
        corrected=named.corrected,
    )


_PLATFORM = ("name", "operator")
_SETTING = ("label", "covers")
_ENTRY = ("title", "summary")
_GUIDE = ("title", "platform__name")


def _of(
    platforms: Sequence[Platform],
    records: QuerySet[_Record],
    sought: Sequence[str],
    fields: Sequence[str],
) -> list[_Record]:
    if platforms:
        relation = "platforms__in" if records.model is Entry else "platform__in"
        records = records.filter(**{relation: platforms})
        # Words that nothing about the platform holds do not hide the platform's records.
        return _holding(records, sought, fields) or list(records[:MOST_PER_GROUP])
    return _holding(records, sought, fields)


def _holding(
    records: QuerySet[_Record], sought: Iterable[str], fields: Sequence[str]
) -> list[_Record]:
    """The records that hold every word in one of the fields."""
    for word in sought:
        anywhere = Q()
        for name in fields:
            anywhere |= Q(**{f"{name}__icontains": word})
        records = records.filter(anywhere)
    return list(records[:MOST_PER_GROUP])
