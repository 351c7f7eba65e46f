import pytest

from tests.consent.alerts.sending.killing import kill_and_finish

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
    assert repeated <= KILLS
    assert max(accepted.values()) <= 2
