"""`manage.py upgrade` as an operator calls it: on an installation in a place of its own."""

import json
import sqlite3
from contextlib import closing

import pytest

from platforms.release import VERSION
from tests.main_job.installation import Installation, copy_database
from tests.practice.site import declare


@pytest.fixture
def place(tmp_path, migrated_database):
    """An installation whose database is that of this version, without a catalog."""
    place = Installation(tmp_path, site_port=9)
    copy_database(migrated_database, tmp_path / "var")
    declare("http://127.0.0.1:9", tmp_path / "catalog")
    return place


def test_it_backs_up_and_loads_the_catalog(place, tmp_path):
    done = place.manage("upgrade", "--no-static", "--backup", str(tmp_path / "backups"))
    assert f"Default On {VERSION}: 0 pending migrations." in done.stdout
    [manifest] = (tmp_path / "backups").glob("*.json")
    assert json.loads(manifest.read_text())["rows"]["platforms_platform"] == 0
    assert place.ask("Platform.objects.count()") == 1


def test_a_database_of_another_version_is_refused(place, tmp_path):
    with closing(sqlite3.connect(tmp_path / "var/default-on.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('consent', '9999_of_later', '2030-01-01')"
        )
    done = place.manage("upgrade", "--no-static", check=False)
    assert done.returncode == 1
    assert "consent.9999_of_later is unknown here" in done.stderr
    assert place.ask("Platform.objects.count()") == 0


@pytest.mark.parametrize("command", [["migrate"], ["upgrade", "--no-static"]])
def test_a_database_from_before_1_0_is_refused_in_one_line(place, tmp_path, command):
    with closing(sqlite3.connect(tmp_path / "var/default-on.sqlite3")) as database, database:
        database.execute(
            "UPDATE django_migrations SET name = '0001_initial'"
            " WHERE app IN ('consent', 'platforms')"
        )
    done = place.manage(*command, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: This database is from before 1.0")
    assert "begin with an empty database" in done.stderr
    assert done.stderr.count("\n") == 1
    assert place.ask("Platform.objects.count()") == 0
