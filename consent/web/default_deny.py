"""What strangers may open, by name. Whatever is not named here asks for the desk's login.

A page that somebody adds and forgets to name is closed: the desk's people can open it, and nobody
else. What is the desk's own asks for its rights besides (tests/consent/desk/test_walk.py).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase

PUBLIC = frozenset(
    {
        # Pages for readers.
        "about",
        "change",
        "change-by-id",
        "checklist",
        "corrections",
        "feeds",
        "guide",
        "guides",
        "home",
        "matrix",
        "methodology",
        "platform",
        "platforms",
        "search",
        "status",
        "timeline",
        # Forms for readers.
        "guide-answer",
        "guide-answered",
        "platform-requested",
        "report",
        "reported",
        "request-platform",
        # Alerts: beyond the first four, whoever holds the link that we mailed.
        "subscribe",
        "subscribe-start",
        "confirm-by-code",
        "manage-link",
        "alerts-export",
        "confirm",
        "confirm-again",
        "manage",
        "new-address",
        "unsubscribe",
        "unsubscribe-now",
        # What programs read.
        "healthz",
        "matrix-csv",
        "matrix-json",
        "robots-txt",
        "security-txt",
        "share-image",
        "sitemap",
        "timeline-atom",
        # Ask by themselves: for a token, for a provider's signature or password.
        "mail-webhook",
        "metrics",
        # The way in, and out for whoever did not get further.
        "admin:login",
        "admin:login_code",
        "admin:logout",
        "admin:two_factors",
    }
)
#: Open only to whoever runs the site with DEBUG on.
WHILE_DEBUGGING = frozenset(
    {"styleguide", "styleguide-mail", "styleguide-mails", "styleguide-schemes"}
)


class DefaultDeny(LoginRequiredMiddleware):
    """Django's middleware, with a list to read in place of marks on views, and the desk's door.

    Looks at the name first: a public page asks for no session and no user, and so stays one that
    caches may keep.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else None
        if name in PUBLIC or (settings.DEBUG and name in WHILE_DEBUGGING):
            return None
        if admin.site.has_permission(request):
            return None
        refused: HttpResponseBase = self.handle_no_permission(request, view_func)
        return refused
