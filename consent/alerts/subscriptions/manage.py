"""The page where a subscriber changes alerts, address or language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consent.alerts.fan_out.digest_times import next_moment
from consent.alerts.subscriptions import lifecycle, tokens
from consent.alerts.subscriptions.choices import MOST_VIEWS, heading_of, keep, names_for
from consent.alerts.subscriptions.forms import (
    AddressForm,
    ChoicesForm,
    PreferencesForm,
    SubscriptionForm,
)
from consent.alerts.subscriptions.link_pages import (
    dead_link,
    open_token,
    require_read_or_post,
    to_manage,
)
from consent.alerts.subscriptions.mail_addresses import normalise
from consent.alerts.subscriptions.next_steps import next_steps
from consent.models import Subscriber, Subscription, Token
from consent.vocabulary import Frequency, SubscriberState, TokenPurpose
from consent.web.open_forms import is_flood
from consent.web.page_cache import private_page
from platforms.numbers import read_number


@require_read_or_post
@private_page
@open_token(TokenPurpose.NEW_ADDRESS)
def new_address(request: HttpRequest, token: Token) -> HttpResponseBase:
    """Confirm a new address: asked for on the manage page, its link mailed to the new address."""
    if request.method == "POST":
        subscriber = lifecycle.change_address(token)
        if subscriber is None:
            return dead_link(request, "used")
        return to_manage(subscriber, "address")
    context = {"section": "alerts", "address": token.payload["address"]}
    return render(request, "alerts/new_address.html", context)


@require_read_or_post
@private_page
def manage_link(request: HttpRequest) -> HttpResponse:
    """Request the link to the manage page; also the help page in the headers of mails."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if is_flood(request):
            return render(request, "site/flood.html", {"section": "alerts"}, status=429)
        if form.is_valid():
            lifecycle.send_manage_link(form.cleaned_data["address"])
            context = {"section": "alerts", "address": form.cleaned_data["address"]}
            return render(request, "alerts/sent.html", context)
    status = 422 if form.is_bound else 200
    return render(
        request, "alerts/manage_link.html", {"section": "alerts", "form": form}, status=status
    )


@require_read_or_post
@private_page
def manage(request: HttpRequest, text: str) -> HttpResponseBase:
    opened = tokens.open_manage(text)
    if opened is None or opened.subscriber.state == SubscriberState.PENDING:
        return dead_link(request, "unknown", status=404)
    if opened.expired:
        return dead_link(request, "expired")
    subscriber = opened.subscriber
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            return _manage_page(request, subscriber, status=400)
        if subscriber.asked_at is not None and act not in (_leave, _erase):
            lifecycle.still_wanted(subscriber)  # whoever changes alerts still wants them
        return act(request, subscriber)
    return _manage_page(request, subscriber)


