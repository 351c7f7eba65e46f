import pytest
from django.contrib.auth.models import Permission, User


def with_rights(*codenames):
    """Return a member of staff with only these permissions."""
    user = User.objects.create_user(f"staff-{len(codenames)}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def curator(client):
    """A client logged in as a user who may change pages and lend sessions."""
    client.force_login(
        with_rights("view_page", "change_page", "add_lentsession", "view_lentsession")
    )
    return client


@pytest.fixture
def onlooker(client):
    """A client logged in as a user who may only see pages."""
    client.force_login(with_rights("view_page"))
    return client
