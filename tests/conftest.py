"""What every test starts from: no file outside its own folder, no built static files needed."""

import contextlib
import fcntl
import gc
import os
import secrets
import shutil
from collections import defaultdict
from functools import partial
from itertools import count
from unittest.mock import patch

import pytest
from _pytest import runner
from django.conf import settings as project
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase, client, override_settings
from hypothesis import settings as made_up_examples

from consent.web import default_deny
from consent.web.editions import forget_kept
from consent.web.page_language import forget_made
from platforms import guards
from tests.arranging import acts_watched, arranged
from tests.databases import (
    digest_of_code,
    exists_in_postgresql,
    fill_once,
    keep,
    keep_for_next_run,
    keep_in_postgresql,
    on_sqlite,
    restore,
    restore_in_postgresql,
)
from tests.few_platforms import load_few_platforms
from tests.fork_server import fork_server
from tests.main_job.installation import Installation
from tests.practice.site import PracticeSite
from tests.services import REQUIRED, ServiceAbsent, postgresql_server, redis_server
from tests.stack_room import with_stack_room
from tests.sweeps import DRILL, left_out

#: Folders of tests of what changes public rows. There the guards are closed but inside
#: `arranged()`; elsewhere, and in ARRANGED, whatever a test writes is what it arranges.
GUARDED = {"desk", "curation", "declarations", "test_guards.py"}
ARRANGED = {"test_slug_changes.py", "test_former_slugs.py", "test_declarations.py"}

#: Fixtures that write with their guards up, before a test releases them.
FILLING = {"few_platforms", "whole_catalog"}

#: Collects static files without their compressed copies.
COLLECT = """
import config, django
from django.core.management import call_command
from whitenoise.compress import Compressor
Compressor.compress = lambda self, path: ()
django.setup()
call_command("collectstatic", interactive=False, verbosity=0)
"""

#: Folders of tests that take long and mostly wait, for servers and browsers.
LONG = {"main_job", "browser"}

# How long an example takes is the machine's business: a busy one must fail no test.
made_up_examples.register_profile("any machine", deadline=None, max_examples=100 if DRILL else 25)
made_up_examples.load_profile("any machine")


