"""Where a page went that is to be found under another address by now."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect


def redirect_to_moved(request: HttpRequest, record: Any | None) -> HttpResponsePermanentRedirect:
    """Lead on to a record's page, in the same view of it. Raises Http404 without a record."""
    if record is None:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    path = record.get_absolute_url()
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
