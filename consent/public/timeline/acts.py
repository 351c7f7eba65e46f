"""What authorities did about platforms, by the rule of the timeline."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain, zip_longest
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext, ngettext, pgettext

from consent.ledger.catalog_words import translated
from consent.ledger.dates import Dated, is_settlement, leading_date
from consent.ledger.facts import listed_platforms
from consent.ledger.filters import TimelineFilters
from consent.ledger.place_words import SEMICOLON, in_parentheses, listed, place_name
from consent.ledger.reader_place import reaches
from consent.models import Entry, Reference, Use
from consent.public.rows import DrawnRow, rows_of_events, subject_words
from consent.public.timeline.amounts import (
    Amount,
    fine_in,
    is_annulled,
    is_reopened,
    is_share,
    payment_in,
    sum_of_fines,
    threatens,
    without_payment,
)
from consent.search.operators import operators, slug_of_operator
from consent.search.plain_words import has_phrase, words
from consent.vocabulary import Effect, ReferenceKind, Topic
from consent.web.page_language import colon
from platforms.models import Platform

#: The short name of an authority, as in "Federal Trade Commission (FTC)".
_IN_PARENTHESES = re.compile(r"\((\w+)\)")
#: The company behind a name, as in "Grok (xAI)".
_MAKER = re.compile(r" \(.*\)")
#: That a suit ended by agreement is in the words of the result.
_SETTLED = re.compile(r"\b[Ss]ettle")
#: So is that something has to be deleted.
DELETED = re.compile(r"\b(?:delete|erase|deletion)\b")
MODELS_DELETED = re.compile(r"\bdelete\b.*\bmodels\b")
#: So many are shown as rows of the timeline; more of them in brief. Chosen.
_MOST_AS_ROWS = 4
#: So many of a list in brief are shown before the others are folded; a list with a few more is not
#: folded. Chosen.
_FIRST, _FEW_MORE = 5, 3
#: What came of so many cases is told in lines of their own, shared by the companies asked about,
#: and of at least so many about each. Four companies take three screens of a phone. Chosen.
_ROOM, _LEAST = 8, 2
#: The most acts without a payment that tell what came of one case. Chosen.
_MOST_TOLD = 3
#: Whether somebody has to do or leave something is in the words of a title or a result.
_ORDER = re.compile(
    r"\b(?:orders|forbids|bans|blocks)\b|\b(?:has|had) to (?!show|report|pay)|\bmay not\b"
)
#: Weights of acts with a payment, of the least that binds, and of the least that decides.
_PAID, _ORDERED, _DECIDED = 0, 2, 4
_UNDERTAKING = re.compile(r"\bundertak")
#: Nor does a result decide by which somebody advises or looks into nothing, as the files have it.
_NOTHING_DECIDED = re.compile(
    r"\bnothing is decided\b|^(?:Advice|Guidance|No inquiry|Plans|Recommendations)\b"
)
#: Where a result can be cut. A dot after a number may be that of a German date.
_CLAUSE_END = re.compile(r"(\s?;\s|(?<=[^\W\d]{3})\.\s)")
#: After a colon a result gives its reason.
_REASON = re.compile(r"\s?:\s[^;]*")
#: So long a result is never cut. Chosen.
_SHORT = 80

#: Further authorities that are named; of more it says how many. Chosen.
_MOST_NAMED = 3
#: What came later has its year in the words.
_YEAR = re.compile(r"\b20\d\d\b")
#: So a clause says what a result leaves open, or how its case went on.
_LIMIT = re.compile(
    r"\b(?:nothing is decided|is not decided|no appeal|no approval|still open)\b"
    r"|\b(?:appealed|upheld|goes back|struck out)\b"
)
_OF_AUTHORITIES = frozenset({Effect.REGULATOR_ACTION, Effect.COURT_RULING})
_OF_OTHERS = frozenset({Effect.LAWSUIT, Effect.COMPLAINT})


@dataclass(frozen=True, eq=False)
class Act:
    """date: the day it is listed under. platforms: whom it is about. root: the entry that all in
    its case follow, by its key.

    named: labels that say as what courts, authorities and organisations are named, each with their
    names: who acted, before whom, or only that they are named. in_short: the same without labels.
    later: what became of it, the oldest first; not_beside: of that, what is not among the acts
    shown. twins: entries with the same title and day, about other platforms. row: drawn for a few.
    """

    entry: Entry
    date: Dated | None
    platforms: Sequence[Platform]
    root: int
    named: list[tuple[str, str]]
    in_short: str
    later: Sequence[Entry]
    not_beside: Sequence[Entry]
    twins: Sequence[Entry] = ()
    row: DrawnRow | None = None

    @property
    def decided_by(self) -> Entry | None:
        """The first later act with a result about the same, of an act without one of its own."""
        if self.entry.result:
            return None
        is_about_training = self.entry.is_about_training
        same = [each for each in self.later if each.is_about_training == is_about_training]
        return next((each for each in same if each.result), None)

    @cached_property
    def has_result(self) -> bool:
        return bool(self.entry.result or self.decided_by)

    @property
    def is_open(self) -> bool:
        """Whether somebody acted and no decision is on record; a platform's step awaits none."""
        return self.entry.is_act and not self.has_result

    @cached_property
    def weight(self) -> int:
        """The place of an act among what came of others; the weightiest has the least."""
        entry = self.entry
        is_halted = not {Effect.PAUSED, Effect.POSTPONED}.isdisjoint(entry.effects)
        weights = (
            bool(self.fine or (self.payment and not is_share(entry.result))),
            bool(entry.result and (is_halted or _UNDERTAKING.search(entry.result))),
            bool(entry.result and _ORDER.search(f"{entry.title} {entry.result}")),
            bool(entry.result and Effect.COURT_RULING in entry.effects),
            bool(entry.result and not _NOTHING_DECIDED.search(entry.result)),
            self.has_result,
            True,
        )
        return weights.index(True)

    @property
    def also_later(self) -> list[Entry]:
        """What else followed: a result about another matter, and what is not shown beside it."""
        elsewhere = {each for each in self.later if each.result} if self.is_open else set()
        shown = elsewhere.union(self.not_beside) - {self.decided_by}
        return [each for each in self.later if each in shown]

    @cached_property
    def authorities(self) -> list[Reference]:
        actors = chain(*(those for _label, those in _as_what_named(self.entry)))
        return [each for each in actors if each.kind != ReferenceKind.ORGANISATION]

    @property
    def by(self) -> str:
        return listed(map(_in_short, self.authorities))

    @property
    def about(self) -> str:
        return subject_words(self.entry)

    @property
    def part(self) -> str:
        """The part of a platform that the act is about: "Sora"."""
        return listed(dict.fromkeys(each.part for each in self.entry.uses.all() if each.part))

    @property
    def fine(self) -> Amount | None:
        return fine_in(self.entry.result)

    @property
    def payment(self) -> Amount | None:
        return payment_in(self.entry.result)

    @property
    def words_of_payment(self) -> str:
        """Say what has to be paid; of a share of a company, what it is and what became of it."""
        if is_share(self.entry.result):
            return self.in_brief
        return self.payment.words if self.payment else ""

    @property
    def is_settlement(self) -> bool:
        """Whether a suit ended by agreement, and that is not told by a later act."""
        is_last = not any(_SETTLED.search(each.result) for each in self.later)
        return is_last and bool(_SETTLED.search(self.entry.result))

    @property
    def in_brief(self) -> str:
        """Say the outcome, and what came of it later."""
        return _in_brief(self.entry.result)


