"""What a verdict says: the closed list of answers, and all that a page says below one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import TextChoices

from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    StateFacts,
    UseFacts,
)
from consent.vocabulary import (
    IN_USE,
    People,
    Precision,
    SinceIs,
    StateValue,
)
from platforms.places import Cell, Coverage, Where


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
    disputed_in: empty if it is disputed nowhere, or wherever it holds.
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
    disputed_in: tuple[Where, ...] = ()


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
