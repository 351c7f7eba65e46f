"""The page on which a person at the desk chooses the name that readers see."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from consent.desk.form_pages import form_page
from consent.models import PublicName
from platforms.desk.curators import curator_of


class NameForm(forms.ModelForm):
    class Meta:
        model = PublicName
        fields = ("name",)
        labels = {"name": "Your name for readers"}
        help_texts = {
            "name": "Beside the entries and corrections that you publish or review, and, as "
            "initials, beside the guides that you walk. Left empty: “an editor”. It changes what "
            "is public already; initials of earlier walks stay."
        }


@require_http_methods(["GET", "HEAD", "POST"])
def choose_name(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """The person's own choice of the name that readers see."""
    curator = curator_of(request)
    chosen = PublicName.objects.filter(curator=curator).first() or PublicName(curator=curator)
    form = NameForm(request.POST if request.method == "POST" else None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        shown = form.save()
        messages.success(request, f"Saved. Readers see: {shown or 'an editor'}.")
        return redirect("admin:consent_change_name")
    template = "admin/consent/desk/public_name.html"
    return form_page(request, site, template, title="Your name for readers", form=form)
