"""What the pictures are told of the database."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.ledger.cards import cards_of, read_records
from consent.ledger.figures import TrainingClass
from consent.public.state_of_play.figures import (
    change_heat,
    class_steps,
    lately_turned_on,
    notice_given,
    platform_bands,
    wall_on,
)
from consent.vocabulary import Direction, StateValue
from platforms.models import Gap
from platforms.outcomes import Outcome
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_page,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)


def on(year, month, day):
    return dt.date(year, month, day)


def turn(of, day, value="unless-refused", **fields):
    """A state that a published change of the same day opened."""
    platform = (of if hasattr(of, "platform") else of.use).platform
    entry = make_entry(platform, effective_on=day, **fields)
    return make_state(of, value, starts_on=day, opened_by=entry)


def test_the_table_of_the_wall_dates_no_use_by_its_way_out():
    use = make_use(make_platform())
    make_state(use)
    entry = make_entry(use.platform, effective_on=on(2025, 4, 28))
    with arranged():
        entry.uses.add(use)
        make_control(use).offers.create(starts_on=on(2025, 4, 28), opened_by=entry)
    (row,) = wall_on(TODAY).rows
    assert row.since.on is None


def test_the_table_of_the_wall_says_since_when_as_the_page_of_the_platform_does():
    use = make_use(make_platform())
    make_state(use, "not-used")
    make_state(use, starts_on=on(2025, 4, 28), since_is="at-latest")
    (row,) = wall_on(TODAY).rows
    assert (row.since.on, row.since.since_is) == (on(2025, 4, 28), "at-latest")


class TestTheSmallMultiples:
    def test_show_the_latest_of_each_platform_and_the_latest_platform_first(self):
        early, late = make_platform(), make_platform()
        turn(make_use(late), on(2026, 1, 1))
        newest = turn(make_use(late), on(2026, 6, 1))
        turn(make_use(early), on(2025, 6, 1), "no-way-out")
        minis = lately_turned_on(TODAY)
        assert [mini.platform for mini in minis] == [late, early]
        assert minis[0].state == newest

    def test_leave_out_what_gives_people_more_control(self):
        use = make_use(make_platform())
        make_state(use, "no-way-out")
        turn(use, on(2026, 1, 1), direction=Direction.MORE_CONTROL)
        assert lately_turned_on(TODAY) == []

    def test_leave_out_what_was_only_seen_late_and_what_no_change_opened(self):
        day = on(2026, 1, 1)
        turn(make_use(make_platform()), day).branch.states.update(since_is="at-latest")
        make_state(make_use(make_platform()), starts_on=day)
        assert lately_turned_on(TODAY) == []

    def test_leave_out_what_is_no_training_what_is_off_and_what_is_to_come(self):
        turn(make_use(make_platform(), purpose="ads"), on(2026, 1, 1))
        turn(make_use(make_platform()), on(2026, 1, 1), "only-if-agreed")
        turn(make_use(make_platform()), on(2027, 1, 1))
        assert lately_turned_on(TODAY) == []

    def test_leave_out_what_has_ended_and_say_what_it_is_since_then(self):
        ended, changed = make_use(make_platform()), make_use(make_platform())
        turn(ended, on(2026, 1, 1), "no-way-out")
        make_state(ended, "only-if-agreed", starts_on=on(2026, 2, 1))
        turn(changed, on(2026, 1, 1), "no-way-out")
        make_state(changed, "unless-refused", starts_on=on(2026, 2, 1))
        make_state(changed, "not-used", starts_on=on(2027, 1, 1))
        (mini,) = lately_turned_on(TODAY)
        assert mini.use == changed
        assert (mini.state.value, mini.since_then) == ("no-way-out", StateValue.UNLESS_REFUSED)

    def test_say_for_whom_where_that_is_not_everybody(self):
        some = make_branch(make_use(make_platform("some")), plans=["Free"], except_places=["EU"])
        turn(some, on(2026, 1, 1), "no-way-out")
        turn(make_use(make_platform("all")), on(2025, 12, 1))
        minis = {mini.platform.slug: mini.is_of_some for mini in lately_turned_on(TODAY)}
        assert minis == {"some": True, "all": False}

    def test_draw_the_whole_history_of_the_branch(self):
        use = make_use(make_platform())
        make_state(use, "not-used")
        turn(use, on(2026, 1, 1))
        (mini,) = lately_turned_on(TODAY)
        (lane,) = mini.chart.lanes
        assert [bar.spell.value for bar in lane.bars] == ["not-used", "unless-refused"]

    def test_are_twelve_at_most(self):
        for number in range(15):
            turn(make_use(make_platform()), on(2026, 1, number + 1))
        assert len(lately_turned_on(TODAY)) == 12


class TestTheSteps:
    @pytest.mark.database
    def test_count_each_platform_by_its_class_at_the_end_of_a_month(self):
        use = make_use(make_platform())
        make_control(use)
        make_state(use, "not-used", starts_on=on(2024, 1, 10))
        make_state(use, "unless-refused", starts_on=on(2026, 3, 5))
        steps = class_steps(TODAY)
        by_month = {f"{month.last:%Y-%m}": month.by_class for month in steps.months}
        assert by_month["2026-02"][TrainingClass.NO] == 1
        assert by_month["2026-03"][TrainingClass.NO] == 0
        assert by_month["2026-03"][TrainingClass.EVERYWHERE] == 1

    def test_leave_out_platforms_of_which_nothing_was_on_record(self):
        make_state(make_use(make_platform()), starts_on=on(2025, 1, 10))
        make_state(make_use(make_platform()), starts_on=on(2026, 5, 1))
        make_platform()
        steps = class_steps(TODAY)
        assert steps.months[0].last == on(2025, 1, 31)
        assert {month.on_record for month in steps.months} == {1, 2}
        assert (steps.trains_first, steps.trains_last) == (1, 2)

    def test_end_on_the_day_that_they_are_of(self):
        use = make_use(make_platform())
        make_state(use, starts_on=on(2025, 1, 10))
        make_entry(use.platform, effective_on=on(2026, 2, 3))
        assert class_steps(TODAY).months[-1].last == TODAY
        assert class_steps(on(2025, 3, 15)).months[-1].last == on(2025, 3, 15)

    def test_an_undated_state_counts_from_the_first_day_on_which_anything_was_known(self):
        platform = make_platform()
        use = make_use(platform)
        make_state(use, "not-used")
        make_entry(platform, effective_on=on(2025, 5, 5)).uses.add(use)
        steps = class_steps(TODAY)
        assert steps.months[0].last == on(2025, 5, 31)
        assert steps.months[0].by_class[TrainingClass.NO] == 1


class TestTheHeatMap:
    @pytest.mark.database
    def test_counts_changes_by_platform_quarter_and_direction(self):
        x, y = make_platform("x"), make_platform("y")
        make_entry(x, effective_on=on(2026, 5, 1))
        make_entry(x, y, effective_on=on(2026, 6, 30), direction=Direction.MORE_CONTROL)
        heat = change_heat(TODAY)
        assert [lane.slug for lane in heat.lanes] == ["x", "y"]
        assert heat.lanes[0].table[-3] == (1, 1, 0)
        assert heat.lanes[1].table[-3] == (0, 1, 0)
        assert (heat.less, heat.more, heat.total) == (1, 1, 2)

    def test_leaves_out_drafts_wording_other_topics_the_future_and_what_is_long_past(self):
        x = make_platform()
        make_entry(x, status="draft", published_at=None, effective_on=on(2026, 5, 1))
        make_entry(x, effects=["wording-only"], effective_on=on(2026, 5, 1))
        make_entry(x, topic="other", effective_on=on(2026, 5, 1))
        make_entry(x, effective_on=on(2027, 1, 1))
        make_entry(x, effective_on=on(2019, 1, 1))
        assert change_heat(TODAY).lanes == []


class TestTheNotice:
    @pytest.mark.database
    def test_is_counted_over_all_changes_with_both_days(self):
        x = make_platform()
        for days in (30, 30, -4):
            effective = on(2026, 5, 1)
            announced = effective - dt.timedelta(days=days)
            make_entry(x, announced_on=announced, effective_on=effective)
        make_entry(x, announced_on=on(2026, 1, 1), announced_precision="month")
        make_entry(x, announced_on=None)
        notice = notice_given()
        assert (notice.count, notice.median, notice.late) == (3, 30, 1)
        assert sorted(row.days for row in notice.rows) == [-4, 30, 30]

    def test_is_not_drawn_before_there_is_any(self):
        make_entry(make_platform())
        assert notice_given() is None


class TestTheBands:
    def test_break_where_no_page_of_the_use_could_be_read(self):
        use = make_use(make_platform())
        make_state(use, starts_on=on(2024, 1, 1))
        page = make_page(use.platform)
        use.pages.add(page)
        at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
        Gap.objects.create(
            page=page,
            began_at=at,
            noticed_at=at,
            ended_at=at + dt.timedelta(days=90),
            outcome=Outcome.BOT_WALL,
        )
        read = cards_of(read_records(use.platform), TODAY).training
        (lane,) = platform_bands(read, use.platform, TODAY).lanes
        assert lane.track.gaps == [(on(2025, 1, 1), on(2025, 4, 1))]
        assert len(lane.breaks) == 1

    def test_go_on_where_what_was_due_was_never_seen(self):
        use = make_use(make_platform())
        make_state(use, "not-used", starts_on=on(2024, 1, 1))
        due = make_entry(use.platform, effective_on=None, due_on=on(2026, 1, 1))
        make_state(use, "unless-refused", starts_on=on(2026, 1, 1), opened_by=due)
        cards = cards_of(read_records(use.platform), TODAY).training
        (lane,) = platform_bands(cards, use.platform, TODAY).lanes
        assert [(bar.spell.value, bar.announced) for bar in lane.bars] == [
            ("not-used", False),
            ("unless-refused", True),
        ]
        assert lane.track.now.value == "not-used"


def test_pictures_stay_on_their_pages_when_nothing_is_recorded(client):
    assert "Turned on most recently" not in client.get("/").text
    assert "How much notice" not in client.get("/platforms").text


def test_home_and_the_list_of_platforms_name_what_they_draw(client):
    use = make_use(make_platform("x", name="X"))
    make_control(use)
    today = timezone.localdate()
    turn(use, today - dt.timedelta(days=40), announced_on=today - dt.timedelta(days=50))
    home = client.get("/").text
    assert "Turned on most recently" in home
    assert "100% (1 of 1)" in client.get("/numbers").text
    listed = client.get("/platforms").text
    assert "it was told 10 days ahead" in listed
    assert "1 / 0 / 0" in listed


def test_home_says_that_what_it_calls_the_latest_has_a_known_day(client):
    today = timezone.localdate()
    dated = make_use(make_platform("x", name="X"))
    turn(dated, today - dt.timedelta(days=140))
    reported = make_use(make_platform("posthog", name="PostHog"))
    later = today - dt.timedelta(days=100)
    entry = make_entry(reported.platform, effective_on=later)
    make_state(reported, starts_on=later, opened_by=entry, since_is="at-latest")
    text = " ".join(client.get("/").text.split())
    assert "Turned on most recently, for all or for some, on a known day" in text
    assert "The latest: X, " in text


@pytest.mark.parametrize(
    ("prefix", "heading", "latest"),
    [
        (
            "",
            "for all or for some",
            "The latest: Some (personal accounts on Free, outside the EU),",
        ),
        ("/de", "für alle oder für manche", "Die neueste: Some (private Konten mit Free, überall"),
        ("/fr", "pour tous ou pour certains", "La plus récente : Some (comptes personnels"),
    ],
)
def test_home_says_of_nobody_that_it_turned_training_on_for_all_where_it_did_for_some(
    client, prefix, heading, latest
):
    some = make_branch(make_use(make_platform("some", name="Some")), plans=["Free"])
    some.except_places = ["EU"]
    some.save()
    turn(some, timezone.localdate() - dt.timedelta(days=140))
    turn(make_use(make_platform("all")), timezone.localdate() - dt.timedelta(days=150))
    page = BeautifulSoup(client.get(f"{prefix}/").text, "html.parser")
    assert heading in page.select_one("#turned-on").text
    caption = " ".join(page.select_one(".picture:has(.minis) figcaption").text.split())
    assert heading in caption
    assert latest in caption
