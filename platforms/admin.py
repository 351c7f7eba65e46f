"""The admin of watched platforms: pages can be edited, snapshots and visits cannot."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from platforms.archive import ArchiveError, open_archive
from platforms.desk import page_actions
from platforms.desk import page_health as _minding  # noqa: F401  (adds its tool)
from platforms.desk import preview as _trying  # noqa: F401  (adds its tools)
from platforms.desk.curators import curator_of
from platforms.desk.forms import DESK_FIELDS, GuardedForm, LendForm, PageForm, PlatformForm
from platforms.desk.list_words import in_words
from platforms.desk.tools import PAGE_TOOLS, PageTool
from platforms.guards import public_act
from platforms.models import (
    Document,
    Fetch,
    Gap,
    LentSession,
    Outage,
    Page,
    PageRuling,
    Platform,
    RecordVersion,
    Snapshot,
    VisitDay,
)
from platforms.numbers import read_number
from platforms.record_versions import Act
from platforms.vocabulary import PublicChangeKind
from platforms.watch.lent_sessions import withdraw

#: Without platforms that have none of the records of a list.
OF_PLATFORM = ("platform", admin.RelatedOnlyFieldListFilter)
OF_PLATFORM_OF_PAGE = ("page__platform", admin.RelatedOnlyFieldListFilter)


class _VisitedPlatforms(admin.RelatedFieldListFilter):
    """The same for lists of visits, which are too long to be asked for their platforms."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[str, Any]]:
        visited = Page.objects.exclude(last_visited_at=None)
        choices: list[tuple[str, Any]] = field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to={"pk__in": visited.values("platform")},
        )
        return choices


OF_VISITED_PLATFORM = ("page__platform", _VisitedPlatforms)


