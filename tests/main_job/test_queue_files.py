"""The embedded site's queue is a folder of files: broken ones stop nothing and are set aside."""

import json
import os
import threading

import pytest

from tests.main_job.installation import Installation, Reader, until
from tests.practice.site import HELP, PracticeSite, declare

#: What a crash, a full disk, a virus scanner or a stray program may leave in the queue's folder.
BROKEN = {
    "empty": b"",
    "torn": b'{"body": "W1s0Miwg',
    "binary": bytes(range(256)) * 4,
    "huge": b"[" * 20_000_000,
    "not-a-message": b'["celery"]',
    "foreign": b'{"hello": "world", "properties": 7}',
    "bare": b'{"properties": {}, "headers": {}, "body": ""}',
    "without-a-task": json.dumps(
        {
            "body": "!not base64!",
            "headers": {"task": ["a", "list"]},
            "properties": {"delivery_tag": ["x"], "delivery_info": None, "body_encoding": "base64"},
        }
    ).encode(),
}


@pytest.fixture
def site():
    with PracticeSite() as site:
        yield site


@pytest.fixture
def installation(tmp_path, site):
    declare(site.url, tmp_path / "catalog")
    installation = Installation(tmp_path, site_port=site.port)
    installation.set_up()
    return installation


def litter(queue, number):
    """Throw one of each broken file at every queue, and break the tables of bindings."""
    bindings = list((queue / "control").glob("*.exchange"))
    names = ("visits", "general")
    for name in names:
        for kind, content in BROKEN.items():
            (queue / "messages" / f"{number}-{kind}.{name}.msg").write_bytes(content)
    for path, content in zip(bindings, [b"", b"\xff\x00", b'{"a": 1}'] * 3, strict=False):
        path.write_bytes(content)
    (queue / "messages" / f"{number}-folder.visits.msg").mkdir()
    os.mkfifo(queue / "messages" / f"{number}-pipe.visits.msg")


def test_broken_queue_files_stop_nothing_and_are_set_aside(installation):
    queue = installation.folder / "var" / "queue"
    with installation.supervised() as supervisor:
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
        assert supervisor.poll() is None
        assert installation.answers()
    assert "ended with" not in installation.said()
    set_aside = {path.name for path in (queue / "unreadable").iterdir()}
    for kind in (*BROKEN, "folder", "pipe"):
        assert any(f"1-{kind}." in name for name in set_aside), kind
    assert installation.said().count("cannot be read") >= len(BROKEN)


def test_mail_goes_out_while_every_visit_is_held_up(tmp_path):
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
        )
        installation.set_up()
        try:
            with installation.supervised():
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