def pytest_ignore_collect(collection_path, config):
    """With `-m database` do not even import files that have no such test: most have none."""
    if config.option.markexpr == "database" and collection_path.name.startswith("test_"):
        return "mark.database" not in collection_path.read_text(encoding="utf-8") or None
    return None


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Let one process at a time import a file of tests.

    The first one rewrites its asserts and compiles what it imports; the others read that from
    files. In a fresh clone all processes would do the same work at the same moment.
    """
    if not isinstance(collector, pytest.Module):
        return (yield)
    with collector.path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return (yield)


def pytest_collection_modifyitems(config, items):
    """Mix long tests with short ones, and leave out cases: see `few_cases` and `database`.

    Databases differ in what the queries of a test mean, hardly in the values it is repeated with:
    there a test runs with its first and its last values only. Mark tests that need them all
    `database(every_case=True)`.
    """
    items[:] = mixed(items)
    if not DRILL:
        for item in items:
            if item.get_closest_marker("drill"):
                item.add_marker(pytest.mark.skip(reason="a drill: make drills"))
    few = cases_of(items, lambda item: item.get_closest_marker("few_cases"))
    leave_out(config, items, {case for name, cases in few for case in left_out(name, cases)})
    if not on_sqlite():
        repeated = cases_of(items, is_repeated)
        leave_out(config, items, {case for _, cases in repeated for case in cases[1:-1]})


def leave_out(config, items, cases):
    """Take these tests from those that will run, and say how many they are."""
    if cases:
        items[:] = [item for item in items if item not in cases]
        config.hook.pytest_deselected(items=cases)


def cases_of(items, wanted):
    """Return the name of each test that has such cases, with them."""
    cases = defaultdict(list)
    for item in filter(wanted, items):
        cases[item.nodeid.partition("[")[0]].append(item)
    return cases.items()


def is_repeated(item):
    """Whether a test marked `database` need not run with all its values."""
    marker = item.get_closest_marker("database")
    return marker and not marker.kwargs.get("every_case")


def mixed(items):
    """Put the long tests evenly among the first three quarters of the others.

    While some workers wait in a long one, others then have something to compute; and no worker
    begins a long one when the others are nearly done.
    """
    long, others = [], []
    for item in items:
        (long if LONG & set(item.path.parts) else others).append(item)
    between = len(others) * 3 // 4 // max(len(long), 1)
    return [
        *(
            one
            for number, item in enumerate(long)
            for one in (item, *others[number * between : (number + 1) * between])
        ),
        *others[len(long) * between :],
    ]


def pytest_collection_finish():
    """Leave out of garbage collection what lives as long as the run, and collect more rarely.

    Modules, models and thousands of collected tests are looked through each time otherwise, which
    takes a quarter of the processor time of tests that draw pages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Run a test as pytest does, but with room on the stack."""
    return with_stack_room(runner.pytest_runtest_protocol, item, nextitem)


@pytest.fixture(scope="session", autouse=True)
def first_contexts():
    """Let answers of the test client keep the context of each template once, where it was first.

    It copies the context of each row of a form otherwise, hundreds for a page of the desk.
    """

    def keep_first(store, signal, sender, template, context, **rest):
        if template not in store.get("templates", ()):
            keep_all(store, signal, sender, template, context, **rest)

    keep_all = client.store_rendered_templates
    with patch.object(client, "store_rendered_templates", keep_first):
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, worker_id):
    """A folder that all workers of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def kept_database(testrun_uid):
    """Where a migrated database is kept, by vendor.

    On SQLite the path of a file, which later runs of the same code use too. On PostgreSQL the name
    of a database, for this run.
    """
    if connection.vendor == "postgresql":
        return f"migrated_{testrun_uid[:16]}"
    return project.VAR_DIR / "migrated" / f"{digest_of_code()}.sqlite3"