class ListsInWords(BaseModelAdmin):
    """Mixin of admins and inlines that show stored lists in words, where nobody may edit them."""

    formfield_overrides = DESK_FIELDS
    # The number of all rows says nothing on a list that shows a queue, such as that of changes.
    show_full_result_count = False
    #: Fields that few records fill in. They are folded as long as none of the records does.
    rare: tuple[str, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = self._folded(super().get_fieldsets(request, obj), obj)
        if obj is None or self.may_edit(request, obj):
            return fieldsets
        as_words: dict[Any, Any] = {
            field.name: _words_of_field(field)
            for field in self.model._meta.concrete_fields
            if isinstance(field, models.JSONField)
        }
        return [
            (
                name,
                options | {"fields": [as_words.get(field, field) for field in options["fields"]]},
            )
            for name, options in fieldsets
        ]

    def records_shown(self, obj: Any) -> list[Any]:
        """Return the stored records of a form. obj: the record; of an inline, its parent."""
        return [obj] if obj else []

    def _folded(self, fieldsets: Any, obj: Any) -> Any:
        """Move rare fields that are as in a new record to a folded part at the end."""
        if not self.rare:
            return fieldsets
        ((name, options),), records = fieldsets, self.records_shown(obj)
        folded = [
            field
            for field in options["fields"]
            if field in self.rare and not any(_is_filled_in(record, field) for record in records)
        ]
        shown = [field for field in options["fields"] if field not in folded]
        more = ("More fields", {"fields": folded, "classes": ("collapse",)})
        return [(name, options | {"fields": shown}), *([more] if folded else [])]

    def may_edit(self, request: HttpRequest, obj: Any) -> bool:
        """Return whether the page has boxes for a record. obj: of an inline, its parent."""
        return self.has_change_permission(request, obj)


def _is_filled_in(record: Any, name: str) -> bool:
    """Return whether a field differs from that of a new record."""
    field = record._meta.get_field(name)
    if field.many_to_many:
        return bool(getattr(record, name).exists())
    return bool(getattr(record, field.attname) != field.get_default())


def _words_of_field(field: models.Field[Any, Any]) -> Callable[[Any], SafeString]:
    """Return a column of the admin that shows a field of JSON in words."""

    @admin.display(description=field.verbose_name, empty_value="-")
    def words(record: Any) -> SafeString:
        return in_words(getattr(record, field.attname))

    words.__name__ = field.name
    return words


class ReadOnly(ListsInWords):
    """Mixin of admins and inlines whose rows are shown and never edited."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    pass


class GuardedAdmin(ListsInWords, admin.ModelAdmin):
    """An admin that refuses to overwrite what somebody else has just saved."""

    form = GuardedForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        makes_slug: Any = getattr(self.form, "slug_from", None)
        if obj is None and makes_slug:
            fields = [name for name in fields if name != "slug"]
        may_write = self.has_change_permission(request, obj) if obj else True
        return fields if may_write else [name for name in fields if name != "seen"]


class PublicAdmin(GuardedAdmin):
    """An admin of public records: edits are logged. Public records cannot be deleted here."""

    def is_public(self, record: Any) -> bool:
        """Return whether readers see this record."""
        return True

    def logged_record(self, record: Any) -> Any:
        """Return the record to name in the log: this one, or the one that it is a part of."""
        return record

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and obj is not None and not self.is_public(obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        stored = type(obj)._base_manager.filter(pk=obj.pk).first() if change else None
        form.seen_by_readers = any(
            self.is_public(record) for record in (obj, stored) if record is not None
        )
        if not form.seen_by_readers or (change and not _edited(form)):
            super().save_model(request, obj, form, change)
            return
        with self._act(request, obj, change) as act:
            super().save_model(request, obj, form, change)
            act.name(self.logged_record(obj))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        edited = _edited(form) or any(formset.has_changed() for formset in formsets)
        if not form.seen_by_readers or not edited:
            super().save_related(request, form, formsets, change)
            return
        with self._act(request, form.instance, change) as act:
            super().save_related(request, form, formsets, change)
            act.name(self.logged_record(form.instance))

    def _act(self, request: HttpRequest, obj: Any, change: bool) -> AbstractContextManager[Act]:
        kind = PublicChangeKind.EDIT if change else PublicChangeKind.ADDITION
        on = [self.logged_record(obj)] if change else None
        return public_act(kind, by=curator_of(request), on=on)


def fixed_platform(request: HttpRequest) -> tuple[str, ...]:
    """Return the platform field as read-only, unless the user may change second reviews.

    The platform decides whether a second reviewer is required. Otherwise curators could avoid
    the review by moving a page, a use or a control to another platform and back.
    """
    return () if request.user.has_perm("platforms.set_second_review") else ("platform",)


def _edited(form: Any) -> list[str]:
    return [name for name in form.changed_data if name != "seen"]


class PageInline(admin.TabularInline):
    formfield_overrides = DESK_FIELDS
    model = Page
    extra = 0
    classes = ("collapse",)
    fields = ("title", "url", "kind", "access", "fetch_mode", "health")
    readonly_fields = ("health",)
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Existing pages are edited on their own admin page, so that the log has it."""
        return False


@admin.register(Platform)
class PlatformAdmin(PublicAdmin):
    form = PlatformForm
    list_display = ("name", "operator", "category")
    list_filter = ("listed", "category")
    search_fields = ("name", "slug", "operator", "aliases")
    inlines = (PageInline,)
    rare = (
        *("aliases", "summary", "note", "second_review", "parts", "min_age", "min_age_source"),
        *("contact_email", "contact_form", "contact_post", "contact_source"),
    )

    def is_public(self, record: Platform) -> bool:
        return record.listed

    def get_exclude(self, request: HttpRequest, obj: Platform | None = None) -> tuple[str, ...]:
        """A new platform is listed by an edit of its own, once it has something to show."""
        return ("listed",) if obj is None else ()

    def save_model(self, request: HttpRequest, obj: Platform, form: Any, change: bool) -> None:
        if not change:
            obj.listed = False
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: Platform) -> HttpResponseRedirect:
        return redirect("admin:platforms_platform_change", obj.pk)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Platform | None = None
    ) -> tuple[str, ...]:
        """Only administrators may change whether a platform asks for a second reviewer."""
        if request.user.has_perm("platforms.set_second_review"):
            return ()
        return ("second_review",)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for page in (*formset.new_objects, *form.add_pages()):
            page_actions.note_added(page, curator=curator_of(request))


class GapInline(ReadOnly, admin.TabularInline):
    model = Gap
    extra = 0
    fields = ("began_at", "ended_at", "outcome", "detail")


