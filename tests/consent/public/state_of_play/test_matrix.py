import csv
import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import make_branch, make_control, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture
def x():
    return make_platform("x", name="X")


def use_of(platform, value="unless-refused", *, since=None, **fields):
    """A use in a state, with a switch."""
    use = make_use(platform, **fields)
    make_state(use, value, starts_on=since)
    if value == "unless-refused":
        make_control(use)
    return use


def rows(response):
    """Platform, and for each data kind the answer in its cell."""
    matrix = response.context["matrix"]
    return {
        line.platform.name: {
            kind.value: cell.verdict.answer.value
            for kind, cell in zip(matrix.kinds, line.cells, strict=True)
            if cell
        }
        for line in matrix.lines
    }


@pytest.mark.usefixtures("whole_catalog")
@pytest.mark.parametrize("prefix", ["", "/de", "/fr"])
def test_the_whole_matrix_is_light_on_a_slow_line(client, prefix):
    sent = client.get(f"{prefix}/matrix", headers={"Accept-Encoding": "gzip"})
    assert sent["Content-Encoding"] == "gzip"
    assert len(sent.content) <= 40_000


def test_a_use_counts_for_each_kind_of_data_it_is_about(client, x):
    use_of(x, data_kinds=["chats", "public-posts"])
    use_of(x, "not-used", data_kinds=["voice"])
    assert rows(client.get("/matrix")) == {
        "X": {
            "chats": "yes-unless-refused",
            "public-posts": "yes-unless-refused",
            "voice": "no",
        }
    }


def test_a_cell_is_the_answer_over_the_uses_with_that_kind_of_data(client, x):
    use_of(x, "not-used", data_kinds=["chats"])
    use_of(x, data_kinds=["chats"])
    assert rows(client.get("/matrix")) == {"X": {"chats": "differs"}}


def test_an_opened_cell_cannot_be_read_backwards(client, x):
    use_of(
        x,
        "not-used",
        data_kinds=["voice"],
        title="Your calls train models",
        title_if_not="Your calls train no models",
    )
    [cell] = BeautifulSoup(client.get("/matrix").content, "lxml").select("td details")
    assert cell.summary.get_text(strip=True) == "No"
    assert cell.li.get_text(" ", strip=True) == "Your calls train no models"


def test_a_cell_names_its_uses_when_it_opens(client, x):
    use = use_of(x, data_kinds=["chats"], title="Your chats train models")
    cell = BeautifulSoup(client.get("/matrix").text, "lxml").select_one("td details")
    assert cell.summary.get_text(strip=True) == "Yes, unless you opt out"
    assert cell.select_one("li a")["href"] == f"/platforms/x#{use.slug}"
    assert cell.select_one("li a").get_text() == "Your chats train models unless you refuse"


def test_the_answer_beside_a_platform_is_over_the_uses_that_are_shown(client, x):
    use_of(x, data_kinds=["chats"])
    use_of(x, "not-used", data_kinds=["voice"])

    def beside_x(query):
        page = BeautifulSoup(client.get(f"/matrix{query}").text, "lxml")
        return page.select_one("tbody th summary").get_text(strip=True)

    assert beside_x("") == "Yes, unless you opt out"
    assert beside_x("?answer=no") == "No"


def test_only_training_has_cells(client, x):
    use_of(x, data_kinds=["chats"], purpose="ads")
    assert rows(client.get("/matrix")) == {}


def test_columns_that_no_use_is_about_are_left_out(client, x):
    use_of(x, data_kinds=["code"])
    assert [kind.value for kind in client.get("/matrix").context["matrix"].kinds] == ["code"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("place=DE", ["Europe", "World"]),
        ("place=EU", ["Europe", "World"]),
        ("place=US", ["Rest", "World"]),
        ("place=ZZ", ["Rest", "World"]),
        ("people=organisation", ["Work"]),
        ("category=assistant", ["Europe"]),
        ("answer=yes-no-way-out&place=US", ["Rest"]),
        ("changed=on", ["World"]),
    ],
)
def test_filters_leave_what_fits(client, query, found):
    europe = make_platform("e", name="Europe", category="assistant")
    use_of(europe, data_kinds=["chats"], places=["EEA"])
    rest = make_platform("r", name="Rest")
    use_of(rest, "no-way-out", data_kinds=["chats"], except_places=["EEA"])
    since = timezone.localdate() - dt.timedelta(days=10)
    use_of(make_platform("w", name="World"), data_kinds=["chats"], since=since)
    use_of(make_platform("o", name="Work"), data_kinds=["chats"], people=["organisation"])
    if query == "changed=on" or query.startswith(("people", "plan", "answer", "state", "category")):
        expected = found
    else:
        # Without a kind of people chosen, the only kind that a platform names is asked about.
        expected = sorted({*found, "Work"})
    assert list(rows(client.get(f"/matrix?{query}"))) == expected


