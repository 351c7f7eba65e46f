"""A reader's choices: from the form to subscriptions, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consent.ledger.filters import ActiveFilter, TimelineFilters
from consent.ledger.reader_place import place_in_sentence, place_label
from consent.models import Subscriber, Subscription
from consent.vocabulary import NARROWABLE_SCOPES, DataKind, Frequency, Scope
from platforms.models import Platform

#: Saved views of one subscriber. Each different one is a query whenever an entry is published.
MOST_VIEWS = 20


@dataclass(frozen=True, slots=True)
class Choices:
    """A completed form. subjects: pairs of scope and value; each becomes a subscription.

    only_turned_on: narrows the platforms and kinds of data among them.
    """

    subjects: tuple[tuple[str, str], ...]
    frequency: str
    place: str = ""
    reminders: bool = False
    only_turned_on: bool = False
    time_zone: str = "UTC"
    language: str = settings.LANGUAGE_CODE

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Choices:
        subjects = tuple((scope, value) for scope, value in data["subjects"])
        return cls(**data | {"subjects": subjects})

    def lines(self, *, typed: bool = True) -> list[str]:
        """Return all choices in words, a line each. Pages and mails show the same.

        typed: False for the mail to an unconfirmed address, which contains only choices from our
        own lists, since the sender may be a stranger to the recipient.
        """
        names = names_of_platforms(value for scope, value in self.subjects if scope == "platform")
        lines = [
            heading(scope, value, names, self.narrows(scope), typed=typed)
            for scope, value in self.subjects
        ]
        return [*lines, *way_in_words(self.frequency, self.place, reminders=self.reminders)]

    def narrows(self, scope: str) -> bool:
        """Return whether subjects of this scope are only about what turns training on."""
        return self.only_turned_on and scope in NARROWABLE_SCOPES


def keep(subscriber: Subscriber, choices: Choices) -> bool:
    """Turn choices into subscriptions; what was asked for before and again is changed.

    False if a view was left out because the subscriber follows MOST_VIEWS others.
    """
    all_kept = True
    views = subscriber.subscriptions.filter(scope=Scope.VIEW)
    for scope, value in choices.subjects:
        known = _known(subscriber, scope, value, choices.place)
        if known is None and scope == Scope.VIEW and views.count() >= MOST_VIEWS:
            all_kept = False
            continue
        known = known or Subscription(subscriber=subscriber, scope=scope, value=value)
        known.place, known.only_turned_on = choices.place, choices.narrows(scope)
        known.frequency, known.reminders = choices.frequency, choices.reminders
        known.save()
    return all_kept


def follows(subscriber: Subscriber, choices: Choices) -> bool:
    """Tell whether a subscriber has a subscription for each of these choices."""
    return all(_known(subscriber, scope, value, choices.place) for scope, value in choices.subjects)


def _known(subscriber: Subscriber, scope: str, value: str, place: str) -> Subscription | None:
    return subscriber.subscriptions.filter(scope=scope, value=value, place=place).first()


def subject(
    scope: str,
    value: str,
    platforms: dict[str, str],
    only_turned_on: bool = False,
    *,
    typed: bool = True,
) -> str:
    """Return in words what a subscription is about.

    platforms: names by slug. typed: False omits text that a reader typed.
    """
    if scope == Scope.VIEW:
        if typed:
            return _("the view “%s”") % view_in_words(value)
        chosen = _chosen_in_words(value)
        return _("a view you saved (%s)") % chosen if chosen else _("a view you saved")
    if scope == Scope.PLATFORM:
        words = platforms.get(value, value if typed else _("a platform"))
    elif scope == Scope.DATA_KIND:
        words = str(DataKind(value).label)
    else:
        words = str(Scope(scope).label)
    return _("%s, only when AI training is turned on") % words if only_turned_on else words


def heading(
    scope: str,
    value: str,
    platforms: dict[str, str],
    only_turned_on: bool = False,
    *,
    typed: bool = True,
) -> str:
    """Return `subject` with a capital letter, except for names of platforms."""
    words = subject(scope, value, platforms, only_turned_on, typed=typed)
    return words if scope == Scope.PLATFORM else str(capfirst(words))


def way_in_words(frequency: str, place: str, *, reminders: bool) -> list[str]:
    """Return how often, for which place and with which reminders alerts come, a line each."""
    lines = [str(capfirst(Frequency(frequency).label))]
    if place:
        lines.append(_("Only what concerns people in: %s") % place_label(place))
    if reminders:
        lines.append(str(capfirst(_("reminders before deadlines"))))
    return lines


def view_in_words(query: str) -> str:
    return _listed(TimelineFilters(QueryDict(query)).active()) or _("whole timeline")


def _chosen_in_words(query: str) -> str:
    """Return the filters of a view that are chosen from lists or calendars; may be empty."""
    filters = TimelineFilters(QueryDict(query))
    return _listed(active for active in filters.active() if active.name not in filters.TYPED)


def _listed(filters: Iterable[ActiveFilter]) -> str:
    return ", ".join(
        f"{active.label}: {active.value}" if active.value else active.label for active in filters
    )


def joined(parts: Sequence[str], most: int = 3) -> str:
    """ "A, B and C"; beyond `most`, "A, B and 5 more"."""
    if len(parts) > most:
        parts = [*parts[: most - 1], _("%d more") % (len(parts) - most + 1)]
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def names_of_platforms(slugs: Iterable[str]) -> dict[str, str]:
    return dict(Platform.objects.filter(slug__in=list(slugs)).values_list("slug", "name"))


def names_for(subscriptions: Iterable[Subscription]) -> dict[str, str]:
    """Return the names of all platforms in these subscriptions, with one query."""
    slugs = {item.value for item in subscriptions if item.scope == Scope.PLATFORM}
    return names_of_platforms(slugs) if slugs else {}


def subscription_in_words(subscription: Subscription, platforms: dict[str, str]) -> str:
    """Return a subscription in one line: "Slack, for Germany, once a day"."""
    about = subject_of(subscription, platforms)
    if place := subscription.place:
        about = _("%(about)s, for people %(place)s") % {
            "about": about,
            "place": place_in_sentence(place),
        }
    return f"{about}, {Frequency(subscription.frequency).label}"


def subject_of(subscription: Subscription, platforms: dict[str, str]) -> str:
    """Return `subject` of a subscription."""
    narrowed = subscription.only_turned_on
    return subject(subscription.scope, subscription.value, platforms, narrowed)


def heading_of(subscription: Subscription, platforms: dict[str, str]) -> str:
    """Return `heading` of a subscription."""
    narrowed = subscription.only_turned_on
    return heading(subscription.scope, subscription.value, platforms, narrowed)
