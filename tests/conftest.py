"""What every test starts from: no file outside its own folder, no built static files needed."""

import contextlib
import fcntl
import gc
import os
import secrets
import shutil
import subprocess
import sys
from collections import defaultdict
from unittest.mock import patch

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as made_up_examples

from consent.web.languages import forget_made
from consent.web.parts import forget_parts
from platforms import guards
from platforms.append_only import unprotect_logs
from tests.arranging import arranged
from tests.databases import digest_of_code, in_memory, keep, keep_for_next_run, on_sqlite, restore
from tests.main_job.installation import Installation
from tests.practice.site import PracticeSite
from tests.services import REQUIRED, ServiceAbsent, postgresql_server, redis_server

#: Folders of tests of what changes public rows. There the guards are closed but inside
#: `arranged()`; elsewhere, and in ARRANGED, whatever a test writes is what it arranges.
GUARDED = {"desk", "curation", "declarations", "test_guards.py"}
ARRANGED = {"test_slug_changes.py", "test_former_slugs.py", "test_declarations.py"}

#: Folders of tests that take long. No worker should begin one of those when the others are done.
LONG = {"main_job", "browser"}

# How long an example takes is the machine's business: a busy one must fail no test.
made_up_examples.register_profile("any machine", deadline=None)
made_up_examples.load_profile("any machine")


def pytest_ignore_collect(collection_path, config):
    """With `-m database` do not even import files that have no such test: most have none."""
    if config.option.markexpr == "database" and collection_path.name.startswith("test_"):
        return "mark.database" not in collection_path.read_text(encoding="utf-8") or None
    return None


def pytest_collection_modifyitems(config, items):
    """Let the longest tests go first; on another database than SQLite leave out repetitions.

    Databases differ in what the queries of a test mean, hardly in the values it is repeated with:
    there a test runs with its first and its last values only. Mark tests that need them all
    `database(every_case=True)`.
    """
    items.sort(key=lambda item: not LONG & set(item.path.parts))
    if os.environ.get("DRILLS") != "1":
        for item in items:
            if item.get_closest_marker("drill"):
                item.add_marker(pytest.mark.skip(reason="a drill: make drills"))
    if on_sqlite():
        return
    cases = defaultdict(list)
    for item in items:
        marker = item.get_closest_marker("database")
        if marker and not marker.kwargs.get("every_case"):
            cases[item.nodeid.partition("[")[0]].append(item)
    left_out = {item for repeated in cases.values() for item in repeated[1:-1]}
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish():
    """Leave out of garbage collection what lives as long as the run, and collect more rarely.

    Modules, models and thousands of collected tests are looked through each time otherwise, which
    takes a quarter of the processor time of tests that draw pages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.fixture(scope="session")
def kept_database():
    """Where an earlier run of the same code kept its migrated database."""
    return project.VAR_DIR / "migrated" / f"{digest_of_code()}.sqlite3"


@pytest.fixture(scope="session")
def migrating(kept_database):
    """A lock for the worker that migrates. The others then find the database that it kept."""
    kept_database.parent.mkdir(parents=True, exist_ok=True)
    with kept_database.with_suffix(".lock").open("w") as lock:
        yield lock


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, kept_database, migrating):
    if connection.vendor == "sqlite":
        fcntl.flock(migrating, fcntl.LOCK_EX)
        if kept_database.exists():
            fcntl.flock(migrating, fcntl.LOCK_UN)
            connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, kept_database, migrating, tmp_path_factory):
    """Keep a copy of the database as migrations leave it, before any test writes to it.

    Return its path, or None if tests run on another database than SQLite. Installations that tests
    start in processes of their own begin with a copy, because migrating takes ten seconds of
    processor time. The copy also comes back after a test that commits: a flush sets everything up
    anew, which takes more than a second.
    """
    if not in_memory():
        fcntl.flock(migrating, fcntl.LOCK_UN)
        yield None
        return
    path = tmp_path_factory.mktemp("migrated") / "default-on.sqlite3"
    with django_db_blocker.unblock():
        if connection.settings_dict["TEST"]["MIGRATE"]:
            keep(path)
            keep_for_next_run(path, kept_database)
            fcntl.flock(migrating, fcntl.LOCK_UN)
        else:
            shutil.copy(kept_database, path)
            restore(path)
    with patch.object(TransactionTestCase, "_fixture_teardown", lambda _: restore(path)):
        yield path


@pytest.fixture
def migrated_database(db, django_db_setup):
    """Path of an SQLite database with all tables. Copy it; do not write to it."""
    return django_db_setup


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory, worker_id):
    """The static files as a server needs them, for installations in processes of their own.

    Collecting takes ten seconds of processor time, so one worker does it for all.
    """
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    folder = shared / "static"
    with (shared / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = shared / "static.unfinished"
            subprocess.run(
                [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
                env=os.environ | {"STATIC_ROOT": str(unfinished), "VAR_DIR": str(shared / "var")},
                check=True,
            )
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def services(tmp_path_factory):
    """The environment of a production site: a PostgreSQL with all tables, and a Redis.

    Migrating takes long, so tests copy the database. Mark them `xdist_group("services")`.
    """
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
            "SECRET_KEY": secrets.token_hex(32),
            "DESK_REQUIRES_TWO_FACTORS": "false",
        }
        place = Installation(tmp_path_factory.mktemp("services"), site_port=1, **environment)
        place.manage("migrate", "--verbosity", "0")
        yield environment


@pytest.fixture
def site():
    """A web server with the pages of a platform called Chirp."""
    with PracticeSite() as site:
        yield site


@pytest.fixture(autouse=True)
def own_place(settings, tmp_path):
    """Give each test an archive, a cache and a mail folder of its own, and nothing remembered."""
    forget_made()
    forget_parts()
    settings.CONTACT_EMAIL = "curators@defaulton.example"  # nothing is visited without one
    # Good hashing of passwords takes half a second of processor time each.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ARCHIVE_URL = f"file://{tmp_path / 'archive'}"
    settings.SUPPRESSION_PATH = str(tmp_path / "suppression")
    settings.STATIC_ROOT = str(tmp_path)
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {
        name: memory | {"LOCATION": f"{tmp_path}/{name}"} for name in ("default", "pages")
    }
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def arranged_throughout(request):
    """Let tests write public rows as they need them, but where writing is what they test."""
    marker = request.node.get_closest_marker("django_db")
    here = set(request.path.relative_to(request.config.rootpath).parts)
    commits = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if (GUARDED & here and not ARRANGED & here) or not (
        commits or marker or "db" in request.fixturenames
    ):
        yield
    elif commits:
        # No change stays open over several transactions. The flush guards all tables anew.
        request.getfixturevalue("transactional_db")
        guards.release()
        yield
    else:
        request.getfixturevalue("db")
        with arranged():
            yield


@pytest.fixture(autouse=True)
def emptied_logs(request):
    """Let tests that commit empty their tables afterwards, logs too; the flush guards them anew."""
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if commits:
        request.getfixturevalue("transactional_db")  # before this one, so that it goes after it
    yield
    if commits:
        unprotect_logs(connection)
        guards.release()
