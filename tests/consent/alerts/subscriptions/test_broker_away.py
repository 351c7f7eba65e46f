"""Without a broker nothing that a reader or a worker does fails; the periodic runs catch up."""

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from consent.alerts.subscriptions.choices import Choices
from consent.alerts.subscriptions.lifecycle import ask_to_confirm
from consent.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def broker_away(monkeypatch):
    def refuse(*_args, **_options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(Celery, "send_task", refuse)


def test_a_reader_can_sign_up(django_capture_on_commit_callbacks):
    choices = Choices(subjects=(("everything", ""),), frequency="as-it-happens")
    with django_capture_on_commit_callbacks(execute=True):
        ask_to_confirm("ada@mail.example", choices)
    assert Letter.objects.count() == 1
