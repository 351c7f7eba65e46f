"""The evidence bundle of a change, as a download."""

import hashlib

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_http_methods

from consent.models import Entry
from consent.open_data.evidence.bundles import build
from consent.open_data.evidence.kept_files import Busy, keep_bundle, kept_bundle
from consent.vocabulary import PublicationStatus
from consent.web.open_forms import is_flood
from consent.web.page_cache import open_to_other_sites
from consent.web.ranges import ranged
from platforms.archive import ArchiveUnavailable, open_archive

#: Bundles that one network may have built in an hour. Files that are kept are not counted.
BUILDS_PER_NETWORK = 60


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def evidence_bundle(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The WACZ file of an entry that rests on snapshots of ours; 410 once it is retracted.

    Players on other sites read parts of it, so it answers to ranges and to CORS.
    """
    if request.method == "OPTIONS":
        return _allowed_elsewhere(HttpResponse(status=204))
    entry = get_object_or_404(Entry.objects.on_record().for_change_page(), public_id=public_id)
    if entry.status == PublicationStatus.RETRACTED:
        return HttpResponse(status=410)
    if not entry.has_snapshots():
        raise Http404
    path = kept_bundle(entry)
    if path is None:
        if is_flood(request, "evidence", most=BUILDS_PER_NETWORK):
            return _later(request, 429, seconds=600)
        try:
            path = keep_bundle(entry, lambda: build(entry, open_archive()))
        except Busy:
            return _later(request, 503, seconds=10)
        except ArchiveUnavailable:
            return _later(request, 503, seconds=600)
    etag = f'"{hashlib.sha256(path.name.encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag) or ranged(
        request,
        FileResponse(
            path.open("rb"),
            as_attachment=True,
            filename=f"evidence-{entry.public_id}.wacz",
            content_type="application/wacz",
        ),
        etag=etag,
    )
    response["ETag"] = etag
    # Search engines should not list words of others as ours.
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, public=True, max_age=0, stale_if_error=24 * 3600)
    return _allowed_elsewhere(response)


def _allowed_elsewhere(response: HttpResponseBase) -> HttpResponseBase:
    """Let scripts of other sites read a bundle, in parts if they like."""
    open_to_other_sites(response)
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = "Range, If-Range, If-None-Match"
    response["Access-Control-Expose-Headers"] = (
        "Accept-Ranges, Content-Length, Content-Range, Content-Encoding, ETag"
    )
    response["Access-Control-Max-Age"] = "86400"
    return response


def _later(request: HttpRequest, status: int, *, seconds: int) -> HttpResponse:
    response = render(request, "evidence/later.html", {"minutes": -(-seconds // 60)}, status=status)
    response["Retry-After"] = str(seconds)
    patch_cache_control(response, no_store=True)
    return response
