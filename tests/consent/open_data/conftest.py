"""Fixtures: an archive, files and an authority for evidence."""

import socket

import pytest

from tests.consent.open_data.stamps.authority_server import AuthorityServer


@pytest.fixture
def evidence_places(settings, tmp_path):
    settings.ARCHIVE_URL = f"file://{tmp_path / 'archive'}"
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture(scope="session")
def authority_server(tmp_path_factory):
    with AuthorityServer(tmp_path_factory.mktemp("authority") / "tsa") as server:
        yield server


@pytest.fixture
def stamp_authority(settings, authority_server):
    """An authority that answers, and settings that name it."""
    authority_server.answers, authority_server.requests = authority_server.stamp, 0
    settings.STAMP_AUTHORITY_URL = authority_server.url
    settings.STAMP_AUTHORITY_ROOTS = str(authority_server.roots)
    return authority_server


@pytest.fixture
def unused_port():
    """A port at which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
