"""The verdict: does a platform train on the data of these people in this place on this day?

Platform × place × people × plan × day → an answer, by what it differs, the uses that decide it,
since when, and the best ways out. The rules are in docs/catalog.md, "The verdict". Everything here
works on plain data; `verdict_words` puts it into words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import TextChoices

from consent.vocabulary import (
    IN_USE,
    TRAINING_PURPOSES,
    By,
    ControlScope,
    DataKind,
    People,
    Precision,
    Purpose,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
)
from platforms.places import GROUPS, WORLD, WORLDWIDE, Cell, Coverage, Where, cells, joined, merged


class Answer(TextChoices):
    """The closed list of answers. The words of a page are made by verdict_words."""

    YES_UNLESS_REFUSED = "yes-unless-refused"
    YES_NO_WAY_OUT = "yes-no-way-out"
    ONLY_IF_AGREED = "only-if-agreed"
    NO = "no"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


class DiffersBy(TextChoices):
    """By what an answer differs, in the order in which it is said."""

    PLACE = "place"
    UNNAMED_PLACES = "places-not-named"
    USE = "use"
    PLAN = "plan"


# What the catalog says of one platform. Drafts never enter.


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What a use is from a day on, until the next state begins.

    since: None only for a first state whose start is not known.
    pending: due, and not seen yet; the state before it goes on.
    """

    value: StateValue
    since: dt.date | None = None
    precision: Precision = Precision.DAY
    since_is: SinceIs = SinceIs.EXACT
    pending: bool = False
    disputed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """The people in some places for whom one history of states holds, oldest state first.

    people: empty for everyone.
    id: whatever the caller needs to find the branch again.
    """

    states: tuple[StateFacts, ...]
    where: Where = WORLDWIDE
    people: tuple[People, ...] = (People.PERSONAL,)
    plans: tuple[str, ...] = ()
    who: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class UseFacts:
    """A published use. A platform has them in the order of their weight.

    key: by which controls name it; unique in the facts of a platform.
    known_from: the day of the first published entry or dated source about it. An undated first
    state answers for no day before it; None sets no bound.
    """

    key: str
    title: str
    purpose: Purpose
    branches: tuple[BranchFacts, ...]
    title_if_not: str = ""
    part: str = ""
    data_kinds: tuple[DataKind, ...] = ()
    known_from: dt.date | None = None

    @property
    def is_training(self) -> bool:
        return self.purpose in TRAINING_PURPOSES


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """To whom a control is offered, from since up to, but not including, until.

    people: empty for everyone.
    """

    where: Where = WORLDWIDE
    people: tuple[People, ...] = ()
    plans: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """A published way to refuse, in the order of the file.

    label: the exact words in the product; name: ours, if it has none.
    uses: keys of the uses that it refuses; unknown ones (other platforms, drafts) are skipped.
    offered: empty if it is offered where a use that it reaches can be refused or agreed to.
    minutes: the fewest of its published guides; None if unknown.
    """

    key: str
    uses: tuple[str, ...]
    refuse: Refuse
    label: str = ""
    name: str = ""
    by: By = By.PERSON
    binding: bool = True
    scope: ControlScope = ControlScope.EVERYTHING
    reach: Reach = Reach.UNSTATED
    to: str = ""
    offered: tuple[OfferFacts, ...] = ()
    has_guide: bool = False
    minutes: int | None = None

    @property
    def words(self) -> str:
        """The exact words in the product, or ours where it has none."""
        return self.label or self.name

    @property
    def is_by_admin(self) -> bool:
        return self.by == By.ADMIN or self.refuse == Refuse.ASK_ADMIN

    @property
    def covers_one_at_a_time(self) -> bool:
        """True if the act must be repeated for each conversation or item."""
        return self.scope in (ControlScope.ONE_CONVERSATION, ControlScope.ONE_ITEM)


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """All that a verdict needs of one platform: its published uses and the controls of these."""

    slug: str
    name: str
    operator: str = ""
    uses: tuple[UseFacts, ...] = ()
    controls: tuple[ControlFacts, ...] = ()


# What a verdict says.


@dataclass(frozen=True, slots=True)
class Line:
    """What one branch says in one cell.

    number: of the branch within the use.
    recorded: the value of the state that holds; value: the same, or unclear if the branch covers
    the cell perhaps only.
    """

    use: UseFacts
    number: int
    branch: BranchFacts
    coverage: Coverage
    state: StateFacts | None
    value: StateValue

    @property
    def key(self) -> tuple[str, int]:
        """The branch, unique in the facts of a platform."""
        return self.use.key, self.number

    @property
    def recorded(self) -> StateValue:
        return self.state.value if self.state else StateValue.UNCLEAR

    @property
    def is_on(self) -> bool:
        return self.value in IN_USE


