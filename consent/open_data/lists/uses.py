"""Uses: what is done with people's data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch, Q

from consent.ledger.catalog_words import translated
from consent.ledger.record_fields import Record, people_and_places
from consent.models import Use
from consent.open_data.lists.public_list import Key, PublicList
from consent.open_data.lists.record_addresses import anchor, named
from platforms.models import Page


def _keys(where: Q) -> Iterator[Key]:
    rows = Use.objects.published().filter(where, platform__listed=True).order_by()
    values = rows.values_list("pk", "platform__slug", "slug")
    return ((named(platform, slug), pk) for pk, platform, slug in values)


def _records(keys: Sequence[int]) -> Iterator[Record]:
    pages = Prefetch("pages", Page.objects.only("pk", "url"))
    uses = Use.objects.filter(pk__in=keys).select_related("platform")
    for use in uses.prefetch_related("branches", pages).order_by():
        platform = use.platform.slug
        yield {
            "id": named(platform, use.slug),
            "platform": platform,
            "title": use.title,
            "title_if_not": use.title_if_not or None,
            "purpose": use.purpose,
            "is_training": use.is_training,
            "part": use.part or None,
            "trained_by": use.trained_by or None,
            "covers": translated(use.covers),
            "data_kinds": use.data_kinds,
            "note": translated(use.note) or None,
            "branches": [
                {
                    "number": number,
                    **people_and_places(branch),
                    "data_kinds": branch.only_kinds or use.data_kinds,
                    "note": translated(branch.note) or None,
                }
                for number, branch in enumerate(use.branches.all(), start=1)
            ],
            "pages": [page.url for page in use.pages.all()],
            "url": anchor(platform, use.slug),
        }


USES = PublicList(_keys, _records)


def keys_about(keys: Sequence[Key], data_kind: str) -> list[Key]:
    """Return the keys of those uses that are about a kind of data."""
    about = {
        pk
        for pk, kinds in Use.objects.order_by().values_list("pk", "data_kinds")
        if data_kind in kinds
    }
    return [key for key in keys if key[1] in about]
