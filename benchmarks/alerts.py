"""How fast alerts are written, sent and bundled, on PostgreSQL, into a local mail server.

python -m benchmarks.alerts [--readers 100000] [--mails 3000] [--kills 50] [--sign-ups 300]
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import tempfile
import time
from pathlib import Path

from benchmarks.processes import seconds_of
from tests.consent.alerts.sending.killing import Post, kill_and_finish
from tests.services import postgresql_server

_FAN_OUT = """
import resource, time
from django.db import connection, transaction
from consent.alerts.fan_out.announce import announce
from consent.models import Entry
from tests.arranging import arranged
entry = Entry.objects.get(key="sample")
entry.pk, entry.key = None, "second"
with arranged():
    entry.save()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.perf_counter()
with transaction.atomic():
    told = announce(entry)
took = time.perf_counter() - started
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"fan-out: {told} alerts in {took:.2f} s; peak {after / 1024:.0f} MB, "
      f"{(after - before) / 1024:.0f} MB of it for this")
"""
_DIGESTS = """
import datetime as dt, time
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from consent.alerts.sending.delivery import claim
from consent.alerts.fan_out.digests import make_digests
from consent.alerts.mails.compose import render_batch
from consent.models import Alert, Digest, Entry, Subscriber
from tests.arranging import arranged
Alert.objects.all().delete()
now = timezone.now()
base = Entry.objects.get(key="sample")
entries = []
with arranged():
    for n in range(1000):
        base.pk, base.key = None, f"entry-{n}"
        base.save()
        entries.append(base.pk)
people = list(Subscriber.objects.values_list("pk", flat=True)[:10000])
day = dt.timedelta(days=2)
Alert.objects.bulk_create([
    Alert(entry_id=entries[(i * 7 + k * 131) % 1000], subscriber_id=pk, kind="change",
          frequency="daily", due_at=now - day)
    for i, pk in enumerate(people) for k in range(10)], 5000)
started = time.perf_counter()
made = make_digests()
print(f"digests: {made} made of 1000 entries in {time.perf_counter() - started:.1f} s")
started, packed, queries = time.perf_counter(), 0, []
for _ in range(20):
    batch = claim(Digest)
    with CaptureQueriesContext(connection) as asked:
        packed += sum(1 for _row in render_batch(batch))
    queries.append(len(asked))
took = time.perf_counter() - started
print(f"digests: {packed} put together in {took:.1f} s, "
      f"{max(queries)} queries a batch of {packed // 20}")
"""

#: A form for each state an address may be in, in turns, so that what else runs slows all alike.
_SIGN_UPS = """
import logging, random, statistics, time
from django.test import Client
from django.utils import timezone
from consent.models import Subscriber
from consent.web.open_forms import started_now
logging.disable(logging.WARNING)
ROUNDS, STATES = {rounds}, ("active", "paused", "pending", "left", "bounced", "complained")
now = timezone.now()
Subscriber.objects.bulk_create([
    Subscriber(address=address, normalised=address, state=state, confirmed_at=now, kept_at=now)
    for state in STATES for n in range(ROUNDS)
    for address in [f"{{state}}{{n}}@timing.example"]])
client, number = Client(), 0
form = {{"started": started_now(), "what": "turns-on", "frequency": "daily", "time_zone": "UTC"}}
time.sleep(2.1)  # as long as people take to fill it in
def send(address):
    global number
    number += 1  # each from a network of its own: how much one may send is another matter
    network = f"10.{{number // 250 % 250}}.{{number % 250}}.1"
    begun = time.perf_counter()
    answer = client.post("/subscribe", form | {{"address": address}}, REMOTE_ADDR=network)
    took = time.perf_counter() - begun
    assert answer.status_code == 200, answer.status_code
    return took
for n in range(20):
    send(f"warm{{n}}@timing.example")
took = {{state: [] for state in ("unknown", *STATES, "asked lately")}}
for n in range(ROUNDS):
    for state in random.sample(list(took), len(took)):
        name = "warm" + str(n % 20) if state == "asked lately" else f"{{state}}{{n}}"
        took[state].append(send(f"{{name}}@timing.example"))
base = statistics.median(took["unknown"])
print("sign-up, median of " + str(ROUNDS) + ": " + ", ".join(
    f"{{state}} {{1000 * statistics.median(each):.2f}} ms ({{statistics.median(each) / base:.3f}})"
    for state, each in took.items()))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--mails", type=int, default=3_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--sign-ups", type=int, default=300)
    options = parser.parse_args()
    with postgresql_server() as url, tempfile.TemporaryDirectory() as folder:
        place = {
            "DATABASE_URL": url,
            "SECRET_KEY": secrets.token_hex(32),
            "ALLOWED_HOSTS": "testserver",
        }
        with Post(Path(folder), options.readers, **place) as post:
            print(_printed(post, _FAN_OUT))
            print(_time_sending(post, options.mails))
            print(_printed(post, _DIGESTS))
            post.installation.manage("collectstatic", "--noinput", "--verbosity", "0")
            print(_printed(post, _SIGN_UPS.format(rounds=options.sign_ups)))
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as url:
        accepted = kill_and_finish(
            Path(folder),
            readers=2000,
            kills=options.kills,
            DATABASE_URL=url,
            SECRET_KEY=secrets.token_hex(32),
        )
        repeated = sum(accepted.values()) - len(accepted)
        print(f"{options.kills} kills: {2000 - len(accepted)} lost, {repeated} repeated")


def _printed(post: Post, code: str) -> str:
    """Execute code in another process of the place; return what it printed."""
    done = post.installation.manage("shell", "--no-imports", "-c", code)
    return str(done.stdout).strip()


def _time_sending(post: Post, mails: int) -> str:
    """Let one worker send, end it, and say how fast it was, and how much of it was the server."""
    started, already, used = time.perf_counter(), post.sink.total, time.process_time()
    pid = post.start()
    while (sent := post.sink.total - already) < mails:
        time.sleep(0.05)
    took, used = time.perf_counter() - started, time.process_time() - used
    worked = seconds_of(pid)
    os.kill(pid, signal.SIGKILL)
    post.wait()
    post.age_claims()
    return (
        f"sending: {sent} mails in {took:.1f} s, {sent / took:.0f} a second, one worker; "
        f"CPU for each: {1000 * worked / sent:.2f} ms the worker's, {1000 * used / sent:.2f} ms "
        f"the mail server's, in this process; {os.getloadavg()[0]:.1f} ran or waited for a CPU"
    )


if __name__ == "__main__":
    main()
