"""A backlog for the desk: real changes from the shared labelled set, as pending Changes."""

import datetime as dt
import hashlib
import json
import lzma
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from consent.detection.changes import suggest
from consent.models import Change
from platforms.models import Document, Page, Platform, Snapshot
from platforms.vocabulary import Category, PageKind
from tests.arranging import arranged


def load_backlog(cases: Path, most: int, texts: int | None = None) -> None:
    """Write the cases as pending changes with the suggestions that today's classifier makes.

    texts: how many cases are read; then each waits again on further pages, in turn, until there are
    `most` changes.
    """
    with lzma.open(cases, "rt", encoding="utf-8") as lines:
        read = [_change(json.loads(line)).pk for line in islice(lines, min(most, texts or most))]
    for number in range(most - len(read)):
        change = Change.objects.select_related("page", "suggestion").get(
            pk=read[number % len(read)]
        )
        _copy(change, number)


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


@arranged()
def _copy(change: Change, number: int) -> None:
    """Write a change again, on a page of its own, with its texts and its suggestion."""
    page = change.page
    page.url = f"{page.url}-{number}"
    _write_again(page)
    sides = []
    for document in (change.before_document, change.after_document):
        snapshot = document.snapshot
        snapshot.page = page
        _write_again(snapshot)
        document.snapshot = snapshot
        _write_again(document)
        sides.append(document)
    suggestion = change.suggestion
    change.page = page
    change.before_document, change.after_document = sides
    change.before, change.after = (side.snapshot for side in sides)
    _write_again(change)
    suggestion.change = change
    _write_again(suggestion)


def _write_again(row: models.Model) -> None:
    row.pk = None
    row._state.adding = True
    type(row)._default_manager.bulk_create([row])


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
