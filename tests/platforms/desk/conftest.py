import pytest
from django.contrib.auth.models import Permission, User


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
