"""All mails, one function each: content, headers, recipient.

The texts are in templates/mails/, one folder for each mail. A mail to many subscribers is
rendered once; what differs (their links, the reason) replaces placeholders afterwards.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.alerts.mails import subjects
from consent.alerts.mails.stories import Story
from consent.alerts.subscriptions import tokens
from consent.alerts.subscriptions.choices import Choices
from consent.alerts.subscriptions.mail_addresses import normalise
from consent.alerts.subscriptions.next_steps import NextSteps
from consent.ledger.counts import digest_counts
from consent.ledger.revisions import fields_of
from consent.models import Alert, Digest, Entry, Guide, Letter, Revision, Subscriber
from consent.vocabulary import AlertKind, Frequency, Precision, RevisionKind
from consent.web.absolute_urls import absolute_url
from platforms.characters import without_controls
from platforms.fetching.policy import has_contact
from platforms.models import Platform

#: A digest lists at most so many changes and links to the rest, so that mails stay under 60 kB.
MOST_IN_DIGEST = 25

_MARK = secrets.token_hex(8)  # unknown to captured text, which could imitate a placeholder
_UNSUBSCRIBE, _MANAGE, _WHY = (f"[{_MARK}-{name}]" for name in ("unsubscribe", "manage", "why"))


@dataclass(frozen=True, slots=True)
class Mail:
    """A complete mail to one address. returns_to: envelope sender, which gets the reports."""

    to: str
    subject: str
    text: str
    html: str
    sender: str
    returns_to: str
    headers: dict[str, str] = field(default_factory=dict)
    #: Primary keys of the alerts in a digest.
    tells: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name in ("text", "html"):
            object.__setattr__(self, name, without_controls(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail with placeholders for what differs between subscribers, and its common headers."""

    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)


# --- Mails about entries -------------------------------------------------------------------------
def draft_alert(story: Story, kind: AlertKind) -> Draft:
    """M3, M4, M8, M10: one entry, the same for all subscribers."""
    entry = story.entry
    subject = {
        AlertKind.CHANGE: subjects.change_subject,
        AlertKind.COMING: subjects.coming_subject,
        AlertKind.CORRECTION: subjects.correction_subject,
        AlertKind.POSTPONED: subjects.postponed_subject,
    }[kind](entry)
    earlier = entry.follows or next(iter(entry.announcements.all()), None)
    return _draft(str(kind), {"subject": subject, "story": story, "wrong": earlier})


def address_alert(draft: Draft, alert: Alert, why: str) -> Mail:
    """Address an alert to its subscriber. Needs subscriber and entry preloaded."""
    threads = [thread_id(alert.entry)]
    headers = {}
    if alert.entry.follows is not None:
        first = _message_id(f"alert-{alert.entry.follows.public_id}-{alert.subscriber_id}")
        threads = [thread_id(alert.entry.follows), first]
        headers["In-Reply-To"] = first
    headers |= {
        "Message-ID": _message_id(f"alert-{alert.entry.public_id}-{alert.subscriber_id}"),
        "References": " ".join(threads),
    }
    return _to_subscriber(draft, alert.subscriber, f"a{alert.pk}", why, headers)


def digest(
    digest: Digest, stories: Sequence[Story], why: str, tells: Sequence[int] = (), part: int = 0
) -> Mail:
    """M6, M7: all changes since the last digest.

    tells: primary keys of the alerts in it. part: how many alerts of this digest were sent before.
    Late ones need another Message-ID, or mail programs treat the mail as a duplicate.
    """
    daily = digest.frequency == Frequency.DAILY
    draft = _draft(
        "digest-daily" if daily else "digest-weekly",
        {
            "subject": subjects.digest_subject(
                [story.entry for story in stories],
                digest_counts({story.entry.pk: story.on for story in stories}),
            ),
            "deadlines": _deadlines(stories),
            "stories": stories[:MOST_IN_DIGEST],
            "others": stories[MOST_IN_DIGEST:],
        },
    )
    name = f"digest-{digest.frequency}-{digest.up_to:%Y%m%d}-{digest.subscriber_id}"
    headers = {"Message-ID": _message_id(f"{name}-{part}" if part else name)}
    mail = _to_subscriber(draft, digest.subscriber, f"d{digest.pk}", why, headers)
    return replace(mail, tells=tuple(tells))


def _deadlines(stories: Sequence[Story]) -> list[tuple[Story, int]]:
    """Return the stories that can still be refused by a known day, the next first, with the days
    left.
    """
    today = timezone.localdate()
    open_ = [
        (story, (story.entry.deadline_on - today).days)
        for story in stories
        if story.entry.deadline_on is not None
        and story.entry.deadline_on >= today
        and story.entry.deadline_precision == Precision.DAY
    ]
    return sorted(open_, key=lambda each: each[1])


