"""Subscribe, confirm, manage, leave. GET and HEAD never change anything here.

No address stands in a URL of ours. Answers are the same whether an address is known or not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.alerts.moments import next_moment
from consent.alerts.subscriptions import lifecycle, tokens
from consent.alerts.subscriptions.addresses import normalise
from consent.alerts.subscriptions.choices import Choices, heading, keep, names_for
from consent.alerts.subscriptions.forms import (
    AddressForm,
    ChoicesForm,
    CodeForm,
    ReasonForm,
    SubscribeForm,
    SubscriptionForm,
    WayForm,
)
from consent.models import Subscriber, Subscription, Token
from consent.site.caching import private_page
from consent.site.open_forms import is_flood, started_now
from consent.standing.scope import Place
from consent.vocabulary import Frequency, SubscriberState, TokenPurpose
from platforms.numbers import read_number

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


# --- Subscribe -----------------------------------------------------------------------------------
@require_read_or_post
@private_page
def subscribe(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _subscribe_page(request, SubscribeForm(initial=_opened_for(request)))
    if is_flood(request):
        return render(request, "site/flood.html", {"section": "alerts"}, status=429)
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _subscribe_page(request, form, status=422)
    address, choices = form.cleaned_data["address"], form.choices()
    if not form.looks_automatic():
        lifecycle.ask_to_confirm(address, choices)
    return _check_page(request, address, form)


@csrf_exempt
@require_POST
@private_page
def subscribe_start(request: HttpRequest) -> HttpResponse:
    """The home page's form: show the sign-up with the address filled in.

    It changes nothing, so it needs no CSRF token, and the home page needs no cookie. It is a
    POST so that the address is in no URL, log or history.
    """
    initial = _opened_for(request) | {"address": request.POST.get("address", "")[:254]}
    return _subscribe_page(request, SubscribeForm(initial=initial))


@require_POST
@private_page
def confirm_by_code(request: HttpRequest) -> HttpResponseBase:
    """The six digits, typed where the mail was asked for."""
    if is_flood(request):
        return render(request, "site/flood.html", {"section": "alerts"}, status=429)
    form = CodeForm(request.POST)
    if form.is_valid():
        token = lifecycle.find_by_code(
            form.cleaned_data["address"], form.cleaned_data["code"].replace(" ", "")
        )
        subscriber = lifecycle.confirm(token) if token else None
        if subscriber is not None:
            return _to_manage(subscriber, "confirmed")
        form.add_error("code", _("These digits are not right, or no longer valid: use the link."))
    return render(request, "alerts/code.html", {"section": "alerts", "form": form}, status=422)


@require_read_or_post
@private_page
def confirm(request: HttpRequest, text: str) -> HttpResponseBase:
    token = tokens.find(TokenPurpose.CONFIRM, text)
    if token is None:
        return _dead_link(request, "unknown", status=404)
    if state := _state(token):
        return _dead_link(request, state, token=token)
    choices = Choices.from_json(token.payload)
    if request.method == "POST":
        subscriber = lifecycle.confirm(token)
        if subscriber is None:  # pressed twice
            return _dead_link(request, "used", token=token)
        return _to_manage(subscriber, "confirmed")
    context = {
        "section": "alerts",
        "subjects": _subjects(choices),
        "choices": choices,
        "frequency": Frequency(choices.frequency).label,
        "place": Place(choices.place).label if choices.place else "",
        "address": token.subscriber.address,
    }
    return render(request, "alerts/confirm.html", context)


@require_POST
@private_page
def confirm_again(request: HttpRequest, text: str) -> HttpResponseBase:
    """A new link in place of one that expired or was replaced, to the same address."""
    token = tokens.find(TokenPurpose.CONFIRM, text)
    if token is None:
        return _dead_link(request, "unknown", status=404)
    if not is_flood(request):
        lifecycle.ask_to_confirm(token.subscriber.address, Choices.from_json(token.payload))
    return render(request, "alerts/sent.html", {"section": "alerts"})


@require_read_or_post
@private_page
def new_address(request: HttpRequest, text: str) -> HttpResponseBase:
    """Confirm a new address. The link is in the new mailbox, the wish came from the manage page."""
    token = tokens.find(TokenPurpose.NEW_ADDRESS, text)
    if token is None:
        return _dead_link(request, "unknown", status=404)
    if state := _state(token):
        return _dead_link(request, state)
    if request.method == "POST":
        subscriber = lifecycle.change_address(token)
        if subscriber is None:
            return _dead_link(request, "used")
        return _to_manage(subscriber, "address")
    context = {"section": "alerts", "address": token.payload["address"]}
    return render(request, "alerts/new_address.html", context)


# --- Manage --------------------------------------------------------------------------------------
@require_read_or_post
@private_page
def manage_link(request: HttpRequest) -> HttpResponse:
    """Ask for the link to the manage page; also the help page that mails name."""
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
    opened = tokens.open_manage(text, timezone.localdate())
    if opened is None or opened.subscriber.state == SubscriberState.PENDING:
        return _dead_link(request, "unknown", status=404)
    if opened.expired:
        return _dead_link(request, "expired")
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
    opened = tokens.open_manage(text, timezone.localdate())
    if opened is None or opened.expired:
        return _dead_link(request, "unknown" if opened is None else "expired", status=404)
    response = JsonResponse(lifecycle.export(opened.subscriber), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="default-on-alerts.json"'
    return response


Act = Callable[[HttpRequest, Subscriber], HttpResponseBase]


def _change(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    subscription = _own(request, subscriber)
    form = SubscriptionForm(request.POST, instance=subscription, prefix=f"s{subscription.pk}")
    if not form.is_valid():
        return _manage_page(request, subscriber, changed=form, status=422)
    form.save()
    return _to_manage(subscriber, "changed")


def _remove(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    lifecycle.remove(subscriber, _own(request, subscriber))
    return _to_manage(subscriber, "removed")


def _add(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        return _manage_page(request, subscriber, added=form, status=422)
    keep(subscriber, form.choices())
    return _to_manage(subscriber, "changed")


def _way(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    form = WayForm(request.POST, instance=subscriber)
    if not form.is_valid():
        return _manage_page(request, subscriber, status=422)
    subscriber.save(update_fields=["time_zone", "language"])
    return _to_manage(subscriber, "changed")


def _address(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    form = AddressForm(request.POST)
    if form.is_valid() and normalise(form.cleaned_data["address"]) == subscriber.normalised:
        form.add_error("address", _("Your alerts go to this address already."))
    if not form.is_valid():
        return _manage_page(request, subscriber, moved=form, status=422)
    if not is_flood(request):
        lifecycle.ask_new_address(subscriber, form.cleaned_data["address"])
    return _to_manage(subscriber, "check")


def _pause(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    if subscriber.state == SubscriberState.ACTIVE:
        lifecycle.pause(subscriber)
    return _to_manage(subscriber, "changed")


def _resume(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    if subscriber.state in (SubscriberState.PAUSED, SubscriberState.BOUNCED):
        lifecycle.resume(subscriber)
    return _to_manage(subscriber, "changed")


def _keep(request: HttpRequest, subscriber: Subscriber) -> HttpResponseBase:
    lifecycle.still_wanted(subscriber)
    return _to_manage(subscriber, "kept")


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
    "way": _way,
    "address": _address,
    "pause": _pause,
    "resume": _resume,
    "keep": _keep,
    "leave": _leave,
    "erase": _erase,
}


# --- Leave ---------------------------------------------------------------------------------------
@csrf_exempt
@require_read_or_post
@private_page
def unsubscribe(request: HttpRequest, text: str) -> HttpResponseBase:
    """GET: the page with its one button. POST: one click in a mail program (RFC 8058).

    The POST is signed by its address, comes without cookies from the reader's provider, and is
    answered with an empty body, however often.
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
    """The button of the page: leave, come back, or say why."""
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


