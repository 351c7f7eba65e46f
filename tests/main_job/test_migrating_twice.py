"""Two containers start together, and both run `manage.py migrate`."""

import contextlib
import fcntl
import sys

import psycopg
import pytest

from consent.management.commands.migrate import LOCK_NUMBER
from tests.main_job.installation import Installation, copy_database, until
from tests.services import copied_in_postgresql

WAITS = "Another migrate is running on this database"


@contextlib.contextmanager
def migrating_on_sqlite(place):
    """Somebody else migrates the database meanwhile."""
    path = place.folder / "var/default-on.sqlite3.migrating"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def migrating_on_postgresql(place):
    """Somebody else migrates the database meanwhile."""
    with psycopg.connect(place.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
        yield


@pytest.fixture(
    params=[
        "embedded",
        pytest.param(
            "services",
            marks=[
                pytest.mark.services,
                pytest.mark.xdist_group("services"),
                pytest.mark.drill,  # it migrates an empty database
            ],
        ),
    ]
)
def empty(request, tmp_path):
    """An installation whose database has no tables."""
    if request.param == "embedded":
        return Installation(tmp_path, site_port=1)
    services = request.getfixturevalue("services")
    server = services["DATABASE_URL"].rpartition("/")[0]
    url = copied_in_postgresql(f"{server}/template0")
    return Installation(tmp_path, site_port=1, **services | {"DATABASE_URL": url})


@pytest.fixture(
    params=[
        "embedded",
        pytest.param("services", marks=[pytest.mark.services, pytest.mark.xdist_group("services")]),
    ]
)
def lockable(request, tmp_path):
    """An installation whose database has all tables, and how somebody else keeps it locked."""
    if request.param == "embedded":
        copy_database(request.getfixturevalue("migrated_database"), tmp_path / "var")
        return Installation(tmp_path, site_port=1), migrating_on_sqlite
    services = request.getfixturevalue("services")
    url = copied_in_postgresql(services["DATABASE_URL"])
    return Installation(tmp_path, site_port=1, **services | {"DATABASE_URL": url}), (
        migrating_on_postgresql
    )


def test_of_two_that_migrate_at_once_one_waits_for_the_other(empty):
    command = [sys.executable, "manage.py", "migrate"]
    with empty.process("first", command) as first, empty.process("second", command) as second:
        assert (first.wait(), second.wait()) == (0, 0), empty.logged("first", "second")
    logs = empty.logged("first"), empty.logged("second")
    assert sorted("No migrations to apply" in log for log in logs) == [False, True]
    assert empty.manage("migrate", "--check").returncode == 0


def test_whoever_waits_says_so_and_goes_on_when_the_other_has_ended(lockable):
    place, somebody_migrating = lockable
    command = [sys.executable, "manage.py", "migrate"]
    with contextlib.ExitStack() as stack:
        with somebody_migrating(place):
            waiting = stack.enter_context(place.process("waiting", command))
            until(lambda: WAITS in place.logged("waiting"), "it says that it waits")
            assert waiting.poll() is None
            assert "No migrations to apply" not in place.logged("waiting")
        assert waiting.wait() == 0
    assert "No migrations to apply" in place.logged("waiting")


def test_whoever_waits_leaves_a_new_database_alone(tmp_path):
    """Two that open a new file at once, to write its journal mode, fail: SQLite lets none wait."""
    place = Installation(tmp_path, site_port=1)
    with contextlib.ExitStack() as stack:
        with migrating_on_sqlite(place):
            command = [sys.executable, "manage.py", "migrate"]
            waiting = stack.enter_context(place.process("waiting", command))
            until(lambda: WAITS in place.logged("waiting"), "it says that it waits")
            assert not (place.folder / "var/default-on.sqlite3").exists()
        assert waiting.wait() == 0
