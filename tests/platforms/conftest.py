"""Fixtures that tests of several rooms of `platforms` share."""

import pytest

from tests.practice.watched import Clock, chirp


@pytest.fixture
def clock():
    """A clock that only the test moves."""
    return Clock()


@pytest.fixture
def page(site):
    """The help page of the practice site, with its platform, a use and a guide."""
    return chirp(site)
