"""Requests to the API are counted by all processes together, as long as they can be counted."""

import pytest
from django.core.cache import caches

from consent.open_data import limits
from tests.full_disk import full_disk  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

FILES = "django.core.cache.backends.filebased.FileBasedCache"


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


def test_a_cache_of_files_counts_what_another_process_counted(client, settings, tmp_path):
    files = {"BACKEND": FILES, "LOCATION": str(tmp_path / "counts")}
    settings.CACHES = settings.CACHES | {"counts": files}
    first = left(client)
    settings.CACHES = settings.CACHES | {"counts": dict(files)}  # new objects, as in a new process
    assert left(client) == first - 1


def test_requests_are_answered_and_not_counted_on_a_full_disk(client, settings, full_disk):  # noqa: F811
    settings.VAR_DIR = full_disk
    settings.CACHES = {
        name: {"BACKEND": FILES, "LOCATION": str(full_disk / name)} for name in settings.CACHES
    }
    with pytest.raises(OSError, match="No space"):
        caches["counts"].set("a", "b" * 5000)
    answers = [client.get("/api/v1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer["RateLimit"].split(";")[1] for answer in answers} == {f"r={limits.MOST - 1}"}


def test_programs_are_answered_while_the_cache_refuses(client, monkeypatch):
    def fail(cache, key):
        raise ConnectionError("Redis is away")

    monkeypatch.setattr(limits, "_add_one", fail)
    assert client.get("/api/v1").status_code == 200
