"""The embedded site's queue is a folder of files: broken ones stop nothing and are set aside."""

import threading

import pytest

from tests.hostile.queue.broken_messages import KINDS, litter
from tests.main_job.installation import Installation, Reader, until
from tests.practice.site import HELP, PracticeSite, declare


@pytest.fixture
def installation(tmp_path, site, migrated_database, collected_static):
    declare(site.url, tmp_path / "catalog")
    installation = Installation(tmp_path, site_port=site.port, STATIC_ROOT=str(collected_static))
    installation.set_up(migrated_database=migrated_database)
    return installation


def test_broken_queue_files_stop_nothing_and_are_set_aside(installation):
    queue = installation.folder / "var" / "queue"
    with installation.parts() as parts:
        installation.make_due()
        until(lambda: installation.ask("Fetch.objects.count()"), "the worker works")
        for number in (1, 2):
            before = installation.ask("Fetch.objects.count()")
            litter(queue, number)
            installation.make_due()
            until(
                lambda before=before: installation.ask("Fetch.objects.count()") > before,
                "the page is visited although its queue is littered",
            )
        until(
            lambda: not list((queue / "messages").glob("[12]-*.msg")),
            "what is broken is taken out of the queue",
        )
        assert [part.poll() for part in parts.values()] == [None] * len(parts)
        assert installation.answers()
    set_aside = {path.name for path in (queue / "unreadable").iterdir()}
    for kind in KINDS:
        assert any(f"1-{kind}." in name for name in set_aside), kind
    assert installation.logged(*parts).count("cannot be read") >= len(KINDS)


def test_a_lock_that_is_no_file_is_set_aside(installation):
    queue = installation.folder / "var" / "queue"
    installation.run("")  # makes the folders
    (queue / "control" / ".lock").mkdir(parents=True)
    installation.run("from platforms.tasks import show_work; show_work.delay()")
    assert len(list((queue / "messages").iterdir())) == 1
    assert (queue / "control" / ".lock").is_file()


def test_mail_goes_out_while_every_visit_is_held_up(tmp_path, migrated_database, collected_static):
    """Two sites that never answer hold both slots of the worker for visits."""
    let_go = threading.Event()

    def hang(_):
        let_go.wait(180)
        return 500, {}, b""

    with PracticeSite() as one, PracticeSite() as other:
        for site in (one, other):
            site.answers[HELP] = hang
        catalog = tmp_path / "catalog"
        # Another host name: a host is visited by one worker at a time.
        declare(other.url.replace("127.0.0.1", "localhost"), catalog)
        text = (catalog / "chirp.yaml").read_text().replace("chirp-perch", "tweet-perch")
        text = text.replace("Chirp", "Tweet").replace("chirp.example", "tweet.example")
        (catalog / "tweet.yaml").write_text(text)
        declare(one.url, catalog)
        installation = Installation(
            tmp_path,
            site_port=one.port,
            FETCH_ALLOWED_PORTS=f"{one.port},{other.port}",
            FETCH_READ_TIMEOUT="180",
            FETCH_TOTAL_TIMEOUT="180",
            FETCH_LEASE="900",
            STATIC_ROOT=str(collected_static),
        )
        installation.set_up(migrated_database=migrated_database)
        try:
            with installation.parts():
                installation.make_due()
                until(lambda: HELP in one.requests, "the first page is being visited")
                until(lambda: HELP in other.requests, "the second page is being visited")
                Reader(installation.url, "ada@mail.example").sign_up()
                until(mails(installation), "the mail is written")
                assert installation.ask("Fetch.objects.count()") == 0
                let_go.set()
        finally:
            let_go.set()


def mails(installation):
    return lambda: list((installation.folder / "var/mail").glob("*"))
