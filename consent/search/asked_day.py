"""Finds a day, a month or a year in what people type: "July 2023", "letztes Jahr", "before 2024".

Words are in locale/<language>/search.toml, under [days]; all languages count.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import override

from consent.language_data import listed_words, tables_of_words
from consent.search.pages import asks_for, leads_to
from consent.search.plain_words import words
from platforms.days import end_of_month

#: Numbers below are of people rather than of years: "a company of 2000".
_YEAR = r"(?P<year>20[1-3]\d)"
#: A date in numbers, as plain words cut it: 2023-07-26, 26.7.2023.
_IN_NUMBERS = re.compile(
    rf"(?<!\S)(?:{_YEAR}-(?P<month>\d\d?)(?:-(?P<day>\d\d?))?"
    r"|(?P<day_first>\d\d?)\.(?P<month_second>\d\d?)\.(?P<year_last>20[1-3]\d))(?!\S)"
)


#: "2023-2025", as plain words cut it.
_YEARS = re.compile(r"(?<!\S)(20[1-3]\d)-(20[1-3]\d)(?!\S)")
#: Words of a day, "the 1st of March 2026", and of what happened on it: "since our audit". Chosen.
_MOST_OF_DAY, _MOST_OF_EVENT = 4, 6

#: Of the seasons north of the equator, where they begin with a month as in weather reports.
_FIRST_MONTHS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}

_Span = tuple[dt.date, dt.date]
_ReadSpan = Callable[[re.Match[str], dt.date], _Span | None]


class AskedDay(NamedTuple):
    """The first and the last day of what was named, and the words without it.

    is_open: what began then, as in "since 2023", what is still to come, or this month: no day. Of
    what has begun the last day is today. ago: this day, of the year that several years ago was.
    without_year: month and day, where the year is taken to be the latest.
    weighed_from: the day whose figures are compared with those of the last day, of a span that runs
    until now, and of one between two years or months: the end of the first of these. goes_on:
    words also ask what came since: "2024, and who since"; the span begins after a single day.
    """

    first: dt.date
    last: dt.date
    is_open: bool
    rest: list[str]
    ago: dt.date | None = None
    without_year: tuple[int, int] | None = None
    weighed_from: dt.date | None = None
    goes_on: bool = False


def asked_day(typed: Sequence[str], today: dt.date) -> AskedDay | None:
    """Find the first day, month or year in plain words; None if there is none.

    The year of a birth is none.
    """
    text = " ".join(typed)
    if between := _between(text, today):
        return between
    for match, span_of, span in _spans(text, today):
        is_led = "led" in match.re.groupindex
        before = text[: match.end("led") if is_led else match.start()].split()
        after = text[match.end() :].split()
        if _ends_with(before, _words()["born"]):
            continue
        first, last = span
        if led := _ends_with(before, _words()["before"]):
            end = first - dt.timedelta(days=1)
            return AskedDay(end, end, False, [*before[: -len(led)], *after])
        if span_of is _months_until_now:
            return _until_today(first, today, [*before, *after])
        if span_of in (_this_year, _this_month, _this_week):
            eve = first - dt.timedelta(days=1)
            return AskedDay(first, last, True, [*before, *after], weighed_from=eve)
        begun, at = _begun(before, span)
        without_year = (first.month, first.day) if span_of is _latest_day else None
        if begun and begun <= today:
            open_day = _until_today(begun, today, [*before[:at], *after])
            return open_day._replace(without_year=without_year)
        if not begun:
            at = len(before) - len(_ends_with(before, _words()["in"]))
        is_ahead = first > today or first == today < last
        ago = (_months_ago(match, today) or (None,))[0] if span_of is _ago else None
        last = last if is_ahead else min(last, today)
        is_open, rest = bool(begun) or is_ahead, [*before[:at], *after]
        if last < today and not begun and (others := _without_since_then(after)) is not None:
            rest = [*before[:at], *others]
            # Who began in a year counts, too; a single day is only where "since" begins.
            last = ago or last
            first = last + dt.timedelta(days=1) if ago or first == last else first
            return AskedDay(first, today, False, rest, weighed_from=last, goes_on=True)
        return AskedDay(first, last, is_open, rest, ago, without_year)
    return None


def _spans(text: str, today: dt.date) -> Iterator[tuple[re.Match[str], _ReadSpan, _Span]]:
    for pattern, span_of in ((_IN_NUMBERS, _numbered), *_patterns()):
        for match in pattern.finditer(text):
            if span := span_of(match, today):
                yield match, span_of, span


def _until_today(first: dt.date, today: dt.date, rest: list[str]) -> AskedDay:
    return AskedDay(first, today, True, rest, weighed_from=first - dt.timedelta(days=1))


def _begun(before: Sequence[str], span: _Span) -> tuple[dt.date | None, int]:
    """Return from when words before a span count, and where they begin: "since our audit in".

    None if they do not say that something began then.
    """
    first, last = span
    begins = list(before)
    while filler := _ends_with(begins, [*_words()["early"], *_words()["in"]]):
        begins = begins[: -len(filler)]
    for key in ("since", "from", "after"):
        if led := _ends_with(begins, _words()[key]):
            begun = last + dt.timedelta(days=1) if key == "after" else first
            return begun, len(begins) - len(led)
    if within := _ends_with(before, _words()["in"]):
        near = before[: -len(within)]
        for at in range(max(0, len(near) - _MOST_OF_EVENT), len(near)):
            is_since = (near[at],) in _words()["since"]
            if is_since and not asks_for("since", near[at:]):
                return first, at
    return None, len(before)


def _without_since_then(after: Sequence[str]) -> list[str] | None:
    """Return words after a day without "since then" or a last "since"; None with neither."""
    if led := _ends_with(after, _words()["since"]):
        return list(after[: -len(led)])
    text = f" {' '.join(after)} "
    said = next((each for each in _phrases("since_then") if f" {each} " in text), None)
    return text.replace(f" {said} ", " ").split() if said else None


@cache
def _joining() -> re.Pattern[str]:
    return re.compile(rf" (?P<to>{_one_of(_phrases('to') + _phrases('and'))}) ")


def _between(text: str, today: dt.date) -> AskedDay | None:
    """Read two days, months or years as the ends of a span: "between 2023 and 2025"."""
    if match := _YEARS.search(text):
        text = text.replace(match[0], f"{match[1]} {_phrases('to')[0]} {match[2]}", 1)
    for joined in _joining().finditer(text):
        before, after = text[: joined.start()].split(), text[joined.end() :]
        while filler := _ends_with(after.split()[:1], _words()["in"]):
            after = after.removeprefix(" ".join(filler)).lstrip()
        ends = [(match[0], span) for match, _of, span in _spans(after, today) if not match.start()]
        if asks_for("now", after.split()[:1]):
            ends = [(after.split()[0], (today, today))]
        if not ends:
            continue
        end, (_first, last) = ends[0]
        for size in range(min(len(before), _MOST_OF_DAY), 0, -1):
            named = " ".join(before[-size:])
            year = re.search(_YEAR, end)
            texts = [named, f"{named} {year['year']}"] if named in months() and year else [named]
            whole = [
                span for each in texts for one, _of, span in _spans(each, today) if one[0] == each
            ]
            led = _ends_with(before[:-size], _words()["between"])
            if whole and (led or joined["to"] in _phrases("to")) and whole[0][0] < last:
                first, end_of_first = whole[0]
                rest = [*before[: -size - len(led)], *after.removeprefix(end).split()]
                is_ahead = first > today
                last = last if is_ahead else min(last, today)
                weighed_from = end_of_first if end_of_first < last else None
                return AskedDay(first, last, is_ahead, rest, weighed_from=weighed_from)
    return None


def _ends_with(before: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the longest phrase with which words end; empty without one."""
    return max(
        (phrase for phrase in phrases if tuple(before[-len(phrase) :]) == phrase),
        key=len,
        default=(),
    )


