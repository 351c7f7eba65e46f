"""The closed lists of what readers tell us."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Worked(TextChoices):
    """The answers to "Did this work?"."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class ReportKind(TextChoices):
    ERROR = "error", _("error")
    PLATFORM = "platform", _("platform to watch")


class ReportStatus(TextChoices):
    """How a report stands; all but the first are what a curator made of it."""

    OPEN = "open", _("open")
    ACTED_ON = "acted-on", _("acted on")
    ANSWERED = "answered", _("answered")
    DECLINED = "declined", _("no error, or not taken up")
    SPAM = "spam", _("spam")
