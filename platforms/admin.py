"""What is watched, for curators: pages can be edited, what was received cannot."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from platforms.archive import open_archive
from platforms.keeping import release
from platforms.models import Document, Fetch, Gap, Page, Platform, Snapshot


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that are looked at, never written by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PageInline(admin.TabularInline):
    model = Page
    extra = 0
    fields = ("title", "url", "kind", "access", "fetch_mode", "health")
    readonly_fields = ("health",)
    show_change_link = True


@admin.register(Platform)
class PlatformAdmin(admin.ModelAdmin):
    list_display = ("name", "operator", "category")
    list_filter = ("category",)
    search_fields = ("name", "slug", "operator", "aliases")
    inlines = (PageInline,)


class GapInline(admin.TabularInline):
    model = Gap
    extra = 0
    can_delete = False
    fields = ("began_at", "ended_at", "outcome", "detail")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Page)
class PageAdmin(admin.ModelAdmin):
    list_display = (
        "title",
        "platform",
        "kind",
        "health",
        "gaps_in_a_row",
        "last_looked_at",
        "next_visit_at",
    )
    list_filter = ("health", "access", "kind", "platform")
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
    )
    inlines = (GapInline,)
    actions = ("visit_soon",)

    @admin.action(description="Visit at the next opportunity", permissions=["change"])
    def visit_soon(self, request: HttpRequest, pages: QuerySet[Page]) -> None:
        count = pages.update(next_visit_at=timezone.now())
        messages.success(request, f"{count} pages will be visited within a minute or two.")


@admin.register(Fetch)
class FetchAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "page", "outcome", "http_status", "detail")
    list_filter = ("outcome", "page__platform")
    list_select_related = ("page__platform",)
    date_hierarchy = "started_at"
    show_full_result_count = False


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin):
    list_display = ("page", "began_at", "ended_at", "outcome", "detail")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "outcome", "page__platform")
    list_select_related = ("page__platform",)
    date_hierarchy = "began_at"


class DocumentInline(admin.StackedInline):
    model = Document
    extra = 0
    can_delete = False
    fields = ("extractor_version", "re_extraction", "digest", "text")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("page", "first_seen_at", "last_seen_at", "size", "quarantined_as")
    list_filter = ("quarantined_as", "source", "page__platform")
    list_select_related = ("page__platform",)
    show_full_result_count = False
    inlines = (DocumentInline,)
    actions = ("release_from_quarantine",)

    @admin.action(description="Release from quarantine: this is the page after all")
    def release_from_quarantine(self, request: HttpRequest, snapshots: QuerySet[Snapshot]) -> None:
        archive = open_archive()
        for snapshot in snapshots.order_by("first_seen_at"):
            try:
                with transaction.atomic():
                    page = Page.objects.select_for_update().get(pk=snapshot.page_id)
                    release(page, snapshot, archive=archive, now=timezone.now())
            except ValueError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, f"Released: {snapshot}")
