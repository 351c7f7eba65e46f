"""The page to write an entry from outside sources: fill in, look, publish or save the draft."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from consent.curation import decisions, drafts
from consent.curation.decisions import AlreadyDecidedError
from consent.curation.publication import NewState
from consent.desk.doubts import doubts_about_form
from consent.desk.forms import (
    EntryForm,
    StateForm,
    mistakes_of,
    require_states,
    rows_of,
    states_by_hand,
)
from consent.desk.publish_preview import preview_publish, public_page
from consent.desk.source_rows import (
    SourceRows,
    mistakes_of_rows,
    save_source_rows,
    source_rows,
    version_of_entry,
)
from consent.desk.views import fingerprint_of, published_message, require
from consent.models import Entry
from consent.models.changes import UNDECIDED
from consent.vocabulary import Basis, Confidence, Direction, PublicationStatus
from platforms.desk.curators import curator_of
from platforms.models import Platform


class PlatformChoice(forms.Form):
    """The first step of a new entry: which platforms it is about."""

    platform = forms.ModelMultipleChoiceField(
        Platform.objects.order_by("name"),
        to_field_name="slug",
        label="Platforms",
        help_text="Type to find one; hold Ctrl to choose several.",
        widget=forms.SelectMultiple(attrs={"size": 12}),
    )

    def __init__(self, data: Any = None, *, initial_platforms: Sequence[Platform] = ()) -> None:
        super().__init__(data, initial={"platform": [each.slug for each in initial_platforms]})


@dataclass(slots=True)
class _Sheet:
    """The form of one entry as it was opened or posted, and what its buttons do."""

    request: HttpRequest
    entry: Entry
    platforms: list[Platform]
    form: EntryForm
    sources: SourceRows
    states: list[StateForm]
    new_states: list[NewState]

    def is_valid(self) -> bool:
        """Clean all forms, so that every mistake is shown at once."""
        valid = [self.form.is_valid(), self.sources.is_valid()]
        valid += [state.is_valid() for state in self.states]
        if not all(valid):
            return False
        self.new_states = [new for state in self.states if (new := state.new_state())]
        return "draft" in self.request.POST or require_states(
            self.form, self.form.cleaned_data["effects"], self.new_states
        )

    def save(self) -> Entry:
        """Save the draft. Raises ValidationError when somebody else saved meanwhile."""
        if self.entry.pk is not None:
            Entry.objects.select_for_update().get(pk=self.entry.pk)
        if self.request.POST.get("version") != version_of_entry(self.entry):
            raise ValidationError(
                "Somebody else worked on this since you opened it. Open it again to see what they "
                "wrote; your words are still below."
            )
        cleaned = self.form.cleaned_data
        draft = drafts.save_by_hand(
            self.form.save(commit=False),
            platforms=self.platforms,
            uses=cleaned["uses"],
            controls=cleaned["controls"],
            references=cleaned["references"],
        )
        save_source_rows(self.sources, draft)
        return draft

    def publish(self, *, quiet: bool = False, rehearsed: bool = False) -> Entry:
        draft = self.save()
        draft.quiet = quiet
        return decisions.publish_by_hand(
            draft,
            curator=curator_of(self.request),
            states=self.new_states,
            settles=list(self.form.cleaned_data["settles"]),
            rehearsed=rehearsed,
        )

    def rehearse(self) -> Entry:
        return self.publish(rehearsed=True)


def _sheet(request: HttpRequest, entry: Entry, platforms: list[Platform]) -> _Sheet:
    data = request.POST if request.method == "POST" else None
    # The form writes typed values into its entry, so it gets a copy.
    typed = Entry.objects.get(pk=entry.pk) if entry.pk else copy(entry)
    dated = entry.effective_on or entry.due_on or entry.decided_on
    initial = {
        "uses": list(entry.uses.all()) if entry.pk else [],
        "controls": list(entry.controls.all()) if entry.pk else [],
        "references": list(entry.references.all()) if entry.pk else [],
        "date_not_stated": bool(entry.pk) and not dated,
    }
    return _Sheet(
        request=request,
        entry=entry,
        platforms=platforms,
        form=EntryForm(data, instance=typed, initial=initial, platforms=platforms),
        sources=source_rows(entry, data),
        states=states_by_hand(entry, platforms, data),
        new_states=[],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def write_entry(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Choose the platforms of a new entry, then fill it in. Its key is made when it is saved."""
    require(request, "consent.add_entry")
    given = request.POST if request.method == "POST" else request.GET
    choice = PlatformChoice(given if "platform" in given else None)
    if not choice.is_valid():
        return _choose(request, site, choice, "Write an entry from outside sources")
    entry = Entry(
        basis=Basis.REPORTED, confidence=Confidence.MEDIUM, direction=Direction.LESS_CONTROL
    )
    return _work(request, site, _sheet(request, entry, list(choice.cleaned_data["platform"])))


