"""The matrix of platforms and data kinds, with the answer for each kind of data in a cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consent.ledger.answers import Answer, ShortAnswer, Since, Verdict
from consent.ledger.facts import Facts, use_key
from consent.ledger.headline_words import STANCE_LABELS
from consent.ledger.platform_facts import PlatformFacts, UseFacts, states_begun
from consent.ledger.question import Question
from consent.ledger.reader_place import PlaceField, people_field
from consent.ledger.state_of_play import STANCES, Reader
from consent.ledger.verdict import (
    answer_alone,
    answer_of_use,
    matrix_row,
    short_answer_of_use,
    short_answer_of_uses,
    since_of_use,
)
from consent.ledger.verdict_words import title_beside, title_language
from consent.models import Use
from consent.vocabulary import DataKind, People
from consent.web.day_input import DayField
from consent.web.filter_form import FilterForm
from platforms.models import Platform
from platforms.vocabulary import Category

RECENT = dt.timedelta(days=90)
_RANK = {stance: number for number, stance in enumerate(STANCES)}


class Order(TextChoices):
    NAME = "name", _("name")
    EXPOSURE = "exposure", _("exposure")
    CHANGED = "changed", _("last change")


class _AnswerField(forms.ChoiceField):
    """Takes the answers of version 1 too, which addresses and saved views may name."""

    def valid_value(self, value: str) -> bool:
        return value in Answer.values or super().valid_value(value)


class MatrixFilters(FilterForm):
    """The form above the matrix."""

    ALWAYS_SHOWN = ("place", "people", "answer")
    OTHER_PARAMS = ("view",)

    place = PlaceField()
    people = people_field(_("personal, if not said otherwise"))
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("all")), *Category.choices]
    )
    answer = _AnswerField(
        label=_("Only uses with the answer"),
        required=False,
        choices=[("", _("any answer")), *STANCE_LABELS.items()],
    )
    asof = DayField(label=_("As of"), required=False)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False, choices=Order.choices)
    changed = forms.BooleanField(label=_("Changed in the last 90 days"), required=False)

    def day(self, today: dt.date) -> dt.date:
        asked: dt.date = self.chosen().get("asof", today)
        return asked

    def order(self) -> str:
        return str(self.chosen().get("sort", Order.NAME))

    def reader(self) -> Reader:
        """Return whom the answers are for."""
        people = self.chosen().get("people")
        return Reader(self.chosen().get("place", ""), People(people) if people else None)

    def admits_platform(self, platform: Platform) -> bool:
        category = self.chosen().get("category")
        return not category or platform.category == category

    def admits(self, use: UseFacts, answer: ShortAnswer, day: dt.date) -> bool:
        """True for a use that fits everything that was chosen."""
        chosen = self.chosen()
        if (wanted := chosen.get("answer")) and wanted not in (answer.stance, answer.answer):
            return False
        return not chosen.get("changed") or _changed_lately(use, day)


@dataclass(frozen=True)
class UseLine:
    """A use of a platform with its own answer."""

    use: UseFacts
    facts: PlatformFacts
    question: Question

    @cached_property
    def verdict(self) -> Verdict:
        """The answer for this use alone. Pages need only what is below."""
        return answer_of_use(self.facts, self.use, self.question)

    @property
    def answer(self) -> ShortAnswer:
        return short_answer_of_use(self.facts, self.use, self.question)

    @property
    def since(self) -> Since | None:
        return since_of_use(self.facts, self.use, self.question)

    def about(self, kind: DataKind) -> UseLine:
        """Return the line as far as the use is about a kind of data."""
        use = self.use.about(kind)
        return self if use is self.use else UseLine(use, self.facts.about(kind), self.question)

    @property
    def slug(self) -> str:
        return self.use.key.partition("/")[2]

    @property
    def title(self) -> str:
        """What happens, or what does not if the answer is no."""
        return title_beside(self.use, self.answer)

    @property
    def title_language(self) -> str:
        """The language of the title; "" if it is that of curators."""
        return title_language(self.use)


def line_of_use(use: Use, facts: Facts, question: Question) -> UseLine:
    """Return the line of a record of a use."""
    of_platform = facts[use.platform_id]
    of_use = next(each for each in of_platform.uses if each.key == use_key(use))
    return UseLine(of_use, of_platform, question)


@dataclass(frozen=True, slots=True)
class Cell:
    """The answer for one kind of data, and the uses that it is about."""

    verdict: Verdict
    uses: list[UseLine]


@dataclass(frozen=True)
class Line:
    """One platform: its uses, and for each data kind, in the order of the columns, a cell.

    A cell is None where no use is on record: that says nothing about the data.
    """

    platform: Platform
    facts: PlatformFacts
    uses: list[UseLine]
    reader: Reader
    day: dt.date
    kinds: tuple[DataKind, ...] = ()

    @cached_property
    def cells(self) -> list[Cell | None]:
        row = matrix_row(self.facts, [line.use for line in self.uses], self.reader.on(self.day))
        return [
            Cell(row[kind], [line.about(kind) for line in self.uses if kind in line.use.data_kinds])
            if kind in row
            else None
            for kind in self.kinds
        ]

    @property
    def answer(self) -> ShortAnswer:
        """The answer over the uses that are shown."""
        uses = tuple(line.use for line in self.uses)
        return short_answer_of_uses(self.facts, uses, self.reader.on(self.day))

    def cell_of(self, kind: DataKind) -> Cell | None:
        return self.cells[self.kinds.index(kind)] if kind in self.kinds else None


@dataclass(frozen=True, slots=True)
class Matrix:
    kinds: tuple[DataKind, ...]
    lines: list[Line]

    @property
    def use_count(self) -> int:
        return sum(len(line.uses) for line in self.lines)


def build_matrix(
    platforms: Iterable[Platform],
    facts: Mapping[int, PlatformFacts],
    filters: MatrixFilters,
    day: dt.date,
    reader: Reader | None = None,
) -> Matrix:
    """Arrange training uses in a matrix. reader: if not that of the filters.

    Platforms and data kinds that no fitting use is about are left out. A use counts if it has an
    answer for the reader, as in consent.ledger.counts.
    """
    reader = reader or filters.reader()
    question = reader.on(day)
    lines = []
    for platform in platforms:
        if not filters.admits_platform(platform):
            continue
        of_platform = facts[platform.pk]
        uses = [
            UseLine(use, of_platform, question)
            for use in of_platform.uses
            if use.is_training
            and (answer := answer_alone(of_platform, use, question))
            and filters.admits(use, answer, day)
        ]
        if uses:
            lines.append(Line(platform, of_platform, uses, reader, day))
    used = {kind for line in lines for each in line.uses for kind in each.use.data_kinds}
    kinds = tuple(kind for kind in DataKind if kind in used)
    return Matrix(kinds, _sorted([replace(line, kinds=kinds) for line in lines], filters.order()))


def _sorted(lines: list[Line], order: str) -> list[Line]:
    by_name = sorted(lines, key=lambda line: line.platform.name.casefold())
    if order == Order.EXPOSURE:
        return sorted(
            by_name, key=lambda line: sorted(_RANK[each.answer.stance] for each in line.uses)
        )
    if order == Order.CHANGED:
        return sorted(by_name, key=_last_change, reverse=True)
    return by_name


def _last_change(line: Line) -> dt.date:
    return max(
        (_last_start(each.use, line.day) or dt.date.min for each in line.uses), default=dt.date.min
    )


def _last_start(use: UseFacts, day: dt.date) -> dt.date | None:
    """Return the day on which a state of a use last began, up to a day."""
    begun = (state.since for branch in use.branches for state in states_begun(use, branch, day))
    return max((since for since in begun if since), default=None)


def _changed_lately(use: UseFacts, day: dt.date) -> bool:
    last = _last_start(use, day)
    return last is not None and day - RECENT <= last <= day
