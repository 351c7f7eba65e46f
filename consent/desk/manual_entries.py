"""The page to write an entry from outside sources: fill in, look, publish or save the draft."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from consent.curation import drafts
from consent.desk.doubts import Doubt, doubts_about_same_event
from consent.desk.entry_sheet import EntrySheet
from consent.desk.forms import EntryForm, states_by_hand
from consent.desk.shared_work import OpenForm, hold, mark_closed, mark_open, shared_context
from consent.desk.source_rows import earliest_day, save_source_rows, source_rows, version_of_entry
from consent.models import Change, Entry, Use
from consent.models.changes import UNDECIDED
from consent.vocabulary import Basis, Confidence, DataKind, Direction, PublicationStatus, Purpose
from platforms.desk.curators import curator_of, require
from platforms.models import Platform


class PlatformChoice(forms.Form):
    """The first step of a new entry: which platforms it is about."""

    platform = forms.ModelMultipleChoiceField(
        Platform.objects.order_by("name"),
        to_field_name="slug",
        label="Platforms",
        help_text="Type to find one; hold Ctrl to choose several.",
        widget=forms.SelectMultiple(attrs={"size": 12, "autofocus": True}),
    )

    def __init__(self, data: Any = None, *, initial_platforms: Sequence[Platform] = ()) -> None:
        super().__init__(data, initial={"platform": [each.slug for each in initial_platforms]})


#: Entries shown beside the form; the rest is a number with a link. Chosen: two screens.
_TIMELINE = 25


def timeline_of(platforms: Sequence[Platform]) -> dict[str, Any]:
    """Return what is on record of these platforms, the newest first."""
    entries = Entry.objects.published().filter(platforms__in=platforms).distinct()
    query = urlencode([("platform", platform.slug) for platform in platforms])
    shown, count = list(entries.newest_first()[:_TIMELINE]), entries.count()
    return {
        "shown": shown,
        "count": count,
        "more": count - len(shown),
        "whole": f"{reverse('timeline')}?{query}",
    }


@dataclass(slots=True)
class _SourcedSheet(EntrySheet):
    """The form of an entry from outside sources."""

    entry: Entry
    platforms: list[Platform]
    opened_by: OpenForm | None
    #: Whether the day of the earliest source is the only date.
    is_dated_by_source: bool = field(default=False, init=False)

    template = "admin/consent/entry/publish.html"

    def save_draft(self) -> Entry:
        if self.entry.pk is not None:
            Entry.objects.select_for_update().get(pk=self.entry.pk)
        self.require_version()
        cleaned = self.form.cleaned_data
        draft = drafts.save_by_hand(
            self.form.save(commit=False),
            platforms=self.platforms,
            uses=cleaned["uses"],
            controls=cleaned["controls"],
            references=cleaned["references"],
        )
        save_source_rows(self.sources, draft)
        hold(draft, curator_of(self.request))
        return draft

    def about(self) -> Entry:
        return self.entry

    def doubts(self) -> Sequence[Doubt]:
        entry = self.form.instance
        day = entry.effective_on or entry.due_on or entry.decided_on or entry.announced_on
        about_date = []
        if self.is_dated_by_source:
            words = f"No date is given: do the sources not say from when? Reported on {day} counts."
            about_date.append(Doubt("date", words))
        return (*about_date, *doubts_about_same_event(entry, self.platforms, day))

    def _is_valid(self) -> bool:
        if not EntrySheet._is_valid(self):
            return False
        entry, earliest = self.form.instance, earliest_day(self.sources)
        of_uses = {kind for use in self.form.cleaned_data["uses"] for kind in use.data_kinds}
        entry.data_kinds = entry.data_kinds or [kind for kind in DataKind if kind in of_uses]
        if "draft" not in self.request.POST and not entry.is_dated and earliest:
            entry.announced_on, entry.announced_precision = earliest
            self.is_dated_by_source = True
        return True

    def stored_version(self) -> str:
        return version_of_entry(self.entry)

    def context(self) -> dict[str, Any]:
        entry = self.entry
        return {
            "title": f"Publish: {entry}" if entry.pk else "Write an entry from outside sources",
            "entry": entry,
            "platforms": self.platforms,
            "asks_for_second": any(platform.second_review for platform in self.platforms),
            "opened_by": self.opened_by,
            "timeline": timeline_of(self.platforms),
            **self._shared(),
        }

    def _shared(self) -> dict[str, Any]:
        """Return who has the draft, and the notes on it; nothing before it is saved."""
        if self.entry.pk is None:
            return {}
        return {**shared_context(self.entry), "name": "entry", "may_share": True}

    def after_draft(self, draft: Entry) -> HttpResponse:
        mark_closed(draft, curator_of(self.request))
        return redirect("admin:consent_entry_publish", draft.pk)

    def after_publishing(self) -> HttpResponse:
        return redirect("admin:consent_change_dates")


def _sheet(
    request: HttpRequest,
    site: AdminSite,
    entry: Entry,
    platforms: list[Platform],
    uses: Sequence[Use] = (),
) -> _SourcedSheet:
    data = request.POST if request.method == "POST" else None
    # The form writes typed values into its entry, so it gets a copy.
    typed = Entry.objects.get(pk=entry.pk) if entry.pk else copy(entry)
    initial: dict[str, Any] = {
        "uses": list(entry.uses.all()) if entry.pk else list(uses),
        "controls": list(entry.controls.all()) if entry.pk else [],
        "references": list(entry.references.all()) if entry.pk else [],
    }
    form = EntryForm(data, instance=typed, initial=initial, platforms=platforms)
    if form.is_valid():  # what was typed says which states move
        states = states_by_hand(typed, form.cleaned_data["uses"], platforms, data)
    else:
        states = states_by_hand(entry, initial["uses"], platforms, data)
    return _SourcedSheet(
        request,
        site,
        form=form,
        sources=source_rows(entry, data),
        states=states,
        entry=entry,
        platforms=platforms,
        opened_by=mark_open(entry, curator_of(request)) if entry.pk else None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def write_entry(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Choose the platforms of a new entry, then fill it in. Its key is made when it is saved."""
    require(request, "consent.add_entry")
    given = request.POST if request.method == "POST" else request.GET
    choice = PlatformChoice(given if "platform" in given else None)
    if not choice.is_valid():
        return _choose(request, site, choice, "Write an entry from outside sources")
    platforms = list(choice.cleaned_data["platform"])
    uses = _only_use(platforms)
    entry = Entry(
        basis=Basis.REPORTED,
        confidence=Confidence.MEDIUM,
        direction=Direction.LESS_CONTROL,
        data_kinds=uses[0].data_kinds if uses else [],
    )
    return _sheet(request, site, entry, platforms, uses).response()


