"""The page to revise a published entry: correct its words, move its date, retract it, undo that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from consent.curation import revisions
from consent.desk.acting import try_act
from consent.desk.entry_sheet import fingerprint_of
from consent.desk.forms import LISTS, SubjectsOfEntry, WordsOfEntry, offer_records
from consent.desk.publish_preview import preview_revision, public_page
from consent.desk.source_rows import (
    SourceRows,
    mistakes_of_rows,
    save_source_rows,
    source_rows,
    typed_in,
    version_of_entry,
)
from consent.models import Entry, Revision
from consent.vocabulary import PublicationStatus, RevisionKind
from consent.web.day_input import DayField
from platforms.desk.curators import curator_of, require
from platforms.models import Platform
from platforms.numbers import read_number


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), help_text="Readers see this beside the change."
    )


class PostponeForm(ReasonForm):
    to = DayField(required=False, label="New date")

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if entry.effective_on:
            moves = f"This moves the day from which it is in effect, now {entry.effective_on}."
        elif entry.due_on:
            moves = f"This moves the day on which it is due, now {entry.due_on}."
        else:
            moves = "No day is on record: this gives the first."
        self.fields["to"].help_text = (
            f"{moves} A day to come is recorded as due. Left empty: put off to a day that nobody "
            "has named. To move the deadline or the announcement, correct the entry."
        )


class CorrectForm(ReasonForm, WordsOfEntry, SubjectsOfEntry, forms.ModelForm):
    platforms = forms.ModelMultipleChoiceField(
        Platform.objects.all(), widget=forms.SelectMultiple(attrs={"size": 5})
    )
    field_order = ("reason", *revisions.REVISABLE)

    def __init__(self, *args: Any, carried: Iterable[Platform] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        platforms = list(self.instance.platforms.all())
        self.initial["platforms"] = [*platforms, *(p for p in carried if p not in platforms)]
        offer_records(self, self.initial["platforms"])
        self.initial.update({name: list(getattr(self.instance, name).all()) for name in LISTS})

    class Meta:
        model = Entry
        fields = tuple(revisions.REVISABLE)
        widgets = {
            name: forms.DateInput(attrs={"type": "date"})
            for name in revisions.REVISABLE
            if name.endswith("_on")
        }


#: The forms by kind, in the order in which the page shows them, with the words of their headings.
_HEADINGS = {
    RevisionKind.CORRECTION: "Correct its words",
    RevisionKind.POSTPONEMENT: "Move its date",
    RevisionKind.RETRACTION: "Retract it",
}


@dataclass(slots=True)
class _Sheet:
    """The page as it was opened or posted."""

    request: HttpRequest
    site: AdminSite
    entry: Entry
    kind: str
    seen: str
    version: str
    forms: dict[str, Any]
    sources: SourceRows

    @property
    def form(self) -> Any:
        """The form that was posted, or None."""
        return self.forms.get(self.kind)

    def revise(self) -> Revision:
        """Apply what was posted. Raises ValidationError."""
        # The log and the lock are of a fresh row, so each call may be rolled back.
        cleaned = dict(self.form.cleaned_data)
        common = {"reason": cleaned.pop("reason"), "editor": curator_of(self.request)}
        if self.kind == RevisionKind.RETRACTION:
            return revisions.retract(self.entry, **common)
        if self.kind == RevisionKind.POSTPONEMENT:
            return revisions.postpone(self.entry, to=cleaned["to"], **common)
        write_sources = partial(save_source_rows, self.sources) if self.writes_sources else None
        return revisions.correct(self.entry, write_sources=write_sources, **common, **cleaned)

    def is_valid(self) -> bool:
        """Clean the posted form and its rows of sources, so that every mistake is shown at once."""
        valid = [self.form.is_valid(), not self.writes_sources or self.sources.is_valid()]
        return all(valid)

    @property
    def writes_sources(self) -> bool:
        """Whether sources are part of what was posted."""
        return self.kind == RevisionKind.CORRECTION


@require_http_methods(["GET", "HEAD", "POST"])
def revise_entry(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponseBase:
    """The forms to revise a published entry. A POST without "publish" shows what would change.

    Only exactly what was previewed is made public. A retracted entry can only be restored.
    """
    require(request, "consent.publish_entry")
    entry = get_object_or_404(Entry, pk=entry_id)
    if entry.published_at is None or entry.status == PublicationStatus.DRAFT:
        messages.error(request, "Only what is published is revised.")
        return redirect("admin:consent_entry_change", entry.pk)
    sheet = _sheet(request, site, entry)
    if sheet.form is None or not sheet.form.is_bound:
        return _page(sheet)
    if sheet.seen != sheet.version:
        sheet.form.add_error(
            None,
            "Somebody else revised this since you opened it. Open it again to see how it is "
            "now; your words are still below.",
        )
        return _page(sheet)
    return _press_button(sheet) if sheet.is_valid() else _page(sheet)


def _sheet(request: HttpRequest, site: AdminSite, entry: Entry) -> _Sheet:
    # Somebody wrote an entry about the same event: its sources come along, nothing is saved yet.
    carries = "carry" in request.POST
    kind = RevisionKind.CORRECTION if carries else request.POST.get("kind", "")
    version = version_of_entry(entry)
    is_public = entry.status == PublicationStatus.PUBLISHED
    if carries:
        sources = source_rows(entry, None, carried=typed_in(request.POST, besides=entry))
    else:
        corrected = request.POST if kind == RevisionKind.CORRECTION else None
        sources = source_rows(entry, corrected)
    return _Sheet(
        request=request,
        site=site,
        entry=entry,
        kind=kind,
        seen=request.POST.get("seen", "") if kind and not carries else version,
        version=version,
        forms=_forms(request, entry, "" if carries else kind) if is_public else {},
        sources=sources,
    )


def _press_button(sheet: _Sheet) -> HttpResponseBase:
    request, looked = sheet.request, fingerprint_of(sheet.request)
    try:
        if "page" in request.POST:
            return public_page(lambda: _revised(sheet), request.get_host())
        if "publish" in request.POST and request.POST.get("reviewed") == looked:
            return _publish(sheet)
        preview = preview_revision(sheet.entry, sheet.revise)
    except ValidationError as invalid:
        sheet.form.add_error(None, ValidationError(invalid.messages))
        return _page(sheet)
    if "publish" in request.POST:
        messages.warning(request, "You changed something since you looked: please look again.")
    return _page(sheet, rehearsal=preview, reviewed=looked)


def _revised(sheet: _Sheet) -> Entry:
    entry: Entry = sheet.revise().entry
    return entry


def _publish(sheet: _Sheet) -> HttpResponseBase:
    revision = sheet.revise()
    messages.success(
        sheet.request,
        format_html(
            'In public now: {}, <a href="{}">{}</a>. Mail waits ten minutes; it can be undone.',
            revision.get_kind_display(),
            revision.entry.get_absolute_url(),
            revision.entry.title,
        ),
    )
    return redirect("admin:consent_entry_revise", sheet.entry.pk)


@require_POST
def undo_revision(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponseBase:
    """Take the last revision of an entry back; one's own needs no reason for ten minutes."""
    require(request, "consent.publish_entry")
    entry = get_object_or_404(Entry, pk=entry_id)
    revision = get_object_or_404(entry.revisions, pk=read_number(request.POST.get("revision", "")))
    reason, editor = request.POST.get("reason", ""), curator_of(request)
    try_act(
        request,
        lambda: revisions.take_back_revision(revision, reason=reason, editor=editor),
        "Taken back. The entry is as it was before.",
    )
    return redirect("admin:consent_entry_revise", entry.pk)


