"""Turns a suggestion into a draft: an entry for a curator to rewrite.

A draft is no decision. It is not public and not logged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from consent.classification.dates import read_dates
from consent.classification.suggestion import TextDate
from consent.curation.cited_words import cite_words
from consent.curation.decisions import AlreadyDecidedError, lock_undecided
from consent.curation.prefill import Prefill, prefill
from consent.models import Change, Control, Entry, Reference, Source, Use
from consent.vocabulary import (
    Basis,
    Confidence,
    Direction,
    PassageSide,
    Precision,
    PublicationStatus,
)
from platforms.days import read_day
from platforms.models import Platform

#: Characters; a page's own date is in a line as short as a label. Chosen.
_LABEL_LENGTH = 120
#: Confidence of a suggestion from which its draft gets high confidence. Chosen.
SURE_ENOUGH = 0.8


def entry_from(change: Change, known: Prefill | None = None) -> Entry:
    """Return the unsaved entry that a change's suggestion and its page propose.

    known: what `prefill` found, where the caller has it.
    """
    suggestion = getattr(change, "suggestion", None)
    platform = change.page.platform
    known = known or prefill(change)
    title = (suggestion.title if suggestion else "") or f"{platform} changes “{change.page.title}”"
    return Entry(
        key=_free_key(change),
        title=title,
        summary=_first_summary(change, suggestion.passages if suggestion else ()),
        effects=suggestion.effects if suggestion else [],
        direction=suggestion.direction if suggestion else Direction.NEUTRAL,
        places=list(known.where.places),
        except_places=list(known.where.except_places),
        some_of=list(known.where.some_of),
        people=list(known.people),
        plans=list(known.plans),
        data_kinds=list(known.data_kinds),
        confidence=(
            Confidence.HIGH
            if suggestion and suggestion.confidence >= SURE_ENOUGH
            else Confidence.MEDIUM
        ),
        basis=Basis.STATED,
        observed_from=change.observed_from,
        observed_to=change.observed_to,
        status_reason="Drafted from a change; not reviewed yet.",
        **_suggested_dates(change),
    )


@transaction.atomic
def draft_entry(
    change: Change,
    entry: Entry | None = None,
    *,
    quote: str | None = None,
    side: PassageSide = PassageSide.AFTER,
    uses: Iterable[Use] | None = None,
    controls: Iterable[Control] | None = None,
    references: Iterable[Reference] | None = None,
) -> Entry:
    """Save the draft of a change and return it: as a curator edited it, or as suggested.

    quote, side: the passage that shows the change, and whether it is in the text now or was in the
    text before. quote None: the suggestion's most important passage. uses, controls: what the entry
    is about; None: what the changed words and the page are about.
    Raises AlreadyDecidedError when the change is no longer waiting, or when another curator
    drafted an entry for it in the meantime.
    """
    change = lock_undecided(change)
    draft = draft_of(change)
    if draft is None:
        return _begin_draft(change, entry, quote, side, uses, controls, references)
    if entry is None:
        return draft
    if entry.pk != draft.pk:
        raise AlreadyDecidedError("Another curator drafted an entry for this change.")
    entry.save()
    if uses is not None:
        entry.uses.set(uses)
    if controls is not None:
        entry.controls.set(controls)
    if references is not None:
        entry.references.set(references)
    _cite(change, entry, quote, side)
    return entry


def _begin_draft(
    change: Change,
    entry: Entry | None,
    quote: str | None,
    side: PassageSide,
    uses: Iterable[Use] | None,
    controls: Iterable[Control] | None,
    references: Iterable[Reference] | None,
) -> Entry:
    """Save the first draft of a change. The arguments are those of `draft_entry`."""
    entry = entry or entry_from(change)
    if entry.pk is not None:
        raise AlreadyDecidedError("This draft was published, or taken off this change.")
    entry.save()
    entry.platforms.add(change.page.platform)
    if uses is None or controls is None:
        known = prefill(change)
        uses = known.uses if uses is None else uses
        controls = known.controls if controls is None else controls
    entry.uses.set(uses)
    entry.controls.set(controls)
    entry.references.set(references or ())
    if quote is None:
        quote, side = quoted_passage(change)
    _cite(change, entry, quote, side)
    change.entry = entry
    change.save(update_fields=["entry"])
    return entry


def another_entry(change: Change) -> Entry:
    """Return the unsaved entry about something else that a published change tells."""
    return Entry(
        key=_free_key(change),
        direction=Direction.NEUTRAL,
        confidence=Confidence.MEDIUM,
        basis=Basis.STATED,
        observed_from=change.observed_from,
        observed_to=change.observed_to,
        status_reason="Drafted from a change that has an entry; not reviewed yet.",
        **_suggested_dates(change),
    )


@transaction.atomic
def draft_another(
    change: Change,
    entry: Entry,
    *,
    quote: str,
    side: PassageSide,
    uses: Iterable[Use],
    controls: Iterable[Control],
    references: Iterable[Reference],
) -> Entry:
    """Save the draft of another entry about a change. It cites both captures of the change."""
    entry.save()
    entry.platforms.add(change.page.platform)
    entry.uses.set(uses)
    entry.controls.set(controls)
    entry.references.set(references)
    _cite(change, entry, quote, side)
    return entry


@transaction.atomic
def save_by_hand(
    entry: Entry,
    *,
    platforms: Sequence[Platform],
    uses: Iterable[Use] = (),
    controls: Iterable[Control] = (),
    references: Iterable[Reference] = (),
) -> Entry:
    """Save a draft that is based on outside sources, and make its key when it is new.

    Raises ValidationError if an entry of the same platform, day and sentence exists: a form that is
    sent twice writes no second one.
    """
    if entry.pk is None:
        entry.key = _key_by_hand(entry, platforms)
        if (same := Entry.objects.filter(key=entry.key).first()) is not None:
            raise ValidationError(f"This entry exists already: “{same}” ({same.status}).")
        entry.status_reason = "Written from outside sources; not reviewed yet."
    entry.save()
    entry.platforms.set(platforms)
    entry.uses.set(uses)
    entry.controls.set(controls)
    entry.references.set(references)
    return entry


def _key_by_hand(entry: Entry, platforms: Sequence[Platform]) -> str:
    first = platforms[0].slug if platforms else "entry"
    days = (entry.effective_on, entry.decided_on, entry.announced_on, entry.due_on)
    day = next((day for day in days if day), None) or timezone.localdate()
    return f"{first}-{day.isoformat()}-{slugify(entry.title)}"[:120].rstrip("-")


def _free_key(change: Change) -> str:
    """Return a key for the draft of a change; numbered if an earlier draft took the plain one."""
    key = f"{change.page.platform.slug}-{change.observed_to:%Y-%m-%d}-change-{change.pk}"
    earlier = Entry.objects.filter(Q(key=key) | Q(key__startswith=f"{key}-")).count()
    return f"{key}-{earlier + 1}" if earlier else key


def draft_of(change: Change) -> Entry | None:
    """Return the draft of a change, or None.

    The entry of a waiting change may be a published one: early releases left it there when they
    reopened a merged change.
    """
    entry = change.entry
    return entry if entry is not None and entry.status == PublicationStatus.DRAFT else None


def quoted_passage(change: Change) -> tuple[str, PassageSide]:
    """Return the words that show a change best, and the side of the comparison they are from.

    They are those that decided the headline: of what was dropped, the words before.
    """
    suggestion = getattr(change, "suggestion", None)
    if not suggestion or not suggestion.passages:
        return "", PassageSide.AFTER
    return words_of_passage(suggestion.passages[0])


def words_of_passage(passage: dict[str, Any]) -> tuple[str, PassageSide]:
    """Return the words of a passage that count, and the side of the comparison they are from."""
    gone = passage.get("decides") == "before" or not passage["after"]
    return (
        (passage["before"], PassageSide.BEFORE) if gone else (passage["after"], PassageSide.AFTER)
    )


def _cite(change: Change, entry: Entry, quote: str | None, side: PassageSide) -> None:
    """Add the snapshot that shows the change, and the words in it, as source of an entry."""
    source = entry.sources.filter(snapshot=change.after).first()
    if source is None:
        own = own_date(change)
        source = Source.objects.create(
            entry=entry,
            url=change.page.url,
            publisher=change.page.platform.operator[:160],
            title=change.page.title,
            published_on=_first_day(own.value) if own else change.observed_to.date(),
            published_precision=own.precision if own else Precision.DAY,
            snapshot=change.after,
            snapshot_before=change.before,
        )
    elif quote is None:
        return
    cite_words(source, quote or "", side)


def own_date(change: Change) -> TextDate | None:
    """Return the date that the page gives itself since the change: "Last updated: …".

    None if it gives none, still gives the one from before, or one to come. It is the day on which
    the words were put up, not the one from which they hold.
    """
    lines = change.after_document.text.splitlines()
    labels = "\n".join(line for line in lines if len(line) <= _LABEL_LENGTH)
    last = change.observed_to.date() + dt.timedelta(days=1)  # it may be tomorrow elsewhere
    for date in read_dates(labels):
        day = _first_day(date.value)
        if date.kind == "last-updated" and day and day <= last and _is_new(change, date.quote):
            return date
    return None


def _is_new(change: Change, quote: str) -> bool:
    """Return whether the page did not give a date before: only then can it be about the change."""
    return quote.casefold() not in change.before_document.text.casefold()


def _suggested_dates(change: Change) -> dict[str, dt.date | str]:
    """Return the dates of the text as fields of an entry: the first date of each kind.

    An effective date in the future becomes the due date. The page's own date is the day of the
    announcement, unless the change is in effect from an earlier one.
    """
    today = timezone.localdate()
    suggestion = getattr(change, "suggestion", None)
    fields: dict[str, Any] = {}
    kinds_found = set()
    for date in suggestion.dates if suggestion else ():
        kind = date["kind"]
        if kind not in ("effective", "deadline") or kind in kinds_found:
            continue
        if not _is_new(change, date["quote"]):
            continue
        if day := _first_day(date["value"]):
            kinds_found.add(kind)
            name = "due" if kind == "effective" and day > today else kind
            fields[f"{name}_on"] = day
            fields[f"{name}_precision"] = date["precision"]
    if own := own_date(change):
        day = _first_day(own.value)
        if day and day <= fields.get("effective_on", day):
            fields |= {"announced_on": day, "announced_precision": own.precision}
    return fields


def _first_day(value: str) -> dt.date | None:
    """Return the first day of an ISO 8601 date of any precision: 2024, 2024-07, 2024-07-16.

    None for a day that does not exist: suggestions of older releases may have 31 September.
    """
    return read_day(value + "-01-01"[len(value) - len("2024") :])


def _first_summary(change: Change, passages: Sequence[dict[str, str]]) -> str:
    """Return a first summary for the curator to rewrite: the most important passage, quoted."""
    if not passages:
        return f"The page “{change.page.title}” changed."
    words, side = words_of_passage(passages[0])
    says = "no longer says" if side == PassageSide.BEFORE else "now says"
    return f"The page {says}: “{words}”"