class Told(NamedTuple):
    """An act with what came of it in a few words; without words if it has no result.

    who: courts and authorities, unless those of the act told before did this as well.
    """

    act: Act
    who: str
    outcome: str


class Case(NamedTuple):
    """Acts of courts and regulators that follow one another, or that the same of them began."""

    acts: Sequence[Act]

    @property
    def weight(self) -> int:
        return min(each.weight for each in self.acts)

    def told(self, *, in_few_words: bool = False) -> list[Told]:
        """The acts that say what came of it, the oldest first: those that bind, and the newest.

        Of a case without a decision it is the newest act. What came later is said once: by the act
        of that year, if it is shown; the result of a fine says it, and a ruling is beside that only
        if it ends the fine.
        """
        *others, newest = sorted(
            [each for each in self.acts if each.entry.result] or self.acts[:1], key=_day
        )
        paid = [each for each in others if each.weight == _PAID]
        bind = [each for each in others if _PAID < each.weight <= _ORDERED]
        ends_fine = is_annulled(newest.entry.result)
        is_said = paid and newest.weight > _ORDERED and not ends_fine
        last = [] if is_said else [newest]
        shown = sorted([*paid, *bind[: _MOST_TOLD - 1], *last], key=_day)
        told: list[Told] = []
        for number, act in enumerate(shown, start=1):
            is_of_same = told and set(told[-1].act.authorities) <= set(act.authorities)
            years = {_day(later)[:4] for later in shown[number:] if later.root == act.root}
            whole = len(shown) == 1 and not in_few_words
            outcome = _in_brief(act.entry.result, told_in=years, whole=whole)
            if in_few_words:
                outcome = _REASON.sub("", outcome)
            told.append(Told(act, "" if is_of_same else act.by, outcome))
        return told


