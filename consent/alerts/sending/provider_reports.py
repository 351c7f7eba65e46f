"""What a mail provider tells us of its own accord: bounces, complaints, wishes to hear no more.

django-anymail (requirements-webhooks.txt) checks that it is the provider who speaks, and puts what
each calls these things into words of its own. There is no address but for providers named in
MAIL_WEBHOOKS.
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

from consent.alerts.sending.bounces import is_lasting, record_bounce, status_in
from consent.alerts.subscriptions.addresses import normalise
from consent.alerts.subscriptions.lifecycle import leave
from consent.alerts.subscriptions.tokens import Returned
from consent.models import Subscriber
from consent.vocabulary import BounceKind
from consent.web.caching import private_page
from platforms.days import is_within_bounds

log = logging.getLogger(__name__)

#: Each with its view in django-anymail.
PROVIDERS = {
    "brevo": "brevo.BrevoTrackingWebhookView",
    "mailersend": "mailersend.MailerSendTrackingWebhookView",
    "mailgun": "mailgun.MailgunTrackingWebhookView",
    "mailjet": "mailjet.MailjetTrackingWebhookView",
    "postmark": "postmark.PostmarkTrackingWebhookView",
    "sparkpost": "sparkpost.SparkPostTrackingWebhookView",
}
#: Those that sign what they send, with a key that they show in their settings.
SIGNING = frozenset({"mailersend", "mailgun"})
_SHORTEST_SECRET = 16
_MESSAGE_ID = re.compile(
    r"<?(?:letter-(?P<letter>[0-9]{1,18})@|alert-(?P<alert>\w{1,40})-\d+@"
    r"|digest-(?P<frequency>daily|weekly)-(?P<day>[0-9]{8})-\d)"
)
_LONGEST_ADDRESS = 320  # characters: 64 for the local part, "@", 255 for the domain
#: A provider may tell of a mail before our row says that it was sent.
_CLOCKS_APART = dt.timedelta(minutes=1)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
@private_page
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Take what a provider reports. Repetitions are answered with 200; wrong credentials, and what
    cannot be read, with 400. Of a post with several events, those that can be read are acted on.

    HEAD is how some providers ask whether the address is there.
    """
    if provider not in settings.MAIL_WEBHOOKS or provider not in PROVIDERS:
        raise Http404
    if not settings.MAIL_WEBHOOK_SECRET:  # django-anymail would believe everybody then
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
    except Exception:  # django-anymail raises whatever JSON of another shape leads to
        log.warning("A post of %s cannot be read", provider, exc_info=True)
        return refused
    reports = [_report_of(event) for event in events]
    for report in reports:
        if report is not None:
            _act_on(provider, report)
    return refused if None in reports else HttpResponse()


@dataclass(frozen=True, slots=True)
class _Report:
    """One event of anymail.signals, its fields checked."""

    event_type: str
    reject_reason: str
    recipient: str
    timestamp: dt.datetime | None
    words: str
    message_id: str
    event_id: str
    is_soft: bool