def _numbered(match: re.Match[str], today: dt.date) -> _Span | None:
    year = int(match["year"] or match["year_last"])
    month = int(match["month"] or match["month_second"])
    day = match["day"] or match["day_first"]
    return _span(year, month, int(day) if day else None)


def _named(match: re.Match[str], today: dt.date) -> _Span | None:
    month = months()[match["name"]]
    day = match["day"] or match["day_after"]
    return _span(int(match["year"]), month, int(day) if day else None)


def _of_year(match: re.Match[str], today: dt.date) -> _Span | None:
    return _span(int(match["year"]))


def _latest_day(match: re.Match[str], today: dt.date) -> _Span | None:
    month, day = months()[match["name"]], int(match["day"] or match["day_after"])
    years = (today.year, today.year - 1)
    days = (span for year in years if (span := _span(year, month, day)) and span[0] <= today)
    return next(days, None)


def _latest_month(match: re.Match[str], today: dt.date) -> _Span | None:
    """Return the month in the past, or the next one where words ask for what is to come."""
    month = months()[match["name"]]
    if _looks_ahead(match.string):
        first = dt.date(today.year + (month < today.month), month, 1)
        return max(first, today), end_of_month(first)
    return _span(today.year if month <= today.month else today.year - 1, month)


def _ago(match: re.Match[str], today: dt.date) -> _Span | None:
    """Return the day so long ago; of several years the whole year, as nobody counts days then."""
    in_years = match["unit"] in listed_words("days", "years")
    if in_years and _count(match) > 1:
        return _span(today.year - _count(match)) if today.year - _count(match) >= 2000 else None
    return _months_ago(match, today)


