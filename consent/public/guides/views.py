"""Opt-out guides."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from consent.ledger.counts import EffortToRefuse, effort_to_refuse
from consent.ledger.effort import frictions_of
from consent.ledger.facts import facts_of
from consent.models import FormerSlug, Guide
from consent.public.feedback.counts import tally
from consent.public.guides.controls import controls_of, platforms_reached
from consent.public.guides.letter import letter_to
from consent.public.json_ld import how_to
from consent.public.share_image.cards import guide_card
from consent.vocabulary import Friction
from consent.web.caching import public_page
from consent.web.redirects import redirect_to_moved
from platforms.models import Platform


@require_safe
@public_page(reads=("friction",))
def guides(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("friction")
    chosen = Friction(asked) if asked in Friction.values else None
    return render(
        request,
        "guides/guides.html",
        {
            "section": "guides",
            "chosen": chosen,
            "listed": SimpleLazyObject(lambda: _listed(chosen)),
        },
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """The guides of the list by platform, and what all guides ask of people."""

    groups: list[tuple[Platform, list[Guide]]]
    count: int
    asking: EffortToRefuse


def _listed(chosen: Friction | None) -> _Listed:
    # The sort is stable: within a platform the widest guides stay first.
    listed = sorted(Guide.objects.for_list().widest_first(), key=_by_platform)
    asking = effort_to_refuse(listed)
    if chosen:
        listed = [guide for guide in listed if chosen in frictions_of(guide)]
    groups = groupby(listed, lambda guide: guide.platform)
    return _Listed([(platform, list(group)) for platform, group in groups], len(listed), asking)


def _by_platform(guide: Guide) -> tuple[str, int]:
    return (guide.platform.name, guide.platform.pk)


@require_safe
@public_page()
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    found = Guide.objects.for_page().filter(slug=slug).first()
    if found is None:
        return redirect_to_moved(request, FormerSlug.objects.guide_once_called(slug))
    today = timezone.localdate()
    others = Guide.objects.for_list().widest_first().filter(platform=found.platform)
    return render(
        request,
        "guides/guide.html",
        {
            "section": "guides",
            "guide": found,
            "card": guide_card(found),
            "letter": letter_to(found.platform, found.controls.all()),
            "structured": how_to(found),
            "surfaces": found.surfaces.all(),
            "controls": controls_of(found, facts_of(platforms_reached(found)), today),
            "today": today,
            "trust": found.trust(),
            "poll": tally(found, timezone.now()),
            "others": others.exclude(pk=found.pk),
        },
    )