class Manner(NamedTuple):
    """How people refuse, or agree: this varies the words of answers and sentences."""

    by_organisation: bool = False
    each_time: bool = False
    binding: bool = True


@dataclass(frozen=True, slots=True)
class Since:
    """Since when a use has been on without a break.

    on: None if the start is not known, or if it differs by place.
    disputed: anywhere in the place; disputed_in_part: not everywhere.
    """

    on: dt.date | None = None
    precision: Precision = Precision.DAY
    since_is: SinceIs = SinceIs.EXACT
    disputed: bool = False
    disputed_in_part: bool = False
    differs_by_place: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A control chosen as a way out, with the deciding uses that it reaches.

    coverage: whether it is offered surely or perhaps.
    """

    control: ControlFacts
    uses: tuple[str, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happens, or does not, for some people in some places.

    wheres: empty if it holds in the whole place that was asked for.
    plans, who: named if the sentence is limited to them.
    """

    use: UseFacts
    value: StateValue
    manner: Manner
    disputed: bool
    branches: tuple[BranchFacts, ...]
    wheres: tuple[Where, ...] = ()
    plans: tuple[str, ...] = ()
    who: str = ""


@dataclass(frozen=True, slots=True)
class CellVerdict:
    """The answer in one cell, by steps 2 to 4.

    lines: all that remain there, without what is not offered (unless nothing else remains).
    """

    cell: Cell
    answer: Answer
    differs_by: DiffersBy | None
    lines: tuple[Line, ...]

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Cells are alike if these are equal."""
        if self.answer != Answer.DIFFERS:
            return (self.answer,)
        values = {
            (line.use.key, plan, line.recorded, line.value)
            for line in self.lines
            for plan in line.branch.plans or ("",)
        }
        return (self.answer, self.differs_by, *sorted(values))


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer with what a page says below it.

    lines: the deciding lines of all cells, one for each branch.
    since: only if the answer is a yes.
    ways: best first. They are alternatives by place if ways_differ_by_place; otherwise all of
    them are needed, and minutes is their sum (None if that of one is not known).
    part: the part of the product that all deciding uses are limited to.
    """

    answer: Answer
    place: str
    people: People
    plan: str
    day: dt.date
    operator: str
    differs_by: tuple[DiffersBy, ...]
    lines: tuple[Line, ...]
    sentences: tuple[Sentence, ...]
    since: Since | None
    ways: tuple[Way, ...]
    ways_differ_by_place: bool
    minutes: int | None
    manner: Manner
    part: str
    cells: tuple[CellVerdict, ...]

    @property
    def is_on(self) -> bool:
        return self.answer in (Answer.YES_UNLESS_REFUSED, Answer.YES_NO_WAY_OUT)

    @property
    def nothing_on_record(self) -> bool:
        """True if nothing is known anywhere in the place: no line at all."""
        return self.answer == Answer.UNKNOWN and not self.lines

    @property
    def is_not_offered(self) -> bool:
        """True if the answer is no because none of the uses is offered."""
        return self.answer == Answer.NO and all(
            line.value == StateValue.NOT_OFFERED for line in self.lines
        )


def verdict(
    facts: PlatformFacts,
    *,
    day: dt.date,
    place: str = "",
    people: People | None = None,
    plan: str = "",
) -> Verdict:
    """Answer for a place (a code, a group, or "" for the world), one kind of people, a plan, a day.

    people: None for the first kind that a training use names.
    """
    return _verdict(facts, _training(facts), day, place, people, plan)


def verdict_of_use(
    facts: PlatformFacts,
    use: UseFacts,
    *,
    day: dt.date,
    place: str = "",
    people: People | None = None,
    plan: str = "",
) -> Verdict | None:
    """Answer for one training use alone; None if it does not count: no line, or not offered."""
    alone = answer_of_use(facts, use, day=day, place=place, people=people, plan=plan)
    return None if alone.nothing_on_record or alone.is_not_offered else alone


def answer_of_use(
    facts: PlatformFacts,
    use: UseFacts,
    *,
    day: dt.date,
    place: str = "",
    people: People | None = None,
    plan: str = "",
) -> Verdict:
    """Answer for one use alone, whatever its purpose, also where nothing is on record."""
    return _verdict(facts, (use,), day, place, people, plan)