class Outcomes(NamedTuple):
    """How many acts of courts and regulators there are by what came of them.

    fines: among those with a result. annulled, reopened: among the fines; the case of a reopened
    one is open again, whatever became of it before.
    """

    results: int
    fines: int
    annulled: int
    reopened: int
    open: int

    @property
    def total(self) -> int:
        return self.results + self.open

    @property
    def words_of_fines(self) -> str:
        """Say how many fines there are, and what became of them: "1, annulled"."""
        parts = [str(self.fines)]
        for number, one, several in (
            (
                self.annulled,
                pgettext("of a fine", "annulled"),
                gettext("of these annulled: %(number)s"),
            ),
            (
                self.reopened,
                pgettext("of a fine", "open again"),
                gettext("of these open again: %(number)s"),
            ),
        ):
            if number:
                parts.append(one if self.fines == 1 else several % {"number": number})
        return ", ".join(parts)

    @property
    def words(self) -> str:
        results = gettext("with a result: %(number)s") % {"number": self.results}
        others = gettext("without a result: %(number)s") % {"number": self.open}
        if self.results:
            fines = gettext("of these fines: %(number)s") % {"number": self.words_of_fines}
            results = in_parentheses(results, [fines])
        return f"{results} · {others}"


class Endings(NamedTuple):
    """How many suits and complaints there are by how they ended. ended: without a settlement."""

    settlements: int
    ended: int
    open: int

    @property
    def words(self) -> str:
        parts = []
        if self.settlements:
            number = ngettext("%(number)s settlement", "%(number)s settlements", self.settlements)
            parts.append(number % {"number": self.settlements})
        if self.ended:
            parts.append(gettext("ended otherwise: %(number)s") % {"number": self.ended})
        parts.append(gettext("without a result: %(number)s") % {"number": self.open})
        return " · ".join(parts)


