"""The curator's item page and the four rulings on it: publish, dismiss, merge, put off.

Mounted by ChangeAdmin, which checks login and permissions before these are called.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from consent import curation
from consent.curation import AlreadyDecidedError
from consent.desk.forms import DismissForm, EntryForm, MergeForm, SnoozeForm, state_forms
from consent.diffing import diff
from consent.diffing.rendering import inline_html
from consent.models import Change, Entry
from consent.vocabulary import ChangeStatus, DismissReason


def item_context(change: Change) -> dict[str, Any]:
    """Everything the item page shows of a change besides its forms."""
    return {
        "item": change,
        "diff": inline_html(diff(change.before_document.text, change.after_document.text)),
        "suggestion": getattr(change, "suggestion", None),
        "decisions": change.decisions.select_related("curator", "entry"),
        "undecided": change.status in (ChangeStatus.WAITING, ChangeStatus.SNOOZED),
        "dismiss_form": DismissForm(),
        "snooze_form": SnoozeForm(),
        "merge_form": MergeForm(change=change),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def publish_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    """Show the prefilled entry of a change; on POST put it on the timeline, or save the draft."""
    change = get_object_or_404(_changes(), pk=change_id)
    require(request, "consent.change_entry")
    if request.method != "POST":
        return _publish_page(request, site, change)
    entry = change.entry or curation.entry_from(change)
    form = EntryForm(request.POST, instance=entry)
    states = state_forms(change, entry, request.POST)
    if not all([form.is_valid(), *(state.is_valid() for state in states)]):
        return _publish_page(request, site, change, form, states)
    new_states = [new for state in states if (new := state.new_state())]
    try:
        with transaction.atomic():
            curation.draft_entry(change, form.save(commit=False))
            if "draft" not in request.POST:
                curation.publish(
                    change, entry=entry, curator=curator_of(request), states=new_states
                )
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
        return _item(change)
    except ValidationError as invalid:
        form.add_error(None, invalid)
        return _publish_page(request, site, change, form, states)
    if "draft" in request.POST:
        messages.success(request, "The draft is saved; nothing is public.")
    else:
        messages.success(request, f"Published: {entry.title}")
    return _item(change)


@require_POST
def dismiss_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def dismiss(change: Change, reason: str, note: str) -> None:
        curation.dismiss(
            change, curator=curator_of(request), reason=DismissReason(reason), note=note
        )

    return _ruled(request, change_id, lambda _: DismissForm(request.POST), dismiss, "Dismissed.")


@require_POST
def merge_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def merge(change: Change, into: Entry, note: str) -> None:
        curation.merge(change, into=into, curator=curator_of(request), note=note)

    return _ruled(
        request, change_id, lambda change: MergeForm(request.POST, change=change), merge, "Merged."
    )


@require_POST
def snooze_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def snooze(change: Change, until: dt.date, note: str) -> None:
        curation.snooze(change, until=until, curator=curator_of(request), note=note)

    return _ruled(request, change_id, lambda _: SnoozeForm(request.POST), snooze, "Put off.")


@require_POST
def reopen_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def reopen(change: Change) -> None:
        curation.reopen(change, curator=curator_of(request))

    return _ruled(request, change_id, lambda _: Form(request.POST), reopen, "Back in the queue.")


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the curator has a permission."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def curator_of(request: HttpRequest) -> User:
    """The person at the desk: the admin site lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def _changes() -> Any:
    return Change.objects.for_desk()


def _item(change: Change) -> HttpResponse:
    return redirect("admin:consent_change_change", change.pk)


def _ruled(
    request: HttpRequest,
    change_id: int,
    form_for: Callable[[Change], Form],
    rule: Callable[..., None],
    done: str,
) -> HttpResponse:
    """Carry out one ruling with what its form holds, and tell the curator how it went."""
    change = get_object_or_404(_changes(), pk=change_id)
    form = form_for(change)
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{name}: {' '.join(map(str, errors))}")
        return _item(change)
    try:
        rule(change, **form.cleaned_data)
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
    except ValidationError as invalid:
        messages.error(request, " ".join(invalid.messages))
    else:
        messages.success(request, done)
    return _item(change)


def _publish_page(
    request: HttpRequest,
    site: AdminSite,
    change: Change,
    form: EntryForm | None = None,
    states: Any = None,
) -> HttpResponseBase:
    if form is None:
        # A GET writes nothing: the draft it shows is only made by the first POST.
        entry = change.entry or curation.entry_from(change)
        if change.status not in (ChangeStatus.WAITING, ChangeStatus.SNOOZED):
            messages.error(request, f"This change was {change.get_status_display()} already.")
            return _item(change)
        form = EntryForm(instance=entry)
        states = state_forms(change, entry)
    context = {
        **site.each_context(request),
        **item_context(change),
        "opts": Change._meta,
        "title": f"Publish: {change}",
        "form": form,
        "states": states,
    }
    status = 422 if form.is_bound else 200
    return render(request, "admin/consent/change/publish.html", context, status=status)
