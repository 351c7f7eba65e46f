"""The desk's page of samples: what was drawn this month to be read again, and the verdicts."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from consent.curation.sampling import settle
from consent.ledger.miss_rates import miss_rates
from consent.models import Sample
from consent.vocabulary import SampleVerdict
from platforms.desk.curators import curator_of, require

_READ_SHOWN = 40


class SampleForm(forms.Form):
    """The verdict on one sample."""

    verdict = forms.ChoiceField(choices=SampleVerdict.choices)
    note = forms.CharField(max_length=500, required=False)


@require_safe
def samples(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show the samples that this curator can read, and those read last."""
    require(request, "consent.view_decision")
    every = Sample.objects.select_related("page__platform", "change__page__platform", "reader")
    unread = every.unread()
    mine = unread.readable_by(curator_of(request).pk)
    context = {
        **site.each_context(request),
        "title": "Samples to read again",
        "unread": mine,
        "of_others": unread.count() - len(mine),
        "read": every.exclude(verdict="").order_by("-read_at")[:_READ_SHOWN],
        "rates": miss_rates(timezone.localdate()),
        "typed": request.session.pop("sample_typed", {}),
    }
    return render(request, "admin/consent/desk/samples.html", context)


@require_POST
def settle_sample(request: HttpRequest, site: AdminSite, sample_id: int) -> HttpResponseBase:
    """Store the verdict on a sample."""
    require(request, "consent.change_change")
    sample = get_object_or_404(Sample, pk=sample_id)
    form = SampleForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError("Choose “nothing was missed” or “something was missed”.")
        settle(
            sample,
            reader=curator_of(request),
            verdict=SampleVerdict(form.cleaned_data["verdict"]),
            note=form.cleaned_data["note"],
        )
    except ValidationError as invalid:
        messages.error(request, f"{sample}: {' '.join(invalid.messages)}")
        # Nothing typed is lost.
        request.session["sample_typed"] = {"pk": sample.pk, "note": request.POST.get("note", "")}
    else:
        messages.success(request, f"Stored: {sample}")
    return redirect("admin:consent_change_samples")
