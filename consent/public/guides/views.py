"""Opt-out guides."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.models import FormerSlug, Guide
from consent.public.feedback.counts import tally
from consent.public.guides.letter import letter_to
from consent.public.json_ld import how_to
from consent.public.share_image.cards import guide_card
from consent.web.caching import public_page
from consent.web.redirects import redirect_to_moved


@require_safe
@public_page()
def guides(request: HttpRequest) -> HttpResponse:
    listed = Guide.objects.for_list().order_by("platform__name", "title")
    groups = [
        (platform, list(group)) for platform, group in groupby(listed, lambda guide: guide.platform)
    ]
    return render(request, "guides/guides.html", {"section": "guides", "groups": groups})


@require_safe
@public_page()
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    found = Guide.objects.for_page().filter(slug=slug).first()
    if found is None:
        return redirect_to_moved(request, FormerSlug.objects.guide_once_called(slug))
    return render(
        request,
        "guides/guide.html",
        {
            "section": "guides",
            "guide": found,
            "card": guide_card(found),
            "letter": letter_to(found.platform),
            "structured": how_to(found),
            "surfaces": found.surfaces.all(),
            "settings": found.settings.all(),
            "today": timezone.localdate(),
            "trust": found.trust(),
            "poll": tally(found, timezone.now()),
            "others": Guide.objects.for_list().filter(platform=found.platform).exclude(pk=found.pk),
        },
    )
