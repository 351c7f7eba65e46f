"""An entry is published: one Alert for everyone who wants to hear of it, in one statement.

Called inside the transaction that publishes (consent/curation/decisions.py), so that an entry and
its alerts exist together or not at all. The database finds and writes the rows by itself: a hundred
thousand subscribers cost no memory here.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Min, Q
from django.http import QueryDict
from django.utils import timezone

from consent.ledger.filters import TimelineFilters, without_wording
from consent.ledger.scope import Place, applies_in
from consent.models import Alert, Entry, Guide, Letter, Revision, Subscription
from consent.models.alerts import SubscriptionQuerySet
from consent.vocabulary import (
    IN_USE,
    AlertKind,
    Effect,
    Frequency,
    LetterKind,
    Scope,
    SubscriberState,
)
from platforms.models import Platform

log = logging.getLogger(__name__)

#: Mails wait this long after publishing, so that undo can stop them.
HOLD = dt.timedelta(minutes=10)

TURNING_ON = {
    Effect.USE_INTRODUCED,
    Effect.PLEDGE_DROPPED,
    Effect.DEFAULT_ON,
    Effect.OPT_OUT_REMOVED,
    Effect.SCOPE_WIDENED,
    Effect.SHARING_WIDENED,
    Effect.RESUMED,
}
#: Who paused gets what corrects an earlier mail of ours when the pause ends.
_OWED_CORRECTIONS = (SubscriberState.ACTIVE, SubscriberState.PAUSED)
_PUT_OFF = {Effect.POSTPONED, Effect.PAUSED, Effect.WITHDRAWN}


def announce(entry: Entry) -> int:
    """Write the Alerts of an entry that is being published; return how many.

    Those who heard of the entry that this one corrects or postpones hear of it at once, however
    often they want mail; a correction is told to nobody else.
    """
    due_at = timezone.now() + HOLD
    told = 0
    kind = kind_of(entry)
    if entry.follows_id is not None and kind in (AlertKind.CORRECTION, AlertKind.POSTPONED):
        heard = (
            Alert.objects.notified(entry.follows_id)
            .filter(subscriber__state__in=_OWED_CORRECTIONS)
            .order_by()
            .values_list("subscriber_id", "subscription_id")
        )
        told += _write(entry, kind, due_at, heard, frequency=Frequency.AS_IT_HAPPENS)
        if kind == AlertKind.CORRECTION:
            return told
    wanted = (
        concerned(entry)
        .order_by()
        .values("subscriber_id")
        .annotate(because=Min("pk"), soonest=Min("frequency"))
        .values_list("subscriber_id", "because", "soonest")
    )
    return told + _write(entry, kind, due_at, wanted)


def take_back(entry: Entry) -> bool:
    """Remove the Alerts of an entry within the hold; False if a mail may have gone out already."""
    unclaimed = Q(digest=None) | Q(digest__claimed_at=None)
    Alert.objects.filter(unclaimed, entry=entry, claimed_at=None, sent_at=None).delete()
    return not Alert.objects.filter(entry=entry).exists()


def kind_of(entry: Entry) -> AlertKind:
    """Which mail tells of an entry."""
    effects = set(entry.effects)
    if Effect.CORRECTION in effects:
        return AlertKind.CORRECTION
    if effects & _PUT_OFF:
        return AlertKind.POSTPONED
    if entry.effective_on is not None and entry.effective_on > timezone.localdate():
        return AlertKind.COMING
    return AlertKind.CHANGE


def turns_on(entry: Entry) -> bool:
    """Tell whether more is used of people who do nothing."""
    if set(entry.effects) & TURNING_ON:
        return True
    return entry.opened_states.filter(value__in=IN_USE).exists()


def concerned(entry: Entry) -> SubscriptionQuerySet:
    """The subscriptions, of subscribers who get mail now, that an entry is for."""
    where = Q(scope=Scope.VIEW, value__in=_views_showing(entry))
    if entry.effects != [Effect.WORDING_ONLY]:
        slugs = list(entry.platforms.values_list("slug", flat=True))
        where |= Q(scope=Scope.EVERYTHING)
        where |= Q(scope=Scope.PLATFORM, value__in=slugs)
        where |= Q(scope=Scope.DATA_KIND, value__in=entry.data_kinds)
        if turns_on(entry):
            where |= Q(scope=Scope.TURNS_ON)
    places = [
        place
        for place in Place
        if not entry.regions or any(applies_in(region, place) for region in entry.regions)
    ]
    return Subscription.objects.of_reachable().filter(where, place__in=["", *places])


def tell_revision(revision: Revision) -> int:
    """Write M8 or M10 to those who heard of an entry that was revised in public."""
    heard = Alert.objects.notified(revision.entry_id)
    key = f"revision-{revision.pk}"
    data = {"revision": revision.pk}
    return _letters(heard, LetterKind.REVISED, key, data, states=_OWED_CORRECTIONS)


def tell_not_watched(platform: Platform, successor: Platform | None) -> int:
    """Write M13 to those who asked about a platform that is watched no more."""
    asked = Subscription.objects.filter(scope=Scope.PLATFORM, value=platform.slug)
    data = {"platform": platform.pk, "successor": successor.pk if successor else 0}
    return _letters(asked, LetterKind.NOT_WATCHED, f"platform-{platform.pk}", data)


def tell_new_steps(guide: Guide) -> int:
    """Write M9 to those who heard of a change whose guide was doubtful until now."""
    heard = Alert.objects.filter(
        sent_at__isnull=False, entry__settings__in=guide.settings.all(), entry__status="published"
    )
    day = timezone.localdate()
    return _letters(heard, LetterKind.NEW_STEPS, f"guide-{guide.pk}-{day}", {"guide": guide.pk})


def remind(entry: Entry, days: int) -> int:
    """Write M5 to those who heard of an entry in time and asked to be reminded of its like.

    days: how long before the deadline. What a later entry corrected, put off or withdrew has no
    deadline any more.
    """
    later = (kind_of(each) for each in entry.followed_by.published())
    if entry.deadline_on is None or {AlertKind.CORRECTION, AlertKind.POSTPONED} & set(later):
        return 0
    day = entry.deadline_on - dt.timedelta(days=days)
    before = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    asked = concerned(entry).filter(reminders=True).order_by().values("subscriber_id")
    heard = Alert.objects.notified(entry.pk).filter(subscriber__in=asked, sent_at__lt=before)
    key = f"entry-{entry.pk}-{entry.deadline_on}-{days}"
    return _letters(heard, LetterKind.REMINDER, key, {"entry": entry.pk, "days": days})


def _views_showing(entry: Entry) -> list[str]:
    """Return the saved views that list an entry; each is asked once, however many share it.

    A view that cannot be asked is skipped: what one reader saved must never stop publishing. It is
    logged and marked, so that the operator hears of it (sending/monitoring.py).
    """
    views = Subscription.objects.of_reachable().filter(scope=Scope.VIEW).order_by()
    shown = []
    for query, marked in views.values_list("value", "fault").distinct():
        fault = ""
        try:
            with transaction.atomic():  # PostgreSQL: a failed query must not end the publishing
                if _shows(query, entry):
                    shown.append(query)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"[:300]
            log.warning("The saved view %r cannot be asked: %s", query, fault)
        if fault != marked:
            Subscription.objects.filter(scope=Scope.VIEW, value=query).update(fault=fault)
    return shown


def _shows(query: str, entry: Entry) -> bool:
    """True if a saved view lists an entry. Raises ValueError for one with invalid filters."""
    filters = TimelineFilters(QueryDict(query))
    if filters.errors:  # its platform or region is gone: without it, it would list everything
        said = [f"{name}: {' '.join(map(str, errors))}" for name, errors in filters.errors.items()]
        raise ValueError("; ".join(said))
    entries = filters.narrow(Entry.objects.filter(pk=entry.pk))
    if filters.hides_wording():
        entries = without_wording(entries)
    return entries.exists()


def _write(
    entry: Entry, kind: AlertKind, due_at: dt.datetime, chosen: Any, frequency: str = ""
) -> int:
    """INSERT … SELECT: subscriber, subscription and, unless given, frequency come from `chosen`.

    A subscriber who has an alert of this entry keeps the one they have.
    """
    try:
        query, values = chosen.query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that nobody is chosen
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
    # Only names of our own columns are put together here; every value is a parameter.
    statement = (
        f"INSERT INTO {quote(Alert._meta.db_table)} "  # noqa: S608
        f"({', '.join(map(quote, [*constants, *columns]))}) "
        f"SELECT {', '.join(['%s'] * len(constants))}, chosen.* FROM ({query}) chosen "
        "WHERE true ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants.values(), *values])
        return int(cursor.rowcount)


def _letters(
    heard: Any,
    kind: LetterKind,
    key: str,
    data: dict[str, Any],
    states: Sequence[str] = (SubscriberState.ACTIVE,),
) -> int:
    """Write one letter to each subscriber among those who heard; none twice for a key."""
    now = timezone.now()
    people = (
        heard.filter(subscriber__state__in=states)
        .order_by()
        .values_list("subscriber_id", "subscriber__normalised")
        .distinct()
    )
    written = 0
    batch: list[Letter] = []
    for pk, address in people.iterator(chunk_size=1000):
        batch.append(
            Letter(kind=kind, subscriber_id=pk, address=address, key=key, data=data, due_at=now)
        )
        if len(batch) == 1000:
            written += len(Letter.objects.bulk_create(batch, ignore_conflicts=True))
            batch = []
    return written + len(Letter.objects.bulk_create(batch, ignore_conflicts=True))