def ways_of_uses(
    facts: PlatformFacts,
    uses: Collection[UseFacts],
    *,
    day: dt.date,
    place: str = "",
    people: People | None = None,
    plan: str = "",
) -> tuple[Way, ...]:
    """Return all controls that refuse any of these uses there and then, the best first.

    They are alternatives, unlike Verdict.ways. One is offered surely if it is offered surely
    wherever one of the uses is on.
    """
    _question, controls, judged = _judged(facts, tuple(uses), day, place, people, plan)
    where_on = [each for each in judged if any(line.is_on for line in each.verdict.lines)]
    offers = {}
    for control in controls:
        coverages = [each.offers.get(control.key, Coverage.NOT) for each in where_on or judged]
        if any(coverages):
            is_sure = min(coverages) == Coverage.SURELY
            offers[control.key] = Coverage.SURELY if is_sure else Coverage.PERHAPS
    keys = [use.key for use in uses]
    offered = [control for control in controls if control.key in offers]
    return tuple(
        Way(control, tuple(key for key in keys if key in control.uses), offers[control.key])
        for control in sorted(offered, key=lambda each: rank(each, offers, keys))
    )


def uses_by_answer(
    platforms: Iterable[PlatformFacts],
    *,
    day: dt.date,
    place: str = "",
    people: People | None = None,
    plan: str = "",
) -> dict[Answer, list[tuple[PlatformFacts, UseFacts]]]:
    """Return the training uses of platforms by their answer, each once; all answers are keys."""
    by_answer: dict[Answer, list[tuple[PlatformFacts, UseFacts]]] = {each: [] for each in Answer}
    for facts in platforms:
        for use in _training(facts):
            alone = verdict_of_use(facts, use, day=day, place=place, people=people, plan=plan)
            if alone is not None:
                by_answer[alone.answer].append((facts, use))
    return by_answer


def matrix_cell(
    facts: PlatformFacts,
    data_kind: DataKind,
    *,
    day: dt.date,
    place: str = "",
    people: People | None = None,
    plan: str = "",
) -> Verdict:
    """Answer for one kind of data: the verdict over the training uses with that kind."""
    uses = tuple(use for use in _training(facts) if data_kind in use.data_kinds)
    return _verdict(facts, uses, day, place, people, plan)


def matrix_row(
    facts: PlatformFacts,
    *,
    day: dt.date,
    place: str = "",
    people: People | None = None,
    plan: str = "",
) -> dict[DataKind, Verdict]:
    """Return the matrix cells of a platform, without kinds of data that no training use has."""
    training = _training(facts)
    by_uses: dict[tuple[str, ...], Verdict] = {}  # several kinds often share their uses
    row = {}
    for kind in DataKind:
        uses = tuple(use for use in training if kind in use.data_kinds)
        keys = tuple(use.key for use in uses)
        if uses and keys not in by_uses:
            by_uses[keys] = _verdict(facts, uses, day, place, people, plan)
        if uses:
            row[kind] = by_uses[keys]
    return row


def offered_controls(
    facts: PlatformFacts,
    *,
    day: dt.date,
    place: str = "",
    people: People | None = None,
    plan: str = "",
) -> dict[str, Coverage]:
    """Return which controls are offered there and then, by their keys: surely or perhaps.

    Surely means in every cell of the place. Controls that are offered nowhere in it are left out.
    """
    question = _Question(people or default_people(facts.uses), plan, day)
    wheres = {branch.where for use in facts.uses for branch in use.branches}
    wheres.update(offer.where for control in facts.controls for offer in control.offered)
    found: dict[str, list[Coverage]] = {control.key: [] for control in facts.controls}
    for cell in cells(place, wheres):
        by_use = {use.key: _lines(use, cell, question) for use in facts.uses}
        for control in facts.controls:
            found[control.key].append(_offered(control, cell, by_use, question))
    return {
        key: Coverage.SURELY if min(coverages) == Coverage.SURELY else Coverage.PERHAPS
        for key, coverages in found.items()
        if any(coverages)
    }


def _training(facts: PlatformFacts) -> tuple[UseFacts, ...]:
    return tuple(use for use in facts.uses if use.is_training)


