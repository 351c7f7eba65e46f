"""Log lines name what was refused, and hold no key to a reader's alerts."""

import datetime as dt
import io
import json
import logging
import re

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from consent.alerts.sending.delivery import send_due
from consent.alerts.subscriptions import tokens
from consent.models import Alert
from tests.consent.alerts.conftest import mailbox, place  # noqa: F401  (fixtures)
from tests.consent.alerts.readers import make_reader, publish
from tests.fork_server import fork_server
from tests.main_job.installation import ROOT
from tests.platforms.conftest import clock  # noqa: F401  (a fixture)
from tests.practice.site import ERROR
from tests.practice.watched import chirp, watcher
from tests.services import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["text"])
def lines(request):
    """What the console gets: its filters and formats are those of the settings."""
    stream = io.StringIO()
    console = logging.StreamHandler(stream)
    formatter = settings.LOGGING["formatters"][request.param]
    console.setFormatter(import_string(formatter["()"])())
    console.setLevel("INFO")
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        console.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    logging.getLogger("mail.log").setLevel("WARNING")  # aiosmtpd's, a line a command
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = [console]
    root.setLevel("INFO")
    yield stream.getvalue
    root.setLevel(level)
    root.handlers = handlers


def test_a_request_that_is_refused_is_logged_without_its_key(lines):
    reader = make_reader()
    choices = {"subjects": [["everything", ""]], "frequency": "daily"}
    confirming = tokens.link_text(tokens.issue(reader, "confirm", choices, timezone.now()))
    managing = tokens.manage_text(reader)
    leaving = tokens.unsubscribe_text(reader.pk)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/confirm/{confirming}").status_code == 403
    assert strict.post(f"/u/{leaving}/now").status_code == 403
    assert Client().post(f"/alerts/{managing}", {"act": "erase"}).status_code == 422
    assert Client().get(f"/alerts/{managing}x").status_code == 404
    said = lines()
    for path in ("/confirm/…", "/u/…/now", "/alerts/…"):
        assert path in said
    for key in (confirming, managing, leaving):
        assert key not in said


@pytest.mark.parametrize("lines", ["json"], indirect=True)
def test_a_visit_is_one_line_for_programs(lines, site, clock):  # noqa: F811
    page = chirp(site)
    watcher(site, clock).check_now(page)
    (line,) = [line for line in map(json.loads, lines().splitlines()) if line["message"] == "visit"]
    assert line["logger"] == "platforms.watch.cycle"
    assert (line["page"], line["platform"], line["url"]) == (page.pk, "chirp", page.url)
    assert (line["outcome"], line["status"], line["new"]) == ("read", 200, "yes")
    assert line["snapshot"] == page.snapshots.get().pk
    assert dt.datetime.fromisoformat(line["time"]).tzinfo is not None


def test_a_visit_is_one_line_for_people(lines, site, clock):  # noqa: F811
    page = chirp(site, path=ERROR)
    watcher(site, clock).check_now(page)
    (line,) = [line for line in lines().splitlines() if ": visit " in line]
    assert f" INFO platforms.watch.cycle: visit page={page.pk} platform=chirp url=" in line
    assert line.endswith(
        'outcome=http-error status=500 seconds=0.0 new=no detail="HTTP status 500"'
    )


@pytest.mark.parametrize("lines", ["json"], indirect=True)
def test_a_mail_is_one_line_without_the_reader(lines, mailbox):  # noqa: F811
    make_reader("good@mail.example", ("everything", ""))
    make_reader("gone@mail.example", ("everything", ""))
    make_reader("full@mail.example", ("everything", ""))
    mailbox.refuse["gone@mail.example"] = "550 5.1.1 gone@mail.example is unknown"
    mailbox.refuse["full@mail.example"] = "452 4.2.2 full is over quota"
    publish().alerts.update(due_at=timezone.now())
    send_due()
    mails = [line for line in map(json.loads, lines().splitlines()) if line["message"] == "mail"]
    assert sorted((line["kind"], line["result"], line.get("reason", "")) for line in mails) == [
        ("alert", "given up", "550"),
        ("alert", "put off", "452"),
        ("alert", "sent", ""),
    ]
    assert {line["id"] for line in mails} == set(Alert.objects.values_list("pk", flat=True))
    for name in ("good", "gone", "full", "mail.example"):
        assert name not in lines()


@pytest.mark.parametrize("lines", ["json"], indirect=True)
def test_an_error_has_its_traceback_in_the_same_line(lines):
    try:
        raise ValueError("no\nsuch thing")
    except ValueError:
        logging.getLogger("consent").exception("it broke\nhere")
    line = json.loads(lines())
    assert line["message"] == r"it broke\nhere"
    assert line["exception"].endswith("ValueError: no\n  such thing")


