"""Limit the size of request bodies by their Content-Length, before any of it is read."""

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

from consent.web.problems import is_for_programs, problem

#: Most bytes of a public form. Chosen: twice what the longest one needs (a sign-up with every
#: platform ticked, a report of 2,000 characters of twelve bytes each).
OPEN_FORM_BYTES = 64 * 1024
#: Paths where programs and curators may send up to DATA_UPLOAD_MAX_MEMORY_SIZE.
_LARGE_BODY_PATHS = ("/admin/", "/mail/webhooks/")
#: Under /admin/, but open to anybody: the small limit applies.
_LOGIN = "/admin/login"
#: Most bytes that are read from a program only to be refused. Chosen: a second on a slow line.
_DRAINED = 1_000_000


def limit_bodies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: 413 for a body that is too long, 411 for one of unknown length.

    The server reads no more of a body than announced. Only the desk accepts files.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        allows_large = path.startswith(_LARGE_BODY_PATHS) and not path.startswith(_LOGIN)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if allows_large else OPEN_FORM_BYTES
        if request.headers.get("Transfer-Encoding"):
            return _refused(request, 411, "Length required", "Say the length: Content-Length.")
        if _length(request) > limit:
            if is_for_programs(request) and _length(request) <= _DRAINED:
                request.read()  # one that still sends would lose the answer with its connection
            detail = f"A message has at most {limit} bytes."
            return _refused(request, 413, "Content too large", detail)
        if not allows_large:
            request.upload_handlers = [_NoFiles(request)]
        return get_response(request)

    return answer


class _NoFiles(FileUploadHandler):
    """Refuses uploaded files: no public form has a field for one."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise BadRequest("A file was sent with a form that takes none.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def _length(request: HttpRequest) -> int:
    """Return Content-Length; 0 if it is no number, since Django then reads no body either."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    response: HttpResponse
    if is_for_programs(request):
        response = problem(request, status, title, detail)
    else:
        most = OPEN_FORM_BYTES // 1024
        response = render(request, "413.html", {"most": most}, status=status)
    add_never_cache_headers(response)
    return response
