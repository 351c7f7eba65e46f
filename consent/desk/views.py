"""The curator's page of a change and its decisions: publish, dismiss, merge, snooze, undo.

Mounted by ChangeAdmin, which checks login and permissions before these are called.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from consent.curation import decisions, drafts
from consent.curation.cited_words import NOT_THERE
from consent.curation.decisions import AlreadyDecidedError
from consent.curation.prefill import Prefill, prefill
from consent.curation.undo import undo_batch
from consent.desk.acting import try_act, undo_own
from consent.desk.compared_texts import compare, waiting_before
from consent.desk.doubts import Doubt, blocking_doubts
from consent.desk.entry_sheet import EntrySheet
from consent.desk.forms import (
    ChangeEntryForm,
    DismissForm,
    MergeForm,
    SnoozeForm,
    entry_form,
    state_forms,
    states_by_hand,
)
from consent.desk.own_list import (
    ahead_of,
    first_waiting,
    list_address,
    neighbours,
    repeats_of,
    within,
)
from consent.desk.shared_work import (
    OpenForm,
    Shared,
    hold,
    mark_closed,
    mark_open,
    open_elsewhere,
    shared_context,
)
from consent.desk.source_rows import save_source_rows, source_rows
from consent.models import Change, Decision, Entry, Guide, Source
from consent.models.changes import MUCH_LONGER, UNDECIDED
from consent.vocabulary import ChangeStatus, DismissReason, PassageSide, PublicationStatus
from platforms.desk.curators import curator_of, require
from platforms.numbers import read_number
from platforms.versions import version_of

#: Entries that a change can be merged into by one key.
_NEAREST_ENTRIES = 5
#: Quotes on one page. Chosen: what somebody reads in a few minutes.
_QUOTES = 50
_SNOOZES = ((1, "until tomorrow"), (7, "for a week"), (30, "for a month"))


def item_context(request: HttpRequest, site: AdminSite, change: Any) -> dict[str, Any]:
    """Return everything that the page of a change (`for_item`) shows, except the form."""
    merge_form = MergeForm(change=change)
    today = timezone.localdate()
    suggestion = getattr(change, "suggestion", None)
    return {
        **neighbours(change, request, site),
        **shared_context(change),
        "name": "change",
        "may_share": request.user.has_perm("consent.change_change"),
        "open_elsewhere": open_elsewhere(change),
        "repeats": list(repeats_of(change).select_related("page__platform")),
        "item": change,
        "comparison": compare(
            change,
            view=request.GET.get("view", ""),
            against=request.GET.get("against", ""),
            part=request.GET.get("part", ""),
        ),
        "suggestion": suggestion,
        # Folded only where there are passages about training, and nobody moves about in it.
        "whole_open": not (suggestion and suggestion.passages)
        or not {"view", "against", "part"}.isdisjoint(request.GET),
        "decisions": change.decisions.select_related("curator", "entry")
        if change.has_decisions
        else (),
        "may_decide": request.user.has_perm("consent.change_change"),
        "undecided": change.status in UNDECIDED,
        "further": () if change.status in UNDECIDED else change.further_entries,
        "may_tell_more": change.status in (ChangeStatus.PUBLISHED, ChangeStatus.MERGED)
        and request.user.has_perm("consent.change_entry"),
        "another_address": _another_address(request, change),
        "touched_guides": Guide.objects.resting_on(change.page),
        "reasons": [
            (number, reason.value, reason.label) for number, reason in enumerate(DismissReason, 1)
        ],
        "snoozes": [
            (number, today + dt.timedelta(days=days), label)
            for number, (days, label) in enumerate(_SNOOZES, 1)
        ],
        "nearest": merge_form.nearest[:_NEAREST_ENTRIES],
        "snooze_form": SnoozeForm(),
        "merge_form": merge_form,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def publish_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    """The prefilled entry of a change: fill in, preview, publish.

    another: "new" for one more entry, about something else that the change tells.
    """
    change = get_object_or_404(Change.objects.for_item(), pk=change_id)
    require(request, "consent.change_entry")
    if another := request.GET.get("another"):
        return _publish_another(request, site, change, another)
    try:
        decisions.require_undecided(change)
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
        return _item(request, change)
    known = prefill(change)
    entry = drafts.draft_of(change) or drafts.entry_from(change, known)
    # A GET writes nothing: the first POST saves the draft.
    data = request.POST if request.method == "POST" else None
    sheet = _ChangeSheet(
        request,
        site,
        form=entry_form(change, entry, data, known),
        sources=source_rows(entry, data, besides=change.after),
        states=state_forms(change, entry, data, known),
        change=change,
        known=known,
        opened_by=mark_open(change, curator_of(request)),
    )
    if not repeats_of(change).exists():
        del sheet.form.fields["settle_repeats"]
    return sheet.response()


def _publish_another(
    request: HttpRequest, site: AdminSite, change: Change, chosen: str
) -> HttpResponseBase:
    """The form of another entry about a change. chosen: the key of its draft, or "new"."""
    entry = drafts.another_entry(change)
    if number := read_number(chosen):
        entry = get_object_or_404(change.further_entries, pk=number)
        if entry.status != PublicationStatus.DRAFT or entry.awaits_second_review:
            messages.error(request, "It is published, or waits for a second reviewer, by now.")
            return redirect("admin:consent_entry_change", entry.pk)
    data = request.POST if request.method == "POST" else None
    form = entry_form(change, copy(entry), data, Prefill(), is_another=True)
    for name in ("settle_earlier", "settle_repeats"):
        del form.fields[name]
    uses = form.cleaned_data["uses"] if form.is_valid() else form.initial["uses"]
    platforms = [change.page.platform]
    return _AnotherSheet(
        request,
        site,
        form=form,
        sources=source_rows(entry, data, besides=change.after),
        states=states_by_hand(form.instance, uses, platforms, data),
        change=change,
        known=Prefill(),
        opened_by=mark_open(entry, curator_of(request)) if entry.pk else None,
        entry=entry,
    ).response()


@dataclass(slots=True)
class _ChangeSheet(EntrySheet):
    """The form of an entry about a change."""

    form: ChangeEntryForm
    change: Change
    known: Prefill
    opened_by: OpenForm | None
    #: The rest of the list, as it was before this was published.
    ahead: list[int] = field(default_factory=list, init=False)

    template = "admin/consent/change/publish.html"
    folds_sources = True  # the page that changed is one

    def doubts(self) -> tuple[Doubt, ...]:
        entry, quote = self.form.instance, self.form.cleaned_data["quote"]
        doubts = blocking_doubts(self.change, entry, quote, self.new_states, self.known)
        if self.form.quote_problem == NOT_THERE:
            words = "The quoted words are not in the text of our capture: are they on the page?"
            doubts = (Doubt("quote", words), *doubts)
        return doubts

    def save_draft(self) -> Entry:
        decisions.lock_undecided(self.change)
        self.require_version()
        draft = drafts.draft_entry(
            self.change,
            self.form.save(commit=False),
            quote=self.form.cleaned_data["quote"],
            side=PassageSide(self.form.cleaned_data["quote_side"]),
            uses=self.form.cleaned_data["uses"],
            controls=self.form.cleaned_data["controls"],
            references=self.form.cleaned_data["references"],
        )
        save_source_rows(self.sources, draft, first=1)
        hold(self.change, curator_of(self.request))
        return draft

    def publish(self, *, quiet: bool = False, rehearsed: bool = False) -> Entry:
        if not rehearsed:
            self.ahead = ahead_of(self.change, self.request, self.site)
        cleaned = self.form.cleaned_data
        self.form.instance.quiet = quiet
        settling = list(waiting_before(self.change)) if cleaned["settle_earlier"] else []
        if cleaned.get("settle_repeats"):
            settling += [each for each in repeats_of(self.change) if each not in settling]
        return decisions.publish(
            self.change,
            entry=self.save_draft(),
            curator=curator_of(self.request),
            states=self.new_states,
            settling=settling,
            settles=list(cleaned["settles"]),
            rehearsed=rehearsed,
        )

    def about(self) -> Shared:
        return self.change

    def stored_version(self) -> str:
        """Return the version of the change's draft and of the decisions on it."""
        return version_of(
            self.change.decisions.values_list("pk"),
            Entry.objects.filter(changes=self.change).values(),
            Source.objects.filter(entry__changes=self.change).values(),
        )

    def context(self) -> dict[str, Any]:
        return {
            **item_context(self.request, self.site, self.change),
            "opts": Change._meta,
            "title": f"Publish: {self.change}",
            "asks_for_second": self.change.page.platform.second_review,
            "missing": self.known.missing,
            "opened_by": self.opened_by,
        }

    def warn(self) -> None:
        """Show why the quoted words have no place in the capture that they are from."""
        if problem := self.form.quote_problem:
            messages.warning(self.request, f"Quoted passage: {problem}")

    def after_draft(self, draft: Entry) -> HttpResponse:
        mark_closed(self.about(), curator_of(self.request))
        return _item(self.request, self.change)

    def after_publishing(self) -> HttpResponse:
        mark_closed(self.about(), curator_of(self.request))
        then = first_waiting(self.ahead)
        another = _another_address(self.request, self.change, then)
        words = '<a href="{}">This change tells something else too</a>'
        messages.info(self.request, format_html(words, another))
        return _item(self.request, then) if then is not None else _end_of_list(self.request)

    def after_somebody_decided(self, decided: AlreadyDecidedError) -> HttpResponse:
        messages.error(self.request, f"{decided} Nothing was overwritten.")
        return _item(self.request, self.change)


