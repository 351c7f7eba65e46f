"""The curator who sends a request."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.http import HttpRequest


def curator_of(request: HttpRequest) -> User:
    """Return the logged-in user; the admin site admits no others."""
    assert isinstance(request.user, User)
    return request.user
