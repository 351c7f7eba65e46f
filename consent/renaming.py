"""A platform or a guide gets another slug: what was said under the old one follows.

Links lead on (FormerSlug), and so do the subscriptions of those who asked for the platform.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver

from consent.alerts.vocabulary import Scope
from consent.models import FormerSlug, Guide, Subscription
from platforms.models import Platform


@receiver(pre_save, sender=Platform, dispatch_uid="platform-renamed")
@receiver(pre_save, sender=Guide, dispatch_uid="guide-renamed")
def follow(
    sender: type[Platform | Guide],
    instance: Platform | Guide,
    update_fields: Collection[str] | None = None,
    **_: Any,
) -> None:
    if instance.pk is None or (update_fields is not None and "slug" not in update_fields):
        return
    was = sender._default_manager.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if was is None or was == instance.slug:
        return
    FormerSlug.objects.remember(instance, was)
    if isinstance(instance, Platform):
        Subscription.objects.filter(scope=Scope.PLATFORM, value=was).update(value=instance.slug)
