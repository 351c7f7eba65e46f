"""Answers a question that cannot be asked so: status 400, the form, and no answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consent.ledger.question import RefusedQuestionError
from consent.ledger.reader_place import place_label
from consent.public.state_of_play.reader_form import ReaderForm

View = Callable[..., HttpResponse]


def question_refused(
    request: HttpRequest, form: ReaderForm, error: RefusedQuestionError | None = None
) -> HttpResponse:
    """Return the page with what can be asked instead. error: None where no plan can be asked."""
    asked = form.fields.keys() | {"plan"}
    axis = error.axis if error else "plan"
    context = {
        "section": "platforms",
        "error": error,
        "axis": axis,
        "places": [(code, place_label(code)) for code in error.allowed]
        if error and axis == "place"
        else [],
        "form": form,
        "asked": (error.asked if error else request.GET["plan"])[:80],
        "kept": [
            (name, value)
            for name, values in request.GET.lists()
            if name not in asked
            for value in values
        ],
    }
    return render(request, "standing/question_refused.html", context, status=400)


def takes_no_plan(view: View) -> View:
    """Refuse a plan on a page about many platforms."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not names_plan(request):
            try:
                return view(request, *args, **kwargs)
            except RefusedQuestionError as error:
                return question_refused(request, ReaderForm(request.GET), error)
        query = request.GET.copy()
        del query["plan"]
        return question_refused(request, ReaderForm(query))

    return answered


def takes_no_plan_as_text(view: View) -> View:
    """Like takes_no_plan, in one line of text for programs that read a file."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not names_plan(request):
            return view(request, *args, **kwargs)
        reason = _("Ask about a plan on the page of its platform.")
        return HttpResponse(reason, status=400, content_type="text/plain; charset=utf-8")

    return answered


def names_plan(request: HttpRequest) -> bool:
    return bool(request.GET.get("plan"))
