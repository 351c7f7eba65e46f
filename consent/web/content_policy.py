"""The Content-Security-Policy of each answer: what a browser may load and run for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_HEADER = "Content-Security-Policy"
_View = Callable[..., HttpResponseBase]


def limit_content(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: the policy of the settings for every answer whose view has no other."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Django's own pages about errors have inline styles and scripts; they need DEBUG.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault(_HEADER, settings.CONTENT_SECURITY_POLICY)
        return response

    return answer


def content_policy(policy: str) -> Callable[[_View], _View]:
    """Give the answers of a view a policy of their own."""

    def mark(view: _View) -> _View:
        @wraps(view)
        def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            response.headers[_HEADER] = policy
            return response

        return answered

    return mark
