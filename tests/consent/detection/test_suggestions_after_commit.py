"""A suggestion is made after the visit is recorded, within limits, and blocks nothing."""

import pytest
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.urls import reverse

from consent import classification, tasks
from consent.detection import changes
from consent.models import Change, Guide
from consent.vocabulary import NoSuggestion
from tests.arranging import arranged
from tests.factories import (
    make_change,
    make_control,
    make_guide,
    make_page,
    make_platform,
    make_use,
)
from tests.practice.watched import turned_on

pytestmark = pytest.mark.django_db

SILENT = "We use cookies to keep you logged in."
TRAINING = "We use your posts to train our models. You can opt out in the settings."


@pytest.fixture
def eager():
    """Run tasks at once, in the process that queues them."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.fixture
def failing(monkeypatch):
    """Let the classifier raise this error for every text with the word "broken"."""
    working = classification.suggest

    def fail_with(error):
        def suggest(before, after, **options):
            if "broken" in after:
                raise error
            return working(before, after, **options)

        monkeypatch.setattr(classification, "suggest", suggest)

    return fail_with


def raw_change(after=TRAINING, slug="chirp"):
    return make_change(make_page(make_platform(slug)), SILENT, after)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_texts_are_read_for_a_suggestion(monkeypatch):
    in_transaction = []
    suggest = classification.suggest

    def watched(*texts, **options):
        in_transaction.append(connection.in_atomic_block)
        return suggest(*texts, **options)

    monkeypatch.setattr(classification, "suggest", watched)
    assert turned_on().suggestion.relevant
    assert in_transaction == [False]


@pytest.mark.database
def test_a_change_without_suggestion_is_found_by_the_next_turn_and_only_once(eager):
    change = raw_change()
    assert tasks.suggest_missing() == 1
    change.refresh_from_db()
    assert "use-introduced" in change.suggestion.effects
    assert tasks.suggest_missing() == 0


def test_suggestions_do_not_hold_up_mails():
    queue_of = {
        name: current_app.amqp.router.route({}, f"consent.tasks.{name}")["queue"].name
        for name in ("suggest_change", "send_mails")
    }
    assert queue_of == {"suggest_change": "visits", "send_mails": "general"}


def test_a_text_beyond_the_bound_gets_no_suggestion_and_the_desk_says_so(admin_client):
    sentence = TRAINING + "\n\n"
    change = raw_change(sentence * (changes.MAX_CHARACTERS // len(sentence) + 1))
    with arranged():
        use = make_use(change.page.platform)
        control = make_control(use)
        use.pages.add(change.page)
        control.pages.add(change.page)
        guide = make_guide(change.page.platform, control)
        guide.pages.add(change.page)
    tasks.suggest_change(change.pk)
    change.refresh_from_db()
    assert change.no_suggestion == NoSuggestion.TOO_LARGE
    assert not hasattr(change, "suggestion")
    # Nobody knows what the change does, so what depends on the page may be out of date.
    assert Guide.objects.get(pk=guide.pk).source_change == change
    queue = admin_client.get(reverse("admin:consent_change_changelist")).content.decode()
    assert "too large for a suggestion" in queue


def test_a_text_in_a_language_that_we_do_not_read_gets_no_suggestion_and_the_desk_says_so(
    admin_client,
):
    sentence = "Utilizamos sus publicaciones y los datos que usted comparte para entrenar la IA. "
    change = raw_change(sentence * 5)
    tasks.suggest_change(change.pk)
    change.refresh_from_db()
    assert change.no_suggestion == NoSuggestion.LANGUAGE
    queue = admin_client.get(reverse("admin:consent_change_changelist")).content.decode()
    assert "in a language that we do not read" in queue


def test_a_text_that_takes_too_long_gets_no_suggestion(failing):
    failing(SoftTimeLimitExceeded())
    change = raw_change("broken")
    tasks.suggest_change(change.pk)
    change.refresh_from_db()
    assert change.no_suggestion == NoSuggestion.TOO_SLOW


def test_a_change_that_fails_again_and_again_is_given_up_and_holds_up_no_other(eager, failing):
    failing(ZeroDivisionError())
    broken, sound = raw_change("broken"), raw_change(slug="perch")
    for _ in range(changes.MAX_ATTEMPTS + 1):
        tasks.suggest_missing()
    broken.refresh_from_db()
    assert broken.no_suggestion == NoSuggestion.FAILED
    assert Change.objects.get(pk=sound.pk).suggestion.relevant
    assert tasks.suggest_missing() == 0