@dataclass(frozen=True, eq=False)
class Part:
    """Acts about one matter, or about all. rows: of courts and regulators. suits: what others filed
    with them. steps: what platforms did, most of it after an act.
    """

    rows: list[Act]
    suits: list[Act]
    steps: list[Act]

    @property
    def total(self) -> int:
        return len(self.rows) + len(self.suits) + len(self.steps)

    @cached_property
    def outcomes(self) -> Outcomes:
        decided = [each for each in self.rows if each.has_result]
        results = [each.entry.result for each in self.fines]
        annulled, reopened = (sum(map(of, results)) for of in (is_annulled, is_reopened))
        still_open = len(self.rows) - len(decided)
        return Outcomes(len(decided), len(results), annulled, reopened, still_open)

    @cached_property
    def fines(self) -> list[Act]:
        return _newest_first(each for each in self.rows if each.fine)

    @property
    def sum_of_fines(self) -> str:
        """Say what the fines add up to, by currency and by what became of them."""
        return sum_of_fines(each.entry.result for each in self.fines)

    @property
    def highest_fines(self) -> list[Act]:
        """The highest fine in each currency; none where one fine is all there is."""
        amounts = [(each.fine, each) for each in self.fines if each.fine]
        amounts.sort(key=lambda pair: pair[0].value)
        highest = {amount.currency: act for amount, act in amounts}
        return _newest_first(highest.values()) if len(amounts) > 1 else []

    @property
    def telling_fines(self) -> list[Act]:
        """All fines, or of more than three the highest in each currency."""
        return self.highest_fines if len(self.fines) > 3 else self.fines

    @cached_property
    def payments(self) -> list[Act]:
        """The other acts by which something has to be paid."""
        return _newest_first(each for each in self.rows if each.payment)

    @property
    def threats(self) -> list[Act]:
        """The acts by which something has to be paid only if an order is not obeyed."""
        return _newest_first(each for each in self.rows if threatens(each.entry.result))

    @property
    def settlements(self) -> list[Act]:
        """What ended by agreement and not by a payment that is on record."""
        acts = (*self.rows, *self.suits)
        return _newest_first(each for each in acts if each.is_settlement and not each.payment)

    @property
    def endings(self) -> Endings:
        settled = [each for each in self.suits if is_settlement(each.entry)]
        ended = [each for each in self.suits if each.has_result and each not in settled]
        return Endings(len(settled), len(ended), len(self.suits) - len(settled) - len(ended))

    @cached_property
    def cases(self) -> list[Case]:
        """The acts of courts and regulators by case, the weightiest first."""
        following = defaultdict(list)
        for act in self.rows:
            following[act.root].append(act)
        begun_by: dict[object, list[Act]] = defaultdict(list)
        for root, acts in following.items():
            begun_by[frozenset(min(acts, key=_day).authorities) or root] += acts
        return sorted(map(Case, begun_by.values()), key=lambda each: each.weight)

    @property
    def first(self) -> Part:
        """The part as far as it is shown at once: all of a short one."""
        return Part(self.rows[:_FIRST], [], []) if self.folded else self

    @property
    def folded(self) -> Part | None:
        """The rest of a long part, below its first acts; None of a short one."""
        is_long = self.total > _FIRST + _FEW_MORE and self.rows
        return replace(self, rows=self.rows[_FIRST:]) if is_long else None

    @property
    def words_of_further(self) -> str:
        """Say how much there is, of what is folded."""
        parts = []
        if count := len(self.rows):
            text = ngettext("%(count)s further act", "%(count)s further acts", count)
            parts.append(text % {"count": count})
        if self.suits:
            suits = gettext("Suits and complaints of others")
            parts.append(f"{suits}{colon()} {len(self.suits)}")
        if self.steps:
            steps = gettext("What platforms did themselves")
            parts.append(f"{steps}{colon()} {len(self.steps)}")
        return " · ".join(parts)


class Complaints(NamedTuple):
    """How many of the suits and complaints beside acts an organisation filed."""

    name: str
    number: int


