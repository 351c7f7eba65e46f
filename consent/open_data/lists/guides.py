"""Guides: steps to opt out, and how far they can be trusted today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from consent.ledger.catalog_words import translated
from consent.ledger.record_fields import Record, dated, moment, source_records
from consent.models import Control, Guide
from consent.models.guides import GuideSurface
from consent.open_data.lists.public_list import Key, PublicList
from consent.open_data.lists.record_addresses import by_owner, named
from consent.web.absolute_urls import absolute_url
from platforms.record_versions import shown_versions


def _keys(where: Q) -> Iterator[Key]:
    rows = Guide.objects.published().filter(where, platform__listed=True).order_by()
    return ((slug, pk) for pk, slug in rows.values_list("pk", "slug"))


def _records(keys: Sequence[int]) -> Iterator[Record]:
    sources = source_records("guide", keys)
    controls = Control.objects.published().filter(guides__in=keys).order_by()
    named_controls = by_owner(
        (key, named(platform, slug))
        for key, platform, slug in controls.values_list("guides", "platform__slug", "slug")
    )
    shown = shown_versions("guide", keys)
    guides = Guide.objects.filter(pk__in=keys).select_related("platform")
    for guide in guides.prefetch_related("surfaces__steps").order_by():
        yield {
            "id": guide.slug,
            "platform": guide.platform.slug,
            "title": translated(guide.title),
            "controls": named_controls.get(guide.pk, []),
            "minutes": guide.minutes,
            "who": translated(guide.who) or None,
            "plans": guide.plans,
            "before_you_start": [translated(line) for line in guide.before_you_start],
            "frictions": guide.frictions,
            "how_to_check": translated(guide.how_to_check) or None,
            "caveats": [translated(caveat) for caveat in guide.caveats],
            "trust": guide.trust(),
            "verified": dated(guide.verified_on(), "day"),
            "surfaces": [_surface(surface) for surface in guide.surfaces.all()],
            "sources": sources.get(guide.pk, []),
            "updated_at": moment(shown[guide.pk].at if guide.pk in shown else guide.updated_at),
            "url": absolute_url(guide.get_absolute_url()),
        }


def _surface(surface: GuideSurface) -> Record:
    return {
        "surface": surface.surface,
        "verified": dated(surface.verified_on, "day"),
        "reported_broken": surface.is_reported_broken(),
        "steps": [
            {"act": translated(step.act), "expect": translated(step.expect) or None}
            for step in surface.steps.all()
        ],
    }


GUIDES = PublicList(_keys, _records)