def test_a_day_in_the_past_shows_what_was_so_then(client, x):
    use = make_use(x, data_kinds=["chats"])
    make_state(use, "not-used")
    make_state(use, "unless-refused", starts_on=dt.date(2024, 7, 16))
    make_control(use)
    assert rows(client.get("/matrix?asof=2024-07-15")) == {"X": {"chats": "no"}}
    assert rows(client.get("/matrix?asof=2024-07-16")) == {"X": {"chats": "yes-unless-refused"}}


@pytest.mark.database
@pytest.mark.parametrize(
    ("order", "names"),
    [("name", ["A", "B", "C"]), ("exposure", ["B", "C", "A"]), ("changed", ["B", "A", "C"])],
)
def test_lines_are_sorted_as_asked(client, order, names):
    for name, value, since in (
        ("A", "not-used", dt.date(2024, 1, 1)),
        ("B", "unless-refused", dt.date(2025, 1, 1)),
        ("C", "no-way-out", None),
    ):
        use_of(make_platform(name=name), value, since=since, data_kinds=["chats"])
    assert list(rows(client.get(f"/matrix?sort={order}"))) == names


def test_the_list_view_holds_the_same_uses_each_once(client, x):
    use_of(x, data_kinds=["chats", "code"], title="One use of data")
    text = client.get("/matrix?view=list").text
    assert text.count("One use of data") == 1
    assert "<table" not in text


def test_branches_never_count_as_uses(client, x):
    use = use_of(x, data_kinds=["chats"], except_places=["GB"])
    make_state(make_branch(use, places=["GB"]), "not-used")
    assert "1 use of data for training, of 1 platforms" in client.get("/matrix").text


def test_csv_and_json_are_the_same_view(client, x):
    use_of(x, data_kinds=["chats"], title="One", since=dt.date(2024, 7, 16))
    use_of(make_platform("y"), "not-used", data_kinds=["chats"])
    query = "answer=yes-unless-refused"
    table = list(csv.DictReader(io.StringIO(client.get(f"/matrix.csv?{query}").text)))
    data = client.get(f"/matrix.json?{query}").json()
    assert len(table) == data["total"] == 1
    assert table[0]["since"] == data["uses"][0]["since"] == "2024-07-16"
    assert table[0]["platform"] == data["uses"][0]["platform"] == "X"
    assert table[0]["sentence"] == "One unless you refuse"
    assert table[0]["way_out"] == "Turn off “Improve the model for everyone”"


def test_unknown_starts_are_null_in_json_and_empty_in_csv(client, x):
    use_of(x, data_kinds=["chats"])
    assert client.get("/matrix.json").json()["uses"][0]["since"] is None
    assert next(csv.DictReader(io.StringIO(client.get("/matrix.csv").text)))["since"] == ""


def test_titles_cannot_become_formulas_in_a_spreadsheet(client, x):
    use_of(x, data_kinds=["chats"], title="=HYPERLINK(1)")
    table = csv.DictReader(io.StringIO(client.get("/matrix.csv").text))
    assert next(table)["use"] == "'=HYPERLINK(1)"


@pytest.mark.database
def test_many_platforms_take_few_questions(client, django_assert_max_num_queries):
    for _ in range(30):
        use_of(make_platform(), data_kinds=["chats"])
    with django_assert_max_num_queries(15):
        client.get("/matrix")


@pytest.mark.parametrize("file", ["/matrix.csv", "/matrix.json"])
def test_a_program_that_asks_for_what_there_is_not_is_told_so(client, file):
    answer = client.get(f"{file}?asof=bogus&answer=maybe")
    assert answer.status_code == 400
    assert "asof: " in answer.text
    assert "answer: " in answer.text
