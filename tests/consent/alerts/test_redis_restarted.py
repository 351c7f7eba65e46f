"""Redis goes away in the middle of sending and comes back having forgotten everything."""

import pytest

from tests.consent.alerts.killing import Post
from tests.main_job.installation import until
from tests.services import REQUIRED, ServiceAbsent, free_port, postgresql_server, redis_server

pytestmark = pytest.mark.services

READERS = 240
#: Half of the mails are for later, so that there is something to hear of after the restart.
_HALF_LATER = (
    "import datetime as dt; from django.db.models import F; from consent.models import Alert; "
    f"pks = list(Alert.objects.order_by('-pk').values_list('pk', flat=True)[:{READERS // 2}]); "
    "Alert.objects.filter(pk__in=pks).update(due_at=F('due_at') + dt.timedelta(hours=1))"
)
_ALL_NOW = (
    "from django.utils import timezone; from consent.models import Alert; "
    "Alert.objects.filter(sent_at=None).update(due_at=timezone.now())"
)
#: As beat does every minute.
_LOOK = "from consent.tasks import send_mails; send_mails.delay()"


def test_what_redis_forgets_no_reader_misses_or_gets_twice(tmp_path):
    port = free_port()
    try:
        with postgresql_server() as database:
            post = Post(
                tmp_path,
                READERS,
                DATABASE_URL=database,
                REDIS_URL=f"redis://127.0.0.1:{port}/0",
                SECRET_KEY="for-tests-only",
            )
            post.server.start()
            try:
                send_through_a_restart(post, port)
            finally:
                post.server.stop()
    except ServiceAbsent as absent:
        if REQUIRED:
            pytest.fail(str(absent))
        pytest.skip(str(absent))
    accepted = post.sink.accepted
    assert len(accepted) == READERS
    assert max(accepted.values()) == 1


class Kept:
    """A worker that is started anew when it ends, as docker-compose.yml asks for.

    Celery's own main process gives up if Redis goes away while a task runs and is not yet done
    with its message; what it was sending is sent all the same before it ends.
    """

    def __init__(self, installation):
        self.installation, self.running, self.process = installation, None, None

    def look_after(self):
        if self.process is None or self.process.poll() is not None:
            self.running = self.installation.worker()
            self.process = self.running.__enter__()

    def end(self):
        if self.process is not None:
            self.running.__exit__(None, None, None)


def send_through_a_restart(post, port):
    post.sink.pause = 0.02  # so that there is a middle
    post.manage(_HALF_LATER)
    half = READERS // 2
    worker = Kept(post.installation)
    try:
        with redis_server(port):
            worker.look_after()
            post.manage(_LOOK)
            until(lambda: post.sink.total > half // 5, "sending has begun")
        assert post.sink.total < half
        until(lambda: post.sink.total == half, "what is due is sent without Redis")
        with redis_server(port):
            post.manage(_ALL_NOW)

            def all_arrived():
                worker.look_after()
                post.manage(_LOOK)
                return post.sink.total >= READERS

            until(all_arrived, "the rest is sent")
            assert post.installation.ask("Alert.objects.filter(sent_at=None).count()") == 0
    finally:
        worker.end()
