"""Checks of entries: their evidence, topic, dates and wording."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from consent.declarations.catalog import Catalog
from consent.declarations.checking.finding import Finding, all_branches, is_public
from consent.declarations.evidence import SourceDeclaration
from consent.declarations.schema import EntryDeclaration
from consent.vocabulary import (
    ENFORCEMENT_EFFECTS,
    TRAINING_PURPOSES,
    Effect,
    PublicationStatus,
    ReferenceKind,
    Topic,
)

# Effects on a default or on the way to refuse: such an entry opens a state or an offer.
_OPENING = frozenset(
    {Effect.DEFAULT_ON, Effect.DEFAULT_OFF, Effect.OPT_OUT_ADDED, Effect.OPT_OUT_REMOVED}
)
# Effects that have begun; an announcement is an entry of its own (outcome).
_BEGUN = _OPENING | {Effect.USE_INTRODUCED, Effect.USE_REMOVED}
# Effects that by themselves say nothing about training.
_SAYING_NOTHING = {*ENFORCEMENT_EFFECTS, Effect.WORDING_ONLY, Effect.RETENTION_CHANGED}
_WAYS_OUT = {Effect.OPT_OUT_ADDED, Effect.OPT_OUT_CHANGED, Effect.OPT_OUT_REMOVED}
# What a summary says of a way out that an authority or a court brought about.
_NEW_WAY_OUT = re.compile(
    r"\b(easier|simpler|new|must offer)\b[^.]*\b(opt-out|form|objection)\b|\b(can|may) object\b",
    re.I,
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
        days = (entry.announced, entry.decided, entry.due, entry.effective, entry.observed_to)
        if not any(days):
            yield Finding(
                True, key, "has no date but that of publishing; add when it began or was announced"
            )
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


def effects(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield entries whose effects do not fit their key, one another or what they name."""
    for key, entry in catalog.entries.items():
        named = set(entry.effects)
        of_key = None if entry.revised else _effect_in(key)
        if of_key is not None and of_key not in named:
            yield Finding(False, key, f"its key says {of_key.value}, its effects do not")
        if entry.status == PublicationStatus.RETRACTED:
            continue
        kinds = {
            catalog.references[slug].kind for slug in entry.references if slug in catalog.references
        }
        if Effect.REGULATOR_ACTION in named and ReferenceKind.REGULATOR not in kinds:
            words = "is regulator-action, but names no regulator; a private suit is lawsuit"
            yield Finding(False, key, words)
        acted = named & {Effect.REGULATOR_ACTION, Effect.COURT_RULING}
        if acted and not named & _WAYS_OUT and _NEW_WAY_OUT.search(entry.summary):
            words = "tells of a way out after an authority acted; list opt-out-added or -changed"
            yield Finding(False, key, words)
        if Effect.ANNOUNCED in named and (done := named & _BEGUN):
            effect = min(done)
            words = f"is announced and {effect.value}; what has begun is an entry of its own"
            yield Finding(False, key, words)
        if entry.topic == Topic.TRAINING and _is_not_about_training(catalog, entry):
            words = "changes nothing about training; write topic: enforcement, or other"
            yield Finding(False, key, words)


def copies(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield sources that are copies, where the publisher of the original is known."""
    for key, entry in catalog.entries.items():
        if not is_public(entry) or all(map(_is_second_hand, entry.sources)):
            continue  # a finding of its own
        for source in entry.sources:
            if _COPY.search(source.publisher):
                words = (
                    f"the source {source.publisher!r} is a copy; cite the original, or say why not"
                )
                yield Finding(False, key, words)


def events_in_several_files(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield entries of different platforms with the same day, effects and source."""
    seen: dict[tuple[str, tuple[str, ...], str], str] = {}
    for key, entry in catalog.entries.items():
        date = str(entry.effective or entry.decided or entry.announced)
        effects_named = tuple(sorted(entry.effects))
        alike = {
            first
            for source in entry.sources
            if (first := seen.setdefault((date, effects_named, source.url), key)) != key
            and not set(catalog.entries[first].platforms) & set(entry.platforms)
        }
        for first in sorted(alike):
            words = f"may be one event with {first}; one entry can name several platforms"
            yield Finding(False, key, words)


def _effect_in(key: str) -> Effect | None:
    """Return the effect that a key ends in, the longest if several do.

    Not "announced": keys that were made by rule end in it where no effect was known.
    """
    candidates = [effect for effect in Effect if effect != Effect.ANNOUNCED]
    ends = [effect for effect in candidates if key.endswith(f"-{effect.value}")]
    return max(ends, key=lambda effect: len(effect.value), default=None)


def _is_not_about_training(catalog: Catalog, entry: EntryDeclaration) -> bool:
    """Return whether neither the effects of an entry nor the uses it names are about training."""
    uses = [catalog.uses[name] for name in entry.uses if name in catalog.uses]
    if uses:
        return not any(use.purpose in TRAINING_PURPOSES for use in uses)
    named = set(entry.effects)
    # Enforcement alone is an error of its own.
    return named <= _SAYING_NOTHING and not named <= set(ENFORCEMENT_EFFECTS)
