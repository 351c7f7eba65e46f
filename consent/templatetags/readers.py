"""The link from a page to the form that reports an error."""

from pathlib import Path
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils.http import urlencode

from consent.declarations.claims import CLAIMS
from consent.public.feedback.own_pages import own_path
from platforms.vocabulary import Origin

register = template.Library()

#: Pages that answer what somebody typed.
_OF_QUESTIONS = ("answers", "search")


@register.simple_tag(takes_context=True)
def report_url(context: Context) -> str:
    """Return the form's address, with this page filled in if it is public, and what was asked."""
    request = context.get("request")
    about = own_path(request.path) if request else ""
    if not (request and about):
        return reverse("report")
    match = request.resolver_match
    asked = request.GET.get("q", "") if match and match.url_name in _OF_QUESTIONS else ""
    filled_in = {"about": about, "q": asked} if asked else {"about": about}
    return f"{reverse('report')}?{urlencode(filled_in)}"


class CatalogRecord(NamedTuple):
    """Where the catalog has what a page shows. key: in the file; "" for all of it.

    address: where the file is edited; "" where the site names no public place of its files.
    """

    path: str
    key: str
    address: str


@register.simple_tag(takes_context=True)
def catalog_record(context: Context) -> CatalogRecord | None:
    """Return where this page's claim, change, guide or platform is; None if it is in no file."""
    file, key = _file_and_key(context)
    if not file:
        return None
    folder = settings.CATALOG_DIR
    path = folder.relative_to(settings.BASE_DIR) if _is_ours(folder) else Path()
    address = f"{settings.CATALOG_URL}/{file}" if settings.CATALOG_URL else ""
    return CatalogRecord((path / file).as_posix(), key, address)


def _is_ours(folder: Path) -> bool:
    return bool(folder.is_relative_to(settings.BASE_DIR))


def _file_and_key(context: Context) -> tuple[str, str]:
    if claim := context.get("claim"):
        return f"{CLAIMS}.yaml", claim.slug
    if entry := context.get("entry"):
        first = next(iter(entry.platforms.all()), None)
        if first is None or entry.origin != Origin.CATALOG:
            return "", ""
        return f"{first.slug}.yaml", entry.key
    guide = context.get("guide")
    platform = guide.platform if guide else context.get("platform")
    return (f"{platform.slug}.yaml", guide.slug if guide else "") if platform else ("", "")
