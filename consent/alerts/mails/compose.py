"""Turn claimed rows into mails. Data and drafts that several mails share are made only once."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consent.alerts.mails import emails
from consent.alerts.mails.emails import Draft, Mail
from consent.alerts.mails.stories import Story, load_stories
from consent.alerts.subscriptions.choices import (
    names_for,
    subject_of,
    subscription_in_words,
    way_in_words,
)
from consent.alerts.subscriptions.lifecycle import (
    WAITS,
    WITH_ALERTS,
    WRITTEN_LATELY,
    issue_confirmation,
    issue_move,
)
from consent.alerts.subscriptions.limits import was_written_lately
from consent.alerts.subscriptions.next_steps import next_steps
from consent.models import Alert, Digest, Guide, Letter, Revision, Subscriber, Subscription
from consent.vocabulary import AlertKind, Frequency, LetterKind, PublicationStatus, SubscriberState
from platforms.models import Platform

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Skip:
    """The mail is not needed any more, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Defer:
    """Send the mail later, at the due_at of its row."""


@dataclass(frozen=True, slots=True)
class RenderFailed:
    """A bug prevented this mail. It is tried again, and other mails are not affected."""

    reason: str


Result = Mail | Skip | Defer | RenderFailed


def render_batch(batch: Sequence[Any]) -> Iterator[tuple[Any, Result]]:
    """Yield every row of a batch (all of one model) with its mail, one language after another.

    Each mail is rendered when it is asked for, so that its content is as new as possible.
    """
    by_language: dict[str, list[Any]] = defaultdict(list)
    for row in batch:
        by_language[language_of(row)].append(row)
    for language, rows in by_language.items():
        with translation.override(language):
            render = _renderer_for(rows)
        for row in rows:
            with translation.override(language):
                result = render(row)
            yield row, result


def language_of(row: Alert | Digest | Letter) -> str:
    """Return the language of the page that requested a mail, otherwise the subscriber's."""
    requested = row.data.get("language") if isinstance(row, Letter) else None
    language = requested or (row.subscriber.language if row.subscriber else None)
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _renderer_for(rows: Sequence[Any]) -> Callable[[Any], Result]:
    """Read what these rows share; return the function that renders one of them."""
    if isinstance(rows[0], Alert):
        return _alert_renderer(rows)
    if isinstance(rows[0], Digest):
        return _digest_renderer(rows)
    return lambda letter: _render_safely(letter, partial(_render_letter, letter))


def _alert_renderer(alerts: Sequence[Alert]) -> Callable[[Alert], Result]:
    stories = load_stories(alert.entry_id for alert in alerts)
    drafts: dict[tuple[int, str, str], Draft | RenderFailed] = {}
    names = names_for(alert.subscription for alert in alerts if alert.subscription)
    reasons: dict[tuple[str | bool, ...], str] = {}

    def render(alert: Alert) -> Result:
        story = stories[alert.entry_id]
        if story.entry.status != PublicationStatus.PUBLISHED:
            return Skip("no longer published")
        key = (alert.entry_id, alert.kind, place_of(alert))
        if key not in drafts:
            kind = AlertKind(alert.kind)
            make = partial(emails.draft_alert, story.in_place(place_of(alert)), kind)
            drafts[key] = _render_safely(alert, make)
        draft = drafts[key]
        if isinstance(draft, RenderFailed):
            return draft
        return emails.address_alert(draft, alert, _reason_for(alert, names, reasons))

    return render


def place_of(alert: Alert) -> str:
    """Return the place that the reader chose; "" for anywhere."""
    return alert.subscription.place if alert.subscription else ""


def _reason_for(
    alert: Alert, names: dict[str, str], known: dict[tuple[str | bool, ...], str]
) -> str:
    """Return in words why a subscriber gets an alert. known: a cache of such words."""
    if alert.kind in (AlertKind.CORRECTION, AlertKind.POSTPONED) and alert.entry.follows_id:
        return _("we told you of the change that this is about")
    subscription = alert.subscription
    if subscription is None:
        return _("you confirmed alerts from us")
    fields = ("scope", "value", "only_turned_on", "place", "frequency")
    key = tuple(getattr(subscription, field) for field in fields)
    if key not in known:
        known[key] = _("you asked for: %s") % subscription_in_words(subscription, names)
    return known[key]


def _digest_renderer(digests: Sequence[Digest]) -> Callable[[Digest], Result]:
    alerts: dict[int, list[Alert]] = defaultdict(list)
    sent_before: Counter[int] = Counter()
    rows = Alert.objects.filter(digest__in=[digest.pk for digest in digests], failed_at=None)
    rows = rows.select_related("subscription")
    for alert in rows.only("entry_id", "digest_id", "sent_at", "subscription__place"):
        if alert.sent_at is None:
            alerts[alert.digest_id or 0].append(alert)
        else:
            sent_before[alert.digest_id or 0] += 1
    stories = load_stories({alert.entry_id for group in alerts.values() for alert in group})

    def render(digest: Digest) -> Result:
        waiting = {
            alert.pk: story.in_place(place_of(alert))
            for alert in alerts[digest.pk]
            if (story := stories[alert.entry_id]).entry.status == PublicationStatus.PUBLISHED
        }
        if not waiting:
            return Skip("nothing left to tell")
        ordered = sorted(waiting.values(), key=_digest_order)
        reason = _reason_for_digest(digest)
        before = sent_before[digest.pk]
        make = partial(emails.digest, digest, ordered, reason, list(waiting), before)
        return _render_safely(digest, make)

    return render


