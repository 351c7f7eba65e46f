"""The wall: every listed platform as a row, every month as a column, by what is done with the data.

Platforms with one answer today are a band, and two of those that train by default: when it began
is known of some only. In a band the latest is on top, so it rises like a stair. Marks differ by
height and dashes, and are told apart without colours too.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from consent.ledger.answers import Since
from consent.ledger.figures import (
    TRAINING_CLASSES,
    Among,
    Judged,
    Spell,
    TrainingClass,
    judged_at,
    since_list,
)
from consent.public.pictures.axis import Tick, TimeAxis, percent
from platforms.days import end_of_month, month_after

#: The first column.
FIRST_MONTH = dt.date(2022, 1, 1)
#: Pixels of a row. Chosen: 250 platforms fit on two screens of a phone.
ROW = 3
#: What each band is a list of, from top to bottom.
GROUPS: tuple[TrainingClass | Among, ...] = (
    Among.SINCE_KNOWN,
    Among.SINCE_NOT_KNOWN,
    *(each for each in TrainingClass if each not in TRAINING_CLASSES),
)
_NAMED = (Among.SINCE_KNOWN, Among.SINCE_NOT_KNOWN)
#: Of these it says nothing that they have been so since a day.
_NO_START = (TrainingClass.UNKNOWN, TrainingClass.NOT_OFFERED)
#: Months from one dash to the next. Chosen: dashes can be seen on the smallest screen.
_PERIOD = 0.5
#: Room that a name needs: pixels of a letter, of its line, and of the narrowest picture.
_LETTER, _LINE, _NARROWEST = 7, 15, 300
#: Most names in the picture. Chosen: few enough to be read.
_MOST_NAMES = 9
_LONGEST_NAME = 24  # letters


@dataclass(frozen=True, slots=True)
class Mark:
    """How a month of a row is drawn.

    name: of its colour. y and height: in pixels of a row. dash: the share of it that is drawn.
    """

    name: str
    y: int
    height: int
    dash: float = 1.0

    @property
    def dashing(self) -> tuple[float, float]:
        """The lengths of a dash and of the gap after it, in months; no gap in a whole line."""
        return self.dash * _PERIOD, (1 - self.dash) * _PERIOD

    @property
    def dashes(self) -> str:
        """The same for SVG; "" for a whole line."""
        dash, gap = self.dashing
        return f"{dash:g} {gap:g}" if gap else ""

    @property
    def sample(self) -> str:
        """Three rows of seven months."""
        middle = self.y + self.height / 2
        return "".join(f"M0 {number * ROW + middle:g}h7" for number in range(3))


ON, LOCKED = Mark("on", 0, 2), Mark("locked", 0, 3)
ON_IN_PART, LOCKED_IN_PART = Mark("on", 0, 2, 0.5), Mark("locked", 0, 3, 0.5)
OTHER, AGREED, NO = Mark("other", 0, 1, 0.5), Mark("agreed", 0, 2, 0.8), Mark("no", 0, 1)
_MARKS = {
    TrainingClass.OTHER_USE: OTHER,
    TrainingClass.ONLY_IF_AGREED: AGREED,
    TrainingClass.NO: NO,
    TrainingClass.NOT_OFFERED: Mark("unknown", 0, 1, 0.15),
    TrainingClass.UNKNOWN: Mark("unknown", 0, 1, 0.3),
}
#: Months before a start of which only the last possible day is on record.
BEFORE = Mark("unknown", 1, 1, 0.2)


def mark_of(judged: Judged) -> Mark | None:
    """Return how a judgement is drawn; None if nothing is on record."""
    if not judged.is_on_record:
        return None
    if judged.training_class not in TRAINING_CLASSES:
        return _MARKS[judged.training_class]
    if judged.training_class == TrainingClass.IN_PART:
        return LOCKED_IN_PART if judged.no_way_out else ON_IN_PART
    return LOCKED if judged.no_way_out else ON


@dataclass(frozen=True, slots=True)
class Course:
    """What was said of a platform over time, oldest first.

    weight: platforms with more are named. since: when the present answer began, as its page says.
    """

    slug: str
    name: str
    weight: int
    spells: Sequence[Spell]
    since: Since | None


@dataclass(frozen=True, slots=True)
class Run:
    """Months of a row that look alike. start: the number of the first, counted from 0."""

    mark: Mark
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Row:
    """A platform. now: its judgement. group: its band. day: from which on it is in it.

    since: when that began, of what can be said to have begun.
    """

    slug: str
    name: str
    weight: int
    now: Judged
    group: TrainingClass | Among
    day: dt.date
    since: Since | None
    runs: tuple[Run, ...]

    @property
    def start(self) -> int | None:
        """The first month of which something is known."""
        return next((run.start for run in self.runs if run.mark.name != "unknown"), None)


@dataclass(frozen=True, slots=True)
class Name:
    """A name that ends where a row begins. narrow: it fits on a small screen too."""

    text: str
    month: int
    row: int
    narrow: bool

    @property
    def y(self) -> int:
        """The line of the letters, in pixels."""
        return self.row * ROW + 2


@dataclass(frozen=True, slots=True)
class Band:
    """The platforms of a list, the latest on top."""

    group: TrainingClass | Among
    rows: tuple[Row, ...]
    names: tuple[Name, ...]

    @property
    def drawn(self) -> tuple[Row, ...]:
        """All but the last ones, of which nothing was on record in any month."""
        last = max((number for number, row in enumerate(self.rows) if row.runs), default=-1)
        return self.rows[: last + 1]

    @property
    def height(self) -> int:
        return len(self.drawn) * ROW

    @property
    def scale(self) -> float:
        """How high its rows are drawn: low where dots are nearly all there is to see."""
        return 1 / ROW if self.group == TrainingClass.UNKNOWN else 1

    @property
    def drawn_height(self) -> int:
        """Pixels on a page."""
        return round(self.height * self.scale)

    @property
    def lines(self) -> list[tuple[Mark, str]]:
        """The marks with all their lines, in a box of a unit a month by a unit a pixel."""
        found: dict[Mark, list[str]] = {}
        for number, row in enumerate(self.rows):
            for run in row.runs:
                middle = number * ROW + run.mark.y + run.mark.height / 2
                found.setdefault(run.mark, []).append(f"M{run.start} {middle:g}h{run.length}")
        return [(mark, "".join(parts)) for mark, parts in found.items()]


@dataclass(frozen=True, slots=True, eq=False)
class Wall:
    """ticks: the years. months: how many columns."""

    day: dt.date
    bands: tuple[Band, ...]
    months: int
    ticks: tuple[Tick, ...]

    @property
    def first(self) -> dt.date:
        return FIRST_MONTH

    @property
    def rows(self) -> list[Row]:
        return [row for band in self.bands for row in band.rows]

    @property
    def fingerprint(self) -> str:
        """A name for what is drawn."""
        drawn = repr([(band.group.value, band.lines, band.names) for band in self.bands])
        return hashlib.blake2s(drawn.encode(), digest_size=6).hexdigest()

    def x(self, month: int) -> str:
        return percent(100 * month / self.months)


def wall(courses: Iterable[Course], day: dt.date) -> Wall | None:
    """Return the picture as of a day; None without any platform, and before the first month."""
    count = (day.year - FIRST_MONTH.year) * 12 + day.month - FIRST_MONTH.month + 1
    if count < 1:
        return None
    ends = [min(end_of_month(month_after(FIRST_MONTH, number)), day) for number in range(count)]
    rows = [_row(course, ends) for course in courses]
    bands = []
    for group in GROUPS:
        of_group = [row for row in rows if row.group == group]
        of_group.sort(key=lambda row: row.name.casefold())
        of_group.sort(key=lambda row: (row.now.is_on_record, row.day), reverse=True)
        if of_group:
            names = _names(of_group, count) if group in _NAMED else ()
            bands.append(Band(group, tuple(of_group), tuple(names)))
    if not bands:
        return None
    axis = TimeAxis(FIRST_MONTH, month_after(day))
    return Wall(day, tuple(bands), count, tuple(axis.years()))


def _group(judged: Judged, since: Since | None = None) -> TrainingClass | Among:
    is_training = judged.training_class in TRAINING_CLASSES
    return since_list(since) if is_training else judged.training_class


def _row(course: Course, ends: Sequence[dt.date]) -> Row:
    spells = [spell for spell in course.spells if spell.since <= ends[-1]]
    now = spells[-1].judged
    day = spells[-1].since
    for spell in reversed(spells):
        if _group(spell.judged) != _group(now) or spell.judged.is_on_record != now.is_on_record:
            break
        day = spell.since
    judged = (judged_at(spells, end) for end in ends)
    marks = [mark_of(each) if each else None for each in judged]
    if _may_have_begun_before(course.since, now, spells):
        marks = [mark or BEFORE for mark in marks]
    runs, start = [], 0
    for mark, months in groupby(marks):
        length = len(list(months))
        if mark is not None:
            runs.append(Run(mark, start, length))
        start += length
    group = _group(now, course.since)
    since = None if now.training_class in _NO_START else course.since
    return Row(course.slug, course.name, course.weight, now, group, day, since, tuple(runs))


def _may_have_begun_before(since: Since | None, now: Judged, spells: Iterable[Spell]) -> bool:
    """Return whether what holds now may be older than the record, as far as nothing else held."""
    if (since and since.is_known) or now.training_class in _NO_START:
        return False
    known = (each.judged for each in spells if each.judged.training_class != TrainingClass.UNKNOWN)
    return all(_group(each) == _group(now) for each in known)


def _names(rows: Sequence[Row], months: int) -> list[Name]:
    """Name the platforms of most weight, as far as their names fit to the left of their rows."""
    found: list[Name] = []
    for number, row in sorted(enumerate(rows), key=lambda each: -each[1].weight):
        if len(found) == _MOST_NAMES:
            break
        start = row.start
        if start is None or len(row.name) > _LONGEST_NAME or (number + 1) * ROW < _LINE:
            continue
        if any(abs(number - name.row) * ROW < _LINE for name in found):
            continue
        room = start / months
        if room * 3 * _NARROWEST >= len(row.name) * _LETTER:
            narrow = room * _NARROWEST >= len(row.name) * _LETTER
            found.append(Name(row.name, start, number, narrow))
    return sorted(found, key=lambda name: name.row)
