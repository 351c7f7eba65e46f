"""A clear answer to what cannot be answered: addresses opened the wrong way, or not well formed."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
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


def refuse_null_characters(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answer 400 where a query holds U+0000, which no person types.

    PostgreSQL takes it in no text, and HTML may not hold it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
            raise BadRequest("A null character in the address.")
        return get_response(request)

    return answer
