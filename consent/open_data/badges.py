"""Badges and embeds: the answer for a platform, or for one use, on the pages of others.

An SVG badge, the JSON that shields.io draws a badge from, and a page without script for a frame.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from consent.ledger.answers import Verdict
from consent.ledger.facts import facts_of
from consent.ledger.headline_words import (
    colour_of,
    doubts,
    doubts_in_brief,
    short_words,
    since_told,
)
from consent.ledger.place_words import in_parentheses, place_name
from consent.ledger.verdict import answer_of_use, verdict
from consent.ledger.verdict_words import question_words, ways_words
from consent.models import FormerSlug
from consent.open_data.questions import Refused, reader_asked
from consent.vocabulary import People
from consent.web.absolute_urls import absolute_url
from consent.web.frames import in_any_frame
from consent.web.program_files import in_asked_language, program_file, refused
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
#: Pixels of a letter of Arial at 11 pixels; textLength fits the rest.
_LETTER = 5.8
_PADDING = 16
#: Pixels of a badge. Chosen: it fits into the column of a README on a phone held sideways.
_WIDEST = 420
#: All others are refused: with a day the answer would pass for that day's.
_PARAMETERS = ("lang", "place", "people", "plan")


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says. It begins with a question, so that half a badge claims nothing.

    label, message: the few words of its picture. question, words, beside: all of it; beside the
    answer is whose word it is, if it is disputed, and since when.
    """

    platform: Platform
    label: str
    message: str
    question: str
    look: str
    words: str
    beside: str
    way_out: str
    day: dt.date
    url: str

    @property
    def sentence(self) -> str:
        """The whole of it in a line, for those who point at the picture or hear it."""
        answer = f"{self.words} · {self.beside}" if self.beside else self.words
        return f"{self.question} {answer}"

    @property
    def colours(self) -> tuple[str, str]:
        return COLOURS.get(self.look, _NEUTRAL)


def _in_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Draw in the language that is asked for, and refuse in it what cannot be asked."""

    @in_asked_language
    @wraps(view)
    def drawn(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as error:
            return refused(request, error.detail, allowed=error.allowed)

    return drawn


@program_file(reads=_PARAMETERS, is_counted=False)
@_in_language
def svg(request: HttpRequest, platform: str, use: str = "") -> HttpResponse:
    """The badge as a picture."""
    badge = badge_of(platform, use, request.GET)
    left, right = _width(badge.label), _width(badge.message)
    context = {"badge": badge, "left": left, "right": right, "width": left + right}
    context |= {"left_middle": left / 2, "right_middle": left + right / 2}
    return render(request, "open_data/badge.svg", context, content_type="image/svg+xml")


@program_file(reads=_PARAMETERS, is_counted=False)
@_in_language
def shields(request: HttpRequest, platform: str, use: str = "") -> HttpResponse:
    """The badge as shields.io/badges/endpoint-badge reads it."""
    badge = badge_of(platform, use, request.GET)
    return JsonResponse(
        {
            "schemaVersion": 1,
            "label": badge.label,
            "message": badge.message,
            "color": badge.colours[0].removeprefix("#"),
            "cacheSeconds": 3600,
        }
    )


@program_file(reads=_PARAMETERS, is_counted=False)
@_in_language
def _embed(request: HttpRequest, platform: str, use: str = "") -> HttpResponse:
    badge = badge_of(platform, use, request.GET)
    return render(request, "open_data/embed.html", {"badge": badge})


@in_any_frame
def embed(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """The answer as a small page that any site may put into a frame: no script, no cookie."""
    return _embed(request, **kwargs)


def badge_of(slug: str, use_slug: str, query: Mapping[str, str]) -> Badge:
    """Return the badge of a platform or of one of its uses today.

    query: for whom: place, people and plan, as the API takes them. Raises Http404, and Refused for
    what cannot be asked.
    """
    platform = Platform.objects.listed().filter(slug=slug).first()
    platform = platform or FormerSlug.objects.platform_once_called(slug)
    if platform is None:
        raise Http404
    facts = facts_of([platform])[platform.pk]
    day = timezone.localdate()
    people, place = _people(query), query.get("place", "")
    asked = reader_asked(platform, place, people, query.get("plan", ""), day).on(day)
    url = absolute_url(platform.get_absolute_url())
    for_whom = (
        asked.plan,
        str(people.label) if people else "",
        place_name(asked.place) if asked.place else "",
    )
    limits = [each for each in for_whom if each]
    name = in_parentheses(platform.name, limits)
    if not use_slug:
        question = question_words(name)
        labels = (_("%s: AI training?"), _("%s: AI?"))
        return _badge(platform, question, labels, name, verdict(facts, asked), url)
    key = f"{platform.slug}/{use_slug}"
    use = next((each for each in facts.uses if each.key == key), None)
    if use is None:
        raise Http404
    alone = answer_of_use(facts, use, asked)
    title = in_parentheses(use.title, limits)
    return _badge(platform, f"{title}?", ("%s?",), title, alone, f"{url}#{use_slug}")


def _people(query: Mapping[str, str]) -> People | None:
    people = query.get("people", "")
    if people and people not in People.values:
        detail = f"people: “{people}” is no kind of people."
        raise Refused(400, "Invalid parameter", detail, tuple(People.values))
    return People(people) if people else None


def _badge(
    platform: Platform,
    question: str,
    labels: Sequence[str],
    about: str,
    answer: Verdict,
    url: str,
) -> Badge:
    """labels: what the picture asks, the longest first, with %s in place of what it is about."""
    since = list(filter(None, [since_told(answer)]))
    whole, in_brief = short_words(answer), short_words(answer, in_brief=True)
    messages = [" · ".join([words, *doubts_in_brief(answer)]) for words in (whole, in_brief)]
    # Rather is it left out of the picture for whom an answer is than a part of the answer.
    fewest = min(len(about.partition(" (")[0]), _FEWEST)
    message = next((each for each in messages if _room(each, labels[-1]) >= fewest), messages[-1])
    return Badge(
        platform=platform,
        label=without_controls(_asked(message, labels, about)),
        message=without_controls(message),
        question=without_controls(question),
        look=colour_of(answer),
        words=without_controls(whole),
        beside=without_controls(" · ".join(doubts(answer) + since)),
        way_out=without_controls(ways_words(answer)),
        day=answer.day,
        url=url,
    )


def _room(message: str, label: str) -> int:
    """Return for how many letters of a label there is room beside a message."""
    return int((_WIDEST - _width(message) - _PADDING) / _LETTER) - len(label % "")


def _asked(message: str, labels: Sequence[str], about: str) -> str:
    """Return the longest label that fits beside a message; at worst, what it is about is cut."""
    for label in labels:
        if len(about) <= _room(message, label):
            return label % about
    return labels[-1] % f"{about[: _room(message, labels[-1]) - 1].rstrip(' ,(')}…"


#: Letters of a name that still say what is meant. Chosen.
_FEWEST = 12


def _width(text: str) -> int:
    return round(len(text) * _LETTER) + _PADDING
