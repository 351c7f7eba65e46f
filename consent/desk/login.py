"""The pages of the second factor: entering a code at login, and setting up a phone."""

from __future__ import annotations

import logging
from base64 import b32encode
from typing import Any

import django_otp
import qrcode
import qrcode.image.svg
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods

from consent.desk import two_factors
from consent.desk.login_limits import remember_browser
from consent.desk.two_factors import WaitError

logger = logging.getLogger(__name__)

#: Seconds after the password in which the code may be entered. Chosen: time to find the phone.
_CODE_WITHIN = 600
_SESSION_KEY = "password-given"


def remember_password(request: HttpRequest, user: User, *, onward: str) -> None:
    """Store in the session that this browser gave a correct password. It logs nobody in."""
    request.session.cycle_key()
    request.session[_SESSION_KEY] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "backend": getattr(user, "backend", settings.AUTHENTICATION_BACKENDS[-1]),
        "at": timezone.now().timestamp(),
        "onward": onward,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Ask for the code after a correct password, and log in with a correct code."""
    noted, user = _known_by_password(request)
    if user is None:
        request.session.pop(_SESSION_KEY, None)
        messages.error(request, "Please log in with your password first.")
        return redirect("admin:login")
    error = ""
    if request.method == "POST":
        credentials = {"username": user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            locked_out: HttpResponse = get_lockout_response(request, credentials=credentials)
            return locked_out
        try:
            device = two_factors.verify(user, request.POST.get("code", ""))
        except WaitError as wait:
            error = str(wait)
        else:
            if device is not None:
                del request.session[_SESSION_KEY]
                login(request, user, backend=noted["backend"])
                django_otp.login(request, device)
                _warn_of_few_codes(request, user)
                response = redirect(noted["onward"])
                remember_browser(response, user)
                return response
            # Counts as a failed login, so that guessing codes leads to a lockout too.
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            error = "That code is not right, or was used already."
    context = {**site.each_context(request), "title": "Enter your code", "error": error}
    return render(
        request, "admin/desk/code.html", context, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Let a curator set up a phone, renew backup codes, or remove both.

    It is also open to curators who may not enter the desk before they set up a second factor.
    """
    user = request.user
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return redirect_to_login(request.get_full_path(), "admin:login")
    enrolled = two_factors.has_second_factor(user)
    if enrolled and not two_factors.is_verified(user):
        return redirect_to_login(request.get_full_path(), "admin:login")
    context: dict[str, Any] = {}
    if request.method == "POST":
        result = _press_button(request, user, enrolled=enrolled)
        if not isinstance(result, dict):
            return result
        context = result
    device = two_factors.unfinished(user)
    context = {
        **site.each_context(request),
        "title": "Two-factor login",
        "enrolled": two_factors.has_second_factor(user),
        "required": settings.DESK_REQUIRES_TWO_FACTORS,
        "codes_left": two_factors.backup_codes_left(user),
        "device": device,
        "picture": _qr_code(device.config_url) if device else "",
        "secret": _in_fours(device.bin_key) if device else "",
        **context,
    }
    return render(
        request, "admin/desk/two_factors.html", context, status=422 if "error" in context else 200
    )


def _press_button(
    request: HttpRequest, user: User, *, enrolled: bool
) -> dict[str, Any] | HttpResponseBase:
    """Do what the button says. Return context for the page, or a response."""
    act, code = request.POST.get("act", ""), request.POST.get("code", "")
    if act == "begin" and not enrolled:
        two_factors.begin(user)
        return redirect("admin:two_factors")
    try:
        if act == "finish" and not enrolled:
            return _finished(request, user, code)
        if act in ("codes", "remove") and enrolled:
            return _with_code(request, user, act, code)
    except WaitError as wait:
        return {"error": str(wait)}
    return {"error": "Nothing was done: choose one of the buttons."}


def _finished(request: HttpRequest, user: User, code: str) -> dict[str, Any]:
    device = two_factors.unfinished(user)
    codes = two_factors.finish(device, code) if device else None
    if device is None or codes is None:
        return {"error": "That code is not right. Is the clock of your phone?"}
    device.refresh_from_db()
    django_otp.login(request, device)
    logger.info("%s set up a second factor", user)
    return {"codes": codes}


def _with_code(
    request: HttpRequest, user: User, act: str, code: str
) -> dict[str, Any] | HttpResponseBase:
    if two_factors.verify(user, code) is None:
        return {"error": "That code is not right, or was used already. Nothing was changed."}
    if act == "codes":
        logger.info("%s renewed the backup codes", user)
        return {"codes": two_factors.new_backup_codes(user)}
    two_factors.remove(user)
    logger.info("%s removed the second factor", user)
    messages.success(request, "Your second factor is removed.")
    return redirect("admin:two_factors")


def _known_by_password(request: HttpRequest) -> tuple[dict[str, Any], User | None]:
    noted: dict[str, Any] = request.session.get(_SESSION_KEY, {})
    if timezone.now().timestamp() - noted.get("at", 0) > _CODE_WITHIN:
        return noted, None
    user = User.objects.filter(pk=noted["user"], is_active=True, is_staff=True).first()
    if user is None or user.get_session_auth_hash() != noted["hash"]:
        return noted, None
    return noted, user


def _warn_of_few_codes(request: HttpRequest, user: User) -> None:
    left = two_factors.backup_codes_left(user)
    if left <= 2:
        messages.warning(request, f"{left} backup codes are left: make new ones.")


def _qr_code(address: str) -> SafeString:
    """Return the address as a QR code. It is drawn here, so that no other site gets the secret."""
    picture = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, border=2)
    drawn: str = picture.to_string(encoding="unicode")
    return mark_safe(drawn)  # noqa: S308 (numbers and lines of the library's own making)


def _in_fours(key: bytes) -> str:
    """Return the secret for typing into a phone: base32, in groups of four."""
    text = b32encode(key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
