"""The page to publish an entry that a curator wrote by hand: first a preview, then publish."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from consent.curation import decisions
from consent.curation.decisions import AlreadyDecidedError
from consent.desk.forms import (
    SETTLES,
    SETTLES_HELP,
    STATES_STAY,
    StateForm,
    choices_of,
    mistakes_of,
    require_states,
    rows_of,
    states_by_hand,
    unsettled,
)
from consent.desk.publish_preview import preview_publish, public_page
from consent.desk.queue import shell_context
from consent.desk.views import fingerprint_of, require
from consent.models import Entry
from consent.models.changes import UNDECIDED
from consent.vocabulary import PublicationStatus
from platforms.desk.people import curator_of
from platforms.versions import stored, version_of


class ByHandForm(forms.Form):
    states_stay = forms.BooleanField(required=False, label=STATES_STAY)
    settles = forms.ModelMultipleChoiceField(
        Entry.objects.none(), required=False, label=SETTLES, help_text=SETTLES_HELP
    )

    def __init__(self, *args: Any, entry: Entry) -> None:
        super().__init__(*args)
        published = Entry.objects.published().filter(platforms__in=entry.platforms.all()).distinct()
        choices_of(self, "settles", unsettled(published.newest_first()))


@require_http_methods(["GET", "HEAD", "POST"])
def publish_entry(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponseBase:
    """A POST without "publish" is the preview; only exactly what was previewed is published."""
    require(request, "consent.publish_entry")
    entry = get_object_or_404(Entry.objects.prefetch_related("platforms"), pk=entry_id)
    if entry.status != PublicationStatus.DRAFT or entry.awaits_second_review:
        messages.error(request, "It is published, or waits for a second reviewer, by now.")
        return redirect("admin:consent_entry_change", entry.pk)
    if (change := entry.changes.filter(status__in=UNDECIDED).first()) is not None:
        messages.info(request, "This draft belongs to a change: publish it here, with the change.")
        return redirect("admin:consent_change_publish", change.pk)
    data = request.POST if request.method == "POST" else None
    form, states = ByHandForm(data, entry=entry), states_by_hand(entry, data)
    extra: dict[str, Any] = {}
    if data is not None and all([form.is_valid(), *(state.is_valid() for state in states)]):
        result = _press_button(request, entry, form, states)
        if not isinstance(result, dict):
            return result
        extra = result
    context = {
        **site.each_context(request),
        **shell_context(request),
        "title": f"Publish: {entry}",
        "entry": entry,
        "asks_for_second": entry.asks_for_second_review(),
        "form": form,
        "rows": rows_of(states),
        "state_mistakes": mistakes_of(states),
        "version": version_of(stored(entry)),
        **extra,
    }
    has_errors = form.errors or any(state.errors for state in states)
    return render(
        request, "admin/consent/entry/publish.html", context, status=422 if has_errors else 200
    )


def _press_button(
    request: HttpRequest, entry: Entry, form: ByHandForm, states: list[StateForm]
) -> HttpResponseBase | dict[str, Any]:
    """Do what the button says. Return a response, or context if the page is shown again."""
    new_states = [new for state in states if (new := state.new_state())]
    if not require_states(form, entry.effects, new_states):
        return {}

    def publish(*, quiet: bool = False, rehearsed: bool = False) -> Entry:
        locked = Entry.objects.select_for_update().get(pk=entry.pk)
        if request.POST.get("version") != version_of(stored(locked)):
            raise ValidationError("Somebody else worked on this since you opened it.")
        locked.quiet = quiet
        return decisions.publish_by_hand(
            locked,
            curator=curator_of(request),
            states=new_states,
            settles=list(form.cleaned_data["settles"]),
            rehearsed=rehearsed,
        )

    fingerprint = fingerprint_of(request)
    try:
        if "page" in request.POST:
            return public_page(lambda: publish(rehearsed=True), request.get_host())
        if "publish" in request.POST and request.POST.get("reviewed") == fingerprint:
            with transaction.atomic():
                published = publish(quiet=request.POST["publish"] == "quietly")
            label = "Sent to a second reviewer" if published.awaits_second_review else "Published"
            messages.success(request, f"{label}: {published}")
            return redirect("admin:consent_change_dates")
        preview = preview_publish(lambda: publish(rehearsed=True))
    except AlreadyDecidedError as decided:
        form.add_error(None, f"{decided} Nothing was overwritten.")
        return {}
    except ValidationError as invalid:
        form.add_error(None, ValidationError(invalid.messages))
        return {}
    if "publish" in request.POST:
        messages.warning(request, "You changed something since you looked: please look again.")
    return {"rehearsal": preview, "reviewed": fingerprint}
