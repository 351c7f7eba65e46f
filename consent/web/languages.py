"""In which language a page speaks. Its address alone decides: English as it is, German under /de/.

No cookie and no Accept-Language: pages are kept by caches that many share, and a link shows
everybody the same page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, get_language_from_path

_Made = TypeVar("_Made")

#: Empties what each function under once_per_language remembers.
_memories: list[Callable[[], None]] = []


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in one of the languages of the interface."""

    language: str
    name: str
    path: str


def speak_as_addressed(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answer in the language that the path begins with."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


def alternates(request: HttpRequest) -> list[Alternate]:
    """Return this page in every language, without its query.

    Nothing for an address that leads nowhere or that all languages share, nor for the answer to a
    form, which no link repeats.
    """
    found = request.resolver_match
    if found is None or found.url_name is None or request.method not in ("GET", "HEAD"):
        return []
    paths = paths_of(found.view_name, *found.args, **found.kwargs)
    if len(set(paths)) < len(paths):
        return []
    return [
        Alternate(language, name, path)
        for (language, name), path in zip(settings.LANGUAGES, paths, strict=True)
    ]


def paths_of(name: str, /, *args: object, **kwargs: object) -> list[str]:
    """Return the paths of a named page, one a language, in the order of settings.LANGUAGES."""
    paths = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            paths.append(reverse(name, args=args, kwargs=kwargs))
    return paths


def once_per_language(make: Callable[..., _Made]) -> Callable[..., _Made]:
    """Remember what is made of the same few values over and over, for each language apart."""

    @lru_cache(maxsize=4096)
    def remembered(_language: str, *values: object) -> _Made:
        return make(*values)

    _memories.append(remembered.cache_clear)

    @wraps(make)
    def made(*values: object) -> _Made:
        return remembered(get_language(), *values)

    return made


def forget_made() -> None:
    """Have everything under once_per_language made anew. For tests, which share a process."""
    for forget in _memories:
        forget()
