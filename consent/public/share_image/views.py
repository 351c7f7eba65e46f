"""Share images. Their addresses contain a fingerprint, so they may be cached forever."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from consent.public.share_image.captions import card_of
from consent.public.share_image.share_card import png_of
from consent.web.kept_values import call_cache
from consent.web.limits import too_many_files

_YEAR = 365 * 24 * 3600  # seconds
_KEPT_DRAWN = 7 * 24 * 3600  # seconds


@require_safe
def share_image(request: HttpRequest, kind: str, key: str, fingerprint: str) -> HttpResponseBase:
    card = card_of(kind, key)
    if card is None:
        raise Http404
    if fingerprint != card.fingerprint:
        # Shared before something changed: the picture of today, which the next visit asks for anew.
        return redirect(card.path)
    # With the pages: pictures are many, and push small things out of a cache of files.
    key = f"share-image:{fingerprint}"
    png = call_cache("pages", "get", key, default=None)
    if png is None:
        if refused := too_many_files(request):
            return refused
        png = png_of(card)
        call_cache("pages", "set", key, png, _KEPT_DRAWN, default=None)
    response = HttpResponse(png, content_type="image/png", headers={"ETag": f'"{fingerprint}"'})
    patch_cache_control(response, public=True, max_age=_YEAR, immutable=True)
    return get_conditional_response(request, response["ETag"], response=response) or response
