"""A page for whoever opens the address that a form is sent to, or sends a form to a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers


def explain_refused_methods(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: put words into an answer that refuses a method and would else be a blank page."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            context = {"takes_forms": "POST" in response["Allow"]}
            page = render(request, "405.html", context)
            response.content = page.content
            add_never_cache_headers(response)
        return response

    return answer
