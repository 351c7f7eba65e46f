"""The whole sentence with real processes: watched, kept, compared, published, read, mailed."""

import contextlib
import re

import feedparser
import psycopg
import pytest
import redis
import requests

from tests.main_job.installation import Curator, Installation, Reader, kill, until
from tests.pages import doubts_in, fields_in
from tests.practice.site import HELP, declare
from tests.services import copied_in_postgresql

TITLE = "Chirp now uses public posts to train Perch unless people opt out"
SWITCH = "Allow your posts to be used to train Perch"
READER = "reader@mail.example"


@pytest.fixture(
    params=[
        "embedded",
        pytest.param("services", marks=[pytest.mark.services, pytest.mark.xdist_group("services")]),
    ]
)
def environment(request):
    """Embedded: SQLite and the filesystem transport. Services: PostgreSQL and Redis, both empty."""
    if request.param == "embedded":
        return {}
    services = request.getfixturevalue("services")
    redis.Redis.from_url(services["REDIS_URL"]).flushall()
    return services | {"DATABASE_URL": copied_in_postgresql(services["DATABASE_URL"])}


@pytest.fixture
def installation(tmp_path, site, environment, migrated_database, collected_static):
    declare(site.url, tmp_path / "catalog")
    installation = Installation(
        tmp_path, site_port=site.port, STATIC_ROOT=str(collected_static), **environment
    )
    installation.set_up(migrated_database=None if environment else migrated_database)
    return installation


def visited(installation, times):
    """Let the page become due until it has been visited so many times in all."""
    installation.make_due()
    until(
        lambda: installation.ask("Fetch.objects.count()") >= times, f"the page is visited {times}×"
    )


def test_a_default_that_is_switched_on_reaches_the_timeline_and_mailboxes(installation, site):
    with installation.worker(), installation.web():
        subscribed(installation)
        visited(installation, 1)
        assert installation.ask("Change.objects.count()") == 0
        assert TITLE not in requests.get(f"{installation.url}/timeline", timeout=30).text

        site.version = 2
        visited(installation, 2)
        [suggestion] = until(
            lambda: installation.ask("list(Suggestion.objects.values('effects', 'direction'))"),
            "the change is classified",
        )
        assert "default-on" in suggestion["effects"]
        assert suggestion["direction"] == "less-control"

        publish(installation)
        assert TITLE in requests.get(f"{installation.url}/timeline", timeout=30).text
        platform = requests.get(f"{installation.url}/platforms/chirp", timeout=30).text
        assert "Yes, unless you opt out" in platform
        assert "On unless you refuse" in platform
        assert "Your public posts and Perch chats train Perch unless you refuse" in platform
        guide = requests.get(f"{installation.url}/guides/chirp-perch-training", timeout=30).text
        assert "The page that they rest on changed" in guide
        alert = text_of(mailed(installation, TITLE))
        assert TITLE in alert
        assert "Your public posts and Perch chats train Perch" in alert
        assert f"Turn off “{SWITCH}”" in alert
        assert "/guides/chirp-perch-training" in alert
        feed = feedparser.parse(f"{installation.url}/feeds/timeline.atom")
        assert [entry.title for entry in feed.entries] == [TITLE]

        before = rows(installation)
        for times in (3, 4):  # what the third sets off is done when the fourth has been
            visited(installation, times)
        assert before == rows(installation) | {"Fetch": before["Fetch"]}


def subscribed(installation):
    """Sign a reader up for alerts, and confirm by the link of the mail."""
    reader = Reader(installation.url, READER)
    reader.sign_up()
    [link] = re.findall(r"/confirm/[\w:.~-]+", text_of(mailed(installation, "Confirm your alerts")))
    reader.confirm(link)


