"""Every table that readers see can be had as a CSV file, by a link beside it."""

import csv
import datetime as dt
import io
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from consent.open_data import documentation
from consent.open_data.stamps.closed_days import close_day
from consent.public.state_of_play import figure_tables
from platforms.extraction import EXTRACTOR_VERSION
from platforms.models import Document, Snapshot
from tests.factories import (
    make_control,
    make_entry,
    make_fetch,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)
from tests.sweeps import some

pytestmark = pytest.mark.django_db

PAGES = (
    *("/", "/timeline", "/timeline?platform=x", "/platforms", "/platforms/x", "/guides"),
    *("/numbers", "/numbers/then-and-now", "/next", "/claims"),
    *("/matrix", "/compare?p=x&p=y", "/evidence", "/methodology", "/status", "/about", "/feeds"),
    *("/data", "/api", "/corrections", "/glossary", "/checklist?p=x", "/search?q=x"),
)
#: The words of tables that must be among those walked: the fixture is to draw each.
TABLES = {
    "Table: turned on most recently",
    "Table: all platforms and since when",
    "Table: each number with its list",
    "Platforms of each class, month by month",
    "Changes by year and month",
    "Changes per platform and quarter",
    "Notice given",
    "Guides by what makes refusing hard: Show as table",
    "All of this as a table",
    "History of what is used",
    "AI crawlers",
    "Watched pages",
    "Matrix of platforms and kinds of data",
    "Platforms side by side",
    "Daily roots",
}


@pytest.fixture
def site():
    """Fill the site so that it draws each of its tables."""
    x, y = make_platform("x", name="X"), make_platform("y", name="Y")
    page = make_page(x, kind="robots", url="https://x.example/robots.txt")
    make_fetch(page)
    _read(page, "User-agent: GPTBot\nDisallow: /\n")
    day = timezone.localdate() - dt.timedelta(days=40)
    for platform in (x, y):
        use = make_use(platform, slug="posts", data_kinds=["chats"])
        entry = make_entry(
            platform,
            title=f"{platform.name} begins",
            effects=["default-on"],
            announced_on=day - dt.timedelta(days=30),
            effective_on=day,
        )
        entry.uses.add(use)
        make_state(use, starts_on=day, opened_by=entry)
        make_guide(platform, make_control(use), frictions=["hidden"], slug=f"{platform.slug}-off")
    close_day(timezone.localdate())


def _read(page, text):
    now = timezone.now()
    snapshot = Snapshot.objects.create(
        page=page,
        sha256="0" * 64,
        size=len(text),
        content_type="text/plain",
        final_url=page.url,
        first_seen_at=now,
        last_seen_at=now,
    )
    Document.objects.create(
        snapshot=snapshot, extractor_version=EXTRACTOR_VERSION, rules="", text=text, digest="1"
    )


def tables_of(page):
    """Yield the tables of a page, each with what it is called, its rows and its link to a file."""
    for table in page.select("main table"):
        region = table.find_parent(attrs={"aria-label": True}) or table.parent
        around = table.find_parent(["details", "figure", "section"]) or page.main
        link = around.select_one('a[href*=".csv"]')
        yield region.get("aria-label", ""), len(table.select("tbody tr")), link


@pytest.mark.parametrize("language", ["", "/de"])
def test_each_table_of_the_site_has_its_file_beside_it(client, site, language):
    seen = set()
    for path in some(PAGES, 4) if language else PAGES:
        address = f"{language}{path}" if path != "/" else f"{language}/"
        page = BeautifulSoup(client.get(address).content, "lxml")
        for name, rows, link in tables_of(page):
            assert link, f"{address}: {name} has no CSV"
            seen.add(name)
            response = client.get(urljoin(address, link["href"]))
            assert response.status_code == 200, link["href"]
            assert response["Content-Type"].startswith("text/csv")
            lines = list(csv.reader(io.StringIO(response.text)))
            assert len(lines) > (1 if rows else 0), link["href"]
            assert len(set(lines[0])) == len(lines[0])
    if not language:
        assert seen >= TABLES


def test_the_files_of_figures_have_what_the_figures_show(client, site):
    day = timezone.localdate() - dt.timedelta(days=40)

    def rows(path):
        return list(csv.DictReader(io.StringIO(client.get(path).text)))

    turned_on = rows("/figures/turned-on.csv")
    assert [(row["platform"], row["use"]) for row in turned_on] == [
        ("x", "x/posts"),
        ("y", "y/posts"),
    ]
    assert turned_on[0]["starts.value"] == f"{day}"
    assert [row["days"] for row in rows("/figures/notice.csv")] == ["30", "30"]
    months = rows("/timeline/months.csv")
    assert months == [{"month": f"{day:%Y-%m}", "entries": "2"}]
    assert rows("/timeline/months.csv?platform=x")[0]["entries"] == "1"
    assert {(row["id"], row["frictions"]) for row in rows("/figures/frictions.csv")} == {
        ("x-off", '["hidden"]'),
        ("y-off", '["hidden"]'),
    }
    (gptbot,) = (row for row in rows("/crawlers.csv?platform=x") if row["crawler"] == "GPTBot")
    assert (gptbot["access"], gptbot["named"]) == ("none", "true")
    assert rows("/evidence.csv")[0]["number"] == "1"
    assert client.get("/figures/nothing.csv").status_code == 404
    assert client.get("/methodology/0.csv").status_code == 404
    assert client.get("/timeline/months.csv?direction=nonsense").status_code == 400


def test_the_page_of_data_names_the_file_of_each_figure(client):
    assert list(figure_tables.FIGURES) == list(documentation.FIGURES)
    page = BeautifulSoup(client.get("/data").content, "lxml")
    for link in page.select('main a[href$=".csv"]'):
        assert client.get(link["href"]).status_code == 200, link["href"]


def test_every_table_of_the_methodology_is_a_file(client):
    page = BeautifulSoup(client.get("/methodology").content, "lxml")
    tables = page.select("main table")
    links = page.select('main a[href^="/methodology/"]')
    assert len(tables) == len(links) > 5
    for table, link in zip(tables, links, strict=True):
        lines = list(csv.reader(io.StringIO(client.get(link["href"]).text)))
        shown = [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")]
        assert [[cell.lstrip("'") for cell in line] for line in lines] == shown