@require_http_methods(["GET", "HEAD", "POST"])
def publish_entry(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponseBase:
    """The form of a draft. A POST without "publish" or "draft" is the preview.

    Only exactly what was previewed is published.
    """
    require(request, "consent.change_entry")
    entry = get_object_or_404(Entry.objects.prefetch_related("platforms"), pk=entry_id)
    if entry.status != PublicationStatus.DRAFT or entry.awaits_second_review:
        messages.error(request, "It is published, or waits for a second reviewer, by now.")
        return redirect("admin:consent_entry_change", entry.pk)
    if (change := entry.changes.filter(status__in=UNDECIDED).first()) is not None:
        messages.info(request, "This draft belongs to a change: publish it here, with the change.")
        return redirect("admin:consent_change_publish", change.pk)
    platforms = list(entry.platforms.all())
    given = request.POST if request.method == "POST" else request.GET
    if "platform" in given or "choose" in given:
        choice = PlatformChoice(given if "platform" in given else None, initial_platforms=platforms)
        if not choice.is_valid():
            return _choose(request, site, choice, f"Platforms of: {entry}")
        platforms = list(choice.cleaned_data["platform"])
    return _work(request, site, _sheet(request, entry, platforms))


def _choose(
    request: HttpRequest, site: AdminSite, choice: PlatformChoice, title: str
) -> HttpResponseBase:
    context = {**site.each_context(request), "form": choice}
    return render(request, "admin/consent/entry/write.html", context | {"title": title})


def _work(request: HttpRequest, site: AdminSite, sheet: _Sheet) -> HttpResponseBase:
    """Show the form, or do what its button says."""
    if request.method != "POST" or not sheet.is_valid():
        return _page(request, site, sheet)
    try:
        if "draft" in request.POST:
            return _press_draft(sheet)
        require(request, "consent.publish_entry")
        if "page" in request.POST:
            return public_page(sheet.rehearse, request.get_host())
        looked_at = request.POST.get("reviewed") == fingerprint_of(request)
        if "publish" in request.POST and looked_at:
            return _press_publish(sheet)
        return _press_look(site, sheet)
    except AlreadyDecidedError as decided:
        sheet.form.add_error(None, f"{decided} Nothing was overwritten.")
    except IntegrityError:
        sheet.form.add_error(None, "Somebody else saved the same entry just now.")
    except ValidationError as invalid:
        sheet.form.add_error(None, ValidationError(invalid.messages))
    return _page(request, site, sheet)


def _press_draft(sheet: _Sheet) -> HttpResponseBase:
    with transaction.atomic():
        draft = sheet.save()
    messages.success(sheet.request, "The draft is saved; nothing is public.")
    return redirect("admin:consent_entry_publish", draft.pk)


def _press_publish(sheet: _Sheet) -> HttpResponseBase:
    with transaction.atomic():
        published = sheet.publish(quiet=sheet.request.POST["publish"] == "quietly")
    messages.success(sheet.request, published_message(published))
    return redirect("admin:consent_change_dates")


def _press_look(site: AdminSite, sheet: _Sheet) -> HttpResponseBase:
    request = sheet.request
    preview = preview_publish(sheet.rehearse, doubts=doubts_about_form(sheet.form.cleaned_data))
    if "publish" in request.POST:
        messages.warning(request, "You changed something since you looked: please look again.")
    looked = {"rehearsal": preview, "reviewed": fingerprint_of(request)}
    return _page(request, site, sheet, **looked)


def _page(request: HttpRequest, site: AdminSite, sheet: _Sheet, **looked: Any) -> HttpResponseBase:
    entry, platforms = sheet.entry, sheet.platforms
    context = {
        **site.each_context(request),
        "title": f"Publish: {entry}" if entry.pk else "Write an entry from outside sources",
        "entry": entry,
        "platforms": platforms,
        "asks_for_second": any(platform.second_review for platform in platforms),
        "form": sheet.form,
        "sources": sheet.sources,
        "rows": rows_of(sheet.states),
        "state_mistakes": [*mistakes_of_rows(sheet.sources), *mistakes_of(sheet.states)],
        # The version when the form was opened, so that typed words are never saved over newer ones.
        "version": request.POST.get("version", version_of_entry(entry)),
        "may_publish": request.user.has_perm("consent.publish_entry"),
        **looked,
    }
    parts = [sheet.form, *sheet.states]
    has_errors = any(part.errors for part in parts) or sheet.sources.total_error_count()
    return render(
        request, "admin/consent/entry/publish.html", context, status=422 if has_errors else 200
    )
