"""The curator's page of a change and its decisions: publish, dismiss, merge, snooze, undo.

Mounted by ChangeAdmin, which checks login and permissions before these are called.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from consent.curation import decisions, drafts
from consent.curation.cited_words import place_of_words
from consent.curation.decisions import AlreadyDecidedError
from consent.curation.prefill import Prefill, prefill
from consent.curation.publication import NewState
from consent.curation.soundness import Record
from consent.curation.undo import undo, undo_batch
from consent.desk.comparison import compare, last_reviewed
from consent.desk.doubts import Doubt, blocking_doubts, doubts_about_form
from consent.desk.forms import (
    ChangeEntryForm,
    DismissForm,
    MergeForm,
    SnoozeForm,
    entry_form,
    mistakes_of,
    require_states,
    rows_of,
    state_forms,
)
from consent.desk.frame import neighbours
from consent.desk.publish_preview import preview_publish, public_page
from consent.desk.source_rows import SourceRows, mistakes_of_rows, save_source_rows, source_rows
from consent.models import Change, Decision, Entry, Guide, Source
from consent.models.changes import UNDECIDED
from consent.vocabulary import DismissReason, PassageSide, Ruling
from platforms.desk.curators import curator_of
from platforms.numbers import read_number
from platforms.versions import version_of

#: Entries that a change can be merged into by one key.
_NEAREST_ENTRIES = 5
_SNOOZES = ((1, "until tomorrow"), (7, "for a week"), (30, "for a month"))


def item_context(request: HttpRequest, change: Change) -> dict[str, Any]:
    """Return everything that the page of a change shows, except the publishing form."""
    merge_form = MergeForm(change=change)
    today = timezone.localdate()
    return {
        **neighbours(change),
        "item": change,
        "comparison": compare(
            change,
            view=request.GET.get("view", ""),
            against=request.GET.get("against", ""),
            part=request.GET.get("part", ""),
        ),
        "suggestion": getattr(change, "suggestion", None),
        "decisions": change.decisions.select_related("curator", "entry"),
        "may_decide": request.user.has_perm("consent.change_change"),
        "undecided": change.status in UNDECIDED,
        "touched_guides": Guide.objects.resting_on(change.page),
        "reasons": [
            (number, reason.value, reason.label) for number, reason in enumerate(DismissReason, 1)
        ],
        "snoozes": [
            (number, today + dt.timedelta(days=days), label)
            for number, (days, label) in enumerate(_SNOOZES, 1)
        ],
        "nearest": list(merge_form.entries()[:_NEAREST_ENTRIES]),
        "snooze_form": SnoozeForm(),
        "merge_form": merge_form,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def publish_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    """The prefilled entry of a change: fill in, preview, publish.

    A POST without "publish" or "draft" shows the preview. Only exactly what was previewed can be
    published, and only if nobody else changed the change or its draft since.
    """
    change = get_object_or_404(Change.objects.for_desk(), pk=change_id)
    require(request, "consent.change_entry")
    try:
        decisions.require_undecided(change)
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
        return _item(change)
    known = prefill(change)
    entry = drafts.draft_of(change) or drafts.entry_from(change, known)
    if request.method != "POST":
        # A GET writes nothing: the first POST saves the draft.
        form = entry_form(change, entry, known=known)
        states = state_forms(change, entry, known=known)
        sources = source_rows(entry, None, besides=change.after)
        missing = known.missing
        return _publish_page(request, site, change, form, states, sources, missing=missing)
    return _press_button(request, site, change, entry, known)


@dataclass(frozen=True, slots=True)
class _Posted:
    """A publishing form that was posted without mistakes, and what its buttons can do."""

    request: HttpRequest
    site: AdminSite
    change: Change
    form: ChangeEntryForm
    states: Sequence[Any]
    sources: SourceRows
    new_states: list[NewState]
    known: Prefill

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What must be ticked before this is published."""
        entry, quote = self.form.instance, self.form.cleaned_data["quote"]
        return blocking_doubts(self.change, entry, quote, self.new_states, self.known)

    @property
    def is_ticked(self) -> bool:
        """Whether every doubt is ticked."""
        return {doubt.key for doubt in self.doubts} <= set(self.request.POST.getlist("checked"))

    def save_draft(self) -> Entry:
        """Save what was typed. Raises ValidationError when somebody else saved meanwhile."""
        change = decisions.lock_undecided(self.change)
        if self.request.POST.get("version") != version_of(*_stored(change)):
            raise ValidationError(
                "Somebody else worked on this since you opened it. Open it again to see what they "
                "wrote; your words are still below."
            )
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
        return draft

    def warn_of_quote(self) -> None:
        """Show why the quoted words have no place in the capture that they are from."""
        words = self.form.cleaned_data["quote"]
        is_after = self.form.cleaned_data["quote_side"] == PassageSide.AFTER
        snapshot = self.change.after if is_after else self.change.before
        if problem := place_of_words(snapshot, words).problem:
            messages.warning(self.request, f"Quoted passage: {problem}")

    def publish(self, *, quiet: bool = False, rehearsed: bool = False) -> Entry:
        """Save the draft and publish it. rehearsed: in a transaction that is rolled back."""
        cleaned = self.form.cleaned_data
        self.form.instance.quiet = quiet
        return decisions.publish(
            self.change,
            entry=self.save_draft(),
            curator=curator_of(self.request),
            states=self.new_states,
            settling=last_reviewed(self.change)[1] if cleaned["settle_earlier"] else (),
            settles=list(cleaned["settles"]),
            rehearsed=rehearsed,
        )

    def rehearse(self) -> Entry:
        return self.publish(rehearsed=True)


