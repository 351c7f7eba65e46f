"""Whether the steps of a guide rest on a page of the company itself."""

from __future__ import annotations

from consent.models import Guide
from consent.search.web_addresses import site_of
from platforms.models import Page

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
