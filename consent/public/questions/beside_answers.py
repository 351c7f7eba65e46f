"""What both the box and the search show beside answers: acts, crawlers, claims, other meanings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from consent.ledger.facts import listed_platforms
from consent.public.claims.finding import claims_about, come_first
from consent.public.questions.asked_acts import legality_asked
from consent.public.questions.crawlers_asked import crawlers_asked
from consent.search.common_words import common_words
from consent.search.operators import operators
from consent.search.pages import asks_for
from consent.search.questions import asked_language
from consent.web.page_language import offer_in
from platforms.models import Platform


def beside_answers(
    request: HttpRequest,
    text: str,
    sought: Sequence[str],
    platforms: Sequence[Platform],
    language: str = "",
) -> dict[str, Any]:
    """Return what templates show beside answers.

    text: as typed, without slips; sought: its plain words. language: if words are of none.
    """
    listed = listed_platforms()
    return {
        "legal": legality_asked(sought, platforms),
        "crawlers": crawlers_asked(sought, platforms),
        "claims": claims_about(sought, listed),
        "claims_first": come_first(sought, (each.slug for each in platforms)),
        "asks_if_true": asks_for("true", sought),
        "perhaps": common_words(text, listed, operators(listed)).perhaps,
        "offer": offer_in(asked_language(sought) or language, request),
    }
