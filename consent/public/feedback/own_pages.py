"""The pages that a report can be about: public ones of this site, no private ones."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404

from consent.web.page_language import page_at

_LONGEST = 300


def own_path(address: str) -> str:
    """Return the path of a public page of ours, without its query; "" for anything else.

    A query may hold what somebody ticked on the checklist, and some paths hold a reader's own
    link (of the alerts): neither is any of the desk's business.
    """
    given = address.strip()
    ours = urlsplit(settings.SITE_URL)
    try:
        parts = urlsplit(given)
    except ValueError:
        return ""
    if (parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (
        ours.scheme,
        ours.netloc,
    ):
        return ""
    path = parts.path
    if not path.startswith("/") or path.startswith("//") or len(path) > _LONGEST:
        return ""
    try:
        found = page_at(path)
    except Resolver404:
        return ""
    private = "admin" in found.app_names or "<link:" in found.route
    return "" if private else path
