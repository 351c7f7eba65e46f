"""Records a Change when a page changed, makes its Suggestion, and marks guides based on the page.

Receivers of platforms' signals. They run inside the transaction that records the snapshot, so a
visit handled twice gives the same rows. The suggestion is made after that transaction, by a task:
reading a large text takes seconds, and nobody else can write to SQLite while a transaction is open.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone

from consent import classification
from consent.classification.languages import BY_LANGUAGE, lexicon_for
from consent.detection import learned_meaning
from consent.detection.expected_dates import expect_news
from consent.detection.known_uses import catalog_of
from consent.diffing import diff, moved_links
from consent.diffing.gist import gist_of
from consent.models import Change, Guide, Suggestion
from consent.vocabulary import ChangeStatus, NoSuggestion
from platforms.fetching.unexpected_language import language_of
from platforms.models import Document, Page, Snapshot
from platforms.signals import page_changed, page_reappeared, page_unchanged
from platforms.vocabulary import CaptureSource

log = logging.getLogger(__name__)

#: A visit that finds a change still there confirms it after the longer time; the shorter one is a
#: first hint. Chosen: the second visit to a changed page comes within minutes, the third in hours.
SECOND_LOOK_AFTER = dt.timedelta(minutes=5)
CONFIRMED_AFTER = dt.timedelta(hours=6)
#: So many pages, and so large a share of all, changing within an hour are marked as a burst: the
#: cause may be our own. Chosen, not measured.
BURST_PAGES = 10
BURST_SHARE = 0.2
BURST_WINDOW = dt.timedelta(hours=1)
#: Longer texts get no suggestion. The longest page in the labelled changes has 1.2 million
#: characters; two million about nothing but training take about 20 seconds.
MAX_CHARACTERS = 2_000_000
#: Passages (the weightiest), dates and fired rules that are kept; more than a curator reads.
MAX_PASSAGES = 200
#: A change whose worker died or whose classifier failed is tried this often.
MAX_ATTEMPTS = 3


@receiver(page_changed, dispatch_uid="record-change")
def record_change(
    sender: type[Page],
    *,
    page: Page,
    before: Snapshot,
    after: Snapshot,
    before_document: Document,
    after_document: Document,
    observed_from: dt.datetime,
    **_: Any,
) -> None:
    """Write the Change of a page with a new text, and queue its suggestion.

    If the page changed in the same way before and nothing was published about it, that Change is
    counted once more instead: whoever decides about it decides about all.
    """
    if _count_repeat(page, before_document, after_document, after):
        return
    change, created = Change.objects.get_or_create(
        after=after,
        defaults={
            "page": page,
            "before": before,
            "before_document": before_document,
            "after_document": after_document,
            "observed_from": observed_from,
            "observed_to": after.first_seen_at,
            "percent_left": _percent_left(before_document.text, after_document.text),
        },
    )
    if not created:
        return
    # robust: without a broker, consent.tasks.suggest_missing makes the suggestion.
    # No partial: Django asks a failed callback for its __qualname__.
    transaction.on_commit(lambda: _queue_suggestion(change.pk), robust=True)
    if after.source == CaptureSource.VISIT:
        _mark_burst(change)


def _count_repeat(page: Page, before: Document, after: Document, snapshot: Snapshot) -> bool:
    same = Change.objects.filter(
        page=page,
        before_document__digest=before.digest,
        after_document__digest=after.digest,
        status__in=(ChangeStatus.WAITING, ChangeStatus.SNOOZED, ChangeStatus.DISMISSED),
    ).exclude(after=snapshot)
    if before.digest == after.digest:
        return False  # only a link moved, perhaps to a third address
    return bool(same.update(repeats=F("repeats") + 1, reverted_at=None))


def _percent_left(before: str, after: str) -> int:
    return min(10_000, round(100 * len(after) / max(1, len(before))))


def _queue_suggestion(change_id: int) -> None:
    # By name: tasks import this module. Without retries: a visit does not wait for the broker.
    current_app.send_task("consent.tasks.suggest_change", (change_id,), retry=False)


def suggest_once(change_id: int) -> Suggestion | None:
    """Suggest for a change that has no suggestion yet. Safe to run twice.

    Returns None if there is nothing to do, or if the change gets no suggestion; the reason is then
    in Change.no_suggestion. The attempt is counted before the work, so that a change whose worker
    is killed is not tried for ever.
    """
    pending = Change.objects.without_suggestion().filter(pk=change_id)
    attempted = pending.filter(suggestion_attempts__lt=MAX_ATTEMPTS).update(
        suggestion_attempts=F("suggestion_attempts") + 1
    )
    if not attempted:
        give_up(change_id, NoSuggestion.FAILED)
        return None
    documents = ("before_document", "after_document")
    change = pending.select_related("page__platform", *documents).first()
    if change is None:
        return None
    before, after = change.before_document.text, change.after_document.text
    if max(len(before), len(after)) > MAX_CHARACTERS:
        give_up(change_id, NoSuggestion.TOO_LARGE)
        return None
    gist = gist_of(diff(before, after), lexicon_for(after).mentions)
    change.gist = gist or "No word differs; a link or a form leads elsewhere."
    change.save(update_fields=["gist"])
    languages = {language_of(before), language_of(after)}
    if not languages <= {"", *BY_LANGUAGE}:
        give_up(change_id, NoSuggestion.LANGUAGE)
        return None
    return suggest(change)


@transaction.atomic
def give_up(change_id: int, reason: NoSuggestion) -> None:
    """Store why a change gets no suggestion, and mark dependents: it may concern them."""
    pending = Change.objects.without_suggestion().filter(pk=change_id)
    if not pending.update(no_suggestion=reason):
        return
    log.error("No suggestion for change %s: %s", change_id, reason.label)
    _mark_dependents(Change.objects.select_related("page").get(pk=change_id))


def suggest(change: Change) -> Suggestion:
    """Write (or overwrite) the suggestion for a change, and mark the guides that it concerns.

    The texts are read before the transaction begins, so that no lock is held meanwhile.
    """
    suggested = learned_meaning.suggest(
        change.before_document.text,
        change.after_document.text,
        subject=change.page.platform.name,
        document=change.page.title,
        catalog=catalog_of(change.page.platform),
        moved_links=moved_links(change.before_document.links, change.after_document.links),
    )
    with transaction.atomic():
        suggestion, _ = Suggestion.objects.update_or_create(
            change=change,
            defaults={
                "classifier_version": classification.CLASSIFIER_VERSION,
                "relevant": suggested.relevant,
                "effects": list(suggested.effects),
                "direction": suggested.direction,
                "confidence": suggested.confidence,
                "title": suggested.title[:200],
                **{
                    name: value[:MAX_PASSAGES]
                    for name, value in suggested.as_json().items()
                    if name in ("passages", "dates", "settings", "trace")
                },
            },
        )
        if suggested.relevant:
            _mark_dependents(change)
            expect_news(Page.objects.filter(pk=change.page_id))
            change.page.refresh_from_db(fields=["news_expected_on"])
    return suggestion


@receiver(page_unchanged, dispatch_uid="confirm-change")
def confirm_change(
    sender: type[Page], *, page: Page, snapshot: Snapshot, seen_at: dt.datetime, **_: Any
) -> None:
    """A later visit found the change still there: store the second look, then the confirmation."""
    unconfirmed = Change.objects.filter(after=snapshot, confirmed_at=None)
    change = unconfirmed.only("observed_to", "seen_again_at", "confirmed_at").first()
    if change is None:
        return
    age = seen_at - change.observed_to
    if change.seen_again_at is None and age >= SECOND_LOOK_AFTER:
        change.seen_again_at = seen_at
    if age >= CONFIRMED_AFTER:
        change.confirmed_at = seen_at
    change.save(update_fields=["seen_again_at", "confirmed_at"])


@receiver(page_reappeared, dispatch_uid="revert-change")
def note_reversal(
    sender: type[Page],
    *,
    page: Page,
    before: Snapshot,
    after: Snapshot,
    seen_at: dt.datetime,
    **_: Any,
) -> None:
    """The page returned to an earlier state: mark or unmark the change between both as reverted."""
    Change.objects.filter(before=after, after=before).update(reverted_at=seen_at)
    Change.objects.filter(before=before, after=after).update(
        reverted_at=None, repeats=F("repeats") + 1
    )


def _mark_dependents(change: Change) -> None:
    """Mark what is based on this page: it changed since guides, uses and controls were checked."""
    mark = {"source_changed_at": change.observed_to, "source_change": change}
    guides = Guide.objects.resting_on(change.page).filter(source_changed_at=None)
    Guide.objects.filter(pk__in=guides.values("pk")).update(**mark)
    change.page.uses.filter(source_changed_at=None).update(**mark)
    change.page.controls.filter(source_changed_at=None).update(**mark)


def _mark_burst(change: Change) -> None:
    """Mark all recent changes when too many pages changed at once."""
    recent = Change.objects.filter(
        detected_at__gte=timezone.now() - BURST_WINDOW, after__source=CaptureSource.VISIT
    )
    pages = recent.values("page").distinct().count()
    if pages >= BURST_PAGES and pages > BURST_SHARE * Page.objects.watched().count():
        recent.filter(status=ChangeStatus.WAITING).update(burst=True)
