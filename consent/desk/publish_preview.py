"""Previews publishing: publishes inside a transaction that is then rolled back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from consent.alerts.fan_out.announce import kind_of
from consent.alerts.mails import emails
from consent.alerts.mails.stories import load_stories
from consent.desk.doubts import doubts_about
from consent.desk.reader_card import ReaderCard, reader_cards
from consent.ledger.dates import dates_of
from consent.ledger.place_words import people_words, place_words
from consent.models import Entry, Guide, Use


@dataclass(frozen=True, slots=True)
class PublishPreview:
    """What readers would get, and the doubts that the editor should check.

    mailed: pairs of frequency and number of people.
    """

    title: str
    summary: str
    address: str
    dates: tuple[str, ...]
    guides: tuple[str, ...]
    mailed: tuple[tuple[str, int], ...]
    subject: str
    mail: str
    doubts: tuple[str, ...]
    places: str = ""
    cards: tuple[ReaderCard, ...] = ()

    @property
    def mailed_count(self) -> int:
        return sum(count for _, count in self.mailed)


def preview_publish(publish: Callable[[], Entry], *, doubts: Sequence[str] = ()) -> PublishPreview:
    """Publish, collect what readers would get, and roll back. Raises what publishing raises.

    doubts: further doubts about what was filled in.
    """
    with transaction.atomic():
        preview = _preview(publish(), doubts)
        transaction.set_rollback(True)
    return preview


def public_page(publish: Callable[[], Entry], host: str) -> HttpResponseBase:
    """Return the change page as readers would get it, rendered by the public view."""
    with transaction.atomic():
        entry = publish()
        request = RequestFactory().get(entry.get_absolute_url(), headers={"host": host})
        view = resolve(request.path_info)
        page: HttpResponseBase = view.func(request, *view.args, **view.kwargs)
        transaction.set_rollback(True)
    return page


def _preview(entry: Entry, doubts: Sequence[str]) -> PublishPreview:
    story = load_stories([entry.pk])[entry.pk]
    draft = emails.draft_alert(story, kind_of(entry), timezone.localdate())
    counts: dict[str, int] = {}
    for alert in entry.alerts.all():
        name = str(alert.get_frequency_display())
        counts[name] = counts.get(name, 0) + 1
    return PublishPreview(
        title=entry.title,
        summary=entry.summary,
        address=entry.get_absolute_url(),
        dates=tuple(f"{date.label}: {date.on} ({date.precision})" for date in dates_of(entry)),
        guides=tuple(guide.title for guide in Guide.objects.published().of_entry(entry)),
        mailed=tuple(sorted(counts.items())),
        subject=draft.subject,
        mail=draft.text,
        doubts=(*doubts_about(entry), *doubts),
        places=f"{place_words(entry.where)}; {people_words(entry.people, entry.plans, entry.who)}",
        cards=tuple(reader_cards(_uses_of(entry), timezone.localdate())),
    )


def _uses_of(entry: Entry) -> set[Use]:
    """Return the uses that an entry is about, and those whose states it opens."""
    return {*entry.uses.all(), *Use.objects.filter(branches__states__opened_by=entry)}
