"""Fixtures: servers that end with their test, and a certificate authority."""

import pytest

from tests.platforms.fetching.certificates import Authority
from tests.platforms.fetching.hostile_server import HostileServer


@pytest.fixture
def serve():
    """Start servers with given behaviours; they end with the test."""
    started = []

    def start(behaviours, **kwargs):
        server = HostileServer(behaviours, **kwargs)
        server.__enter__()
        started.append(server)
        return server

    yield start
    for server in started:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))
