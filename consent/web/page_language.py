"""The language of a page, by its address alone: English without a prefix, others under /de/, /fr/.

Neither cookies nor Accept-Language count: shared caches keep pages, and a link shows everybody
the same page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, resolve, reverse
from django.utils import translation
from django.utils.translation import get_language, get_language_from_path, pgettext

from consent.web.absolute_urls import absolute_url

_Result = TypeVar("_Result")

#: Empties the cache of each function decorated with once_per_language.
_clear_functions: list[Callable[[], None]] = []


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in one of the languages of the interface."""

    language: str
    name: str
    path: str


def speak_as_addressed(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answer in the language of the path's prefix."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


def alternates(request: HttpRequest) -> list[Alternate]:
    """Return this page in every language, without its query.

    Empty for unknown addresses, for those with one address in all languages, and for answers to
    a form, which no link can open.
    """
    match = request.resolver_match
    if match is None or match.url_name is None or request.method not in ("GET", "HEAD"):
        return []
    paths = paths_of(match.view_name, *match.args, **match.kwargs)
    if len(set(paths)) < len(paths):
        return []
    return [
        Alternate(language, name, path)
        for (language, name), path in zip(settings.LANGUAGES, paths, strict=True)
    ]


class Offer(NamedTuple):
    """The page in another language. words: in that language, "Cette page en français"."""

    language: str
    words: str
    address: str


def offer_in(language: str, request: HttpRequest) -> Offer | None:
    """Return this page, with its query, in a language; None if it is written in that already."""
    if language == get_language():
        return None
    found = next((each for each in alternates(request) if each.language == language), None)
    if found is None:
        return None
    with translation.override(language):
        words = translation.gettext("This page in English")
    return Offer(language, words, f"{found.path}?{request.GET.urlencode()}")


def paths_of(name: str, /, *args: object, **kwargs: object) -> list[str]:
    """Return the path of a named page in each language, in the order of settings.LANGUAGES."""
    paths = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            paths.append(reverse(name, args=args, kwargs=kwargs))
    return paths


def file_in_page_language(name: str, query: str = "") -> str:
    """Return the path of a file that has one address for all languages, in that of the page.

    query: its query string. The file takes `lang`; see in_asked_language.
    """
    language = get_language() or settings.LANGUAGE_CODE
    asked = "" if language == settings.LANGUAGE_CODE else f"lang={language}"
    query = "&".join(filter(None, [query, asked]))
    return f"{reverse(name)}?{query}" if query else reverse(name)


def webcal_address() -> str:
    """Return where calendar programs subscribe, in the language of the page."""
    return f"webcal://{absolute_url(file_in_page_language('calendar')).partition('://')[2]}"


def page_at(path: str) -> ResolverMatch:
    """Return the page at a path of ours in any language, with its arguments. Raises Resolver404."""
    with translation.override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        return resolve(path)


def colon() -> str:
    """Return the colon after a label, with the space that some languages have before it."""
    return pgettext("after a label", ":")


def once_per_language(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """Decorator: cache a function's results for each language. For few, hashable arguments."""

    @lru_cache(maxsize=4096)
    def cached(_language: str, *arguments: object) -> _Result:
        return function(*arguments)

    _clear_functions.append(cached.cache_clear)

    @wraps(function)
    def wrapper(*arguments: object) -> _Result:
        return cached(get_language(), *arguments)

    return wrapper


def forget_made() -> None:
    """Empty the caches of once_per_language. For tests, which share a process."""
    for clear in _clear_functions:
        clear()
