"""What authorities did about platforms, by the rule of the timeline."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext, pgettext

from consent.ledger.catalog_words import translated
from consent.ledger.dates import Dated, is_settlement, leading_date
from consent.ledger.filters import TimelineFilters
from consent.ledger.place_words import in_parentheses, listed
from consent.ledger.reader_place import reaches
from consent.models import Entry, Reference
from consent.public.rows import DrawnRow, rows_of_events, subject_words
from consent.search.operators import operators
from consent.search.plain_words import words
from consent.vocabulary import Effect, ReferenceKind, Topic
from platforms.models import Platform

#: The short name of an authority, as in "Federal Trade Commission (FTC)".
_IN_PARENTHESES = re.compile(r"\((\w+)\)")
#: The result of a fine begins with its amount in all catalog files.
_FINE = re.compile(r"[\d.,]+ (?:million |billion )?(?:euros|pounds|dollars)\b")
#: A table of so many can be read at once. Chosen.
MOST_IN_A_TABLE = 40
_OF_AUTHORITIES = frozenset({Effect.REGULATOR_ACTION, Effect.COURT_RULING})
_OF_OTHERS = frozenset({Effect.LAWSUIT, Effect.COMPLAINT})


class Act(NamedTuple):
    """row: when, whom, what and with which result. platforms: whom it is about.

    named: labels that say as what courts, authorities and organisations are named, each with their
    names: who acted, before whom, or only that they are named. is_open: an authority or a court
    acted, and no decision is on record. later: what became of it, the oldest first.
    """

    row: DrawnRow
    entry: Entry
    platforms: Sequence[Platform]
    named: list[tuple[str, str]]
    is_open: bool
    later: Sequence[Entry]

    @property
    def about(self) -> str:
        return subject_words(self.entry)


class Outcomes(NamedTuple):
    """How many acts there are by what came of them. fines: among those with a result.

    ended: suits and complaints that ended in another way than by a settlement.
    """

    results: int
    fines: int
    settlements: int
    ended: int
    open: int

    @property
    def words(self) -> str:
        parts = [gettext("with a result: %(number)s") % {"number": self.results}]
        if self.results:
            fines = gettext("of these fines: %(number)s") % {"number": self.fines}
            parts = [in_parentheses(parts[0], [fines])]
        if self.settlements:
            number = ngettext("%(number)s settlement", "%(number)s settlements", self.settlements)
            parts.append(number % {"number": self.settlements})
        if self.ended:
            parts.append(gettext("ended otherwise: %(number)s") % {"number": self.ended})
        parts.append(gettext("without a result: %(number)s") % {"number": self.open})
        return " · ".join(parts)


class Acts(NamedTuple):
    """rows: of courts and regulators. suits: what others filed with them.

    outcomes: of all, shown or not. of_training: of those about training. decided_first: what is
    decided comes before what is open.
    platforms: on whose timelines these acts are; empty for all. query: of the timeline that has
    all of them. total: of all, shown or not. instead_of: platforms about which there are none,
    where these acts are about others of the same company.
    """

    rows: list[Act]
    suits: list[Act]
    platforms: Sequence[Platform]
    query: str = ""
    instead_of: Sequence[Platform] = ()
    total: int = 0
    outcomes: Outcomes | None = None
    of_training: Outcomes | None = None
    decided_first: bool = False

    @property
    def shown(self) -> int:
        return len(self.rows) + len(self.suits)


def acts_of_authorities(
    platforms: Sequence[Platform],
    most: int | None = None,
    narrowed: Mapping[str, str] = MappingProxyType({}),
    within: Sequence[str] = (),
    by: Collection[str] = (),
    *,
    decided_first: bool = False,
) -> Acts:
    """Return what courts and regulators did about these platforms; about any, if there are none.

    Those about training come first and other AI matters last, the newest of each first.
    most: that many, chosen by decisions about training first, and some of each company, and half
    as many suits; what became of one of them is no act of its own then. None: all, as there are
    if they are about platforms that are named and fit into one table.
    narrowed: further filters of the timeline, such as a place. within: several places, any of
    which the acts must reach; by: who must have acted (slugs). The timeline has no filters for
    these.
    decided_first: put what is decided before what is open, whatever they are about.
    """
    filters = {"topic": Topic.ENFORCEMENT.value, **narrowed}
    found = TimelineFilters(filters).shown().newest_first()
    if platforms:
        found = found.filter(platforms__in=platforms).distinct()
    entries = list(found.for_rows().prefetch_related("platforms", "references"))
    if by:
        entries = [each for each in entries if any(who.slug in by for who in _actors(each))]
    if within:
        entries = [each for each in entries if any(reaches(each.where, code) for code in within)]
    reached = {platform for entry in entries for platform in entry.platforms.all()}
    rows = rows_of_events(entries)
    whom: dict[tuple[str, Dated | None], list[Platform]] = defaultdict(list)
    for entry in entries:
        whom[entry.title, leading_date(entry)] += entry.platforms.all()
    entry_of = {entry.public_id: entry for entry in entries}
    events = [entry_of[row.public_id] for row in rows]
    following = _following() if events else {}
    outcomes = _outcomes(events)
    of_training = _outcomes([each for each in events if each.is_about_training])
    if most is not None and platforms and len(events) <= MOST_IN_A_TABLE:
        most = None
    if most is not None:
        events = _without_later(events, following)
    chosen = sorted(events, key=_matter)
    if decided_first:
        chosen.sort(key=lambda each: not each.result)
    own = [each for each in chosen if not _is_of_others(each)]
    of_others = [each for each in chosen if _is_of_others(each)]
    if most is not None:
        own = _chosen(own, platforms, most)
        of_others = _chosen(of_others, platforms, most // 2)
    row_of = {row.public_id: row for row in rows}

    def acts(shown: Sequence[Entry]) -> list[Act]:
        return [
            _act(row_of[each.public_id], each, whom[each.title, leading_date(each)], following)
            for each in shown
        ]

    return Acts(
        acts(own),
        acts(of_others),
        [platform for platform in platforms if platform in reached],
        urlencode(filters),
        total=len(rows),
        outcomes=outcomes,
        of_training=of_training,
        decided_first=decided_first,
    )


_Following = Mapping[int, Sequence[Entry]]


def _outcomes(entries: Sequence[Entry]) -> Outcomes:
    of_others = [each for each in entries if _is_of_others(each)]
    decided = [each for each in entries if each.result and each not in of_others]
    settled = [each for each in of_others if is_settlement(each)]
    ended = [each for each in of_others if each.result and each not in settled]
    return Outcomes(
        len(decided),
        sum(bool(_FINE.match(each.result)) for each in decided),
        len(settled),
        len(ended),
        len(entries) - len(decided) - len(settled) - len(ended),
    )


def _act(row: DrawnRow, entry: Entry, platforms: Sequence[Platform], following: _Following) -> Act:
    is_open = not entry.result and not _OF_AUTHORITIES.isdisjoint(entry.effects)
    named = [
        (label, listed([translated(who.name) for who in those]))
        for label, those in _as_what_named(entry)
        if those
    ]
    return Act(row, entry, platforms, named, is_open, _later(entry, following))


def _following() -> _Following:
    """Return the entries that follow another one, the oldest first, by its key."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.published().filter(follows__isnull=False).newest_first().reverse():
        if entry.follows_id is not None:
            found[entry.follows_id].append(entry)
    return found


