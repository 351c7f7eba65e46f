"""Real pages, served in time order by a real server, read by the real cycle.

Three histories; in a drill all 15, which are 600 captures.
"""

import dataclasses
import datetime as dt
import json
import tarfile
import threading
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.reading import LABEL_LAG, NO_NEWS
from consent.models import Change
from platforms.models import Fetch, Page, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import Category, PageKind
from tests.factories import make_platform
from tests.practice.watched import Clock, watcher
from tests.shared_data import shared_file
from tests.sweeps import DRILL, some

pytestmark = [pytest.mark.django_db, pytest.mark.shared]


class Histories:
    """Serves every stored page under its name, in the capture that is current at the moment."""

    def __init__(self):
        manifest = shared_file("data/histories/manifest.jsonl").read_text().splitlines()
        records = sorted(map(json.loads, manifest), key=lambda record: record["fetched_at"])
        self.names = some(sorted({record["history"] for record in records}), 3)
        self.records = [record for record in records if record["history"] in self.names]
        self.bodies = {}
        for name in self.names:
            with tarfile.open(shared_file(f"data/histories/{name}.tar.xz")) as tar:
                for member in tar:
                    if member.isfile():
                        self.bodies[member.name] = tar.extractfile(member).read()
        self.current = {}

    def __enter__(self):
        histories = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                record = histories.current.get(self.path.removeprefix("/pages/"))
                body = histories.bodies[record["file"]] if record else b""
                self.send_response(200 if record else 404)
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
        """Visit each page once for each capture, at the time it was made; yield what came."""
        platform = make_platform("real", category=Category.ASSISTANT)
        pages = {
            name: Page.objects.create(
                platform=platform,
                url=f"http://127.0.0.1:{self.port}/pages/{name}",
                kind=PageKind.PRIVACY_POLICY,
                title=name,
            )
            for name in self.names
        }
        clock = Clock()
        watch = watcher(self, clock)
        patient = dataclasses.replace(watch.policy, read_timeout=20.0, total_timeout=20.0)
        watch = dataclasses.replace(watch, policy=patient)
        for record in self.records:
            clock.now = dt.datetime.fromisoformat(record["fetched_at"])
            self.current[record["history"]] = record
            page = pages[record["history"]]
            Page.objects.filter(pk=page.pk).update(
                select=record["select"], remove=record["remove"], next_visit_at=clock.now
            )
            yield record, watch.check_due(page.pk, clock.now)


def matched(real, raised):
    """Pair the changes of one history; return (found, missed, false) as sets of capture numbers."""
    found, false = real & raised, raised - real
    for label in sorted(real - raised):
        early = [at for at in false if 0 < label - at <= LABEL_LAG]
        if early:
            found.add(label)
            false.remove(max(early))
    return found, real - found, false


@pytest.fixture(scope="module")
def histories():
    with Histories() as histories:
        yield histories


def test_real_changes_are_raised_once_and_hardly_anything_else(histories, capsys):
    real, raised, outcomes = defaultdict(set), defaultdict(set), defaultdict(Counter)
    for record, fetch in histories.read_through():
        name = record["history"]
        outcomes[name][fetch.outcome] += 1
        if record["changed_for_real"]:
            real[name].add(record["seq"])
        if Change.objects.filter(after__fetches=fetch, observed_to=fetch.finished_at).exists():
            raised[name].add(record["seq"])
    verdicts = {name: matched(real[name], raised[name]) for name in outcomes}
    found, missed, false = (sum(len(verdict[n]) for verdict in verdicts.values()) for n in range(3))
    with capsys.disabled():
        print(  # noqa: T201  (the count is what this run is for)
            f"\n{Fetch.objects.count()} captures, {found + missed} real changes: "
            f"{found} raised, {missed} missed, {false} false changes"
        )
        for name, (_, lost, wrong) in sorted(verdicts.items()):
            walls = {str(k): n for k, n in outcomes[name].items() if not Outcome(k).looked}
            if lost or wrong or walls:
                print(f"  {name}: missed {sorted(lost)}, false {sorted(wrong)}, gaps {walls}")  # noqa: T201
    no_news = {(name, seq) for name, seq in NO_NEWS if name in outcomes}
    assert {(name, seq) for name in outcomes for seq in verdicts[name][1]} == no_news
    assert found
    assert false <= 3
    assert Change.objects.count() == sum(map(len, raised.values()))
    assert not Change.objects.exclude(after__quarantined_as="").exists()
    if not DRILL:
        return
    assert found == 22 - len(NO_NEWS)
    # Error pages with HTTP 200 are kept, and never news. A redesign that lost the watched part is
    # read as a whole.
    assert Snapshot.objects.filter(quarantined_as=Outcome.SOFT_404).exists()
    assert Fetch.objects.filter(detail__startswith="the whole page was read").exists()