@dataclass(frozen=True, eq=False)
class Group:
    """The acts about one company, or in one place, by whether they are about training.

    Without a name about all. slug: of the company, or the code of the place. platforms: those of
    the company, of those asked about, that the acts are about. whose: the company, or its platform
    alone. beyond: other platforms, with acts that are about what these do for it. room: what came
    of so many cases is told in lines of their own, and the acts are folded; if 0, they are shown.
    """

    name: str
    slug: str
    platforms: Sequence[Platform]
    training: Part
    rest: Part
    whose: str = ""
    beyond: Sequence[Platform] = ()
    room: int = 0

    @cached_property
    def all(self) -> Part:
        return Part(
            self.training.rows + self.rest.rows,
            self.training.suits + self.rest.suits,
            self.training.steps + self.rest.steps,
        )

    @property
    def main(self) -> Part:
        """The acts about training, or those about other matters where there is none."""
        return self.training if self.training.total else self.rest

    @property
    def lines(self) -> list[Sequence[Told]]:
        """What came of the cases, a line each; of several beyond the room in few words."""
        others = self._cases[self.room :]
        in_few_words = len(others) > 1
        beyond = [each.told(in_few_words=in_few_words) for each in others]
        return [*(each.told() for each in self._cases[: self.room]), *beyond]

    @cached_property
    def _cases(self) -> list[Case]:
        """The first cases, and of the others those with a fine or a decision about training."""
        if not self.room:
            return []
        least = _DECIDED if self.main is self.training else _PAID
        first, others = self.main.cases[: self.room], self.main.cases[self.room :]
        return first + [each for each in others if each.weight <= least]

    @property
    def undecided(self) -> list[Act]:
        """Of who else acted without a result, the first such act of each."""
        return list({each.by or each: each for each in self._open}.values())

    @cached_property
    def _open(self) -> list[Act]:
        told = [told.act for case in self._cases for told in case.told()]
        return [each for each in self.main.rows if not each.has_result and each not in told]

    @property
    def number_of_further(self) -> int:
        """How many other courts and regulators acted, with a decision, advice or a request."""
        return len(self._unnamed)

    @property
    def further(self) -> list[Act]:
        """The newest act of each of these, where they are few enough to be named."""
        if self.number_of_further > _MOST_NAMED:
            return []
        acts = (each for each in self.main.rows if not self._unnamed.isdisjoint(each.authorities))
        return list({each.by: each for each in reversed([*acts])}.values())

    @cached_property
    def _unnamed(self) -> set[Reference]:
        told = chain(self._open, *(case.acts for case in self._cases))
        named = set(chain(*(each.authorities for each in told)))
        return set(chain(*(each.authorities for each in self.main.rows))) - named

    @property
    def names_platforms(self) -> bool:
        """Return whether a line has to say which platform an act is about."""
        return len(self.platforms) + len(self.beyond) != 1

    @property
    def timelines(self) -> Sequence[Platform]:
        """The platforms on whose timelines these acts are; none for all."""
        return [*self.platforms, *self.beyond]

    @property
    def beyond_names(self) -> str:
        return listed(each.name for each in self.beyond)


class InsteadOfTheirs(StrEnum):
    NOTHING = "nothing"
    ABOUT_OTHERS = "about-others"
    BY_OTHERS = "by-others"


