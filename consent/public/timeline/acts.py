"""What authorities did about platforms, by the rule of the timeline."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop, ngettext, pgettext

from consent.ledger.catalog_words import translated
from consent.ledger.dates import Dated, is_settlement, leading_date
from consent.ledger.facts import listed_platforms
from consent.ledger.filters import TimelineFilters
from consent.ledger.place_words import SEMICOLON, in_parentheses, listed, place_name
from consent.ledger.reader_place import reaches
from consent.models import Entry, Reference, Use
from consent.public.rows import DrawnRow, rows_of_events, subject_words
from consent.search.operators import operators, slug_of_operator
from consent.search.plain_words import has_phrase, words
from consent.vocabulary import Effect, ReferenceKind, Topic
from consent.web.page_language import colon
from platforms.models import Platform

#: The short name of an authority, as in "Federal Trade Commission (FTC)".
_IN_PARENTHESES = re.compile(r"\((\w+)\)")
#: The company behind a name, as in "Grok (xAI)".
_MAKER = re.compile(r" \(.*\)")
#: The result of a fine begins with its amount in all catalog files.
_AMOUNT = r"([\d.,]+) (million |billion )?(euros|pounds|dollars|won)\b"
_FINE = re.compile(_AMOUNT)
#: What has to be paid otherwise is in the words of the result.
_PAYMENT = re.compile(rf"(?<!\bor )\bpay {_AMOUNT}")
#: So is what would have to be paid by who does not obey.
_THREAT = re.compile(rf"\bor pay {_AMOUNT}|\bunder a daily fine\b")
#: So is that a suit ended by agreement.
_SETTLED = re.compile(r"\b[Ss]ettle")
_MILLION, _BILLION = 10**6, 10**9
_TIMES = {"million ": _MILLION, "billion ": _BILLION, None: 1}
_MILLIONS = {
    "euros": gettext_noop("%(number)s million euros"),
    "pounds": gettext_noop("%(number)s million pounds"),
    "dollars": gettext_noop("%(number)s million dollars"),
    "won": gettext_noop("%(number)s million won"),
}
_BILLIONS = {
    "euros": gettext_noop("%(number)s billion euros"),
    "pounds": gettext_noop("%(number)s billion pounds"),
    "dollars": gettext_noop("%(number)s billion dollars"),
    "won": gettext_noop("%(number)s billion won"),
}
#: So is that something has to be deleted.
DELETED = re.compile(r"\b(?:delete|erase|deletion)\b")
MODELS_DELETED = re.compile(r"\bdelete\b.*\bmodels\b")
#: What became of a fine is in its result too, as the files have it.
_ANNULLED = re.compile(r"\b(?:annulled|overturned)\b")
_REOPENED = re.compile(r"\bopen again\b")
#: So many are shown as rows of the timeline; more of them in brief. Chosen.
_MOST_AS_ROWS = 4
#: So many of a list in brief are shown before the others are folded; a list with a few more is not
#: folded. Chosen.
_FIRST, _FEW_MORE = 5, 3
#: What came of acts is told in so many lines about a company; several share out the lines of all.
#: Six for each of four companies take about four screens of a phone. Chosen.
_LINES, _LINES_OF_ALL, _LINES_OF_EACH = 14, 24, 3
#: Whether somebody has to do or leave something is in the words of a title or a result.
_ORDER = re.compile(
    r"\b(?:orders|forbids|bans|blocks)\b|\b(?:has|had) to (?!show|report|pay)|\bmay not\b"
)
_UNDERTAKING = re.compile(r"\bundertak")
_OF_AUTHORITIES = frozenset({Effect.REGULATOR_ACTION, Effect.COURT_RULING})
_OF_OTHERS = frozenset({Effect.LAWSUIT, Effect.COMPLAINT})


class Amount(NamedTuple):
    value: float
    currency: str

    @property
    def words(self) -> str:
        is_large = self.value >= _BILLION
        value = self.value / (_BILLION if is_large else _MILLION)
        text = (_BILLIONS if is_large else _MILLIONS)[self.currency]
        return gettext(text) % {"number": number_format(Decimal(f"{value:.6g}"))}


class Act(NamedTuple):
    """row: when, whom, what and with which result. platforms: whom it is about.

    named: labels that say as what courts, authorities and organisations are named, each with their
    names: who acted, before whom, or only that they are named. in_short: the same without labels.
    later: what became of it, the oldest first; not_beside: of that, what is not among the acts
    shown.
    """

    row: DrawnRow
    entry: Entry
    platforms: Sequence[Platform]
    named: list[tuple[str, str]]
    in_short: str
    later: Sequence[Entry]
    not_beside: Sequence[Entry]

    @property
    def decided_by(self) -> Entry | None:
        """The first later act with a result about the same, of an act without one of its own."""
        if self.entry.result:
            return None
        is_about_training = self.entry.is_about_training
        same = [each for each in self.later if each.is_about_training == is_about_training]
        return next((each for each in same if each.result), None)

    @property
    def has_result(self) -> bool:
        return bool(self.entry.result or self.decided_by)

    @property
    def is_open(self) -> bool:
        """Whether somebody acted and no decision is on record; a platform's step awaits none."""
        return self.entry.is_act and not self.has_result

    @property
    def weight(self) -> int:
        """The place of an act among what came of others; the weightiest has the least."""
        entry = self.entry
        is_halted = not {Effect.PAUSED, Effect.POSTPONED}.isdisjoint(entry.effects)
        weights = (
            bool(self.fine or self.payment),
            bool(entry.result and _ORDER.search(f"{entry.title} {entry.result}")),
            bool(entry.result and (is_halted or _UNDERTAKING.search(entry.result))),
            bool(entry.result and Effect.COURT_RULING in entry.effects),
            bool(entry.result),
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

    @property
    def authorities(self) -> list[Reference]:
        actors = chain(*(those for _label, those in _as_what_named(self.entry)))
        return [each for each in actors if each.kind != ReferenceKind.ORGANISATION]

    @property
    def about(self) -> str:
        return subject_words(self.entry)

    @property
    def fine(self) -> Amount | None:
        """The amount of a fine; None for other acts."""
        return _amount(_FINE.match(self.entry.result))

    @property
    def state_of_fine(self) -> str:
        """Say what became of a fine; nothing of one that no later decision is on record about."""
        if _REOPENED.search(self.entry.result):
            return pgettext("of a fine", "open again")
        if _ANNULLED.search(self.entry.result):
            return pgettext("of a fine", "annulled")
        return ""

    @property
    def payment(self) -> Amount | None:
        """The amount that has to be paid and is called no fine."""
        return _amount(_PAYMENT.search(self.entry.result))

    @property
    def has_payment(self) -> bool:
        return self.payment is not None

    @property
    def threatens(self) -> bool:
        """Whether something has to be paid only if an order is not obeyed."""
        return not self.fine and bool(_THREAT.search(self.entry.result))

    @property
    def is_settlement(self) -> bool:
        """Whether a suit ended by agreement, and that is not told by a later act."""
        is_last = not any(_SETTLED.search(each.result) for each in self.later)
        return is_last and bool(_SETTLED.search(self.entry.result))


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
        is_one = self.fines == 1
        parts = [str(self.fines)]
        if self.annulled:
            number = {"number": self.annulled}
            one = pgettext("of a fine", "annulled")
            parts.append(one if is_one else gettext("of these annulled: %(number)s") % number)
        if self.reopened:
            number = {"number": self.reopened}
            one = pgettext("of a fine", "open again")
            parts.append(one if is_one else gettext("of these open again: %(number)s") % number)
        return ", ".join(parts)

    @property
    def words(self) -> str:
        results, others = self._words_of_each
        if self.results:
            fines = gettext("of these fines: %(number)s") % {"number": self.words_of_fines}
            results = in_parentheses(results, [fines])
        return f"{results} · {others}"

    @property
    def words_of_results(self) -> str:
        return " · ".join(self._words_of_each)

    @property
    def _words_of_each(self) -> tuple[str, str]:
        return (
            gettext("with a result: %(number)s") % {"number": self.results},
            gettext("without a result: %(number)s") % {"number": self.open},
        )


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


class Part(NamedTuple):
    """Acts about one matter. rows: of courts and regulators. suits: what others filed with them.

    steps: what platforms did, most of it after an act.
    """

    rows: list[Act]
    suits: list[Act]
    steps: list[Act]
    outcomes: Outcomes

    @property
    def total(self) -> int:
        return len(self.rows) + len(self.suits) + len(self.steps)

    @property
    def first(self) -> Part:
        """The part as far as it is shown at once: all of a short one."""
        shown = self._replace(rows=self.rows[:_FIRST], suits=[], steps=[])
        return shown if self.folded else self

    @property
    def fines(self) -> list[Act]:
        return _newest_first(each for each in self.rows if each.fine)

    @property
    def sum_of_fines(self) -> str:
        """Say what the fines add up to, by currency and by what became of them."""
        return _sum_of_fines(self.fines)

    @property
    def authorities(self) -> list[Reference]:
        """The courts and regulators that are named."""
        return list(dict.fromkeys(chain(*(each.authorities for each in self.rows))))

    @property
    def weightiest(self) -> list[Act]:
        """The fines, and of each authority its weightiest act with a result and its newest open."""
        found: dict[object, Act] = {}
        for act in sorted(self.rows, key=lambda each: each.weight):
            of_same = (act.has_result, frozenset(act.authorities))
            found.setdefault(act.entry.pk if act.fine or not act.authorities else of_same, act)
        return list(found.values())

    @property
    def folded(self) -> Part | None:
        """The rest of a long part, below its first acts; None of a short one."""
        is_long = self.total > _FIRST + _FEW_MORE and self.rows
        return self._replace(rows=self.rows[_FIRST:]) if is_long else None

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


class Group(NamedTuple):
    """The acts about one company, or in one place, by whether they are about training.

    Without a name about all. slug: of the company, or the code of the place. platforms: those of
    the company, of those asked about, that the acts are about. whose: the company, or its platform
    alone. beyond: other platforms, with acts that are about what these do for it. most_lines: what
    came of the acts is told in so many lines, and the acts are folded; if 0, they are shown.
    """

    name: str
    slug: str
    platforms: Sequence[Platform]
    training: Part
    rest: Part
    whose: str = ""
    beyond: Sequence[Platform] = ()
    most_lines: int = 0

    @property
    def main(self) -> Part:
        """The acts about training, or those about other matters where there is none."""
        return self.training if self.training.total else self.rest

    @property
    def total(self) -> int:
        return self.training.total + self.rest.total

    @property
    def lines(self) -> list[Act]:
        """The acts of which it is told at once what came of them."""
        return self.main.weightiest[: self.most_lines]

    @property
    def names_beyond_lines(self) -> str:
        """Name who else acted with a result."""
        told = set(chain(*(each.authorities for each in self.lines if each.has_result)))
        decided = [each for each in self.main.rows if each.has_result]
        return _names(who for each in decided for who in each.authorities if who not in told)

    @property
    def names_of_open(self) -> str:
        """Name who else acted without a result."""
        rows = [each for each in self.main.rows if not each.has_result and each not in self.lines]
        return _names(who for each in rows for who in each.authorities)

    @property
    def names_platforms(self) -> bool:
        """Return whether a line has to say which platform an act is about."""
        return len(self.platforms) + len(self.beyond) != 1

    @property
    def beyond_names(self) -> str:
        return listed(each.name for each in self.beyond)

    @property
    def suits(self) -> list[Act]:
        return self.training.suits + self.rest.suits

    @property
    def has_fines(self) -> bool:
        return bool(self.training.outcomes.fines or self.rest.outcomes.fines)

    @property
    def payments(self) -> list[Act]:
        """The other acts by which something has to be paid."""
        rows = self.training.rows + self.rest.rows
        return _newest_first(each for each in rows if each.has_payment)

    @property
    def words_of_rest(self) -> str:
        """Say how many acts are not about training, and how many suits and steps."""
        parts, count = [], self.rest.outcomes.total
        if count and self.training.total:
            text = ngettext(
                "%(count)s further act, not about training",
                "%(count)s further acts, not about training",
                count,
            )
            parts.append(text % {"count": count})
        elif count:
            text = ngettext(
                "%(count)s act, not about training", "%(count)s acts, not about training", count
            )
            parts.append(text % {"count": count})
        if suits := len(self.rest.suits):
            text = ngettext(
                "%(count)s suit or complaint of others, not about training",
                "%(count)s suits and complaints of others, not about training",
                suits,
            )
            parts.append(text % {"count": suits})
        if steps := len(self.rest.steps):
            text = ngettext(
                "%(count)s step of a platform, not about training",
                "%(count)s steps of platforms, not about training",
                steps,
            )
            parts.append(text % {"count": steps})
        return " · ".join(parts)


class InsteadOfTheirs(StrEnum):
    NOTHING = "nothing"
    ABOUT_OTHERS = "about-others"
    BY_OTHERS = "by-others"


class Acts(NamedTuple):
    """groups: for each company asked about, most about training first; one group if not of several.

    training, rest: all acts, in no group. total: of both. places: those in each of several places.
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
    training: Part
    rest: Part
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
        return self.training.total + self.rest.total

    @property
    def own_total(self) -> int:
        """How many of them courts and regulators did themselves."""
        return self.training.outcomes.total + self.rest.outcomes.total

    @property
    def timelines(self) -> Sequence[Platform]:
        """The platforms on whose timelines these acts are; none for all."""
        beyond = chain.from_iterable(group.beyond for group in self.groups)
        return list(dict.fromkeys([*self.platforms, *beyond]))

    @property
    def by_names(self) -> str:
        return listed(map(_in_short, self.by))

    @property
    def complaints(self) -> list[Complaints]:
        return [
            Complaints(_in_short(who), sum(who in _actors(each.entry) for each in self.suits))
            for who in self.complainants
        ]

    @property
    def outcomes(self) -> Outcomes:
        return _outcomes(self.rows)

    @property
    def fines(self) -> list[Act]:
        return _newest_first(each for each in self.rows if each.fine)

    @property
    def sum_of_fines(self) -> str:
        return _sum_of_fines(self.fines)

    @property
    def highest_fines(self) -> list[Act]:
        """The highest fine in each currency; none where one fine is all there is."""
        amounts = [(each.fine, each) for each in self.fines if each.fine]
        amounts.sort(key=lambda pair: pair[0].value)
        highest = {amount.currency: act for amount, act in amounts}
        return _newest_first(highest.values()) if len(amounts) > 1 else []

    @property
    def fines_about_training(self) -> list[Act]:
        return [each for each in self.fines if each.entry.is_about_training]

    @property
    def fines_about_the_rest(self) -> list[Act]:
        return [each for each in self.fines if not each.entry.is_about_training]

    @property
    def payments(self) -> list[Act]:
        """The other acts by which something has to be paid."""
        return _newest_first(each for each in self.rows if each.has_payment)

    @property
    def threats(self) -> list[Act]:
        """The acts by which something has to be paid only if an order is not obeyed."""
        return _newest_first(each for each in self.rows if each.threatens)

    @property
    def settlements(self) -> list[Act]:
        """What ended by agreement and not by a payment that is on record."""
        acts = (*self.rows, *self.suits)
        return _newest_first(each for each in acts if each.is_settlement and not each.has_payment)

    @property
    def are_of_several(self) -> bool:
        """Return whether several companies are asked about."""
        return len(self.groups) > 1

    @property
    def are_by_company(self) -> bool:
        """Return whether the sums of each company come before its acts."""
        return bool(self.total and (self.are_of_several or (self.fines_first and self.platforms)))

    @property
    def are_fines_alone(self) -> bool:
        """Return whether the other acts are counted and not shown: there are many of all."""
        return self.fines_first and bool(self.fines) and not self.platforms

    @property
    def are_many(self) -> bool:
        """Return whether they are shown in brief, rather than as rows of the timeline."""
        return self.total > _MOST_AS_ROWS or bool(self.total and self.are_of_several)

    @property
    def rows(self) -> list[Act]:
        rows = self.training.rows + self.rest.rows
        return sorted(rows, key=lambda each: self.decided_first and not each.has_result)

    @property
    def suits(self) -> list[Act]:
        return self.training.suits + self.rest.suits

    @property
    def steps(self) -> list[Act]:
        return self.training.steps + self.rest.steps

    @property
    def endings(self) -> Endings:
        settled = [each for each in self.suits if is_settlement(each.entry)]
        ended = [each for each in self.suits if each.has_result and each not in settled]
        return Endings(len(settled), len(ended), len(self.suits) - len(settled) - len(ended))


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
    found = TimelineFilters(filters).shown().newest_first()
    companies = _companies(platforms)
    concerning = _concerning(companies)
    if platforms:
        keys = set().union(*concerning.values())
        found = found.filter(Q(platforms__in=platforms) | Q(pk__in=keys)).distinct()
    entries = list(found.for_rows().prefetch_related("platforms", "references"))
    if by:
        entries = [each for each in entries if any(who.slug in by for who in _actors(each))]
    if within:
        entries = [each for each in entries if any(reaches(each.where, code) for code in within)]
    of_result = [each for each in entries if with_result and with_result.search(each.result)]
    rows = rows_of_events(entries := of_result or entries)
    whom: dict[tuple[str, Dated | None], list[Platform]] = defaultdict(list)
    for entry in entries:
        whom[entry.title, leading_date(entry)] += entry.platforms.all()
    entry_of = {entry.public_id: entry for entry in entries}
    row_of = {entry_of[row.public_id]: row for row in rows}
    following = _following() if rows else {}
    beside = set(entries)
    acts = [
        _act(row_of[each], each, whom[each.title, leading_date(each)], following, beside)
        for each in sorted(row_of, key=_is_of_other_matters)
    ]
    if is_open_alone := open_alone and any(each.is_open for each in acts):
        acts = [each for each in acts if each.is_open]
    if decided_first and len(companies) < 2:
        acts.sort(key=lambda each: not each.has_result)
    groups = [
        _group(name, slug, own, [each for each in acts if _is_about(each, own, concerning[slug])])
        for slug, (name, own) in companies.items()
    ]
    groups.sort(key=lambda each: (-each.training.outcomes.total, -each.rest.outcomes.total))
    whole = _group("", "", platforms, acts)._replace(whose=groups[0].name if groups else "")
    shown = groups if len(groups) > 1 else [whole]
    return Acts(
        _in_lines(shown) if companies else shown,
        whole.training,
        whole.rest,
        whole.platforms,
        urlencode(filters),
        decided_first=decided_first and len(companies) < 2 and not is_open_alone,
        is_open_alone=is_open_alone,
        is_of_result=bool(of_result),
        by=list(Reference.objects.filter(slug__in=by)) if by else (),
        places=[_in_place(code, acts) for code in within] if in_each else (),
    )


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


def _in_lines(groups: Sequence[Group]) -> list[Group]:
    """Tell of the acts of companies in lines; of a few about one the acts themselves are shown."""
    if len(groups) == 1 and not groups[0].main.folded:
        return list(groups)
    of_each = min(_LINES, max(_LINES_OF_EACH, _LINES_OF_ALL // len(groups)))
    return [each._replace(most_lines=of_each) for each in groups]


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
    found = {}
    for slug, (_name, own) in companies.items():
        names = [words(_MAKER.sub("", each.name)) for each in own]
        keys = {each.pk for each in own}
        found[slug] = {
            entry
            for platform, part, trainer, entry in theirs
            if platform not in keys and (words(part) in names or _are_all_of(trainer, own))
        }
    return found


def _titled_by_part() -> Iterator[tuple[int, str, str, int]]:
    """Yield the acts whose title names a part of a platform: "An inquiry into Grok on X"."""
    parts = {each.pk: each.parts for each in listed_platforms() if each.parts}
    titled = Entry.objects.published().filter(platforms__in=parts, uses=None)
    for entry, title, platform in titled.values_list("pk", "title", "platforms"):
        for part in parts.get(platform, ()):
            if has_phrase(words(title), [" ".join(words(part))]):
                yield platform, part, "", entry


def _are_all_of(company: str, own: Sequence[Platform]) -> bool:
    """Return whether platforms are all that a company runs, which is named without its form."""
    brand = words(company)[:1]
    run = [each for each in listed_platforms() if brand and words(each.operator)[:1] == brand]
    return bool(run) and set(run) <= set(own)


def _parts(acts: Sequence[Act]) -> tuple[Part, Part]:
    training = [each for each in acts if each.entry.is_about_training]
    return _part(training), _part([each for each in acts if each not in training])


def _part(acts: Sequence[Act]) -> Part:
    of_others = [each for each in acts if _is_of_others(each.entry)]
    steps = [each for each in acts if not each.entry.is_act]
    own = [each for each in acts if each not in of_others and each not in steps]
    return Part(own, of_others, steps, _outcomes(own))


def _companies(platforms: Sequence[Platform]) -> dict[str, tuple[str, list[Platform]]]:
    """Return the platforms of each company, by its slug, with its name; of one its own name."""
    known = operators(platforms, at_least=1)
    found: dict[str, list[Platform]] = defaultdict(list)
    for platform in platforms:
        found[slug_of_operator(platform) or words(platform.name)[0]].append(platform)
    return {
        slug: (known[slug].name if len(own) > 1 and slug in known else own[0].name, own)
        for slug, own in found.items()
    }


_Following = Mapping[int, Sequence[Entry]]


def _amount(found: re.Match[str] | None) -> Amount | None:
    if found is None:
        return None
    return Amount(float(found[1].replace(",", "")) * _TIMES[found[2]], found[3])


def _sum_of_fines(fines: Iterable[Act]) -> str:
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for each in fines:
        if each.fine:
            sums[each.state_of_fine, each.fine.currency] += each.fine.value
    return str(SEMICOLON).join(
        in_parentheses(amount, [state]) if state else amount
        for (state, currency), value in sorted(sums.items(), key=lambda pair: pair[0])
        for amount in [Amount(value, currency).words]
    )


def _names(actors: Iterable[Reference]) -> str:
    return listed(_in_short(each) for each in dict.fromkeys(actors))


def _newest_first(acts: Iterable[Act]) -> list[Act]:
    return sorted(acts, key=lambda each: str(each.entry.timeline_on or ""), reverse=True)


def _outcomes(acts: Sequence[Act]) -> Outcomes:
    decided = [each for each in acts if each.has_result]
    fines = [each.entry.result for each in decided if each.fine]
    reopened = [each for each in fines if _REOPENED.search(each)]
    annulled = [each for each in fines if _ANNULLED.search(each) and each not in reopened]
    return Outcomes(
        *(len(decided), len(fines), len(annulled), len(reopened)), len(acts) - len(decided)
    )


def _act(
    row: DrawnRow,
    entry: Entry,
    platforms: Sequence[Platform],
    following: _Following,
    beside: Collection[Entry],
) -> Act:
    named = [(label, those) for label, those in _as_what_named(entry) if those]
    later = _later(entry, following)
    return Act(
        row,
        entry,
        platforms,
        [(label, listed([translated(who.name) for who in those])) for label, those in named],
        str(SEMICOLON).join(listed(map(_in_short, those)) for _label, those in named),
        later,
        [each for each in later if each not in beside],
    )


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


def _is_of_other_matters(entry: Entry) -> bool:
    return bool(entry.topic == Topic.OTHER)


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