@dataclass(slots=True)
class _AnotherSheet(_ChangeSheet):
    """The form of another entry about a change that has one."""

    entry: Entry

    def save_draft(self) -> Entry:
        Change.objects.select_for_update(of=("self",)).get(pk=self.change.pk)
        self.require_version()
        cleaned = self.form.cleaned_data
        draft = drafts.draft_another(
            self.change,
            self.form.save(commit=False),
            quote=cleaned["quote"],
            side=PassageSide(cleaned["quote_side"]),
            uses=cleaned["uses"],
            controls=cleaned["controls"],
            references=cleaned["references"],
        )
        save_source_rows(self.sources, draft, first=1)
        hold(draft, curator_of(self.request))
        return draft

    publish = EntrySheet.publish

    def about(self) -> Shared:
        return self.entry if self.entry.pk else self.change

    def stored_version(self) -> str:
        """Return the version of all further entries, so that one sent twice is saved once."""
        further = Entry.objects.filter(pk__in=self.change.further_entries.values("pk"))
        return version_of(further.values(), Source.objects.filter(entry__in=further).values())

    def context(self) -> dict[str, Any]:
        words = "Publish what else it tells"
        return {**_ChangeSheet.context(self), "title": f"{words}: {self.change}"}

    def after_publishing(self) -> HttpResponse:
        mark_closed(self.about(), curator_of(self.request))
        then = read_number(self.request.GET.get("then", ""))
        following = first_waiting([then] if then else [])
        return _item(self.request, following or self.change)