# --- Shared --------------------------------------------------------------------------------------
def _opened_for(request: HttpRequest) -> dict[str, Any]:
    """What a link to the form asks for: a platform, a kind of data, a view, or a scope."""
    query = request.GET
    initial: dict[str, Any] = {"started": started_now()}
    if platforms := query.getlist("platform"):
        initial |= {"what": "some", "platforms": platforms}
    if kinds := query.getlist("data"):
        initial |= {"what": "some", "data_kinds": kinds}
    if view := query.get("view"):
        initial |= {"what": "view", "view": view}
    if (what := query.get("what")) in ("everything", "turns-on"):
        initial["what"] = what
    return initial


def _subscribe_page(request: HttpRequest, form: SubscribeForm, status: int = 200) -> HttpResponse:
    context = {"section": "alerts", "form": form, "started": started_now()}
    return render(request, "alerts/subscribe.html", context, status=status)


def _check_page(request: HttpRequest, address: str, form: SubscribeForm) -> HttpResponse:
    choices = form.choices()
    context = {
        "section": "alerts",
        "address": address,
        "choices": choices,
        "subjects": _subjects(choices),
        "frequency": Frequency(choices.frequency).label,
        "place": Place(choices.place).label if choices.place else "",
        "started": started_now(),
        "again": [
            (name, value)
            for name in request.POST
            if name not in _NOT_REPEATED
            for value in request.POST.getlist(name)
        ],
    }
    return render(request, "alerts/check.html", context)


