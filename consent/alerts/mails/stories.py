"""The content of mails about an entry, loaded from the database once for all recipients."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from consent.alerts.fan_out.announce import TURNING_ON
from consent.alerts.mails.subjects import product
from consent.diffing import diff, passages
from consent.ledger.dates import dates_of, leading_date
from consent.ledger.turns import turns_of
from consent.models import Change, Entry, Guide, State
from consent.vocabulary import IN_USE
from consent.web.dates import format_date
from consent.web.links import absolute_url

#: Characters and passages quoted in a mail. Chosen: the rest is on the linked page.
LONGEST_PASSAGE = 420
MOST_PASSAGES = 2
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Turned:
    """One setting, before and after, in words."""

    label: str
    who: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A page's text before and after; or a quote from a source (then removed is empty)."""

    removed: str
    added: str
    page: str
    language: str = settings.LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class OptOut:
    """A guide to opt out."""

    title: str
    url: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Story:
    entry: Entry
    url: str
    product: str
    turned: tuple[Turned, ...]
    dates: tuple[tuple[str, str], ...]
    leading: tuple[str, str]
    where: str
    quotes: tuple[Quote, ...]
    ways: tuple[OptOut, ...]
    on: bool
    to_come: bool

    @property
    def title(self) -> str:
        return self.entry.title


def load_stories(entry_ids: Iterable[int]) -> dict[int, Story]:
    """Return the stories of these entries, with a fixed number of queries for all of them."""
    entries = Entry.objects.select_related("follows").prefetch_related(
        "platforms",
        "sources",
        Prefetch("opened_states", State.objects.select_related("setting")),
        Prefetch("closed_states", State.objects.select_related("setting")),
        Prefetch(
            "settings__guides",
            Guide.objects.published().widest_first(),
            to_attr="published_guides",
        ),
        Prefetch(
            "changes",
            Change.objects.select_related("page", "before_document", "after_document"),
        ),
    )
    return {entry.pk: _story(entry) for entry in entries.filter(pk__in=set(entry_ids))}


def _story(entry: Entry) -> Story:
    turns = turns_of(entry.opened_states.all(), entry.closed_states.all())
    leading = leading_date(entry)
    return Story(
        entry=entry,
        url=absolute_url(reverse("change-by-id", args=[entry.public_id])),
        product=product(entry),
        turned=tuple(
            Turned(
                label=turn.state.setting.label,
                who=", ".join(
                    in_plain_text(words)
                    for words in (turn.state.setting.audience, turn.state.setting.region)
                ),
                before=str(turn.before.value_word.label) if turn.before else _("not recorded"),
                after=str(turn.after.value_word.label) if turn.after else _("ended"),
            )
            for turn in turns
        ),
        dates=tuple((date.label, format_date(date.on, date.precision)) for date in dates_of(entry)),
        leading=(
            (leading.label, format_date(leading.on, leading.precision))
            if leading
            else (_("Date"), _("not stated"))
        ),
        where=", ".join(in_plain_text(region) for region in entry.regions) or _("not stated"),
        quotes=tuple(_quotes(entry)),
        ways=tuple(_opt_outs(entry)),
        to_come=entry.effective_on is not None and entry.effective_on > timezone.localdate(),
        on=bool(set(entry.effects) & TURNING_ON)
        or any(turn.after is not None and turn.after.value in IN_USE for turn in turns),
    )


def _quotes(entry: Entry) -> list[Quote]:
    """Return the first passages of the change's diff, or quotes of its sources."""
    quotes = [
        Quote(
            _short(passage.removed),
            _short(passage.added),
            change.page.title,
            change.page.language,
        )
        for change in entry.changes.all()
        for passage in passages(diff(change.before_document.text, change.after_document.text))
    ]
    if not quotes:
        quotes = [
            Quote("", _short(source.quote), source.publisher)
            for source in entry.sources.all()
            if source.quote
        ]
    return quotes[:MOST_PASSAGES]


def _opt_outs(entry: Entry) -> list[OptOut]:
    guides: dict[int, Guide] = {}
    for setting in entry.settings.all():
        guides.update({guide.pk: guide for guide in getattr(setting, "published_guides", ())})
    return [
        OptOut(guide.title, absolute_url(guide.get_absolute_url()), guide.minutes)
        for guide in list(guides.values())[:2]
    ]


def _short(text: str) -> str:
    """Shorten captured text to one line, without invisible and text-direction characters."""
    return Truncator(" ".join(_CONTROL.sub(" ", text).split())).chars(LONGEST_PASSAGE)
