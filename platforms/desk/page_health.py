"""A page's health at the desk: visits, gaps, snapshots in quarantine, and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from platforms.archive import ArchiveError, open_archive
from platforms.desk import page_actions
from platforms.desk.curators import curator_of, require
from platforms.desk.page_actions import stored_rules
from platforms.desk.selector_proposals import propose
from platforms.desk.tools import PAGE_TOOLS, PageTool
from platforms.desk.visit_history import strips_of
from platforms.models import Page, Snapshot
from platforms.numbers import read_number
from platforms.versions import version_of

_VISITS = 50
_HELD = 20
_DONE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def health(request: HttpRequest, site: AdminSite, page: Page) -> HttpResponseBase:
    """Show the visits to a page. POST does the action of the button."""
    if request.method == "POST":
        return _act(request, page)
    strip = strips_of([page], today=timezone.localdate(), days=60)[page.pk]
    context: dict[str, Any] = site.each_context(request) | {
        "title": f"Health: {page}",
        "page": page,
        "strip": strip,
        "visits": page.fetches.order_by("-started_at")[:_VISITS],
        "gaps": page.gaps.order_by("-began_at")[:_VISITS],
        "held": page.snapshots.filter(released_at=None)
        .exclude(quarantined_as="")
        .prefetch_related("documents")
        .order_by("-first_seen_at")[:_HELD],
        "led_to": _redirect_target(page),
        "proposals": propose(page, open_archive()),
        "rules": version_of(stored_rules(page)),
        "rulings": page.rulings.select_related("curator")[:_DONE],
        "may_mind": request.user.has_perm("platforms.change_page"),
        "may_release": request.user.has_perm("platforms.change_snapshot"),
    }
    return render(request, "admin/platforms/page/health.html", context)


def _redirect_target(page: Page) -> str:
    """Return the address that the last snapshot was redirected to; "" without a redirect."""
    redirected = Page.objects.redirected().filter(pk=page.pk)
    return redirected.values_list("baseline__final_url", flat=True).first() or ""


def _act(request: HttpRequest, page: Page) -> HttpResponseBase:
    act = _ACTS.get(request.POST.get("act", ""))
    try:
        if act is None:
            raise ValidationError("Nothing was done: choose one of the buttons.")
        done = act(request, page, curator=curator_of(request), now=timezone.now())
    except ValidationError as invalid:
        messages.error(request, " ".join(invalid.messages))
    except (ValueError, ArchiveError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{page}: {done}")
    return redirect("admin:platforms_page_health", page.pk)


def _visit_soon(request: HttpRequest, page: Page, **by: Any) -> str:
    page_actions.visit_soon(page, **by)
    return "Will be visited within a minute or two."


def _pause(request: HttpRequest, page: Page, **by: Any) -> str:
    page_actions.pause(page, request.POST.get("reason", ""), **by)
    return "Paused; readers see since when and why."


def _resume(request: HttpRequest, page: Page, **by: Any) -> str:
    page_actions.resume(page, **by)
    return "Resumed, beginning with a visit now."


def _move(request: HttpRequest, page: Page, **by: Any) -> str:
    seen, url = request.POST.get("seen", ""), request.POST.get("url", "")
    moved = page_actions.move(page, url, seen=seen, **by)
    return f"Moved from {seen} to {moved.url}; its history stays."


def _accept(request: HttpRequest, page: Page, **by: Any) -> str:
    selector = request.POST.get("selector", "")
    if selector not in {proposal.selector for proposal in propose(page, open_archive())}:
        raise ValidationError("That selector is not proposed (any more). Nothing was changed.")
    seen = request.POST.get("rules", "")
    page_actions.set_rules(
        page, select=[selector], remove=page.remove, seen=seen, curator=by["curator"]
    )
    if page.paused_at is None:
        page_actions.visit_soon(page, **by)
    return f"{selector} is its selector now. Stored captures are read again; that is no change."


def _release(request: HttpRequest, page: Page, **by: Any) -> str:
    capture = _capture(request, page)
    page_actions.release(capture, archive=open_archive(), **by)
    return f"Released the capture of {capture.first_seen_at:%Y-%m-%d %H:%M} UTC: it is the page."


def _keep_refusing(request: HttpRequest, page: Page, **by: Any) -> str:
    page_actions.keep_refusing(_capture(request, page), **by)
    return "This text stays refused, however long it stays. Readers see the gap."


#: What each button does, by the value it sends. Each returns what was done, for the curator.
_ACTS: dict[str, Callable[..., str]] = {
    "again": _visit_soon,
    "pause": _pause,
    "resume": _resume,
    "move": _move,
    "release": _release,
    "refuse": _keep_refusing,
    "accept": _accept,
}


def _capture(request: HttpRequest, page: Page) -> Snapshot:
    """Return the snapshot named in the form. Raises PermissionDenied without release rights."""
    require(request, "platforms.change_snapshot")
    named = read_number(request.POST.get("capture", "")) or 0
    return get_object_or_404(Snapshot, page=page, pk=named)


PAGE_TOOLS.insert(0, PageTool("health", "Health", health, for_onlookers=True))
