"""Whether the steps of a guide rest on a page of the company itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from consent.models import Guide
from platforms.models import Page

#: Second labels under which countries register names (example.co.uk).
_REGISTERED_UNDER = {"ac", "co", "com", "edu", "gov", "net", "org"}
#: Archives of official texts: what they publish is the company's own page.
_ARCHIVES = ("https://github.com/OpenTermsArchive/",)


def rests_on_official_page(guide: Guide) -> bool:
    """Return whether a source of a guide is a page of the platform's company.

    True as well for our own snapshots, which are of watched pages, for archived versions of
    official texts, and where the company is named as the publisher.
    """
    platform, sources = guide.platform, guide.sources.all()
    names = {platform.name.casefold(), platform.operator.casefold()}
    own_site = site_of(platform.homepage)
    if any(
        source.snapshot_id is not None
        or source.url.startswith(_ARCHIVES)
        or source.publisher.casefold() in names
        or site_of(source.url) == own_site
        for source in sources
    ):
        return True
    of_operator = _sites_of_operator(platform.operator) if sources else frozenset()
    return any(site_of(source.url) in of_operator for source in sources)


def _sites_of_operator(operator: str) -> frozenset[str]:
    """Return the sites of the pages that a company's platforms have. One query."""
    pages = Page.objects.filter(platform__operator=operator).values_list("url", flat=True)
    return frozenset(map(site_of, pages))


def site_of(url: str) -> str:
    """Return the part of an address's host that somebody registered: help.x.com → x.com."""
    labels = (urlsplit(url).hostname or "").split(".")
    is_by_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _REGISTERED_UNDER
    return ".".join(labels[-3:] if is_by_country else labels[-2:])