def _report_of(event: Any) -> _Report | None:
    """Return an event with its fields checked; None where they cannot be what they should be."""
    recipient = event.recipient or ""
    if not isinstance(recipient, str) or len(recipient) > _LONGEST_ADDRESS:
        return None
    said_at = event.timestamp
    if said_at is not None:
        if not isinstance(said_at, dt.datetime) or not is_within_bounds(said_at):
            return None
        said_at = said_at if timezone.is_aware(said_at) else said_at.replace(tzinfo=dt.UTC)
    return _Report(
        event_type=_text(event.event_type),
        reject_reason=_text(event.reject_reason),
        recipient=recipient if recipient.isprintable() else "",
        timestamp=said_at,
        words=" ".join(filter(None, (_text(event.mta_response), _text(event.description)))),
        message_id=_text(event.message_id),
        event_id=_text(event.event_id),
        is_soft=_is_called_soft(event.esp_event),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _act_on(provider: str, report: _Report) -> None:
    """Act on one report; nothing if it is about nobody we know."""
    subscriber = Subscriber.objects.filter(normalised=normalise(report.recipient)).first()
    if subscriber is None:
        return
    if _says_unsubscribed(report):
        said_at = report.timestamp or timezone.now()
        if subscriber.kept_at is None or said_at > subscriber.kept_at:  # not before they came back
            leave(subscriber)
        return
    kind = _kind_of(report)
    if kind is not None:
        mail = Returned(_mail_of(provider, report, subscriber), subscriber.pk, subscriber.epoch)
        record_bounce(mail, kind, status=status_in(report.words), detail=report.words)


def _says_unsubscribed(event: _Report) -> bool:
    rejected = event.event_type == "rejected" and event.reject_reason == "unsubscribed"
    return bool(event.event_type == "unsubscribed" or rejected)


def _kind_of(event: _Report) -> BounceKind | None:
    """What kind of bounce an event is; None for those that are none, such as "delivered"."""
    rejected_for = event.reject_reason if event.event_type == "rejected" else ""
    if event.event_type == "complained" or rejected_for == "spam":
        return BounceKind.COMPLAINT
    if event.event_type == "deferred":
        return BounceKind.TRANSIENT
    if event.event_type == "bounced" or rejected_for:
        status = status_in(event.words)
        gave_way = bool(status) and not is_lasting(status)
        unclear = rejected_for not in ("", "bounced", "invalid")  # a block, a policy of theirs
        soft = gave_way or unclear or event.is_soft
        return BounceKind.TRANSIENT if soft else BounceKind.PERMANENT
    return None


def _is_called_soft(said: Any) -> bool:
    """Tell whether the provider itself calls a bounce soft, which django-anymail does not keep."""
    if not isinstance(said, Mapping):
        return False
    words = [said.get(name, "") for name in ("Type", "event", "type")]
    return any("soft" in str(word).lower() for word in words)


def _mail_of(provider: str, event: _Report, subscriber: Subscriber) -> str:
    """The mail an event is about, by the name that its return address has: told twice, once by
    the provider and once by a report that came back, its failure counts once.

    Some providers pass our Message-ID on. For the others it is the last mail sent before; and
    where there is none, a name that is the same for each repetition.
    """
    if name := _named(event.message_id, subscriber):
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


def _named(message_id: str, subscriber: Subscriber) -> str:
    """Find a reader's mail by the Message-ID that emails.py gave it; empty if there is none."""
    found = _MESSAGE_ID.match(message_id)
    if found is None:
        return ""
    row: Any
    if found["letter"]:
        row = subscriber.letters.filter(pk=found["letter"]).first()
    elif found["alert"]:
        row = subscriber.alerts.filter(entry__public_id=found["alert"]).first()
    else:
        try:
            day = dt.date.fromisoformat(found["day"])
        except ValueError:
            return ""
        row = subscriber.digests.filter(frequency=found["frequency"], up_to__date=day).first()
    return f"{row._meta.model_name[0]}{row.pk}" if row else ""


@register("security")
def check_webhooks(**_: Any) -> list[CheckMessage]:
    """Refuse to start with webhooks that anybody could call, or that could not work."""
    if not settings.MAIL_WEBHOOKS:
        return []
    found: list[CheckMessage] = []
    unknown = sorted(set(settings.MAIL_WEBHOOKS) - set(PROVIDERS))
    if unknown:
        hint = f"Known are {', '.join(PROVIDERS)}."
        found.append(
            Error(f"MAIL_WEBHOOKS names {', '.join(unknown)}.", hint=hint, id="alerts.E001")
        )
    if find_spec("anymail") is None:
        hint = "Install requirements-webhooks.txt."
        found.append(Error("MAIL_WEBHOOKS needs django-anymail.", hint=hint, id="alerts.E002"))
    name, _colon, password = settings.MAIL_WEBHOOK_SECRET.partition(":")
    if not name or len(password) < _SHORTEST_SECRET:
        hint = (
            f"Set it to user:password, the password at least {_SHORTEST_SECRET} characters, and "
            "have the provider call https://user:password@…/mail/webhooks/NAME."
        )
        found.append(Error("MAIL_WEBHOOK_SECRET is missing or weak.", hint=hint, id="alerts.E003"))
    if SIGNING & set(settings.MAIL_WEBHOOKS) and not settings.MAIL_WEBHOOK_SIGNING_KEY:
        hint = "Copy the key for signing webhooks from the provider's settings."
        found.append(Error("MAIL_WEBHOOK_SIGNING_KEY is not set.", hint=hint, id="alerts.E004"))
    return found