def _press_button(
    request: HttpRequest, site: AdminSite, change: Change, entry: Entry, known: Prefill
) -> HttpResponseBase:
    """Check what was filled in and do what the button says."""
    form = entry_form(change, entry, request.POST, known)
    states = state_forms(change, entry, request.POST, known)
    sources = source_rows(entry, request.POST, besides=change.after)
    # All are cleaned, so that every mistake is shown at once.
    valid = all([form.is_valid(), sources.is_valid(), *(state.is_valid() for state in states)])
    new_states = [new for state in states if (new := state.new_state())] if valid else []
    is_draft = "draft" in request.POST
    if not valid or not (
        is_draft or require_states(form, form.cleaned_data["effects"], new_states)
    ):
        return _publish_page(request, site, change, form, states, sources)
    posted = _Posted(request, site, change, form, states, sources, new_states, known)
    try:
        if is_draft:
            return _press_draft(posted)
        require(request, "consent.publish_entry")
        if "page" in request.POST:
            return public_page(posted.rehearse, request.get_host())
        looked_at = request.POST.get("reviewed") == fingerprint_of(request)
        if "publish" in request.POST and looked_at and posted.is_ticked:
            return _press_publish(posted)
        return _press_look(posted, looked_at=looked_at)
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
        return _item(change)
    except ValidationError as invalid:
        form.add_error(None, invalid)
        return _publish_page(request, site, change, form, states, sources)


def _press_draft(posted: _Posted) -> HttpResponseBase:
    with transaction.atomic():
        posted.save_draft()
    posted.warn_of_quote()
    messages.success(posted.request, "The draft is saved; nothing is public.")
    return _item(posted.change)


def _press_publish(posted: _Posted) -> HttpResponseBase:
    with transaction.atomic():
        published = posted.publish(quiet=posted.request.POST["publish"] == "quietly")
    messages.success(posted.request, published_message(published))
    return _next(posted.change)


def published_message(entry: Entry) -> str:
    """Return what happened to an entry, with a link to its public page if it has one."""
    if entry.awaits_second_review:
        return f"Sent to a second reviewer: {entry}"
    return linked("Published", entry)


def linked(what: str, record: Entry | Record) -> str:
    """Return what happened to something public, with a link to where readers see it."""
    # A use or a control has no page of its own: readers see it on its platform's page.
    page = record if isinstance(record, Entry | Guide) else record.platform
    return format_html('{}: <a href="{}">{}</a>', what, page.get_absolute_url(), record)


def _press_look(posted: _Posted, *, looked_at: bool) -> HttpResponseBase:
    """Show what readers would get, with a warning if it was pressed to publish too early.

    looked_at: the form is as it was in the last preview.
    """
    request = posted.request
    rehearsal = preview_publish(posted.rehearse, doubts=doubts_about_form(posted.form.cleaned_data))
    posted.warn_of_quote()
    if "publish" in request.POST:
        early = "Nothing is published yet: tick that you checked each doubt."
        changed = "You changed something since you looked: please look again."
        messages.warning(request, early if looked_at else changed)
    return _publish_page(
        request,
        posted.site,
        posted.change,
        posted.form,
        posted.states,
        posted.sources,
        rehearsal=rehearsal,
        missing=posted.known.missing,
        to_tick=posted.doubts,
        ticked=request.POST.getlist("checked"),
        reviewed=fingerprint_of(request),
    )


@require_POST
def dismiss_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def dismiss(change: Change, reason: str, note: str) -> None:
        decisions.dismiss(
            change, curator=curator_of(request), reason=DismissReason(reason), note=note
        )

    return _decide(request, change_id, lambda _: DismissForm(request.POST), dismiss, "Dismissed")


@require_POST
def merge_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def merge(change: Change, into: Entry, note: str) -> None:
        decisions.merge(change, into=into, curator=curator_of(request), note=note)

    return _decide(
        request, change_id, lambda change: MergeForm(request.POST, change=change), merge, "Merged"
    )


