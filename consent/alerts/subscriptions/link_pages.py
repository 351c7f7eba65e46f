"""Shared by the pages that links in mails open: looking up the token, dead links, the way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consent.alerts.subscriptions import tokens
from consent.models import Subscriber, Token
from consent.vocabulary import TokenPurpose

TokenView = Callable[[HttpRequest, Token], HttpResponseBase]

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def open_token(
    purpose: TokenPurpose, *, dead_too: bool = False
) -> Callable[[TokenView], Callable[[HttpRequest, str], HttpResponseBase]]:
    """Decorator: look up the token of a link and pass it to the view in place of the link's text.

    Unknown links get a page with status 404, dead links one with 410.
    dead_too: also pass tokens that were used, replaced or have expired.
    """

    def decorate(view: TokenView) -> Callable[[HttpRequest, str], HttpResponseBase]:
        @wraps(view)
        def open_link(request: HttpRequest, text: str) -> HttpResponseBase:
            token = tokens.find(purpose, text)
            if token is None:
                return dead_link(request, "unknown", status=404)
            why = why_dead(token)
            if why and not dead_too:
                # Only a confirmation can be asked for again from its dead link.
                can_repeat = purpose == TokenPurpose.CONFIRM
                return dead_link(request, why, token=token if can_repeat else None)
            return view(request, token)

        return open_link

    return decorate


def why_dead(token: Token) -> str:
    """Return "used", "replaced" or "expired"; empty while the link works."""
    if token.used_at is not None:
        return "used"
    if token.replaced_at is not None:
        return "replaced"
    return "expired" if token.expires_at <= timezone.now() else ""


def dead_link(
    request: HttpRequest, why: str, *, token: Token | None = None, status: int = 410
) -> HttpResponse:
    text = tokens.link_text(token) if token else ""
    context = {"section": "alerts", "why": why, "again": text}
    return render(request, "alerts/dead_link.html", context, status=status)


def to_manage(subscriber: Subscriber, done: str) -> HttpResponse:
    text = tokens.manage_text(subscriber)
    response = redirect("manage", text)
    response["Location"] += f"?done={done}"
    return response
