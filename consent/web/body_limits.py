"""How much a visitor may send: refused by its announced length, before any of it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

#: Bytes of a form that anybody may send. The longest (a sign-up with every platform ticked, a
#: report of 2,000 letters that take twelve bytes each) stays below half of it.
OPEN_FORM_BYTES = 64 * 1024
#: Where programs and curators send more: up to DATA_UPLOAD_MAX_MEMORY_SIZE.
_ROOMIER = ("/admin/", "/mail/webhooks/")
#: The desk's door is open to anybody.
_LOGIN = "/admin/login"


def limit_bodies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: 413 for a body that is too long, 411 for one of unknown length.

    The server reads no more of a body than was announced. Files are taken at the desk alone.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        roomy = request.path_info.startswith(_ROOMIER) and not request.path_info.startswith(_LOGIN)
        if request.headers.get("Transfer-Encoding"):
            return _refused(request, 411)
        if _length(request) > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE if roomy else OPEN_FORM_BYTES):
            return _refused(request, 413)
        if not roomy:
            request.upload_handlers = [_NoFiles(request)]
        return get_response(request)

    return answer


class _NoFiles(FileUploadHandler):
    """Refuses a form that brings a file; none of the open ones has room for any."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise BadRequest("A file was sent with a form that takes none.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def _length(request: HttpRequest) -> int:
    """The announced length; 0 for one that is no number, of which Django reads nothing either."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, status: int) -> HttpResponse:
    response = render(request, "413.html", {"most": OPEN_FORM_BYTES // 1024}, status=status)
    add_never_cache_headers(response)
    return response