# --- Mails sent on request -----------------------------------------------------------------------
def confirm(letter: Letter) -> Mail:
    """M1."""
    token = _token(letter)
    return _on_request(
        letter,
        letter.subscriber.address if letter.subscriber else letter.address,
        "confirm",
        {
            "url": absolute_url(reverse("confirm", args=[tokens.link_text(token)])),
            "code": tokens.code_of(token),
            "lines": Choices.from_json(token.payload).lines(typed=False),
        },
    )


def manage_link(letter: Letter, subscriber: Subscriber) -> Mail:
    """M11."""
    url = tokens.manage_url(subscriber)
    return _on_request(letter, subscriber.address, "manage", {"url": url})


def new_address(letter: Letter) -> Mail:
    """M12, sent to the new address."""
    token = _token(letter)
    url = absolute_url(reverse("new-address", args=[tokens.link_text(token)]))
    return _on_request(letter, str(token.payload["address"]), "new-address", {"url": url})


def address_changed(letter: Letter) -> Mail:
    """Notify the old address of the change."""
    return _on_request(letter, letter.address, "address-changed", {})


# --- Mails about the subscription ----------------------------------------------------------------
def welcome(
    letter: Letter, wishes: Sequence[tuple[str, str]], steps: NextSteps | None = None
) -> Mail:
    """M2. wishes: what each subscription is about and the way it comes, in words."""
    steps = steps or NextSteps()
    often = re.split("[,;]", wishes[0][1])[0]
    subject = (
        subjects.fitting(
            _("You are set: %(scope)s, %(frequency)s")
            % {"scope": wishes[0][0], "frequency": often},
            _("You are set: %s") % often,
        )
        if len(wishes) == 1
        else _("You are set: %d subscriptions") % len(wishes)
    )
    guides = [(guide, absolute_url(guide.get_absolute_url())) for guide in steps.guides]
    checklist = absolute_url(steps.checklist) if steps.checklist else ""
    context = {"subject": subject, "wishes": wishes, "guides": guides, "checklist": checklist}
    draft = _draft("welcome", context)
    return _letter_to_subscriber(letter, draft, _("you confirmed these alerts"))


def reminder(letter: Letter, story: Story, days: int) -> Mail:
    """M5. days: days left when it is sent."""
    subject = subjects.reminder_subject(story.entry, days)
    draft = _draft("reminder", {"subject": subject, "story": story, "days": days})
    return _letter_to_subscriber(
        letter, draft, _("you asked to be reminded before deadlines"), story.entry
    )


def revised(letter: Letter, revision: Revision) -> Mail:
    """M8 or M10 for an entry that was itself corrected, postponed or withdrawn."""
    because = _("you had an alert of this from us")
    return _letter_to_subscriber(letter, draft_revised(revision), because, revision.entry)


def draft_revised(revision: Revision) -> Draft:
    """Return subject and body of the mail about a revision, the same for every reader."""
    entry = revision.entry
    subject = (
        subjects.postponed_subject(entry, moved=True)
        if revision.kind == RevisionKind.POSTPONEMENT
        else subjects.correction_subject(entry)
    )
    context = {
        "subject": subject,
        "entry": entry,
        "revision": revision,
        "fields": fields_of(revision),
        "url": absolute_url(entry.get_absolute_url()),
    }
    return _draft("revised", context)


def new_steps(letter: Letter, guide: Guide) -> Mail:
    """M9."""
    reason = _("you had an alert of a change it is about")
    return _letter_to_subscriber(letter, draft_new_steps(guide), reason)


def draft_new_steps(guide: Guide) -> Draft:
    subject = subjects.fitting(_("New steps for %s") % guide.platform.name)
    url = absolute_url(guide.get_absolute_url())
    return _draft("new-steps", {"subject": subject, "guide": guide, "url": url})


def not_watched(letter: Letter, platform: Platform, successor: Platform | None) -> Mail:
    """M13."""
    subject = subjects.fitting(_("We no longer watch %s") % platform.name)
    urls = {
        "url": absolute_url(platform.get_absolute_url()),
        "successor_url": absolute_url(successor.get_absolute_url()) if successor else "",
    }
    context = {"subject": subject, "platform": platform, "successor": successor, **urls}
    return _letter_to_subscriber(
        letter, _draft("not-watched", context), _("you asked for alerts about it")
    )


def still_wanted(letter: Letter, wishes: Sequence[tuple[str, str]]) -> Mail:
    """M14."""
    draft = _draft("still-wanted", {"subject": _("Still want these alerts?"), "wishes": wishes})
    return _letter_to_subscriber(letter, draft, _("you confirmed these alerts"))


