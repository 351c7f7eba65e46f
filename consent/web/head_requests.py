"""HEAD is answered like GET, without the body."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


def leave_out_bodies(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Empty the response to HEAD, but keep its headers: gunicorn warns of each body it drops."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "HEAD":
            name = "streaming_content" if response.streaming else "content"
            setattr(response, name, ())
        return response

    return answer