def default_people(uses: Iterable[UseFacts]) -> People:
    """Return the first kind of people, in the order of People, that a training use names."""
    named = {
        kind
        for use in uses
        if use.is_training
        for branch in use.branches
        for kind in branch.people or People
    }
    return next((kind for kind in People if kind in named), People.PERSONAL)


def states_begun(use: UseFacts, branch: BranchFacts, day: dt.date) -> list[StateFacts]:
    """Return the states that have begun by a day, oldest first; the last one holds."""
    return [
        state
        for state in branch.states
        if not state.pending
        and (
            state.since <= day
            if state.since is not None
            else use.known_from is None or use.known_from <= day
        )
    ]


def since_on(use: UseFacts, branch: BranchFacts, day: dt.date) -> Since | None:
    """Return since when a use has been on for a branch without a break; None if it is not on."""
    begun = states_begun(use, branch, day)
    run = []
    for state in reversed(begun):
        if state.value not in IN_USE:
            break
        run.append(state)
    if not run:
        return None
    first, last = run[-1], run[0]
    disputed = first.disputed or last.disputed
    if first.since is not None:
        return Since(first.since, first.precision, first.since_is, disputed)
    if len(run) > 1 and run[-2].since_is != SinceIs.AT_EARLIEST:
        return Since(run[-2].since, run[-2].precision, SinceIs.AT_LATEST, disputed)
    return Since(disputed=disputed)


# The steps.


class _Question(NamedTuple):
    people: People
    plan: str
    day: dt.date


def _verdict(
    facts: PlatformFacts,
    uses: tuple[UseFacts, ...],
    day: dt.date,
    place: str,
    people: People | None,
    plan: str,
) -> Verdict:
    question, _controls, judged = _judged(facts, uses, day, place, people, plan)
    return _combined(facts, judged, question, place)


def _judged(
    facts: PlatformFacts,
    uses: tuple[UseFacts, ...],
    day: dt.date,
    place: str,
    people: People | None,
    plan: str,
) -> tuple[_Question, tuple[ControlFacts, ...], list[_Judged]]:
    """Answer in each cell of a place; also return the controls that may be ways out."""
    question = _Question(people or default_people(uses), plan, day)
    keys = {use.key for use in uses}
    controls = tuple(
        control
        for control in facts.controls
        if control.reach != Reach.PAST_ONLY and not keys.isdisjoint(control.uses)
    )
    # An implicit offer depends on all the uses that a control reaches, whatever their purpose.
    reached = {key for control in controls for key in control.uses if not control.offered}
    involved = tuple(use for use in facts.uses if use.key in reached or use.key in keys)
    wheres = {branch.where for use in involved for branch in use.branches}
    wheres.update(offer.where for control in controls for offer in control.offered)
    judged = [_Judged.of(cell, uses, involved, controls, question) for cell in cells(place, wheres)]
    return question, controls, judged


@dataclass(frozen=True, slots=True)
class _Judged:
    """The answer in one cell with the controls that are offered there, by their keys."""

    verdict: CellVerdict
    controls: tuple[ControlFacts, ...]
    offers: dict[str, Coverage]

    @classmethod
    def of(
        cls,
        cell: Cell,
        uses: tuple[UseFacts, ...],
        involved: tuple[UseFacts, ...],
        controls: tuple[ControlFacts, ...],
        question: _Question,
    ) -> _Judged:
        by_use = {use.key: _lines(use, cell, question) for use in involved}
        offers = {
            control.key: coverage
            for control in controls
            if (coverage := _offered(control, cell, by_use, question))
        }
        offered = tuple(control for control in controls if control.key in offers)
        answer, differs_by, lines = _answer([by_use[use.key] for use in uses], offered)
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
            return Manner()
        reaching = [control for control in self.controls if key in control.uses]
        best = self.best((key,))
        if best is None:
            return Manner(by_organisation=people == People.ORGANISATION)
        by_organisation = all(control.is_by_admin for control in reaching)
        if value == StateValue.ONLY_IF_AGREED:
            return Manner(by_organisation=by_organisation)
        binding = any(control.binding for control in reaching)
        return Manner(by_organisation, best.covers_one_at_a_time, binding)


