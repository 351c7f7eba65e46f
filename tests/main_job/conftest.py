"""Servers that the tests of whole installations share."""

import contextlib
import os
import secrets

import psycopg
import pytest

from tests.main_job.installation import Installation
from tests.services import REQUIRED, ServiceAbsent, postgresql_server, redis_server


@pytest.fixture(scope="session")
def services(tmp_path_factory):
    """A PostgreSQL whose only database has all tables, and a Redis, for all tests here."""
    with contextlib.ExitStack() as stack:
        try:
            database_url = stack.enter_context(postgresql_server())
            redis_url = stack.enter_context(redis_server())
        except ServiceAbsent as absent:
            if REQUIRED:
                pytest.fail(str(absent))
            pytest.skip(str(absent))
        environment = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": os.urandom(32).hex(),
        }
        place = Installation(tmp_path_factory.mktemp("migrated"), site_port=1, **environment)
        place.manage("migrate", "--verbosity", "0")
        yield environment


def copied_in_postgresql(url):
    """The URL of a new database with all that the given one has."""
    server, _, migrated = url.rpartition("/")
    name = f"copy_{secrets.token_hex(8)}"
    with psycopg.connect(f"{server}/template1", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated}")
    return f"{server}/{name}"
