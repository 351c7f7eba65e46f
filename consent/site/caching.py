"""How long a public page may be kept, and the cheap answer when it has not changed."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]

MAX_AGE = 60  # seconds; a published entry is seen this late at most


def public_page(view: View) -> Callable[..., HttpResponseBase]:
    """Mark a page as the same for everybody: cacheable, with an ETag taken from its content."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=MAX_AGE, stale_while_revalidate=600)
        return response

    return conditional_page(marked)


def private_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a page as somebody's own: kept by no cache, indexed by none, its address told nobody."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = never_cache(view)(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        # Not no-referrer: browsers would then send forms with "Origin: null", which CSRF refuses.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return marked
