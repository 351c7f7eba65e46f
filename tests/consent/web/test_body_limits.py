"""How much a visitor may send, asked of the real server through a socket."""

import socket

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from consent.web.body_limits import OPEN_FORM_BYTES
from tests.factories import make_platform
from tests.main_job.installation import NO_DATABASE, Installation

OPEN = ("/subscribe/start", "/subscribe", "/alerts", "/report", "/de/report", "/admin/login/", "/")


#: They share a server.
pytestmark = pytest.mark.xdist_group("body limits")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The site's own web server, without a database: limits ask for none. Yields its port."""
    folder = tmp_path_factory.mktemp("server")
    place = Installation(folder, site_port=1, **NO_DATABASE | {"LOG_LEVEL": "CRITICAL"})
    with place.web():
        yield place.port


def status_of(port, path, *, length, body=b"", more=()):
    """Send a head that announces a length, and the body; return the status of the answer."""
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/x-www-form-urlencoded",
        *([f"Content-Length: {length}"] if length is not None else []),
        *more,
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
        answer = connection.recv(64)
    return int(answer.split()[1])


@pytest.mark.parametrize("path", OPEN)
def test_a_body_of_300_megabytes_is_refused_before_any_of_it_is_sent(server, path):
    """The answer comes although nothing of the body was sent: nobody waits for it."""
    assert status_of(server, path, length=300_000_000) == 413


def test_a_body_of_unknown_length_is_refused(server):
    chunked = ["Transfer-Encoding: chunked"]
    body = b"ffff\r\n" + b"a" * 100
    assert status_of(server, "/subscribe/start", length=None, body=body, more=chunked) == 411


def test_a_missing_length_is_an_empty_form(server):
    """The server reads nothing of a body that was not announced."""
    assert status_of(server, "/subscribe/code", length=None, body=b"address=a") in (403, 400)


@pytest.mark.parametrize("length", ["-1", "9" * 5000, "abc", "1e3", "0x10", "5, 5"])
def test_a_length_that_is_none_is_refused(server, length):
    assert status_of(server, "/subscribe/start", length=length) in (400, 413)


def test_what_exceeds_the_announced_length_is_not_part_of_the_form(server):
    body = b"address=a" + b"b" * 200_000
    assert status_of(server, "/subscribe/code", length=9, body=body) == 403  # no CSRF token


def test_curators_and_mail_providers_may_send_more(server):
    for path in ("/admin/platforms/page/1/change/", "/mail/webhooks/postmark"):
        assert status_of(server, path, length=3_000_000) == 413
        body = b"a=" + b"b" * 100_000
        assert status_of(server, path, length=len(body), body=body) != 413


@pytest.mark.django_db
def test_the_longest_form_has_room(client):
    """A sign-up with 600 platforms ticked, as a browser sends it."""
    for number in range(600):
        make_platform(f"a-platform-with-a-long-name-{number}")
    page = BeautifulSoup(client.get("/subscribe").text, "lxml")
    slugs = [box["value"] for box in page.select("input[name=platforms]")]
    assert len(slugs) == 600
    answer = client.post("/subscribe", {"address": "a@b.example", "platforms": slugs})
    assert answer.status_code == 422  # it was read: the form lacks its other fields


@pytest.mark.django_db
def test_a_file_is_refused_where_none_belongs(client):
    file = SimpleUploadedFile("a.txt", b"words")
    assert client.post("/subscribe/start", {"address": file}).status_code == 400
    answer = client.post("/subscribe/start", {"address": "a@b.example"})  # multipart, no file
    assert answer.status_code == 200


@pytest.mark.django_db
def test_the_answer_says_what_is_wrong(client):
    text = "a" * (OPEN_FORM_BYTES + 1)
    answer = client.post("/report", f"text={text}", "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "too much to send" in answer.text
    assert "no-store" in answer["Cache-Control"]