@require_POST
def snooze_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def snooze(change: Change, until: dt.date, note: str) -> None:
        decisions.snooze(change, until=until, curator=curator_of(request), note=note)

    return _decide(request, change_id, lambda _: SnoozeForm(request.POST), snooze, "Put off")


@require_POST
def reopen_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def reopen(change: Change) -> None:
        decisions.reopen(change, curator=curator_of(request))

    return _decide(
        request, change_id, lambda _: Form(request.POST), reopen, "Back in the queue", stay=True
    )


@require_POST
def confirm_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    def confirm(change: Change) -> None:
        decisions.confirm_dismissal(change, curator=curator_of(request))

    return _decide(
        request, change_id, lambda _: Form(request.POST), confirm, "Found right", stay=True
    )


@require_POST
def undo_change(request: HttpRequest, site: AdminSite, change_id: int) -> HttpResponseBase:
    """Undo the curator's own last decision on a change."""
    change = get_object_or_404(Change.objects.for_desk(), pk=change_id)
    last = change.decisions.first()
    if last is None or last.curator_id != curator_of(request).pk:
        messages.error(request, "You can only undo your own last decision.")
        return _item(change)
    if last.ruling in (Ruling.PUBLISH, Ruling.PROPOSE):
        require(request, "consent.publish_entry")
    try:
        undo(last, curator=curator_of(request))
    except ValidationError as invalid:
        messages.error(request, " ".join(invalid.messages))
    else:
        messages.success(request, "Taken back. Everything is as it was before.")
    return _item(change)


def dismissing(reason: DismissReason) -> Callable[[Any, HttpRequest, Any], None]:
    """Return the action of the list that dismisses the selected changes for this reason."""

    def dismiss(_: Any, request: HttpRequest, selected: Any) -> None:
        count = decisions.dismiss_together(
            list(selected.values_list("pk", flat=True)), curator=curator_of(request), reason=reason
        )
        messages.success(request, f"Dismissed as {reason.label}: {count} changes.")

    return dismiss


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
        stay = f" {kept} stay: somebody decided on them since." if kept else ""
        messages.success(request, f"Taken back: {undone} changes are in the queue again.{stay}")
    return redirect("admin:consent_change_changelist")


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the curator has a permission."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _stored(change: Change) -> tuple[QuerySet[Any, Any], ...]:
    """Return the saved draft of a change and the decisions on it, for `version_of`."""
    sources = Source.objects.filter(entry__changes=change)
    return (
        change.decisions.values_list("pk"),
        Entry.objects.filter(changes=change).values(),
        sources.values(),
    )


def fingerprint_of(request: HttpRequest) -> str:
    """Return a digest of the filled-in form, so that only what was previewed is published."""
    buttons = {"csrfmiddlewaretoken", "reviewed", "publish", "page", "look", "draft", "checked"}
    filled = sorted(
        # Without empty rows of lists: a page always shows some more of them.
        (name, [value for value in request.POST.getlist(name) if value])
        for name in request.POST
        if name not in buttons
    )
    return hashlib.blake2s(repr(filled).encode(), digest_size=12).hexdigest()


def _item(change: Change) -> HttpResponse:
    return redirect("admin:consent_change_change", change.pk)


def _next(change: Change) -> HttpResponse:
    """Redirect to the first waiting change, or to the list when nothing waits."""
    following = Change.objects.waiting().exclude(pk=change.pk).by_weight().only("pk").first()
    return _item(following) if following else redirect("admin:consent_change_changelist")


def _decide(
    request: HttpRequest,
    change_id: int,
    form_for: Callable[[Change], Form],
    rule: Callable[..., None],
    label: str,
    *,
    stay: bool = False,
) -> HttpResponse:
    """Make a decision with the data of its form, show the result, and go on to the next change."""
    change = get_object_or_404(Change.objects.for_desk(), pk=change_id)
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
        messages.success(request, f"{label}: {change}")
        return _item(change) if stay else _next(change)
    return _item(change)


def _publish_page(
    request: HttpRequest,
    site: AdminSite,
    change: Change,
    form: ChangeEntryForm,
    states: Sequence[Any],
    sources: SourceRows,
    **extra: Any,
) -> HttpResponseBase:
    context = {
        **site.each_context(request),
        **item_context(request, change),
        "opts": Change._meta,
        "title": f"Publish: {change}",
        "form": form,
        "rows": rows_of(states),
        # The version when the form was opened, so that typed words are never saved over newer ones.
        "version": request.POST.get("version") or version_of(*_stored(change)),
        "asks_for_second": change.page.platform.second_review,
        "sources": sources,
        "state_mistakes": [*mistakes_of_rows(sources), *mistakes_of(states)],
        "may_publish": request.user.has_perm("consent.publish_entry"),
        **extra,
    }
    has_errors = form.errors or sources.total_error_count() or any(state.errors for state in states)
    status = 422 if has_errors else 200
    return render(request, "admin/consent/change/publish.html", context, status=status)
