"""Fixtures that tests of several rooms of `consent` share."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from tests.consent.alerts.readers import Clock
from tests.practice.watched import turned_on


@pytest.fixture
def clock():
    """Frozen time, which a test moves with clock.move()."""
    with Clock(dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)) as clock:
        yield clock


@pytest.fixture
def ada():
    return User.objects.create_user("ada")


@pytest.fixture
def bob():
    return User.objects.create_user("bob")


@pytest.fixture
def curator(ada):
    return ada


@pytest.fixture
def change():
    """A waiting change: the help page of Chirp introduced training, on by default."""
    return turned_on()
