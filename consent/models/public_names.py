"""PublicName: what readers are shown of a person at the desk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from platforms.models import CleanTexts


class PublicName(CleanTexts):
    """The name that a person at the desk chose for readers. Without one they are "an editor"."""

    curator = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="shown_as", editable=False
    )
    name = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse the person's login name, and the name of somebody else."""
        if not self.name:
            return
        if self.name.casefold() == self.curator.get_username().casefold():
            raise ValidationError(
                {"name": "This is the name you log in with: choose another, or leave it empty."}
            )
        if PublicName.objects.exclude(pk=self.pk).filter(name__iexact=self.name).exists():
            raise ValidationError({"name": "Somebody else is shown under this name: vary it."})


def chosen_name(curator: Any) -> str:
    """Return the name that a person chose for readers; "" if they chose none."""
    try:
        return str(curator.shown_as.name)
    except PublicName.DoesNotExist:
        return ""


def public_name(curator: Any) -> str:
    """Return what readers are shown of a person, in the language of the page: never the login."""
    return chosen_name(curator) or _("an editor")
