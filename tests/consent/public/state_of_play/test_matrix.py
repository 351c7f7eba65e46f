import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from tests.factories import make_platform, make_setting, make_state

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def x():
    return make_platform("x", name="X")


def place(platform, value="unless-refused", *, since=None, **fields):
    """A setting in a state."""
    setting = make_setting(platform, **fields)
    make_state(setting, value, starts_on=since)
    return setting


def rows(response):
    """Platform, and for each data kind the states in its cell."""
    matrix = response.context["matrix"]
    return {
        line.platform.name: {
            kind.value: [standing.value.value for standing in cell]
            for kind, cell in zip(matrix.kinds, line.cells, strict=True)
            if cell
        }
        for line in matrix.lines
    }


def test_a_setting_stands_under_each_kind_of_data_it_is_about(client, x):
    place(x, data_kinds=["chats", "public-posts"])
    place(x, "no-way-out", data_kinds=["chats"])
    assert rows(client.get("/matrix")) == {
        "X": {"chats": ["no-way-out", "unless-refused"], "public-posts": ["unless-refused"]}
    }


def test_columns_that_no_setting_is_about_are_left_out(client, x):
    place(x, data_kinds=["code"])
    assert [kind.value for kind in client.get("/matrix").context["matrix"].kinds] == ["code"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("place=eu", ["Europe", "World"]),
        ("place=us", ["Rest", "World"]),
        ("place=elsewhere", ["Rest", "World"]),
        ("plan=organisation", ["World"]),
        ("category=assistant", ["Europe"]),
        ("state=no-way-out", ["Rest"]),
        ("changed=on", ["World"]),
        ("place=mars", ["Europe", "Rest", "World"]),
    ],
)
def test_filters_leave_what_fits(client, query, found):
    place(
        make_platform("e", name="Europe", category="assistant"),
        data_kinds=["chats"],
        region="EU and EEA",
        audience="personal accounts",
    )
    place(
        make_platform("r", name="Rest"),
        "no-way-out",
        data_kinds=["chats"],
        region="outside the EU and EEA",
        audience="Free and Pro",
    )
    place(
        make_platform("w", name="World"),
        data_kinds=["chats"],
        since=timezone.localdate() - dt.timedelta(days=10),
    )
    assert list(rows(client.get(f"/matrix?{query}"))) == found


def test_a_day_in_the_past_shows_what_was_so_then(client, x):
    setting = make_setting(x, data_kinds=["chats"])
    day = dt.date(2024, 7, 16)
    make_state(setting, "not-used", ends_on=day)
    make_state(setting, "unless-refused", starts_on=day)
    assert rows(client.get("/matrix?asof=2024-07-15")) == {"X": {"chats": ["not-used"]}}
    assert rows(client.get("/matrix?asof=2024-07-16")) == {"X": {"chats": ["unless-refused"]}}


@pytest.mark.parametrize(
    ("order", "names"),
    [("name", ["A", "B", "C"]), ("exposure", ["C", "B", "A"]), ("changed", ["B", "A", "C"])],
)
def test_lines_are_sorted_as_asked(client, order, names):
    for name, value, since in (
        ("A", "not-used", dt.date(2024, 1, 1)),
        ("B", "unless-refused", dt.date(2025, 1, 1)),
        ("C", "no-way-out", None),
    ):
        place(make_platform(name=name), value, since=since, data_kinds=["chats"])
    assert list(rows(client.get(f"/matrix?sort={order}"))) == names


def test_the_list_view_holds_the_same_settings(client, x):
    place(x, data_kinds=["chats", "code"], label="One switch")
    text = client.get("/matrix?view=list").text
    assert text.count("One switch") == 1
    assert "<table" not in text


def test_csv_and_json_are_the_same_view(client, x):
    place(x, data_kinds=["chats"], label="One", since=dt.date(2024, 7, 16))
    place(make_platform("y"), "not-used", data_kinds=["chats"])
    table = list(csv.DictReader(io.StringIO(client.get("/matrix.csv?state=unless-refused").text)))
    data = client.get("/matrix.json?state=unless-refused").json()
    assert len(table) == data["total"] == 1
    assert table[0]["since"] == data["states"][0]["since"] == "2024-07-16"
    assert table[0]["platform"] == data["states"][0]["platform"] == "X"


def test_unknown_starts_are_null_in_json_and_empty_in_csv(client, x):
    place(x, data_kinds=["chats"])
    assert client.get("/matrix.json").json()["states"][0]["since"] is None
    assert next(csv.DictReader(io.StringIO(client.get("/matrix.csv").text)))["since"] == ""


def test_labels_cannot_become_formulas_in_a_spreadsheet(client, x):
    place(x, data_kinds=["chats"], label="=HYPERLINK(1)")
    table = csv.DictReader(io.StringIO(client.get("/matrix.csv").text))
    assert next(table)["setting"] == "'=HYPERLINK(1)"


def test_many_platforms_take_few_questions(client, django_assert_max_num_queries):
    for _ in range(30):
        place(make_platform(), data_kinds=["chats"])
    with django_assert_max_num_queries(5):
        client.get("/matrix")


@pytest.mark.parametrize("file", ["/matrix.csv", "/matrix.json"])
def test_a_program_that_asks_for_what_there_is_not_is_told_so(client, file):
    answer = client.get(f"{file}?asof=bogus&state=maybe")
    assert answer.status_code == 400
    assert "asof: " in answer.text
    assert "state: " in answer.text
