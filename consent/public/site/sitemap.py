"""The addresses of all lasting public pages in every language, for search engines.

Source: sitemaps.org; developers.google.com/search/docs/specialty/international for the alternates.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from xml.etree import ElementTree

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from consent.models import Entry, Guide
from consent.web.links import absolute_url
from platforms.characters import without_controls
from platforms.models import Platform

MOST_ADDRESSES = 50_000  # of the format
_LISTS = (
    "home",
    "timeline",
    "platforms",
    "matrix",
    "guides",
    "corrections",
    "feeds",
    "about",
    "methodology",
)


#: A function that returns a page's path in the active language, and the time of its last edit.
Page = tuple[Callable[[], str], dt.datetime | None]


def sitemap_xml() -> bytes:
    """Return the sitemap; what was edited last comes first where the format allows no more."""
    languages = [code for code, _name in settings.LANGUAGES]
    root = ElementTree.Element(
        "urlset",
        {
            "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
            "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
        },
    )
    pages = list(islice(_pages(), MOST_ADDRESSES // len(languages)))
    in_each = [_in_language(language, pages) for language in languages]
    for (_address, edited_at), *paths in zip(pages, *in_each, strict=True):
        for path in paths:
            url = ElementTree.SubElement(root, "url")
            ElementTree.SubElement(url, "loc").text = without_controls(absolute_url(path))
            if edited_at:
                ElementTree.SubElement(url, "lastmod").text = edited_at.isoformat(
                    timespec="seconds"
                )
            for language, other in zip(languages, paths, strict=True):
                ElementTree.SubElement(
                    url,
                    "xhtml:link",
                    rel="alternate",
                    hreflang=language,
                    href=without_controls(absolute_url(other)),
                )
    xml: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def _in_language(language: str, pages: Iterable[Page]) -> list[str]:
    with translation.override(language):
        return [address() for address, _edited_at in pages]


def _pages() -> Iterator[Page]:
    for name in _LISTS:
        yield partial(reverse, name), None
    for platform in Platform.objects.listed():
        yield platform.get_absolute_url, None
    for guide in Guide.objects.published().order_by("-updated_at"):
        yield guide.get_absolute_url, guide.updated_at
    for entry in Entry.objects.published().order_by("-updated_at"):
        yield entry.get_absolute_url, entry.updated_at
