"""Clients that send slowly, or nothing, do not keep others from the site."""

import contextlib
import json
import socket
import threading

import pytest
import requests

from config.web_server import threads, workers
from tests.main_job.installation import NO_DATABASE, Installation, until

#: Seconds for one page of an otherwise idle site, on a machine that is very busy.
PATIENCE = 60
_FOR_EVER = 10_000  # seconds

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = (
    b"POST /subscribe/start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\naddress="
)


#: They share two servers.
pytestmark = pytest.mark.xdist_group("slow clients")


@contextlib.contextmanager
def site(folder, *, arrival_seconds):
    """The site without a database: it answers all the same, that its database fails.

    It gives a request so many seconds to arrive, instead of those of production.
    """
    quick = f"from config import web_server; web_server.ARRIVAL_SECONDS = {arrival_seconds}"
    place = Installation(
        folder, site_port=1, prelude=quick, **NO_DATABASE | {"LOG_LEVEL": "CRITICAL"}
    )
    with place.web():
        yield place.url


@pytest.fixture(scope="module")
def patient_site(tmp_path_factory):
    """A site that gives no slow client up. Whoever waits for one waits for ever."""
    with site(tmp_path_factory.mktemp("patient"), arrival_seconds=_FOR_EVER) as url:
        yield url


@pytest.fixture(scope="module")
def impatient_site(tmp_path_factory):
    with site(tmp_path_factory.mktemp("impatient"), arrival_seconds=1) as url:
        yield url


def answers(url, patience=PATIENCE):
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"{url}/healthz/web", timeout=patience).status_code
    return None


def connected(url, count):
    host, port = url.removeprefix("http://").split(":")
    return [socket.create_connection((host, int(port)), timeout=PATIENCE) for _ in range(count)]


@contextlib.contextmanager
def slow_clients(url, count, opening):
    """So many connections that send the opening and then a byte now and then, until left."""
    done = threading.Event()
    sockets = connected(url, count)

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
        yield
    finally:
        done.set()
        thread.join()
        for one in sockets:
            one.close()


@pytest.mark.parametrize("opening", [HEAD, BODY], ids=["head", "body"])
def test_twenty_slow_clients_keep_nobody_else_waiting(patient_site, opening):
    with slow_clients(patient_site, 20, opening):
        # Who comes before the server has begun to read them all may meet a thread that is taken.
        until(lambda: answers(patient_site, patience=2), "the server has begun to read them all")
        for _ in range(5):
            assert answers(patient_site)


def test_silent_clients_take_no_threads(patient_site):
    # gunicorn's own worker would give each of them a thread for five seconds.
    sockets = connected(patient_site, 20 * workers * threads)
    try:
        for _ in range(5):
            assert answers(patient_site)
    finally:
        for one in sockets:
            one.close()


@pytest.mark.parametrize("opening", [HEAD, BODY], ids=["head", "body"])
def test_more_slow_clients_than_threads_are_given_up_after_a_while(impatient_site, opening):
    with slow_clients(impatient_site, 3 * workers * threads, opening):
        assert answers(impatient_site)
    assert answers(impatient_site)


def test_a_request_with_too_many_headers_is_refused(impatient_site):
    headers = {f"X-{number}": "1" for number in range(100)}
    answer = requests.get(f"{impatient_site}/healthz/web", headers=headers, timeout=PATIENCE)
    assert answer.status_code == 431


def test_what_gunicorn_logs_is_written_as_all_is_and_without_readers_keys(tmp_path):
    key = "k" * 24
    place = Installation(tmp_path, site_port=1, **NO_DATABASE | {"LOG_FORMAT": "json"})
    with place.web():
        with socket.create_connection(("127.0.0.1", place.port), timeout=PATIENCE) as connection:
            connection.sendall(f"GET /u/{key} nonsense\r\n\r\n".encode())
            while connection.recv(4096):
                pass
        log = tmp_path / "web.log"
        until(lambda: "nonsense" in log.read_text(), "gunicorn logs the request")
    (line,) = [line for line in log.read_text().splitlines() if "nonsense" in line]
    assert json.loads(line)["logger"] == "gunicorn.error"
    assert key not in line