def _page(sheet: _Sheet, **looked: Any) -> HttpResponseBase:
    entry = Entry.objects.get(pk=sheet.entry.pk)
    context = {
        **sheet.site.each_context(sheet.request),
        "title": f"Revise: {entry}",
        "entry": entry,
        # The version when the form was opened, so that typed words are never saved over newer ones.
        "seen": sheet.seen,
        "asks_for_second": entry.asks_for_second_review(),
        "forms": [
            (kind, heading, sheet.forms[kind])
            for kind, heading in _HEADINGS.items()
            if kind in sheet.forms
        ],
        "sources": sheet.sources,
        "source_mistakes": mistakes_of_rows(sheet.sources) if sheet.writes_sources else [],
        "revisions": entry.revisions.select_related("editor"),
        "last_revision": entry.revisions.standing().exclude(act=None).first(),
        "posted": sheet.kind,
        "media": sum((form.media for form in sheet.forms.values()), forms.Media()),
        **looked,
    }
    has_errors = sheet.form is not None and (
        sheet.form.errors or (sheet.writes_sources and sheet.sources.total_error_count())
    )
    status = 422 if has_errors else 200
    return render(sheet.request, "admin/consent/desk/revise.html", context, status=status)


def _forms(request: HttpRequest, entry: Entry, kind: str) -> dict[str, Any]:
    """Return the three forms by kind of revision. Only the posted one is bound."""
    bound: Any = {name: request.POST if kind == name else None for name in RevisionKind.values}
    # The form gets its own copy of the entry, because it writes typed values into it.
    copy = Entry.objects.get(pk=entry.pk)
    carries = request.POST.getlist("platform") if "carry" in request.POST else []
    return {
        RevisionKind.CORRECTION: CorrectForm(
            bound["correction"],
            instance=copy,
            prefix="correct",
            initial={"reason": "More sources." if carries else ""},
            carried=Platform.objects.filter(slug__in=carries),
        ),
        RevisionKind.POSTPONEMENT: PostponeForm(
            bound["postponement"], prefix="postpone", entry=entry
        ),
        RevisionKind.RETRACTION: ReasonForm(bound["retraction"], prefix="retract"),
    }