def mailed(installation, subject):
    """The mail to the reader with these words in its subject, once it is sent."""
    installation.send_mails()
    [mail] = until(
        lambda: [
            mail
            for mail in installation.mails()
            if mail["To"] == READER and subject in mail["Subject"]
        ],
        f"a mail is sent: {subject}",
    )
    return mail


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def publish(installation):
    """Publish the waiting change through the admin, as a curator's browser would."""
    [change_id] = installation.ask("list(Change.objects.values_list('pk', flat=True))")
    [branch_id] = installation.ask("list(Branch.objects.values_list('pk', flat=True))")
    curator = Curator(installation)
    path = f"/admin/consent/change/{change_id}/publish/"
    fields = fields_in(curator.get(path), "[name=version]") | {
        "title": TITLE,
        "effective_on": "2026-03-03",
        f"branch-{branch_id}-value": "unless-refused",
        f"branch-{branch_id}-starts_on": "2026-03-03",
    }
    look = curator.post(installation.url + path, **fields, look="1").text
    reviewed = fields_in(look, "[name=version]") | doubts_in(look) | {"publish": "now"}
    assert "reviewed" in reviewed, re.findall(r"errorlist[^>]*>(.*?)</ul>", look, re.DOTALL)
    curator.post(installation.url + path, **reviewed)
    # The same form sent twice tells the curator and adds nothing.
    curator.post(installation.url + path, **reviewed)


def rows(installation):
    names = "Snapshot, Document, Change, Suggestion, Decision, Entry, State, Fetch"
    return installation.ask(f"{{m.__name__: m.objects.count() for m in ({names})}}")


def test_a_worker_killed_between_archive_and_commit_loses_and_doubles_nothing(installation, site):
    """The page's answer is held until the database is locked: the worker archives, then waits."""
    answer = site.answers[HELP]({})  # one answer for both visits: the same bytes, the same name
    with contextlib.ExitStack() as locks:

        def lock_then_answer(headers):
            locks.enter_context(locked(installation))
            return answer

        site.answers[HELP] = lock_then_answer
        with installation.worker() as worker:
            installation.make_due()
            until(lambda: blobs(installation), "the bytes are in the archive")
            kill(worker)
    site.answers[HELP] = lambda _: answer
    assert installation.ask("[Fetch.objects.count(), Snapshot.objects.count()]") == [0, 0]
    with installation.worker():
        until(lambda: hand_out(installation), "the lost visit is recorded")
        assert installation.ask("list(Fetch.objects.values_list('outcome', 'detail'))") == [
            ["own-fault", "the worker died while it read this page"]
        ]
        assert installation.ask("Page.objects.get().gaps_in_a_row") == 1
        assert not installation.ask("Page.objects.due(timezone.now()).exists()")
        installation.make_due()
        until(lambda: hand_out(installation) == 2, "the page is visited after all")
    assert installation.ask("Snapshot.objects.count()") == 1
    installation.manage("verify_archive")
    assert len(blobs(installation)) == 1


def hand_out(installation):
    """What beat does each minute; the dead worker's lease of three seconds has to end first."""
    installation.run("from platforms.tasks import check_due_pages; check_due_pages.delay()")
    return installation.ask("Fetch.objects.count()")


def blobs(installation):
    return [path for path in (installation.folder / "var/archive").rglob("*") if is_blob(path)]


def is_blob(path):
    # What is still being written is in "incoming".
    return path.is_file() and path.suffix == ".blob" and "incoming" not in path.parts


@contextlib.contextmanager
def locked(installation):
    """Keep every writer waiting, as another transaction would."""
    if url := installation.environment.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            connection.execute("LOCK TABLE platforms_page IN ACCESS EXCLUSIVE MODE")
            yield
        return
    import sqlite3

    database = sqlite3.connect(
        installation.folder / "var/default-on.sqlite3", check_same_thread=False, timeout=30
    )
    try:
        database.execute("BEGIN IMMEDIATE")
        yield
    finally:
        database.rollback()
        database.close()


def test_check_pages_does_the_same_from_the_command_line(installation, site):
    done = installation.manage("check_pages", "--all", check=False)
    assert done.returncode == 0, done.stderr
    assert "     1  read" in done.stdout
    site.answers[HELP] = lambda _: (500, {}, b"")
    done = installation.manage("check_pages", "--platform", "chirp", check=False)
    assert done.returncode == 1
    assert "HTTP status 500" in done.stdout
    assert installation.manage("check_pages", "--platform", "nobody", check=False).returncode == 2
