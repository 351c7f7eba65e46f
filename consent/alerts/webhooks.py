"""What a mail provider tells us of its own accord: bounces, complaints, wishes to hear no more.

django-anymail (requirements-webhooks.txt) checks that it is the provider who speaks, and puts what
each calls these things into words of its own. There is no address but for providers named in
MAIL_WEBHOOKS.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consent.alerts.addresses import normalise
from consent.alerts.bounces import came_back, is_lasting, status_in
from consent.alerts.subscribing import leave
from consent.alerts.tokens import Returned
from consent.alerts.vocabulary import BounceKind
from consent.models import Subscriber
from consent.site.caching import private_page

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
    r"<?(?:letter-(?P<letter>\d+)@|alert-(?P<alert>\w+)-\d+@"
    r"|digest-(?P<frequency>daily|weekly)-(?P<day>\d{8})-\d)"
)
#: A provider may tell of a mail before our row says that it was sent.
_CLOCKS_APART = dt.timedelta(minutes=1)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
@private_page
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Take what a provider reports. Wrong credentials are answered with 400, repetitions with 200.

    HEAD is how some providers ask whether the address is there.
    """
    if provider not in settings.MAIL_WEBHOOKS or provider not in PROVIDERS:
        raise Http404
    if not settings.MAIL_WEBHOOK_SECRET:  # django-anymail would believe everybody then
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    view = import_string(f"anymail.webhooks.{PROVIDERS[provider]}")()
    try:
        view.run_validators(request)  # raises SuspiciousOperation, which Django answers with 400
        events = view.parse_events(request)
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(f"This is no report of {provider}.\n", "text/plain", status=400)
    for event in events:
        _hear(provider, event)
    return HttpResponse()


def _hear(provider: str, event: Any) -> None:
    """Act on one event, in the words of anymail.signals; nothing if it is about nobody we know."""
    subscriber = Subscriber.objects.filter(normalised=normalise(event.recipient or "")).first()
    if subscriber is None:
        return
    if _says_unsubscribed(event):
        said_at = event.timestamp or timezone.now()
        if subscriber.kept_at is None or said_at > subscriber.kept_at:  # not before they came back
            leave(subscriber)
        return
    detail = " ".join(filter(None, (event.mta_response, event.description)))
    kind = _kind_of(event, detail)
    if kind is not None:
        mail = Returned(_mail_of(provider, event, subscriber), subscriber.pk, subscriber.epoch)
        came_back(mail, kind, status=status_in(detail), detail=detail)


def _says_unsubscribed(event: Any) -> bool:
    rejected = event.event_type == "rejected" and event.reject_reason == "unsubscribed"
    return bool(event.event_type == "unsubscribed" or rejected)


def _kind_of(event: Any, detail: str) -> BounceKind | None:
    """What kind of bounce an event is; None for those that are none, such as "delivered"."""
    rejected_for = event.reject_reason if event.event_type == "rejected" else ""
    if event.event_type == "complained" or rejected_for == "spam":
        return BounceKind.COMPLAINT
    if event.event_type == "deferred":
        return BounceKind.TRANSIENT
    if event.event_type == "bounced" or rejected_for:
        status = status_in(detail)
        gave_way = bool(status) and not is_lasting(status)
        unclear = rejected_for not in ("", "bounced", "invalid")  # a block, a policy of theirs
        soft = gave_way or unclear or _is_called_soft(event.esp_event)
        return BounceKind.TRANSIENT if soft else BounceKind.PERMANENT
    return None


def _is_called_soft(said: Any) -> bool:
    """Tell whether the provider itself calls a bounce soft, which django-anymail does not keep."""
    words = [said.get(name, "") for name in ("Type", "event", "type")] if said else []
    return any("soft" in str(word).lower() for word in words)


def _mail_of(provider: str, event: Any, subscriber: Subscriber) -> str:
    """The mail an event is about, by the name that its return address has: told twice, once by
    the provider and once by a report that came back, its failure counts once.

    Some providers pass our Message-ID on. For the others it is the last mail sent before; and
    where there is none, a name that is the same for each repetition.
    """
    if name := _named(str(event.message_id or ""), subscriber):
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
        day = dt.date.fromisoformat(found["day"])
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