class WatchedByHand(admin.SimpleListFilter):
    """Pages that need an account nobody lent; counts those whose check by hand is overdue."""

    title = "watched by hand"
    parameter_name = "by_hand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        waiting = Page.objects.to_confirm_by_hand(timezone.now()).count()
        return [
            ("due", f"to be confirmed by hand ({waiting})"),
            ("all", "needs an account"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "due":
            return queryset.to_confirm_by_hand(timezone.now())
        return queryset.watched_by_hand() if self.value() == "all" else queryset


#: Fields that only tools change once a page is watched.
_BY_TOOLS = ("url", "next_visit_at", "paused_at", "paused_reason")


@admin.register(Page)
class PageAdmin(GuardedAdmin):
    form = PageForm
    list_display = (
        "title",
        "platform",
        "kind",
        "health",
        "gaps_in_a_row",
        "last_looked_at",
        "next_visit_at",
    )
    list_filter = (
        WatchedByHand,
        "health",
        ("needs_rule_since", admin.EmptyFieldListFilter),
        "access",
        "kind",
        OF_PLATFORM,
    )
    list_select_related = ("platform",)
    search_fields = ("title", "url", "platform__name")
    readonly_fields = (
        "health",
        "health_since",
        "gaps_in_a_row",
        "last_visited_at",
        "last_looked_at",
        "flapping_since",
        "reappearances",
        "needs_rule_since",
        "news_expected_on",
        "confirmed_by_hand_at",
    )
    inlines = (GapInline,)
    actions = ("visit_soon", "confirm_by_hand")

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        """Fields that the page's health page changes, with all consequences, are read-only here."""
        if obj is None:
            return self.readonly_fields
        return (*self.readonly_fields, *_BY_TOOLS, *fixed_platform(request))

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        curator = curator_of(request)
        if change:
            names = [name for name in form.changed_data if name != "seen"]
            page_actions.edit(obj, names, curator=curator)
            return
        with public_act(PublicChangeKind.ADDITION, by=curator, on=None) as act:
            super().save_model(request, obj, form, change)
            act.name(obj)
        page_actions.note_added(obj, curator=curator)

    @admin.action(description="Visit at the next opportunity", permissions=["change"])
    def visit_soon(self, request: HttpRequest, pages: QuerySet[Page]) -> None:
        sent = 0
        for page in pages:
            try:
                page_actions.visit_soon(page, curator=curator_of(request), now=timezone.now())
            except ValidationError as invalid:
                messages.error(request, f"{page}: {' '.join(invalid.messages)}")
            else:
                sent += 1
        told = f"{sent} page{pluralize(sent)} will be visited within a minute or two."
        messages.success(request, told)

    @admin.action(description="State confirmed by hand today", permissions=["change"])
    def confirm_by_hand(self, request: HttpRequest, pages: QuerySet[Page]) -> None:
        now = timezone.now()
        looked_at = Page.objects.watched_by_hand().filter(pk__in=pages.values("pk"))
        for page in looked_at:
            page_actions.confirm_by_hand(page, curator=curator_of(request), now=now)
        count = len(looked_at)
        messages.success(
            request,
            f"Confirmed: {count}. The desk asks again in {settings.HAND_CHECK_DAYS} days.",
        )
        if others := pages.count() - count:
            messages.warning(request, f"Left alone: {others}, for workers read them.")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        may_change = self.has_change_permission(request)
        links = [
            (tool.label, reverse(f"admin:platforms_page_{tool.name}", args=[object_id]))
            for tool in PAGE_TOOLS
            if tool.label and read_number(object_id) and (may_change or tool.for_onlookers)
        ]
        extra_context = {"page_tools": links} | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra_context)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<int:page_id>/{tool.name}/",
                self.admin_site.admin_view(self._guarded(tool)),
                name=f"platforms_page_{tool.name}",
            )
            for tool in PAGE_TOOLS
        ] + super().get_urls()

    def _may_see(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def _guarded(self, tool: PageTool) -> Callable[..., HttpResponseBase]:
        """Check the rights to pages before a tool is used; the admin has checked the login."""

        def guarded(request: HttpRequest, page_id: int) -> HttpResponseBase:
            looks_on = tool.for_onlookers and request.method in ("GET", "HEAD")
            if not (self.has_change_permission(request) or (looks_on and self._may_see(request))):
                raise PermissionDenied
            page = get_object_or_404(Page.objects.select_related("platform"), pk=page_id)
            return tool.view(request, self.admin_site, page)

        return guarded


@admin.register(LentSession)
class LentSessionAdmin(ListsInWords, admin.ModelAdmin):
    """Sessions are lent and withdrawn, never edited. Their cookies are never shown."""

    list_display = ("platform", "lent_by", "lent_at", "expires_at", "last_used_at", "withdrawn_at")
    list_filter = (("withdrawn_at", admin.EmptyFieldListFilter), OF_PLATFORM)
    list_select_related = ("platform", "lent_by")
    form = LendForm
    fields = ("platform", "hosts", "expires_at", "jar")
    actions = ("withdraw_sessions",)

    def get_fields(self, request: HttpRequest, obj: LentSession | None = None) -> Any:
        return self.fields if obj is None else (*self.list_display, "hosts")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_form(self, request: HttpRequest, form: LendForm, change: bool) -> LentSession:
        if not isinstance(request.user, User):
            raise PermissionDenied
        return form.lend(request.user)

    def save_model(self, *_: Any) -> None:
        """Save nothing: save_form has lent the session."""

    def save_related(self, *_: Any) -> None:
        """Save nothing: a session has no related rows."""

    @admin.action(description="Withdraw and wipe", permissions=["add"])
    def withdraw_sessions(self, request: HttpRequest, sessions: QuerySet[LentSession]) -> None:
        now = timezone.now()
        for session in sessions.filter(withdrawn_at=None):
            withdraw(session, now=now)
            messages.success(request, f"Withdrawn and wiped: {session}")


@admin.register(PageRuling)
class PageRulingAdmin(ReadOnlyAdmin):
    list_display = ("ruled_at", "page", "act", "before", "after", "curator")
    list_filter = ("act", "curator")
    list_select_related = ("page__platform", "curator")
    date_hierarchy = "ruled_at"


@admin.register(RecordVersion)
class RecordVersionAdmin(ReadOnlyAdmin):
    list_display = ("at", "act_kind", "kind", "key", "version", "by", "public_reason")
    list_filter = ("act_kind", "kind", "by")
    list_select_related = ("by",)
    search_fields = ("key",)
    date_hierarchy = "at"


@admin.register(Fetch)
class FetchAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "page", "outcome", "http_status", "detail")
    list_filter = ("outcome", OF_VISITED_PLATFORM)
    list_select_related = ("page__platform",)
    date_hierarchy = "started_at"
    show_full_result_count = False


