"""propose_archives: copies of sources in the Wayback Machine, asked of a real local server."""

import io
import ipaddress

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from consent.declarations import read_catalog
from tests.platforms.importers.wayback_server import WaybackServer

pytestmark = pytest.mark.django_db

NEWS = "https://news.example/chirp"  # of 26 July 2024; duck's source is dated 2024
COPY = f"https://web.archive.org/web/20240727101112/{NEWS}"


@pytest.fixture
def server(settings):
    with WaybackServer() as running:
        settings.WAYBACK_AVAILABILITY_URL = running.url
        settings.CONTACT_EMAIL = "desk@defaulton.example"
        settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
        settings.FETCH_ALLOWED_PORTS = [running.port]
        settings.FETCH_HOST_PAUSE = 0.0
        yield running


def propose(folder, *arguments):
    out = io.StringIO()
    call_command("propose_archives", *arguments, "--folder", str(folder.path), stdout=out)
    return out.getvalue()


def texts(folder):
    return {path.name: path.read_text() for path in folder.path.iterdir()}


def test_it_lists_copies_and_writes_nothing(folder, server):
    server.keep("20240727101112", NEWS, "The news.")
    before = texts(folder)

    report = propose(folder)

    assert f"{NEWS}\n  {COPY}" in report
    assert "1 of 2 sources have a copy." in report
    assert texts(folder) == before
    # The one of Open Terms Archive is an archive itself, that of a draft waits.
    assert len(server.requests) == 2


def test_with_write_the_files_get_what_was_confirmed_and_no_more(folder, server):
    server.keep("20240727101112", NEWS, "The news.")
    before = read_catalog(folder.path)

    propose(folder, "chirp", "--write")

    after = read_catalog(folder.path)
    (source,) = after.entries["chirp-2024-07-default-on"].sources
    assert str(source.archived_url) == COPY
    changed = {key for key in after.entries if after.entries[key] != before.entries[key]}
    assert changed == {"chirp-2024-07-default-on"}
    assert (after.guides, after.uses) == (before.guides, before.uses)
    assert "1 of" not in propose(folder, "chirp")  # it is asked for no second time


@pytest.mark.parametrize(
    ("timestamp", "url", "fields"),
    [
        ("20240725000000", NEWS, {}),  # before it was published
        ("20240727000000", NEWS, {"status": 404}),
        ("20240727000000", "https://news.example/another", {}),
    ],
)
def test_what_is_no_copy_of_this_source_is_not_proposed(folder, server, timestamp, url, fields):
    server.keep(timestamp, url, "Text.", **fields)

    assert "0 of 1 sources have a copy." in propose(folder, "chirp")


@pytest.mark.parametrize(
    "answer",
    [
        b'{"archived_snapshots": {"closest": {"available": true, "status": "200", '
        b'"url": "https://evil.example/web/20240727000000/https://evil.example"}}}',
        b'{"archived_snapshots": {"closest": {"available": true, "status": "200", "url": "x"}}}',
        b'{"archived_snapshots": {"closest": {"available": false}}}',
        b'{"archived_snapshots": {}}',
    ],
)
def test_an_answer_about_something_else_is_not_believed(folder, server, answer):
    server.index = answer

    assert "0 of 1 sources have a copy." in propose(folder, "chirp")


def test_it_asks_again_when_the_archive_asks_it_to_wait(folder, server):
    server.keep("20240727101112", NEWS, "The news.")
    server.refuse = [(503, {"Retry-After": "0"}), (429, {"Retry-After": "0"})]

    assert COPY in propose(folder, "chirp")
    assert len(server.requests) == 3


def test_an_archive_that_refuses_ends_it_with_what_was_found_written(folder, server):
    server.keep("20240727101112", NEWS, "The news.")
    propose(folder, "chirp", "--write")
    server.refuse = [(503, {"Retry-After": "0"})] * 4

    with pytest.raises(CommandError, match="Run it again for the rest"):
        propose(folder, "duck")


def test_without_a_contact_nobody_is_asked(folder, server, settings):
    settings.CONTACT_EMAIL = "operator@localhost"

    with pytest.raises(CommandError, match="CONTACT_EMAIL"):
        propose(folder)
    assert server.requests == []