class Acts(NamedTuple):
    """groups: for each company asked about, most about training first; one group if not of several.

    whole: all acts, in one group. places: those in each of several places.
    decided_first: what is decided comes before what is open.
    platforms: those asked about that these acts are about. query: of the timeline that has
    all of them. instead_of: platforms about which there are none, where these acts are about
    others of the same company. by: who must have acted. instead_of_theirs: which acts these are
    where those asked about did nothing that is on record about what is asked. is_wider: there are
    none in the places and on the days asked about, and these are in others.
    complainants: organisations that are named, whose complaints are beside the acts of anybody.
    fines_first: the fines are asked for, and come before all; fines_by_matter: those about training
    are. is_open_alone: what is decided is left out. is_of_result: so are those with
    another result than the one asked about.
    """

    groups: list[Group]
    whole: Group
    platforms: Sequence[Platform]
    query: str = ""
    instead_of: Sequence[Platform] = ()
    decided_first: bool = False
    by: Sequence[Reference] = ()
    instead_of_theirs: InsteadOfTheirs | None = None
    places: Sequence[Group] = ()
    is_wider: bool = False
    complainants: Sequence[Reference] = ()
    fines_first: bool = False
    fines_by_matter: bool = False
    is_open_alone: bool = False
    is_of_result: bool = False

    @property
    def total(self) -> int:
        return self.whole.all.total

    @property
    def by_names(self) -> str:
        return listed(map(_in_short, self.by))

    @property
    def complaints(self) -> list[Complaints]:
        suits = [_actors(each.entry) for each in self.whole.all.suits]
        return [
            Complaints(_in_short(who), sum(who in actors for actors in suits))
            for who in self.complainants
        ]

    @property
    def are_of_several(self) -> bool:
        """Return whether several companies are asked about."""
        return len(self.groups) > 1

    @property
    def unfined_for_training(self) -> str:
        """Name the companies without a fine about training."""
        return listed(each.name for each in self.groups if not each.training.fines)

    @property
    def are_by_company(self) -> bool:
        """Return whether what came of the acts about each company is told before these."""
        several = self.are_of_several or (self.fines_first and self.platforms)
        return bool(self.total and (several or self.groups[0].room))

    @property
    def are_fines_alone(self) -> bool:
        """Return whether the other acts are counted and not shown: there are many of all."""
        return self.fines_first and bool(self.whole.all.fines) and not self.platforms

    @property
    def are_many(self) -> bool:
        """Return whether they are shown in brief, rather than as rows of the timeline."""
        return self.total > _MOST_AS_ROWS or bool(self.total and self.are_of_several)

    @property
    def rows(self) -> list[Act]:
        return sorted(
            self.whole.all.rows, key=lambda each: self.decided_first and not each.has_result
        )


def acts_of_authorities(
    platforms: Sequence[Platform],
    narrowed: Mapping[str, str] = MappingProxyType({}),
    within: Sequence[str] = (),
    by: Collection[str] = (),
    *,
    decided_first: bool = False,
    open_alone: bool = False,
    in_each: bool = False,
    with_result: re.Pattern[str] | None = None,
) -> Acts:
    """Return what courts and regulators did about these platforms; about any, if there are none.

    Acts about what another platform does for a product, which may be a part of it, count for the
    product. Those about training come first and other matters last, the newest of each first.
    narrowed: further filters of the timeline, such as a place. within: several places, any of
    which the acts must reach; by: who must have acted (slugs). The timeline has no filters for
    these.
    decided_first: put what is decided before what is open. open_alone: leave out what is decided,
    if something is open. in_each: count for each of the places.
    """
    filters = {"topic": Topic.ENFORCEMENT.value, **narrowed}
    companies = _companies(platforms)
    concerning = _concerning(companies)
    found = TimelineFilters(filters).shown().newest_first()
    if platforms:
        keys = set().union(*concerning.values())
        found = found.filter(Q(platforms__in=platforms) | Q(pk__in=keys)).distinct()
    entries = list(found.for_rows().prefetch_related("platforms", "references"))
    if by:
        entries = [each for each in entries if any(who.slug in by for who in _actors(each))]
    if within:
        entries = [each for each in entries if any(reaches(each.where, code) for code in within)]
    of_result = [each for each in entries if with_result and with_result.search(each.result)]
    acts = _acts(of_result or entries)
    if is_open_alone := open_alone and any(each.is_open for each in acts):
        acts = [each for each in acts if each.is_open]
    if is_decided_first := decided_first and len(companies) < 2 and not is_open_alone:
        acts.sort(key=lambda each: not each.has_result)
    if len(acts) <= _MOST_AS_ROWS:
        acts = _drawn(acts)
    groups = [
        _group(name, slug, own, [each for each in acts if _is_about(each, own, concerning[slug])])
        for slug, (name, own) in companies.items()
    ]
    groups.sort(key=lambda each: (-len(each.training.rows), -len(each.rest.rows)))
    whole = replace(_group("", "", platforms, acts), whose=groups[0].name if groups else "")
    shown = groups if len(groups) > 1 else [whole]
    return Acts(
        _in_cases(shown) if companies else shown,
        whole,
        whole.platforms,
        urlencode(filters),
        decided_first=is_decided_first,
        is_open_alone=is_open_alone,
        is_of_result=bool(of_result),
        by=list(Reference.objects.filter(slug__in=by)) if by else (),
        places=[_in_place(code, acts) for code in within] if in_each else (),
    )


