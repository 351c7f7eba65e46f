"""Requests to the API are counted by all processes together, as long as they can be counted."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.cache import caches

from consent.public.share_image.captions import change_card
from consent.web import limits
from tests.factories import make_entry, make_platform
from tests.full_disk import full_disk  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

FILES = "consent.web.counting_files.CountingFiles"


def left(client, address="198.51.100.7"):
    answer = client.get("/api/v1", REMOTE_ADDR=address)
    return int(answer["RateLimit"].split(";")[1].removeprefix("r="))


def test_headers_say_what_is_left(client, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 3)
    assert [left(client) for _ in range(4)] == [2, 1, 0, 0]
    assert client.get("/api/v1", REMOTE_ADDR="198.51.100.7").status_code == 429


def test_networks_are_counted_apart_and_addresses_of_one_together(client):
    first = left(client)
    assert left(client, "198.51.100.9") == first - 1
    assert left(client, "203.0.113.7") == first


@pytest.fixture
def in_files(settings, tmp_path):
    """Requests are counted in files, as without Redis."""
    folder = tmp_path / "counts"
    settings.CACHES = settings.CACHES | {"counts": {"BACKEND": FILES, "LOCATION": str(folder)}}
    return folder


@pytest.mark.usefixtures("in_files")
def test_files_count_what_another_process_counted(client, settings):
    first = left(client)
    settings.CACHES = settings.CACHES | {"counts": dict(settings.CACHES["counts"])}  # new objects
    assert left(client) == first - 1


@pytest.mark.usefixtures("in_files")
def test_none_of_many_simultaneous_requests_is_lost():
    cache = caches["counts"]
    with ThreadPoolExecutor(8) as threads:
        counted = sorted(threads.map(lambda _: cache.incr("api-x", version=1), range(200)))
    assert counted == list(range(1, 201))


def test_each_minute_begins_anew_and_leaves_no_files_of_the_last(client, in_files):
    with time_machine.travel(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False) as clock:
        first = left(client)
        assert left(client, "203.0.113.7") == first
        clock.shift(limits.WINDOW)
        assert left(client) == first
    assert len([path for path in in_files.rglob("*") if path.is_file()]) == 1


def test_requests_are_answered_and_not_counted_on_a_full_disk(client, settings, full_disk):  # noqa: F811
    settings.CACHES = settings.CACHES | {
        "counts": {"BACKEND": FILES, "LOCATION": str(full_disk / "counts")}
    }
    with pytest.raises(OSError, match="No space"):
        caches["counts"].incr("a", version=1)
    answers = [client.get("/api/v1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer["RateLimit"].split(";")[1] for answer in answers} == {f"r={limits.MOST - 1}"}


def test_programs_are_answered_while_the_cache_refuses(client, monkeypatch):
    def fail(*_):
        raise ConnectionError("Redis is away")

    monkeypatch.setattr(limits, "_add_one", fail)
    assert client.get("/api/v1").status_code == 200


FILES_MADE = [
    "/timeline.csv?platform={slug}",
    "/feeds/timeline.atom?platform={slug}",
    "/feeds/timeline.json?platform={slug}",
    "/matrix.csv?asof=2026-03-0{day}",
    "/matrix.json?asof=2026-03-0{day}",
    "/data/uses.csv?platform={slug}",
    "/compare.csv?p={slug}",
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", FILES_MADE)
def test_a_network_has_only_so_many_files_made_in_a_minute(client, monkeypatch, address):
    monkeypatch.setattr(limits, "MOST_FILES", 2)
    first, second, third = (address.format(slug=make_platform().slug, day=day) for day in (1, 2, 3))
    with time_machine.travel(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False):
        assert client.get(first).status_code == client.get(second).status_code == 200
        refused = client.get(third)
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
        assert refused["Cache-Control"] == "no-store"
        # What is kept is given out all the same, and to others everything.
        assert client.get(first).status_code == 200
        assert client.get(third, REMOTE_ADDR="203.0.113.7").status_code == 200


def test_a_network_has_only_so_many_pictures_drawn_in_a_minute(client, monkeypatch):
    monkeypatch.setattr(limits, "MOST_FILES", 1)
    paths = [change_card(make_entry(make_platform())).path for _ in range(2)]
    with time_machine.travel(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False):
        assert [client.get(path).status_code for path in (*paths, paths[0])] == [200, 429, 200]


def test_pages_and_files_on_disk_are_not_counted(client, monkeypatch):
    monkeypatch.setattr(limits, "MOST_FILES", 0)
    for address in ("/timeline?platform=x", "/matrix", "/robots.txt", "/data"):
        assert client.get(address).status_code == 200
