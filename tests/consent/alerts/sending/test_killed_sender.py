import datetime as dt
import os
import signal
import time

import pytest

from consent.alerts.sending.smtp import MOST_SECONDS
from consent.models.alerts import CLAIM_LASTS
from tests.consent.alerts.sending.killing import Post, kill_and_finish
from tests.main_job.installation import until

KILLS, READERS = 6, 240


@pytest.mark.django_db  # for its migrated database
def test_a_killed_sender_loses_no_mail_and_repeats_at_most_the_one_it_had_in_hand(
    tmp_path, migrated_database
):
    accepted = kill_and_finish(
        tmp_path, readers=READERS, kills=KILLS, migrated_database=migrated_database
    )
    assert len(accepted) == READERS
    repeated = sum(accepted.values()) - READERS
    # The figure is half of what this test is for.
    print(f"{KILLS} kills, {READERS} alerts: {repeated} repeated, none lost")  # noqa: T201
    assert repeated <= KILLS  # one mail may be in hand at two kills


@pytest.mark.django_db
@pytest.mark.parametrize("claim_lasts", [2, pytest.param(None, marks=pytest.mark.drill)])
def test_the_mails_of_a_dead_sender_are_sent_within_a_minute(
    tmp_path, migrated_database, claim_lasts
):
    """The claims of the dead one last two seconds, in the drill as long as they really do."""
    assert dt.timedelta(seconds=60) > CLAIM_LASTS
    limit = 60 - CLAIM_LASTS.total_seconds() + claim_lasts if claim_lasts else 60
    with Post(tmp_path, 60, migrated_database=migrated_database, claim_lasts=claim_lasts) as post:
        post.kill_after(10)
        died_at = time.monotonic()
        while len(post.sink.accepted) < 60:
            assert time.monotonic() - died_at < limit
            post.start()  # as beat lets workers do
            post.wait()
            time.sleep(0.5)
        assert post.sink.total <= 61
        print(f"sent after {time.monotonic() - died_at:.0f} s")  # noqa: T201


@pytest.mark.django_db
def test_a_slow_server_makes_no_second_sender_send_the_same_mails(tmp_path, migrated_database):
    """All of them take longer than a claim lasts without being renewed."""
    assert CLAIM_LASTS.total_seconds() > MOST_SECONDS
    with (
        Post(tmp_path, 3, migrated_database=migrated_database, claim_lasts=6) as post,
        post.beside() as second,
    ):
        post.sink.pause = 2.5
        post.start()
        until(lambda: post.sink.begun, "the first mail is being sent")

        def third_has_begun():
            second.start()
            second.wait()
            return post.sink.begun >= 3

        until(third_has_begun, "the last mail is being sent")
        post.wait()
        assert post.sink.accepted.total() == len(post.sink.accepted) == 3


@pytest.mark.django_db
def test_a_sender_that_was_suspended_leaves_to_another_what_that_has_taken(
    tmp_path, migrated_database
):
    with (
        Post(tmp_path, 60, migrated_database=migrated_database, claim_lasts=1) as post,
        post.beside() as second,
    ):
        post.sink.pause = 0.02
        pid = post.start()
        until(lambda: post.sink.total >= 10, "sending has begun")
        # While it waits for an answer it holds no lock of the database.
        post.sink.pause, begun = 0.4, post.sink.begun + 1
        until(lambda: post.sink.begun > begun, "a mail waits for its answer")
        os.kill(pid, signal.SIGSTOP)
        post.sink.pause = 0.02
        time.sleep(1.5)
        second.start()
        second.wait()
        assert len(post.sink.accepted) == 60
        os.kill(pid, signal.SIGCONT)
        post.wait()
        # The one mail that it had in hand may come twice.
        assert post.sink.total <= 61
