"""A mail as it is sent, for whoever thinks about alerts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from consent.alerts.fan_out.announce import kind_of
from consent.alerts.mails import emails
from consent.alerts.mails.stories import Story, load_stories
from consent.ledger.filters import shown_by_default
from consent.models import Entry
from consent.templatetags.languages import as_written

register = template.Library()


@register.inclusion_tag("alerts/_sample.html")
def mail_sample(slugs: Sequence[str]) -> dict[str, Any]:
    """Show the mail about the latest change of any of these platforms; nothing without one."""
    of_platforms = Entry.objects.for_timeline().filter(platforms__slug__in=slugs).distinct()
    entry = shown_by_default(of_platforms).newest_first().first() if slugs else None
    if entry is None:
        return {"sample": None}
    story = load_stories([entry.pk])[entry.pk]
    draft = emails.as_sample(emails.draft_alert(story, kind_of(entry)))
    return {
        "sample": draft,
        "subject": _marked(draft.subject, story),
        "text": _marked(draft.text, story),
    }


def _marked(text: str, story: Story) -> SafeString:
    """Mark what curators and pages say in a mail with its language, where the page has another."""
    earlier = (story.entry.follows, *story.entry.announcements.all())
    said = [story.title, story.entry.summary, *(each.title for each in earlier if each)]
    said += (turn.title for turn in story.turned if not turn.language)
    said += (words for each in story.quotes for words in (each.removed, each.added, each.page))
    longest_first = sorted({escape(words) for words in said if words}, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    return SafeString(re.sub(pattern, lambda found: as_written(SafeString(found[0])), escape(text)))