def _acts(entries: Sequence[Entry]) -> list[Act]:
    """Return the acts of entries, other matters last; those of one title and day are one act."""
    events: dict[tuple[str, Dated | None], list[Entry]] = defaultdict(list)
    for entry in entries:
        events[entry.title, leading_date(entry)].append(entry)
    following = _following() if events else {}
    follows = {later.pk: key for key, those in following.items() for later in those}
    beside = set(entries)
    acts = []
    for (_title, date), (entry, *twins) in events.items():
        named = [(label, those) for label, those in _as_what_named(entry) if those]
        later = _later(entry, following)
        act = Act(
            entry,
            date,
            list(chain(*(each.platforms.all() for each in (entry, *twins)))),
            _root(entry.pk, follows),
            [(label, listed([translated(who.name) for who in those])) for label, those in named],
            str(SEMICOLON).join(listed(map(_in_short, those)) for _label, those in named),
            later,
            [each for each in later if each not in beside],
            twins,
        )
        acts.append(act)
    return sorted(acts, key=lambda each: each.entry.topic == Topic.OTHER)


def _root(key: int, follows: Mapping[int, int]) -> int:
    while key in follows:
        key = follows[key]
    return key


def _drawn(acts: Sequence[Act]) -> list[Act]:
    rows = rows_of_events([entry for act in acts for entry in (act.entry, *act.twins)])
    return [replace(act, row=row) for act, row in zip(acts, rows, strict=True)]


def _group(name: str, slug: str, own: Sequence[Platform], acts: Sequence[Act]) -> Group:
    about = {platform for each in acts for platform in each.platforms}
    beyond = [each.platforms for each in acts if own and not set(own).intersection(each.platforms)]
    return Group(
        name,
        slug,
        [each for each in own if each in about],
        *_parts(acts),
        whose=name,
        beyond=list(dict.fromkeys(chain(*beyond))),
    )


