"""Unknown addresses: short ones lead to a platform, others to a search for their words."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_from_path

from consent.search.names import exactly_named, named_platforms, with_typing_errors
from consent.search.operators import operators
from consent.search.plain_words import words
from platforms.models import Platform

#: Characters. Longer paths are no names, and searching for them helps nobody.
_LONGEST_PATH = 80
_MOST_PLATFORMS = 5
#: First parts of addresses of ours; what follows them was sought.
_ROOMS = frozenset(("platforms", "changes", "guides", "operators"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Lead /x and /twitter to the platform, /google to the company; search for other words."""
    parts = _parts_of(request.path_info)
    is_short = len(parts) == 1
    if not is_short and parts and parts[0].lower() in _ROOMS:
        parts = parts[1:]
    sought = words(" ".join(parts))
    context: dict[str, object] = {"query": " ".join(sought)}
    if sought:
        listed = list(Platform.objects.listed())
        may_lead_on = is_short and request.method in ("GET", "HEAD")
        if may_lead_on and (address := _page_named(parts[0], sought, listed)):
            return _redirect(request, address)
        named = named_platforms(sought, listed).platforms
        if not named:
            named = with_typing_errors(sought, sought, listed, operators(listed)).platforms
        context["platforms"] = named[:_MOST_PLATFORMS]
    return render(request, "404.html", context, status=404)


def _page_named(part: str, sought: Sequence[str], listed: Sequence[Platform]) -> str | None:
    """Return the address of the one platform or company that a short address names."""
    platform = exactly_named(sought, listed) or exactly_named(["".join(sought)], listed)
    company = operators(listed, at_least=1).get(sought[0]) if len(sought) == 1 else None
    if company and len(company.platforms) > 1 and not (platform and platform.slug == company.slug):
        return reverse("operator", args=[company.slug])
    if platform is None and company and len(company.platforms) == 1:
        platform = company.platforms[0]
    if platform is None:
        host = part.lower().removeprefix("www.")
        at_home = [each for each in listed if _host(each.homepage) == host]
        platform = at_home[0] if len(at_home) == 1 else None
    return platform.get_absolute_url() if platform else None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _parts_of(path: str) -> list[str]:
    """Return the words of a path by its parts, without the language."""
    if len(path) > _LONGEST_PATH:
        return []
    parts = [part for part in path.split("/") if part]
    if get_language_from_path(path):
        parts = parts[1:]
    return [part.replace("-", " ").replace("_", " ") for part in parts]


def _redirect(request: HttpRequest, path: str) -> HttpResponseRedirect:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{path}?{query}" if query else path)
