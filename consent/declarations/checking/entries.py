"""Checks of entries: their evidence, topic, dates and wording."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from consent.declarations.catalog import Catalog
from consent.declarations.checking.findings import Finding, all_branches, is_public
from consent.declarations.evidence import SourceDeclaration
from consent.vocabulary import ENFORCEMENT_EFFECTS, Effect, Topic

# Effects on a default or on the way to refuse: such an entry opens a state or an offer.
_OPENING = frozenset(
    {Effect.DEFAULT_ON, Effect.DEFAULT_OFF, Effect.OPT_OUT_ADDED, Effect.OPT_OUT_REMOVED}
)
_COPY = re.compile(r"\b(copy|copied|repost|mirror|excerpt|quotes?|quoted|citing|via)\b", re.I)
_LOUD = re.compile(
    r"\b(slam\w*|blast\w*|scandal\w*|outrag\w*|sneak\w*|secretly|quietly|creep\w*|shock\w*"
    r"|steal\w*|stole\w*|spies|spying|grab\w*|evil|nightmare|hijack\w*|betray\w*|horrif\w*"
    r"|beware|breaking|backlash|furious|finally|unfortunately|dystopia\w*)\b|!",
    re.I,
)


def evidence(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield published entries without good sources, and words that the site does not use."""
    for key, entry in catalog.entries.items():
        if (loud := _LOUD.search(f"{entry.title} {entry.summary}")) is not None:
            yield Finding(False, key, f"{loud[0]!r} is not in the voice of the site")
        if entry.title.endswith("."):
            yield Finding(False, key, "the title ends with a full stop")
        if not is_public(entry):
            continue
        if not any(source.date for source in entry.sources):
            yield Finding(True, key, "no source with a date; add one, or make it a draft")
        if all(_is_second_hand(source) for source in entry.sources):
            yield Finding(False, key, "all its sources are copies or were read about elsewhere")


def topics(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield entries whose topic does not fit their effects, or that should name or open a use."""
    openers = _openers(catalog)
    for key, entry in catalog.entries.items():
        if entry.topic != Topic.TRAINING:
            continue
        effects = set(entry.effects)
        if effects <= set(ENFORCEMENT_EFFECTS):
            yield Finding(
                True, key, "has only effects of enforcement; write topic: enforcement, or other"
            )
        if not is_public(entry):
            continue
        if not entry.uses:
            yield Finding(False, key, "is about training, but names no use")
        if key not in openers and effects & _OPENING and Effect.ANNOUNCED not in effects:
            yield Finding(False, key, "changes a default or a way out, but opens nothing")


def dates(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield entries whose dates do not fit their effects, their outcome or their sources."""
    for key, entry in catalog.entries.items():
        if entry.decided and not set(entry.effects) & set(ENFORCEMENT_EFFECTS):
            yield Finding(
                True, key, "has decided, but no act of an authority, court or complainant"
            )
        outcome = catalog.entries.get(entry.outcome or "")
        settled = outcome and (outcome.effective or outcome.announced or outcome.decided)
        if settled and entry.announced and settled.last < entry.announced.on:
            yield Finding(True, key, f"its outcome {entry.outcome} is older than the announcement")
        if not is_public(entry):
            continue
        if entry.due and entry.due.on <= today and entry.outcome is None:
            yield Finding(
                False, key, f"due {entry.due} and not confirmed; look, then set effective"
            )
        newest = max((source.date.last for source in entry.sources if source.date), default=None)
        if entry.effective and newest and entry.effective.on > newest:
            yield Finding(False, key, f"effective {entry.effective} is later than every source")


def duplicate_events(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield entries of one platform with the same day and effects."""
    seen: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for key, entry in catalog.entries.items():
        date = str(entry.effective or entry.decided or entry.announced)
        for platform in entry.platforms:
            event = (platform, date, tuple(sorted(entry.effects)))
            if event in seen and seen[event] != key:
                yield Finding(False, key, f"may be the same event as {seen[event]}")
            seen.setdefault(event, key)


def _is_second_hand(source: SourceDeclaration) -> bool:
    return bool(source.seen_via or _COPY.search(source.publisher))


def _openers(catalog: Catalog) -> set[str | None]:
    """Return the keys of the entries that open a state, or open or close an offer."""
    of_states = {
        state.opened_by for _, _, branch in all_branches(catalog) for state in branch.states
    }
    offers = [offer for control in catalog.controls.values() for offer in control.offered]
    return of_states.union(*((offer.opened_by, offer.closed_by) for offer in offers))
