"""The curator who sends a request, and what they may do."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def curator_of(request: HttpRequest) -> User:
    """Return the logged-in user; the admin site admits no others."""
    assert isinstance(request.user, User)
    return request.user


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the curator has a permission."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
