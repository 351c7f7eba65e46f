"""The consent band: one lane per branch of a use, its states over time, and its small form."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from consent.ledger.answers import Since
from consent.public.pictures.axis import Tick, TimeAxis, percent
from consent.vocabulary import DataKind, Precision, SinceIs, StateValue

LANE_HEIGHT = 28
#: The least time drawn, so that a young history does not look like a long one.
SHORTEST_SPAN = dt.timedelta(days=3 * 365)
_ROOM_AHEAD = dt.timedelta(days=30)
_ROOM_BEHIND = dt.timedelta(days=60)
#: The least width of a state and of a gap, which would otherwise not be seen; percent.
_LEAST_WIDTH = 0.4
_LEAST_GAP = 0.8
#: Links closer than this cannot be told apart by a finger on a small screen; percent.
_LINK_ROOM = 8.0
_BAR_HEIGHTS = {
    StateValue.NO_WAY_OUT: 24,
    StateValue.UNLESS_REFUSED: 24,
    StateValue.ONLY_IF_AGREED: 12,
    StateValue.UNCLEAR: 12,
    StateValue.NOT_USED: 4,
    StateValue.NOT_OFFERED: 4,
}


@dataclass(frozen=True, slots=True)
class Spell:
    """A state over [starts_on, ends_on), and the published change that opened it.

    since_is, ends_is: how its first day and its end are known. pending: announced for its first
    day, and not seen yet. words: of the state, where its people refuse otherwise than most.
    """

    value: StateValue
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    starts_precision: str = Precision.DAY
    ends_precision: str = Precision.DAY
    title: str = ""
    url: str = ""
    pending: bool = False
    since_is: str = SinceIs.EXACT
    ends_is: str = SinceIs.EXACT
    words: str = ""

    @property
    def in_words(self) -> str:
        return self.words or str(self.value.label)


@dataclass(frozen=True, slots=True)
class Track:
    """The history of one branch of a use: its title, for which data and whom, its spells in order.

    now: the spell that holds on the day the page is about. begun: since when it has been on.
    gaps: spells in which none of the pages it rests on could be read; an open one has no end.
    language: of the name; "" if it is that of curators.
    """

    name: str
    kinds: Sequence[DataKind]
    people: str
    place: str
    spells: Sequence[Spell]
    now: Spell | None = None
    gaps: Sequence[tuple[dt.date, dt.date | None]] = ()
    language: str = ""
    begun: Since | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A state, or what is to come of it: x and width in percent, y and height in pixels.

    announced: it lies after today and is known only because it was announced.
    """

    spell: Spell
    x: str
    width: str
    y: int
    height: int
    announced: bool

    @property
    def torn(self) -> bool:
        """Whether its beginning is unknown."""
        return self.spell.starts_on is None and not self.announced


