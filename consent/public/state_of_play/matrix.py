"""The matrix of platforms and data kinds, with the states of settings in each cell."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consent.ledger.scope import Place, Plan, applies_in, applies_to
from consent.ledger.state_of_play import RANK, Standing
from consent.vocabulary import DataKind, StateValue
from consent.web.day_input import DayField
from consent.web.filter_form import FilterForm
from platforms.models import Platform
from platforms.vocabulary import Category

RECENT = dt.timedelta(days=90)


class Order(TextChoices):
    NAME = "name", _("name")
    EXPOSURE = "exposure", _("exposure")
    CHANGED = "changed", _("last change")


class MatrixFilters(FilterForm):
    """The form above the matrix."""

    ALWAYS_SHOWN = ("place", "plan", "state")

    place = forms.ChoiceField(
        label=_("You live in"), required=False, choices=[("", _("anywhere")), *Place.choices]
    )
    plan = forms.ChoiceField(
        label=_("Your account is"), required=False, choices=[("", _("any")), *Plan.choices]
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("all")), *Category.choices]
    )
    state = forms.ChoiceField(
        label=_("Only settings that are"),
        required=False,
        choices=[("", _("in any state")), *StateValue.choices],
    )
    asof = DayField(label=_("As of"), required=False)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False, choices=Order.choices)
    changed = forms.BooleanField(label=_("Changed in the last 90 days"), required=False)

    def day(self, today: dt.date) -> dt.date:
        asked: dt.date = self.chosen().get("asof", today)
        return asked

    def order(self) -> str:
        return str(self.chosen().get("sort", Order.NAME))

    def admits(self, standing: Standing, day: dt.date) -> bool:
        """True for a setting that fits everything that was chosen."""
        chosen = self.chosen()
        setting, state = standing.setting, standing.state
        if (place := chosen.get("place")) and not applies_in(setting.region, Place(place)):
            return False
        if (plan := chosen.get("plan")) and not applies_to(setting.audience, Plan(plan)):
            return False
        if (category := chosen.get("category")) and setting.platform.category != category:
            return False
        if (value := chosen.get("state")) and standing.value != value:
            return False
        changed_on = state.starts_on if state else None
        recent = changed_on is not None and day - RECENT <= changed_on <= day
        return recent or not chosen.get("changed")


@dataclass(frozen=True, slots=True)
class Line:
    """One platform: for each data kind, in the order of the columns, the settings about it."""

    platform: Platform
    cells: list[list[Standing]]

    @property
    def key(self) -> tuple[int, tuple[tuple[int, ...], ...]]:
        """What tells it from other lines of the same day, in any view of the matrix."""
        cells = tuple(tuple(each.setting.pk for each in cell) for cell in self.cells)
        return self.platform.pk, cells

    @property
    def standings(self) -> list[Standing]:
        """Return its settings without duplicates."""
        unique = {each.setting.pk: each for cell in self.cells for each in cell}
        return sorted(unique.values(), key=lambda each: (RANK[each.value], each.setting.pk))


@dataclass(frozen=True, slots=True)
class Matrix:
    kinds: list[DataKind]
    lines: list[Line]


def build_matrix(standings: Iterable[Standing], order: str) -> Matrix:
    """Arrange settings in a matrix; platforms and data kinds that none is about are left out."""
    by_platform: dict[Platform, dict[DataKind, list[Standing]]] = {}
    for standing in sorted(standings, key=lambda each: (RANK[each.value], each.setting.pk)):
        cells = by_platform.setdefault(standing.setting.platform, {})
        for kind in standing.kinds:
            cells.setdefault(kind, []).append(standing)
    used = {kind for cells in by_platform.values() for kind in cells}
    kinds = [kind for kind in DataKind if kind in used]
    lines = [
        Line(platform, [cells.get(kind, []) for kind in kinds])
        for platform, cells in by_platform.items()
    ]
    return Matrix(kinds, _sorted(lines, order))


def _sorted(lines: list[Line], order: str) -> list[Line]:
    by_name = sorted(lines, key=lambda line: line.platform.name.casefold())
    if order == Order.EXPOSURE:
        return sorted(by_name, key=lambda line: sorted(RANK[each.value] for each in line.standings))
    if order == Order.CHANGED:
        return sorted(by_name, key=_last_change, reverse=True)
    return by_name


def _last_change(line: Line) -> dt.date:
    dates = [each.state.starts_on for each in line.standings if each.state]
    return max((date for date in dates if date), default=dt.date.min)
