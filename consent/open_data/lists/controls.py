"""Controls: ways to refuse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from consent.ledger.catalog_words import translated
from consent.ledger.record_fields import Record, dated, people_and_places
from consent.models import Control, Guide, Use
from consent.open_data.lists.public_list import Key, PublicList
from consent.open_data.lists.record_addresses import anchor, by_owner, named

_SURFACE = ("surface", "path", "deep_link")


def _keys(where: Q) -> Iterator[Key]:
    rows = Control.objects.published().filter(where, platform__listed=True).order_by()
    values = rows.values_list("pk", "platform__slug", "slug").distinct()
    return ((named(platform, slug), pk) for pk, platform, slug in values)


def _records(keys: Sequence[int]) -> Iterator[Record]:
    uses = Use.objects.published().filter(controls__in=keys).order_by()
    guides = Guide.objects.published().filter(controls__in=keys).order_by()
    named_uses = by_owner(
        (key, named(platform, slug))
        for key, platform, slug in uses.values_list("controls", "platform__slug", "slug")
    )
    named_guides = by_owner(guides.values_list("controls", "slug"))
    controls = Control.objects.filter(pk__in=keys).select_related("platform")
    for control in controls.prefetch_related("surfaces", "offers").order_by():
        yield {
            "id": named(control.platform.slug, control.slug),
            "platform": control.platform.slug,
            "label": control.label or None,
            "name": translated(control.name) or None,
            "refuse": control.refuse,
            "by": control.by,
            "binding": control.binding,
            "scope": control.act_covers,
            "reach": control.reach,
            "to": control.to or None,
            "labels": [
                {"language": language, **each, "path": each["path"] or None}
                for language, each in sorted(control.labels.items())
            ],
            "former_labels": control.former_labels,
            "uses": named_uses.get(control.pk, []),
            "guides": named_guides.get(control.pk, []),
            "note": translated(control.note) or None,
            "url": anchor(control.platform.slug, control.slug),
            **_where_found(control),
        }


def _where_found(control: Control) -> Record:
    return {
        "surfaces": [
            {name: getattr(each, name) or None for name in _SURFACE}
            for each in control.surfaces.all()
        ],
        "offers": [
            {
                **people_and_places(offer),
                "starts": dated(offer.starts_on, offer.starts_precision),
                "ends": dated(offer.ends_on, offer.ends_precision),
            }
            for offer in control.offers.all()
        ],
    }


CONTROLS = PublicList(_keys, _records)
