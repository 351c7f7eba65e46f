"""Clients that send slowly, or nothing, do not keep others from the site."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from config.web_server import ARRIVAL_SECONDS, threads, workers
from tests.main_job.installation import kill, until
from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
#: Seconds for one page of an otherwise idle site, on a machine that is very busy.
PATIENCE = 10

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = (
    b"POST /subscribe/start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\naddress="
)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """The site without a database: it answers all the same, that its database fails."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "config.wsgi"),
            *("--config", "python:config.web_server", "--bind", f"127.0.0.1:{port}"),
        ],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(tmp_path_factory.mktemp("var")),
            "LOG_LEVEL": "CRITICAL",
        },
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(url), "the web server answers")
        yield url
    finally:
        kill(process)


def answers(url, patience=PATIENCE):
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{url}/healthz", timeout=patience).status_code
    return None


@contextlib.contextmanager
def slow_clients(url, count, opening):
    """So many connections that send the opening and then a byte now and then, until left."""
    host, port = url.removeprefix("http://").split(":")
    done = threading.Event()
    sockets = [socket.create_connection((host, int(port)), timeout=5) for _ in range(count)]

    def drip():
        while not done.wait(0.5):
            for one in sockets:
                with contextlib.suppress(OSError):
                    one.send(b"a")

    for one in sockets:
        one.sendall(opening)
    thread = threading.Thread(target=drip)
    thread.start()
    try:
        time.sleep(0.5)  # until the server has begun to read them all
        yield
    finally:
        done.set()
        thread.join()
        for one in sockets:
            one.close()


@pytest.mark.parametrize("opening", [HEAD, BODY, b""], ids=["head", "body", "nothing"])
def test_twenty_slow_clients_keep_nobody_else_waiting(url, opening):
    with slow_clients(url, 20, opening):
        for _ in range(5):
            assert answers(url)


@pytest.mark.parametrize("opening", [HEAD, BODY], ids=["head", "body"])
def test_more_slow_clients_than_threads_are_given_up_after_a_while(url, opening):
    with slow_clients(url, 3 * workers * threads, opening):
        assert answers(url, patience=4 * ARRIVAL_SECONDS + PATIENCE)
    assert answers(url)


def test_a_request_with_too_many_headers_is_refused(url):
    headers = {f"X-{number}": "1" for number in range(100)}
    assert requests.get(f"{url}/healthz", headers=headers, timeout=PATIENCE).status_code == 431
