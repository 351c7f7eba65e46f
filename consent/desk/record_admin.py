"""The admin of uses, controls and guides. Saving a public record is a decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path

from consent.curation.record_decisions import change_record
from consent.curation.soundness import Record, faults_of
from consent.desk import record_pages
from consent.desk.record_forms import DoorForm
from consent.vocabulary import PublicationStatus
from platforms.admin import GuardedAdmin, ListsInWords, fixed_platform
from platforms.desk.curators import curator_of
from platforms.numbers import read_number

_RIGHT = "consent.publish_record"


class _RefusedError(Exception):
    """`change_record` refused the form; nothing was saved."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(*mistakes)
        self.mistakes = mistakes


class DoorAdmin(GuardedAdmin):
    """Saves a record and its rows in one decision, or shows why not, with everything typed."""

    form = DoorForm

    def record_of(self, obj: Any) -> Record:
        """Return the record that is edited, or that the edited row belongs to."""
        record: Record = obj
        return record

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or self._may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts without decisions are deleted; all others are withdrawn."""
        allowed = super().has_delete_permission(request, obj)
        if not allowed or obj is None:
            return False
        record = self.record_of(obj)
        return record.status == PublicationStatus.DRAFT and not record.decisions.exists()

    def _may_change(self, request: HttpRequest, obj: Any) -> bool:
        is_draft = self.record_of(obj).status == PublicationStatus.DRAFT
        return is_draft or request.user.has_perm(_RIGHT)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except _RefusedError as refused:
            # Show the form again, with these errors added to its own.
            request.refused = refused.mistakes  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refused = getattr(request, "refused", ())
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save a new record, a draft. `save_related` saves an existing one with its rows."""
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if not change:
            super().save_related(request, form, formsets, change)
            return
        record = self.record_of(form.instance)
        stored = type(record)._default_manager.get(pk=record.pk)
        try:
            with change_record(stored, curator=curator_of(request)):
                super().save_model(request, form.instance, form, change)
                super().save_related(request, form, formsets, change)
        except ValidationError as invalid:
            raise _RefusedError(invalid.messages) from None


class RecordAdmin(DoorAdmin):
    """A record with pages on which it is published and withdrawn."""

    change_form_template = "admin/consent/record/change_form.html"
    #: Fields that decisions and visits write.
    by_others: tuple[str, ...] = ("status", "status_reason")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.by_others, *(fixed_platform(request) if obj else ()))

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer pages, uses and controls of the record's own platform, once that is known.

        They are few then, so each has a box to tick.
        """
        platform = self._platform_of(request)
        if platform is not None:
            kwargs["queryset"] = db_field.related_model._default_manager.filter(platform=platform)
            kwargs["widget"] = CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _platform_of(self, request: HttpRequest) -> int | None:
        """Return the platform of the form: as posted, as stored, or as the address proposes."""
        posted = request.POST.get("platform")
        match = request.resolver_match
        stored = read_number(str(match.kwargs.get("object_id", ""))) if match else None
        if posted is None and stored:
            found = self.model._default_manager.filter(pk=stored)
            platform: int | None = found.values_list("platform", flat=True).first()
            return platform
        return read_number(posted or request.GET.get("platform", ""))

    def get_urls(self) -> list[URLPattern]:
        label = f"consent_{self.model._meta.model_name}"
        acts = {
            "publish": record_pages.publish,
            "withdraw": record_pages.withdraw,
            "review": record_pages.review,
            "undo": record_pages.take_back,
        }
        return [
            *(
                path(f"<int:record_id>/{name}/", self._mounted(view), name=f"{label}_{name}")
                for name, view in acts.items()
            ),
            *super().get_urls(),
        ]

    def _mounted(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(partial(view, site=self.admin_site, model=self.model))

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.info(request, "It is a draft: publish it when it is complete.")
        return super().response_add(request, obj, post_url_continue)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Go back to the page of the platform, if the form was opened there.

        On the way is the look at a record that is complete, for those who may publish it.
        """
        if "platform" in request.GET and request.user.has_perm("platforms.view_platform"):
            if request.user.has_perm(_RIGHT) and not faults_of(obj):
                return redirect(f"admin:consent_{obj._meta.model_name}_publish", obj.pk)
            return redirect("admin:platforms_platform_change", obj.platform_id)
        return super().response_post_save_add(request, obj)


class RecordInline(ListsInWords, admin.options.InlineModelAdmin):
    """Rows of a record. Whoever may change the record may add, change and delete them."""

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A new record has an empty row of each kind, to be complete on one page."""
        return 0 if obj else 1

    def records_shown(self, obj: Any) -> list[Any]:
        parent = next(
            field.name
            for field in self.model._meta.concrete_fields
            if field.related_model is self.parent_model and self.fk_name in (None, field.name)
        )
        return list(self.model._default_manager.filter(**{parent: obj})) if obj else []

    def may_edit(self, request: HttpRequest, obj: Any) -> bool:
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_change_permission(request, obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        self.classes = ("collapse",) if obj else ()  # what is on record is folded
        if "fields" not in kwargs:
            # Where the rows are only shown, some of their columns are words and no fields.
            columns = flatten_fieldsets(self.get_fieldsets(request, obj))
            kwargs["fields"] = [name for name in columns if isinstance(name, str)]
        return super().get_formset(request, obj, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True
