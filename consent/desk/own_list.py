"""The list that a curator works through: the queue, or what their filters left of it.

Django's admin sends the filters of a list along with each of its links, as `_changelist_filters`.
All pages and decisions of a change keep them, so that "next" is the next of that list.
"""

from __future__ import annotations

from copy import copy
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from consent.models import Change

_FILTERS = "_changelist_filters"
#: Changes listed next to an item. Chosen: about what fits a screen.
LISTED = 25
#: How many changes after one are asked whether they still wait. Chosen.
_AHEAD = 200


def within(request: HttpRequest, *, first: bool = True) -> str:
    """Return the query that keeps the list of this request in an address; "" for the whole queue.

    first: whether it follows the path; otherwise it follows other parameters.
    """
    filters = request.GET.get(_FILTERS, "")
    return ("?" if first else "&") + urlencode({_FILTERS: filters}) if filters else ""


def list_address(request: HttpRequest) -> str:
    """Return the address of the list of this request."""
    filters = request.GET.get(_FILTERS, "")
    listing = reverse("admin:consent_change_changelist")
    return f"{listing}?{filters}" if filters else listing


def numbers_of(request: HttpRequest, site: AdminSite) -> list[int]:
    """Return the primary keys of the list of this request, in its order."""
    filters = request.GET.get(_FILTERS, "")
    listed: QuerySet[Change] = Change.objects.waiting().by_weight()
    if filters:
        listed = _filtered(request, site, filters) or listed
    return list(listed.values_list("pk", flat=True))


def _filtered(request: HttpRequest, site: AdminSite, filters: str) -> QuerySet[Change] | None:
    """Return what the list page shows for these filters; None if it would refuse them."""
    asked = copy(request)
    asked.GET = QueryDict(filters)
    asked.method = "GET"
    try:
        shown: ChangeList = site.get_model_admin(Change).get_changelist_instance(asked)
    except (IncorrectLookupParameters, DisallowedModelAdminLookup, SuspiciousOperation):
        return None
    listed: QuerySet[Change] = shown.queryset
    return listed


def ahead_of(change: Change, request: HttpRequest, site: AdminSite) -> list[int]:
    """Return the next changes of the list after this one; call before it is decided."""
    order = numbers_of(request, site)
    here = order.index(change.pk) if change.pk in order else len(order)
    return order[here + 1 : here + 1 + _AHEAD]


def first_waiting(numbers: list[int]) -> int | None:
    """Return the first of these changes that still waits."""
    waiting = set(Change.objects.waiting().filter(pk__in=numbers).values_list("pk", flat=True))
    return next((number for number in numbers if number in waiting), None)


def neighbours(change: Change, request: HttpRequest, site: AdminSite) -> dict[str, Any]:
    """Return the part of the list around a change, and the items before and after it."""
    order = numbers_of(request, site)
    here = order.index(change.pk) if change.pk in order else -1
    start = max(0, here - 5)
    listed = order[start : start + LISTED]
    rows = (
        Change.objects.filter(pk__in=listed)
        .select_related("page__platform", "suggestion", "assignment__person")
        .defer("page__select", "page__remove", "suggestion__trace", "suggestion__passages")
    )
    by_key = {row.pk: row for row in rows}
    return {
        "signals": [by_key[key] for key in listed if key in by_key],
        "waiting_count": len(order),
        "previous_item": order[here - 1] if here > 0 else None,
        "next_item": order[here + 1] if here + 1 < len(order) else None,
        "within": within(request),
        "within_more": within(request, first=False),
        "list_address": list_address(request),
    }


def repeats_of(change: Change) -> QuerySet[Change]:
    """Return other waiting changes with the same two texts, or the same passages about training."""
    same = Q(
        before_document__digest=change.before_document.digest,
        after_document__digest=change.after_document.digest,
    )
    suggestion = getattr(change, "suggestion", None)
    if suggestion is not None and suggestion.passages:
        same |= Q(suggestion__passages=suggestion.passages)
    return Change.objects.waiting().filter(same).exclude(pk=change.pk)
