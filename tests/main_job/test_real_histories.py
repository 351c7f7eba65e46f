"""Real pages, served in time order by a real server, read by the real cycle."""

import datetime as dt
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from consent.models import Change
from platforms.models import Fetch, Page, Platform
from platforms.outcomes import Outcome
from platforms.vocabulary import Category, PageKind
from tests.practice.watched import Clock, watcher
from tests.shared_data import shared_file

pytestmark = [pytest.mark.django_db, pytest.mark.shared]


class History:
    """Serves one stored page, the capture that is current at the moment."""

    def __init__(self, name):
        manifest = shared_file("data/histories/manifest.jsonl").read_text().splitlines()
        self.records = [
            record for line in manifest if (record := json.loads(line))["history"] == name
        ]
        with tarfile.open(shared_file(f"data/histories/{name}.tar.xz")) as tar:
            self.bodies = {
                member.name: tar.extractfile(member).read() for member in tar if member.isfile()
            }
        self.current = None

    def __enter__(self):
        history = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                found = self.path == "/page"
                body = history.bodies[history.current["file"]] if found else b""
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def read_through(self):
        """Visit the page once for each capture, at the time it was made."""
        platform = Platform.objects.create(
            slug="real",
            name="Real",
            operator="Real",
            category=Category.ASSISTANT,
            homepage="https://real.example",
        )
        page = Page.objects.create(
            platform=platform,
            url=f"http://127.0.0.1:{self.port}/page",
            kind=PageKind.PRIVACY_POLICY,
            title="Policy",
        )
        clock = Clock()
        watch = watcher(self, clock)
        for record in self.records:
            clock.now = dt.datetime.fromisoformat(record["fetched_at"])
            self.current = record
            Page.objects.filter(pk=page.pk).update(
                select=record["select"], remove=record["remove"], next_visit_at=clock.now
            )
            fetch = watch.check_due(page.pk, clock.now)
            assert fetch.outcome == Outcome.READ, fetch.detail
            yield record, fetch


@pytest.mark.parametrize(
    "name", ["grok-privacy-policy-legal-privacy-policy", "chatgpt-privacy-policy-policies-how-your"]
)
def test_every_real_change_of_a_real_page_becomes_a_change(name, capsys):
    real, raised = set(), set()
    with History(name) as history:
        for record, fetch in history.read_through():
            if record["changed_for_real"]:
                real.add(record["seq"])
            if Change.objects.filter(after__fetches=fetch, observed_to=fetch.finished_at).exists():
                raised.add(record["seq"])
    with capsys.disabled():
        print(  # noqa: T201  (the count is what this run is for)
            f"\n{name}: {Fetch.objects.count()} captures, {len(real)} real changes, "
            f"{len(raised & real)} raised, {len(raised - real)} false"
        )
    assert real <= raised
    assert Change.objects.count() == len(raised)
