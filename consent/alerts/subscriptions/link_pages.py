"""What the pages behind links in mails share: dead links and the way back to the manage page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consent.alerts.subscriptions import tokens
from consent.models import Subscriber, Token

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def why_dead(token: Token) -> str:
    """Why a link no longer works; empty while it does."""
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
    text = tokens.manage_text(subscriber, timezone.localdate())
    response = redirect("manage", text)
    response["Location"] += f"?done={done}"
    return response
