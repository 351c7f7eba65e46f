"""The form of one entry, from a change or from outside sources, and what its buttons do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html

from consent.curation import decisions
from consent.curation.decisions import AlreadyDecidedError
from consent.curation.prefill import value_of
from consent.curation.publication import NewState
from consent.curation.soundness import Record
from consent.desk.doubts import Doubt
from consent.desk.forms import EntryForm, StateForm, mistakes_of, rows_of
from consent.desk.mail_rule import day_of_news, is_old
from consent.desk.publish_preview import preview_publish, public_page
from consent.desk.shared_work import Shared, key_of
from consent.desk.source_rows import SourceRows, mistakes_of_rows
from consent.models import Assignment, Entry, Guide
from platforms.desk.curators import curator_of, require


@dataclass(slots=True)
class EntrySheet:
    """The form as it was opened or posted. Subclasses save and publish what it is about."""

    request: HttpRequest
    site: AdminSite
    form: EntryForm
    sources: SourceRows
    states: Sequence[StateForm]
    new_states: list[NewState] = field(default_factory=list, init=False)

    template: ClassVar[str]
    #: Whether an entry may do without sources of this form.
    folds_sources: ClassVar[bool] = False

    def save_draft(self) -> Entry:
        """Save what was typed. Raises ValidationError when somebody else saved meanwhile."""
        raise NotImplementedError

    def publish(self, *, quiet: bool = False, rehearsed: bool = False) -> Entry:
        """Save the draft and publish it. rehearsed: in a transaction that is rolled back."""
        draft = self.save_draft()
        draft.quiet = quiet
        return decisions.publish_by_hand(
            draft,
            curator=curator_of(self.request),
            states=self.new_states,
            settles=list(self.form.cleaned_data["settles"]),
            rehearsed=rehearsed,
        )

    def stored_version(self) -> str:
        """Return the version of what is stored."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """Return what the page shows beside the form."""
        raise NotImplementedError

    def after_draft(self, draft: Entry) -> HttpResponse:
        raise NotImplementedError

    def after_publishing(self) -> HttpResponse:
        raise NotImplementedError

    def after_somebody_decided(self, decided: AlreadyDecidedError) -> HttpResponseBase:
        self.form.add_error(None, f"{decided} Nothing was overwritten.")
        return self.page()

    def doubts(self) -> Sequence[Doubt]:
        """Return what must be ticked before this is published. Call with cleaned forms."""
        return ()

    def warn(self) -> None:
        """Show doubts about the form that stop nothing."""

    def response(self) -> HttpResponseBase:
        """Show the form, or do what its button says.

        A POST without "publish" or "draft" is the preview. Only exactly what was previewed is
        published, and only if nobody else saved since.
        """
        if self.request.method != "POST" or not self._is_valid():
            return self.page()
        try:
            return self._press_button()
        except AlreadyDecidedError as decided:
            return self.after_somebody_decided(decided)
        except IntegrityError:
            self.form.add_error(None, "Somebody else saved the same entry just now.")
        except ValidationError as invalid:
            self.form.add_error(None, ValidationError(invalid.messages))
        return self.page()

    def page(self, **looked: Any) -> HttpResponseBase:
        sources, states = self.sources, [state.fresh() for state in self.states]
        context = {
            **self.site.each_context(self.request),
            **self.context(),
            "form": self.form,
            "sources": sources,
            "fold_sources": self.folds_sources and _are_empty(sources),
            "rows": rows_of(states, self.form),
            "state_mistakes": [*mistakes_of_rows(sources), *mistakes_of(states)],
            # The version when the form was opened: typed words are never saved over newer ones.
            "version": self.request.POST.get("version") or self.stored_version(),
            "may_publish": self.request.user.has_perm("consent.publish_entry"),
            **looked,
        }
        wrong = any(part.errors for part in (self.form, *states)) or sources.total_error_count()
        return render(self.request, self.template, context, status=422 if wrong else 200)

    def require_version(self) -> None:
        """Raise ValidationError unless what is stored is what the form was opened with."""
        if self.request.POST.get("version") != self.stored_version():
            raise ValidationError(
                f"{self._who_saved()}{self._what_differs()} Open it again in another window to see "
                "all of it; your words are still below."
            )

    def about(self) -> Shared:
        """Return what colleagues share: the change, or the entry without one."""
        raise NotImplementedError

    def _who_saved(self) -> str:
        """Return who saved what is stored, as far as that is known."""
        found = Assignment.objects.filter(**key_of(self.about())).select_related("person").first()
        if found is None or found.person == self.request.user:
            return "Somebody else worked on this since you opened it."
        return f"{found.person} saved this at {found.since:%H:%M} UTC, after you opened it."

    def _what_differs(self) -> str:
        """Return the fields in which the form, as posted, differs from what is stored."""
        fields = [str(self.form[name].label) for name in self.form.changed_data]
        return f" What you typed differs in: {', '.join(fields)}." if fields else ""

    def _is_valid(self) -> bool:
        """Clean all forms, so that every mistake is shown at once."""
        valid = [self.form.is_valid(), self.sources.is_valid()]
        entry = self.form.instance
        for state in self.states:
            state.day_of_entry = entry.effective_on or entry.due_on or entry.decided_on
        valid += [state.is_valid() for state in self.states]
        if not all(valid):
            return False
        self.new_states = [new for state in self.states if (new := state.new_state())]
        return True

    def _to_tick(self) -> list[Doubt]:
        moves = value_of(self.form.instance.effects) or any(
            state.is_concerned for state in self.states
        )
        is_decided = self.new_states or any(state.is_fresh for state in self.states)
        stay = self.states and moves and not is_decided
        words = "No recorded use changes its state: is that so?"
        return [*([Doubt("states", words)] if stay else ()), *self.doubts()]

    def _press_button(self) -> HttpResponseBase:
        pressed = self.request.POST
        if "draft" in pressed:
            with transaction.atomic():
                draft = self.save_draft()
            self.warn()
            messages.success(self.request, "The draft is saved; nothing is public.")
            return self.after_draft(draft)
        require(self.request, "consent.publish_entry")
        if "page" in pressed:
            return public_page(self._rehearse, self.request.get_host())
        looked_at = pressed.get("reviewed") == fingerprint_of(self.request)
        unticked = {doubt.key for doubt in self._to_tick()} - set(pressed.getlist("checked"))
        if "publish" in pressed and looked_at and not unticked:
            with transaction.atomic():
                published = self.publish(quiet=pressed["publish"] == "quietly")
            messages.success(self.request, published_message(published))
            return self.after_publishing()
        return self._look(looked_at=looked_at)

    def _look(self, *, looked_at: bool) -> HttpResponseBase:
        """Show what readers would get, with a warning if it was too early to publish.

        looked_at: the form is as it was at the last look, so that only ticks are missing.
        """
        preview = preview_publish(self._rehearse)
        self.warn()
        if "publish" in self.request.POST:
            early = "Nothing is published yet: tick that you checked each doubt."
            changed = "You changed something since you looked: please look again."
            messages.warning(self.request, early if looked_at else changed)
        return self.page(
            rehearsal=preview,
            reviewed=fingerprint_of(self.request),
            quiet_first=is_old(day_of_news(self.form.instance)),
            to_tick=self._to_tick(),
            ticked=self.request.POST.getlist("checked"),
        )

    def _rehearse(self) -> Entry:
        return self.publish(rehearsed=True)


def _are_empty(sources: SourceRows) -> bool:
    rows = sources.forms
    return not any(row.instance.pk or row.errors or row["url"].value() for row in rows)


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
