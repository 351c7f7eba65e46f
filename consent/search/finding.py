"""Finds platforms and their records for a query, alike on SQLite and PostgreSQL."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from consent.models import Control, Entry, Guide, Use
from consent.models.guides import GuideQuerySet
from consent.models.uses import UseQuerySet
from consent.search.brands import brand_among
from consent.search.names import named_platforms, with_typing_errors
from consent.search.operators import Operator, operators
from consent.search.plain_words import words
from consent.search.subjects import in_english, read_subject
from consent.search.texts import UNINDEXED, asides, best, meant, sought
from consent.search.web_addresses import addressed_platforms
from consent.vocabulary import DataKind, Effect
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
    #: The company whose platforms these are, if the query names it.
    operator: Operator | None = None
    #: A well-known service that the query asks about and nobody here watches.
    unwatched: str = ""
    #: Kinds of data that the query asks about.
    kinds: tuple[DataKind, ...] = ()
    #: Whether guides answer the query better than records: it asks how to refuse, and names nobody.
    guides_first: bool = False

    @property
    def count(self) -> int:
        groups = (self.platforms, self.uses, self.controls, self.entries, self.guides)
        return sum(len(group) for group in groups)


def find(query: str) -> Findings:
    """Find platforms named in a query, and uses, controls, changes and guides with its words.

    If the query names platforms, or a company that runs several, only records about them are
    found. A well-known service that is not watched is named, and nothing else is taken for it. If
    no record contains the words, similar words are tried.
    """
    if not query.strip():
        return Findings()
    listed = list(Platform.objects.listed())
    addressed, without_addresses = addressed_platforms(query, listed)
    typed = words(without_addresses)[:MOST_WORDS]
    if not typed and not addressed:
        return Findings()
    named = named_platforms(typed, listed, operators(listed))
    if addressed:
        named = replace(named, platforms=list(dict.fromkeys([*addressed, *named.platforms])))
    subject = read_subject(named.rest, UNINDEXED)
    if not named.platforms:
        if unwatched := brand_among(named.rest, subject.other):
            return Findings(unwatched=unwatched)
        named = with_typing_errors(named.rest, subject.other, listed)
    asked, fillers = sought(in_english(named.rest)), asides(named.rest)
    if named.platforms:
        return replace(
            _find(named.platforms, asked, fillers),
            platforms=_about_kinds_first(named.platforms, subject.kinds),
            corrected=named.corrected,
            operator=named.operator,
            kinds=subject.kinds,
        )
    about_all = not subject.other and (subject.is_about_training or bool(subject.kinds))
    guides = _against_training(subject.kinds) if about_all else []
    if not asked:
        return Findings(guides=guides, kinds=subject.kinds, guides_first=about_all)
    found = _find([], asked, fillers)
    if not about_all:
        found = replace(found, platforms=_platforms(asked))
    if subject.effects:
        found = replace(found, entries=_with_effects(found.entries, subject.effects))
    if not found.count and (corrected := meant(asked)) != asked:
        return replace(_find([], corrected, fillers), corrected=" ".join(corrected))
    if about_all:
        guides = list(dict.fromkeys([*guides, *found.guides]))[:MOST_PER_GROUP]
        found = replace(found, guides=guides)
    return replace(
        found,
        kinds=subject.kinds if about_all else (),
        guides_first=about_all and (subject.wants_way_out or not subject.kinds),
    )


def _about_kinds_first(platforms: Sequence[Platform], kinds: Sequence[DataKind]) -> list[Platform]:
    """Put platforms first that have most uses of these kinds of data, if there are several."""
    if len(platforms) < 2 or not kinds:
        return list(platforms)
    sought = {kind.value for kind in kinds}
    counted: Counter[int] = Counter()
    uses = Use.objects.published().order_by().filter(platform__in=platforms)
    for platform, data_kinds in uses.values_list("platform", "data_kinds"):
        counted[platform] += not sought.isdisjoint(data_kinds)
    return sorted(platforms, key=lambda platform: -counted[platform.pk])


def _with_effects(found: Sequence[Entry], effects: Sequence[Effect]) -> list[Entry]:
    """Add the latest changes of these kinds to those with the words."""
    of_kind = Entry.objects.for_timeline().listing("effects", *effects)[:MOST_PER_GROUP]
    return list(dict.fromkeys([*found, *of_kind]))[:MOST_PER_GROUP]


def _against_training(kinds: Sequence[DataKind]) -> list[Guide]:
    """Return guides that refuse training, those with fewest minutes first.

    kinds: of data that they shall be about; if none is about one of these, all are returned.
    """
    guides = Guide.objects.for_list().filter(Exists(_refused()))
    refused = _refused().annotate(kinds=Cast("data_kinds", TextField()))
    about = Q()
    for kind in kinds:
        about |= Q(Exists(refused.filter(kinds__contains=f'"{kind.value}"')))
    found = (list(guides.filter(about)) if kinds else []) or list(guides)
    return sorted(found, key=_minutes)[:MOST_PER_GROUP]


def _with_purpose(guides: GuideQuerySet) -> GuideQuerySet:
    """Annotate guides with whether they refuse training."""
    return guides.annotate(against_training=Exists(_refused()))


def _refused() -> UseQuerySet:
    """Return the uses for training that a guide in an outer query refuses."""
    return Use.objects.published().training().order_by().filter(controls__guides=OuterRef("pk"))


def _minutes(guide: Guide) -> int:
    return guide.minutes or 10**6


def _find(platforms: Sequence[Platform], asked: Sequence[str], fillers: Sequence[str]) -> Findings:
    guides = _of(platforms, _with_purpose(Guide.objects.for_list()), asked, fillers)
    return Findings(
        uses=_of(platforms, _of_listed(Use.objects.published()), asked, fillers),
        controls=_of(platforms, _of_listed(Control.objects.published()), asked, fillers),
        entries=_of(platforms, Entry.objects.for_timeline(), asked, fillers),
        guides=sorted(guides, key=_least_effort_against_training),
    )


def _least_effort_against_training(guide: Any) -> tuple[bool, int, int]:
    """Order guides: against training first, then by how well they fit, then by minutes."""
    return not guide.against_training, -getattr(guide, "rank", 0), _minutes(guide)


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