def _another_address(request: HttpRequest, change: Change, then: int | None = None) -> str:
    """Return the address of the form of another entry. then: the change to show after it."""
    address = reverse("admin:consent_change_publish", args=[change.pk]) + "?another=new"
    return address + (f"&then={then}" if then else "") + within(request, first=False)


def _ruling(
    rule: Callable[..., None],
    label: str,
    form_for: Callable[[HttpRequest, Change], Form] = lambda request, _: Form(request.POST),
    *,
    stay: bool = False,
) -> Callable[[HttpRequest, AdminSite, int], HttpResponseBase]:
    """Return the view of a decision: made with the data of its form, then on in the list.

    stay: show the change again instead of the next one.
    """

    @require_POST
    def decide(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
        change = get_object_or_404(Change.objects.for_desk(), pk=change_id)
        form = form_for(request, change)
        if not form.is_valid():
            for name, errors in form.errors.items():
                messages.error(request, f"{name}: {' '.join(map(str, errors))}")
            return _item(request, change)
        ahead = [] if stay else ahead_of(change, request, site)
        typed = {"curator": curator_of(request), **form.cleaned_data}
        try:
            done = try_act(request, lambda: rule(change, **typed), f"{label}: {change}")
        except AlreadyDecidedError as decided:
            messages.error(request, f"{decided} Nothing was overwritten.")
            done = False
        return _next(request, ahead) if done and not stay else _item(request, change)

    return decide


def _dismiss(change: Change, *, curator: User, reason: str, note: str, repeats: bool) -> None:
    why = DismissReason(reason)
    if not repeats:
        decisions.dismiss(change, curator=curator, reason=why, note=note)
        return
    decisions.lock_undecided(change)
    keys = [change.pk, *repeats_of(change).values_list("pk", flat=True)]
    decisions.dismiss_together(keys, curator=curator, reason=why, note=note)


dismiss_change = _ruling(_dismiss, "Dismissed", lambda request, _: DismissForm(request.POST))
merge_change = _ruling(
    decisions.merge, "Merged", lambda request, change: MergeForm(request.POST, change=change)
)
snooze_change = _ruling(decisions.snooze, "Put off", lambda request, _: SnoozeForm(request.POST))
reopen_change = _ruling(decisions.reopen, "Back in the queue", stay=True)
confirm_change = _ruling(decisions.confirm_dismissal, "Found right", stay=True)


@require_POST
def undo_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    """Undo the curator's own last decision on a change."""
    change = get_object_or_404(Change.objects.for_desk(), pk=change_id)
    undo_own(request, change.decisions.first())
    return _item(request, change)


def dismissing(reason: DismissReason) -> Callable[[Any, HttpRequest, Any], HttpResponse | None]:
    """Return the action of the list that dismisses the selected changes for this reason.

    What says something about training, or has mostly new text, is dismissed only after a look.
    """

    def dismiss(model_admin: Any, request: HttpRequest, selected: Any) -> HttpResponse | None:
        to_look_at = Change.objects.none()
        if "looked" not in request.POST:
            to_look_at = selected.filter(
                Q(suggestion__relevant=True) | Q(percent_left__gte=MUCH_LONGER)
            )
            selected = selected.exclude(pk__in=to_look_at.order_by().values("pk"))
        if keys := list(selected.values_list("pk", flat=True)):
            count = decisions.dismiss_together(keys, curator=curator_of(request), reason=reason)
            messages.success(
                request, f"Dismissed as {reason.label}: {count} change{pluralize(count)}."
            )
        return _quotes(model_admin, request, to_look_at, reason) if to_look_at.exists() else None

    return dismiss


def _quotes(
    model_admin: Any, request: HttpRequest, changes: Any, reason: DismissReason
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Look at each quote, then dismiss as {reason.label}",
        "changes": changes[:_QUOTES],
        "count": changes.count(),
        "reason": reason,
    }
    return render(request, "admin/consent/change/quotes.html", context)


@require_POST
def undo_changes(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Undo a dismissal of many changes, all of them together."""
    require(request, "consent.change_change")
    own = Decision.objects.filter(curator=curator_of(request), batch__isnull=False)
    last = get_object_or_404(own, pk=read_number(request.POST.get("decision", "")))
    try:
        undone, kept = undo_batch(last, curator=curator_of(request))
    except ValidationError as invalid:
        messages.error(request, " ".join(invalid.messages))
    else:
        stay = f" {kept} stay{pluralize(kept, 's,')}: somebody decided since." if kept else ""
        in_queue = f"{undone} change{pluralize(undone, ' is,s are')} in the queue again."
        messages.success(request, f"Taken back: {in_queue}{stay}")
    return redirect(list_address(request))


def _item(request: HttpRequest, change: Change | int) -> HttpResponse:
    """Redirect to a change, in the list that the request came from."""
    number = change if isinstance(change, int) else change.pk
    return redirect(reverse("admin:consent_change_change", args=[number]) + within(request))


def _next(request: HttpRequest, ahead: list[int]) -> HttpResponse:
    """Redirect to the first of these that still waits, or to the list after its last one."""
    following = first_waiting(ahead)
    return _item(request, following) if following is not None else _end_of_list(request)


def _end_of_list(request: HttpRequest) -> HttpResponse:
    messages.info(request, "That was the last one of this list.")
    return redirect(list_address(request))
