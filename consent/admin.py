"""The curators' desk inside Django's admin: the queue first, snapshots read-only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_otp.plugins.otp_static import admin as _papers
from django_otp.plugins.otp_totp import admin as _phones

from consent.alerts import admin as _alerts  # noqa: F401  (registers its own models)
from consent.desk import accounts as _people  # noqa: F401  (registers accounts and groups)
from consent.desk import (
    first_readings,
    guide_checks,
    manual_entries,
    overviews,
    public_names,
    reports,
    reviews,
    revision_page,
    samples,
    shared_work,
    source_filling,
    work_mail,
)
from consent.desk import views as desk
from consent.desk.platform_page import PlatformPage
from consent.desk.record_admin import DoorAdmin, RecordAdmin, RecordInline
from consent.desk.record_forms import (
    BranchForm,
    BranchRows,
    ControlForm,
    GuideForm,
    GuideSurfaceForm,
    OfferForm,
    OfferRows,
    ReferenceForm,
    UseForm,
    lines_of,
)
from consent.desk.source_rows import GuideSourceForm, GuideSourceRows
from consent.ledger.facts import act_facts
from consent.ledger.verdict_words import act_words
from consent.models import (
    Branch,
    Change,
    Control,
    ControlSurface,
    Decision,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    Offer,
    ProviderStatement,
    ReaderReport,
    Reference,
    ReportRuling,
    Revision,
    Sample,
    Source,
    Use,
    Verification,
)
from consent.models.changes import UNDECIDED
from consent.vocabulary import ChangeStatus, DismissReason, Effect, PublicationStatus
from platforms.admin import (
    OF_PLATFORM,
    OF_PLATFORM_OF_PAGE,
    ListsInWords,
    PublicAdmin,
    ReadOnly,
    ReadOnlyAdmin,
)
from platforms.desk.curators import require
from platforms.models import Platform
from platforms.numbers import read_number
from platforms.vocabulary import CaptureSource

# People set up their own second factor (consent/desk/login.py); nobody sees another's secret.
admin.site.unregister([_phones.TOTPDevice, _papers.StaticDevice])
admin.site.unregister(Platform)
admin.site.register(Platform, PlatformPage)


class InQueue(admin.SimpleListFilter):
    """The waiting changes by default; all of them on request."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("all", "all"),
            *((str(value), str(label)) for value, label in ChangeStatus.choices),
        ]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield choice | ({"display": "in the queue"} if choice["display"] == "All" else {})

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset.waiting()
        return queryset if self.value() == "all" else queryset.filter(status=self.value())


class BelowWeight(admin.SimpleListFilter):
    """Changes that the queue ranks low, to dismiss many of them together."""

    title = "weight"
    parameter_name = "below"
    _LIMITS = ("0.25", "0.5", "1", "2")

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(limit, f"below {limit}") for limit in self._LIMITS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        limit = self.value()
        return queryset.filter(weight__lt=float(limit)) if limit in self._LIMITS else queryset


