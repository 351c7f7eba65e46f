import csv
import datetime as dt
import io
import json

import pytest

from consent.open_data.lists.resources import RESOURCES
from consent.open_data.tables import SHAPES, columns
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


def rows(response):
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.text)))


def test_the_timeline_is_a_table_with_the_names_of_the_api(client):
    platform = make_platform("x")
    make_entry(platform, title="Old", effective_on=dt.date(2023, 5, 1), effective_precision="month")
    make_entry(platform, title="=1+1", places=["EU", "CH"])
    make_entry(make_platform("y"))
    first, second = rows(client.get("/timeline.csv?platform=x"))
    assert first["title"] == "'=1+1"
    assert first["places"] == '["EU", "CH"]'
    assert (second["effective.value"], second["effective.precision"]) == ("2023-05-01", "month")
    assert second["deadline.value"] == ""
    item = client.get("/api/v1/entries?platform=x").json()["items"][1]
    assert second["id"] == item["id"]
    assert {name.partition(".")[0] for name in second} == item.keys()


def test_a_list_in_a_cell_is_json_whatever_is_in_it(client):
    platform = make_platform("x", aliases=["Chirp; formerly Bird", '"X"'])
    (row,) = rows(client.get("/data/platforms.csv"))
    assert json.loads(row["aliases"]) == platform.aliases
    assert json.loads(row["same_as.ota"]) == []
    described = {column.name: column.type for column in columns(SHAPES["platforms"])}
    lists = {name for name, kind in described.items() if kind == "array"}
    item = client.get("/api/v1/platforms/x").json()["item"]
    assert "aliases" in lists
    for name in row:
        value = item
        for key in name.split("."):
            value = value[key] if value else None
        assert isinstance(value, list) == (name in lists), name


def test_a_view_that_there_is_not_is_refused(client):
    assert client.get("/timeline.csv?kind=nonsense").status_code == 400
    assert client.get("/timeline.csv?nonsense=1").status_code == 400


def test_every_list_of_the_api_is_a_table(client):
    platform = make_platform("x")
    use = make_use(platform, slug="posts")
    make_state(use, starts_on=dt.date(2024, 1, 1))
    make_guide(platform, make_control(use))
    for resource in SHAPES:
        if resource not in RESOURCES:  # it has an address of its own, which takes filters
            continue
        table = rows(client.get(f"/data/{resource}.csv"))
        assert [row["id"] for row in table] == [each["id"] for each in RESOURCES[resource].all()]
    assert rows(client.get("/data/platforms.csv"))[0]["verdict.answer"] == "yes-unless-refused"
    assert client.get("/data/nothing.csv").status_code == 404


def test_a_table_can_be_of_one_platform(client):
    for slug in ("x", "y"):
        use = make_use(make_platform(slug), slug="posts")
        make_state(use, starts_on=dt.date(2024, 1, 1))
    for resource in ("platforms", "uses", "states"):
        table = rows(client.get(f"/data/{resource}.csv?platform=x"))
        assert [row["id"].partition("/")[0] for row in table] == ["x"]
    assert client.get("/data/uses.csv?platform=nobody").status_code == 400
    assert client.get("/data/uses.csv?platfrom=x").status_code == 400
    assert client.get("/data/enums.csv?platform=x").status_code == 400


@pytest.mark.parametrize(
    ("page", "table"),
    [
        ("/platforms", "/data/platforms.csv"),
        ("/guides", "/data/guides.csv"),
        ("/status", "/data/pages.csv"),
        ("/platforms/x", "/data/states.csv?platform=x"),
        ("/platforms/x", "/data/pages.csv?platform=x"),
        ("/matrix", "/matrix.csv"),
        ("/timeline", "/timeline.csv"),
    ],
)
def test_each_table_of_the_site_leads_to_its_file(client, page, table):
    platform = make_platform("x")
    use = make_use(platform, slug="posts", data_kinds=["chats"])
    make_state(use, starts_on=dt.date(2024, 1, 1))
    make_guide(platform, make_control(use))
    make_page(platform)
    make_entry(platform)
    assert f'href="{table}"' in client.get(page).text
    assert rows(client.get(table))


def test_the_table_of_all_entries_has_those_that_were_retracted(client):
    make_entry(make_platform("x"))
    make_entry(make_platform("y"), status="retracted", status_reason="Two products.")
    assert {row["status"] for row in rows(client.get("/data/entries.csv"))} == {
        "published",
        "retracted",
    }


@pytest.mark.parametrize("name", ["entries", "matrix", "figures"])
def test_each_table_that_is_described_has_an_address(client, name):
    response = client.get(f"/data/{name}.csv", follow=True)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    (header, *_rows) = response.text.splitlines()
    assert header.split(",") == [each.name for each in columns(SHAPES[name])]
