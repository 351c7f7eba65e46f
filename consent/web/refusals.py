"""Answers to requests with a wrong method or a malformed address."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from consent.web.page_cache import is_for_other_sites, open_to_other_sites, preflight
from consent.web.problems import is_for_programs, problem

_NULL = "A null character in the address."


def explain_refused_methods(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: explain a 405, which would be a blank page otherwise; answer preflights."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "OPTIONS" and isinstance(response, HttpResponseNotAllowed):
            match = request.resolver_match
            if match and is_for_other_sites(match.func):
                response = preflight()
                open_to_other_sites(response)
                return response
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
    """Middleware: answer 400 if the address contains U+0000, which no person types.

    Neither PostgreSQL's texts nor HTML may contain it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
            if is_for_programs(request):
                return problem(request, 400, "Invalid parameter", _NULL)
            raise BadRequest(_NULL)
        return get_response(request)

    return answer
