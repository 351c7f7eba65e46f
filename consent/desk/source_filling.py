"""Reads the title, publisher and day of an outside source from its page, for the form of an entry.

The page is visited once, through the gate, as robots.txt allows and in its host's turn. Nothing is
recorded: what the page says of itself is a claim that the curator checks.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from platforms.desk.curators import require
from platforms.desk.trial_turn import HostTakenError, probe_in_turn
from platforms.fetching.policy import FetchPolicy, NoContactError
from platforms.fetching.trial_visit import Probe
from platforms.outcomes import Outcome


class _AddressForm(forms.Form):
    url = forms.URLField(max_length=1000, assume_scheme="https")


@require_POST
def describe_source(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Answer what a page says of itself: title, publisher, published_on; or why not, as trouble."""
    require(request, "consent.change_entry")
    form = _AddressForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"trouble": "This is no address of a page."})
    try:
        return JsonResponse(_described(form.cleaned_data["url"]))
    except NoContactError as error:
        return JsonResponse({"trouble": str(error)})


def _described(url: str) -> dict[str, Any]:
    try:
        found = probe_in_turn(url, turn_of=url, policy=FetchPolicy.from_settings())
    except HostTakenError as taken:
        return {"trouble": str(taken)}
    return _fields(url, found)


def _fields(url: str, found: Probe) -> dict[str, Any]:
    if found.says is None:
        outcome = Outcome(found.verdict.outcome)
        return {"trouble": f"The page was not read: {found.verdict.reason or outcome.label}."}
    says, document = found.says, found.document
    try:
        published = parse_date(says.published[:10])
    except ValueError:  # such as 2024-02-30
        published = None
    return {
        "title": says.title or (document.title if document else ""),
        "publisher": says.site_name or (urlsplit(url).hostname or "").removeprefix("www."),
        "published_on": published.isoformat() if published else "",
    }
