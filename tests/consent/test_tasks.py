"""Tasks are found by name, also by messages that an older release queued."""

import pytest

from config.celery import app


@pytest.mark.parametrize(
    "former",
    [
        "expect_all_news",
        "keep_readers_words",
        "keep_subscribers",
        "tell_about_gaps",
        "watch_outbox",
    ],
)
def test_a_message_queued_by_the_last_release_finds_its_task(former):
    app.loader.import_default_modules()
    assert f"consent.tasks.{former}" in app.tasks