def _in_cases(groups: Sequence[Group]) -> list[Group]:
    """Tell of the acts of companies by case; of a few about one the acts themselves are shown."""
    if len(groups) == 1 and not groups[0].main.folded:
        return list(groups)
    return [replace(each, room=max(_LEAST, _ROOM // len(groups))) for each in groups]


def _in_place(code: str, acts: Sequence[Act]) -> Group:
    there = [each for each in acts if reaches(each.entry.where, code)]
    return _group(place_name(code), code, (), there)


def _is_about(act: Act, own: Collection[Platform], concerning: Collection[int]) -> bool:
    return act.entry.pk in concerning or not set(own).isdisjoint(act.platforms)


def _concerning(companies: Mapping[str, tuple[str, Sequence[Platform]]]) -> dict[str, set[int]]:
    """Return the entries, by their keys, about what other platforms do for those of each company.

    They do it in a part with the name of a product, which the use or the title of an entry names,
    or the company trains on their data; then it is about all its products together, as it is not on
    record for which.
    """
    uses = Use.objects.published().exclude(part="", trained_by="").exclude(entries=None)
    theirs = [*uses.values_list("platform", "part", "trained_by", "entries"), *_titled_by_part()]
    run_by = defaultdict(set)
    for each in listed_platforms():
        run_by[_brand(each.operator)].add(each.pk)
    of_trainers = [
        (platform, words(part), run_by[_brand(trainer)] if trainer else None, entry)
        for platform, part, trainer, entry in theirs
    ]
    found = {}
    for slug, (_name, own) in companies.items():
        names = [words(_MAKER.sub("", each.name)) for each in own]
        keys = {each.pk for each in own}
        found[slug] = {
            entry
            for platform, part, run, entry in of_trainers
            if platform not in keys and (part in names or (run and run <= keys))
        }
    return found


def _brand(company: str) -> str:
    """Return the name of a company without its form."""
    return next(iter(words(company)), "")


def _titled_by_part() -> Iterator[tuple[int, str, str, int]]:
    """Yield the acts whose title names a part of a platform: "An inquiry into Grok on X"."""
    parts = {each.pk: each.parts for each in listed_platforms() if each.parts}
    titled = Entry.objects.published().filter(platforms__in=parts, uses=None)
    for entry, title, platform in titled.values_list("pk", "title", "platforms"):
        for part in parts.get(platform, ()):
            if has_phrase(words(title), [" ".join(words(part))]):
                yield platform, part, "", entry


def _parts(acts: Sequence[Act]) -> tuple[Part, Part]:
    training = [each for each in acts if each.entry.is_about_training]
    return _part(training), _part([each for each in acts if each not in training])


def _part(acts: Sequence[Act]) -> Part:
    of_others = [each for each in acts if _is_of_others(each.entry)]
    steps = [each for each in acts if not each.entry.is_act]
    own = [each for each in acts if each not in of_others and each not in steps]
    return Part(own, of_others, steps)


def _companies(platforms: Sequence[Platform]) -> dict[str, tuple[str, list[Platform]]]:
    """Return the platforms of each company, by its slug, with its name; of one with its own."""
    known = operators(platforms, at_least=1)
    found: dict[str, list[Platform]] = defaultdict(list)
    for platform in platforms:
        found[slug_of_operator(platform) or words(platform.name)[0]].append(platform)
    return {
        slug: (known[slug].name if len(own) > 1 and slug in known else _with_company(own[0]), own)
        for slug, own in found.items()
    }


def _with_company(platform: Platform) -> str:
    """Return its name with that of its company, if that is another: "ChatGPT (OpenAI)"."""
    own, company = (words(name) for name in (platform.name, platform.operator))
    is_alike = company[: len(own)] == own or _MAKER.search(platform.name)
    return platform.name if is_alike else f"{platform.name} ({platform.operator})"


_Following = Mapping[int, Sequence[Entry]]


def _newest_first(acts: Iterable[Act]) -> list[Act]:
    return sorted(acts, key=_day, reverse=True)


def _day(act: Act) -> str:
    return str(act.entry.timeline_on or "")


def _in_brief(result: str, *, told_in: Collection[str] = (), whole: bool = False) -> str:
    """Return the first clause of a result, and those that limit it or say what came of it later.

    Payment is left out. told_in: years of which other acts tell that. whole: return all of a short
    one.
    """
    text = without_payment(result)
    if whole and len(text) < _SHORT:
        return text.rstrip(".")
    first, *others = _CLAUSE_END.split(text)
    in_english = _CLAUSE_END.split(result)[2::2]
    kept = [
        end + clause
        for end, clause, english in zip_longest(others[::2], others[1::2], in_english, fillvalue="")
        if _LIMIT.search(english) or set(_YEAR.findall(clause)).difference(told_in)
    ]
    return "".join([first, *kept]).rstrip(".")


def _in_short(who: Reference) -> str:
    """Return the abbreviation of an authority with its country; its name if it has none."""
    name = translated(who.name)
    short = _IN_PARENTHESES.search(name)
    return in_parentheses(short[1], [place_name(who.place)]) if short else name


def _following() -> _Following:
    """Return the entries that follow another one, the oldest first, by its key."""
    found: dict[int, list[Entry]] = defaultdict(list)
    followers = Entry.objects.published().with_topics().filter(follows__isnull=False)
    for entry in followers.newest_first().reverse():
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


def _is_of_others(entry: Entry) -> bool:
    """Return whether people or companies went to a court or a regulator, which have not acted."""
    return _OF_AUTHORITIES.isdisjoint(entry.effects) and not _OF_OTHERS.isdisjoint(entry.effects)


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
