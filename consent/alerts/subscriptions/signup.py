"""Pages to sign up for alerts and to confirm the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from consent.alerts.subscriptions import lifecycle
from consent.alerts.subscriptions.choices import Choices, follows
from consent.alerts.subscriptions.forms import (
    CodeForm,
    SubscribeForm,
)
from consent.alerts.subscriptions.link_pages import (
    dead_link,
    open_token,
    require_read_or_post,
    to_manage,
)
from consent.alerts.subscriptions.next_steps import next_steps
from consent.alerts.subscriptions.retention import BLANK_AFTER
from consent.ledger.facts import facts_of
from consent.ledger.reader_place import place_code
from consent.ledger.state_of_play import PlatformLine, Reader
from consent.ledger.verdict import verdict
from consent.models import Subscriber, Token
from consent.vocabulary import Scope, TokenPurpose
from consent.web.open_forms import is_flood, started_now
from consent.web.page_cache import private_page
from platforms.models import Platform

#: Of so many platforms the answer is told. Chosen: the form stays in sight.
_MOST_ANSWERS = 3


@require_read_or_post
@private_page
def subscribe(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _subscribe_page(request, SubscribeForm(initial=_opened_for(request)))
    form = SubscribeForm(request.POST)
    if request.POST.get("find") and request.POST.get("names", "").strip():
        return _with_matches(request, form)
    if is_flood(request):
        form.add_error(None, _("Too many forms came from your network. Try again in an hour."))
        return _subscribe_page(request, form, status=429)
    if not form.is_valid():
        return _subscribe_page(request, form, status=422)
    if form.only_preticked():
        return _subscribe_page(request, SubscribeForm(initial=_without_all(form)), narrowed=True)
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
    """Confirm by the six digits of the mail, typed on the page that asked for it."""
    if is_flood(request):
        return render(request, "site/flood.html", {"section": "alerts"}, status=429)
    form = CodeForm(request.POST)
    if form.is_valid():
        token = lifecycle.find_by_code(
            form.cleaned_data["address"], form.cleaned_data["code"].replace(" ", "")
        )
        subscriber = lifecycle.confirm(token) if token else None
        if token is not None and subscriber is not None:
            return to_manage(subscriber, _outcome(subscriber, Choices.from_json(token.payload)))
        form.add_error("code", _("These digits are not right, or no longer valid: use the link."))
    return render(request, "alerts/code.html", {"section": "alerts", "form": form}, status=422)


@require_read_or_post
@private_page
@open_token(TokenPurpose.CONFIRM)
def confirm(request: HttpRequest, token: Token) -> HttpResponseBase:
    choices = Choices.from_json(token.payload)
    if request.method == "POST":
        subscriber = lifecycle.confirm(token)
        if subscriber is None:  # pressed twice
            return dead_link(request, "used", token=token)
        return to_manage(subscriber, _outcome(subscriber, choices))
    context = {
        "section": "alerts",
        "lines": choices.lines(),
        "steps": next_steps(choices.subjects),
        "address": token.subscriber.address,
    }
    return render(request, "alerts/confirm.html", context)


@require_POST
@private_page
@open_token(TokenPurpose.CONFIRM, dead_too=True)
def confirm_again(request: HttpRequest, token: Token) -> HttpResponseBase:
    """Send a new link to the address of one that expired or was replaced."""
    if not is_flood(request):
        lifecycle.ask_to_confirm(token.subscriber.address, Choices.from_json(token.payload))
    return render(request, "alerts/sent.html", {"section": "alerts"})


def _opened_for(request: HttpRequest) -> dict[str, Any]:
    """Return initial values from the query: platforms, kinds of data, a view, a scope, a place."""
    query = request.GET
    initial: dict[str, Any] = {"started": started_now(), "place": query.get("place", "")}
    if platforms := query.getlist("platform"):
        initial |= {"what": [], "platforms": platforms}
    if kinds := query.getlist("data"):
        initial |= {"what": [], "data_kinds": kinds}
    if view := query.get("view"):
        initial |= {"what": ["view"], "view": view}
    if (what := query.get("what")) in ("everything", "turns-on"):
        initial["what"] = [what]
    return initial


def _without_all(form: SubscribeForm) -> dict[str, Any]:
    """Return what was chosen, without "training turned on" anywhere, which we had ticked."""
    cleaned = form.cleaned_data
    kept = ("address", "platforms", "data_kinds", "frequency", "place", "reminders", "time_zone")
    chosen = {name: cleaned[name] for name in (*kept, "only_turned_on")}
    return {**chosen, "what": [], "started": started_now()}


def _with_matches(request: HttpRequest, asked: SubscribeForm) -> HttpResponse:
    """Show the form as it is, and the platforms that fit the names typed so far as boxes."""
    typed = request.POST["names"]
    meant, alike = asked.find(typed)
    kept = {name: asked[name].value() for name in asked.fields}
    ticked = [*(kept["platforms"] or []), *meant]
    names = "" if meant or alike else typed
    form = SubscribeForm(
        initial={**kept, "platforms": ticked, "names": names, "started": started_now()}
    )
    return _subscribe_page(request, form, found=alike, has_searched=True)


def _subscribe_page(
    request: HttpRequest,
    form: SubscribeForm,
    status: int = 200,
    *,
    narrowed: bool = False,
    found: Sequence[str] = (),
    has_searched: bool = False,
) -> HttpResponse:
    """narrowed: the reader chose something, and is asked whether they want the rest too.

    found: platforms whose names fit what was typed.
    """
    what = form["what"].value() or []
    platforms = form["platforms"].value() or []
    context = {
        "section": "alerts",
        "form": form,
        "started": started_now(),
        "narrowed": narrowed,
        "can_find": True,
        "found": found,
        "has_searched": has_searched,
        "preticked": what[0] if not form.is_bound and what == [Scope.TURNS_ON.value] else "",
        "chosen_platforms": platforms,
        "answers": _answers_of_today(platforms, form["place"].value() or ""),
        "watched": watched_pages(platforms),
        "days_after_leaving": BLANK_AFTER.days,
    }
    return render(request, "alerts/subscribe.html", context, status=status)


def _answers_of_today(slugs: Sequence[str], place: str) -> list[PlatformLine]:
    """Return what is on record of a few platforms for people in a place; of more, nothing."""
    if not 0 < len(slugs) <= _MOST_ANSWERS:
        return []
    platforms = Platform.objects.listed().filter(slug__in=slugs)
    facts = facts_of(platforms)
    question = Reader(place_code(place)).on(timezone.localdate())
    return [PlatformLine(each, verdict(facts[each.pk], question)) for each in platforms]


class WatchedPages(NamedTuple):
    """Of how many pages of a platform we take note, and when one was last read."""

    name: str
    pages: int
    read_on: dt.date | None


def watched_pages(slugs: Sequence[str]) -> list[WatchedPages]:
    """Say what stands behind alerts about these platforms, so that none promises too much."""
    found = []
    for platform in Platform.objects.listed().filter(slug__in=slugs).prefetch_related("pages"):
        pages = [page for page in platform.pages.all() if not page.is_history]
        read = max((page.last_looked_at for page in pages if page.last_looked_at), default=None)
        on = timezone.localdate(read) if read else None
        found.append(WatchedPages(platform.name, len(pages), on))
    return found


def _check_page(request: HttpRequest, address: str, form: SubscribeForm) -> HttpResponse:
    choices = form.choices()
    context = {
        "section": "alerts",
        "address": address,
        "lines": choices.lines(),
        "steps": next_steps(choices.subjects),
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


def _outcome(subscriber: Subscriber, choices: Choices) -> str:
    """Return the manage page's message after a confirmation; "full" if a view was left out."""
    return "confirmed" if follows(subscriber, choices) else "full"