@dataclass(frozen=True, slots=True)
class Break:
    """A time in which no page could be read."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Lane:
    track: Track
    bars: list[Bar]
    breaks: list[Break]
    links: list[Bar] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chart:
    """tracks: all given tracks; lanes: those that can be drawn."""

    tracks: Sequence[Track]
    lanes: list[Lane]
    ticks: list[Tick]
    today_x: str
    first: dt.date
    last: dt.date

    @property
    def shows_announced(self) -> bool:
        return any(bar.announced for lane in self.lanes for bar in lane.bars)

    @property
    def shows_torn(self) -> bool:
        return any(bar.torn for lane in self.lanes for bar in lane.bars)

    @property
    def shows_breaks(self) -> bool:
        return any(lane.breaks for lane in self.lanes)

    @property
    def shows_links(self) -> bool:
        return any(lane.links for lane in self.lanes)


def band_chart(tracks: Sequence[Track], today: dt.date) -> Chart | None:
    """Return the lanes of tracks with a dated history on one common axis; None without any."""
    dated = [track for track in tracks if any(spell.starts_on for spell in track.spells)]
    if not dated:
        return None
    starts = [spell.starts_on for track in dated for spell in track.spells if spell.starts_on]
    ends = [spell.ends_on for track in dated for spell in track.spells if spell.ends_on]
    room_ahead = _ROOM_AHEAD * 3 if max(starts) > today else _ROOM_AHEAD
    last = max([today, *starts, *ends]) + room_ahead
    first = min([min(starts) - _ROOM_BEHIND, last - SHORTEST_SPAN])
    return _chart(tracks, dated, TimeAxis(first, last), today)


def mini_bands(tracks: Sequence[Track], today: dt.date) -> Chart:
    """Return lanes for small multiples: the last three years, cut at both ends."""
    axis = TimeAxis(today - SHORTEST_SPAN, today + _ROOM_AHEAD)
    return _chart(tracks, tracks, axis, today)


def blind_spells(
    pages: Sequence[Sequence[tuple[dt.date, dt.date | None]]],
) -> list[tuple[dt.date, dt.date | None]]:
    """Return the times in which every one of these pages could not be read.

    pages: the gaps of each page; an open gap has no end.
    """
    if not pages:
        return []
    common = list(pages[0])
    for gaps in pages[1:]:
        common = [
            (max(start, other_start), _earlier(end, other_end))
            for start, end in common
            for other_start, other_end in gaps
            if _before(start, other_end) and _before(other_start, end)
        ]
    return sorted(common, key=lambda gap: gap[0])


def _before(day: dt.date, end: dt.date | None) -> bool:
    return end is None or day <= end


def _earlier(end: dt.date | None, other: dt.date | None) -> dt.date | None:
    known = [each for each in (end, other) if each is not None]
    return min(known, default=None)


def _chart(
    tracks: Sequence[Track], drawn: Sequence[Track], axis: TimeAxis, today: dt.date
) -> Chart:
    return Chart(
        tracks=tracks,
        lanes=[_lane(track, axis, today) for track in drawn],
        ticks=axis.years(),
        today_x=axis.at(today),
        first=axis.first,
        last=axis.last,
    )


def _lane(track: Track, axis: TimeAxis, today: dt.date) -> Lane:
    bars = [
        bar
        for spell in track.spells
        if spell.ends_on is None or spell.ends_on > axis.first
        for bar in _bars(spell, axis, today)
    ]
    return Lane(
        track=track,
        bars=bars,
        breaks=[_break(start, end or today, axis) for start, end in track.gaps],
        links=_far_enough_apart(bars, axis),
    )


def _bars(spell: Spell, axis: TimeAxis, today: dt.date) -> list[Bar]:
    """Draw a state up to today, and apart from that what is announced of it."""
    start = spell.starts_on or axis.first
    if start > today or spell.pending:
        return [_bar(spell, axis, start, spell.ends_on or axis.last, announced=True)]
    bars = [_bar(spell, axis, start, min(spell.ends_on or today, today), announced=False)]
    if spell.ends_on and spell.ends_on > today:
        bars.append(_bar(spell, axis, today, spell.ends_on, announced=True))
    return bars


def _bar(spell: Spell, axis: TimeAxis, start: dt.date, end: dt.date, *, announced: bool) -> Bar:
    x = axis.share(start)
    height = _BAR_HEIGHTS[spell.value]
    return Bar(
        spell=spell,
        x=percent(x),
        width=percent(max(axis.share(end) - x, _LEAST_WIDTH)),
        y=LANE_HEIGHT - 2 - height,
        height=height,
        announced=announced,
    )


def _break(start: dt.date, end: dt.date, axis: TimeAxis) -> Break:
    from_x, to_x = axis.share(start), axis.share(end)
    return Break(percent(from_x), percent(max(to_x - from_x, _LEAST_GAP)))


def _far_enough_apart(bars: Sequence[Bar], axis: TimeAxis) -> list[Bar]:
    """The bars whose beginning can be a link; the table has the links of all."""
    found: list[Bar] = []
    last_x: float | None = None
    for bar in bars:
        if not bar.spell.url or bar.spell.starts_on is None or bar.spell.starts_on < axis.first:
            continue
        x = axis.share(bar.spell.starts_on)
        if last_x is None or x - last_x >= _LINK_ROOM:
            found.append(bar)
            last_x = x
    return found