REFUSED = [
    lambda client: client.get("/", headers={"host": "a stranger's words"}),
    lambda client: client.get("/?%00"),
    lambda client: client.get("/timeline%00"),
    lambda client: client.post("/report", b"x", content_type="multipart/form-data"),
    lambda client: client.post("/report", b"x", content_type="multipart/form-data; boundary=\xff"),
    lambda client: client.post("/report", {f"f{number}": "1" for number in range(2000)}),
    lambda client: client.post("/report", {"file": io.BytesIO(b"a file")}),
    lambda client: client.post("/report", b"a=" + b"x" * 70_000, content_type="text/plain"),
    lambda client: client.post("/api/mcp", b"[" * 9_000, content_type="application/json"),
    lambda client: client.put("/timeline"),
    lambda client: client.get(f"/{'words/' * 900}"),
]


@pytest.mark.parametrize("ask", REFUSED)
def test_a_refused_request_is_one_short_line_without_a_traceback(lines, ask):
    answer = ask(Client(raise_request_exception=False, REMOTE_ADDR="198.51.100.7"))
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in lines()
    assert len(lines().splitlines()) <= 1
    assert len(lines()) < 2300


def test_a_form_that_is_shown_again_and_a_head_of_what_takes_none_are_no_warnings(lines, client):
    client.force_login(User.objects.create_superuser("root"))
    assert client.post("/admin/consent/change/mail/", {}).status_code == 422
    assert client.head("/admin/consent/change/undo_batch/").status_code == 405
    assert " WARNING " not in lines()
    assert client.post("/admin/consent/change/numbers/").status_code == 405
    assert lines().count(" WARNING ") == 1


def test_what_strangers_write_begins_no_line_and_moves_no_cursor(lines, monkeypatch):
    root = logging.getLogger()
    # Without those of pytest: what it keeps for its report must be valid Unicode.
    monkeypatch.setattr(root, "handlers", root.handlers[:1])
    hostile = "a\nb\rc\x1b[2Jd\u2028e\x85f\u202eg\ud800h\0i"
    try:
        raise ValueError(f"{hostile}\n2026-01-01 INFO consent: a line of a stranger{'x' * 90_000}")
    except ValueError:
        logging.getLogger("consent").exception(
            "It broke: %s", hostile, extra={"fields": {"a": hostile}}
        )
    first, *others = lines().splitlines()
    assert r"It broke: a\nb\rc\x1b[2Jd" in first
    assert all(line.startswith("  ") for line in others)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e\ud800]", lines())
    assert len(lines()) < 25_000


def test_the_words_of_strangers_end_in_no_line(lines):
    """What readers search, ask assistants and type into forms is theirs."""
    words = "myillness"
    client = Client()
    client.get(f"/search?q={words}")
    client.get(f"/api/v1/entries?platform={words}")
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    for tool, field in (("search", "query"), ("verdict", "platform"), (words, "query")):
        params = {"name": tool, "arguments": {field: words}}
        client.post("/api/mcp", message | {"params": params}, content_type="application/json")
    client.post("/admin/login/", {"username": words, "password": words})
    client.post("/subscribe", {"address": words})
    assert words not in lines()


@pytest.mark.parametrize(
    ("cause", "is_outage"),
    [
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.errors.AdminShutdown("terminating connection"), True),
        (psycopg.errors.TooManyConnections("sorry, too many clients already"), True),
        (psycopg.errors.DeadlockDetected("deadlock detected"), False),
        (psycopg.errors.UndefinedTable("no such relation"), False),
        (None, False),
    ],
)
def test_an_outage_of_the_database_is_one_short_line(lines, cause, is_outage):
    for _ in range(3):
        try:
            raise OperationalError("it is\nso") from cause
        except OperationalError:
            logging.getLogger("consent").exception("Task x raised unexpected: a long text")
    assert lines().count("Traceback") == (0 if is_outage else 3)
    assert ("the database is away (it is so): Task x" in lines()) == is_outage
    if is_outage:
        assert len(lines().splitlines()) == 1


def test_another_format_of_log_lines_is_refused_in_one_line(tmp_path):
    done = fork_server().run(
        ["-m", "config.supervise"],
        environment={"VAR_DIR": str(tmp_path), "LOG_FORMAT": "xml", "PORT": str(free_port())},
    )
    assert done.stderr.strip() == "Wrong setting: LOG_FORMAT: write text, json, not 'xml'"


@pytest.mark.parametrize("file", ["Dockerfile", "docker-compose.yml", "config/supervise.py"])
def test_no_server_of_ours_logs_every_request_with_its_address_and_query(file):
    assert "access-log" not in (ROOT / file).read_text()


def test_a_worker_started_without_a_log_level_writes_the_line_of_each_visit():
    asked = (
        "import logging; from config.celery import app; app.log.setup(loglevel=logging.WARNING); "
        "import platforms.watch.cycle as cycle; print(cycle.log.isEnabledFor(logging.INFO))"
    )
    started = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; "
    done = fork_server().run(["-c", f"{started}import django; django.setup(); {asked}"])
    assert done.stdout.strip() == "True"
