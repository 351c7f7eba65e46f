"""What an editor should look at once more before an entry is published. Nothing is refused here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consent.ledger.place_names import places_in
from consent.models import Entry

_IN = re.compile(r"\bin (the )?$", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(outside|except|excluding)\b", re.IGNORECASE)


def doubts_about(entry: Entry) -> list[str]:
    """Where an entry's sentence and its fields may disagree, in words for its editor."""
    doubts = []
    if differing := _places_not_recorded(entry.title, entry.regions):
        doubts.append(
            f"The sentence names {' and '.join(differing)}; the regions are: "
            f"{', '.join(entry.regions) or 'none'}. Alerts and filters go by the regions."
        )
    if not entry.data_kinds:
        doubts.append(
            "No kind of data is named: who filters by kind, or asked for alerts about one, does "
            "not find this entry."
        )
    return doubts


def _places_not_recorded(title: str, regions: Sequence[str]) -> list[str]:
    """The places in a title that the regions do not name, or name the other way round.

    "In the EU" and "worldwide except EU" name the same place and mean the opposite.
    """
    elsewhere = _OUTSIDE.search(title) is not None
    missing = []
    for place, at in places_in(title).items():
        naming = [region for region in regions if place in places_in(region)]
        if elsewhere:
            naming = [region for region in naming if _OUTSIDE.search(region)]
        elif _IN.search(title[:at]):
            naming = [region for region in naming if not _OUTSIDE.search(region)]
        if not naming:
            missing.append(place)
    return missing
