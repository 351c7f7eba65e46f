"""Sitemaps of all lasting public pages in every language, for search engines.

/sitemap.xml is an index that names one sitemap for each kind of page.
Source: sitemaps.org; developers.google.com/search/docs/specialty/international for the alternates.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from consent.declarations.claims import ClaimDeclaration, claims_in
from consent.models import Entry, Guide
from consent.public.roles.roles import Role, roles
from consent.web.absolute_urls import absolute_url
from platforms.models import Platform
from platforms.record_versions import shown_at


class _Translated(Sitemap):
    """Lists each page in every language, with links between them, at the site of SITE_URL."""

    i18n = True
    alternates = True
    #: Addresses in one part. The format allows 50,000, but these take seconds to render.
    limit = 1000

    def get_protocol(self, protocol: str | None = None) -> str:
        return absolute_url("").partition("://")[0]

    def get_domain(self, site: object = None) -> str:
        return absolute_url("").partition("://")[2]


class _Pages(_Translated):
    def items(self) -> list[str]:
        return [
            "home",
            "timeline",
            "platforms",
            "matrix",
            "api",
            "data",
            "numbers",
            "next",
            "claims",
            "providers",
            "guides",
            "corrections",
            "feeds",
            "evidence",
            "about",
            "methodology",
            "privacy",
            "roles",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class _Roles(_Translated):
    def items(self) -> list[Role]:
        return list(roles().values())


class _Platforms(_Translated):
    def items(self) -> QuerySet[Platform]:
        return Platform.objects.listed().order_by("pk").only("slug")


class _Claims(_Translated):
    def items(self) -> list[ClaimDeclaration]:
        return list(claims_in(settings.CATALOG_DIR))

    def location(self, item: ClaimDeclaration) -> str:
        return reverse("claim", args=[item.slug])

    def lastmod(self, item: ClaimDeclaration) -> dt.date:
        return item.latest.on.on


class _Records(_Translated):
    """Records with the moment at which what they show last changed, as in the feed and the API."""

    def lastmod(self, item: Any) -> dt.datetime:
        changed_at: dt.datetime = item.shown_at
        return changed_at.replace(microsecond=0)


class _Guides(_Records):
    def items(self) -> QuerySet[Guide]:
        guides = Guide.objects.published().order_by("pk").only("slug")
        return guides.annotate(shown_at=shown_at("guide"))


class _Changes(_Records):
    def items(self) -> QuerySet[Entry]:
        entries = Entry.objects.published().order_by("pk").only("public_id", "title")
        return entries.annotate(shown_at=shown_at("entry"))


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {
    "pages": _Pages,
    "roles": _Roles,
    "platforms": _Platforms,
    "guides": _Guides,
    "claims": _Claims,
    "changes": _Changes,
}
