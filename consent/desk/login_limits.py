"""Limits of failed logins: a fast one per name and address, and a slow one per name.

django-axes has the fast one (five failures, then 15 minutes). Guesses from thousands of addresses
pass it, so failures with one name are also counted over all addresses. Beyond that limit only
browsers that have logged in with the name before may try it. So nobody can lock a curator out by
guessing.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from consent.models import FormCount
from consent.web.secret_keys import secret_keys

logger = logging.getLogger(__name__)

#: Failures with one name, from all addresses, in an hour: 480 guesses a day at most.
FAILURES_PER_NAME = 20
_HOUR = dt.timedelta(hours=1)
_COOKIE = "known-browser"
_COOKIE_AGE = dt.timedelta(days=180)


class Handler(AxesDatabaseHandler):
    """django-axes' handler with the slow limit. The lockout template reads `name_is_slowed`."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        name = get_client_username(request, credentials) or ""
        request.name_is_slowed = (  # type: ignore[attr-defined]
            _failures(name) >= FAILURES_PER_NAME and not _is_known(request, name)
        )
        return bool(request.name_is_slowed)  # type: ignore[attr-defined]

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        was_locked = getattr(request, "axes_locked_out", False)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is None or was_locked:
            return
        name = get_client_username(request, credentials) or ""
        if request.axes_locked_out:  # type: ignore[attr-defined]
            _log(name, f"from {request.axes_ip_address}, for 15 minutes")  # type: ignore[attr-defined]
        if not _is_known(request, name):
            failures = FormCount.objects.add_one(_key(name), now=timezone.now(), lasts=_HOUR)
            if failures == FAILURES_PER_NAME:
                _log(name, "for unknown browsers, for up to an hour: many addresses guess")

    def reset_attempts(self, **which: Any) -> int:
        """Called by `manage.py axes_reset_username` and similar commands."""
        count = int(super().reset_attempts(**which))
        if name := which.get("username"):
            count += FormCount.objects.filter(key=_key(name)).delete()[0]
        return count


def remember_browser(response: HttpResponse, user: User) -> None:
    """Let this browser log in as this user later, even while others guess the password."""
    response.set_cookie(
        _COOKIE,
        _marks(user)[0],
        max_age=_COOKIE_AGE,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _is_known(request: HttpRequest, name: str) -> bool:
    mark = request.COOKIES.get(_COOKIE, "")
    user = User.objects.filter(username=name).first() if mark else None
    return user is not None and any(constant_time_compare(mark, right) for right in _marks(user))


def _marks(user: User) -> list[str]:
    """Return signed values of the user and the password hash; only the server can make them.

    The first is made with the present key, the others with former ones.
    """
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return [
        salted_hmac(_COOKIE, f"{user.pk}:{hashed}", secret=key).hexdigest()
        for key, hashed in zip(secret_keys(), hashes, strict=True)
    ]


def _failures(name: str) -> int:
    counted = FormCount.objects.filter(key=_key(name), expires_at__gt=timezone.now()).first()
    return counted.forms if counted else 0


def _key(name: str) -> str:
    return salted_hmac("failed logins", name, algorithm="sha256").hexdigest()


def _log(name: str, how: str) -> None:
    """Log the name only if the account exists: people type passwords into the wrong field."""
    known = User.objects.filter(username=name).exists()
    logger.warning("Logins as %s are locked %s", repr(name) if known else "nobody we know", how)
