"""People at the desk: fixtures for accounts by role."""

import pytest
from django.contrib.auth.models import Group, User

from consent.desk import site
from consent.desk.roles import ROLES


@pytest.fixture
def person(db):
    """Create a person with a role, or without one."""

    def make(role="", name="ada"):
        user = User.objects.create_user(name, is_staff=True)
        if role:
            assert role in ROLES
            user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def editor(client, person):
    """An editor who is logged in."""
    user = person("Editor")
    client.force_login(user)
    return user


@pytest.fixture
def without_bar(monkeypatch):
    """Leave the bar of queues out of pages: it is the same on each, and dear (test_frame.py)."""
    monkeypatch.setattr(site, "Bar", lambda request: None)
