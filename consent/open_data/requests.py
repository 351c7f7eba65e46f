"""How the API is asked: limits, CORS, languages, unknown parameters, caching, methods."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from consent.open_data import api as _lists  # noqa: F401  (it registers the addresses)
from consent.open_data.envelopes import LICENCE
from consent.open_data.last_changes import mark_content
from consent.open_data.registration import PARAMETERS, PREFIX, api
from consent.web import limits
from consent.web.page_cache import FILE_METHODS, open_to_other_sites, preflight, public_page
from consent.web.problems import problem

#: What the parts of paths are.
_IN_PATHS = {
    "platform": "The id of a platform.",
    "slug": "The id of the record; of a use or a control what follows the id of its platform.",
    "public_id": "The id of a change.",
}
#: The web server answers for us (limit_request_line in config/web_server.py).
_TOO_LONG = {
    "description": "The address is too long.",
    "content": {"text/html": {"schema": {"type": "string"}}},
}
#: Parameters that may be given several times.
_REPEATED = frozenset({"name"})


def asked_by_programs(
    known: frozenset[str], view: Callable[..., HttpResponse]
) -> Callable[..., HttpResponseBase]:
    """Wrap a view of the API. known: the names of its parameters."""

    @public_page(reads=known, names_unknown=True)
    def cached(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if refused := _unfit_parameters(request, known):
            return refused
        language = request.GET.get("lang", settings.LANGUAGE_CODE)
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE  # the view refuses it
        method, request.method = request.method, "GET"  # the body of HEAD is left out by the server
        try:
            with translation.override(language):
                response = view(request, *args, **kwargs)
        finally:
            request.method = method
        if response.status_code == 200:
            response["Content-Language"] = language
            mark_content(response)
        return response

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        allowance = limits.count(request)
        response = _unanswered(request, allowance) or cached(request, *args, **kwargs)
        open_to_other_sites(response)
        allowance.write_to(response)
        return response

    return answered


def _unanswered(request: HttpRequest, allowance: limits.Allowance) -> HttpResponse | None:
    """Answer a preflight, another method than reading, and one request too many."""
    response: HttpResponse
    if request.method == "OPTIONS":
        return preflight()
    if request.method not in ("GET", "HEAD"):
        response = problem(request, 405, "Method not allowed", "This API only reads.")
        response["Allow"] = FILE_METHODS
        return response
    if allowance.is_exceeded:
        detail = f"At most {limits.MOST} requests in {limits.WINDOW} seconds. Wait a little."
        return problem(request, 429, "Too many requests", detail)
    return None


def _unfit_parameters(request: HttpRequest, known: frozenset[str]) -> HttpResponse | None:
    """Refuse unknown parameters and repeated ones: to ignore one would mislead."""
    names = sorted(known)
    if unknown := sorted(set(request.GET) - known):
        detail = f"There is no parameter “{unknown[0]}”. There are: {', '.join(names)}."
        return problem(request, 400, "Unknown parameter", detail, parameters=names)
    twice = [
        name for name, values in request.GET.lists() if len(values) > 1 and name not in _REPEATED
    ]
    if twice:
        detail = f"“{twice[0]}” is given more than once."
        return problem(request, 400, "Invalid parameter", detail, parameters=names)
    return None


def _nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(request, 404, "Not found", f"The API begins at {PREFIX}.")


def _openapi(request: HttpRequest) -> HttpResponse:
    return api.create_response(request, description(), status=200)


def description() -> dict[str, object]:
    """Return the OpenAPI description."""
    described = dict(api.get_openapi_schema(path_prefix=f"{PREFIX}/"))
    described["paths"] = {path.rstrip("/"): item for path, item in described["paths"].items()}
    for item in described["paths"].values():
        for parameter in item["get"].get("parameters", []):
            # A list of examples is right in a schema. A parameter has one, or a map of named ones.
            if examples := parameter.pop("examples", None):
                parameter["example"] = examples[0]
            if parameter["in"] == "path":
                parameter["description"] = _IN_PATHS[parameter["name"]]
        for status, answer in item["get"]["responses"].items():
            if int(status) >= 400:
                answer["content"] = {"application/problem+json": answer["content"].popitem()[1]}
        item["get"]["responses"]["414"] = _TOO_LONG
    described["info"] = dict(described["info"]) | {"license": {"name": "CC BY 4.0", "url": LICENCE}}
    described["servers"] = [{"url": settings.SITE_URL}]
    return described


def routes() -> list[URLPattern | URLResolver]:
    """Return the addresses of the API, each wrapped, and an answer for all others."""
    patterns = [
        each for each in api.urls[0] if isinstance(each, URLPattern) and each.name in PARAMETERS
    ]
    nothing = asked_by_programs(frozenset(), _nothing_here)
    described = asked_by_programs(frozenset(), _openapi)
    below = [
        *(_route(each) for each in patterns if str(each.pattern)),
        path("openapi.json", described, name="api-openapi"),
        path("", nothing, name="api-none"),
        path("<path:rest>", nothing, name="api-none"),
    ]
    # Below one prefix, so that few patterns are tried for an address.
    prefix = PREFIX.strip("/")
    return [
        *(_route(each, prefix) for each in patterns if not str(each.pattern)),
        path(f"{prefix}/", include(below)),
        path("api/<path:rest>", nothing, name="api-none"),
    ]


def _route(pattern: URLPattern, prefix: str = "") -> URLPattern:
    assert pattern.name
    view = asked_by_programs(PARAMETERS[pattern.name], pattern.callback)
    return path(f"{prefix}{pattern.pattern}", view, name=pattern.name)
