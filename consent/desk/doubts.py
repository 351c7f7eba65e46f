"""Doubts that an editor should check before publishing an entry. They do not block it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from consent.classification.place_mentions import places_in
from consent.curation.prefill import value_of
from consent.ledger.place_words import place_name, place_words
from consent.models import Entry
from platforms import places
from platforms.places import Coverage, Where

_IN = re.compile(r"\bin (the )?$", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(outside|except|excluding)\b", re.IGNORECASE)


def doubts_about(entry: Entry) -> list[str]:
    """Return possible contradictions between an entry's title and fields, for its editor."""
    doubts = []
    if differing := _places_not_recorded(entry.title, entry.where):
        named = " and ".join(place_name(code) for code in differing)
        doubts.append(
            f"The sentence names {named}; the places are: {place_words(entry.where)}. "
            "Alerts and filters go by the places."
        )
    if not entry.data_kinds:
        doubts.append(
            "No kind of data is named: readers who filter by kind, or subscribed to one, do not "
            "get this entry."
        )
    return doubts + _doubts_about_states(entry) if entry.pk else doubts


def _doubts_about_states(entry: Entry) -> list[str]:
    """Return where the states that an entry opens disagree with its effects or its dates."""
    opened = list(entry.opened_states.select_related("branch__use"))
    uses = [use.title for use in entry.uses.all()]
    if not opened and uses and value_of(entry.effects):
        return [
            f"The entry opens no state, though its effects change one: {'; '.join(uses)}. If it "
            "is about some places or people of a branch only, give the use a branch for them first."
        ]
    day = entry.effective_on or entry.due_on or entry.decided_on
    return [
        f"“{state.branch.use.title}” has its new state from {state.starts_on}, "
        f"the entry is of {day}."
        for state in opened
        if day is not None and state.starts_on != day
    ]


def doubts_about_form(form: Mapping[str, Any]) -> list[str]:
    """Return doubts about what was filled in beside the entry. form: its cleaned data."""
    named = [name for name in ("effective", "due", "decided") if form.get(f"{name}_on")]
    if form.get("date_not_stated") and named:
        return [
            f"“The page does not say from when” is ticked beside a date ({', '.join(named)}): "
            "one of both is wrong."
        ]
    return []


def _places_not_recorded(title: str, where: Where) -> list[str]:
    """Return the places in a title that the codes do not name, or name with opposite meaning.

    "In the EU" and "outside the EU" name the same place with opposite meaning.
    """
    elsewhere = _OUTSIDE.search(title) is not None
    missing = []
    for code, at in places_in(title).items():
        inside = _names(where.places + where.some_of, code) and _is_covered(code, where)
        outside = _names(where.except_places, code)
        if elsewhere:
            is_recorded = outside or not _is_covered(code, where)
        elif _IN.search(title[:at]):
            is_recorded = inside
        else:
            is_recorded = inside or outside
        if not is_recorded:
            missing.append(code)
    return missing


def _names(codes: tuple[str, ...], code: str) -> bool:
    """Return whether codes name a place, or a group or country that it is part of."""
    members = places.expanded((code,))
    return members <= places.expanded(codes) or code.partition("-")[0] in codes


def _is_covered(code: str, where: Where) -> bool:
    return all(where.covers(cell) != Coverage.NOT for cell in places.cells(code, [where]))
