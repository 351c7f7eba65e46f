"""What the catalog says of one platform, as plain data that verdicts are made from.

Only what is published; drafts never enter. `facts` makes it from rows of the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from consent.vocabulary import (
    BY_ADMIN,
    TRAINING_PURPOSES,
    ActCovers,
    Basis,
    By,
    DataKind,
    Earlier,
    People,
    PlanKind,
    Precision,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
    Why,
)
from platforms.places import WORLDWIDE, Coverage, Where, cells


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What a use is from a day on, until the next state begins.

    since: None only for a first state whose start is not known.
    pending: due, and not seen yet; the state before it goes on.
    earlier: what became of data given before; None if not known. Only after an on or agreed state.
    why: of an unclear state.
    said_by: who says so, where that is not the operator.
    basis: of the entry that opened it, or its own; None where no source is on record.
    has_entry: a published entry opened it; what is said of the state is the same without.
    """

    value: StateValue
    since: dt.date | None = None
    precision: Precision = Precision.DAY
    since_is: SinceIs = SinceIs.EXACT
    pending: bool = False
    disputed: bool = False
    note: str = ""
    earlier: Earlier | None = None
    why: Why | None = None
    said_by: str = ""
    basis: Basis | None = None
    has_entry: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """The people in some places for whom one history of states holds, oldest state first.

    people: empty for everyone.
    adults: a source speaks of adults only.
    only_kinds: the kinds of data that its source names, if fewer than the use has.
    who: the group in the source's words. who_narrows: they name fewer than people and plans do;
    otherwise they name the same in other words.
    id: whatever the caller needs to find the branch again.
    """

    states: tuple[StateFacts, ...]
    where: Where = WORLDWIDE
    people: tuple[People, ...] = (People.PERSONAL,)
    plans: tuple[str, ...] = ()
    who: str = ""
    who_narrows: bool = False
    adults: bool = False
    only_kinds: tuple[DataKind, ...] = ()
    id: int | None = None


