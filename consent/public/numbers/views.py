"""Figures to quote: /numbers, /numbers/2026-11-29, and two days beside each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.counts import (
    effort_to_refuse,
    record_end,
    span_counts,
    ways_of_telling,
)
from consent.ledger.figures import figures_on
from consent.ledger.flips import began_between, flips_between
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.published_figures import (
    changes_in_year_before,
    figures_as_published,
    published_on,
)
from consent.public.numbers.forms import TwoDays
from consent.public.questions.day_form import DayForm
from consent.public.questions.question_refusal import FOR_WHOM, same_for_everybody
from consent.public.share_image.captions import figures_card
from consent.public.state_of_play.figures import class_steps, wall_on
from consent.web.absolute_urls import absolute_url
from consent.web.frames import in_any_frame
from consent.web.page_cache import public_page
from consent.web.program_files import program_file, refused
from consent.web.spreadsheets import csv_response

_FLIP_COLUMNS = ("platform", "turn", "then.class", "then.on_record", "now.class", "change")


@require_safe
@public_page(reads=("asof", *FOR_WHOM))
@same_for_everybody
def numbers(request: HttpRequest) -> HttpResponse:
    """The figures of today; ?asof= leads to the address of another day."""
    form = DayForm(request.GET)
    if day := form.day():
        return redirect("numbers-of-day", day)
    return _page(request, timezone.localdate(), form)


@require_safe
@public_page(reads=FOR_WHOM)
@same_for_everybody
def numbers_of_day(request: HttpRequest, day: dt.date) -> HttpResponse:
    """The figures of a day as they were published on it.

    A day that is not over, and one of which none were recorded: from what is on record now.
    """
    today = timezone.localdate()
    if day > today:
        return render(request, "numbers/to_come.html", {"day": day, "today": today}, status=400)
    return _page(request, day, DayForm({}))


def _page(request: HttpRequest, day: dt.date, form: DayForm) -> HttpResponse:
    today = timezone.localdate()
    published = published_on(day)
    now = figures_on(day)
    figures = published.figures if published else now
    first, changes = changes_in_year_before(day)
    context = {
        "section": "numbers",
        "day": day,
        "today": today,
        "record_end": record_end(today) if day == today else None,
        "is_today": request.resolver_match is not None
        and request.resolver_match.url_name == "numbers",
        "form": form,
        "two_days": TwoDays({"then": day.isoformat()} if day < today else {}),
        "figures": figures,
        "card": figures_card(figures) if day == today else None,
        "wall": wall_on(day),
        "steps": class_steps(day),
        "published": published,
        "is_over": day < today,
        "now": None if figures.says_the_same_as(now) else now,
        "counts": published.changes if published else changes,
        "first": first,
        "span": f"since={first}&until={day}",
        "address": _address(day),
        "told": ways_of_telling() if day == today else None,
        "asking": effort_to_refuse(all_guide_lines()) if day == today else None,
    }
    return render(request, "numbers/numbers.html", context)


@require_safe
@public_page(reads=("then", "now", *FOR_WHOM))
@same_for_everybody
def then_and_now(request: HttpRequest) -> HttpResponse:
    """The figures of two days, and the platforms that are in one of them only."""
    form = TwoDays(request.GET)
    context: dict[str, Any] = {"section": "numbers", "form": form, "today": timezone.localdate()}
    if not form.is_valid():
        return render(request, "numbers/then_and_now.html", context, status=400)
    then, now = form.cleaned_data["then"], form.cleaned_data["now"]
    began = began_between(then + dt.timedelta(days=1), now)
    context |= {
        "began": began,
        "turned_on": span_counts(began.first, now).turned_on,
        "span": f"since={began.first}&until={now}",
        "address": absolute_url(f"{reverse('then-and-now')}?{began.query}"),
    }
    return render(request, "numbers/then_and_now.html", context)


@program_file(reads=("then", "now"))
def then_and_now_csv(request: HttpRequest) -> HttpResponse:
    """The platforms that train by default on one of two days only."""
    form = TwoDays(request.GET)
    if not form.is_valid():
        lines = [f"{name}: {errors[0]}" for name, errors in form.errors.items()]
        return refused(request, "\n".join(lines))
    then, now = form.cleaned_data["then"], form.cleaned_data["now"]
    records = (
        {
            "platform": each.slug,
            "turn": each.turn.value,
            "then.class": each.then.training_class.value,
            "then.on_record": "true" if each.then.is_on_record else "false",
            "now.class": each.now.training_class.value,
            "change": each.change.public_id if each.change else "",
        }
        for each in flips_between(then, now)
    )
    return csv_response(f"{then}-and-{now}", _FLIP_COLUMNS, records)


@in_any_frame
def embed(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """The figure of a day as a small page that any site may put into a frame."""
    return _embed(request, **kwargs)


@require_safe
@public_page()
def _embed(request: HttpRequest, day: dt.date) -> HttpResponse:
    today = timezone.localdate()
    if day > today:
        raise Http404
    context = {"figures": figures_as_published(day), "address": _address(day), "today": today}
    return render(request, "numbers/embed.html", context)


def _address(day: dt.date) -> str:
    return absolute_url(reverse("numbers-of-day", args=[day]))
