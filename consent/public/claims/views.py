"""Claims and false remedies, each with its rating and what that rests on."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consent.declarations.claims import ClaimDeclaration, Rating, claims_in
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.state_of_play import ANYBODY, PlatformLine
from consent.ledger.verdict import verdict
from consent.models import Entry, Use
from consent.public.json_ld import claim_review
from consent.web.absolute_urls import absolute_url
from consent.web.page_cache import public_page


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a rating rests on, as far as it is public now."""

    answers: list[PlatformLine]
    uses: list[Use]
    entries: list[Entry]


@require_safe
@public_page(reads=("rating",))
def claims(request: HttpRequest) -> HttpResponse:
    """All claims, or those of one rating."""
    every = claims_in(settings.CATALOG_DIR)
    asked = request.GET.get("rating")
    if asked and asked not in Rating.values:
        raise Http404
    shown = [claim for claim in every if not asked or claim.rating == asked]
    ratings = [(each, sum(claim.rating == each for claim in every)) for each in Rating]
    context = {
        "section": "claims",
        "claims": shown,
        "ratings": [(each, number) for each, number in ratings if number],
        "chosen": Rating(asked) if asked else None,
    }
    return render(request, "claims/claims.html", context)


@require_safe
@public_page()
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    found = next((each for each in claims_in(settings.CATALOG_DIR) if each.slug == slug), None)
    if found is None:
        raise Http404
    grounds = _grounds_of(found)
    told, told_in = found.told_in(get_language() or settings.LANGUAGE_CODE)
    citations = [absolute_url(each.get_absolute_url()) for each in grounds.entries]
    citations += [str(source.url) for source in found.sources]
    context = {
        "section": "claims",
        "claim": found,
        "told": told,
        "told_in": told_in,
        "grounds": grounds,
        "today": timezone.localdate(),
        "address": absolute_url(request.path),
        "structured": claim_review(found, told, told_in, citations),
    }
    return render(request, "claims/claim.html", context)


def _grounds_of(claim: ClaimDeclaration) -> Grounds:
    keys = [key.partition("/") for key in claim.uses]
    uses = Use.objects.published().filter(
        platform__listed=True,
        platform__slug__in=[platform for platform, _slash, _slug in keys],
        slug__in=[slug for _platform, _slash, slug in keys],
    )
    entries = Entry.objects.published().filter(key__in=claim.entries)
    platforms = [each for each in listed_platforms() if each.slug in claim.platforms]
    facts, question = facts_of(platforms), ANYBODY.on(timezone.localdate())
    return Grounds(
        answers=[
            PlatformLine(platform, verdict(facts[platform.pk], question)) for platform in platforms
        ],
        uses=[
            use
            for use in uses.select_related("platform")
            if f"{use.platform.slug}/{use.slug}" in claim.uses
        ],
        entries=list(entries.order_by("timeline_on", "key")),
    )
