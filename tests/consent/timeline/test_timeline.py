import datetime as dt

import pytest
from django.utils import timezone

from tests.factories import (
    make_entry,
    make_guide,
    make_platform,
    make_setting,
    make_source,
    make_state,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def titles(response):
    """The titles of rows in the order they are shown."""
    months = response.context["months"]
    return [row.entry.title for month in months for row in month.rows]


def test_entries_stand_newest_first_under_the_month_they_are_dated_in(client):
    x = make_platform("x")
    make_entry(x, title="Older", effective_on=dt.date(2024, 5, 7))
    make_entry(x, title="Newer", effective_on=dt.date(2024, 7, 26))
    response = client.get("/timeline")
    assert titles(response) == ["Newer", "Older"]
    assert [month.first for month in response.context["months"]] == [
        dt.date(2024, 7, 1),
        dt.date(2024, 5, 1),
    ]


@pytest.mark.parametrize("status", ["draft", "retracted"])
def test_what_is_not_published_is_not_listed(client, status):
    make_entry(make_platform(), title="Secret", status=status)
    assert "Secret" not in client.get("/timeline").text


def test_the_platform_filter_leaves_the_others_out(client):
    make_entry(make_platform("x"), title="About X")
    make_entry(make_platform("slack"), title="About Slack")
    response = client.get("/timeline?platform=x")
    assert titles(response) == ["About X"]
    assert "About Slack" not in response.text


def test_filters_of_lists_match_whole_words_of_the_closed_lists(client):
    make_entry(make_platform(), title="Posts", effects=["opt-out-added"], regions=["EU"])
    make_entry(make_platform(), title="Chats", effects=["opt-out-removed"], data_kinds=["chats"])
    assert titles(client.get("/timeline?kind=opt-out-added")) == ["Posts"]
    assert titles(client.get("/timeline?datakind=chats")) == ["Chats"]
    assert titles(client.get("/timeline?region=EU")) == ["Posts"]


def test_a_region_is_found_by_its_name_with_all_its_letters(client):
    make_entry(make_platform(), title="There", regions=["EU", "Türkiye"])
    make_entry(make_platform(), title="Elsewhere", regions=["EU"])
    assert titles(client.get("/timeline", {"region": "Türkiye"})) == ["There"]


def test_the_filter_of_states_looks_at_what_an_entry_opened(client):
    platform = make_platform()
    opening = make_entry(platform, title="Opens")
    make_entry(platform, title="Does not")
    make_state(make_setting(platform), opened_by=opening)
    assert titles(client.get("/timeline?state=on-by-default")) == ["Opens"]


def test_only_with_a_guide_means_a_published_one(client):
    platform = make_platform()
    guided, unguided = make_setting(platform), make_setting(platform)
    make_guide(platform, guided)
    make_guide(platform, unguided, status="draft")
    make_entry(platform, title="Guided").settings.add(guided)
    make_entry(platform, title="Draft guide").settings.add(unguided)
    assert titles(client.get("/timeline?guide=on")) == ["Guided"]


def test_a_span_of_days_includes_both_its_ends(client):
    for day in (1, 2, 3, 4):
        make_entry(make_platform(), title=f"Day {day}", effective_on=dt.date(2024, 7, day))
    assert titles(client.get("/timeline?since=2024-07-02&until=2024-07-03")) == ["Day 3", "Day 2"]


def test_each_filter_in_force_can_be_removed_by_a_link(client):
    make_entry(make_platform("x"))
    response = client.get("/timeline?platform=x&direction=less-control&older=ffffffffff")
    assert [(each.label, each.value, each.without) for each in response.context["active"]] == [
        ("Platform", "X", "direction=less-control"),
        ("Direction", "less control", "platform=x"),
    ]


def test_a_filter_that_is_not_understood_says_so_and_hides_nothing(client):
    make_entry(make_platform(), title="Still here")
    response = client.get("/timeline?since=yesterday")
    assert titles(response) == ["Still here"]
    assert "Enter a valid date." in response.text


def test_entries_of_new_wording_only_are_counted_and_shown_on_request(client):
    make_entry(make_platform(), title="Comma moved", effects=["wording-only"])
    make_entry(make_platform(), title="Real")
    response = client.get("/timeline")
    assert titles(response) == ["Real"]
    assert "1 with new wording only is not shown" in response.text
    assert set(titles(client.get("/timeline?wording=on"))) == {"Real", "Comma moved"}


def test_what_is_still_to_come_is_pinned_on_top_the_nearest_first(client):
    today = timezone.localdate()
    for days in (60, 30):
        make_entry(
            make_platform(), title=f"In {days}", effective_on=today + dt.timedelta(days=days)
        )
    response = client.get("/timeline")
    assert [row.entry.title for row in response.context["upcoming"]] == ["In 30", "In 60"]
    assert titles(response) == []


def test_older_changes_follow_without_a_gap_or_a_repetition(client):
    platform = make_platform()
    for number in range(95):
        make_entry(
            platform,
            key=f"e{number:03}",
            title=f"Entry {number:03}",
            # Three a day, so that pages end in the middle of a day.
            effective_on=dt.date(2024, 1, 1) + dt.timedelta(days=number // 3),
        )
    seen, response = [], client.get("/timeline")
    while True:
        seen += titles(response)
        if response.context["older_after"] is None:
            break
        response = client.get(f"/timeline?older={response.context['older_after'].public_id}")
    assert len(seen) == len(set(seen)) == 95
    assert seen == [
        f"Entry {number:03}"
        for day in range(31, -1, -1)
        for number in range(day * 3, day * 3 + 3)
        if number < 95
    ]


def test_a_row_shows_states_before_and_after_sources_and_the_guide(client):
    platform = make_platform("x")
    setting = make_setting(platform)
    entry = make_entry(platform, title="X turns it on")
    entry.settings.add(setting)
    make_source(entry)
    make_source(entry)
    make_guide(platform, setting, title="Turn it off")
    day = dt.date(2024, 7, 26)
    make_state(setting, "off-by-default", ends_on=day, closed_by=entry)
    make_state(setting, "on-by-default", starts_on=day, opened_by=entry)
    response = client.get("/timeline")
    (row,) = response.context["months"][0].rows
    assert [(turn.before, turn.after) for turn in row.values] == [
        ("off-by-default", "on-by-default")
    ]
    assert "2 sources" in response.text
    assert "How to say no" in response.text


def test_dates_are_written_as_precisely_as_they_are_known(client):
    make_entry(make_platform(), effective_on=dt.date(2024, 7, 1), effective_precision="month")
    make_entry(make_platform(), effective_on=dt.date(2023, 1, 1), effective_precision="year")
    text = client.get("/timeline").text
    assert '<time datetime="2024-07">July 2024</time>' in text
    assert '<time datetime="2023">2023</time>' in text


def test_the_list_asks_as_many_questions_for_forty_rows_as_for_two(
    client, django_assert_max_num_queries
):
    def fill(count):
        for _ in range(count):
            platform = make_platform()
            setting = make_setting(platform)
            entry = make_entry(platform)
            entry.settings.add(setting)
            make_entry(platform, effective_on=timezone.localdate() + dt.timedelta(days=9))
            make_source(entry)
            make_guide(platform, setting)
            make_state(setting, opened_by=entry)

    fill(40)
    for path in ("/timeline", "/", "/feeds/timeline.atom"):
        with django_assert_max_num_queries(15):
            client.get(path)
