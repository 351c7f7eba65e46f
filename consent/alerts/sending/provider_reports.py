"""Webhooks of mail providers: bounces, complaints, unsubscriptions.

django-anymail (requirements-webhooks.txt) authenticates the provider and translates its events to
common names. Only providers named in MAIL_WEBHOOKS have an address; others get 404.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.startup import OPERATION
from consent.alerts.sending.bounces import is_lasting, record_bounce, status_in
from consent.alerts.subscriptions.lifecycle import leave
from consent.alerts.subscriptions.mail_addresses import normalise
from consent.alerts.subscriptions.tokens import Returned
from consent.models import Subscriber
from consent.vocabulary import BounceKind
from consent.web.page_cache import private_page
from platforms.characters import without_controls
from platforms.days import is_within_bounds

log = logging.getLogger(__name__)

#: Name in MAIL_WEBHOOKS and view in django-anymail.
PROVIDERS = {
    "brevo": "brevo.BrevoTrackingWebhookView",
    "mailersend": "mailersend.MailerSendTrackingWebhookView",
    "mailgun": "mailgun.MailgunTrackingWebhookView",
    "mailjet": "mailjet.MailjetTrackingWebhookView",
    "postmark": "postmark.PostmarkTrackingWebhookView",
    "sparkpost": "sparkpost.SparkPostTrackingWebhookView",
}
#: Providers that sign their requests, with a key from their settings.
SIGNING = frozenset({"mailersend", "mailgun"})
_SHORTEST_SECRET = 16
_MESSAGE_ID = re.compile(
    r"<?(?:letter-(?P<letter>[0-9]{1,18})@|alert-(?P<alert>\w{1,40})-\d+@"
    r"|digest-(?P<frequency>daily|weekly)-(?P<day>[0-9]{8})-\d)"
)
_LONGEST_ADDRESS = 320  # characters: 64 for the local part, "@", 255 for the domain
#: A provider may report a mail before we mark it as sent, or its clock may differ. Chosen.
_CLOCKS_APART = dt.timedelta(minutes=1)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
@private_page
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Handle the events of one request.

    Answers 200, also to repeated events; 400 to wrong credentials and to invalid events, after
    the valid ones of the request are handled. Some providers check the address with HEAD.
    """
    if provider not in settings.MAIL_WEBHOOKS or provider not in PROVIDERS:
        raise Http404
    if not settings.MAIL_WEBHOOK_SECRET:  # django-anymail would accept requests of anybody
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    view = import_string(f"anymail.webhooks.{PROVIDERS[provider]}")()
    refused = HttpResponse(f"This is no report of {provider}.\n", "text/plain", status=400)
    try:
        view.run_validators(request)
        events = view.parse_events(request)
    except SuspiciousOperation:
        raise  # wrong credentials; Django answers with 400
    except Exception as error:  # django-anymail raises various errors for unexpected JSON
        log.warning("A webhook request of %s cannot be parsed: %s", provider, type(error).__name__)
        return refused
    reports = [_parse_event(event) for event in events]
    for report in reports:
        if report is not None:
            _handle_report(provider, report)
    return refused if None in reports else HttpResponse()


@dataclass(frozen=True, slots=True)
class _Report:
    """A validated event of anymail.signals."""

    event_type: str
    reject_reason: str
    recipient: str
    timestamp: dt.datetime | None
    words: str
    message_id: str
    event_id: str
    is_soft: bool


def _parse_event(event: Any) -> _Report | None:
    """Validate an event; None if its recipient or time is invalid."""
    recipient = event.recipient or ""
    if not isinstance(recipient, str) or len(recipient) > _LONGEST_ADDRESS:
        return None
    timestamp = event.timestamp
    if timestamp is not None:
        if not isinstance(timestamp, dt.datetime) or not is_within_bounds(timestamp):
            return None
        if not timezone.is_aware(timestamp):
            timestamp = timestamp.replace(tzinfo=dt.UTC)
    return _Report(
        event_type=_text(event.event_type),
        reject_reason=_text(event.reject_reason),
        recipient=recipient if recipient.isprintable() else "",
        timestamp=timestamp,
        words=" ".join(filter(None, (_text(event.mta_response), _text(event.description)))),
        message_id=_text(event.message_id),
        event_id=_text(event.event_id),
        is_soft=_is_called_soft(event.esp_event),
    )


def _text(value: Any) -> str:
    return without_controls(value) if isinstance(value, str) else ""


def _handle_report(provider: str, report: _Report) -> None:
    """Handle one report; ignore it if no subscriber has the address."""
    subscriber = Subscriber.objects.filter(normalised=normalise(report.recipient)).first()
    if subscriber is None:
        return
    if _is_unsubscription(report):
        left_at = report.timestamp or timezone.now()
        if subscriber.kept_at is None or left_at > subscriber.kept_at:  # not before they came back
            leave(subscriber)
        return
    kind = _kind_of(report)
    if kind is not None:
        mail = Returned(_mail_of(provider, report, subscriber), subscriber.pk, subscriber.epoch)
        record_bounce(mail, kind, status=status_in(report.words), detail=report.words)