def _count(match: re.Match[str]) -> int:
    number = match["number"]
    return int(number) if number.isdecimal() else _numbers()[number]


def _months_ago(match: re.Match[str], today: dt.date) -> _Span | None:
    count = _count(match)
    months = count * (12 if match["unit"] in listed_words("days", "years") else 1)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if year < 2000:
        return None
    day = dt.date(year, month + 1, 1)
    day = day.replace(day=min(today.day, end_of_month(day).day))
    return day, day


def _months_until_now(match: re.Match[str], today: dt.date) -> _Span | None:
    return _months_ago(match, today)


def _coming(match: re.Match[str], today: dt.date, *, weeks: int) -> _Span | None:
    return today, today + dt.timedelta(weeks=weeks)


def _last_year(match: re.Match[str], today: dt.date) -> _Span | None:
    return _span(today.year - 1)


def _last_month(match: re.Match[str], today: dt.date) -> _Span | None:
    end = today.replace(day=1) - dt.timedelta(days=1)
    return end.replace(day=1), end


def _this_month(match: re.Match[str], today: dt.date) -> _Span | None:
    return today.replace(day=1), end_of_month(today)


def _this_year(match: re.Match[str], today: dt.date) -> _Span | None:
    """Return this year up to today, or whole where words ask for what is to come."""
    is_ahead = leads_to("next", match.string.split())
    return today.replace(month=1, day=1), today.replace(month=12, day=31) if is_ahead else today


def _this_week(match: re.Match[str], today: dt.date) -> _Span | None:
    monday = today - dt.timedelta(days=today.weekday())
    return monday, monday + dt.timedelta(days=6)


def _last_week(match: re.Match[str], today: dt.date) -> _Span | None:
    return _this_week(match, today - dt.timedelta(weeks=1))


def _next_month(match: re.Match[str], today: dt.date) -> _Span | None:
    first = end_of_month(today) + dt.timedelta(days=1)
    return first, end_of_month(first)


def _season(match: re.Match[str], today: dt.date) -> _Span | None:
    """Return the months of a season: the latest whose first month is over, if no year is named.

    Nobody says "since this winter" in its first days. "Last" is one that is over.
    """
    *which, _name = match["season"].split()  # "last fall", but not "the fall"
    first_month = _FIRST_MONTHS[_seasons()[match["season"]]]
    said = {*which, *(match["which"] or "").split(), *(match["after"] or "").split()}
    before = match.string[: match.start()].split()
    is_led = any(_ends_with(before, _words()[key]) for key in ("since", "before", "after"))
    if not (said or match["year"] or is_led):
        return None
    ends = [dt.date(year, first_month, 1) for year in range(today.year + 1, today.year - 3, -1)]
    if match["year"]:
        first = dt.date(int(match["year"]), first_month, 1)
    elif not said.isdisjoint(_phrases("coming")) or _looks_ahead(match.string):
        first = min(first for first in ends if first > today)
    else:
        months = 3 if not said.isdisjoint(_phrases("gone")) else 1
        first = next(first for first in ends if _months_later(first, months) <= today)
    return first, _months_later(first, 3) - dt.timedelta(days=1)


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)


def _looks_ahead(text: str) -> bool:
    return any(f" {phrase} " in f" {text} " for phrase in _phrases("ahead"))


