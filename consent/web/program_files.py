"""Files for programs: read by scripts of other sites too, and no parameter of theirs is ignored."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import override
from django.views.decorators.http import require_safe

from consent.web.filter_form import FilterForm
from consent.web.page_cache import for_other_sites, public_page
from consent.web.problems import problem

_PLAIN = "text/plain; charset=utf-8"


def program_file(
    *, reads: Collection[str] = (), is_counted: bool = True
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """Mark a view as a public file.

    reads: all parameters that its address may have; a program that mistypes one is told so.
    is_counted: one network may have so many made anew in a minute.
    """
    known = frozenset(reads)

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if refusal := unknown_parameter(request, known):
                return refusal
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return not_here(request)

        page = public_page(reads=known, names_unknown=True, is_file=is_counted)(answered)
        return require_safe(for_other_sites(page))

    return mark


def in_asked_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the language that the parameter `lang` names: a file has one address for all."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.GET.get("lang", settings.LANGUAGE_CODE)
        if language not in dict(settings.LANGUAGES):
            return refused(request, "lang: no such language.", allowed=dict(settings.LANGUAGES))
        with override(language):
            response = view(request, *args, **kwargs)
        response["Content-Language"] = language
        return response

    return answered


def not_here(request: HttpRequest) -> HttpResponse:
    """Return the refusal of a file that there is not."""
    detail = "There is no such file. /data lists all; /api/v1/resolve?q= finds ids of platforms."
    return refused(request, detail, status=404, title="Not found")


def unknown_parameter(request: HttpRequest, known: Collection[str]) -> HttpResponse | None:
    """Return the refusal of a parameter that there is not; None if there are all."""
    unknown = sorted(set(request.GET).difference(known))
    if not unknown:
        return None
    names = sorted(known)
    there_are = f"There are: {', '.join(names)}." if names else "There are none."
    detail = f"There is no parameter “{unknown[0]}”. {there_are}"
    return refused(request, detail, title="Unknown parameter", parameters=names)


def refused_filters(request: HttpRequest, filters: FilterForm) -> HttpResponse | None:
    """Return the refusal of values that filters do not take; None if they take all.

    A file that ignored a filter would have more records, which would look like news.
    """
    problems = filters.problems()
    if not problems:
        return None
    names = {each.name for each in problems}
    allowed = filters.allowed(names.pop()) if len(names) == 1 else None
    lines = [f"{each.name}: {each.message}" for each in problems]
    return refused(request, "\n".join(lines), allowed=allowed)


def refused(
    request: HttpRequest,
    detail: str,
    *,
    status: int = 400,
    title: str = "Invalid parameter",
    allowed: Collection[str] | None = None,
    **more: Any,
) -> HttpResponse:
    """Return why there is no file: JSON in place of JSON, else lines of text.

    allowed: what can be asked for, if that is a list.
    """
    if request.path.endswith(".json"):
        more |= {} if allowed is None else {"allowed": list(allowed)}
        return problem(request, status, title, detail, **more)
    lines = [detail, *([f"Allowed: {', '.join(allowed)}."] if allowed else []), ""]
    return HttpResponse("\n".join(lines), status=status, content_type=_PLAIN)
