"""Answers a question that cannot be asked so: status 400, the form, and no answer.

A place in words that may be several is no mistake: the reader is asked which one is meant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.ledger.question import RefusedQuestionError
from consent.ledger.reader_place import place_label
from consent.public.questions.reader_form import ReaderForm
from consent.vocabulary import People
from consent.web.program_files import refused

View = Callable[..., HttpResponse]

#: For whom an answer is, in addresses.
FOR_WHOM = ("place", "people", "plan")


def question_refused(
    request: HttpRequest,
    form: ReaderForm,
    error: RefusedQuestionError | None = None,
    instead: Callable[[str], str] | None = None,
) -> HttpResponse:
    """Return the page with what can be asked instead. error: None where no plan can be asked.

    instead: makes the address with another value in the place of the one that is refused.
    """
    asked = form.fields.keys() | {"plan"}
    axis = error.axis if error else "plan"
    names = {"place": place_label, "people": lambda kind: People(kind).label}
    name = names.get(axis, str)

    def same_page(value: str) -> str:
        query = request.GET.copy()
        query[axis] = value
        return f"?{query.urlencode()}"

    allowed = error.allowed if error else ()
    asks_back = bool(allowed) and axis == "place" and axis not in request.GET
    context = {
        "section": "platforms",
        "error": error,
        "axis": axis,
        "asks_back": asks_back,
        "options": [(name(each), (instead or same_page)(each)) for each in allowed],
        "form": form,
        "asked": (error.asked if error else request.GET["plan"])[:80],
        "kept": [
            (name, value)
            for name, values in request.GET.lists()
            if name not in asked
            for value in values
        ],
    }
    status = 200 if asks_back else 400
    return render(request, "standing/question_refused.html", context, status=status)


def takes_no_plan(view: View, *, takes_day: bool = True) -> View:
    """Refuse a plan on a page about many platforms, and a place or people that there are not.

    takes_day: whether the page can be asked about another day than today.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        query, error = request.GET.copy(), None
        if names_plan(request):
            del query["plan"]
        else:
            try:
                ReaderForm(query).reader()
                return view(request, *args, **kwargs)
            except RefusedQuestionError as refused_for:
                error = refused_for
        form = ReaderForm(query)
        if not takes_day:
            del form.fields["asof"]
        return question_refused(request, form, error)

    return answered


def same_for_everybody(view: View) -> View:
    """Refuse a question for whom on a page that answers nobody in particular."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not any(request.GET.get(axis) for axis in FOR_WHOM):
            return view(request, *args, **kwargs)
        context = {"axis": "", "form": ReaderForm({}), "action": reverse("platforms")}
        return render(request, "standing/question_refused.html", context, status=400)

    return answered


def about_today(view: View) -> View:
    """Refuse another day on a page that answers for today alone."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        form = ReaderForm(request.GET)
        if not request.GET.get("asof") or form.day() == timezone.localdate():
            return view(request, *args, **kwargs)
        return day_refused(request, form)

    return answered


def day_refused(request: HttpRequest, form: ReaderForm) -> HttpResponse:
    """Return the page that leads to where another day can be asked about."""
    context = {"axis": "asof", "form": form, "action": reverse("platforms")}
    return render(request, "standing/question_refused.html", context, status=400)


def takes_no_plan_as_text(view: View) -> View:
    """Like takes_no_plan, in one line of text for programs that read a file.

    Of what else is refused only a day to come gets here: the filters name the other errors.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        reason = _("Ask about a plan on the page of its platform.")
        if not names_plan(request):
            try:
                return view(request, *args, **kwargs)
            except RefusedQuestionError as error:
                reason = why_refused(error)
        return refused(request, reason)

    return answered


def why_refused(error: RefusedQuestionError) -> str:
    """Say in one line what cannot be asked."""
    if error.axis == "asof":
        said = _("“%(asked)s” is no day up to today. What is announced is among the changes.")
        return said % {"asked": error.asked}
    return f"{error.axis}: “{error.asked}” cannot be asked about {error.platform}."


def up_to_today(day: dt.date) -> dt.date:
    """Return a day. Raises RefusedQuestionError if it is still to come."""
    if day > timezone.localdate():
        raise RefusedQuestionError("asof", day.isoformat(), "", ())
    return day


def names_plan(request: HttpRequest) -> bool:
    return bool(request.GET.get("plan"))
