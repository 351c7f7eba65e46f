"""Admin of alerts: figures, queues, errors, and every mail with sample data."""

from __future__ import annotations

import email
import email.policy
from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from consent.alerts.mails.previews import previews
from consent.alerts.sending.mail_files import are_written, written_mails
from consent.alerts.sending.mail_health import figures
from consent.models import Alert, Bounce, Digest, Letter, Subscriber, Subscription
from platforms.admin import ReadOnlyAdmin

_MAILS_SHOWN = 50
#: A mail is shown with its own styles; nothing else may run or load.
_MAIL_CSP = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True}


class SubscriptionInline(admin.TabularInline):
    model = Subscription
    extra = 0
    can_delete = False
    fields = readonly_fields = ("scope", "value", "place", "frequency", "reminders", "created_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnlyAdmin):
    list_display = ("address", "state", "time_zone", "confirmed_at", "left_at", "leave_reason")
    list_filter = ("state",)
    search_fields = ("normalised",)
    inlines = (SubscriptionInline,)


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("entry", "kind", "frequency", "due_at", "sent_at", "attempts", "last_error")
    list_filter = ("kind", "frequency", "failed_at")
    list_select_related = ("entry",)
    date_hierarchy = "created_at"
    change_list_template = "admin/consent/alert/change_list.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        found = figures()
        context = {"figures": found, "oldest_due_at": timezone.now() - found.late}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        def own(view: Any) -> Any:
            """Require permission to view alerts: mails contain readers' addresses and links."""

            def guarded(request: HttpRequest, **named: str) -> HttpResponse:
                if not self.has_view_permission(request):
                    raise PermissionDenied
                response: HttpResponse = view(request, **named)
                return response

            return self.admin_site.admin_view(guarded)

        return [
            path("mails/", own(self._mails), name="consent_alert_mails"),
            path("mails/sample/<slug:name>", own(_sample), name="consent_alert_sample"),
            path("mails/written/<path:name>", own(_written), name="consent_alert_written"),
            *super().get_urls(),
        ]

    def _mails(self, request: HttpRequest) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Mails",
            "opts": Alert._meta,
            "samples": previews(),
            "written": [path.name for path in written_mails()[:_MAILS_SHOWN]],
            "folder": settings.EMAIL_FILE_PATH if are_written() else "",
        }
        return TemplateResponse(request, "admin/consent/alert/mails.html", context)


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ("kind", "address", "due_at", "sent_at", "attempts", "last_error")
    list_filter = ("kind",)
    date_hierarchy = "created_at"


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    list_display = ("subscriber", "frequency", "up_to", "sent_at", "attempts", "last_error")
    list_filter = ("frequency",)
    list_select_related = ("subscriber",)


@admin.register(Bounce)
class BounceAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "subscriber", "kind", "status", "detail")
    list_filter = ("kind",)
    list_select_related = ("subscriber",)


@csp(_MAIL_CSP)  # type: ignore[arg-type] # its types know no view with arguments
def _sample(request: HttpRequest, name: str) -> HttpResponse:
    mail = previews().get(name)
    if mail is None:
        raise Http404
    if request.GET.get("part") == "text":
        head = f"Subject: {mail.subject}\n" + "".join(
            f"{header}: {value}\n" for header, value in mail.headers.items()
        )
        return HttpResponse(f"{head}\n{mail.text}", content_type="text/plain; charset=utf-8")
    return HttpResponse(mail.html)


@csp(_MAIL_CSP)  # type: ignore[arg-type] # its types know no view with arguments
def _written(request: HttpRequest, name: str) -> HttpResponse:
    """Show a mail that the embedded installation wrote to a folder instead of sending it."""
    known = {path.name: path for path in written_mails()}
    if name not in known:
        raise Http404
    raw = known[name].read_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    part = mail.get_body(("html",)) if request.GET.get("part") == "html" else None
    if part is not None:
        return HttpResponse(part.get_content())
    return HttpResponse(raw, content_type="text/plain; charset=utf-8")
