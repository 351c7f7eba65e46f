"""The closed lists of subscriptions and mails."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SubscriberState(TextChoices):
    PENDING = "pending", _("not confirmed yet")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    LEFT = "left", _("left")
    BOUNCED = "bounced", _("mail came back")
    COMPLAINED = "complained", _("reported our mail as spam")


class Scope(TextChoices):
    """What a subscription is about. A place to live in narrows any of them."""

    EVERYTHING = "everything", _("every change")
    TURNS_ON = "turns-on", _("only when something is turned on")
    PLATFORM = "platform", _("platform")
    DATA_KIND = "data-kind", _("kind of data")
    VIEW = "view", _("a view of the timeline")


class Frequency(TextChoices):
    """Their order in the alphabet is their order in time: the soonest is the least."""

    AS_IT_HAPPENS = "as-it-happens", _("as it happens, at most three a day")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")


class AlertKind(TextChoices):
    """Which mail tells of an entry."""

    CHANGE = "change", _("change")  # M3
    COMING = "coming", _("coming")  # M4
    CORRECTION = "correction", _("correction")  # M8
    POSTPONED = "postponed", _("postponed or withdrawn")  # M10


class LetterKind(TextChoices):
    """Mails about the subscription itself, and those to a few people about one thing."""

    CONFIRM = "confirm", _("confirm")  # M1
    WELCOME = "welcome", _("you are set")  # M2
    REMINDER = "reminder", _("days left")  # M5
    REVISED = "revised", _("corrected, moved or withdrawn")  # M8 and M10 of an entry itself
    NEW_STEPS = "new-steps", _("new steps")  # M9
    MANAGE = "manage", _("link to change alerts")  # M11
    NEW_ADDRESS = "new-address", _("confirm new address")  # M12
    ADDRESS_CHANGED = "address-changed", _("notice to the old address")
    NOT_WATCHED = "not-watched", _("no longer watched")  # M13
    STILL_WANTED = "still-wanted", _("still wanted?")  # M14


#: Sent because somebody typed an address into a form: no list headers, another sender.
ON_REQUEST = frozenset(
    {LetterKind.CONFIRM, LetterKind.MANAGE, LetterKind.NEW_ADDRESS, LetterKind.ADDRESS_CHANGED}
)


class TokenPurpose(TextChoices):
    CONFIRM = "confirm", _("confirm alerts")
    NEW_ADDRESS = "new-address", _("confirm a new address")


class BounceKind(TextChoices):
    PERMANENT = "permanent", _("permanent")
    TRANSIENT = "transient", _("transient")
    COMPLAINT = "complaint", _("complaint")
