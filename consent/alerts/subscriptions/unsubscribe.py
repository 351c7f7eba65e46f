"""The page to unsubscribe, and one-click unsubscribe for mail programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from consent.alerts.subscriptions import lifecycle, tokens
from consent.alerts.subscriptions.choices import heading_of, names_for
from consent.alerts.subscriptions.forms import (
    ReasonForm,
)
from consent.alerts.subscriptions.link_pages import require_read_or_post
from consent.models import Subscriber
from consent.vocabulary import SubscriberState
from consent.web.page_cache import private_page


@csrf_exempt
@require_read_or_post
@private_page
def unsubscribe(request: HttpRequest, text: str) -> HttpResponseBase:
    """GET: the page with its one button. POST: one click in a mail program (RFC 8058).

    The POST comes from the reader's provider without cookies; its address contains a signature.
    It may be repeated. The answer has an empty body.
    """
    subscriber = tokens.open_unsubscribe(text)
    if request.method == "POST":
        if subscriber is None and not text.partition(".")[2]:
            return HttpResponse(status=404)
        if subscriber is not None:
            lifecycle.leave(subscriber)
        return HttpResponse(b"", content_type="text/plain")
    return _leave_page(request, subscriber, text)


@require_POST
@private_page
def unsubscribe_now(request: HttpRequest, text: str) -> HttpResponseBase:
    """The buttons of the page: leave, undo, or give a reason."""
    subscriber = tokens.open_unsubscribe(text)
    act = request.POST.get("act", "leave")
    if subscriber is None:
        return _leave_page(request, None, text)
    if act == "undo":
        undone = lifecycle.undo_leave(subscriber)
        return _leave_page(request, subscriber, text, undone=undone)
    if act == "reason":
        form = ReasonForm(request.POST)
        if form.is_valid() and subscriber.state == SubscriberState.LEFT:
            subscriber.leave_reason = form.cleaned_data["reason"]
            subscriber.save(update_fields=["leave_reason"])
        return _leave_page(request, subscriber, text, thanked=True)
    lifecycle.leave(subscriber)
    return _leave_page(request, subscriber, text)


def _leave_page(
    request: HttpRequest,
    subscriber: Subscriber | None,
    text: str,
    *,
    undone: bool | None = None,
    thanked: bool = False,
) -> HttpResponse:
    has_left = subscriber is None or subscriber.state in (
        SubscriberState.LEFT,
        SubscriberState.COMPLAINED,
    )
    subscriptions = list(subscriber.subscriptions.all()) if subscriber else []
    names = names_for(subscriptions)
    # No link to the manage page: it expires after 30 days, while this page's link never does.
    context = {
        "section": "alerts",
        "gone": has_left,
        "can_undo": bool(has_left and subscriptions and subscriber and subscriber.address),
        "subjects": [heading_of(item, names) for item in subscriptions],
        "text": text,
        "undone": undone,
        "thanked": thanked,
        "reason_form": ReasonForm(),
    }
    return render(request, "alerts/unsubscribe.html", context)
