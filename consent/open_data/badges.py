"""Badges and embeds: the answer for a platform, or for one use, on the pages of others.

An SVG badge, the JSON that shields.io draws a badge from, and a page without script for a frame.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from consent.ledger.answers import Verdict
from consent.ledger.facts import facts_of
from consent.ledger.headline_words import colour_of, doubts, short_words, since_words
from consent.ledger.question import Question, RefusedQuestionError, checked
from consent.ledger.verdict import answer_of_use, verdict
from consent.ledger.verdict_words import ways_words
from consent.models import FormerSlug
from consent.web.absolute_urls import absolute_url
from consent.web.frames import in_any_frame
from consent.web.page_cache import for_other_sites, public_page
from platforms.characters import without_controls
from platforms.models import Platform

#: The background and the text of each look of an answer, as in static/css/tokens.css.
COLOURS = {
    "no-way-out": ("#6b2103", "#ffffff"),
    "unless-refused": ("#c8500a", "#ffffff"),
    "only-if-agreed": ("#74acd9", "#1a1d21"),
    "not-used": ("#d6e6f4", "#1a1d21"),
}
_NEUTRAL = ("#e4e2db", "#1a1d21")
#: Pixels of a letter at 11 pixels, wide enough for sans-serif fonts; textLength fits the rest.
_LETTER = 6.4
#: Questions that only pages and the API answer: here the answer would pass for theirs.
_NOT_ANSWERED = ("place", "people", "asof")
_PARAMETERS = ("lang", "plan", *_NOT_ANSWERED)


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says. beside: whose word it is, if it is disputed, and since when.

    question: what the answer is to. It is a question, so that half a badge claims nothing.
    """

    platform: Platform
    question: str
    look: str
    words: str
    beside: str
    way_out: str
    day: dt.date
    url: str

    @property
    def message(self) -> str:
        return f"{self.words} · {self.beside}" if self.beside else self.words

    @property
    def colours(self) -> tuple[str, str]:
        return COLOURS.get(self.look, _NEUTRAL)


def _in_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Draw in the language that `lang` names; these addresses are the same in all languages."""

    @wraps(view)
    def drawn(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.GET.get("lang", settings.LANGUAGE_CODE)
        if language not in dict(settings.LANGUAGES):
            reason = f"lang: {', '.join(dict(settings.LANGUAGES))}\n"
            return HttpResponseBadRequest(reason, content_type="text/plain")
        if unanswered := [name for name in _NOT_ANSWERED if request.GET.get(name)]:
            reason = f"{unanswered[0]}: badges and embeds take only lang and plan\n"
            return HttpResponseBadRequest(reason, content_type="text/plain")
        with override(language):
            try:
                response = view(request, *args, **kwargs)
            except RefusedQuestionError as error:
                reason = f"{error.axis}: {', '.join(error.allowed)}\n"
                response = HttpResponseBadRequest(reason, content_type="text/plain; charset=utf-8")
        response["Content-Language"] = language
        return response

    return for_other_sites(drawn)


@require_safe
@public_page(reads=_PARAMETERS)
@_in_language
def svg(request: HttpRequest, platform: str, use: str = "") -> HttpResponse:
    """The badge as a picture."""
    badge = badge_of(platform, use, request.GET.get("plan", ""))
    left, right = _width(badge.question), _width(badge.message)
    context = {"badge": badge, "left": left, "right": right, "width": left + right}
    context |= {"left_middle": left / 2, "right_middle": left + right / 2}
    return render(request, "open_data/badge.svg", context, content_type="image/svg+xml")


@require_safe
@public_page(reads=_PARAMETERS)
@_in_language
def shields(request: HttpRequest, platform: str, use: str = "") -> HttpResponse:
    """The badge as shields.io/badges/endpoint-badge reads it."""
    badge = badge_of(platform, use, request.GET.get("plan", ""))
    return JsonResponse(
        {
            "schemaVersion": 1,
            "label": badge.question,
            "message": badge.message,
            "color": badge.colours[0].removeprefix("#"),
            "cacheSeconds": 3600,
        }
    )


@require_safe
@public_page(reads=_PARAMETERS)
@_in_language
def _embed(request: HttpRequest, platform: str, use: str = "") -> HttpResponse:
    badge = badge_of(platform, use, request.GET.get("plan", ""))
    return render(request, "open_data/embed.html", {"badge": badge})


@in_any_frame
def embed(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """The answer as a small page that any site may put into a frame: no script, no cookie."""
    return _embed(request, **kwargs)


def badge_of(slug: str, use_slug: str = "", plan: str = "") -> Badge:
    """Return the badge of a platform or of one of its uses today.

    Raises Http404, and RefusedQuestionError for a plan that is not on record.
    """
    platform = Platform.objects.listed().filter(slug=slug).first()
    platform = platform or FormerSlug.objects.platform_once_called(slug)
    if platform is None:
        raise Http404
    facts = facts_of([platform])[platform.pk]
    day = timezone.localdate()
    asked = checked(facts, Question(day, plan=plan))
    url = absolute_url(platform.get_absolute_url())
    name = f"{platform.name} ({asked.plan})" if asked.plan else platform.name
    if not use_slug:
        question = _("Does %s train AI on your data?") % name
        return _badge(platform, question, verdict(facts, asked), day, url)
    key = f"{platform.slug}/{use_slug}"
    use = next((each for each in facts.uses if each.key == key), None)
    if use is None:
        raise Http404
    alone = answer_of_use(facts, use, asked)
    title = f"{use.title} ({asked.plan})?" if asked.plan else f"{use.title}?"
    return _badge(platform, title, alone, day, f"{url}#{use_slug}")


def _badge(platform: Platform, question: str, answer: Verdict, day: dt.date, url: str) -> Badge:
    since = [since_words(answer.since)] if answer.since else []
    return Badge(
        platform=platform,
        question=without_controls(question),
        look=colour_of(answer),
        words=without_controls(short_words(answer)),
        beside=without_controls(" · ".join(doubts(answer) + since)),
        way_out=without_controls(ways_words(answer)),
        day=day,
        url=url,
    )


def _width(text: str) -> int:
    return round(len(text) * _LETTER) + 16
