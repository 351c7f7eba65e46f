"""Parts of files by byte range (RFC 9110, section 14): Django sends whole files only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse

_SINGLE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_CHUNK = 64 * 1024


def ranged(request: HttpRequest, response: FileResponse, *, etag: str) -> HttpResponseBase:
    """Return the part of a file that a request asks for: 206, or 416 for one beyond its end.

    etag: of the file, a strong one. Requests for several ranges at once get the whole file, which
    the RFC allows, as do those whose If-Range names another state of it.
    """
    response["Accept-Ranges"] = "bytes"
    asked = _SINGLE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    is_of_another = request.headers.get("If-Range", etag) != etag
    if request.method != "GET" or asked is None or asked.groups() == ("", "") or is_of_another:
        return response
    size = int(response["Content-Length"])
    first, last = _bounds(*asked.groups(), size=size)
    if first >= size or first > last:
        response.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file = response.file_to_stream
    assert file is not None  # of a response made from an open file
    file.seek(first)
    part = StreamingHttpResponse(_read(file, last - first + 1), status=206)
    part._resource_closers.append(response.close)  # type: ignore[attr-defined]
    for name, value in response.items():
        part[name] = value
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    part["Content-Length"] = str(last - first + 1)
    return part


def _bounds(first: str, last: str, *, size: int) -> tuple[int, int]:
    """Return the first and the last byte. Without a first one, the last number is a length."""
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else (size, size)
    return int(first), min(int(last or size), size - 1)


def _read(file: IO[bytes], length: int) -> Iterator[bytes]:
    while length and (data := file.read(min(_CHUNK, length))):
        length -= len(data)
        yield data