@dataclass(frozen=True, slots=True)
class UseFacts:
    """A published use. A platform has them in the order of their weight.

    key: by which controls name it; unique in the facts of a platform.
    titles: language, title and title_if_not, besides the English ones.
    trained_by: who trains, where that is not the operator. behind_trainer: who did so before, as
    that company has the place of others, and who owns it. covers: which data, in a file's words.
    known_from: the day of the first published entry or dated source about it. An undated first
    state answers for no day before it; None sets no bound.
    """

    key: str
    title: str
    purpose: Purpose
    branches: tuple[BranchFacts, ...]
    title_if_not: str = ""
    part: str = ""
    trained_by: str = ""
    behind_trainer: CompaniesBehind | None = None
    covers: str = ""
    data_kinds: tuple[DataKind, ...] = ()
    known_from: dt.date | None = None
    short: tuple[tuple[str, str], ...] = ()
    titles: tuple[tuple[str, str, str], ...] = ()

    def __hash__(self) -> int:
        # The generated one hashes every state, and answers are looked up by facts (verdict_over).
        return hash(self.key)

    @property
    def slug(self) -> str:
        """The part of its key that names it within its platform, and its card on a page."""
        return self.key.rpartition("/")[2]

    @property
    def is_training(self) -> bool:
        return self.purpose in TRAINING_PURPOSES

    def about(self, kind: DataKind) -> UseFacts:
        """Return the use as far as it is about a kind of data: some branches name fewer."""
        if not any(branch.only_kinds for branch in self.branches):
            return self
        told = (each for each in self.branches if not each.only_kinds or kind in each.only_kinds)
        return replace(self, branches=tuple(told))

    def kinds_of(self, branches: Iterable[BranchFacts]) -> tuple[DataKind, ...]:
        """Return the kinds of data that it is about for the people of some of its branches."""
        told = {kind for each in branches for kind in each.only_kinds or self.data_kinds}
        return tuple(kind for kind in self.data_kinds if kind in told)


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """To whom a control is offered, from since up to, but not including, until.

    people: empty for everyone. since: None if not known. who: the exact group, if they are fewer.
    """

    where: Where = WORLDWIDE
    people: tuple[People, ...] = ()
    plans: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    who: str = ""

    def is_in_force(self, day: dt.date, known_from: dt.date | None = None) -> bool:
        """known_from: of the uses that it refuses, as for states whose start is not known."""
        since = self.since or known_from
        return (since is None or since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """A published way to refuse, in the order of the file.

    label: the exact words in the product; name: ours, if it has none.
    labels: pairs of another language and the product's words in it.
    uses: keys of the uses that it refuses; unknown ones (other platforms, drafts) are skipped.
    offered: empty if it is offered where a use that it reaches can be refused or agreed to.
    minutes: the fewest of its published guides; None if unknown.
    only_at_times: it is open on certain days only, not known to be today.
    has_directions: a menu path, a link to it or an address to write to is known.
    known_from: the first day on which a record names it, if an offer has no first day: before it,
    that offer is not sure. Else None.
    """

    key: str
    uses: tuple[str, ...]
    refuse: Refuse
    label: str = ""
    name: str = ""
    by: By = By.PERSON
    binding: bool = True
    act_covers: ActCovers = ActCovers.EVERYTHING
    reach: Reach = Reach.UNSTATED
    to: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    offered: tuple[OfferFacts, ...] = ()
    has_guide: bool = False
    has_directions: bool = True
    minutes: int | None = None
    only_at_times: bool = False
    needs_payment: bool = False
    known_from: dt.date | None = None

    @property
    def words(self) -> str:
        """The exact words in the product, or ours where it has none."""
        return self.label or self.name

    def label_in(self, language: str | None) -> str:
        """The product's words in a language other than English; empty if they are not known."""
        return dict(self.labels).get(language or "", "")

    @property
    def is_by_admin(self) -> bool:
        return self.by in BY_ADMIN or self.refuse == Refuse.ASK_ADMIN

    @property
    def is_preset(self) -> bool:
        """True if an admin sets the default only, and each person decides."""
        return self.by == By.PRESET

    @property
    def covers_one_at_a_time(self) -> bool:
        """True if the act must be repeated for each conversation or item."""
        return self.act_covers in (ActCovers.ONE_CONVERSATION, ActCovers.ONE_ITEM)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan of a platform's closed list.

    includes: names of other plans of the list that it stands for ("Claude for Work": Team).
    people: for whom it is sold; empty where the list does not say.
    until: the first day on which it is no longer sold; former: since an unknown day.
    retention: how long what is sent is kept, where a page (retention_source) states it.
    """

    name: str
    aliases: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    people: tuple[People, ...] = ()
    paid: bool | None = None
    former: bool = False
    since: dt.date | None = None
    since_precision: Precision = Precision.DAY
    until: dt.date | None = None
    until_precision: Precision = Precision.DAY
    kind: PlanKind = PlanKind.PLAN
    retention: str | None = None
    retention_source: str | None = None


class OperatorBefore(NamedTuple):
    """A company that answered for a service before. until: the first day of the next one.

    by: what dates that, where others date it differently. announced: when the next was.
    """

    name: str
    until: dt.date
    precision: Precision = Precision.DAY
    by: str = ""
    announced: dt.date | None = None
    announced_precision: Precision = Precision.DAY


class OwnerFacts(NamedTuple):
    """A company that owns the one that answers for a service. since: None if not known."""

    name: str
    since: dt.date | None = None
    precision: Precision = Precision.DAY


class CompaniesBehind(NamedTuple):
    """Who answered for a service before, and who owns the company that does, the latest first."""

    before: tuple[OperatorBefore, ...] = ()
    owners: tuple[OwnerFacts, ...] = ()

    def owners_on(self, day: dt.date) -> tuple[OwnerFacts, ...]:
        """Return the owner of a past day, if it is on record since when there was one."""
        return tuple(each for each in self.owners if each.since and each.since <= day)[:1]

    def without_owners(self) -> CompaniesBehind:
        return self._replace(owners=())

    def in_brief(self) -> CompaniesBehind:
        """Return which company followed which, and when, alone."""
        before = (each._replace(by="", announced=None) for each in self.before)
        return CompaniesBehind(tuple(before))


_NOBODY_ELSE = CompaniesBehind()


def operator_on(day: dt.date, operator: str, before: Sequence[OperatorBefore]) -> str:
    """Return the company of a day: one of those before, or the one of today."""
    of_day = [each for each in before if day < each.until]
    return min(of_day, key=lambda each: each.until).name if of_day else operator


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """All that a verdict needs of one platform: its published uses and the controls of these.

    plans: the closed list; empty where none is on record. plans_complete: it has all that are sold.
    parts: the parts of the product that uses may be limited to.
    min_age: in years; None if not known. min_age_elsewhere: another one, in places.
    """

    slug: str
    name: str
    operator: str = ""
    uses: tuple[UseFacts, ...] = ()
    controls: tuple[ControlFacts, ...] = ()
    plans: tuple[PlanFacts, ...] = ()
    plans_complete: bool = False
    parts: tuple[str, ...] = ()
    min_age: int | None = None
    min_age_elsewhere: tuple[tuple[int, tuple[str, ...]], ...] = ()
    behind: CompaniesBehind = _NOBODY_ELSE

    def __hash__(self) -> int:
        return hash(self.slug)  # see UseFacts

    def operator_on(self, day: dt.date) -> str:
        """Return the company that answered for the service on a day."""
        return operator_on(day, self.operator, self.behind.before)

    @property
    def owner(self) -> str:
        """The company that owns the operator; "" if none is on record."""
        return self.behind.owners[0].name if self.behind.owners else ""

    def min_age_in(self, place: str) -> int | None:
        """Return how old people must be in a place; without a place, in most."""
        for age, places in self.min_age_elsewhere:
            if place and all(
                Where(places).covers(cell) == Coverage.SURELY
                for cell in cells(place, [Where(places)])
            ):
                return age
        return self.min_age

    def about(self, kind: DataKind) -> PlatformFacts:
        """Return the facts as far as uses are about a kind of data; these, if all are."""
        uses = tuple(use.about(kind) for use in self.uses)
        return self if uses == self.uses else replace(self, uses=uses)


def known_from_of(facts: PlatformFacts, control: ControlFacts) -> dt.date | None:
    """Return the first day on which something is on record of the uses that a control refuses."""
    days = [_first_record(use) for use in facts.uses if use.key in control.uses]
    return None if None in days else min(filter(None, days), default=None)


def _first_record(use: UseFacts) -> dt.date | None:
    """Return the day on which the records of a use begin; None if that is not known."""
    begun = [branch.states[0].since for branch in use.branches if branch.states]
    days = [since or use.known_from for since in begun] or [use.known_from]
    return None if None in days else min(filter(None, days))


def states_begun(use: UseFacts, branch: BranchFacts, day: dt.date) -> list[StateFacts]:
    """Return the states that have begun by a day, oldest first; the last one holds."""
    return [state for state in branch.states if _has_begun(use, state, day)]


def state_on(use: UseFacts, branch: BranchFacts, day: dt.date) -> StateFacts | None:
    """Return the state that holds on a day: the last of states_begun."""
    for state in reversed(branch.states):
        if _has_begun(use, state, day):
            return state
    return None


def _has_begun(use: UseFacts, state: StateFacts, day: dt.date) -> bool:
    if state.pending:
        return False
    since = state.since or use.known_from
    return since is None or since <= day
