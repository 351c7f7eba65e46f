"""What programs need of a way out: where the control is, and the guides that lead through it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q

from consent.ledger.record_fields import Record, dated, moment
from consent.models import Control, Guide
from consent.open_data.lists.record_addresses import named
from consent.web.absolute_urls import absolute_url


def where_found(controls: Collection[str]) -> Mapping[str, Record]:
    """Return surfaces and guides of controls, by the ids of these."""
    wanted = set(controls)
    if not wanted:
        return {}
    slugs = {key.partition("/")[2] for key in wanted}
    rows = [
        control
        for control in Control.objects.published()
        .filter(Q(slug__in=slugs))
        .select_related("platform")
        .prefetch_related("surfaces")
        .order_by()
        if named(control.platform.slug, control.slug) in wanted
    ]
    guides = _guides_of([control.pk for control in rows])
    return {
        named(control.platform.slug, control.slug): {
            "surfaces": [
                {
                    "surface": each.surface,
                    "path": each.path or None,
                    "deep_link": each.deep_link or None,
                }
                for each in control.surfaces.all()
            ],
            "guides": guides.get(control.pk, []),
        }
        for control in rows
    }


def _guides_of(controls: Collection[int]) -> Mapping[int, list[Record]]:
    found: dict[int, list[Record]] = defaultdict(list)
    leads = Guide.controls.through.objects.filter(control__in=controls)
    of_guide: dict[int, list[int]] = defaultdict(list)
    for guide, control in leads.values_list("guide_id", "control_id"):
        of_guide[guide].append(control)
    guides = Guide.objects.published().filter(pk__in=of_guide).select_related("platform")
    for guide in guides.prefetch_related("surfaces").order_by("slug"):
        record = {
            "id": guide.slug,
            "title": guide.title,
            "url": absolute_url(guide.get_absolute_url()),
            "minutes": guide.minutes,
            "trust": guide.trust(),
            "verified": dated(guide.verified_on(), "day"),
            "updated_at": moment(guide.updated_at),
            "surfaces": [surface.surface for surface in guide.surfaces.all()],
        }
        for control in of_guide[guide.pk]:
            found[control].append(record)
    return found
