"""Pages on which readers tell us something. GET and HEAD change nothing; no address is a reader's.

The forms have pages of their own: a page with a form in it carries a token against forgery, and
cannot be kept by a cache that many share.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consent.ledger.guide_lines import guide_lines
from consent.models import Guide
from consent.public.feedback.forms import (
    QUESTION,
    QUESTION_LENGTH,
    AnswerForm,
    PlatformRequestForm,
    ReportForm,
)
from consent.public.feedback.own_pages import own_path
from consent.public.feedback.report_queue import waiting_now
from consent.public.feedback.tallies import BROKEN_AT, take_answer
from consent.vocabulary import Worked
from consent.web.open_forms import is_flood, started_now
from consent.web.page_cache import private_page, public_page

#: Counted answers of one network on one guide in a day: fewer than mark a guide as broken.
ANSWERS_PER_NETWORK = BROKEN_AT - 1
_DAY = 24 * 3600
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
#: Reports and requests from one network in an hour.
REPORTS_PER_NETWORK = 10

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_read_or_post
@private_page
def answer(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The form after "Did this work?"; without an answer in the query, the question itself."""
    guide = get_object_or_404(Guide.objects.for_page(), slug=slug)
    worked = request.GET.get("worked", "")
    if worked not in Worked.values:
        status = 400 if request.method == "POST" else 200
        return _answer_page(request, guide, None, None, status=status)
    form = AnswerForm(
        request.POST if request.method == "POST" else None, guide=guide, worked=Worked(worked)
    )
    if request.method == "POST":
        if is_flood(request):
            return render(request, "site/flood.html", {"section": "guides"}, status=429)
        if form.is_valid():
            return _take(request, guide, Worked(worked), form)
    status = 422 if form.errors else 200
    return _answer_page(request, guide, Worked(worked), form, status=status)


def _take(request: HttpRequest, guide: Guide, worked: Worked, form: AnswerForm) -> HttpResponseBase:
    if not form.looks_automatic():
        room = f"answers-{guide.pk}"
        if is_flood(request, room, most=ANSWERS_PER_NETWORK, seconds=_DAY):
            context = {"section": "guides", "guide": guide}
            return render(request, "readers/answered_already.html", context, status=429)
        take_answer(guide, worked, **form.words())
    return redirect(f"{reverse('guide-answered', args=[guide.slug])}?worked={worked}")


@require_safe
@public_page(reads=("worked",))
def answered(request: HttpRequest, slug: str) -> HttpResponse:
    """The page after an answer: thanks and links."""
    guide = get_object_or_404(Guide.objects.published().select_related("platform"), slug=slug)
    others = Guide.objects.published().filter(platform=guide.platform).exclude(pk=guide.pk)
    context = {
        "section": "guides",
        "guide": guide,
        "worked": request.GET.get("worked", ""),
        "others": guide_lines(others),
    }
    return render(request, "readers/answered.html", context)


@require_read_or_post
@private_page
def report(request: HttpRequest) -> HttpResponseBase:
    """Report an error; the query fills in a public page of ours, and what was asked there."""
    about = own_path(request.GET.get("about", ""))
    asked = " ".join(request.GET.get("q", "").split())[:QUESTION_LENGTH]
    filled_in = {"about": about, "text": QUESTION % {"question": asked} if asked else ""}
    return _tell(
        request, ReportForm, filled_in, "readers/report.html", "reported", waiting=waiting_now()
    )


@require_read_or_post
@private_page
def request_platform(request: HttpRequest) -> HttpResponseBase:
    """Request a platform; the failed search is filled in as its name."""
    name = request.GET.get("name", "")[:120]
    return _tell(
        request,
        PlatformRequestForm,
        {"name": name},
        "readers/request_platform.html",
        "platform-requested",
    )


@require_safe
@public_page(reads=("number",))
def reported(request: HttpRequest) -> HttpResponse:
    return _receipt(request, "error")


@require_safe
@public_page(reads=("number",))
def platform_requested(request: HttpRequest) -> HttpResponse:
    return _receipt(request, "platform")


def _receipt(request: HttpRequest, kind: str) -> HttpResponse:
    number = request.GET.get("number", "")
    context = {"kind": kind, "number": number if _NUMBER.fullmatch(number) else ""}
    return render(request, "readers/reported.html", context)


def _tell(
    request: HttpRequest,
    form_class: type[ReportForm | PlatformRequestForm],
    initial: dict[str, str],
    template: str,
    done: str,
    **context: object,
) -> HttpResponseBase:
    """Show a form, or keep what was sent with it. What is wrong comes back with every word."""
    status = 200
    form = form_class(initial=initial)
    if request.method == "POST":
        form = form_class(request.POST)
        status = 422
        if is_flood(request):
            return render(request, "site/flood.html", status=429)
        if form.is_valid():
            # Counted separately, so that a mistake in a form does not count as a report.
            if is_flood(request, "reports", most=REPORTS_PER_NETWORK):
                return render(request, "site/flood.html", status=429)
            if form.looks_automatic():
                return redirect(done)
            kept = form.report()
            kept.save()
            return redirect(f"{reverse(done)}?number={kept.pk}")
    context |= {"form": form, "started": started_now()}
    return render(request, template, context, status=status)


def _answer_page(
    request: HttpRequest,
    guide: Guide,
    worked: Worked | None,
    form: AnswerForm | None,
    *,
    status: int,
) -> HttpResponse:
    context = {
        "section": "guides",
        "guide": guide,
        "worked": worked,
        "form": form,
        "answers": list(Worked),
    }
    return render(request, "readers/answer.html", context, status=status)
