"""What the robots.txt files of platforms say to the crawlers of AI companies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from consent.ledger.record_fields import Record, moment
from consent.ledger.robots import RobotsFile, robots_files
from consent.open_data.lists.pages import page_id
from consent.open_data.lists.public_list import Key, PublicList
from platforms.models import Page
from platforms.vocabulary import PageKind


def _keys(where: Q) -> Iterator[Key]:
    rows = Page.objects.living().filter(where, kind=PageKind.ROBOTS, platform__listed=True)
    for pk, platform, url in rows.order_by().values_list("pk", "platform__slug", "url"):
        yield page_id(platform, url), pk


def _records(keys: Sequence[int]) -> Iterator[Record]:
    pages = list(Page.objects.filter(pk__in=keys).select_related("platform").order_by())
    for file in robots_files(pages):
        yield _record(file)


def _record(file: RobotsFile) -> Record:
    page = file.page
    return {
        "id": page_id(page.platform.slug, page.url),
        "platform": page.platform.slug,
        "address": page.url,
        "last_read_at": moment(file.read_at),
        "crawlers": [
            {
                "crawler": line.rule.crawler.name,
                "operator": line.rule.crawler.owner,
                "purpose": line.rule.crawler.purpose.value,
                "access": line.rule.access.value,
                "named": line.rule.named,
            }
            for line in file.lines
        ],
        "preferences": [
            {
                "header": f"Content-{each.kind.title()}",
                "key": each.key,
                "value": each.value,
                "allowed": each.allowed,
                "agents": list(each.agents),
                "path": each.path or None,
            }
            for each in file.preferences
        ],
        "licences": list(file.licences),
    }


ROBOTS = PublicList(_keys, _records)