def _lines(use: UseFacts, cell: Cell, question: _Question) -> list[Line]:
    """Step 2, for one use."""
    kind = question.people
    if kind == People.CREATORS and not any(
        People.CREATORS in branch.people or not branch.people for branch in use.branches
    ):
        kind = People.PERSONAL  # creators have such an account too
    covering = [
        (number, branch, coverage)
        for number, branch in enumerate(use.branches)
        if (not branch.people or kind in branch.people) and (coverage := branch.where.covers(cell))
    ]
    if question.plan:
        covering = [each for each in covering if question.plan in each[1].plans] or [
            each for each in covering if not each[1].plans
        ]
    lines = []
    for number, branch, coverage in covering:
        begun = states_begun(use, branch, question.day)
        state = begun[-1] if begun else None
        is_clear = state is not None and coverage == Coverage.SURELY
        value = state.value if state and is_clear else StateValue.UNCLEAR
        lines.append(Line(use, number, branch, coverage, state, value))
    return _without_repetitions(lines)


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


def _offered(
    control: ControlFacts, cell: Cell, by_use: dict[str, list[Line]], question: _Question
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
    kind = question.people
    if kind == People.CREATORS and not any(
        kind in offer.people or not offer.people for offer in control.offered
    ):
        kind = People.PERSONAL
    return max(
        (
            min(offer.where.covers(cell), _offered_on_plan(offer, control, by_use, question.plan))
            for offer in control.offered
            if (not offer.people or kind in offer.people)
            and (offer.since is None or offer.since <= question.day)
            and (offer.until is None or question.day < offer.until)
        ),
        default=Coverage.NOT,
    )


def _offered_on_plan(
    offer: OfferFacts, control: ControlFacts, by_use: dict[str, list[Line]], plan: str
) -> Coverage:
    if not offer.plans or plan in offer.plans:
        return Coverage.SURELY
    if plan:
        return Coverage.NOT
    # No plan was asked for: surely if the uses concern no other plans either.
    concerned = [line.branch.plans for key in control.uses for line in by_use.get(key, ())]
    is_sure = concerned and all(plans and set(plans) <= set(offer.plans) for plans in concerned)
    return Coverage.SURELY if is_sure else Coverage.PERHAPS


_SCOPES = {scope: number for number, scope in enumerate(ControlScope)}
_ACTS = {act: number for number, act in enumerate(Refuse)}
_LONG = 10**6  # minutes of a control without a guide


def rank(
    control: ControlFacts, offers: dict[str, Coverage], keys: Collection[str]
) -> tuple[int, ...]:
    """Sort key of ways out: the best is the least. Ties keep the order of the file."""
    return (
        -offers[control.key],
        _SCOPES[control.scope],
        not control.binding,
        -len(set(keys) & set(control.uses)),
        control.is_by_admin,
        not control.has_guide,
        _LONG if control.minutes is None else control.minutes,
        _ACTS[control.refuse],
    )


def _combined(
    facts: PlatformFacts, judged: list[_Judged], question: _Question, place: str
) -> Verdict:
    """Step 5, and what is said below the answer."""
    by_cell = tuple(each.verdict for each in judged)
    reasons = {each.differs_by for each in by_cell}
    if all(each.fingerprint == by_cell[0].fingerprint for each in by_cell):
        answer = by_cell[0].answer
    else:
        answer = Answer.DIFFERS
        reasons.add(DiffersBy.PLACE)
    deciding = [each.deciding(answer) for each in judged]
    order = {use.key: number for number, use in enumerate(facts.uses)}
    lines = sorted(_once_a_branch(deciding), key=lambda line: (order[line.use.key], line.number))
    ways, ways_differ = _joined_ways(
        [
            each.ways(of_cell)
            for each, of_cell in zip(judged, deciding, strict=True)
            if any(line.is_on for line in of_cell)
        ]
    )
    minutes = [way.control.minutes for way in ways]
    manners = [
        each.manner(line.use.key, line.value, question.people)
        for each, of_cell in zip(judged, deciding, strict=True)
        for line in of_cell
    ]
    parts = {line.use.part for line in lines}
    is_yes = answer in (Answer.YES_UNLESS_REFUSED, Answer.YES_NO_WAY_OUT)
    return Verdict(
        answer=answer,
        place=place,
        people=question.people,
        plan=question.plan,
        day=question.day,
        operator=facts.operator,
        differs_by=tuple(reason for reason in DiffersBy if reason in reasons),
        lines=tuple(lines),
        sentences=tuple(
            sorted(
                _sentences(judged, deciding, question, place),
                key=lambda sentence: order[sentence.use.key],
            )
        ),
        since=_since(deciding, question.day) if is_yes else None,
        ways=ways,
        ways_differ_by_place=ways_differ,
        minutes=None if ways_differ or not ways or None in minutes else sum(filter(None, minutes)),
        manner=Manner(
            by_organisation=bool(manners) and all(each.by_organisation for each in manners),
            each_time=bool(ways) and ways[0].control.covers_one_at_a_time,
            binding=not ways or any(way.control.binding for way in ways),
        ),
        part=parts.pop() if len(parts) == 1 else "",
        cells=by_cell,
    )


def _once_a_branch(by_cell: list[tuple[Line, ...]]) -> Iterable[Line]:
    """Return the lines of all cells, one for each branch: the one that covers it most surely."""
    lines: dict[tuple[str, int], Line] = {}
    for of_cell in by_cell:
        for line in of_cell:
            before = lines.get(line.key)
            if before is None or before.coverage < line.coverage:
                lines[line.key] = line
    return lines.values()


def _since(deciding: list[tuple[Line, ...]], day: dt.date) -> Since | None:
    starts = [
        start
        for of_cell in deciding
        if of_cell and (start := since_on(of_cell[0].use, of_cell[0].branch, day))
    ]
    if not starts:
        return None
    disputed = {start.disputed for start in starts}
    joint = replace(starts[0], disputed=any(disputed), disputed_in_part=len(disputed) > 1)
    if len({(start.on, start.precision, start.since_is) for start in starts}) > 1:
        return Since(
            disputed=joint.disputed, disputed_in_part=joint.disputed_in_part, differs_by_place=True
        )
    return joint


def _joined_ways(by_cell: list[tuple[Way, ...]]) -> tuple[tuple[Way, ...], bool]:
    """Return the ways of all cells, and whether they differ from cell to cell."""
    joined: dict[str, Way] = {}
    for ways in by_cell:
        for way in ways:
            before = joined.get(way.control.key, way)
            uses = tuple(dict.fromkeys(before.uses + way.uses))
            coverage = min(before.coverage, way.coverage)
            joined[way.control.key] = Way(way.control, uses, coverage)
    chosen = {tuple(way.control.key for way in ways) for ways in by_cell}
    return tuple(joined.values()), len(chosen) > 1


def _sentences(
    judged: list[_Judged],
    deciding: list[tuple[Line, ...]],
    question: _Question,
    place: str,
) -> list[Sentence]:
    """Return one sentence for each use, value, manner of refusing and group of people.

    A line that covers its cell perhaps beside one that covers it surely shows what is recorded,
    since the sentence names the places that the sources do not.
    """
    grouped: dict[_Group, list[_Said]] = {}
    for number, (each, of_cell) in enumerate(zip(judged, deciding, strict=True)):
        for line in of_cell:
            unnamed = each.verdict.differs_by == DiffersBy.UNNAMED_PLACES
            value = line.recorded if unnamed else line.value
            manner = each.manner(line.use.key, value, question.people)
            plans = () if question.plan else line.branch.plans
            disputed = line.state is not None and line.state.disputed
            group = _Group(line.use.key, value, manner, disputed, plans, line.branch.who)
            grouped.setdefault(group, []).append(_Said(line, number, unnamed))
    all_cells = [each.verdict.cell for each in judged]
    return [
        Sentence(
            use=said[0].line.use,
            value=group.value,
            manner=group.manner,
            disputed=group.disputed,
            branches=tuple({each.line.key: each.line.branch for each in said}.values()),
            wheres=_named_places(said, all_cells, place),
            plans=group.plans,
            who=group.who,
        )
        for group, said in grouped.items()
    ]


class _Group(NamedTuple):
    """What lines have in common that share a sentence."""

    use: str
    value: StateValue
    manner: Manner
    disputed: bool
    plans: tuple[str, ...]
    who: str


class _Said(NamedTuple):
    """A line in the cell of this number."""

    line: Line
    number: int
    by_unnamed_places: bool


def _named_places(said: list[_Said], all_cells: list[Cell], place: str) -> tuple[Where, ...]:
    """Return the places to name beside a sentence; none if it holds in all cells."""
    numbers = {each.number for each in said}
    branches = {each.line.key: each.line.branch.where for each in said}
    if any(each.by_unnamed_places for each in said):
        return merged(branches.values())
    if len(numbers) == len(all_cells):
        return ()
    # The words of the file, unless they also name other places than those it holds in.
    covered = {
        number
        for where in branches.values()
        for number, cell in enumerate(all_cells)
        if where.covers(cell)
    }
    if place in ("", WORLD, *GROUPS) and covered == numbers:
        return merged(branches.values())
    return joined([all_cells[number] for number in sorted(numbers)])
