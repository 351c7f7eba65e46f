"""What pages say of themselves in JSON-LD: true, complete, and harmless."""

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_entry, make_guide, make_platform, make_source, make_use

pytestmark = pytest.mark.django_db


def structured(client, path):
    page = BeautifulSoup(client.get(path).text, "lxml")
    (block,) = page.select('script[type="application/ld+json"]')
    return json.loads(block.string)


def test_the_timeline_is_a_data_set_with_its_feed_and_its_beginning(client, settings):
    make_entry(make_platform(), effective_on=dt.date(2023, 2, 5))
    data = structured(client, "/timeline")
    assert data["@type"] == "Dataset"
    assert data["temporalCoverage"] == "2023-02/.."
    (file,) = data["distribution"]
    assert file["contentUrl"] == f"{settings.SITE_URL}/feeds/timeline.atom"


def test_the_files_that_a_data_set_names_are_there_and_of_the_kind_they_are_said_to_be(
    client, settings
):
    make_use(make_platform("x"))
    for path in ("/timeline", "/matrix", "/platforms/x", "/de/matrix"):
        for file in structured(client, path)["distribution"]:
            response = client.get(file["contentUrl"].removeprefix(settings.SITE_URL))
            assert response.status_code == 200
            assert response["Content-Type"].startswith(file["encodingFormat"])


def test_a_guide_is_a_how_to_with_its_steps_by_surface(client):
    guide = make_guide(make_platform("x", name="X"), minutes=3)
    data = structured(client, guide.get_absolute_url())
    assert (data["@type"], data["totalTime"]) == ("HowTo", "PT3M")
    assert [step["text"] for step in data["step"][0]["itemListElement"]] == [
        "Open the settings.",
        "Clear the box.",
    ]


def test_a_change_is_an_article_that_cites_its_sources(client):
    entry = make_entry(make_platform("x", name="X", operator="X Corp."))
    source = make_source(entry)
    data = structured(client, entry.get_absolute_url())
    assert (data["@type"], data["headline"]) == ("Article", entry.title)
    assert data["citation"] == [source.url]
    assert data["about"][0]["provider"]["name"] == "X Corp."
    assert data["datePublished"].startswith(f"{entry.published_at:%Y-%m-%d}")


def test_what_the_catalog_took_over_is_not_said_to_be_first_published_by_us(client):
    entry = make_entry(make_platform(), origin="catalog")
    assert "datePublished" not in structured(client, entry.get_absolute_url())


@pytest.mark.parametrize(
    "title",
    ["</script><script>alert(1)</script>", "<!-- <script>", "A & B <i>&lt;</i>", "日本\u2028語"],
)
def test_no_title_gets_out_of_the_block(client, title):
    entry = make_entry(make_platform(), title=title)
    text = client.get(entry.get_absolute_url()).text
    block = text[text.index("application/ld+json") :]
    block = block[block.index(">") + 1 : block.index("</script>")]
    assert not set("<>&") & set(block)
    assert json.loads(block)["headline"] == title
