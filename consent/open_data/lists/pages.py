"""Pages that we watch, with the times in which they could not be read.

Pages that only imported history knows are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from django.db.models import OuterRef, Prefetch, Q, Subquery

from consent.ledger.record_fields import Record, moment
from consent.open_data.lists.public_list import Key, PublicList
from platforms.models import Gap, Page, Snapshot

#: Headers in which a page reserves text and data mining (www.w3.org/community/tdmrep) or says what
#: use it prefers (draft-ietf-aipref-attach).
_RESERVING = frozenset({"tdm-reservation", "tdm-policy", "content-usage", "content-signal"})


def _keys(where: Q) -> Iterator[Key]:
    rows = Page.objects.living().filter(where, platform__listed=True).order_by()
    values = rows.values_list("pk", "platform__slug", "url")
    return ((page_id(platform, url), pk) for pk, platform, url in values)


def page_id(platform: str, url: str) -> str:
    """Return the id of a page, which its platform and address make."""
    return hashlib.blake2s(f"{platform} {url}".encode(), digest_size=8).hexdigest()


def watched(keys: Sequence[int] | None = None) -> set[int]:
    """Return the pages that are visited today; keys: only these."""
    pages = Page.objects.watched() if keys is None else Page.objects.watched().filter(pk__in=keys)
    return set(pages.order_by().values_list("pk", flat=True))


def _records(keys: Sequence[int]) -> Iterator[Record]:
    visited = watched(keys)
    gaps = Prefetch("gaps", Gap.objects.order_by("began_at", "pk"))
    latest = Snapshot.objects.readable().filter(page=OuterRef("pk")).order_by("-last_seen_at")
    pages = (
        Page.objects.filter(pk__in=keys)
        .annotate(headers=Subquery(latest.values("headers")[:1]))
        .select_related("platform")
        .prefetch_related(gaps)
    )
    for page in pages.order_by():
        yield {
            "id": page_id(page.platform.slug, page.url),
            "platform": page.platform.slug,
            "address": page.url,
            "further_addresses": page.further_urls,
            "kind": page.kind,
            "title": page.title,
            "language": page.language,
            "access": page.access,
            "watched": page.pk in visited,
            "health": page.health,
            "last_visited_at": moment(page.last_visited_at),
            "last_read_at": moment(page.last_looked_at),
            "reservations": [
                {"header": name, "value": value}
                for name, value in sorted((page.headers or {}).items())
                if name.lower() in _RESERVING
            ],
            "gaps": [
                {
                    "began_at": moment(gap.began_at),
                    "ended_at": moment(gap.ended_at),
                    "reason": gap.outcome,
                }
                for gap in page.gaps.all()
            ],
        }


PAGES = PublicList(_keys, _records)
