"""Shows a page of the desk with one form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_page(
    request: HttpRequest,
    site: AdminSite,
    template: str,
    *,
    title: str,
    form: forms.BaseForm,
    **context: Any,
) -> HttpResponse:
    """Render a form in a template that extends admin/desk/form.html; with errors, answer 422."""
    context |= {**site.each_context(request), "title": title, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)