class Meaning(admin.SimpleListFilter):
    """What the machine reads in a change, so that what is alike is worked through together."""

    title = "what it says"
    parameter_name = "meaning"
    _CHOICES = {
        "nothing": ("nothing about training", Q(suggestion__relevant=False)),
        "wording": ("the same in other words", Q(suggestion__effects=[Effect.WORDING_ONLY])),
        "news": (
            "something else about training",
            Q(suggestion__relevant=True) & ~Q(suggestion__effects=[Effect.WORDING_ONLY]),
        ),
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, words) for name, (words, _) in self._CHOICES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self._CHOICES.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class ImportRun(admin.SimpleListFilter):
    """Changes that one import brought: those of an outside archive, detected on one day."""

    title = "import"
    parameter_name = "import"
    _SHOWN = 10

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        archives = dict(CaptureSource.choices)
        runs = (
            Change.objects.waiting()
            .exclude(after__source=CaptureSource.VISIT)
            .order_by("-detected_at__date", "after__source")
            .values_list("after__source", "detected_at__date")
            .distinct()[: self._SHOWN]
        )
        return [
            (f"{source}.{day}", f"{archives[source]}, {date_format(day, 'j F Y')}")
            for source, day in runs
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        source, _dot, day = (self.value() or "").partition(".")
        if not source:
            return queryset
        try:
            return queryset.filter(after__source=source, detected_at__date=day)
        except ValidationError:
            raise IncorrectLookupParameters from None


class ByWeight(ChangeList):
    """The order of the queue. Not set as `ordering`, which lists of other models use as well."""

    def _get_default_ordering(self) -> tuple[str, ...]:
        return ("-weight", "detected_at", "pk")


def _mounted(
    model_admin: admin.ModelAdmin, view: Callable[..., HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    """Wrap a desk page so that it requires a login; the page itself checks permissions."""

    def mounted(request: HttpRequest, **place: int) -> HttpResponseBase:
        return view(request, model_admin.admin_site, **place)

    return model_admin.admin_site.admin_view(mounted)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("item", "page", "meaning", "direction", "seen", "status")
    list_filter = (
        InQueue,
        BelowWeight,
        ImportRun,
        "after__source",
        Meaning,
        "suggestion__direction",
        OF_PLATFORM_OF_PAGE,
    )
    search_fields = ("page__title", "page__url", "page__platform__name", "suggestion__title")
    date_hierarchy = "detected_at"
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        # The list shows no texts, and they are long.
        changes = Change.objects.for_desk().by_weight()
        return changes.defer("before_document__text", "after_document__text")

    def get_changelist(self, request: HttpRequest, **_: Any) -> type[ChangeList]:
        return ByWeight

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Dismiss the selected changes, or all that the filters leave, for one reason."""
        if not request.user.has_perm("consent.change_change"):
            return {}
        return {
            f"dismiss-{reason}": (
                desk.dismissing(reason),
                f"dismiss-{reason}",
                f"Dismiss: {reason.label}",
            )
            for reason in DismissReason
        }

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": "Changes, what matters most first"}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Show the status of changes that are not in the queue."""
        everywhere = InQueue.parameter_name in request.GET
        return self.list_display if everywhere else self.list_display[:-1]

    def action_checkbox(self, obj: Change) -> SafeString:
        """Return the tick box of a row.

        Without a widget: its template, drawn once a row, takes a fifth of the list's time.
        """
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            f"Select: {obj}",
        )

    @admin.display(description="change")
    def item(self, change: Change) -> str:
        words = ": ".join(filter(None, (change.size_words, change.in_brief)))
        held = getattr(change, "assignment", None)
        drafted = "draft, " if change.entry_id and change.status in UNDECIDED else ""
        if not (held or drafted):
            return words
        owner = held.person if held else "nobody"
        return format_html("{}<br><small>{}{} has it</small>", words, drafted, owner)

    @admin.display(description="suggested effects")
    def meaning(self, change: Change) -> str:
        suggestion = getattr(change, "suggestion", None)
        if suggestion is None:
            return change.get_no_suggestion_display()
        return ", ".join(suggestion.effect_labels) or suggestion.nothing_found

    @admin.display(ordering="suggestion__confidence")
    def direction(self, change: Change) -> str:
        suggestion = getattr(change, "suggestion", None)
        if suggestion is None:
            return ""
        return f"{suggestion.get_direction_display()}, {suggestion.confidence:.2f}"

    @admin.display(description="observed", ordering="observed_to")
    def seen(self, change: Change) -> SafeString:
        doubts = [
            word
            for word, holds in (
                (f"{change.repeats} times", change.repeats > 1),
                ("not confirmed yet", change.confirmed_at is None),
                ("went back since", change.reverted_at is not None),
                ("many pages at once", change.burst),
                ("flapping page", change.page.flapping_since is not None),
            )
            if holds
        ]
        return format_html(
            "{}<br><small>{}</small>", f"{change.observed_to:%d %b %Y}", ", ".join(doubts)
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        change = Change.objects.for_item().filter(pk=read_number(object_id) or 0).first()
        request.item = change  # type: ignore[attr-defined]
        context = desk.item_context(request, self.admin_site, change) if change else {}
        # The item is the page's title; the admin would say "View change", and the item below.
        context |= {"title": str(change), "subtitle": None}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Change | None:
        """Called by the admin's part of `change_view`, which has read the change already."""
        if hasattr(request, "item"):
            item: Change | None = request.item
            return item
        return super().get_object(request, object_id, from_field)

    def get_urls(self) -> list[URLPattern]:
        rulings = {
            "publish": desk.publish_change,
            "dismiss": desk.dismiss_change,
            "merge": desk.merge_change,
            "snooze": desk.snooze_change,
            "reopen": desk.reopen_change,
            "confirm": desk.confirm_change,
            "undo": desk.undo_change,
            "hand_over": shared_work.sharing(Change, shared_work.hand_over),
            "note": shared_work.sharing(Change, shared_work.write_note),
        }
        queues = {
            "health": overviews.health,
            "dates": overviews.dates,
            "numbers": overviews.numbers,
            "samples": samples.samples,
            "readings": first_readings.readings,
            "undo_batch": desk.undo_changes,
            "mail": work_mail.choose_work_mail,
            "name": public_names.choose_name,
        }
        return [
            *(
                path(f"<int:change_id>/{name}/", self._guarded(view), name=f"consent_change_{name}")
                for name, view in rulings.items()
            ),
            *(
                path(f"{name}/", _mounted(self, view), name=f"consent_change_{name}")
                for name, view in queues.items()
            ),
            path(
                "readings/<int:page_id>/",
                _mounted(self, first_readings.find_right),
                name="consent_page_right",
            ),
            path(
                "samples/<int:sample_id>/",
                _mounted(self, samples.settle_sample),
                name="consent_sample_settle",
            ),
            *super().get_urls(),
        ]

    def _guarded(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """Require a login and the right to decide on changes before a view is called."""

        def guarded(request: HttpRequest, change_id: int) -> HttpResponseBase:
            require(request, "consent.change_change")
            return view(request, self.admin_site, change_id=change_id)

        return self.admin_site.admin_view(guarded)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("decided_at", "curator", "ruling", "reason", "about")
    list_filter = ("ruling", "reason", ("curator", admin.RelatedOnlyFieldListFilter))
    list_select_related = (
        *("curator", "change__page__platform", "entry"),
        *("use__platform", "control__platform", "guide"),
    )
    date_hierarchy = "decided_at"


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("revised_at", "entry", "kind", "reason", "editor")
    list_filter = ("kind",)
    list_select_related = ("entry", "editor")
    date_hierarchy = "revised_at"


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    list_display = ("checked_at", "guide", "surface", "outcome", "note", "curator")
    list_filter = ("outcome", "surface")
    list_select_related = ("guide", "curator")
    date_hierarchy = "checked_at"


class CitedInline(ReadOnly, admin.TabularInline):
    """Sources are written in the forms of the desk, as rows."""

    model = Source
    extra = 0
    fields = ("publisher", "title", "url", "published_on", "archived_url", "snapshot")


#: The right to edit drafts of entries.
_EDIT = "consent.change_entry"


@admin.register(Entry)
class EntryAdmin(ListsInWords, admin.ModelAdmin):
    """Entries as they are stored. Drafts are written in the one form of the desk."""

    list_display = ("title", "timeline_on", "status", "direction", "confidence")
    list_filter = ("status", "direction", ("platforms", admin.RelatedOnlyFieldListFilter))
    search_fields = ("title", "key", "summary", "platforms__name")
    inlines = (CitedInline,)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Entries are written at the desk, where the key is made and sources are rows."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:consent_entry_write")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead whoever may edit a draft to its form; show everything else."""
        entry = Entry.objects.filter(pk=read_number(object_id) or 0).first()
        if entry is not None and _is_editable(entry) and request.user.has_perm(_EDIT):
            return redirect("admin:consent_entry_publish", entry.pk)
        return super().change_view(request, object_id, form_url, extra_context)

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return super().has_view_permission(request, obj) or super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_editable(obj)

    def get_urls(self) -> list[URLPattern]:
        return [
            *(
                path(f"<int:entry_id>/{place}/", _mounted(self, view), name=f"consent_entry_{name}")
                for name, place, view in (
                    ("revise", "revise", revision_page.revise_entry),
                    ("unrevise", "revise/undo", revision_page.undo_revision),
                    ("review", "review", reviews.review_entry),
                    ("undo", "undo", reviews.undo_entry),
                    ("publish", "publish", manual_entries.publish_entry),
                    ("hand_over", "hand-over", shared_work.sharing(Entry, shared_work.hand_over)),
                    ("note", "note", shared_work.sharing(Entry, shared_work.write_note)),
                    ("holds", "holds", overviews.holds),
                )
            ),
            path(
                "describe-source/",
                _mounted(self, source_filling.describe_source),
                name="consent_entry_describe_source",
            ),
            path("write/", _mounted(self, manual_entries.write_entry), name="consent_entry_write"),
            path("reviews/", _mounted(self, reviews.review_queue), name="consent_entry_reviews"),
            *super().get_urls(),
        ]


def _is_editable(entry: Entry | None) -> bool:
    """Return whether an entry is a draft not yet sent to a reviewer; True for None (any entry)."""
    if entry is None:
        return True
    return entry.status == PublicationStatus.DRAFT and not entry.awaits_second_review


class BranchInline(RecordInline, admin.StackedInline):
    model = Branch
    form = BranchForm
    formset = BranchRows
    template = "admin/consent/record/branches.html"
    rare = ("some_of", "who", "who_narrows", "adults", "note")


@admin.register(Use)
class UseAdmin(RecordAdmin):
    form = UseForm
    list_display = ("title", "platform", "purpose", "status")
    list_filter = ("purpose", "status", OF_PLATFORM)
    list_select_related = ("platform",)
    search_fields = ("title", "slug", "platform__name")
    filter_horizontal = ("pages",)
    rare = ("titles", "short", "part", "trained_by", "position", "note")
    inlines = (BranchInline,)


class ControlSurfaceInline(RecordInline, admin.TabularInline):
    model = ControlSurface


class OfferInline(RecordInline, admin.StackedInline):
    model = Offer
    form = OfferForm
    formset = OfferRows
    raw_id_fields = ("opened_by", "closed_by")
    rare = (
        "some_of",
        "who",
        "starts_precision",
        "ends_precision",
        "opened_by",
        "closed_by",
        "note",
    )
    verbose_name_plural = "offers (without any: wherever a use that it reaches can be refused)"


@admin.register(Control)
class ControlAdmin(RecordAdmin):
    form = ControlForm
    list_display = ("words", "platform", "refuse", "status")
    list_filter = ("refuse", "status", OF_PLATFORM)
    list_select_related = ("platform",)
    search_fields = ("label", "name", "slug", "platform__name")
    filter_horizontal = ("uses", "pages")
    rare = (
        *("labels", "former_labels", "act_covers", "to", "subject", "must_name"),
        *("pages", "position", "frictions", "note"),
    )
    inlines = (ControlSurfaceInline, OfferInline)


#: Written at the desk by the curator who checks a surface, so that the log has it.
_WALKED = ("verified_on", "verified_by", "reported_broken_at")


class GuideSurfaceInline(RecordInline, admin.TabularInline):
    model = GuideSurface
    form = GuideSurfaceForm
    show_change_link = True
    readonly_fields = _WALKED

    @admin.display(description="steps")
    def step_lines(self, surface: GuideSurface) -> str:
        """Shown to whoever may not edit the guide."""
        return lines_of(surface)


class GuideSourceInline(RecordInline, admin.TabularInline):
    form = GuideSourceForm
    formset = GuideSourceRows
    model = Source
    fk_name = "guide"
    fields = (
        *("position", "url", "publisher", "title", "published_on", "published_precision"),
        *("archived_url", "seen_via", "snapshot", "words"),
    )


@admin.register(Guide)
class GuideAdmin(RecordAdmin):
    form = GuideForm
    list_display = ("title", "platform", "status", "source_changed_at", "updated_at")
    list_filter = ("status", OF_PLATFORM)
    list_select_related = ("platform",)
    search_fields = ("title", "slug", "platform__name")
    filter_horizontal = ("controls", "pages")
    rare = ("pages", "who", "plans", "before_you_start", "frictions", "how_to_check", "note")
    by_others = (*RecordAdmin.by_others, "source_changed_at", "source_passage")
    inlines = (GuideSurfaceInline, GuideSourceInline)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Propose the act of the control that a guide is opened for as its title."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        chosen = [read_number(pk) or 0 for pk in initial.get("controls", ())]
        if control := Control.objects.filter(pk__in=chosen).first():
            initial.setdefault("title", act_words(act_facts(control))[:120])
        return initial

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Steps that were walked on one platform are no steps of another."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "platform") if obj else fixed

    def get_urls(self) -> list[URLPattern]:
        return [
            path("queue/", _mounted(self, guide_checks.guide_queue), name="consent_guide_queue"),
            path(
                "<int:guide_id>/check/",
                _mounted(self, guide_checks.check_guide),
                name="consent_guide_check",
            ),
            *super().get_urls(),
        ]

    @admin.display(description="what changed in the source")
    def source_passage(self, guide: Guide) -> str:
        """The most important passage of the change that marked this guide, with a link to it."""
        change = guide.source_change
        if change is None:
            return "nothing since the last verification"
        passages = change.suggestion.passages
        words = passages[0]["after"] or passages[0]["before"] if passages else str(change)
        address = reverse("admin:consent_change_change", args=[change.pk])
        return format_html('<a href="{}">{}</a>', address, words)


class GuideStepInline(ReadOnly, admin.TabularInline):
    """Steps are written by the curator who checks them, on the guide's page at the desk."""

    model = GuideStep
    extra = 0


@admin.register(GuideSurface)
class GuideSurfaceAdmin(DoorAdmin):
    list_display = ("guide", "surface", "verified_on", "verified_by")
    list_select_related = ("guide",)
    readonly_fields = _WALKED
    inlines = (GuideStepInline,)

    def record_of(self, obj: GuideSurface) -> Guide:
        return obj.guide

    def get_readonly_fields(
        self, request: HttpRequest, obj: GuideSurface | None = None
    ) -> tuple[str, ...]:
        """Steps that were walked for one guide are no steps of another."""
        return (*_WALKED, "guide") if obj else _WALKED

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Added beside its guide."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its guide, not from the index."""
        return False


@admin.register(Reference)
class ReferenceAdmin(PublicAdmin):
    form = ReferenceForm
    list_display = ("name", "kind", "place")
    list_filter = ("kind",)
    search_fields = ("name",)


@admin.register(ProviderStatement)
class ProviderStatementAdmin(ReadOnlyAdmin):
    """Read-only: statements are written in platforms/catalog/_statements.yaml."""

    list_display = ("provider", "model", "law", "dated_on", "readable")
    list_filter = ("law", "readable")
    search_fields = ("provider", "model")


@admin.register(ReaderReport)
class ReaderReportAdmin(ReadOnlyAdmin):
    """Read-only; reports are decided on in their queue, which shows addresses to who may answer."""

    list_display = ("sent_at", "kind", "about", "name", "status", "settled_at")
    list_filter = ("status", "kind")
    exclude = ("address",)
    date_hierarchy = "sent_at"

    def get_urls(self) -> list[URLPattern]:
        return [
            path("queue/", _mounted(self, reports.report_queue), name="consent_readerreport_queue"),
            path(
                "<int:report_id>/rule/",
                _mounted(self, reports.rule),
                name="consent_readerreport_rule",
            ),
            *super().get_urls(),
        ]


@admin.register(Sample)
class SampleAdmin(ReadOnlyAdmin):
    """Read-only; samples are read on their own page of the desk."""

    list_display = ("month", "kind", "page", "verdict", "note", "reader", "read_at")
    list_filter = ("kind", "verdict")
    list_select_related = ("page__platform", "reader")
    date_hierarchy = "month"


@admin.register(ReportRuling)
class ReportRulingAdmin(ReadOnlyAdmin):
    list_display = ("ruled_at", "report", "before", "after", "note", "curator")
    list_filter = ("after",)
    list_select_related = ("report", "curator")
    date_hierarchy = "ruled_at"
