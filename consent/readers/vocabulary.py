"""The closed lists of what readers tell us."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Worked(TextChoices):
    """The answers to "Did this work?"."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")