def _digest_order(story: Story) -> tuple[bool, float, str]:
    """Sort key: entries that turn something on first, then the newest."""
    at = story.entry.published_at
    return not story.on, -at.timestamp() if at else 0.0, story.entry.key


def _reason_for_digest(digest: Digest) -> str:
    if digest.frequency == Frequency.WEEKLY:
        return _("you asked for changes once a week")
    return _("you asked for changes once a day, or had three alerts already")


def _render_safely(row: Any, make: Callable[[], _Result]) -> _Result | RenderFailed:
    """Call `make`; log any error and return it as RenderFailed."""
    try:
        return make()
    except Exception as error:
        log.exception("%s %d cannot be put together", row._meta.model_name, row.pk)
        return RenderFailed(f"cannot be put together: {type(error).__name__}")


def _render_letter(letter: Letter) -> Mail | Skip | Defer:
    kind = LetterKind(letter.kind)
    if kind in (LetterKind.CONFIRM, LetterKind.NEW_ADDRESS):
        if letter.token is None:
            why = issue_confirmation(letter) if kind == LetterKind.CONFIRM else issue_move(letter)
            if why:
                return Defer() if why == WAITS else Skip(why)
        if letter.token is None or letter.token.used_at or letter.token.replaced_at:
            return Skip("its link was used or replaced")
        return emails.confirm(letter) if kind == LetterKind.CONFIRM else emails.new_address(letter)
    if kind == LetterKind.MANAGE:
        if was_written_lately(letter):
            return Skip(WRITTEN_LATELY)
        reader = Subscriber.objects.filter(normalised=letter.address).first()
        # Those who left may still want to download or erase their data, or to come back.
        if reader is None or reader.state not in (*WITH_ALERTS, SubscriberState.LEFT):
            return Skip("nobody has alerts at this address")
        return emails.manage_link(letter, reader)
    if kind == LetterKind.ADDRESS_CHANGED:
        return emails.address_changed(letter)
    return _render_about_record(kind, letter)


def _render_about_record(kind: LetterKind, letter: Letter) -> Mail | Skip:
    """Render a letter about subscriptions, an entry, a guide or a platform, if it still exists."""
    if kind in (LetterKind.WELCOME, LetterKind.STILL_WANTED):
        wishes = wishes_of(letter.subscriber)
        if not wishes:
            return Skip("no subscription left")
        if kind == LetterKind.STILL_WANTED:
            return emails.still_wanted(letter, wishes)
        subscriptions = Subscription.objects.filter(subscriber=letter.subscriber)
        steps = next_steps(subscriptions.values_list("scope", "value"))
        return emails.welcome(letter, wishes, steps)
    if kind == LetterKind.NEW_STEPS:
        guide = Guide.objects.published().filter(pk=letter.data["guide"]).first()
        return emails.new_steps(letter, guide) if guide else Skip("the guide is gone")
    if kind == LetterKind.NOT_WATCHED:
        platforms = Platform.objects.in_bulk([letter.data["platform"], letter.data["successor"]])
        platform = platforms.get(letter.data["platform"])
        if platform is None:
            return Skip("the platform is gone")
        return emails.not_watched(letter, platform, platforms.get(letter.data["successor"]))
    if kind == LetterKind.REVISED:
        revision = Revision.objects.for_readers().filter(pk=letter.data["revision"]).first()
        return emails.revised(letter, revision) if revision else Skip("the revision is gone")
    story = load_stories([letter.data["entry"]]).get(letter.data["entry"])
    if story is None or story.entry.status != PublicationStatus.PUBLISHED:
        return Skip("no longer published")
    deadline = story.entry.deadline_on
    days = (deadline - timezone.localdate()).days if deadline else 0
    return emails.reminder(letter, story, days) if days > 0 else Skip("the deadline has passed")


def wishes_of(subscriber: Subscriber | None) -> list[tuple[str, str]]:
    """Return each subscription in words: what it is about, and how often, where and what else."""
    subscriptions = list(Subscription.objects.filter(subscriber=subscriber))
    names = names_for(subscriptions)
    return [
        (
            subject_of(item, names),
            "; ".join(
                [
                    str(Frequency(item.frequency).label),
                    *way_in_words(item.frequency, item.place, reminders=item.reminders)[1:],
                ]
            ),
        )
        for item in subscriptions
    ]