def _only_use(platforms: Sequence[Platform]) -> list[Use]:
    """Return the use for training of these platforms, if there is only one."""
    found = list(Use.objects.published().filter(platform__in=platforms, purpose=Purpose.TRAINING))
    return found if len(found) == 1 else []


@require_http_methods(["GET", "HEAD", "POST"])
def publish_entry(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponseBase:
    """The form of a draft."""
    require(request, "consent.change_entry")
    entry = get_object_or_404(Entry.objects.prefetch_related("platforms"), pk=entry_id)
    if entry.status != PublicationStatus.DRAFT or entry.awaits_second_review:
        messages.error(request, "It is published, or waits for a second reviewer, by now.")
        return redirect("admin:consent_entry_change", entry.pk)
    if (change := entry.changes.filter(status__in=UNDECIDED).first()) is not None:
        messages.info(request, "This draft belongs to a change: publish it here, with the change.")
        return redirect("admin:consent_change_publish", change.pk)
    if (change := Change.objects.cited_by(entry).first()) is not None:
        publish = reverse("admin:consent_change_publish", args=[change.pk])
        return redirect(f"{publish}?another={entry.pk}")
    platforms = list(entry.platforms.all())
    given = request.POST if request.method == "POST" else request.GET
    if "platform" in given or "choose" in given:
        choice = PlatformChoice(given if "platform" in given else None, initial_platforms=platforms)
        if not choice.is_valid():
            return _choose(request, site, choice, f"Platforms of: {entry}")
        platforms = list(choice.cleaned_data["platform"])
    return _sheet(request, site, entry, platforms).response()


def _choose(
    request: HttpRequest, site: AdminSite, choice: PlatformChoice, title: str
) -> HttpResponseBase:
    context = {**site.each_context(request), "form": choice}
    return render(request, "admin/consent/entry/write.html", context | {"title": title})