_NOT_REPEATED = {"csrfmiddlewaretoken", "started", "website", "address"}


def _subjects(choices: Choices) -> list[str]:
    pseudo = [Subscription(scope=scope, value=value) for scope, value in choices.subjects]
    names = names_for(pseudo)
    return [heading(scope, value, names) for scope, value in choices.subjects]


def _state(token: Token) -> str:
    """Why a link no longer works; empty while it does."""
    if token.used_at is not None:
        return "used"
    if token.replaced_at is not None:
        return "replaced"
    return "expired" if token.expires_at <= timezone.now() else ""


def _dead_link(
    request: HttpRequest, why: str, *, token: Token | None = None, status: int = 410
) -> HttpResponse:
    text = tokens.link_text(token) if token else ""
    context = {"section": "alerts", "why": why, "again": text}
    return render(request, "alerts/dead_link.html", context, status=status)


def _to_manage(subscriber: Subscriber, done: str) -> HttpResponse:
    text = tokens.manage_text(subscriber, timezone.localdate())
    response = redirect("manage", text)
    response["Location"] += f"?done={done}"
    return response


def _own(request: HttpRequest, subscriber: Subscriber) -> Subscription:
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
    now = timezone.now()
    subscriptions = list(subscriber.subscriptions.all())
    names = names_for(subscriptions)
    lines = []
    for each in subscriptions:
        form = SubscriptionForm(instance=each, prefix=f"s{each.pk}")
        digest = each.frequency != Frequency.AS_IT_HAPPENS
        lines.append(
            {
                "subscription": each,
                "about": heading(each.scope, each.value, names),
                "form": changed if changed and changed.instance.pk == each.pk else form,
                "next": next_moment(each.frequency, subscriber.time_zone, now) if digest else None,
            }
        )
    context = {
        "section": "alerts",
        "subscriber": subscriber,
        "text": tokens.manage_text(subscriber, timezone.localdate()),
        "unsubscribe": tokens.unsubscribe_text(subscriber.pk),
        "lines": lines,
        "way_form": WayForm(instance=subscriber),
        "add_form": added or ChoicesForm(),
        "address_form": moved or AddressForm(),
        "done": request.GET.get("done", ""),
        "unsure": unsure,
    }
    return render(request, "alerts/manage.html", context, status=status)


def _leave_page(
    request: HttpRequest,
    subscriber: Subscriber | None,
    text: str,
    *,
    undone: bool | None = None,
    thanked: bool = False,
) -> HttpResponse:
    gone = subscriber is None or subscriber.state in (
        SubscriberState.LEFT,
        SubscriberState.COMPLAINED,
    )
    subscriptions = list(subscriber.subscriptions.all()) if subscriber else []
    names = names_for(subscriptions)
    # No link to the manage page: that one ends after 30 days, while this page's never does.
    context = {
        "section": "alerts",
        "gone": gone,
        "can_undo": bool(gone and subscriptions and subscriber and subscriber.address),
        "subjects": [heading(each.scope, each.value, names) for each in subscriptions],
        "text": text,
        "undone": undone,
        "thanked": thanked,
        "reason_form": ReasonForm(),
    }
    return render(request, "alerts/unsubscribe.html", context)