def _is_unsubscription(event: _Report) -> bool:
    rejected = event.event_type == "rejected" and event.reject_reason == "unsubscribed"
    return bool(event.event_type == "unsubscribed" or rejected)


def _kind_of(event: _Report) -> BounceKind | None:
    """Return the kind of bounce; None for other events, such as "delivered"."""
    rejected_for = event.reject_reason if event.event_type == "rejected" else ""
    if event.event_type == "complained" or rejected_for == "spam":
        return BounceKind.COMPLAINT
    if event.event_type == "deferred":
        return BounceKind.TRANSIENT
    if event.event_type == "bounced" or rejected_for:
        status = status_in(event.words)
        is_temporary = bool(status) and not is_lasting(status)
        is_policy = rejected_for not in ("", "bounced", "invalid")  # a block, a rule of theirs
        is_soft = is_temporary or is_policy or event.is_soft
        return BounceKind.TRANSIENT if is_soft else BounceKind.PERMANENT
    return None


def _is_called_soft(data: Any) -> bool:
    """Return whether the provider's own data call a bounce soft; django-anymail drops that."""
    if not isinstance(data, Mapping):
        return False
    words = [data.get(name, "") for name in ("Type", "event", "type")]
    return any("soft" in str(word).lower() for word in words)


def _mail_of(provider: str, event: _Report, subscriber: Subscriber) -> str:
    """Return the mail of an event under the name in its return address.

    So a failure that the provider and a bounce mail report counts once. Some providers pass our
    Message-ID on. Otherwise it is the last mail sent before the event; without one, the name is
    a digest that is the same for each repetition.
    """
    if name := _mail_by_message_id(event.message_id, subscriber):
        return name
    until = (event.timestamp or timezone.now()) + _CLOCKS_APART
    sent = [
        (row.sent_at, f"{letter}{row.pk}")
        for letter, rows in (
            ("l", subscriber.letters),
            ("a", subscriber.alerts.filter(digest=None)),
            ("d", subscriber.digests),
        )
        if (row := rows.filter(sent_at__lte=until).order_by("-sent_at").first())
    ]
    if sent:
        return max(sent)[1]
    mail = event.message_id or event.event_id or event.timestamp or dt.datetime.now(dt.UTC)
    digest = hashlib.sha256(f"{provider} {mail} {event.recipient}".encode()).hexdigest()
    return f"w-{digest[:32]}"


def _mail_by_message_id(message_id: str, subscriber: Subscriber) -> str:
    """Find a subscriber's mail by the Message-ID from emails.py; empty if there is none."""
    match = _MESSAGE_ID.match(message_id)
    if match is None:
        return ""
    row: Any
    if match["letter"]:
        row = subscriber.letters.filter(pk=match["letter"]).first()
    elif match["alert"]:
        row = subscriber.alerts.filter(entry__public_id=match["alert"]).first()
    else:
        try:
            day = dt.date.fromisoformat(match["day"])
        except ValueError:
            return ""
        row = subscriber.digests.filter(frequency=match["frequency"], up_to__date=day).first()
    return f"{row._meta.model_name[0]}{row.pk}" if row else ""


@register("security", OPERATION)
def check_webhooks(**_: Any) -> list[CheckMessage]:
    """Refuse to start with webhooks that lack authentication or a package."""
    if not settings.MAIL_WEBHOOKS:
        return []
    errors: list[CheckMessage] = []
    unknown = sorted(set(settings.MAIL_WEBHOOKS) - set(PROVIDERS))
    if unknown:
        hint = f"Known are {', '.join(PROVIDERS)}."
        errors.append(
            Error(f"MAIL_WEBHOOKS names {', '.join(unknown)}.", hint=hint, id="alerts.E001")
        )
    if find_spec("anymail") is None:
        hint = "Install requirements-webhooks.txt."
        errors.append(Error("MAIL_WEBHOOKS needs django-anymail.", hint=hint, id="alerts.E002"))
    name, _colon, password = settings.MAIL_WEBHOOK_SECRET.partition(":")
    if not name or len(password) < _SHORTEST_SECRET:
        hint = (
            f"Set it to user:password, the password at least {_SHORTEST_SECRET} characters, and "
            "have the provider call https://user:password@…/mail/webhooks/NAME."
        )
        errors.append(Error("MAIL_WEBHOOK_SECRET is missing or weak.", hint=hint, id="alerts.E003"))
    if SIGNING & set(settings.MAIL_WEBHOOKS) and not settings.MAIL_WEBHOOK_SIGNING_KEY:
        hint = "Copy the key for signing webhooks from the provider's settings."
        errors.append(Error("MAIL_WEBHOOK_SIGNING_KEY is not set.", hint=hint, id="alerts.E004"))
    return errors
