"""Makes snapshots of bodies in an archive."""

import datetime as dt

from platforms.models import Page, Platform, Snapshot
from platforms.vocabulary import Category, PageKind

SEEN_AT = dt.datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=dt.UTC)


def make_page() -> Page:
    platform = Platform.objects.create(
        slug="chirper",
        name="Chirper",
        operator="Chirper Inc.",
        category=Category.SOCIAL,
        homepage="https://chirper.example/",
    )
    return Page.objects.create(
        platform=platform,
        url="https://chirper.example/privacy",
        kind=PageKind.PRIVACY_POLICY,
        title="Privacy policy",
    )


def make_snapshot(page: Page, *, sha256: str, **fields) -> Snapshot:
    values = {
        "size": 0,
        "content_type": "text/html; charset=utf-8",
        "http_status": 200,
        "final_url": "https://chirper.example/en/privacy",
        "headers": {"content-type": "text/html; charset=utf-8"},
        "first_seen_at": SEEN_AT,
        "last_seen_at": SEEN_AT,
    }
    return Snapshot.objects.create(page=page, sha256=sha256, **(values | fields))
