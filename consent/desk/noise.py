"""The noise page of the desk: a page's budget, and proposed rules with their back-test."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consent.desk.acting import try_act
from consent.models import Change
from consent.noise.budget import budget_of, cases_of
from consent.noise.rules import BackTest, propose
from consent.vocabulary import DismissReason
from platforms.archive import open_archive
from platforms.desk import page_actions
from platforms.desk.curators import curator_of
from platforms.desk.tools import PAGE_TOOLS, PageTool
from platforms.fetching import reader
from platforms.fetching.visit_errors import FetchError
from platforms.models import Page
from platforms.snapshots.documents import lacking_todays_reading
from platforms.snapshots.reextraction import reextract


@require_http_methods(["GET", "HEAD", "POST"])
def noise(request: HttpRequest, site: AdminSite, page: Page) -> HttpResponseBase:
    """Show how noisy a page is and which rules would help; on POST apply one of them."""
    proposals = _proposals(request, page)
    if request.method == "POST":
        return _apply(request, page, proposals)
    budget = budget_of(page, now=timezone.now())
    changes = Change.objects.in_bulk({key for test in proposals for key in _all_keys(test)})
    context: dict[str, Any] = site.each_context(request) | {
        "title": f"Noise: {page}",
        "page": page,
        "budget": budget,
        "flap_percent": round(100 * budget.flap_rate),
        "dismissed": [
            (DismissReason(reason).label, count) for reason, count in budget.dismissed.items()
        ],
        "proposals": [
            {
                "selector": test.selector,
                "outcomes": [
                    ("false ones it would have spared", _named(test.spared, changes)),
                    ("true ones it would have hidden", _named(test.lost, changes)),
                    ("undecided ones it would have hidden", _named(test.undecided, changes)),
                ],
            }
            for test in proposals
        ],
    }
    return render(request, "admin/platforms/page/noise.html", context)


def _proposals(request: HttpRequest, page: Page) -> tuple[BackTest, ...]:
    """Return the rules that would help; none, with a message, if the captures cost too much."""
    read = partial(reader.read, limits=reader.while_somebody_waits())
    cases = cases_of(page, open_archive())
    try:
        return propose(cases, select=page.select, remove=page.remove, read=read)
    except FetchError as error:
        messages.warning(request, f"No rule is proposed for this page: {error.detail}.")
        return ()


def _apply(request: HttpRequest, page: Page, proposals: tuple[BackTest, ...]) -> HttpResponseBase:
    """Add a proposed selector to those removed from the page, and extract its snapshots again."""
    selector = request.POST.get("selector", "")
    if selector not in {test.selector for test in proposals}:
        messages.error(request, "That rule is not proposed (any more). Nothing was changed.")
        return redirect("admin:platforms_page_noise", page.pk)
    curator = curator_of(request)
    if not try_act(request, lambda: page_actions.leave_out(page, selector, curator=curator)):
        return redirect("admin:platforms_page_noise", page.pk)
    page.refresh_from_db(fields=["remove"])
    read_again = sum(1 for _ in reextract(lacking_todays_reading(page), archive=open_archive()))
    messages.success(
        request,
        f"{selector} is left out from now on; {read_again} captures were read again. "
        "Their earlier texts are kept.",
    )
    return redirect("admin:platforms_page_change", page.pk)


def _all_keys(test: BackTest) -> tuple[int, ...]:
    return test.spared + test.lost + test.undecided


def _named(keys: tuple[int, ...], changes: dict[int, Change]) -> list[Change]:
    return [changes[key] for key in keys]


PAGE_TOOLS.append(PageTool("noise", "Noise", noise))
