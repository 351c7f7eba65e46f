"""What the pictures are told of the database."""

import datetime as dt

import pytest
from django.utils import timezone

from consent.ledger.state_of_play import cards, settings_per_value, tally
from consent.public.state_of_play.figures import (
    change_heat,
    lately_turned_on,
    notice_given,
    platform_bands,
    state_steps,
)
from consent.vocabulary import Direction
from platforms.models import Gap
from platforms.outcomes import Outcome
from tests.factories import make_entry, make_page, make_platform, make_setting, make_state

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TODAY = dt.date(2026, 11, 24)


def on(year, month, day):
    return dt.date(year, month, day)


class TestTheSmallMultiples:
    def test_show_the_latest_of_each_platform_and_the_latest_platform_first(self):
        early, late = make_platform(), make_platform()
        make_state(make_setting(late), starts_on=on(2026, 1, 1))
        newest = make_state(make_setting(late), starts_on=on(2026, 6, 1))
        make_state(make_setting(early), "no-way-out", starts_on=on(2025, 6, 1))
        minis = lately_turned_on(TODAY)
        assert [mini.platform for mini in minis] == [late, early]
        assert minis[0].state == newest

    def test_leave_out_what_was_on_before_and_only_got_a_way_out(self):
        setting = make_setting(make_platform())
        day = on(2026, 1, 1)
        make_state(setting, "no-way-out", ends_on=day)
        make_state(setting, "unless-refused", starts_on=day)
        assert lately_turned_on(TODAY) == []

    def test_leave_out_what_is_over_to_come_off_or_not_dated(self):
        for fields in (
            {"starts_on": on(2025, 1, 1), "ends_on": on(2026, 1, 1)},
            {"starts_on": on(2027, 1, 1)},
            {"value": "only-if-agreed", "starts_on": on(2026, 1, 1)},
            {},
        ):
            make_state(make_setting(make_platform()), **fields)
        assert lately_turned_on(TODAY) == []

    def test_draw_the_whole_history_of_the_setting(self):
        setting = make_setting(make_platform())
        day = on(2026, 1, 1)
        make_state(setting, "not-used", ends_on=day)
        make_state(setting, "unless-refused", starts_on=day)
        (mini,) = lately_turned_on(TODAY)
        (lane,) = mini.chart.lanes
        assert [bar.spell.value for bar in lane.bars] == ["not-used", "unless-refused"]

    def test_are_twelve_at_most(self):
        for number in range(15):
            make_state(make_setting(make_platform()), starts_on=on(2026, 1, number + 1))
        assert len(lately_turned_on(TODAY)) == 12


def test_settings_are_counted_by_the_month_their_states_begin_and_end():
    setting = make_setting(make_platform())
    make_state(setting, "not-used", starts_on=on(2024, 1, 10), ends_on=on(2026, 3, 5))
    make_state(setting, "unless-refused", starts_on=on(2026, 3, 5))
    make_state(make_setting(setting.platform), "not-used")
    steps = state_steps(settings_per_value(tally(TODAY)), TODAY)
    counts = {row.value: dict(zip(steps.months, row.counts, strict=True)) for row in steps.rows}
    assert counts["not-used"][on(2026, 2, 1)] == 1
    assert counts["not-used"][on(2026, 3, 1)] == 0
    assert counts["unless-refused"][on(2026, 3, 1)] == 1
    assert steps.undated == 1


class TestTheHeatMap:
    def test_counts_changes_by_platform_quarter_and_direction(self):
        x, y = make_platform("x"), make_platform("y")
        make_entry(x, effective_on=on(2026, 5, 1))
        make_entry(x, y, effective_on=on(2026, 6, 30), direction=Direction.MORE_CONTROL)
        heat = change_heat(TODAY)
        assert [lane.slug for lane in heat.lanes] == ["x", "y"]
        assert heat.lanes[0].table[-3] == (1, 1, 0)
        assert heat.lanes[1].table[-3] == (0, 1, 0)
        assert (heat.less, heat.more, heat.total) == (1, 1, 2)

    def test_leaves_out_drafts_wording_the_future_and_what_is_long_past(self):
        x = make_platform()
        make_entry(x, status="draft", published_at=None, effective_on=on(2026, 5, 1))
        make_entry(x, effects=["wording-only"], effective_on=on(2026, 5, 1))
        make_entry(x, effective_on=on(2027, 1, 1))
        make_entry(x, effective_on=on(2019, 1, 1))
        assert change_heat(TODAY).lanes == []


class TestTheNotice:
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


def test_a_band_breaks_where_no_page_of_the_setting_could_be_read():
    setting = make_setting(make_platform())
    make_state(setting, starts_on=on(2024, 1, 1))
    page = make_page(setting.platform)
    setting.pages.add(page)
    at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    Gap.objects.create(
        page=page,
        began_at=at,
        noticed_at=at,
        ended_at=at + dt.timedelta(days=90),
        outcome=Outcome.BOT_WALL,
    )
    read = cards(setting.platform.settings.with_history(), [], TODAY)
    (lane,) = platform_bands(read, setting.platform, TODAY).lanes
    assert lane.track.gaps == [(on(2025, 1, 1), on(2025, 4, 1))]
    assert len(lane.breaks) == 1


def test_pictures_stay_on_their_pages_when_nothing_is_recorded(client):
    assert "Turned on most recently" not in client.get("/").text
    assert "How much notice" not in client.get("/platforms").text


def test_home_and_the_list_of_platforms_name_what_they_draw(client):
    setting = make_setting(make_platform("x", name="X"))
    today = timezone.localdate()
    make_state(setting, starts_on=today - dt.timedelta(days=40))
    make_entry(
        setting.platform,
        announced_on=today - dt.timedelta(days=50),
        effective_on=today - dt.timedelta(days=40),
    )
    home = client.get("/").text
    assert "Turned on most recently" in home
    assert "0 in " in home
    assert "1 today" in home
    listed = client.get("/platforms").text
    assert "it was told 10 days ahead" in listed
    assert "1 / 0 / 0" in listed
