"""The curator's item page and the four rulings on it: publish, dismiss, merge, put off.

Mounted by ChangeAdmin, which checks login and permissions before these are called.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from consent import curation
from consent.curation import AlreadyDecidedError
from consent.desk.forms import DismissForm, EntryForm, MergeForm, SnoozeForm, state_forms
from consent.diffing import diff
from consent.diffing.rendering import inline_html
from consent.models import Change
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
                curation.publish(change, entry=entry, curator=_curator(request), states=new_states)
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
    change = get_object_or_404(_changes(), pk=change_id)
    form = DismissForm(request.POST)
    if not form.is_valid():
        return _item_with_errors(request, change, form)
    return _ruled(
        request,
        change,
        "Dismissed.",
        lambda: curation.dismiss(
            change,
            curator=_curator(request),
            reason=DismissReason(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
        ),
    )


@require_POST
def merge_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    change = get_object_or_404(_changes(), pk=change_id)
    form = MergeForm(request.POST, change=change)
    if not form.is_valid():
        return _item_with_errors(request, change, form)
    return _ruled(
        request,
        change,
        f"Merged into “{form.cleaned_data['into']}”.",
        lambda: curation.merge(
            change,
            into=form.cleaned_data["into"],
            curator=_curator(request),
            note=form.cleaned_data["note"],
        ),
    )


@require_POST
def snooze_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    change = get_object_or_404(_changes(), pk=change_id)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return _item_with_errors(request, change, form)
    return _ruled(
        request,
        change,
        f"Put off until {form.cleaned_data['until']}.",
        lambda: curation.snooze(
            change,
            until=form.cleaned_data["until"],
            curator=_curator(request),
            note=form.cleaned_data["note"],
        ),
    )


@require_POST
def reopen_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    change = get_object_or_404(_changes(), pk=change_id)
    return _ruled(
        request,
        change,
        "Back in the queue.",
        lambda: curation.reopen(change, curator=_curator(request)),
    )


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the curator has a permission."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _curator(request: HttpRequest) -> User:
    """The person at the desk: the admin site lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def _changes() -> Any:
    return Change.objects.for_desk()


def _item(change: Change) -> HttpResponse:
    return redirect("admin:consent_change_change", change.pk)


def _ruled(request: HttpRequest, change: Change, done: str, rule: Any) -> HttpResponse:
    """Carry out one ruling and tell the curator how it went."""
    try:
        rule()
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
    except ValidationError as invalid:
        messages.error(request, " ".join(invalid.messages))
    else:
        messages.success(request, done)
    return _item(change)


def _item_with_errors(request: HttpRequest, change: Change, form: Any) -> HttpResponse:
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, error)
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
