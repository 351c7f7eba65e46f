"""The pages that explain the API and the dumps, and the files of the dumps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consent.ledger.record_fields import moment
from consent.open_data.domains import DOMAIN_FIELDS, domains
from consent.open_data.dumps import Dump, dumps_folder, dumps_in
from consent.open_data.envelopes import LICENCE, RIGHTS
from consent.open_data.last_changes import last_modified, mark_content
from consent.open_data.lists.resources import RESOURCES
from consent.open_data.releases import (
    Release,
    archive_address,
    dcat,
    releases_folder,
    releases_in,
)
from consent.open_data.requests import description
from consent.open_data.tables import SHAPES, about, columns
from consent.web import limits
from consent.web.absolute_urls import absolute_url
from consent.web.page_cache import for_other_sites, open_to_other_sites, public_page
from consent.web.program_files import not_here, program_file
from platforms.days import read_day
from platforms.fetching.policy import has_contact

#: Lists that are whole tables; the others have files of their own, which take filters or a day.
TABLES = [name for name in SHAPES if name in RESOURCES]
#: The figures of pages for readers that have files (consent/public/state_of_play).
FIGURES = (
    *("turned-on", "platforms-over-time", "classes-by-month", "changes-by-quarter", "notice"),
    "frictions",
)
#: Files of all of it, by their type: the names of their routes.
_FILES = {
    "text/csv": (
        *("timeline-csv", "matrix-csv", "figures-csv", "providers-csv", "crawlers-csv"),
        *("evidence-csv", "months-csv"),
    ),
    "application/json": (
        *("data-domains", "data-providers", "matrix-json", "api-index", "api-openapi"),
        "data-releases",
    ),
    "application/atom+xml": ("timeline-atom",),
    "application/feed+json": ("timeline-json",),
    "application/ld+json": ("data-catalog",),
    "text/calendar": ("calendar",),
}
_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".md": "text/markdown; charset=utf-8",
}
_EXAMPLES = {
    "api-index": "",
    "verdict": "?platform=linkedin&place=CH",
    "states": "?platform=x&asof=2024-07-26",
    "entries": "?turned=on&since=2025-01-01",
}


@require_safe
@public_page()
def api_page(request: HttpRequest) -> HttpResponse:
    """What the API answers, from its own description."""
    described: dict[str, Any] = description()
    operations = [
        {
            "path": path,
            "id": item["get"]["operationId"],
            "summary": item["get"]["summary"],
            "parameters": [
                {
                    "name": each["name"],
                    "required": each["required"],
                    "words": each.get("description") or each["schema"]["description"],
                }
                for each in item["get"].get("parameters", [])
            ],
            "example": f"{path}{_EXAMPLES.get(item['get']['operationId'], '')}"
            if "{" not in path
            else "",
        }
        for path, item in described["paths"].items()
    ]
    context = {
        "operations": sorted(operations, key=lambda each: str(each["path"])),
        "most": limits.MOST,
        "assistants": absolute_url(reverse("assistants")),
        "entries": absolute_url(reverse("api-entries")),
        "example": absolute_url(f"{reverse('api-verdict')}?platform=linkedin&place=CH"),
        "contact": settings.CONTACT_EMAIL if has_contact() else "",
    }
    return render(request, "open_data/api.html", context)


@require_safe
@public_page()
def data_page(request: HttpRequest) -> HttpResponse:
    """The dumps with their days and sizes, the tables, the licence."""
    dumps = dumps_in(dumps_folder())
    releases = releases_in(releases_folder())
    context = {
        "dumps": dumps,
        "releases": releases,
        "latest": dumps[0] if dumps else None,
        "tables": TABLES,
        "files": [(name, about(name), list(columns(SHAPES[name]))) for name in SHAPES],
        "figures": FIGURES,
        "domain_fields": DOMAIN_FIELDS,
        "structured": _dataset(dumps, releases),
        "contact": settings.CONTACT_EMAIL if has_contact() else "",
        "site": settings.SITE_URL,
    }
    return render(request, "open_data/data.html", context)


def _dataset(dumps: list[Dump], releases: list[Release]) -> dict[str, Any]:
    """The whole as schema.org knows data sets, with all files."""
    files = [("application/zip", reverse("data-archive", args=[each.day])) for each in dumps[:1]]
    files += [
        ("application/zip", reverse("release-archive", args=[each.month])) for each in releases
    ]
    files += [("text/csv", reverse("data-csv", args=[name])) for name in TABLES]
    files += [("text/csv", reverse("figure-csv", args=[name])) for name in FIGURES]
    files += [(kind, reverse(name)) for kind, names in _FILES.items() for name in names]
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": _("Default On: all public data"),
        "description": _("Who trains AI on people's data, since when, and how to refuse."),
        "url": absolute_url(reverse("data")),
        "inLanguage": get_language(),
        "license": LICENCE,
        "copyrightNotice": RIGHTS,
        "isAccessibleForFree": True,
        "dateModified": moment(last_modified()),
        **({"version": releases[0].version} if releases else {}),
        **({"datePublished": releases[-1].day.isoformat()} if releases else {}),
        "creator": {"@type": "Organization", "name": "Default On", "url": absolute_url("/about")},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": absolute_url(path)}
            for kind, path in files
        ],
    }


@program_file()
def domains_json(request: HttpRequest) -> HttpResponse:
    """Domain → platform, its answers by place and its guide, as of today."""
    return mark_content(JsonResponse(domains()))


#: Seconds. Releases are made once a night; nobody need ask more often.
_UNTIL_THE_FIRST = 6 * 3600


def _kept_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view whose files are on the disk: read only, by scripts of other sites too."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = not_here(request)
        open_to_other_sites(response)
        if response.status_code < 400:
            response["Cache-Control"] = "public, max-age=3600"
        return response

    return for_other_sites(answered)


@_kept_file
def archive_file(request: HttpRequest, day: str) -> FileResponse:
    """A dump as one file."""
    dump = _dump_of(day)
    return _sent(dumps_folder() / f"{dump.day}.zip", f"default-on-{dump.day}.zip")


@_kept_file
def dump_file(request: HttpRequest, day: str, name: str) -> FileResponse:
    """One file of a dump."""
    dump = _dump_of(day)
    if name not in dump.files:
        raise Http404
    return _sent(dumps_folder() / f"{dump.day}" / name, name)


@_kept_file
def releases_json(request: HttpRequest) -> HttpResponse:
    """The releases, the latest first."""
    releases = [
        {
            "version": each.version,
            "day": each.day.isoformat(),
            "number": each.number,
            "previous": each.previous,
            "archive": archive_address(each.month),
            "bytes": each.archive_bytes,
            "sha256": each.sha256,
            "doi": each.doi,
        }
        for each in releases_in(releases_folder())
    ]
    latest = releases[0]["version"] if releases else None
    return JsonResponse({"latest": latest, "licence": LICENCE, "releases": releases})


@_kept_file
def data_catalog(request: HttpRequest) -> HttpResponse:
    """The data as portals of open data read about them (DCAT)."""
    releases = [(each.month, each.day) for each in releases_in(releases_folder())]
    return JsonResponse(dcat(releases), content_type="application/ld+json")


@_kept_file
def latest_release(request: HttpRequest) -> HttpResponse:
    """Leads to the latest release."""
    releases = releases_in(releases_folder())
    if releases:
        return redirect("release-archive", releases[0].month)
    tables = f"{absolute_url(reverse('data'))}#tables"
    said = f"The first release will be made tonight. The tables are there today: {tables}\n"
    response = HttpResponse(said, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(_UNTIL_THE_FIRST)
    return response


@_kept_file
def release_archive(request: HttpRequest, month: str) -> FileResponse:
    """A release as one file."""
    release = _release_of(month)
    path = releases_folder() / f"{release.month}.zip"
    return _sent(path, f"default-on-{release.month}.zip")


@_kept_file
def release_file(request: HttpRequest, month: str, name: str) -> FileResponse:
    """One file of a release."""
    folder = releases_folder() / _release_of(month).month
    if name not in {path.name for path in folder.iterdir()}:
        raise Http404
    return _sent(folder / name, name)


def _release_of(month: str) -> Release:
    found = (each for each in releases_in(releases_folder()) if each.month == month)
    release = next(found, None)
    if release is None:
        raise Http404
    return release


def _dump_of(day: str) -> Dump:
    asked: dt.date | None = read_day(day)
    found = next((dump for dump in dumps_in(dumps_folder()) if dump.day == asked), None)
    if found is None:
        raise Http404
    return found


def _sent(path: Any, name: str) -> FileResponse:
    kind = _TYPES.get(path.suffix)
    return FileResponse(path.open("rb"), filename=name, content_type=kind)
