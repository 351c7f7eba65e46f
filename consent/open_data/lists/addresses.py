"""Names and addresses of records in lists."""

from __future__ import annotations

from django.urls import reverse

from consent.web.links import absolute_url


def named(platform: str, slug: str) -> str:
    """Return the id of a use or a control, from slugs."""
    return f"{platform}/{slug}"


def anchor(platform: str, slug: str) -> str:
    """Return the address of a use or a control on the page of its platform."""
    return f"{absolute_url(reverse('platform', args=[platform]))}#{slug}"
