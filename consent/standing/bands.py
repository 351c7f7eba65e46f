"""The consent band: one lane per setting, its states drawn over time. Geometry only, no markup."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from consent.models import State
from consent.standing.play import SettingCard
from consent.vocabulary import Precision, StateValue

LANE_HEIGHT = 28
#: The least time drawn, so that a young history does not look like a long one.
SHORTEST_SPAN = dt.timedelta(days=3 * 365)
_ROOM_AHEAD = dt.timedelta(days=120)
_ROOM_BEHIND = dt.timedelta(days=60)
_BAR_HEIGHTS = {
    StateValue.ON_NO_OPT_OUT: 24,
    StateValue.ON_BY_DEFAULT: 24,
    StateValue.OFF_BY_DEFAULT: 12,
    StateValue.UNCLEAR: 12,
    StateValue.NOT_USED: 4,
    StateValue.NOT_OFFERED: 4,
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One state: x and width in percent of the lane, y and height in pixels."""

    state: State
    value: StateValue
    x: str
    width: str
    y: int
    height: int
    announced: bool
    open_start: bool


@dataclass(frozen=True, slots=True)
class Tick:
    year: int
    x: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Lane:
    card: SettingCard
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Chart:
    lanes: list[Lane]
    ticks: list[Tick]
    today_x: str
    first: dt.date
    last: dt.date


def band_chart(settings: Sequence[SettingCard], today: dt.date) -> Chart | None:
    """Return the lanes of settings with a dated history on one common axis; None without any."""
    dated = [card for card in settings if any(state.starts_on for state in card.history)]
    if not dated:
        return None
    starts = [state.starts_on for card in dated for state in card.history if state.starts_on]
    last = max([today, *starts]) + _ROOM_AHEAD
    first = min([min(starts) - _ROOM_BEHIND, last - SHORTEST_SPAN])
    axis = _Axis(first, last)
    return Chart(
        lanes=[Lane(card, [_bar(state, axis, today) for state in card.history]) for card in dated],
        ticks=_ticks(axis),
        today_x=axis.at(today),
        first=first,
        last=last,
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    first: dt.date
    last: dt.date

    def share(self, day: dt.date | None, default: dt.date) -> float:
        inside = min(max(day or default, self.first), self.last)
        return 100 * (inside - self.first) / (self.last - self.first)

    def at(self, day: dt.date) -> str:
        return _percent(self.share(day, self.first))


def _bar(state: State, axis: _Axis, today: dt.date) -> Bar:
    value = StateValue(state.value)
    start = axis.share(state.starts_on, axis.first)
    end = axis.share(state.ends_on, axis.last)
    height = _BAR_HEIGHTS[value]
    return Bar(
        state=state,
        value=value,
        x=_percent(start),
        width=_percent(max(end - start, 0.4)),
        y=LANE_HEIGHT - 2 - height,
        height=height,
        announced=state.starts_on is not None and state.starts_on > today,
        open_start=state.starts_on is None or state.starts_precision != Precision.DAY,
    )


def _ticks(axis: _Axis) -> list[Tick]:
    years = range(axis.first.year + 1, axis.last.year + 1)
    crowded = len(years) > 5
    return [
        Tick(year, axis.at(dt.date(year, 1, 1)), crowded and (years[-1] - year) % 2 == 1)
        for year in years
    ]


def _percent(share: float) -> str:
    """A percentage for an SVG attribute: a point as decimal mark in every language."""
    return f"{share:.2f}%"
