"""The verdict in one cell of a place: steps 2 to 4 of docs/catalog.md, "The verdict".

A cell is a part of the place for which no branch and no offer says two things.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from consent.ledger.answers import (
    Answer,
    CellVerdict,
    DiffersBy,
    Line,
    Manner,
    Way,
)
from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    OfferFacts,
    StateFacts,
    UseFacts,
    state_on,
)
from consent.vocabulary import (
    IN_USE,
    ActCovers,
    People,
    Purpose,
    Refuse,
    StateValue,
)
from platforms.places import Cell, Coverage

_ANY_MANNER = Manner()


class Account(NamedTuple):
    """Whose data it is about: people of one kind on a plan ("" for any), on a day."""

    people: People
    plan: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class JudgedCell:
    """The answer in one cell with the controls that are offered there, by their keys."""

    verdict: CellVerdict
    controls: tuple[ControlFacts, ...]
    offers: dict[str, Coverage]
    #: Of each use with each value; sentences and the answer both ask for it.
    manners: dict[tuple[str, StateValue, People], Manner] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(
        cls,
        cell: Cell,
        uses: tuple[UseFacts, ...],
        involved: tuple[UseFacts, ...],
        controls: tuple[ControlFacts, ...],
        account: Account,
    ) -> JudgedCell:
        by_use = {use.key: lines_of(use, cell, account) for use in involved}
        offers = {
            control.key: coverage
            for control in controls
            if (coverage := coverage_of_offer(control, cell, by_use, account))
        }
        offered = tuple(control for control in controls if control.key in offers)
        named = _lines_for_plan([by_use[use.key] for use in uses], account.plan)
        answer, differs_by, lines = _answer(named, offered)
        return cls(CellVerdict(cell, answer, differs_by, tuple(lines)), offered, offers)

    def deciding(self, answer: Answer) -> tuple[Line, ...]:
        """Return the lines that decide an answer for the whole place: all, if it differs."""
        value = _DECIDING.get(answer)
        lines = self.verdict.lines
        if answer == Answer.NO and all(line.value == StateValue.NOT_OFFERED for line in lines):
            return lines
        return tuple(line for line in lines if value in (None, line.value))

    def best(self, keys: Collection[str]) -> ControlFacts | None:
        """Return the best of the controls that reach any of these uses."""
        reaching = [each for each in self.controls if not set(keys).isdisjoint(each.uses)]
        return min(reaching, key=lambda each: rank(each, self.offers, keys), default=None)

    def ways(self, lines: Iterable[Line]) -> tuple[Way, ...]:
        """Choose the best control for the uses that are on, then for those it does not reach."""
        ways = []
        left = list(dict.fromkeys(line.use.key for line in lines if line.is_on))
        while left and (best := self.best(left)):
            reached = tuple(key for key in left if key in best.uses)
            ways.append(Way(best, reached, self.offers[best.key]))
            left = [key for key in left if key not in best.uses]
        return tuple(ways)

    def manner(self, key: str, value: StateValue, people: People) -> Manner:
        """How a use is refused or agreed to here; always the same for other values."""
        if value not in (StateValue.UNLESS_REFUSED, StateValue.ONLY_IF_AGREED):
            return _ANY_MANNER
        known = self.manners.get((key, value, people))
        if known is None:
            known = self.manners[key, value, people] = self._manner(key, value, people)
        return known

    def _manner(self, key: str, value: StateValue, people: People) -> Manner:
        reaching = [control for control in self.controls if key in control.uses]
        best = self.best((key,))
        if best is None:
            return Manner(by_organisation=people == People.ORGANISATION)
        by_organisation = all(control.is_by_admin for control in reaching)
        if value == StateValue.ONLY_IF_AGREED:
            return Manner(by_organisation=by_organisation)
        binding = any(control.binding for control in reaching)
        return Manner(by_organisation, best.covers_one_at_a_time, binding)


def lines_of(use: UseFacts, cell: Cell, account: Account) -> list[Line]:
    """Step 2, for one use. A branch that does not name the plan asked for covers it perhaps."""
    lines = []
    for number, branch, coverage in _covering(use, cell, account.people, account.plan):
        if account.plan and account.plan not in branch.plans:
            coverage = min(coverage, Coverage.PERHAPS)
        state = state_on(use, branch, account.day)
        is_clear = state is not None and coverage == Coverage.SURELY
        value = state.value if state and is_clear else StateValue.UNCLEAR
        lines.append(Line(use, number, branch, coverage, state, value))
    return _without_repetitions(lines)


# The answers for a platform, for each of its uses, for each kind of data and for each month all
# rest on these. Chosen: at 300 platforms, three uses in some six cells for two kinds of readers.
@lru_cache(maxsize=16_384)
def _covering(
    use: UseFacts, cell: Cell, kind: People, plan: str
) -> tuple[tuple[int, BranchFacts, Coverage], ...]:
    """Return the branches that cover a cell for these people, with their numbers."""
    if kind == People.CREATORS and not any(
        People.CREATORS in branch.people or not branch.people for branch in use.branches
    ):
        kind = People.PERSONAL  # creators have such an account too
    covering = tuple(
        (number, branch, coverage)
        for number, branch in enumerate(use.branches)
        if (not branch.people or kind in branch.people) and (coverage := branch.where.covers(cell))
    )
    if not plan:
        return covering
    return tuple(each for each in covering if plan in each[1].plans) or tuple(
        each for each in covering if not each[1].plans
    )


def _without_repetitions(lines: list[Line]) -> list[Line]:
    """Drop lines that cover perhaps and say what the lines that cover surely say anyway."""
    surely = [line for line in lines if line.coverage == Coverage.SURELY]
    if not surely or len(surely) == len(lines):
        return lines
    return [
        line
        for line in lines
        if line.coverage == Coverage.SURELY
        or not (beside := _for_the_same_plans(line, surely))
        or any(other.recorded != line.recorded for other in beside)
    ]


def _for_the_same_plans(line: Line, others: Iterable[Line]) -> list[Line]:
    plans = line.branch.plans
    return [
        other
        for other in others
        if not plans or not other.branch.plans or not set(plans).isdisjoint(other.branch.plans)
    ]


def _differs_by_unnamed_places(lines: Sequence[Line]) -> bool:
    """Whether a use has other values in places that the sources do not name."""
    surely = [line for line in lines if line.coverage == Coverage.SURELY]
    return any(
        other.recorded != line.recorded
        for line in lines
        if line.coverage == Coverage.PERHAPS
        for other in _for_the_same_plans(line, surely)
    )


class Claim(NamedTuple):
    """What a branch says in a cell, without whose it is: many uses say the same.

    The fields are those of Line. plans: of the branch.
    """

    coverage: Coverage
    recorded: StateValue
    plans: tuple[str, ...]


def claims_of(use: UseFacts, cell: Cell, account: Account) -> tuple[Claim, ...]:
    """Return what the branches of a use say in one cell."""
    (lines,) = _lines_for_plan([lines_of(use, cell, account)], account.plan)
    return tuple(Claim(line.coverage, line.recorded, line.branch.plans) for line in lines)


_SOME_USE = UseFacts("", "", Purpose.TRAINING, ())
_SOME_CELL = Cell(())


def answer_to_claims(claims: Iterable[Claim]) -> CellVerdict:
    """Answer in one cell for one use alone: no control has a part in that."""
    lines = []
    for coverage, recorded, plans in claims:
        branch, state = BranchFacts((), plans=plans), StateFacts(recorded)
        value = recorded if coverage == Coverage.SURELY else StateValue.UNCLEAR
        lines.append(Line(_SOME_USE, 0, branch, coverage, state, value))
    answer, differs_by, left = _answer([lines], ())
    return CellVerdict(_SOME_CELL, answer, differs_by, tuple(left))


def _lines_for_plan(by_use: list[list[Line]], plan: str) -> list[list[Line]]:
    """Return the lines, or none where no use names the plan: nothing is on record for it."""
    if not plan or any(plan in line.branch.plans for lines in by_use for line in lines):
        return by_use
    return [[] for _lines in by_use]


def _answer(
    by_use: list[list[Line]], offered: tuple[ControlFacts, ...]
) -> tuple[Answer, DiffersBy | None, list[Line]]:
    """Steps 2 (its last sentence) to 4: the answer and the lines that remain."""
    lines = [line for of_use in by_use for line in of_use]
    if any(_differs_by_unnamed_places(of_use) for of_use in by_use):
        return Answer.DIFFERS, DiffersBy.UNNAMED_PLACES, lines
    if not lines:
        return Answer.UNKNOWN, None, []
    left = [line for line in lines if line.value != StateValue.NOT_OFFERED]
    if not left:
        return Answer.NO, None, lines
    return (*_weighed(left, offered), left)


_DECIDING = {
    Answer.YES_NO_WAY_OUT: StateValue.NO_WAY_OUT,
    Answer.YES_UNLESS_REFUSED: StateValue.UNLESS_REFUSED,
    Answer.ONLY_IF_AGREED: StateValue.ONLY_IF_AGREED,
    Answer.NO: StateValue.NOT_USED,
    Answer.UNKNOWN: StateValue.UNCLEAR,
}


def _weighed(
    lines: list[Line], offered: tuple[ControlFacts, ...]
) -> tuple[Answer, DiffersBy | None]:
    """Step 4. lines: without what is not offered; the first use is the lead."""
    lead = [line.value for line in lines if line.use.key == lines[0].use.key]
    others = {line.value for line in lines if line.use.key != lines[0].use.key}
    values = {line.value for line in lines}
    if values.isdisjoint(IN_USE):
        if set(lead) == {StateValue.UNCLEAR}:
            return Answer.UNKNOWN, None
        if StateValue.UNCLEAR in others:
            return Answer.DIFFERS, DiffersBy.USE
        if len(set(lead)) > 1:
            return Answer.DIFFERS, DiffersBy.PLAN
        if StateValue.ONLY_IF_AGREED in values:
            return Answer.ONLY_IF_AGREED, None
        return Answer.NO, None
    if len(set(lead)) > 1:
        return Answer.DIFFERS, DiffersBy.PLAN
    if lead[0] not in IN_USE:
        return Answer.DIFFERS, DiffersBy.USE
    if StateValue.NO_WAY_OUT not in values:
        return Answer.YES_UNLESS_REFUSED, None
    refusable = {line.use.key for line in lines if line.value == StateValue.UNLESS_REFUSED}
    if any(control.binding and not refusable.isdisjoint(control.uses) for control in offered):
        return Answer.DIFFERS, DiffersBy.USE
    return Answer.YES_NO_WAY_OUT, None


def coverage_of_offer(
    control: ControlFacts, cell: Cell, by_use: dict[str, list[Line]], account: Account
) -> Coverage:
    """Whether a control is offered in a cell to these people on this day."""
    if not control.offered:
        # Where and while a use that it reaches can be refused or agreed to.
        return max(
            (
                line.coverage
                for key in control.uses
                for line in by_use.get(key, ())
                if line.recorded in (StateValue.UNLESS_REFUSED, StateValue.ONLY_IF_AGREED)
            ),
            default=Coverage.NOT,
        )
    kind = account.people
    if kind == People.CREATORS and not any(
        kind in offer.people or not offer.people for offer in control.offered
    ):
        kind = People.PERSONAL
    covered = [
        (offer, offer.where.covers(cell))
        for offer in control.offered
        if (not offer.people or kind in offer.people)
        and (offer.since is None or offer.since <= account.day)
        and (offer.until is None or account.day < offer.until)
    ]
    # Offers often begin apart for each plan; what counts is the plans that have one by now.
    plans = {
        plan for offer, coverage in covered if coverage == Coverage.SURELY for plan in offer.plans
    }
    return max(
        (
            min(coverage, _offered_on_plan(offer, plans, control, by_use, account.plan))
            for offer, coverage in covered
        ),
        default=Coverage.NOT,
    )


def _offered_on_plan(
    offer: OfferFacts,
    plans_with_offer: set[str],
    control: ControlFacts,
    by_use: dict[str, list[Line]],
    plan: str,
) -> Coverage:
    if not offer.plans or plan in offer.plans:
        return Coverage.SURELY
    if plan:
        return Coverage.NOT
    # No plan was asked for: surely if the uses concern no other plans either.
    concerned = [line.branch.plans for key in control.uses for line in by_use.get(key, ())]
    is_sure = concerned and all(plans and set(plans) <= plans_with_offer for plans in concerned)
    return Coverage.SURELY if is_sure else Coverage.PERHAPS


_COVERED = {covered: number for number, covered in enumerate(ActCovers)}
_ACTS = {act: number for number, act in enumerate(Refuse)}
_LONG = 10**6  # minutes of a control without a guide


def rank(
    control: ControlFacts, offers: dict[str, Coverage], keys: Collection[str]
) -> tuple[int, ...]:
    """Sort key of ways out: the best is the least. Ties keep the order of the file."""
    return (
        -offers[control.key],
        _COVERED[control.act_covers],
        not control.binding,
        -len(set(keys) & set(control.uses)),
        control.is_by_admin,
        not control.has_guide,
        _LONG if control.minutes is None else control.minutes,
        _ACTS[control.refuse],
    )
