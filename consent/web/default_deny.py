"""The names of all public pages. Every other page requires a login at the desk.

A new page that is not added here is therefore closed to the public. Pages of the desk check
permissions in addition (tests/consent/desk/test_walk.py).
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase

PUBLIC = frozenset(
    {
        # Pages for readers.
        "about",
        "answers",
        "api",
        "ask-admin",
        "change",
        "change-by-id",
        "change-ris",
        "compare",
        "checklist",
        "corrections",
        "evidence",
        "data",
        "developers",
        "feeds",
        "glossary",
        "guide",
        "guides",
        "home",
        "matrix",
        "methodology",
        "opensearch",
        "operator",
        "platform",
        "platforms",
        "privacy",
        "role",
        "roles",
        "providers",
        "search",
        "status",
        "timeline",
        "timeline-csv",
        "numbers",
        "numbers-of-day",
        "then-and-now",
        "next",
        "claims",
        "claim",
        "year",
        # Forms for readers.
        "guide-answer",
        "guide-answered",
        "platform-requested",
        "report",
        "reported",
        "reports",
        "request-platform",
        # Alerts. All but the first four need a link that we mailed.
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
        # For curators: a link that we mailed.
        "work-mail-off",
        # For programs.
        "evidence-authority",
        "evidence-bundle",
        "evidence-header",
        "evidence-leaves",
        "evidence-stamp",
        "api-changelog",
        "api-control-one",
        "api-controls",
        "api-declarations",
        "api-entries",
        "api-entry-one",
        "api-enums",
        "api-figures",
        "api-guide-one",
        "api-guides",
        "api-index",
        "api-matrix",
        "api-none",
        "api-openapi",
        "api-pages",
        "api-passages",
        "api-platform-one",
        "api-platform-plans",
        "api-platforms",
        "api-providers",
        "api-resolve",
        "api-robots",
        "api-states",
        "api-use-one",
        "api-uses",
        "api-verdict",
        "api-verdicts",
        "assistants",
        "badge",
        "badge-json",
        "badge-json-of-use",
        "badge-of-use",
        "calendar",
        "data-archive",
        "data-catalog",
        "data-csv",
        "data-domains",
        "data-providers",
        "data-releases",
        "release-archive",
        "release-file",
        "release-latest",
        "providers-csv",
        "data-file",
        "embed",
        "embed-of-use",
        "numbers-embed",
        "then-and-now-csv",
        "healthz",
        "healthz-web",
        "compare-csv",
        "crawlers-csv",
        "evidence-csv",
        "figure-csv",
        "figures-csv",
        "methodology-csv",
        "months-csv",
        "matrix-csv",
        "matrix-json",
        "robots-txt",
        "llms-txt",
        "security-txt",
        "rsl-licence",
        "tdm-reservation",
        "share-image",
        "wall-png",
        "wall-svg",
        "sitemap",
        "sitemap-section",
        "timeline-atom",
        "timeline-json",
        # Have their own authentication: a token, or a provider's signature or password.
        "mail-webhook",
        "metrics",
        # Login; logout also before the second factor is set up.
        "admin:join",
        "admin:login",
        "admin:login_code",
        "admin:logout",
        "admin:two_factors",
    }
)


class DefaultDeny(LoginRequiredMiddleware):
    """Django's middleware, with the list above instead of decorators, and the desk's login.

    Checks the name first: a public page then reads neither session nor user, and can be cached.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else None
        if name in PUBLIC:
            return None
        if admin.site.has_permission(request):
            return None
        refused: HttpResponseBase = self.handle_no_permission(request, view_func)
        return refused
