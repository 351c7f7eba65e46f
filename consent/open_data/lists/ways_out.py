"""What programs need of a way out: where the control is, and the guides that lead through it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import groupby
from operator import itemgetter

from django.urls import reverse
from django.utils import timezone

from consent.ledger.record_fields import Record, dated, moment
from consent.models import Control, Guide
from consent.models.walks import Walk, trust_in, verified_on
from consent.open_data.lists.record_addresses import named
from consent.vocabulary import Surface
from consent.web.absolute_urls import absolute_url
from platforms.record_versions import shown_versions

# Rows are read several times faster than models, and a list has the ways out of many platforms.
_SURFACE = ("surface", "path", "deep_link")
_GUIDE = ("slug", "pk", "title", "minutes", "source_changed_at", "updated_at")
_WALK = ("surfaces__surface", "surfaces__verified_on", "surfaces__reported_broken_at")


def where_found(controls: Collection[str]) -> Mapping[str, Record]:
    """Return surfaces and guides of controls, by the ids of these. At most three queries."""
    wanted = set(controls)
    if not wanted:
        return {}
    platforms, slugs = zip(*(key.split("/") for key in wanted), strict=True)
    rows = Control.objects.published().filter(platform__slug__in=platforms, slug__in=slugs)
    names: dict[int, str] = {}
    surfaces: dict[int, list[Record]] = defaultdict(list)
    for pk, platform, slug, *surface in rows.order_by("surfaces__pk").values_list(
        *("pk", "platform__slug", "slug"), *(f"surfaces__{name}" for name in _SURFACE)
    ):
        if (key := named(platform, slug)) in wanted:
            names[pk] = key
            if surface[0]:  # a control may have none
                values = (value or None for value in surface)
                surfaces[pk].append(dict(zip(_SURFACE, values, strict=True)))
    guides = _guides_of(names)
    return {key: {"surfaces": surfaces[pk], "guides": guides[pk]} for pk, key in names.items()}


def _guides_of(controls: Collection[int]) -> Mapping[int, list[Record]]:
    """Return the published guides of each control. A row is a surface with a control."""
    found: dict[int, list[Record]] = defaultdict(list)
    guides = Guide.objects.published().filter(controls__in=controls)
    rows = list(guides.order_by("slug", "surfaces__pk").values_list("controls", *_GUIDE, *_WALK))
    shown = shown_versions("guide", {row[2] for row in rows}) if rows else {}
    for _slug, joined in groupby(rows, key=itemgetter(1)):
        of_guide = list(joined)
        _control, slug, pk, title, minutes, changed_at, updated_at, *_walk = of_guide[0]
        walked = {row[7]: Walk(Surface(row[7]), *row[8:]) for row in of_guide if row[7]}
        walks = list(walked.values())
        record = {
            "id": slug,
            "title": title,
            "url": absolute_url(reverse("guide", args=[slug])),
            "minutes": minutes,
            "trust": trust_in(
                walks, source_changed=changed_at is not None, today=timezone.localdate()
            ),
            "verified": dated(verified_on(walks), "day"),
            "updated_at": moment(shown[pk].at if pk in shown else updated_at),
            "surfaces": [walk.surface for walk in walks],
        }
        for control in dict.fromkeys(row[0] for row in of_guide):
            found[control].append(record)
    return found