def as_sample(draft: Draft) -> Draft:
    """Return a draft as one reader gets it. Links of nobody stand for the reader's own."""
    values = {
        _UNSUBSCRIBE: tokens.unsubscribe_url(0),
        _MANAGE: tokens.manage_url(Subscriber(pk=0)),
        _WHY: _("this is a sample; yours says for which alerts you asked"),
    }
    return replace(draft, text=_fill_in(draft.text, values), html=_fill_in(draft.html, values))


def thread_id(entry: Entry) -> str:
    """Return the id that all mails about an entry refer to, so that mail programs group them."""
    return _message_id(f"change-{entry.public_id}")


# --- Shared --------------------------------------------------------------------------------------
def _draft(name: str, context: dict[str, Any]) -> Draft:
    context = {"unsubscribe_url": _UNSUBSCRIBE, "manage_url": _MANAGE, "why": _WHY, **context}
    return replace(_render(name, context), headers=_list_headers())


def _list_headers() -> dict[str, str]:
    site = urlsplit(settings.SITE_URL).hostname
    return {
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"Default On alerts <alerts.{site}>",
        "List-Help": f"<{absolute_url(reverse('manage-link'))}>",
        "List-Archive": f"<{absolute_url(reverse('timeline'))}>",
        "Auto-Submitted": "auto-generated",
    }


def _render(name: str, context: dict[str, Any]) -> Draft:
    context = {
        "contact": settings.CONTACT_EMAIL if has_contact() else "",
        "report_url": absolute_url(reverse("report")),
        "language": get_language(),
        "site_url": settings.SITE_URL,
        **context,
    }
    subject, text = (
        # Subject and text are not HTML, so nothing is escaped.
        get_template(f"mails/{name}/{part}.txt").template.render(  # type: ignore[attr-defined] # Django's own engine
            Context(context, autoescape=False)
        )
        for part in ("subject", "body")
    )
    html = get_template(f"mails/{name}/body.html").render(context)
    return Draft(subjects.fitting(subject), text.strip() + "\n", html)


def _to_subscriber(
    draft: Draft, subscriber: Subscriber, mail: str, why: str, headers: dict[str, str]
) -> Mail:
    unsubscribe = tokens.unsubscribe_url(subscriber.pk)
    manage = tokens.manage_url(subscriber)
    values = {_UNSUBSCRIBE: unsubscribe, _MANAGE: manage}
    mailto = f"mailto:{tokens.return_address('u0', subscriber.pk)}?subject=unsubscribe"
    return Mail(
        to=subscriber.address,
        subject=draft.subject,
        text=_fill_in(draft.text, values | {_WHY: why}),
        html=_fill_in(draft.html, values | {_WHY: escape(why)}),
        sender=settings.ALERTS_FROM_EMAIL,
        returns_to=tokens.return_address(mail, subscriber.pk, subscriber.epoch),
        headers={"List-Unsubscribe": f"<{unsubscribe}>, <{mailto}>", **draft.headers, **headers},
    )


def _letter_to_subscriber(
    letter: Letter, draft: Draft, why: str, entry: Entry | None = None
) -> Mail:
    if letter.subscriber is None:
        raise ValueError("a letter with list headers goes to a subscriber")
    headers = {"Message-ID": _message_id(f"letter-{letter.pk}")}
    if entry is not None:
        first = _message_id(f"alert-{entry.public_id}-{letter.subscriber.pk}")
        headers |= {"References": f"{thread_id(entry)} {first}", "In-Reply-To": first}
    return _to_subscriber(draft, letter.subscriber, f"l{letter.pk}", why, headers)


def _on_request(letter: Letter, to: str, name: str, context: dict[str, Any]) -> Mail:
    draft = _render(name, context | {"address": to})
    return Mail(
        to=to,
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        sender=settings.DEFAULT_FROM_EMAIL,
        returns_to=_return_address(letter, to),
        headers={
            "Message-ID": _message_id(f"letter-{letter.pk}"),
            "Auto-Submitted": "auto-replied",
        },
    )


def _return_address(letter: Letter, to: str) -> str:
    """Return the return address of a letter; a bounce of any other address than the subscriber's
    current one must not count against the subscriber.
    """
    reader = letter.subscriber
    if reader is None or reader.normalised != normalise(to):
        return tokens.return_address(f"l{letter.pk}", 0)
    return tokens.return_address(f"l{letter.pk}", reader.pk, reader.epoch)


def _fill_in(text: str, values: dict[str, str]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text


def _message_id(name: str) -> str:
    return f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"


def _token(letter: Letter) -> Any:
    if letter.token is None:
        raise ValueError("this letter carries a link, and its token is gone")
    return letter.token
