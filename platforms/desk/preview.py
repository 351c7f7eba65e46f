"""Tries selectors on a stored snapshot, or on one visit that is not recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from platforms.archive import ArchiveError, open_archive
from platforms.desk import page_actions
from platforms.desk.curators import curator_of
from platforms.desk.forms import RulesForm
from platforms.desk.selector_trial import replay
from platforms.desk.tools import PAGE_TOOLS, PageTool
from platforms.desk.trial_turn import HostTakenError, probe_in_turn
from platforms.fetching import reader
from platforms.fetching.judgement import judge
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy, NoContactError
from platforms.fetching.visit_errors import FetchError
from platforms.models import Page, Snapshot
from platforms.snapshots.documents import body_of
from platforms.vocabulary import FetchMode
from platforms.watch.lent_sessions import LendingError, cookies_for


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, site: AdminSite, page: Page) -> HttpResponseBase:
    """Read a stored snapshot by the submitted selectors, without a visit. "save" saves them."""
    form = RulesForm(page, request.POST or None)
    if form.is_valid() and "save" in request.POST and (saved := _saved(request, page, form)):
        return saved
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _read(page, form.cleaned_data)
        if "replay" in request.POST:
            rules = {name: form.cleaned_data[name] for name in ("select", "remove")}
            context["replay"] = replay(page, archive=open_archive(), **rules)
    return _shown(request, site, page, context)


@require_POST
def probe_now(request: HttpRequest, site: AdminSite, page: Page) -> HttpResponseBase:
    """Visit an address of the page once, in its host's turn, by the saved rules.

    Nothing is recorded. Several addresses are visited one per request: the pauses between them
    are longer than a browser waits.
    """
    url = request.POST.get("address", page.url)
    if url not in page.addresses:
        return HttpResponseBadRequest("That is no address of this page.")
    try:
        policy = FetchPolicy.from_settings()
    except NoContactError as error:
        messages.error(request, str(error))
        return redirect("admin:platforms_page_preview", page.pk)
    now = timezone.now()
    try:
        cookies = cookies_for(page, now=now)
    except LendingError as error:
        messages.error(request, f"Not visited: {error}.")
        return redirect("admin:platforms_page_preview", page.pk)
    try:
        result = probe_in_turn(
            url,
            turn_of=page.url,
            policy=policy,
            select=page.select,
            remove=page.remove,
            expected_language=page.language,
            in_browser=page.fetch_mode == FetchMode.BROWSER,
            despite_robots=bool(page.robots_override_reason),
            cookies=cookies,
        )
    except HostTakenError as taken:
        messages.warning(request, str(taken))
        return redirect("admin:platforms_page_preview", page.pk)
    context = {
        "form": RulesForm(page),
        "probe": result,
        "verdict": result.verdict,
        "document": result.document,
        "says": result.says,
        "suggestions": result.suggestions,
    }
    return _shown(request, site, page, context)


def _read(page: Page, rules: dict[str, Any]) -> dict[str, Any]:
    """Return what the selectors find in a stored snapshot, and its verdict."""
    capture: Snapshot = rules["capture"]
    try:
        body = body_of(capture, open_archive())
    except ArchiveError as error:
        return {"trouble": str(error)}
    received = FetchedPage(
        url=page.url,
        final_url=capture.final_url,
        status=capture.http_status or 200,
        headers=capture.headers,
        body=body,
        rendered=capture.rendered,
    )
    try:
        examined = reader.examine(
            body,
            url=capture.final_url,
            content_type=capture.content_type,
            select=rules["select"],
            remove=rules["remove"],
            limits=reader.while_somebody_waits(),
        )
    except FetchError as error:
        return {"trouble": f"This capture cannot be read: {error.detail}."}
    return {
        "capture": capture,
        "document": examined.document,
        "says": examined.says,
        "verdict": judge(received, examined.document, expected_language=page.language),
        "suggestions": examined.suggestions,
    }


def _saved(request: HttpRequest, page: Page, form: RulesForm) -> HttpResponseBase | None:
    """Save the selectors. Returns None and adds the reason to the form if that is refused."""
    rules = {name: form.cleaned_data[name] for name in (*page_actions.RULES, "seen")}
    try:
        page_actions.set_rules(page, curator=curator_of(request), **rules)
    except ValidationError as invalid:
        form.add_error(None, invalid)
        return None
    messages.success(
        request, "Saved. What is stored will be read again by them; that raises no change."
    )
    return redirect("admin:platforms_page_change", page.pk)


def _shown(
    request: HttpRequest, site: AdminSite, page: Page, context: dict[str, Any]
) -> HttpResponseBase:
    context |= site.each_context(request) | {"page": page, "title": f"Preview: {page}"}
    return render(request, "admin/platforms/page/preview.html", context)


PAGE_TOOLS.append(PageTool("preview", "Preview", preview))
PAGE_TOOLS.append(PageTool("probe", "", probe_now))
