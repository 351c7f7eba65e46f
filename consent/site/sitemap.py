"""The addresses of all lasting public pages, for search engines (sitemaps.org)."""

import datetime as dt
from collections.abc import Iterator
from xml.etree import ElementTree

from django.conf import settings
from django.urls import reverse

from consent.models import Entry, Guide
from platforms.models import Platform

MOST_ADDRESSES = 50_000  # of the format
_LISTS = (
    "home",
    "timeline",
    "platforms",
    "matrix",
    "guides",
    "corrections",
    "about",
    "methodology",
)


def sitemap_xml() -> bytes:
    """Return the sitemap; what was edited last comes first where the format allows no more."""
    root = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for _, (path, edited_at) in zip(range(MOST_ADDRESSES), _addresses(), strict=False):
        url = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(url, "loc").text = settings.SITE_URL + path
        if edited_at:
            ElementTree.SubElement(url, "lastmod").text = edited_at.isoformat(timespec="seconds")
    xml: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def _addresses() -> Iterator[tuple[str, dt.datetime | None]]:
    for name in _LISTS:
        yield reverse(name), None
    for platform in Platform.objects.listed():
        yield platform.get_absolute_url(), None
    for guide in Guide.objects.published().order_by("-updated_at"):
        yield guide.get_absolute_url(), guide.updated_at
    for entry in Entry.objects.published().order_by("-updated_at"):
        yield entry.get_absolute_url(), entry.updated_at
