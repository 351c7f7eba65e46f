import pytest
from django.contrib.auth.models import Permission, User

from tests.practice.site import PracticeSite
from tests.practice.watched import chirp


@pytest.fixture
def site():
    with PracticeSite() as site:
        yield site


@pytest.fixture
def page(site):
    return chirp(site)


def with_rights(*codenames):
    """A member of staff who may do just these things."""
    user = User.objects.create_user(f"staff-{len(codenames)}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def curator(client):
    """A client logged in as someone who may look after pages and lend sessions."""
    client.force_login(
        with_rights("view_page", "change_page", "add_lentsession", "view_lentsession")
    )
    return client


@pytest.fixture
def onlooker(client):
    """A client logged in as someone who may see pages and nothing more."""
    client.force_login(with_rights("view_page"))
    return client
