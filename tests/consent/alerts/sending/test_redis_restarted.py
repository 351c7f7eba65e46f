"""Redis goes away in the middle of sending and comes back having forgotten everything."""

import contextlib

import pytest

from tests.consent.alerts.sending.killing import Post
from tests.main_job.installation import until
from tests.services import copied_in_postgresql, free_port, redis_server

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services")]

READERS = 240
#: Half of the mails are for later, so that there is something to hear of after the restart.
_HALF_LATER = (
    "import datetime as dt; from django.db.models import F; from consent.models import Alert; "
    f"pks = list(Alert.objects.order_by('-pk').values_list('pk', flat=True)[:{READERS // 2}]); "
    "Alert.objects.filter(pk__in=pks).update(due_at=F('due_at') + dt.timedelta(minutes=5))"
)
_ALL_NOW = (
    "from django.utils import timezone; from consent.models import Alert; "
    "Alert.objects.filter(sent_at=None).update(due_at=timezone.now())"
)
#: As beat does every minute.
_LOOK = "from consent.tasks import send_mails; send_mails.delay()"


def test_what_redis_forgets_no_reader_misses_or_gets_twice(tmp_path, services):
    port = free_port()
    own = {
        "DATABASE_URL": copied_in_postgresql(services["DATABASE_URL"]),
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
    }
    post = Post(tmp_path, READERS, **services | own)
    post.server.start()
    try:
        send_through_a_restart(post, port)
    finally:
        post.server.stop()
    accepted = post.sink.accepted
    assert len(accepted) == READERS
    assert max(accepted.values()) == 1


def send_through_a_restart(post, port):
    post.sink.pause = 0.02  # so that there is a middle
    post.installation.run(_HALF_LATER)
    half = READERS // 2
    with contextlib.ExitStack() as running:
        with redis_server(port):
            worker = running.enter_context(post.installation.worker())
            post.installation.run(_LOOK)
            until(lambda: post.sink.total > half // 5, "sending has begun")
        assert post.sink.total < half
        until(lambda: post.sink.total == half, "what is due is sent without Redis")
        with redis_server(port):
            post.installation.run(_ALL_NOW)

            def all_arrived():
                post.installation.run(_LOOK)
                return post.sink.total >= READERS

            until(all_arrived, "the rest is sent by the same worker")
            assert worker.poll() is None
            assert post.installation.ask("Alert.objects.filter(sent_at=None).count()") == 0
