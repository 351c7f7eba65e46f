"""Previews publishing: publishes inside a transaction that is then rolled back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from consent.alerts.fan_out.announce import kind_of, revision_key
from consent.alerts.mails import emails
from consent.alerts.mails.stories import load_stories
from consent.desk.doubts import doubts_about
from consent.desk.reader_card import ReaderCard, reader_cards
from consent.ledger.dates import dates_of
from consent.ledger.place_words import people_words, place_words
from consent.ledger.revisions import Reworded, fields_of
from consent.models import Alert, Entry, Guide, Letter, Revision, State, Use
from consent.vocabulary import DataKind, RevisionKind


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """What readers would get, and the doubts that the editor should check.

    mailed: pairs of frequency and number of people. because: the same by what they subscribed to.
    """

    title: str
    summary: str
    address: str
    dates: tuple[str, ...]
    data_kinds: tuple[str, ...]
    guides: tuple[str, ...]
    mailed: tuple[tuple[str, int], ...]
    because: tuple[tuple[str, int], ...]
    subject: str
    mail: str
    doubts: tuple[str, ...]
    places: str = ""
    cards: tuple[ReaderCard, ...] = ()

    @property
    def mailed_count(self) -> int:
        return sum(count for _, count in self.mailed)


def preview_publish(publish: Callable[[], Entry]) -> PublishPreview:
    """Publish, collect what readers would get, and roll back. Raises what publishing raises."""
    with transaction.atomic():
        preview = _preview(publish())
        transaction.set_rollback(True)
    return preview


@dataclass(frozen=True, slots=True)
class RevisionPreview:
    """What a revision changes, and whom it reaches.

    states: what happens to the states of the entry. waiting: mails about the entry that have not
    left, and say it as revised; cancelled: those that never leave.
    """

    fields: tuple[Reworded, ...]
    states: tuple[str, ...]
    mailed: int
    waiting: int
    cancelled: int
    subject: str
    mail: str
    doubts: tuple[str, ...]


def preview_revision(entry: Entry, revise: Callable[[], Revision]) -> RevisionPreview:
    """Revise, collect what readers would get, and roll back. Raises what revising raises."""
    with transaction.atomic():
        unsent = Alert.objects.filter(entry=entry, sent_at=None, failed_at=None)
        before, waiting = _starts(entry), unsent.count()
        revision = revise()
        after, left = _starts(entry), unsent.count()
        draft = emails.as_sample(emails.draft_revised(revision))
        is_public = revision.kind != RevisionKind.RETRACTION
        preview = RevisionPreview(
            fields=tuple(fields_of(revision)),
            states=tuple(
                f"{words}: from {was or 'an unknown day'} "
                + (f"to {after[key][1] or 'an unknown day'}" if key in after else "no longer")
                for key, (words, was) in before.items()
                if key not in after or after[key][1] != was
            ),
            mailed=Letter.objects.filter(key=revision_key(revision)).count(),
            waiting=left,
            cancelled=waiting - left,
            subject=draft.subject,
            mail=draft.text,
            doubts=tuple(doubts_about(revision.entry)) if is_public else (),
        )
        transaction.set_rollback(True)
    return preview


@dataclass(frozen=True, slots=True)
class StepsPreview:
    """Whom new steps of a guide reach, and the mail that they get."""

    mailed: int
    subject: str
    mail: str


def preview_new_steps(guide: Guide, save: Callable[[], object]) -> StepsPreview:
    """Save new steps, collect what readers would get, and roll back. Raises what saving raises."""
    with transaction.atomic():
        before = Letter.objects.count()
        save()
        draft = emails.as_sample(emails.draft_new_steps(Guide.objects.get(pk=guide.pk)))
        preview = StepsPreview(Letter.objects.count() - before, draft.subject, draft.text)
        transaction.set_rollback(True)
    return preview


def _starts(entry: Entry) -> dict[int, tuple[str, dt.date | None]]:
    """Return the states that an entry opened, by key: their words and their first day."""
    opened = State.objects.filter(opened_by=entry).select_related("branch__use")
    return {
        state.pk: (
            f"“{state.branch.use.title}” ({place_words(state.branch.where)}) is "
            f"“{state.get_value_display()}”",
            state.starts_on,
        )
        for state in opened
    }


def public_page(publish: Callable[[], Entry], host: str) -> HttpResponseBase:
    """Return the change page as readers would get it, rendered by the public view."""
    with transaction.atomic():
        entry = publish()
        request = RequestFactory().get(entry.get_absolute_url(), headers={"host": host})
        view = resolve(request.path_info)
        page: HttpResponseBase = view.func(request, *view.args, **view.kwargs)
        transaction.set_rollback(True)
    return page


def _preview(entry: Entry) -> PublishPreview:
    story = load_stories([entry.pk])[entry.pk]
    draft = emails.as_sample(emails.draft_alert(story, kind_of(entry)))
    alerts = entry.alerts.select_related("subscription")
    mailed = Counter(str(alert.get_frequency_display()) for alert in alerts)
    because = Counter(
        str(alert.subscription.get_scope_display()) for alert in alerts if alert.subscription
    )
    return PublishPreview(
        title=entry.title,
        summary=entry.summary,
        address=entry.get_absolute_url(),
        dates=tuple(f"{date.label}: {date.on} ({date.precision})" for date in dates_of(entry)),
        data_kinds=tuple(str(DataKind(kind).label) for kind in entry.data_kinds),
        guides=tuple(guide.title for guide in Guide.objects.published().of_entry(entry)),
        mailed=tuple(sorted(mailed.items())),
        because=tuple(sorted(because.items())),
        subject=draft.subject,
        mail=draft.text,
        doubts=tuple(doubts_about(entry)),
        places=f"{place_words(entry.where)}; {people_words(entry.people, entry.plans, entry.who)}",
        cards=tuple(reader_cards(_uses_of(entry), timezone.localdate())),
    )


def _uses_of(entry: Entry) -> set[Use]:
    """Return the uses that an entry is about, and those whose states it opens."""
    return {*entry.uses.all(), *Use.objects.filter(branches__states__opened_by=entry)}