def _span(year: int, month: int | None = None, day: int | None = None) -> _Span | None:
    try:
        if month is None:
            return dt.date(year, 1, 1), dt.date(year, 12, 31)
        if day is None:
            return dt.date(year, month, 1), end_of_month(dt.date(year, month, 1))
        return dt.date(year, month, day), dt.date(year, month, day)
    except ValueError:
        return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], _ReadSpan]]:
    """Return what finds days in words, the most exact first, each with what reads its span."""
    month = rf"(?P<name>{_one_of(months())})"
    th = r"(?:st|nd|rd|th|er)?"
    number = rf"(?P<number>\d\d?|{_one_of(_numbers())})"
    units = listed_words("days", "years") | listed_words("days", "months")
    unit = rf"(?P<unit>{_one_of(units)})"
    before, after = (_one_of(_phrases(key)) for key in ("before_ago", "after_ago"))
    begins = _phrases("since") + _phrases("after") + _phrases("from")
    begun = rf"(?:{_one_of(begins)})(?: the| dem| le)?"
    on = rf"(?P<led>on|am|le|{begun})"
    named = (
        rf"(?:(?P<day>\d\d?){th} (?:of )?)?{month}(?: (?P<day_after>\d\d?){th})? (?:of )?{_YEAR}"
    )
    found: list[tuple[str, _ReadSpan]] = [
        (named, _named),
        (rf"(?:{before}) {number} {unit}", _ago),
        (rf"{number} {unit} (?:{after})", _ago),
        (rf"(?:{_one_of(_phrases('last_so_many'))}) {number} {unit}", _months_until_now),
        (rf"{number} (?:{_one_of(_phrases('so_many_last'))}) {unit}", _months_until_now),
        (rf"(?:{_one_of(_phrases('last_year'))})", _last_year),
        (rf"(?:{_one_of(_phrases('last_month'))})", _last_month),
        (rf"(?:{_one_of(_phrases('last_week'))})", _last_week),
        (rf"(?:{_one_of(_phrases('this_year'))})", _this_year),
        (rf"(?:{_one_of(_phrases('this_month'))})", _this_month),
        (rf"(?:{_one_of(_phrases('this_week'))})", _this_week),
        (rf"(?:{_one_of(_phrases('next_month'))})", _next_month),
        (rf"(?:{_one_of(_phrases('coming_days'))})", partial(_coming, weeks=1)),
        (rf"(?:{_one_of(_phrases('coming_weeks'))})", partial(_coming, weeks=4)),
        (rf"(?:{_one_of(_phrases('coming_months'))})", partial(_coming, weeks=13)),
        (rf"{on} (?P<day>\d\d?){th} (?:of )?{month}(?P<day_after>)", _latest_day),
        (rf"{on} (?P<day>){month} (?P<day_after>\d\d?){th}", _latest_day),
        (rf"(?P<led>in|im|en|during|{begun}) {month}", _latest_month),
        (
            rf"(?:(?P<which>{_one_of(_phrases('season'))}) )?(?P<season>{_one_of(_seasons())})"
            rf"(?: (?P<after>{_one_of([*_phrases('gone'), *_phrases('coming')])}))?"
            rf"(?: (?:de )?{_YEAR})?",
            _season,
        ),
        (_YEAR, _of_year),
    ]
    return [(re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), read) for pattern, read in found]


def _one_of(phrases: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


@cache
def _tables() -> list[Mapping[str, Any]]:
    return [table for table in tables_of_words("days") if table]


def _phrases(key: str) -> list[str]:
    return [phrase for table in _tables() for phrase in table.get(key, ())]


@cache
def _words() -> Mapping[str, Sequence[tuple[str, ...]]]:
    return {
        key: [tuple(phrase.split()) for phrase in _phrases(key)]
        for key in ("before", "since", "from", "after", "early", "between", "in", "born")
    }


@cache
def months() -> Mapping[str, int]:
    """Return the numbers of months by their names, whole and short, in all languages."""
    found: dict[str, int] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for names in (MONTHS, MONTHS_3):
                for number, name in names.items():
                    found.setdefault(" ".join(words(str(name))), number)
    return found


@cache
def _seasons() -> Mapping[str, str]:
    """Return the seasons of the north by their words in all languages."""
    return {word: season for season in _FIRST_MONTHS for word in _phrases(season)}


@cache
def _numbers() -> Mapping[str, int]:
    return {
        name: number
        for table in _tables()
        for number, names in enumerate(table["numbers"], start=1)
        for name in names.split()
    }
