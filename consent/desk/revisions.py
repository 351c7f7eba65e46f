"""The page to revise a published entry: correct its words, move its date, or retract it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from consent.curation import revisions
from consent.desk.forms import WordsOfEntry
from consent.desk.queue import shell_context
from consent.desk.views import require
from consent.models import Entry, Revision
from consent.vocabulary import PublicationStatus, RevisionKind
from consent.web.day_input import DayField
from platforms.desk.people import curator_of
from platforms.versions import stored, version_of


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), help_text="Readers see this beside the change."
    )


class PostponeForm(ReasonForm):
    to = DayField(
        required=False,
        label="New date",
        help_text="Left empty: put off to a day that nobody has named.",
    )


class CorrectForm(ReasonForm, WordsOfEntry, forms.ModelForm):
    field_order = ("reason", *revisions.REVISABLE)

    class Meta:
        model = Entry
        fields = tuple(revisions.REVISABLE)
        widgets = {
            name: forms.DateInput(attrs={"type": "date"})
            for name in revisions.REVISABLE
            if name.endswith("_on")
        }


@require_http_methods(["GET", "HEAD", "POST"])
def revise_entry(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponseBase:
    """Show the three forms to revise a published entry; on POST apply one of them."""
    require(request, "consent.publish_entry")
    entry = get_object_or_404(Entry, pk=entry_id)
    if entry.status != PublicationStatus.PUBLISHED:
        messages.error(request, "Only what is published is revised.")
        return redirect("admin:consent_entry_change", entry.pk)
    kind = request.POST.get("kind", "")
    version = version_of(stored(entry))
    seen = request.POST.get("seen", version if request.method != "POST" else "")
    forms_by_kind = _forms(request, entry, kind)
    form = forms_by_kind.get(kind)
    if form is not None and seen != version:
        form.add_error(
            None,
            (
                "Somebody else revised this since you opened it. Open it again to see how it is "
                "now; your words are still below."
            ),
        )
    elif form is not None and form.is_valid():
        try:
            revision = _revise(entry, kind, form.cleaned_data, request)
        except ValidationError as invalid:
            form.add_error(None, ValidationError(invalid.messages))
        else:
            messages.success(request, f"In public now: {revision.get_kind_display()}.")
            return redirect("admin:consent_entry_change", entry.pk)
    context = {
        **site.each_context(request),
        **shell_context(request),
        "title": f"Revise: {entry}",
        "entry": entry,
        # The version when the form was opened, so that typed words are never saved over newer ones.
        "seen": seen,
        "asks_for_second": entry.asks_for_second_review(),
        "forms": [(value, label, forms_by_kind[value]) for value, label in RevisionKind.choices],
        "revisions": entry.revisions.select_related("editor"),
    }
    status = 422 if form is not None else 200
    return render(request, "admin/consent/desk/revise.html", context, status=status)


def _forms(request: HttpRequest, entry: Entry, kind: str) -> dict[str, forms.BaseForm]:
    """Return the three forms by kind of revision. Only the posted one is bound."""
    bound: Any = {name: request.POST if kind == name else None for name in RevisionKind.values}
    # The form gets its own copy of the entry, because it writes typed values into it.
    copy = Entry.objects.get(pk=entry.pk)
    return {
        RevisionKind.CORRECTION: CorrectForm(bound["correction"], instance=copy, prefix="correct"),
        RevisionKind.POSTPONEMENT: PostponeForm(bound["postponement"], prefix="postpone"),
        RevisionKind.RETRACTION: ReasonForm(bound["retraction"], prefix="retract"),
    }


def _revise(entry: Entry, kind: str, cleaned: dict[str, Any], request: HttpRequest) -> Revision:
    common = {"reason": cleaned.pop("reason"), "editor": curator_of(request)}
    if kind == RevisionKind.RETRACTION:
        return revisions.retract(entry, **common)
    if kind == RevisionKind.POSTPONEMENT:
        return revisions.postpone(entry, to=cleaned["to"], **common)
    return revisions.correct(entry, **common, **cleaned)
