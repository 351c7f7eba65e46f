"""What the API and assistants answer in one piece: the table of providers, the figures."""

from __future__ import annotations

from django.utils import timezone
from django.utils.text import capfirst

from consent.ledger.figure_words import correction_words, further_sentences, whole_sentence
from consent.ledger.figures import DEFINITIONS, Figures, figure_records
from consent.ledger.record_fields import Record
from consent.open_data.last_changes import envelope
from consent.open_data.lists.providers import provider_records
from consent.open_data.questions import known_place


def provider_table(place: str) -> Record:
    """Return the table for a place given by code or name. Raises Refused for an unknown one."""
    code = known_place(place)
    items = list(provider_records(timezone.localdate(), code))
    return {
        **envelope("platforms", "uses", "states", "controls"),
        "place": code or None,
        "total": len(items),
        "next": None,
        "items": items,
    }


def figures_table(figures: Figures) -> Record:
    """Return the figures of a day with their definition and their words."""
    items = list(figure_records(figures))
    correction = correction_words(figures)
    sentences = [
        whole_sentence(figures),
        *([f"{capfirst(correction)}."] if correction else []),
        *further_sentences(figures),
    ]
    return {
        **envelope("platforms", "uses", "states", "controls"),
        "asof": figures.day.isoformat(),
        "as_published": figures.is_published,
        "definition": str(DEFINITIONS[figures.definition]),
        "definition_version": figures.definition,
        "in_words": " ".join(sentences),
        "operator": figures.operator or None,
        "total": len(items),
        "next": None,
        "items": items,
    }
