"""All files for programs: who may read them, and what they say to a mistyped parameter."""

import pytest
from django.urls import URLPattern, get_resolver

from consent.web.default_deny import PUBLIC
from consent.web.page_cache import is_for_other_sites
from tests.arranging import version_everything
from tests.factories import make_platform, make_state, make_use

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]

FILES = {
    "/badges/x.json": "lang, people, place, plan",
    "/badges/x.svg": "lang, people, place, plan",
    "/calendar.ics": "kind, lang",
    "/compare.csv?p=x&p=y": "asof, p, people",
    "/crawlers.csv": "platform",
    "/data/controls.csv": "platform",
    "/data/domains.json": "none",
    "/data/providers.csv": "place",
    "/data/providers.json": "place",
    "/evidence.csv": "none",
    "/feeds/timeline.atom": "direction, kind",
    "/feeds/timeline.json": "direction, kind",
    "/figures.csv": "as_published, asof",
    "/figures/frictions.csv": "none",
    "/figures/notice.csv": "none",
    "/license.xml": "none",
    "/llms.txt": "none",
    "/matrix.csv": "category, changed",
    "/matrix.json": "category, changed",
    "/methodology/1.csv": "none",
    "/numbers/then-and-now.csv?then=2025-01-01&now=2026-01-01": "now, then",
    "/timeline.csv": "direction, kind",
    "/timeline/months.csv": "direction, kind",
    "/.well-known/tdmrep.json": "none",
}
PAGES = {"/developers/providers": "default", "/embed/x": "lang, plan"}
#: Read by browsers and search engines themselves, not by scripts; or kept in one piece on the disk.
NOT_BY_SCRIPTS = {
    *("opensearch", "robots-txt", "security-txt", "share-image", "sitemap", "sitemap-section"),
    *("evidence-bundle",),  # it answers for itself: see evidence/test_download.py
}


@pytest.fixture(autouse=True)
def platforms():
    for slug in ("x", "y"):
        make_state(make_use(make_platform(slug)))
    version_everything()


@pytest.mark.parametrize("address", FILES)
def test_a_script_of_another_site_reads_every_file(client, address):
    origin = {"Origin": "https://elsewhere.example"}
    asked = client.options(address, headers=origin | {"Access-Control-Request-Method": "GET"})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    answer = client.get(address, headers=origin)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")


@pytest.mark.parametrize("address", [*FILES, *PAGES])
def test_a_mistyped_parameter_is_refused_with_those_that_there_are(client, address):
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}plaec=DE")
    assert answer.status_code == 400
    assert "“plaec”" in answer.text
    if address.partition("?")[0].endswith(".json"):
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["parameters"] == sorted(answer.json()["parameters"])
    for name in (FILES | PAGES)[address].split(", "):
        assert name in answer.text
    assert client.get(f"{address}{joint}utm_source=news").status_code == 200


def routes(patterns, before=""):
    for each in patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield each.name, path, each.callback
        else:
            yield from routes(each.url_patterns, path)


def test_every_address_of_a_file_is_for_other_sites():
    files = {
        name: callback
        for name, path, callback in routes(get_resolver().url_patterns)
        if name in PUBLIC and "." in path.rpartition("/")[2] and not path.startswith("api/")
    }
    assert len(files) > 25
    assert {name for name, view in files.items() if not is_for_other_sites(view)} == NOT_BY_SCRIPTS


@pytest.mark.parametrize("address", ["/feeds/timeline.atom", "/timeline.csv", "/calendar.ics"])
def test_an_error_names_the_parameter_and_what_it_takes(client, address):
    assert client.get(f"{address}?since=soon").text.startswith("since: ")
    refused = client.get(f"{address}?direction=up")
    assert refused.text.startswith("direction: ")
    assert "Allowed: less-control, more-control" in refused.text


def test_errors_of_json_are_json(client):
    for address in ("/data/providers.json?place=Atlantis", "/matrix.json?sort=age"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert answer.json()["allowed"]


def test_a_file_that_there_is_not_says_where_files_and_ids_are(client):
    for address in (
        *("/badges/nobody.svg", "/badges/nobody.json", "/figures/nothing.csv"),
        *("/data/nothing.csv", "/data/releases/1999-01.zip", "/data/2020-01-01.zip"),
    ):
        answer = client.get(address)
        assert (answer.status_code, "/api/v1/resolve?q=" in answer.text) == (404, True)


def test_a_yes_or_no_of_a_file_takes_nothing_else(client):
    assert client.get("/figures.csv?as_published=true").status_code == 200
    refused = client.get("/figures.csv?as_published=yes")
    assert (refused.status_code, "true, false" in refused.text) == (400, True)