@pytest.fixture(scope="session")
def migrating(kept_database, shared_folder):
    """A lock for the worker that migrates. The others then find the database that it kept."""
    path = shared_folder / "migrated.lock"
    if connection.vendor == "sqlite":
        path = kept_database.with_suffix(".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        yield lock


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings, django_db_blocker, kept_database, migrating
):
    fcntl.flock(migrating, fcntl.LOCK_EX)
    here = connection.settings_dict["TEST"]
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            if exists_in_postgresql(kept_database):
                here |= {"TEMPLATE": kept_database, "MIGRATE": False}
    elif kept_database.exists():
        fcntl.flock(migrating, fcntl.LOCK_UN)
        here["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, kept_database, migrating, tmp_path_factory):
    """Keep a copy of the database as migrations leave it, before any test writes to it.

    Return its path, or None if tests run on another database than SQLite. Installations that tests
    start in processes of their own begin with a copy, because migrating takes two seconds of
    processor time. The copy also comes back after a test that commits: a flush sets everything up
    anew, which takes more than a second.
    """
    migrated_here = connection.settings_dict["TEST"]["MIGRATE"]
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            path, back = None, partial(restore_in_postgresql, kept_database)
            if migrated_here:
                keep_in_postgresql(kept_database)
        else:
            path = tmp_path_factory.mktemp("migrated") / "default-on.sqlite3"
            back = partial(restore, path)
            if migrated_here:
                keep(path)
                keep_for_next_run(path, kept_database)
            else:
                shutil.copy(kept_database, path)
                back()
    fcntl.flock(migrating, fcntl.LOCK_UN)
    with patch.object(TransactionTestCase, "_fixture_teardown", lambda _: back()):
        yield path


@pytest.fixture
def migrated_database(db, django_db_setup):
    """Path of an SQLite database with all tables. Copy it; do not write to it."""
    return django_db_setup


@pytest.fixture
def few_platforms(transactional_db, own_place, shared_folder, tmp_path):
    """Fill the site with a dozen platforms of the catalog."""
    fill_once(shared_folder / "few.sqlite3", lambda: load_few_platforms(tmp_path / "few"))


@pytest.fixture
def whole_catalog(transactional_db, own_place, shared_folder):
    """Fill the site with all platforms of the catalog."""
    load = partial(call_command, "load_catalog", verbosity=0)
    fill_once(shared_folder / "whole.sqlite3", load)


@pytest.fixture(scope="session")
def collected_static(shared_folder):
    """The static files as a server needs them, for installations in processes of their own.

    One worker collects them for all, without compressed copies, which take ten seconds of
    processor time. The first `make run` makes those too (a drill in test_supervision.py).
    """
    folder = shared_folder / "static"
    with (shared_folder / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = shared_folder / "static.unfinished"
            place = {"STATIC_ROOT": str(unfinished), "VAR_DIR": str(shared_folder / "var")}
            done = fork_server().run(["-c", COLLECT], environment=os.environ | place)
            assert done.returncode == 0, done.stderr
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


@pytest.fixture(scope="session", autouse=True)
def same_settings(tmp_path_factory):
    """Settings of all tests. Changing them for each takes longer than many a test."""
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        CONTACT_EMAIL="curators@defaulton.example",  # nothing is visited without one
        # Good hashing of passwords takes half a second of processor time each.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STATIC_ROOT=str(tmp_path_factory.mktemp("static")),
        STORAGES=project.STORAGES | {"staticfiles": static},
    ):
        yield


@pytest.fixture(scope="session")
def unused_folders(tmp_path_factory):
    """Names of folders, one for each test. Whatever writes there makes it: most tests never do."""
    folder = tmp_path_factory.mktemp("places")
    return (folder / str(number) for number in count(1))


@pytest.fixture(autouse=True)
def own_place(unused_folders):
    """Give each test an archive, a cache and a mail folder of its own, and nothing remembered."""
    forget_made()
    forget_kept()
    place = next(unused_folders)
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    with override_settings(
        ARCHIVE_URL=f"file://{place / 'archive'}",
        SUPPRESSION_PATH=str(place / "suppression"),
        EMAIL_FILE_PATH=str(place / "mail"),
        CACHES={
            name: memory | {"LOCATION": f"{place}/{name}"}
            for name in ("default", "pages", "counts")
        },
    ):
        yield


@pytest.fixture
def styleguide(settings, monkeypatch):
    """The site has the style guide, too."""
    from tests.styleguide import settings as with_styleguide
    from tests.styleguide.urls import PUBLIC

    for name in ("ROOT_URLCONF", "TEMPLATES", "STATICFILES_DIRS"):
        setattr(settings, name, getattr(with_styleguide, name))
    monkeypatch.setattr(default_deny, "PUBLIC", default_deny.PUBLIC | PUBLIC)


@pytest.fixture(autouse=True)
def arranged_throughout(request):
    """Let tests write public rows as they need them, but where writing is what they test."""
    marker = request.node.get_closest_marker("django_db")
    here = set(request.path.relative_to(request.config.rootpath).parts)
    commits = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if not (commits or marker or "db" in request.fixturenames):
        yield
    elif GUARDED & here and not ARRANGED & here:
        request.getfixturevalue("transactional_db" if commits else "db")
        with acts_watched(always_open=False):
            yield
    elif commits:
        # No act stays open over several transactions. The copy that comes back has the guards.
        for name in ("transactional_db", *sorted(FILLING & set(request.fixturenames))):
            request.getfixturevalue(name)
        guards.release()
        with acts_watched(always_open=True):
            yield
    else:
        request.getfixturevalue("db")
        with acts_watched(always_open=True), arranged():
            yield
