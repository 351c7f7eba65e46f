"""Write one Alert for each subscriber whose subscriptions match a published entry.

Called inside the transaction that publishes (consent/curation/decisions.py), so that an entry and
its alerts are committed together. One INSERT … SELECT writes all rows: a hundred thousand
subscribers need no memory here.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Min, Q
from django.http import QueryDict
from django.utils import timezone

from consent.ledger.filters import TimelineFilters
from consent.ledger.reader_place import reaches
from consent.ledger.turns import concerns_training, turned_on_pks
from consent.models import Alert, Entry, Guide, Letter, Revision, State, Subscription
from consent.models.alerts import SubscriptionQuerySet
from consent.models.changes import UNDO_FOR
from consent.vocabulary import (
    LEFT_ALONE,
    AlertKind,
    Effect,
    Frequency,
    LetterKind,
    PublicationStatus,
    Scope,
    SubscriberState,
    Topic,
)
from platforms.models import Platform

log = logging.getLogger(__name__)

TURNING_ON = {
    Effect.USE_INTRODUCED,
    Effect.PLEDGE_DROPPED,
    Effect.DEFAULT_ON,
    Effect.OPT_OUT_REMOVED,
    Effect.SCOPE_WIDENED,
    Effect.SHARING_WIDENED,
    Effect.RESUMED,
}
#: Paused subscribers get corrections of earlier mails too, when the pause ends.
_OWED_CORRECTIONS = (SubscriberState.ACTIVE, SubscriberState.PAUSED)
_PUT_OFF = {Effect.POSTPONED, Effect.PAUSED, Effect.WITHDRAWN}


def announce(entry: Entry) -> int:
    """Write the Alerts of an entry that is being published; return how many.

    If the entry corrects or postpones another, or says that an announcement came to nothing,
    subscribers who were notified of that one get a mail at once, whatever their frequency. Nobody
    else is notified of a correction.
    """
    due_at = timezone.now() + UNDO_FOR  # no mail leaves while its decision can be undone
    written = 0
    kind = kind_of(entry)
    if kind in (AlertKind.CORRECTION, AlertKind.POSTPONED):
        earlier = _earlier(entry)
        for pk in earlier:
            notified = (
                Alert.objects.notified(pk)
                .filter(subscriber__state__in=_OWED_CORRECTIONS)
                .order_by()
                .values_list("subscriber_id", "subscription_id")
            )
            at_once = Frequency.AS_IT_HAPPENS
            written += _insert_alerts(entry, kind, due_at, notified, frequency=at_once)
        if earlier and kind == AlertKind.CORRECTION:
            return written
    return written + _insert_alerts(entry, kind, due_at, _wanted(concerned(entry)))


def announce_again(entry: Entry, *, before: dt.datetime) -> int:
    """Write the Alerts of an entry again whose retraction was wrong and had deleted them.

    before: the time of the retraction; whoever subscribed after it does not get old news.
    """
    due_at = timezone.now() + UNDO_FOR
    wanted = _wanted(concerned(entry).filter(created_at__lt=before))
    return _insert_alerts(entry, kind_of(entry), due_at, wanted)


def _wanted(subscriptions: SubscriptionQuerySet) -> Any:
    """Return subscriber, subscription and frequency, one row for each subscriber."""
    rows = subscriptions.order_by().values("subscriber_id")
    rows = rows.annotate(because=Min("pk"), soonest=Min("frequency"))
    return rows.values_list("subscriber_id", "because", "soonest")


def _earlier(entry: Entry) -> list[int]:
    """Return the keys of the entries that this one corrects, postpones or settles."""
    if entry.follows_id is not None:
        return [entry.follows_id]
    return list(entry.announcements.published().values_list("pk", flat=True))


def take_back(entry: Entry) -> bool:
    """Delete the unsent Alerts of an entry; False if a mail may have been sent already."""
    unclaimed = Q(digest=None) | Q(digest__claimed_at=None)
    Alert.objects.filter(unclaimed, entry=entry, claimed_at=None, sent_at=None).delete()
    return not Alert.objects.filter(entry=entry).exists()


def kind_of(entry: Entry) -> AlertKind:
    """Return the kind of alert for an entry."""
    effects = set(entry.effects)
    if Effect.CORRECTION in effects:
        return AlertKind.CORRECTION
    if effects & _PUT_OFF:
        return AlertKind.POSTPONED
    coming_on = entry.due_on or entry.effective_on
    if coming_on is not None and coming_on > timezone.localdate():
        return AlertKind.COMING
    return AlertKind.CHANGE


def turns_on(entry: Entry) -> bool:
    """Return whether more data are, or will be, used for training of people who do nothing."""
    return bool(turning_on([entry]))


def turning_on(entries: Sequence[Entry]) -> set[int]:
    """Return the keys of those entries that turn training on, with two queries for all.

    By its effects an entry does unless all that it opens leaves people alone who do nothing: a use
    that is introduced for those who agree turns nothing on.
    """
    training = {entry.pk: entry for entry in entries if concerns_training(entry)}
    by_state = set(turned_on_pks(to_come=True).filter(opened_by__in=training))
    opened = defaultdict(set)
    for pk, value in State.objects.filter(opened_by__in=training).values_list("opened_by", "value"):
        opened[pk].add(value)
    by_effects = {
        pk
        for pk, entry in training.items()
        if set(entry.effects) & TURNING_ON and not (opened[pk] and opened[pk] <= set(LEFT_ALONE))
    }
    return by_state & training.keys() | by_effects


def concerned(entry: Entry) -> SubscriptionQuerySet:
    """Return matching subscriptions of subscribers who get mail now.

    Other matters than training, and new wording alone, are only for views that show them.
    Enforcement is for those who follow everything or the platform.
    """
    where = Q(scope=Scope.VIEW, value__in=_views_showing(entry))
    if entry.effects != [Effect.WORDING_ONLY] and entry.topic != Topic.OTHER:
        slugs = list(entry.platforms.values_list("slug", flat=True))
        picked = Q(scope=Scope.PLATFORM, value__in=slugs)
        if entry.topic == Topic.TRAINING:
            picked |= Q(scope=Scope.DATA_KIND, value__in=entry.data_kinds)
        where |= Q(scope=Scope.EVERYTHING)
        if turns_on(entry):
            where |= picked | Q(scope=Scope.TURNS_ON)
        else:
            where |= picked & Q(only_turned_on=False)
    stored = Subscription.objects.order_by().values_list("place", flat=True).distinct()
    places = [place for place in stored if reaches(entry.where, place)]
    return Subscription.objects.of_reachable().filter(where, place__in=places)


def tell_revision(revision: Revision) -> int:
    """Write M8 or M10 to those who were notified of an entry that was publicly revised.

    No mail leaves while the revision can be taken back. What takes one back is for those who had
    mail about it.
    """
    if revision.undoes is not None:
        recipients: Any = Letter.objects.filter(key=revision_key(revision.undoes))
    else:
        recipients = Alert.objects.notified(revision.entry_id)
    data = {"revision": revision.pk}
    return _write_letters(
        recipients,
        LetterKind.REVISED,
        revision_key(revision),
        data,
        states=_OWED_CORRECTIONS,
        due_at=revision.revised_at + UNDO_FOR,
    )


def revision_key(revision: Revision) -> str:
    """Return the key of all letters about a revision."""
    return f"revision-{revision.pk}"


def tell_not_watched(platform: Platform, successor: Platform | None) -> int:
    """Write M13 to subscribers of a platform that is no longer watched."""
    subscriptions = Subscription.objects.filter(scope=Scope.PLATFORM, value=platform.slug)
    data = {"platform": platform.pk, "successor": successor.pk if successor else 0}
    return _write_letters(subscriptions, LetterKind.NOT_WATCHED, f"platform-{platform.pk}", data)


def tell_new_steps(guide: Guide) -> int:
    """Write M9 to those who were notified of a change whose guide was doubtful until now.

    No mail leaves while the new steps can be undone.
    """
    controls = guide.controls.all()
    notified = Alert.objects.filter(
        Q(entry__controls__in=controls) | Q(entry__uses__controls__in=controls),
        sent_at__isnull=False,
        entry__status=PublicationStatus.PUBLISHED,
    )
    key = f"{_steps_key(guide)}{timezone.localdate()}"
    data = {"guide": guide.pk}
    due_at = timezone.now() + UNDO_FOR
    return _write_letters(notified, LetterKind.NEW_STEPS, key, data, due_at=due_at)


def take_back_new_steps(guide: Guide) -> None:
    """Delete the unsent letters about new steps of a guide."""
    unsent = Letter.objects.filter(claimed_at=None, sent_at=None, kind=LetterKind.NEW_STEPS)
    unsent.filter(key__startswith=_steps_key(guide)).delete()


def _steps_key(guide: Guide) -> str:
    """Return how the keys of all letters about new steps of a guide begin."""
    return f"guide-{guide.pk}-"


def remind(entry: Entry, days: int) -> int:
    """Write M5 to those who were notified of an entry and want reminders of such entries.

    days: days before the deadline. Not sent if a later entry corrected, postponed or withdrew
    this one, and only to those notified before the day of the reminder.
    """
    later = [kind_of(follower) for follower in entry.followed_by.published()]
    if entry.outcome is not None and entry.outcome.status == PublicationStatus.PUBLISHED:
        later.append(kind_of(entry.outcome))
    if entry.deadline_on is None or {AlertKind.CORRECTION, AlertKind.POSTPONED} & set(later):
        return 0
    day = entry.deadline_on - dt.timedelta(days=days)
    before = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    want_reminders = concerned(entry).filter(reminders=True).order_by().values("subscriber_id")
    notified = Alert.objects.notified(entry.pk)
    recipients = notified.filter(subscriber__in=want_reminders, sent_at__lt=before)
    key = f"entry-{entry.pk}-{entry.deadline_on}-{days}"
    return _write_letters(recipients, LetterKind.REMINDER, key, {"entry": entry.pk, "days": days})


def _views_showing(entry: Entry) -> list[str]:
    """Return the saved views that list an entry, with one query for each different view.

    A view whose query fails is skipped, so that no reader's view can stop publishing. It is
    logged and marked, and the operator gets an alarm (sending/mail_health.py).
    """
    views = Subscription.objects.of_reachable().filter(scope=Scope.VIEW).order_by()
    matching = []
    for query, old_fault in views.values_list("value", "fault").distinct():
        fault = ""
        try:
            with transaction.atomic():  # PostgreSQL: a failed query must not end the publishing
                if _shows(query, entry):
                    matching.append(query)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"[:300]
            # Neither the query nor the error's text: what a reader looks for is theirs.
            log.warning("The query of a saved view failed: %s", type(error).__name__)
        if fault != old_fault:
            Subscription.objects.filter(scope=Scope.VIEW, value=query).update(fault=fault)
    return matching


def _shows(query: str, entry: Entry) -> bool:
    """True if a saved view lists an entry. Raises ValueError for one with invalid filters."""
    filters = TimelineFilters(QueryDict(query))
    if filters.errors:  # such as a deleted platform: without that filter it would list everything
        messages = [
            f"{name}: {' '.join(map(str, errors))}" for name, errors in filters.errors.items()
        ]
        raise ValueError("; ".join(messages))
    return filters.shown_of(Entry.objects.filter(pk=entry.pk)).exists()


def _insert_alerts(
    entry: Entry, kind: AlertKind, due_at: dt.datetime, chosen: Any, frequency: str = ""
) -> int:
    """Run INSERT … SELECT. `chosen` selects subscriber, subscription and, unless given, frequency.

    Subscribers who already have an alert for this entry get no second one.
    """
    try:
        query, values = chosen.query.sql_with_params()
    except EmptyResultSet:  # Django sees without a query that there are no rows
        return 0
    times = [connection.ops.adapt_datetimefield_value(at) for at in (due_at, timezone.now())]
    columns = ["subscriber_id", "subscription_id", *([] if frequency else ["frequency"])]
    constants: dict[str, Any] = {
        "entry_id": entry.pk,
        "kind": str(kind),
        "due_at": times[0],
        "created_at": times[1],
        "attempts": 0,
        "last_error": "",
        **({"frequency": str(frequency)} if frequency else {}),
    }
    quote = connection.ops.quote_name
    # Only names of our own columns are interpolated; every value is a parameter.
    statement = (
        f"INSERT INTO {quote(Alert._meta.db_table)} "  # noqa: S608
        f"({', '.join(map(quote, [*constants, *columns]))}) "
        f"SELECT {', '.join(['%s'] * len(constants))}, chosen.* FROM ({query}) chosen "
        "WHERE true ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants.values(), *values])
        return int(cursor.rowcount)


def _write_letters(
    recipients: Any,
    kind: LetterKind,
    key: str,
    data: dict[str, Any],
    states: Sequence[str] = (SubscriberState.ACTIVE,),
    due_at: dt.datetime | None = None,
) -> int:
    """Write a letter to each subscriber of these rows (alerts or subscriptions), once for a key.

    due_at: when it may leave; None: now.
    """
    due_at = due_at or timezone.now()
    people = (
        recipients.filter(subscriber__state__in=states)
        .order_by()
        .values_list("subscriber_id", "subscriber__normalised")
        .distinct()
    )
    written = 0
    batch: list[Letter] = []
    for pk, address in people.iterator(chunk_size=1000):
        batch.append(
            Letter(kind=kind, subscriber_id=pk, address=address, key=key, data=data, due_at=due_at)
        )
        if len(batch) == 1000:
            written += len(Letter.objects.bulk_create(batch, ignore_conflicts=True))
            batch = []
    return written + len(Letter.objects.bulk_create(batch, ignore_conflicts=True))