def _later(entry: Entry, following: _Following) -> list[Entry]:
    """Return what became of an act, and what became of that."""
    return [
        later
        for follower in following.get(entry.pk, ())
        for later in (follower, *_later(follower, following))
    ]


def _without_later(entries: Sequence[Entry], following: _Following) -> list[Entry]:
    """Leave out what became of another of these acts that weighs as much: it is named there."""
    named = {
        later.pk
        for entry in entries
        for later in _later(entry, following)
        for other in entries
        if other.pk == later.pk and _rank(entry) <= _rank(other)
    }
    return [entry for entry in entries if entry.pk not in named]


def _is_of_others(entry: Entry) -> bool:
    """Return whether people or companies went to a court or a regulator, which have not acted."""
    return _OF_AUTHORITIES.isdisjoint(entry.effects) and not _OF_OTHERS.isdisjoint(entry.effects)


def _chosen(entries: Sequence[Entry], platforms: Sequence[Platform], most: int) -> list[Entry]:
    """Return the weightiest act of each company, then decisions, as many of each in turn.

    Other AI matters come last. The order stays.
    """
    ranked = sorted(entries, key=_rank)
    companies = {
        platform.pk: slug
        for slug, company in operators(platforms, at_least=1).items()
        for platform in company.platforms
    }
    taken: Counter[str] = Counter()
    turns: dict[int, int] = {}
    for entry in ranked:
        acted_on = entry.platforms.all()
        of_entry = {companies[each.pk] for each in acted_on if each.pk in companies} or {""}
        turns[entry.pk] = min(taken[each] for each in of_entry)
        taken.update(of_entry)

    def weight(entry: Entry) -> tuple[bool, bool, bool, int]:
        turn = turns[entry.pk]
        return turn > 0, entry.topic == Topic.OTHER, not entry.result, turn

    first = sorted(ranked, key=weight)[:most]
    return [entry for entry in entries if entry in first]


def _rank(entry: Entry) -> tuple[int, bool, bool]:
    """Put what is about training first; then decisions; then authorities before courts."""
    return _matter(entry), not entry.result, Effect.REGULATOR_ACTION not in entry.effects


def _matter(entry: Entry) -> int:
    """Return 0 for what is about training, 2 for other AI matters, 1 for what is between."""
    return 2 if entry.topic == Topic.OTHER else 0 if entry.is_about_training else 1


def authorities_named(query: Sequence[str]) -> set[str]:
    """Return the slugs of those who act whose slug or short name is among plain words: "CNIL"."""
    actors = Reference.objects.exclude(kind=ReferenceKind.LAW)
    short = {each.slug: words(" ".join(_IN_PARENTHESES.findall(each.name))) for each in actors}
    return {slug for slug, names in short.items() if not {slug, *names}.isdisjoint(query)}


def _as_what_named(entry: Entry) -> list[tuple[str, list[Reference]]]:
    """Return the actors of an entry by what they did; of a ruling the courts alone.

    Of several beside an act, and of those beside something else, the record does not say who acted.
    """
    actors = _actors(entry)
    if _is_of_others(entry):
        filed = [each for each in actors if each.kind == ReferenceKind.ORGANISATION]
        before = [each for each in actors if each not in filed]
        # Translators: of a suit or a complaint: "Before: the High Court"
        return [(_who(filed), filed), (pgettext("of a suit", "Before"), before)]
    if Effect.REGULATOR_ACTION in entry.effects:
        return [(_who(actors), actors)]
    if Effect.COURT_RULING in entry.effects:
        courts = [each for each in actors if each.kind == ReferenceKind.COURT] or actors
        return [(_who(courts), courts)]
    return [(_named(), actors)]


def _who(actors: Sequence[Reference]) -> str:
    return gettext("Who") if len(actors) == 1 else _named()


def _named() -> str:
    # Translators: before authorities and courts that an act has to do with
    return pgettext("of authorities", "Named")


def _actors(entry: Entry) -> list[Reference]:
    """Return the courts, regulators and organisations of an entry, without laws beside them."""
    return [each for each in entry.references.all() if each.kind != ReferenceKind.LAW]
