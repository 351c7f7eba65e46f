"""A real sending process, killed at random points, against a mail server that counts."""

import asyncio
import contextlib
import logging
import os
import random
import signal
import time
from collections import Counter

from tests.mail_server import MailServer
from tests.main_job.installation import Installation, copy_database
from tests.services import free_port

_MIGRATE = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
_PREPARE = """
from django.utils import timezone
from consent.alerts.fan_out.announce import announce
from consent.models import Alert, Entry, Subscriber, Subscription
from tests.arranging import arranged
now = timezone.now()
people = Subscriber.objects.bulk_create([
    Subscriber(address=address, normalised=address, state="active", confirmed_at=now, kept_at=now)
    for address in (f"r{{n}}@mail{{n % 50}}.example" for n in range({readers}))], 5000)
Subscription.objects.bulk_create([
    Subscription(subscriber=each, scope="everything", frequency="as-it-happens")
    for each in people], 5000)
with arranged():
    entry = Entry.objects.create(key="sample", title="Chirp trains on posts", summary="It does.",
        effects=["default-on"], direction="less-control", data_kinds=["public-posts"],
        confidence="high", basis="stated", status="published",
        published_at=now)
announce(entry)
Alert.objects.update(due_at=now)
"""
#: Forks a sender for every line it reads.
_FORGE = """
import datetime as dt, os, sys
from consent.alerts.sending import smtp
from consent.alerts.sending.delivery import send_due
from consent.models import alerts
if len(sys.argv) > 1:
    alerts.CLAIM_LASTS = dt.timedelta(seconds=float(sys.argv[1]))
    smtp.MOST_SECONDS = 0.7 * float(sys.argv[1])
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        send_due(seconds=600)
        os._exit(0)
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print("ended", flush=True)
"""
_AGE_CLAIMS = (
    "import datetime as dt; from django.db.models import F; from consent.models import Alert; "
    "Alert.objects.filter(claimed_at__isnull=False).update("
    "claimed_at=F('claimed_at') - dt.timedelta(minutes=1))"
)


class Sink:
    """Accepts everything and counts what it accepted, by recipient.

    pause: seconds it takes its time for each.
    """

    def __init__(self):
        self.accepted = Counter()
        self.pause = 0.0
        self.begun = 0

    async def handle_DATA(self, server, session, envelope):
        self.begun += 1
        if self.pause:
            await asyncio.sleep(self.pause)
        self.accepted[envelope.rcpt_tos[0]] += 1
        return "250 OK"

    @property
    def total(self):
        return sum(self.accepted.values())


class Senders:
    """A worker that sends what is due each time it is asked to."""

    def __init__(self, installation, arguments):
        with (installation.folder / "senders.log").open("ab") as log:
            self._process = installation.programs.talk(
                ["-c", _FORGE, *arguments], stderr=log.fileno()
            )

    def start(self):
        """Begin to send; return the number of the process that does."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def wait(self):
        self._process.stdout.readline()

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class Post:
    """An installation with readers and an entry to tell them of, and a mail server."""

    def __init__(self, folder, readers, *, migrated_database=None, claim_lasts=None, **environment):
        self.claim_lasts = [str(claim_lasts)] if claim_lasts else []  # seconds
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's, a line a command
        self.sink = Sink()
        self.server = MailServer(self.sink, hostname="127.0.0.1", port=free_port())
        self.installation = Installation(
            folder,
            site_port=1,
            EMAIL_URL=f"smtp://127.0.0.1:{self.server.port}",
            **environment,
        )
        if migrated_database:
            copy_database(migrated_database, folder / "var")
        else:
            self.installation.run(_MIGRATE)
        self.installation.run(_PREPARE.format(readers=readers))

    def __enter__(self):
        self.server.start()
        self.senders = self._forge()
        return self

    def __exit__(self, *_):
        self.senders.close()
        self.server.stop()

    @contextlib.contextmanager
    def beside(self):
        """Yield another worker of the same place."""
        senders = self._forge()
        yield senders
        senders.close()

    def _forge(self):
        return Senders(self.installation, self.claim_lasts)

    def start(self):
        return self.senders.start()

    def wait(self):
        self.senders.wait()

    def send_killed_after(self, mails):
        """Start a sender and kill it once it sent so many; its claims run out at once."""
        self.kill_after(mails)
        self.age_claims()

    def kill_after(self, mails):
        """Start a sender and kill it once it sent so many, or a moment later."""
        goal = self.sink.total + mails
        pid = self.start()
        deadline = time.monotonic() + 30
        while self.sink.total < goal and time.monotonic() < deadline:
            time.sleep(0.0005)
        time.sleep(random.random() * 0.01)
        os.kill(pid, signal.SIGKILL)
        self.wait()

    def age_claims(self):
        """Let the dead one's claims run out, as half a minute would."""
        self.installation.run(_AGE_CLAIMS)


def kill_and_finish(folder, *, readers, kills, **environment):
    """Return what the mail server counted after so many kills and one sender left in peace."""
    with Post(folder, readers, **environment) as post:
        share = max(1, readers // (kills + 2))
        for _ in range(kills):
            post.send_killed_after(random.randint(1, share))
        post.start()
        post.wait()
        return post.sink.accepted
