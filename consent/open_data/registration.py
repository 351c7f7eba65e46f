"""How addresses of the API are registered, and how it refuses what it cannot answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import wraps
from inspect import signature
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError as InvalidParameters

from consent.open_data.envelopes import SCHEMA_VERSION, Problem
from consent.open_data.parameters import Params
from consent.open_data.questions import WHERE_IDS_ARE, Refused
from consent.web.absolute_urls import absolute_url
from consent.web.problems import problem

PREFIX = "/api/v1"

api = NinjaAPI(
    title="Default On",
    version=SCHEMA_VERSION,
    description=(
        "Who trains AI on people's data, since when, whether it happens unless people refuse, and"
        " how to refuse. Read-only, without a key. Our words: CC BY 4.0."
    ),
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="/openapi.json",
)
#: The names of the parameters of each address, by the name of its route.
PARAMETERS: dict[str, frozenset[str]] = {}
_REFUSED = {400: Problem, 404: Problem, 429: Problem}


def get(
    path: str,
    name: str,
    params: type[Params],
    answer: Any,
    tag: str = "Records",
    *,
    refuses: Collection[int] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register an address of the API under the name of a route, with what it may be asked.

    refuses: statuses of refusals besides those that every address has.
    """
    PARAMETERS[name] = frozenset(params.model_fields)

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def written(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # As it is: validating a hundred records again takes longer than reading them. Tests
            # compare every list with its shape.
            return api.create_response(request, function(request, *args, **kwargs), status=200)

        # Annotations are texts, whose names are known where the function is written.
        written.__signature__ = signature(function, eval_str=True)  # type: ignore[attr-defined]
        return api.get(
            path,
            response={200: answer, **_REFUSED, **dict.fromkeys(refuses, Problem)},
            url_name=name,
            operation_id=name.removeprefix("api-").replace("-", "_"),
            summary=(function.__doc__ or "").partition("\n")[0].rstrip("."),
            tags=[tag],
        )(written)

    return register


def address_with(request: HttpRequest, **instead: str) -> str:
    """Return the address that was asked for, with other values of parameters."""
    query = request.GET.copy()
    for name, value in instead.items():
        query[name] = value
    return absolute_url(f"{request.path}?{query.urlencode()}")


@api.exception_handler(Refused)
def explain_refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    more: dict[str, Any] = {} if error.allowed is None else {"allowed": list(error.allowed)}
    if error.status == 410:
        more["begin_again"] = address_with(request, since="0")
    return problem(request, error.status, error.title, error.detail, **more)


@api.exception_handler(Http404)
def explain_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    detail = f"There is no record at this address. {PREFIX} lists what there is. {WHERE_IDS_ARE}"
    return problem(request, 404, "Not found", detail)


@api.exception_handler(InvalidParameters)
def explain_invalid(request: HttpRequest, error: InvalidParameters) -> HttpResponse:
    said = [f"{each['loc'][-1]}: {each['msg']}." for each in error.errors]
    detail = " ".join(said)
    if any(each["loc"][-1] == "since" for each in error.errors):
        begin = address_with(request, since="0")
        return problem(request, 400, "Invalid parameter", detail, begin_again=begin)
    if len(error.errors) == 1 and (allowed := _choices_in(error.errors[0])):
        return problem(request, 400, "Invalid parameter", detail, allowed=allowed)
    return problem(request, 400, "Invalid parameter", detail)


def _choices_in(error: dict[str, Any]) -> list[str]:
    """Return the values of a closed list from what pydantic says of another value."""
    if error["type"] not in ("enum", "literal_error"):
        return []
    return re.findall(r"'([^']*)'", error["ctx"]["expected"])
