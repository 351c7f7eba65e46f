"""Errors for programs, as RFC 9457 (problem details) writes them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.text import slugify

from consent.web.absolute_urls import absolute_url
from platforms.characters import without_controls

#: Addresses of programs begin like this; their errors are never pages.
API_PREFIX = "/api/"


def problem(
    request: HttpRequest, status: int, title: str, detail: str, **more: Any
) -> JsonResponse:
    """Return an error. Its type is an anchor on the page that explains the API.

    more: further members, such as the names of the parameters that there are.
    """
    body = {
        "type": absolute_url(f"/api#{slugify(title)}"),
        "title": title,
        "status": status,
        "detail": detail,
        "instance": without_controls(request.path),
        **more,
    }
    response = JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


def is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PREFIX)
