"""A mail as it is sent, for whoever thinks about alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils import timezone

from consent.alerts.fan_out.announce import kind_of
from consent.alerts.mails import emails
from consent.alerts.mails.stories import load_stories
from consent.ledger.filters import shown_by_default
from consent.models import Entry

register = template.Library()


@register.inclusion_tag("alerts/_sample.html")
def mail_sample(slugs: Sequence[str]) -> dict[str, Any]:
    """Show the mail about the latest change of any of these platforms; nothing without one."""
    of_platforms = Entry.objects.for_timeline().filter(platforms__slug__in=slugs).distinct()
    entry = shown_by_default(of_platforms).newest_first().first() if slugs else None
    if entry is None:
        return {"sample": None}
    story = load_stories([entry.pk])[entry.pk]
    draft = emails.draft_alert(story, kind_of(entry), timezone.localdate())
    return {"sample": emails.as_sample(draft), "entry": entry}
