"""Requests to the API are counted by all processes together."""

import subprocess
import sys

import pytest

from consent.open_data import limits
from consent.open_data.shared_counters import SharedCounters

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ADD = """
import sys, threading
from pathlib import Path
from consent.open_data.shared_counters import SharedCounters
counters = SharedCounters(Path(sys.argv[1]))
threads = [
    threading.Thread(target=lambda: [counters.add(5, 7) for _ in range(500)]) for _ in range(2)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_processes_and_threads_lose_no_request(tmp_path):
    path = tmp_path / "counters"
    command = [sys.executable, "-c", ADD, str(path)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(120) for process in processes] == [0, 0]
    counters = SharedCounters(path)
    assert counters.add(5, 7) == 2001
    assert counters.add(5, 8) == 1
    assert counters.add(6, 7) == 1


def test_headers_say_what_is_left(client, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 3)
    left = [client.get("/api/v1")["RateLimit"].split(";")[1] for _ in range(4)]
    assert left == ["r=2", "r=1", "r=0", "r=0"]
    assert client.get("/api/v1").status_code == 429


def test_networks_are_counted_apart_and_addresses_of_one_together(client, monkeypatch):
    monkeypatch.undo()  # the counter that the tests of this folder share

    def left(address):
        answer = client.get("/api/v1", REMOTE_ADDR=address)
        return int(answer["RateLimit"].split(";")[1].removeprefix("r="))

    first = left("198.51.100.7")
    assert left("198.51.100.9") == first - 1
    assert left("203.0.113.7") > first - 2


def test_programs_are_answered_while_requests_cannot_be_counted(client, monkeypatch, settings):
    settings.CACHE_URL = ""

    def fail(counter, window):
        raise OSError("no space left on device")

    monkeypatch.setattr(limits, "_add_in_file", fail)
    assert client.get("/api/v1").status_code == 200
