"""Reads sitemaps as a search engine does: the index first, then all parts that it names."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from django.conf import settings
from django.test import Client


def sitemap_parts(client: Client) -> list[str]:
    """The paths of all parts that the index names."""
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    assert index.tag.endswith("}sitemapindex")
    addresses = [part.findtext("{*}loc") or "" for part in index]
    assert all(address.startswith(f"{settings.SITE_URL}/") for address in addresses)
    return [address.removeprefix(settings.SITE_URL) for address in addresses]


def sitemap_urls(client: Client) -> list[Element]:
    """The `url` elements of all parts."""
    return [
        url
        for path in sitemap_parts(client)
        for url in ElementTree.fromstring(client.get(path).content)
    ]
