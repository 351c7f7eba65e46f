"""Share images, whose addresses contain a fingerprint, so they may be cached forever; and the
picture of all platforms as files at lasting addresses."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from consent.ledger.figure_words import (
    how_many,
    main_sentence,
    silence,
    whole_sentence,
)
from consent.ledger.figures import Figures, figures_on
from consent.public.pictures.shares import shares_of
from consent.public.pictures.wall import Wall
from consent.public.questions.day_form import DayForm
from consent.public.share_image.captions import ShareCard, card_of
from consent.public.share_image.share_card import png_of
from consent.public.share_image.wall_sheet import (
    Sheet,
    Words,
    card_sheet,
    png_of_sheet,
    svg_of,
    tall_sheet,
)
from consent.public.state_of_play.figures import wall_on
from consent.web.absolute_urls import absolute_url
from consent.web.date_words import format_date
from consent.web.kept_values import call_cache
from consent.web.limits import too_many_files
from consent.web.program_files import program_file

_YEAR = 365 * 24 * 3600  # seconds
_LICENCE = "CC BY 4.0"
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
        png = _drawn(card)
        call_cache("pages", "set", key, png, _KEPT_DRAWN, default=None)
    response = HttpResponse(png, content_type="image/png", headers={"ETag": f'"{fingerprint}"'})
    patch_cache_control(response, public=True, max_age=_YEAR, immutable=True)
    return get_conditional_response(request, response["ETag"], response=response) or response


def _drawn(card: ShareCard) -> bytes:
    day = timezone.localdate()
    wall = wall_on(day) if card.picture else None
    if wall is None:
        return png_of(card)
    figures = figures_on(day)
    words = Words(f"{how_many(figures)}.", (), f"{card.foot} · {_LICENCE}")
    return png_of_sheet(card_sheet(wall, words, shares_of(figures)), shrink=2)


@program_file(reads=("asof",))
def wall_svg(request: HttpRequest) -> HttpResponse:
    """All platforms by month, up to a day, as a drawing."""
    figures, sheet = _sheet_of(request)
    svg = svg_of(sheet, whole_sentence(figures))
    return _file(svg, "image/svg+xml", f"default-on-{figures.day}.svg")


@program_file(reads=("asof",))
def wall_png(request: HttpRequest) -> HttpResponse:
    """The same picture in pixels."""
    figures, sheet = _sheet_of(request)
    return _file(png_of_sheet(sheet), "image/png", f"default-on-{figures.day}.png")


def _sheet_of(request: HttpRequest) -> tuple[Figures, Sheet]:
    """Raises Http404 for a day to come, for none, and before the picture begins."""
    form, today = DayForm(request.GET), timezone.localdate()
    day = form.day() or today
    wall: Wall | None = wall_on(day) if form.is_valid() and day <= today else None
    if wall is None:
        raise Http404
    figures = figures_on(day)
    address = absolute_url(reverse("numbers-of-day", args=[day])).partition("://")[2]
    words = Words(
        main_sentence(figures),
        [*filter(None, [silence(figures)])],
        f"{format_date(day)} · {address} · {_LICENCE}",
    )
    return figures, tall_sheet(wall, words, shares_of(figures))


def _file(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
