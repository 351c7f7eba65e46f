"""Publishing and withdrawing a use, a control or a guide, and taking that back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from consent.curation.records import (
    differences,
    proposal_for,
    publish_record,
    version_of_record,
    withdraw_record,
)
from consent.curation.soundness import Record, faults_of
from consent.curation.undo import undo
from consent.desk.queue import shell_context
from consent.desk.reader_card import ReaderCard, reader_cards
from consent.desk.views import require
from consent.models import Control, Use
from consent.vocabulary import PublicationStatus
from platforms.desk.people import curator_of

_RIGHT = "consent.publish_record"
_MOVED = "Somebody else changed this since you opened it: look again."


@require_http_methods(["GET", "HEAD", "POST"])
def publish(
    request: HttpRequest, record_id: int, *, site: AdminSite, model: type[Record]
) -> HttpResponseBase:
    """Show what readers would get, and what is still wrong; on POST publish exactly that."""
    require(request, _RIGHT)
    record = _record(model, record_id)
    if record.status == PublicationStatus.PUBLISHED:
        messages.error(request, "It is published already.")
        return _back(record)
    version = version_of_record(record)
    if request.method == "POST":
        if request.POST.get("version") != version:
            messages.error(request, _MOVED)
        elif _tried(request, lambda: publish_record(record, curator=curator_of(request))):
            record.refresh_from_db()
            is_public = record.status == PublicationStatus.PUBLISHED
            done = "Published" if is_public else "Sent to a second reviewer"
            messages.success(request, f"{done}: {record}")
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
        "cards": [] if faults else _rehearsed(request, record),
    }
    return render(request, "admin/consent/record/publish.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(
    request: HttpRequest, record_id: int, *, site: AdminSite, model: type[Record]
) -> HttpResponseBase:
    """Ask why, then take a record away from readers."""
    require(request, _RIGHT)
    record = _record(model, record_id)
    if record.status != PublicationStatus.PUBLISHED:
        messages.error(request, "Only what is published is withdrawn.")
        return _back(record)
    version = version_of_record(record)
    reason = request.POST.get("reason", "")[:300]
    if request.method == "POST":
        if request.POST.get("version") != version:
            messages.error(request, _MOVED)
        elif _tried(
            request, lambda: withdraw_record(record, curator=curator_of(request), reason=reason)
        ):
            messages.success(request, f"Withdrawn: {record}")
            return _back(record)
    context = {
        **_context(request, site, record, "Withdraw"),
        "version": version,
        "reason": reason,
        "cards": reader_cards(_uses_of(record), timezone.localdate()),
    }
    return render(request, "admin/consent/record/withdraw.html", context)


@require_POST
def take_back(
    request: HttpRequest, record_id: int, *, site: AdminSite, model: type[Record]
) -> HttpResponse:
    """Take back the curator's own last ruling on a record."""
    require(request, _RIGHT)
    record = _record(model, record_id)
    last = record.decisions.first()
    if last is None or last.curator_id != curator_of(request).pk:
        messages.error(request, "Your own last ruling can be taken back, and nobody else's.")
    elif _tried(request, lambda: undo(last, curator=curator_of(request))):
        messages.success(request, "Taken back. Everything stands as it did before.")
    return _back(record)


def _tried(request: HttpRequest, act: Any) -> bool:
    """Do something whole, or tell why not."""
    try:
        with transaction.atomic():
            act()
    except ValidationError as invalid:
        for words in invalid.messages:
            messages.error(request, words)
        return False
    return True


def _rehearsed(request: HttpRequest, record: Record) -> list[ReaderCard]:
    """Return the cards that readers would get: published for real, looked at, and taken back."""
    with transaction.atomic():
        try:
            publish_record(record, curator=curator_of(request), rehearsed=True)
        except ValidationError as invalid:
            for words in invalid.messages:
                messages.warning(request, words)
        cards = reader_cards(_uses_of(record), timezone.localdate())
        transaction.set_rollback(True)
    return cards


def _uses_of(record: Record) -> list[Use]:
    if isinstance(record, Use):
        return [record]
    if isinstance(record, Control):
        return list(record.uses.all())
    return list(Use.objects.filter(controls__guides=record).distinct())


def _record(model: type[Record], record_id: int) -> Record:
    records: Any = model._default_manager.select_related("platform")
    found: Record = get_object_or_404(records, pk=record_id)
    return found


def _back(record: Record) -> HttpResponse:
    return redirect(f"admin:consent_{record._meta.model_name}_change", record.pk)


def _context(request: HttpRequest, site: AdminSite, record: Record, act: str) -> dict[str, Any]:
    rulings = record.decisions.select_related("curator")[:20]
    return {
        **site.each_context(request),
        **shell_context(request),
        "title": f"{act}: {record}",
        "record": record,
        "opts": record._meta,
        "decisions": [(ruling, differences(ruling)) for ruling in rulings],
    }
