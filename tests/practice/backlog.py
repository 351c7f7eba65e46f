"""A backlog for the desk: real changes from the shared labelled set, as pending Changes."""

import datetime as dt
import hashlib
import json
import lzma
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from consent.detection.changes import suggest
from consent.models import Change
from platforms.models import Document, Page, Platform, Snapshot
from platforms.vocabulary import Category, PageKind
from tests.arranging import arranged


def load_backlog(cases: Path, most: int | None = None) -> list[Change]:
    """Write the cases as pending changes with the suggestions that today's classifier makes."""
    with lzma.open(cases, "rt", encoding="utf-8") as lines:
        return [_change(json.loads(line)) for line in islice(lines, most)]


@arranged()
def _change(case: dict[str, Any]) -> Change:
    platform, _ = Platform.objects.get_or_create(
        slug=slugify(case["platform"])[:60],
        defaults={
            "name": case["platform"][:80],
            "operator": case["platform"][:160],
            "category": Category.SOCIAL,
            "homepage": "https://platform.example",
        },
    )
    page, _ = Page.objects.get_or_create(
        platform=platform,
        url=f"https://{platform.slug}.example/{slugify(case['document'])}",
        defaults={"kind": PageKind.TERMS, "title": case["document"][:200]},
    )
    # Histories of one page overlap. One second apart, every snapshot has its own time.
    at = timezone.now() - dt.timedelta(days=30) + dt.timedelta(seconds=page.snapshots.count())
    before, after = (
        _document(page, text, at + dt.timedelta(milliseconds=number))
        for number, text in enumerate((case["before"], case["after"]))
    )
    change = Change.objects.create(
        page=page,
        before=before.snapshot,
        after=after.snapshot,
        before_document=before,
        after_document=after,
        observed_from=before.snapshot.last_seen_at,
        observed_to=after.snapshot.first_seen_at,
        detected_at=at,
    )
    suggest(change)
    return change


def _document(page: Page, text: str, at: dt.datetime) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    snapshot = Snapshot.objects.create(
        page=page,
        sha256=digest,
        size=len(text.encode()),
        final_url=page.url,
        first_seen_at=at,
        last_seen_at=at,
    )
    return Document.objects.create(
        snapshot=snapshot, extractor_version=1, rules="whole", text=text, digest=digest
    )