@admin.register(VisitDay)
class VisitDayAdmin(ReadOnlyAdmin):
    list_display = ("day", "page", "outcome", "visits")
    list_filter = ("outcome", OF_VISITED_PLATFORM)
    list_select_related = ("page__platform",)
    date_hierarchy = "day"
    show_full_result_count = False


@admin.register(Outage)
class OutageAdmin(ReadOnlyAdmin):
    list_display = ("began_at", "ended_at", "postponed")
    date_hierarchy = "began_at"


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin):
    list_display = ("page", "began_at", "ended_at", "outcome", "detail")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "outcome", OF_PLATFORM_OF_PAGE)
    list_select_related = ("page__platform",)
    date_hierarchy = "began_at"


class DocumentInline(ReadOnly, admin.StackedInline):
    model = Document
    extra = 0
    fields = ("extractor_version", "re_extraction", "digest", "text")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("page", "first_seen_at", "last_seen_at", "size", "quarantined_as")
    list_filter = ("quarantined_as", "source", OF_PLATFORM_OF_PAGE)
    list_select_related = ("page__platform",)
    show_full_result_count = False
    inlines = (DocumentInline,)
    actions = ("release_from_quarantine",)

    def has_release_permission(self, request: HttpRequest) -> bool:
        """Nobody edits snapshots; the right to change them is the right to release them."""
        return request.user.has_perm("platforms.change_snapshot")

    @admin.action(
        description="Release from quarantine: this is the page after all",
        permissions=["release"],
    )
    def release_from_quarantine(self, request: HttpRequest, snapshots: QuerySet[Snapshot]) -> None:
        archive = open_archive()
        for snapshot in snapshots.order_by("first_seen_at"):
            try:
                page_actions.release(
                    snapshot, archive=archive, curator=curator_of(request), now=timezone.now()
                )
            except (ValueError, ArchiveError) as error:
                messages.error(request, str(error))
            else:
                messages.success(request, f"Released: {snapshot}. The page is visited soon.")
