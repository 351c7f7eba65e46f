"""The views of the timeline that are asked for most, as links above its filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.ledger.filters import ACTS_ON_TRAINING, TimelineFilters
from consent.ledger.turns import Turning
from consent.vocabulary import Effect, Topic

_Values = Mapping[str, str | Sequence[str]]
_WAYS_OUT = (Effect.OPT_OUT_ADDED.value, Effect.OPT_OUT_CHANGED.value)
#: What happened. One is chosen; the first has no filter.
_VIEWS: Sequence[tuple[Promise, _Values]] = (
    (_("all changes"), {}),
    (_("turned training on"), {"turned": Turning.ON.value}),
    (_("turned training off"), {"turned": Turning.OFF.value}),
    (_("ways out"), {"kind": [*_WAYS_OUT, Effect.OPT_OUT_REMOVED.value]}),
    (_("courts and regulators"), {"topic": Topic.ENFORCEMENT.value}),
    (_("courts and regulators, about training"), {"topic": ACTS_ON_TRAINING}),
    (
        _("ways out after courts and regulators acted"),
        {"topic": Topic.ENFORCEMENT.value, "kind": _WAYS_OUT},
    ),
)


@dataclass(frozen=True, slots=True)
class Preset:
    """A link to a view. query: its query string, with the other filters in force kept."""

    label: str
    query: str
    is_chosen: bool


def presets(filters: TimelineFilters) -> list[Preset]:
    """Return the views asked for most."""
    chosen = filters.chosen()
    clear: _Values = {field: "" for _label, values in _VIEWS for field in values}
    links = []
    for label, values in _VIEWS:
        wanted = {**clear, **values}
        is_chosen = all((chosen.get(field) or "") == value for field, value in wanted.items())
        links.append(Preset(str(label), filters.query(**wanted), is_chosen))
    return links