@require_safe
@private_page
def export(request: HttpRequest, text: str) -> HttpResponseBase:
    opened = tokens.open_manage(text)
    if opened is None or opened.expired:
        return dead_link(request, "unknown" if opened is None else "expired", status=404)
    response = JsonResponse(lifecycle.export(opened.subscriber), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="default-on-alerts.json"'
    return response


Act = Callable[[HttpRequest, Subscriber], HttpResponseBase]


def _change(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    subscription = _posted_subscription(request, subscriber)
    form = SubscriptionForm(request.POST, instance=subscription, prefix=f"s{subscription.pk}")
    if not form.is_valid():
        return _manage_page(request, subscriber, changed=form, status=422)
    form.save()
    return to_manage(subscriber, "changed")


def _remove(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    lifecycle.remove(subscriber, _posted_subscription(request, subscriber))
    return to_manage(subscriber, "removed")


def _add(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    form = ChoicesForm(request.POST)
    if form.is_valid() and not keep(subscriber, form.choices()):
        too_many = _("You follow %d views already. Remove one to follow another.")
        form.add_error("what", too_many % MOST_VIEWS)
    if not form.is_valid():
        return _manage_page(request, subscriber, added=form, status=422)
    return to_manage(subscriber, "changed")


def _set_preferences(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    form = PreferencesForm(request.POST, instance=subscriber)
    if not form.is_valid():
        return _manage_page(request, subscriber, status=422)
    subscriber.save(update_fields=["time_zone", "language"])
    return to_manage(subscriber, "changed")


def _address(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    form = AddressForm(request.POST)
    if form.is_valid() and normalise(form.cleaned_data["address"]) == subscriber.normalised:
        form.add_error("address", _("Your alerts go to this address already."))
    if not form.is_valid():
        return _manage_page(request, subscriber, moved=form, status=422)
    if not is_flood(request):
        lifecycle.ask_new_address(subscriber, form.cleaned_data["address"])
    return to_manage(subscriber, "check")


def _pause(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    if subscriber.state == SubscriberState.ACTIVE:
        lifecycle.pause(subscriber)
    return to_manage(subscriber, "changed")


def _resume(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    if subscriber.state in (SubscriberState.PAUSED, SubscriberState.BOUNCED):
        lifecycle.resume(subscriber)
    return to_manage(subscriber, "changed")


def _keep(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    lifecycle.still_wanted(subscriber)
    return to_manage(subscriber, "kept")


def _leave(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    lifecycle.leave(subscriber)
    return redirect("unsubscribe", tokens.unsubscribe_text(subscriber.pk))


def _erase(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    if request.POST.get("sure") != "yes":
        return _manage_page(request, subscriber, unsure=True, status=422)
    lifecycle.forget(subscriber)
    return render(request, "alerts/erased.html", {"section": "alerts"})


_ACTS: dict[str, Act] = {
    "change": _change,
    "remove": _remove,
    "add": _add,
    "way": _set_preferences,
    "address": _address,
    "pause": _pause,
    "resume": _resume,
    "keep": _keep,
    "leave": _leave,
    "erase": _erase,
}


def _posted_subscription(request: HttpRequest, subscriber: Subscriber) -> Subscription:
    number = read_number(request.POST.get("subscription", ""))
    return get_object_or_404(subscriber.subscriptions, pk=number or 0)


def _manage_page(
    request: HttpRequest,
    subscriber: Subscriber,
    *,
    changed: SubscriptionForm | None = None,
    added: ChoicesForm | None = None,
    moved: AddressForm | None = None,
    unsure: bool = False,
    status: int = 200,
) -> HttpResponse:
    subscriptions = list(subscriber.subscriptions.all())
    lines = _lines(subscriber, subscriptions, changed)
    done = request.GET.get("done", "")
    confirmed = done in ("confirmed", "full")
    context = {
        "section": "alerts",
        "subscriber": subscriber,
        "steps": next_steps((each.scope, each.value) for each in subscriptions)
        if confirmed
        else None,
        "has_digests": any(line["next"] for line in lines),
        "text": tokens.manage_text(subscriber),
        "unsubscribe": tokens.unsubscribe_text(subscriber.pk),
        "lines": lines,
        "way_form": PreferencesForm(instance=subscriber),
        "add_form": added or ChoicesForm(),
        "address_form": moved or AddressForm(),
        "done": done,
        "most_views": MOST_VIEWS,
        "unsure": unsure,
    }
    return render(request, "alerts/manage.html", context, status=status)


def _lines(
    subscriber: Subscriber, subscriptions: list[Subscription], changed: SubscriptionForm | None
) -> list[dict[str, Any]]:
    """Return a line of the page for each subscription: what it is about, its form, its next mail.

    changed: the form of one of them as it was posted.
    """
    now = timezone.now()
    names = names_for(subscriptions)
    lines = []
    for subscription in subscriptions:
        form = SubscriptionForm(instance=subscription, prefix=f"s{subscription.pk}")
        frequency = subscription.frequency
        is_digest = frequency != Frequency.AS_IT_HAPPENS
        lines.append(
            {
                "subscription": subscription,
                "about": heading_of(subscription, names),
                "form": changed if changed and changed.instance.pk == subscription.pk else form,
                "next": next_moment(frequency, subscriber.time_zone, now) if is_digest else None,
            }
        )
    return lines
