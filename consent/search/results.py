"""Finds platforms and their records for a query, alike on SQLite and PostgreSQL."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db.models import (
    Case,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from consent.language_data import listed_words
from consent.models import Control, Entry, Guide, Use
from consent.models.entries import EntryQuerySet
from consent.models.guides import GuideQuerySet
from consent.models.uses import UseQuerySet
from consent.search.brands import COMPANY_OF
from consent.search.common_words import common_words
from consent.search.names import Named, hosts_first, named_platforms, read_named
from consent.search.operators import Operator, of_people_first, operators
from consent.search.pages import pages_for, without_asking, without_quoting
from consent.search.plain_words import words
from consent.search.questions import Subject, in_english, read_subject, unwatched_kind
from consent.search.texts import (
    are_said,
    asides,
    best,
    counted,
    meant,
    saying,
    sought,
    with_most_words,
    with_rank,
)
from consent.search.web_addresses import addressed_platforms
from consent.vocabulary import DataKind, Effect, Purpose, Refuse
from platforms.models import Platform
from platforms.vocabulary import Category

MOST_WORDS = 16
MOST_PER_GROUP = 12
#: Platforms that words of their records lead to: "health" to Strava. Chosen.
MOST_PLATFORMS_OF_WORDS = 6
#: Words for what a guide lets people do. Guides with them come first.
_ACTS = frozenset(("delete", "object", "turn"))

#: The category nearest to a kind of services of which none is watched.
_NEAR = {"banks": Category.PAYMENT, "supermarkets": Category.SHOPPING}

#: Ask for some of a kind, rather than for the one that is named.
ASKING_WHO = listed_words("small_words", "which")

_Record = TypeVar("_Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Findings:
    platforms: list[Platform] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)  # of EntryQuerySet.for_rows
    guides: list[Guide] = field(default_factory=list)
    #: The corrected query, if the words as typed found nothing.
    corrected: str = ""
    #: The company whose platforms these are, if the query names it.
    operator: Operator | None = None
    #: A well-known service that the query asks about and nobody here watches.
    unwatched: str = ""
    #: Such services that are named beside platforms.
    beside: Sequence[str] = ()
    #: A kind of services of which none is watched, if the query names no other.
    unwatched_kind: str = ""
    #: Kinds of data that the query asks about.
    kinds: tuple[DataKind, ...] = ()
    #: Years that the query asks about.
    years: tuple[int, ...] = ()
    #: Whether guides answer the query better than records: it asks how to refuse, and names nobody.
    guides_first: bool = False
    #: The kind of platform that the query asks about; those found, or that train, are of this kind.
    category: Category | None = None
    #: Whether no platform is named: those found are the ones whose records the words are about.
    by_words: bool = False
    #: Whether no platform is named: those found are described so.
    is_described: bool = False

    @property
    def names_platforms(self) -> bool:
        return bool(self.platforms) and not self.by_words

    @property
    def count(self) -> int:
        groups = (self.platforms, self.uses, self.controls, self.entries, self.guides)
        return sum(len(group) for group in groups)


def find(query: str, platforms: Sequence[Platform] | None = None, whole: str = "") -> Findings:
    """Find platforms named in a query, and uses, controls, changes and guides with its words.

    platforms: the listed ones, if they are read already. whole: the text that the query is from, in
    which a word such as "line" may be no name.
    If the query names platforms, or a company that runs several, only records about them are
    found. A well-known service that is not watched is named, and nothing else is taken for it; the
    other platforms of its company are found. If no record contains the words, similar words are
    tried.
    """
    if not query.strip():
        return Findings()
    listed = list(Platform.objects.listed()) if platforms is None else platforms
    companies = operators(listed)
    addressed, without_addresses = addressed_platforms(query, listed, companies)
    typed = words(without_addresses)[:MOST_WORDS]
    if not typed and not addressed:
        return Findings()
    common = common_words(whole or without_addresses, listed, companies)
    if addressed:
        named = named_platforms(typed, listed, companies, common.as_words)
        named = replace(named, platforms=list(dict.fromkeys([*addressed, *named.platforms])))
    else:
        named = read_named(typed, listed, companies, as_words=common.as_words)
    rest = [word for word in named.rest if word not in common.as_words]
    named = replace(named, rest=without_quoting(rest, typed))
    counted = without_asking("numbers", named.rest)
    if counted != named.rest:
        counted = without_asking("all-data", counted)  # "on user posts"
    if not named.platforms and read_subject(counted).kinds:
        named = replace(named, rest=counted)  # "how many" does not ask how to refuse
    subject = read_subject(named.rest)
    if (
        named.unwatched
        and not ASKING_WHO.isdisjoint(typed)
        and (of_kind := _of_kinds(named, listed))
    ):
        return of_kind
    if named.unwatched:
        return _unwatched(named, operators(listed, at_least=1))
    rest = in_english(named.rest)
    if named.platforms:
        found = _find(named.platforms, sought(rest), asides(rest), subject.years)
        if "delete" in rest:
            found = _with_deletion(found, named, set(typed).difference(named.rest))
        return replace(
            found,
            platforms=_most_meant_first(named, subject.kinds, sought(rest)),
            corrected=named.corrected,
            operator=named.operator,
            beside=named.beside,
            kinds=subject.kinds,
            years=subject.years,
        )
    if unwatched_kind(typed):
        return _of_unwatched_kind(typed, listed)
    found = _without_a_name(subject, sought(rest), asides(rest), listed)
    # "In July 2024, how many" is about no platform whose description has these words.
    return replace(found, platforms=[]) if found.is_described and pages_for(typed) else found


def _unwatched(named: Named, companies: Mapping[str, Operator]) -> Findings:
    company = companies.get(COMPANY_OF.get(named.unwatched, ""))
    return Findings(
        platforms=list(of_people_first(company).platforms) if company else [],
        operator=company,
        unwatched=named.unwatched,
        beside=named.beside,
        corrected=named.corrected,
    )


def _of_kinds(named: Named, listed: Sequence[Platform]) -> Findings | None:
    """Return the platforms of the kind that a question is about, whoever is named beside it.

    "Which car makers train, and VW?" None if it is about no kind.
    """
    beside = (named.unwatched, *named.beside)
    if unwatched_kind(named.rest):
        return replace(_of_unwatched_kind(named.rest, listed), beside=beside)
    # A kind that is in the name is none: "Google Maps app".
    of_names = {word for brand in beside for word in words(brand)}
    category = read_subject([word for word in named.rest if word not in of_names]).category
    if category is None:
        return None
    return Findings(platforms=_of_kind(category, listed), category=category, beside=beside)


def _of_unwatched_kind(typed: Sequence[str], listed: Sequence[Platform]) -> Findings:
    """Return the platforms of the kind that is nearest to one of which none is watched."""
    kind = unwatched_kind(typed)
    near = _NEAR.get(kind)
    platforms = _of_kind(near, listed) if near else []
    return Findings(platforms=platforms, category=near, unwatched_kind=kind)


def _without_a_name(
    subject: Subject, asked: Sequence[str], fillers: Sequence[str], listed: Sequence[Platform]
) -> Findings:
    """Answer a question that names no platform."""
    if subject.says_nothing:
        # A company may bear such a word, and is hardly meant by it: "people".
        return Findings(platforms=_platforms(asked, listed) if asked else [], by_words=True)
    if subject.category and not subject.other and not subject.kinds:
        return Findings(platforms=_of_kind(subject.category, listed), category=subject.category)
    if not subject.other and (subject.asks_for_changes or subject.years) and not subject.kinds:
        entries = _in_years(Entry.objects.for_timeline().for_rows(), subject.years)
        latest = list(entries[:MOST_PER_GROUP])
        return Findings(entries=latest, years=subject.years)
    about_all = not subject.other and (subject.is_about_training or bool(subject.kinds))
    acts = [word for word in fillers if word in _ACTS] or ["object"] * subject.names_law
    guides = _for_all(subject.kinds, asked, acts) if about_all else None
    if not asked:
        return Findings(guides=guides or [], kinds=subject.kinds, guides_first=about_all)
    # Most slips are in no record at all, and one query is enough to know.
    is_said = guides is not None or are_said(asked, _searched())
    found = _find([], asked, fillers, subject.years, guides) if is_said else Findings()
    if not about_all:
        platforms = _platforms(asked, listed)
        of_uses = list(dict.fromkeys(use.platform for use in found.uses if use.is_training))
        found = replace(
            found,
            platforms=platforms or of_uses[:MOST_PLATFORMS_OF_WORDS],
            by_words=not platforms,
        )
    if subject.effects:
        found = replace(found, entries=_with_effects(found.entries, subject.effects))
    if not found.count and (corrected := meant(asked)) != asked:
        again = _find([], corrected, fillers)
        if again.count:
            return replace(again, corrected=" ".join(corrected))
    if not found.count and not about_all:
        # Further words lower a result and never remove it.
        if subject.category:
            return Findings(platforms=_of_kind(subject.category, listed), category=subject.category)
        described = _described(asked, listed)[:MOST_PLATFORMS_OF_WORDS]
        with_some = _find([], asked, fillers, subject.years, or_some=True)
        return replace(with_some, platforms=described, is_described=bool(described))
    return replace(
        found,
        guides=_of_category(found.guides, subject.category, listed),
        kinds=subject.kinds if about_all else (),
        category=subject.category if about_all else None,
        years=subject.years,
        guides_first=about_all and (subject.wants_way_out or not subject.kinds),
    )


def _of_kind(category: Category, listed: Iterable[Platform]) -> list[Platform]:
    return [each for each in listed if each.category == category]


def _of_category(
    guides: list[Guide], category: Category | None, listed: Iterable[Platform]
) -> list[Guide]:
    """Return the guides of platforms of a category; all without one."""
    if category is None:
        return guides
    chosen = {each.pk for each in listed if each.category == category}
    return [guide for guide in guides if guide.platform_id in chosen]


def _most_meant_first(
    named: Named, kinds: Sequence[DataKind], asked: Sequence[str]
) -> list[Platform]:
    """Put platforms first that most names mean; then those with most uses that are asked for.

    That is uses of these kinds of data, and uses with most of the words. What is a part of another
    one comes after it.
    """
    if len(named.platforms) < 2:
        return named.platforms
    of_kinds: Counter[int] = Counter()
    with_words: Counter[int] = Counter()
    uses = with_rank(Use.objects.published().filter(platform__in=named.platforms), asked)
    for platform, data_kinds, rank in uses.order_by().values_list("platform", "data_kinds", "rank"):
        of_kinds[platform] += not set(kinds).isdisjoint(data_kinds)
        with_words[platform] = max(with_words[platform], rank)

    most_meant = sorted(
        named.platforms,
        key=lambda each: (-named.times.get(each.pk, 0), -of_kinds[each.pk], -with_words[each.pk]),
    )
    return hosts_first(most_meant, named.times)


def _with_deletion(found: Findings, named: Named, names: Iterable[str]) -> Findings:
    """Put first what deletes, for these platforms or, by its title, for what bears their name.

    names: the words that name the platforms: Grok's conversations on X are deleted there.
    """
    deleting = Q(refuse=Refuse.DELETE)
    of_platforms = Q(platform__in=named.platforms)
    controls = _of_listed(Control.objects.published().filter(deleting & of_platforms))
    guides = _with_purpose(Guide.objects.published())
    titled = saying(guides, [*names, "delete"], in_title=True).values("pk")
    deletes = Exists(Control.objects.filter(deleting, guides=OuterRef("pk")))
    first = guides.filter(Q(pk__in=titled) | (of_platforms & deletes))
    return replace(
        found,
        controls=list(dict.fromkeys([*controls[:MOST_PER_GROUP], *found.controls])),
        guides=list(dict.fromkeys([*first[:MOST_PER_GROUP], *found.guides])),
        guides_first=bool(first),
    )


def _with_effects(found: Sequence[Entry], effects: Sequence[Effect]) -> list[Entry]:
    """Add the latest changes of these kinds to those with the words."""
    of_kind = Entry.objects.for_timeline().for_rows().listing("effects", *effects)
    return list(dict.fromkeys([*found, *of_kind[:MOST_PER_GROUP]]))[:MOST_PER_GROUP]


def _for_all(kinds: Sequence[DataKind], asked: Sequence[str], acts: Sequence[str]) -> list[Guide]:
    """Return guides that refuse training, those with fewest minutes first; then others that fit.

    kinds: of data that they shall be about; if none is about one of these, all are returned.
    acts: guides whose titles have these words come first.
    """
    refused = _refused().annotate(kinds=Cast("data_kinds", TextField()))
    about = Q()
    for kind in kinds:
        about |= Q(Exists(refused.filter(kinds__contains=f'"{kind.value}"')))
    guides = Guide.objects.published()
    with_acts = [counted(saying(guides, [act], in_title=True).values("pk"), 1) for act in acts]
    found = guides.annotate(
        against_training=Exists(_refused()),
        of_kind=Case(When(about, then=Value(1)), default=Value(0)) if kinds else Value(0),
        fits=counted(saying(guides, asked).values("pk"), 1),
        strictly=Exists(_refused().filter(purpose=Purpose.TRAINING)),
        acts=sum(with_acts, start=Value(0)),
    ).filter(Q(against_training=True) | Q(fits=1))
    ordered: list[Any] = list(
        found.order_by(
            *("-against_training", "-of_kind", "-strictly", "-acts"),
            *(F("minutes").asc(nulls_last=True), "title"),
        )[:MOST_PER_GROUP]
    )
    if any(guide.of_kind for guide in ordered):
        return [guide for guide in ordered if guide.of_kind or not guide.against_training]
    return ordered


def _with_purpose(guides: GuideQuerySet) -> GuideQuerySet:
    """Annotate guides with whether they refuse training."""
    return guides.annotate(against_training=Exists(_refused()))


def _refused() -> UseQuerySet:
    """Return the uses for training that a guide in an outer query refuses."""
    return Use.objects.published().training().order_by().filter(controls__guides=OuterRef("pk"))


def _minutes(guide: Guide) -> int:
    return guide.minutes or 10**6


def _find(
    platforms: Sequence[Platform],
    asked: Sequence[str],
    fillers: Sequence[str],
    years: Sequence[int] = (),
    guides: Sequence[Guide] | None = None,
    *,
    or_some: bool = False,
) -> Findings:
    """Find records with these words. guides: those already found.

    or_some: those with most of the words, as none has all.
    """
    if guides is None:
        found = _of(platforms, _with_purpose(Guide.objects.published()), asked, fillers, or_some)
        guides = sorted(found, key=_least_effort_against_training)
    entries = _in_years(Entry.objects.for_timeline().for_rows(), years)
    return Findings(
        uses=_of(platforms, _of_listed(Use.objects.published()), asked, fillers, or_some),
        controls=_of(platforms, _of_listed(Control.objects.published()), asked, fillers, or_some),
        entries=_of(platforms, entries, asked, fillers, or_some),
        guides=list(guides),
    )


def _searched() -> list[QuerySet[Any]]:
    """Return the records that a search without the name of a platform looks through."""
    return [
        _of_listed(Use.objects.published()),
        _of_listed(Control.objects.published()),
        Entry.objects.published(),
        Guide.objects.published(),
    ]


def _in_years(entries: EntryQuerySet, years: Sequence[int]) -> EntryQuerySet:
    """Narrow entries to those whose date in the timeline is in one of these years, if any."""
    if not years:
        return entries
    return entries.filter(timeline_on__year__in=years)


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
    or_some: bool,
) -> list[_Record]:
    if or_some:
        return with_most_words(records, asked, MOST_PER_GROUP)
    if not platforms:
        return best(records, asked, MOST_PER_GROUP, asides=fillers)
    relation = "platforms__in" if records.model is Entry else "platform__in"
    records = records.filter(**{relation: platforms})
    # If no record of the platform contains the other words, all its records are found.
    return best(records, asked, MOST_PER_GROUP, asides=fillers, or_any=True)


def _platforms(asked: Sequence[str], listed: Iterable[Platform]) -> list[Platform]:
    """Return platforms whose name and operator contain every word; "API" alone names none."""
    wanted = set(without_asking("providers", asked))
    if not wanted:
        return []
    found = [
        platform
        for platform in listed
        if wanted.issubset(words(f"{platform.name} {platform.operator}"))
    ]
    return found[:MOST_PER_GROUP]


def _described(asked: Iterable[str], listed: Iterable[Platform]) -> list[Platform]:
    """Return platforms that a name of several words and the summary describe so, if any has all.

    Others have half of the words. One word is too little.
    """
    stems = {word.removesuffix("s") for word in asked}
    fits: dict[Platform, int] = {}
    for platform in listed:
        longer = [name for name in platform.aliases if " " in name]
        text = words(" ".join([platform.name, *longer, platform.summary]))
        fits[platform] = len(stems.intersection(word.removesuffix("s") for word in text))
    if len(stems) < 2 or max(fits.values(), default=0) < len(stems):
        return []
    found = [platform for platform, fit in fits.items() if 2 * fit >= len(stems)]
    return sorted(found, key=lambda platform: -fits[platform])
