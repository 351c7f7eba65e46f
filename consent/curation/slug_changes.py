"""When a slug changes, keep old links and subscriptions working.

FormerSlug redirects old links of platforms and guides. Uses and controls store their own former
slugs. Subscriptions to a platform get the new slug.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver

from consent.models import Control, FormerSlug, Guide, Subscription, Use
from consent.vocabulary import Scope
from platforms.models import Platform


@receiver(pre_save, sender=Platform, dispatch_uid="platform-renamed")
@receiver(pre_save, sender=Use, dispatch_uid="use-renamed")
@receiver(pre_save, sender=Control, dispatch_uid="control-renamed")
@receiver(pre_save, sender=Guide, dispatch_uid="guide-renamed")
def keep_former_slug(
    sender: type[Platform | Use | Control | Guide],
    instance: Platform | Use | Control | Guide,
    update_fields: Collection[str] | None = None,
    **_: Any,
) -> None:
    if instance.pk is None or (update_fields is not None and "slug" not in update_fields):
        return
    was = sender._default_manager.filter(pk=instance.pk).values_list("slug", flat=True).first()
    if was is None or was == instance.slug:
        return
    if isinstance(instance, Use | Control):
        instance.former_slugs = [*instance.former_slugs, was]
        return
    FormerSlug.objects.remember(instance, was)
    if isinstance(instance, Platform):
        Subscription.objects.filter(scope=Scope.PLATFORM, value=was).update(value=instance.slug)
