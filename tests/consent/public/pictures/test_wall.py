import datetime as dt
from itertools import pairwise

from consent.ledger.answers import Since
from consent.ledger.figures import Among, Judged, Spell, TrainingClass
from consent.public.pictures.wall import BEFORE, Course, wall
from consent.vocabulary import SinceIs
from platforms.days import EARLIEST

TODAY = dt.date(2023, 3, 15)
ON = Judged(TrainingClass.EVERYWHERE, True)
LOCKED = Judged(TrainingClass.EVERYWHERE, True, no_way_out=True)
IN_PART = Judged(TrainingClass.IN_PART, True)
NO = Judged(TrainingClass.NO, True)
UNKNOWN = Judged(TrainingClass.UNKNOWN, True)
NOTHING = Judged(TrainingClass.UNKNOWN, False)


def course(slug, *spells, weight=1, since=None):
    found = [Spell(day or EARLIEST, judged) for day, judged in spells]
    return Course(slug, slug.title(), weight, found, since or Since(found[-1].since))


def at_latest(day):
    return Since(day, since_is=SinceIs.AT_LATEST)


def test_each_platform_is_a_row_of_one_band_and_the_latest_is_on_top():
    picture = wall(
        [
            course("early", (None, NOTHING), (dt.date(2022, 2, 10), ON)),
            course("late", (None, NOTHING), (dt.date(2023, 1, 2), LOCKED)),
            course("never", (None, NO)),
        ],
        TODAY,
    )
    assert picture.months == 15
    assert [(band.group, [row.slug for row in band.rows]) for band in picture.bands] == [
        (Among.SINCE_KNOWN, ["late", "early"]),
        (TrainingClass.NO, ["never"]),
    ]


def test_what_began_by_a_day_at_the_latest_is_no_step_of_those_that_began_on_a_day():
    day = dt.date(2023, 3, 1)
    picture = wall(
        [
            course("known", (None, NOTHING), (day, ON)),
            course("by-then", (None, NOTHING), (day, ON), since=at_latest(day)),
        ],
        TODAY,
    )
    assert [(band.group, [row.slug for row in band.rows]) for band in picture.bands] == [
        (Among.SINCE_KNOWN, ["known"]),
        (Among.SINCE_NOT_KNOWN, ["by-then"]),
    ]
    known, by_then = picture.rows
    assert [(run.mark.name, run.start, run.length) for run in known.runs] == [("on", 14, 1)]
    before, on = by_then.runs
    assert (before.mark, before.start, before.length) == (BEFORE, 0, 14)
    assert (on.mark.name, on.start) == ("on", 14)


def test_before_a_start_at_the_latest_a_row_is_not_empty_unless_another_state_was_on_record():
    day = dt.date(2023, 3, 1)
    refused = course("a", (None, NOTHING), (day, NO), since=at_latest(day))
    unclear = course("b", (None, NOTHING), (day, UNKNOWN), since=at_latest(day))
    turned = course(
        "c",
        *((None, NOTHING), (dt.date(2022, 5, 1), NO), (day, ON)),
        since=at_latest(day),
    )
    starts = {row.slug: row.runs[0].mark for row in wall([refused, unclear, turned], TODAY).rows}
    assert starts["a"] == BEFORE
    assert BEFORE not in (starts["b"], starts["c"])


def test_a_row_begins_in_the_month_in_which_its_record_begins():
    picture = wall([course("x", (None, NOTHING), (dt.date(2022, 2, 28), ON))], TODAY)
    (run,) = picture.rows[0].runs
    assert (run.start, run.length) == (1, 14)


def test_what_ended_stays_in_the_row_of_a_platform_that_is_in_another_band_now():
    picture = wall([course("x", (None, ON), (dt.date(2022, 12, 1), UNKNOWN))], TODAY)
    assert [band.group for band in picture.bands] == [TrainingClass.UNKNOWN]
    assert [(run.mark.name, run.length) for run in picture.rows[0].runs] == [
        ("on", 11),
        ("unknown", 4),
    ]


def test_a_platform_is_in_its_band_since_the_day_it_switched_on_whatever_its_ways_out():
    spells = ((None, NO), (dt.date(2022, 5, 1), LOCKED), (dt.date(2022, 9, 1), IN_PART))
    since = Since(dt.date(2022, 5, 1))
    (row,) = wall([course("x", *spells, since=since)], TODAY).rows
    assert (row.day, row.since) == (since.on, since)


def test_where_no_start_is_on_record_the_row_says_so():
    (band,) = wall([course("x", (None, ON), since=Since())], TODAY).bands
    assert (band.group, band.rows[0].since) == (Among.SINCE_NOT_KNOWN, Since())


def test_what_is_not_known_is_not_said_to_be_so_since_a_day():
    day = dt.date(2022, 5, 1)
    (row,) = wall([course("x", (None, NOTHING), (day, UNKNOWN), since=Since(day))], TODAY).rows
    assert row.since is None


def test_a_spell_after_the_day_is_not_looked_at():
    spells = ((None, NO), (dt.date(2023, 3, 16), ON))
    picture = wall([course("x", *spells)], TODAY)
    assert [band.group for band in picture.bands] == [TrainingClass.NO]


def test_platforms_of_which_nothing_is_on_record_take_no_room():
    unclear = course("unclear", (None, UNKNOWN))
    silent = [course(f"silent-{number}", (None, NOTHING)) for number in range(9)]
    (band,) = wall([*silent, unclear], TODAY).bands
    assert len(band.rows) == 10
    assert (band.rows[0].slug, len(band.drawn)) == ("unclear", 1)
    assert band.height == 3


def test_marks_differ_without_colours():
    looks = {
        (mark.y, mark.height, mark.dash)
        for picture in [
            wall([course(str(n), (None, judged)) for n, judged in enumerate(every())], TODAY)
        ]
        for band in picture.bands
        for mark, _path in band.lines
    }
    assert len(looks) == len(every()) - 1  # of NOTHING there is no mark


def every():
    in_part_locked = Judged(TrainingClass.IN_PART, True, no_way_out=True)
    others = (
        Judged(each, True)
        for each in TrainingClass
        if each not in (TrainingClass.EVERYWHERE, TrainingClass.IN_PART)
    )
    return [ON, LOCKED, IN_PART, in_part_locked, *others, NOTHING]


def test_names_are_apart_and_only_where_they_fit_beside_their_rows():
    courses = [
        course(f"p{n:02}", (None, NOTHING), (dt.date(2022, 1, 1) + dt.timedelta(7 * n), ON))
        for n in range(60)
    ]
    names = wall(courses, TODAY).bands[0].names
    assert names
    rows = [name.row for name in names]
    assert all(later - row >= 5 for row, later in pairwise(rows))
    assert all(name.month > 0 for name in names)


def test_before_the_first_month_and_without_platforms_there_is_no_picture():
    assert wall([course("x", (None, ON))], dt.date(2021, 12, 31)) is None
    assert wall([], TODAY) is None
