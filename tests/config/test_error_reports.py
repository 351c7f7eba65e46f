"""Errors reach a server of Sentry's protocol, and nothing of readers does."""

import gzip
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from tests.main_job.installation import ROOT, Installation, copy_database

ADDRESS, NETWORK, SIXTH = "jane.doe@reader.example", "203.0.113.77", "2001:db8::77:1"
SESSION = "k3v9x0q2m4b7c1z8n5l6j2h4g6f8d0s1"
KEY = "eyJzZWNyZXQiOiJrZXkifQ-a-link-of-a-reader"
WORD = "hunter2"
#: Addresses and keys as errors write them: encoded, in addresses, in headers, in texts of programs.
ENCODED = [
    "GET /subscribe?from=jane.doe%40reader.example",
    "GET /subscribe?next=%2Fx%3Ffrom%3Djane.doe%2540reader.example",
    "GET /search?q=hunter2&page=2",
    "https://host.example/x?anything=hunter2#part",
    "mail to jane.doe&#64;reader.example and jane.doe&commat;reader.example",
    "mail to jane.doe\\u0040reader.example, jane.doe\\x40reader.example",
    "'jane.doe@reader.example'<jane.doe@reader.example>mailto:jane.doe@reader.example?subject=x",
    "redis://user:hunter2@cache.example:6379/0 refused",
    "smtp://:hunter2@mail.example",
    "Authorization: Basic hunter2",
    "Authorization: Bearer hunter2",
    "{'password': 'hunter2', 'api_key': 'hunter2', \"token\": \"hunter2\"}",
    "Cookie: sessionid=hunter2; csrftoken=hunter2",
    "api-key=hunter2 SECRET=hunter2 session_id=hunter2",
    f"/desk-mail/{KEY} /admin/join/MQ/{KEY}/ /de/confirm/{KEY} /fr/alerts/{KEY}",
    f"the key is {SESSION} or {SESSION[:9]}%2D{SESSION[9:]}",
]
#: A view, a task and a log line that fail with all they know of a reader.
_FAIL = f"""
import logging
import django
django.setup()
from django.test import Client
from django.db import connection
from unittest import mock
from config.celery import app

def fail(request, *args, **kwargs):
    address = request.POST["address"]
    session = request.COOKIES["sessionid"]
    raise ValueError(f"no mail to {{address}} of {{session}} at {{request.META['REMOTE_ADDR']}}")

@app.task(name="failing")
def failing(address):
    raise LookupError(f"Key (normalised)=({{address}}) at /u/{KEY}/now")

from django.urls import get_resolver
for pattern in get_resolver().url_patterns:
    for inner in getattr(pattern, "url_patterns", []):
        for view in getattr(inner, "url_patterns", [inner]):
            if getattr(view, "name", "") == "subscribe":
                view.callback = fail
client = Client(
    raise_request_exception=False,
    SERVER_NAME="127.0.0.1",
    headers={{"user-agent": "Janes browser"}},
)
client.cookies["sessionid"] = "{SESSION}"
answer = client.post(
    "/subscribe?from={ADDRESS}", {{"address": "{ADDRESS}"}},
    REMOTE_ADDR="{NETWORK}", HTTP_X_FORWARDED_FOR="{SIXTH}",
)
assert answer.status_code == 500, answer.status_code
failing.apply(["{ADDRESS}"])
logging.getLogger("consent").error("mail to %s at %s failed: /alerts/{KEY}", "{ADDRESS}", "{SIXTH}")
import sentry_sdk
sentry_sdk.add_breadcrumb(category="query", message="{ADDRESS}")
for words in {ENCODED!r}:
    logging.getLogger("consent").error("failed: " + words)
    sentry_sdk.capture_exception(RuntimeError(words))
client.get("/?%00{KEY}")
sentry_sdk.flush(10)
"""


@pytest.fixture
def received():
    """What a server of Sentry's protocol gets, as texts."""
    envelopes = []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "br":
                body = brotli.decompress(body)
            elif self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            envelopes.append(body.decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_port, envelopes
        server.shutdown()


@pytest.mark.django_db
def test_errors_of_views_tasks_and_log_lines_are_sent_without_anything_of_readers(
    tmp_path, migrated_database, received
):
    port, envelopes = received
    dsn = f"http://public@127.0.0.1:{port}/1"
    place = Installation(tmp_path, site_port=1, SENTRY_DSN=dsn)
    copy_database(migrated_database, tmp_path / "var")
    done = subprocess.run(
        [sys.executable, "-c", _FAIL],
        cwd=ROOT,
        env=place.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        text=True,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    text = "\n".join(envelopes)
    events = [json.loads(line) for line in text.splitlines() if '"platform":' in line]
    errors = {
        value["type"]: value
        for each in events
        for value in each.get("exception", {}).get("values", [])
    }
    assert set(errors) == {"ValueError", "LookupError", "RuntimeError"}
    assert "BadRequest" not in text  # anybody may be refused
    assert errors["ValueError"]["value"] == "no mail to … of … at …"
    assert errors["ValueError"]["stacktrace"]["frames"][-1]["function"] == "fail"
    assert any(each.get("logentry") for each in events)
    for secret in (
        "jane.doe",
        "reader.example",
        NETWORK,
        SIXTH,
        KEY,
        SESSION,
        "Janes browser",
        WORD,
    ):
        assert secret not in text, secret
    for each in events:
        assert not {"request", "user", "breadcrumbs", "extra"} & set(each)


def test_without_its_package_the_setting_is_refused_in_one_line(tmp_path):
    place = Installation(tmp_path, site_port=1, SENTRY_DSN="http://public@127.0.0.1:9/1")
    hidden = "import sys; sys.modules['sentry_sdk'] = None; import config.settings"
    done = subprocess.run(
        [sys.executable, "-c", hidden],
        cwd=ROOT,
        env=place.environment,
        text=True,
        capture_output=True,
    )
    assert (
        "SENTRY_DSN needs a package: pip install --requirement requirements-sentry.txt"
        in (done.stderr.splitlines()[-1])
    )
