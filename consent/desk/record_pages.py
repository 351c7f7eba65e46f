"""The pages to publish and withdraw a use, control or guide, and to undo that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from consent.curation.record_decisions import (
    differences,
    proposal_for,
    publish_record,
    review_record,
    version_of_record,
    withdraw_record,
)
from consent.curation.soundness import Record, faults_of
from consent.desk.acting import try_act, undo_own
from consent.desk.entry_sheet import linked
from consent.desk.reader_card import ReaderCard, reader_cards
from consent.models import Control, Use
from consent.vocabulary import PublicationStatus
from platforms.desk.curators import curator_of, require

_RIGHT = "consent.publish_record"
_MOVED = "Somebody else changed this since you opened it: look again."


@require_http_methods(["GET", "HEAD", "POST"])
def publish(
    request: HttpRequest, record_id: int, *, site: AdminSite, model: type[Record]
) -> HttpResponseBase:
    """Show what readers would get, and remaining faults; on POST publish exactly that."""
    require(request, _RIGHT)
    record = _record(model, record_id)
    if record.status == PublicationStatus.PUBLISHED:
        messages.error(request, "It is published already.")
        return _back(record)
    drafts = _drafts_refused(record)
    version = " ".join(map(version_of_record, (record, *drafts)))
    along = [use for use in drafts if str(use.pk) in request.POST.getlist("along")]
    if _acted(request, version, lambda: _publish_all((record, *along), request)):
        record.refresh_from_db()
        is_public = record.status == PublicationStatus.PUBLISHED
        waits = f"Sent to a second reviewer: {record}"
        messages.success(request, linked("Published", record) if is_public else waits)
        if not record.platform.listed:  # it is being set up, step by step
            return redirect("admin:platforms_platform_change", record.platform_id)
        return _back(record)
    proposal = proposal_for(record)
    faults = faults_of(record)
    context = {
        **_context(request, site, record, "Publish"),
        "version": version,
        "faults": faults,
        "proposal": proposal,
        "is_own_proposal": proposal is not None and proposal.curator_id == curator_of(request).pk,
        "asks_for_second": record.platform.second_review and proposal is None,
    }
    if not faults:
        context["cards"], context["along"] = _preview(request, record, drafts)
    return render(request, "admin/consent/record/publish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(
    request: HttpRequest, record_id: int, *, site: AdminSite, model: type[Record]
) -> HttpResponseBase:
    """Ask for the reason, then withdraw a record."""
    require(request, _RIGHT)
    record = _record(model, record_id)
    if record.status != PublicationStatus.PUBLISHED:
        messages.error(request, "Only what is published is withdrawn.")
        return _back(record)
    version = version_of_record(record)
    reason = request.POST.get("reason", "")[:300]
    if _acted(
        request,
        version,
        lambda: withdraw_record(record, curator=curator_of(request), reason=reason),
        f"Withdrawn: {record}",
    ):
        return _back(record)
    context = {
        **_context(request, site, record, "Withdraw"),
        "version": version,
        "reason": reason,
        "cards": reader_cards(_uses_of(record), timezone.localdate()),
    }
    return render(request, "admin/consent/record/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(
    request: HttpRequest, record_id: int, *, site: AdminSite, model: type[Record]
) -> HttpResponseBase:
    """Show what one editor changed in a public record; on POST write that another checked it."""
    require(request, _RIGHT)
    record = _record(model, record_id)
    version = version_of_record(record)
    note = request.POST.get("note", "")[:500]
    if _acted(
        request,
        version,
        lambda: review_record(record, curator=curator_of(request), note=note),
        f"Reviewed: {record}",
    ):
        return redirect("admin:consent_entry_reviews")
    waiting = list(record.decisions.for_second_reviewer().order_by("pk"))
    context = {
        **_context(request, site, record, "Second review"),
        "version": version,
        "waiting": [(decision, differences(decision)) for decision in waiting],
        "may_review": any(each.curator_id != curator_of(request).pk for each in waiting),
        "cards": reader_cards(_uses_of(record), timezone.localdate()),
    }
    return render(request, "admin/consent/record/review.html", context)


@require_POST
def take_back(
    request: HttpRequest, record_id: int, *, site: AdminSite, model: type[Record]
) -> HttpResponse:
    """Undo the curator's own last decision on a record.

    Whoever may write new steps of a guide may take them back.
    """
    record = _record(model, record_id)
    last = record.decisions.first()
    is_steps = last is not None and "guide_mark" in last.held
    require(request, "consent.change_guide" if is_steps else _RIGHT)
    undo_own(request, last)
    return _back(record)


def _acted(request: HttpRequest, version: str, act: Callable[[], object], done: str = "") -> bool:
    """Act on a POST of exactly the version that was looked at; return whether it was done."""
    if request.method != "POST":
        return False
    if request.POST.get("version") != version:
        messages.error(request, _MOVED)
        return False
    return try_act(request, act, done)


def _drafts_refused(record: Record) -> list[Use]:
    """Return the draft uses of a control: with a second reviewer they wait until it is public."""
    if not isinstance(record, Control) or record.platform.second_review:
        return []
    return list(record.uses.filter(status=PublicationStatus.DRAFT).select_related("platform"))


def _publish_all(
    records: Iterable[Record], request: HttpRequest, *, rehearsed: bool = False
) -> None:
    for record in records:
        publish_record(record, curator=curator_of(request), rehearsed=rehearsed)


def _preview(
    request: HttpRequest, record: Record, drafts: list[Use]
) -> tuple[list[ReaderCard], list[Use]]:
    """Return the cards that readers would get, and which of the drafts are complete.

    Both are seen by publishing in a transaction that is rolled back.
    """
    along = []
    with transaction.atomic():
        try:
            _publish_all([record], request, rehearsed=True)
            along = [use for use in drafts if not faults_of(use)]
            _publish_all(along, request, rehearsed=True)
        except ValidationError as invalid:
            for words in invalid.messages:
                messages.warning(request, words)
        cards = reader_cards(_uses_of(record), timezone.localdate())
        transaction.set_rollback(True)
    return cards, along


def _uses_of(record: Record) -> list[Use]:
    if isinstance(record, Use):
        return [record]
    if isinstance(record, Control):
        return list(record.uses.all())
    return list(Use.objects.filter(controls__guides=record).distinct())


def _record(model: type[Record], record_id: int) -> Record:
    records: Any = model._default_manager.select_related("platform")
    record: Record = get_object_or_404(records, pk=record_id)
    return record


def _back(record: Record) -> HttpResponse:
    return redirect(f"admin:consent_{record._meta.model_name}_change", record.pk)


def _context(request: HttpRequest, site: AdminSite, record: Record, act: str) -> dict[str, Any]:
    rulings = record.decisions.select_related("curator")[:20]
    return {
        **site.each_context(request),
        "title": f"{act}: {record}",
        "record": record,
        "opts": record._meta,
        "decisions": [(ruling, differences(ruling)) for ruling in rulings],
    }
