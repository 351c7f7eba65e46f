"""A published entry is revised in public: those who heard of it hear of that too."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from consent.alerts.fan_out.announce import tell_revision
from consent.models import Revision


@receiver(post_save, sender=Revision, dispatch_uid="tell-revision")
def tell(sender: type[Revision], *, instance: Revision, created: bool, **_: Any) -> None:
    """In the transaction that writes the revision, so that neither exists alone."""
    if created:
        tell_revision(instance)
