"""Checks of a catalog that can be loaded: contradictions, gaps, weak evidence.

Errors are contradictions and broken rules; warnings are work left to do.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from consent.declarations.catalog import Catalog
from consent.declarations.dates import PartialDate
from consent.declarations.editing import PLACEHOLDERS
from consent.declarations.schema import (
    EntryDeclaration,
    GuideDeclaration,
    SettingDeclaration,
    SourceDeclaration,
    StateDeclaration,
)
from consent.vocabulary import IN_USE, Effect, PublicationStatus, Route, StateValue
from platforms.declarations import Declaration

STALE_AFTER = dt.timedelta(days=180)  # chosen: half a year

# Effects that say what happens by default, and with them the state that must follow.
_CHANGES_A_STATE = frozenset(
    {
        Effect.USE_INTRODUCED,
        Effect.USE_REMOVED,
        Effect.DEFAULT_ON,
        Effect.DEFAULT_OFF,
        Effect.OPT_OUT_ADDED,
        Effect.OPT_OUT_REMOVED,
        Effect.PAUSED,
        Effect.RESUMED,
    }
)
_NOT_USED = frozenset({StateValue.OFF_BY_DEFAULT, StateValue.NOT_USED, StateValue.NOT_OFFERED})
# A published entry with one of these effects alone cannot open these states.
_CONTRADICTS = {
    Effect.DEFAULT_ON: _NOT_USED,
    Effect.USE_INTRODUCED: _NOT_USED,
    Effect.RESUMED: _NOT_USED,
    Effect.DEFAULT_OFF: IN_USE,
    Effect.USE_REMOVED: IN_USE,
    Effect.PAUSED: IN_USE,
}
_COPY = re.compile(r"\b(copy|copied|repost|mirror|excerpt|quotes?|quoted|citing|via)\b", re.I)
_LOUD = re.compile(
    r"\b(slam\w*|blast\w*|scandal\w*|outrag\w*|sneak\w*|secretly|quietly|creep\w*|shock\w*"
    r"|steal\w*|stole\w*|spies|spying|grab\w*|evil|nightmare|hijack\w*|betray\w*|horrif\w*"
    r"|beware|breaking|backlash|furious|finally|unfortunately|dystopia\w*)\b|!",
    re.I,
)
# The longest first: one placeholder begins or ends with another.
_PLACEHOLDER = re.compile(
    rf"(?<!\w)({'|'.join(map(re.escape, sorted(PLACEHOLDERS, key=len, reverse=True)))})(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct (error) or to improve (warning). where: the record concerned."""

    error: bool
    where: str
    message: str

    def __str__(self) -> str:
        return f"{'error' if self.error else 'warning'}: {self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Count:
    """Numbers of records of one platform; a shared entry counts for each of its platforms."""

    platform: str
    pages: int
    settings: int
    states: int
    entries: int
    drafts: int
    guides: int
    sources: int


def check(catalog: Catalog, *, today: dt.date) -> list[Finding]:
    """Return all findings, errors first, each group in the order of the catalog."""
    steps: tuple[Callable[[Catalog, dt.date], Iterator[Finding]], ...] = (
        _placeholders,
        _states,
        _state_openers,
        _entries,
        _duplicate_events,
        _guides,
        _settings_without_guide,
        _idle_pages,
        _platforms,
    )
    findings = [finding for step in steps for finding in step(catalog, today)]
    return sorted(findings, key=lambda finding: not finding.error)


def counts(catalog: Catalog) -> list[Count]:
    """Return the numbers of each platform, by slug."""
    return [_count(catalog, slug) for slug in sorted(catalog.platforms)]


def without_guide(catalog: Catalog) -> dict[str, str]:
    """Return the platforms that have no published guide, each with the reason."""
    guided = {slug for (slug, _), guide in catalog.guides.items() if _is_public(guide)}
    return {
        slug: _reason_for_no_guide(catalog, slug)
        for slug in sorted(catalog.platforms)
        if slug not in guided
    }


def _reason_for_no_guide(catalog: Catalog, slug: str) -> str:
    drafts = [guide for (platform, _), guide in catalog.guides.items() if platform == slug]
    if drafts:
        return f"draft: {drafts[0].reason}"
    settings = _of_platform(catalog, slug)
    if all(setting.route == Route.NONE for setting in settings):
        return "no way to opt out is offered"
    if not any(_is_on(setting) for setting in settings):
        return "nothing is on by default"
    return "the steps are not documented well enough"


def _placeholders(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield the placeholders of new_platform that the author has not replaced."""
    declarations: list[tuple[str, Declaration]] = [
        *catalog.platforms.items(),
        *((f"{slug}: {url}", page) for (slug, url), page in catalog.pages.items()),
        *catalog.settings.items(),
        *catalog.entries.items(),
        *((slug, guide) for (_, slug), guide in catalog.guides.items()),
    ]
    for where, declaration in declarations:
        text = json.dumps(declaration.as_data(), ensure_ascii=False)
        for placeholder in dict.fromkeys(_PLACEHOLDER.findall(text)):
            yield Finding(True, where, f"replace {placeholder!r}, which new_platform wrote")


def _states(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for name, setting in catalog.settings.items():
        last = setting.states[-1]
        for before, after in pairwise(setting.states):
            if before.until is not None and after.since is not None:
                yield Finding(True, name, f"no state from {before.until} to {after.since}")
            if before.value == after.value and before.disputed == after.disputed:
                yield Finding(True, name, f"{after.value.value} follows itself at {after.since}")
        if last.until is not None:
            yield Finding(True, name, f"no state since {last.until}; add one, unclear if need be")
        if last.value == StateValue.ON_BY_DEFAULT and setting.route == Route.NONE:
            yield Finding(True, name, "is on by default, but its route to opt out is none")
        if last.value == StateValue.ON_NO_OPT_OUT and setting.route != Route.NONE:
            yield Finding(True, name, f"is on without opt-out, but has the route {setting.route}")
        if last.since is not None and last.since.on > today and len(setting.states) == 1:
            yield Finding(True, name, f"has no state before {last.since}; say what holds today")


def _state_openers(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for name, setting in catalog.settings.items():
        for state in setting.states:
            entry = catalog.entries.get(state.opened_by or "")
            if entry is None:
                continue
            if not _is_public(entry):
                yield Finding(True, name, f"a state is opened by {entry.key}, which is not public")
            if state.since is not None and not _agrees(state.since, entry):
                yield Finding(
                    True, name, f"a state begins {state.since}, but {entry.key} is of another day"
                )
            if (effect := _contradicting_effect(state, entry)) is not None:
                yield Finding(
                    True,
                    name,
                    f"{entry.key} ({effect.value}) opens the state {state.value.value}",
                )


def _agrees(since: PartialDate, entry: EntryDeclaration) -> bool:
    """Return whether a state begins on a date of its entry, as far as both are precise."""
    for date in (entry.effective, entry.announced):
        if date is not None and (_within(since, date) or _within(date, since)):
            return True
    observed = (entry.observed_from, entry.observed_to)
    return any(moment is not None and moment.date() == since.on for moment in observed)


def _within(fine: PartialDate, coarse: PartialDate) -> bool:
    return str(fine).startswith(str(coarse))


def _contradicting_effect(state: StateDeclaration, entry: EntryDeclaration) -> Effect | None:
    """Return the effect that rules the state out, unless another effect of the entry allows it."""
    effects = [effect for effect in entry.effects if effect in _CHANGES_A_STATE]
    ruled_out = [effect for effect in effects if state.value in _CONTRADICTS.get(effect, ())]
    return ruled_out[0] if ruled_out and len(ruled_out) == len(effects) else None


def _entries(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    openers = {state.opened_by for setting in catalog.settings.values() for state in setting.states}
    for key, entry in catalog.entries.items():
        if (loud := _LOUD.search(f"{entry.title} {entry.summary}")) is not None:
            yield Finding(False, key, f"{loud[0]!r} is not in the voice of the site")
        if entry.title.endswith("."):
            yield Finding(False, key, "the title ends with a full stop")
        if not _is_public(entry):
            continue
        if not any(source.date for source in entry.sources):
            yield Finding(True, key, "no source with a date; add one, or make it a draft")
        if all(_is_second_hand(source) for source in entry.sources):
            yield Finding(False, key, "all its sources are copies or were read about elsewhere")
        to_come = Effect.ANNOUNCED in entry.effects
        if key not in openers and not to_come and _CHANGES_A_STATE.intersection(entry.effects):
            yield Finding(False, key, "changes no state, though its effects say so")


def _duplicate_events(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    seen: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for key, entry in catalog.entries.items():
        date = str(entry.effective or entry.announced)
        for platform in entry.platforms:
            event = (platform, date, tuple(sorted(entry.effects)))
            if event in seen and seen[event] != key:
                yield Finding(False, key, f"may be the same event as {seen[event]}")
            seen.setdefault(event, key)


def _guides(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for (_, slug), guide in catalog.guides.items():
        if not guide.settings:
            yield Finding(True, slug, "names no setting")
        if not _is_public(guide):
            continue
        if not guide.sources:
            yield Finding(True, slug, "has no source")
        if not guide.caveats:
            yield Finding(True, slug, "does not say what it does not do; add caveats")
        if not guide.surfaces:
            yield Finding(True, slug, "has no steps")
        verified = [surface.verified for surface in guide.surfaces]
        if None in verified:
            yield Finding(False, slug, "has steps that nobody has walked yet")
        elif min(day for day in verified if day) < today - STALE_AFTER:
            yield Finding(False, slug, "was verified more than 180 days ago")


def _settings_without_guide(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    guided = {name for guide in catalog.guides.values() for name in guide.settings}
    for name, setting in catalog.settings.items():
        if name not in guided and setting.route != Route.NONE and _is_on(setting):
            yield Finding(False, name, "can be opted out of, but has no guide")


def _idle_pages(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    used: dict[str, set[str]] = defaultdict(set)
    for name, setting in catalog.settings.items():
        used[name.partition("/")[0]].update(setting.pages)
    for (slug, _), guide in catalog.guides.items():
        used[slug].update(guide.pages)
    for slug, url in catalog.pages:
        if url not in used[slug]:
            yield Finding(False, f"{slug}: {url}", "no setting and no guide rests on this page")


def _platforms(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for slug, platform in catalog.platforms.items():
        if not platform.summary:
            yield Finding(False, slug, "has no summary")
        if not platform.listed:
            yield Finding(False, slug, "is not listed; readers do not see it")


def _is_public(declaration: EntryDeclaration | GuideDeclaration) -> bool:
    return declaration.status == PublicationStatus.PUBLISHED


def _is_on(setting: SettingDeclaration) -> bool:
    return setting.states[-1].value in IN_USE


def _is_second_hand(source: SourceDeclaration) -> bool:
    return bool(source.seen_via or _COPY.search(source.publisher))


def _of_platform(catalog: Catalog, slug: str) -> list[SettingDeclaration]:
    return [item for name, item in catalog.settings.items() if name.startswith(f"{slug}/")]


def _count(catalog: Catalog, slug: str) -> Count:
    settings = _of_platform(catalog, slug)
    entries = [entry for entry in catalog.entries.values() if slug in entry.platforms]
    guides = [guide for (platform, _), guide in catalog.guides.items() if platform == slug]
    statuses = Counter(_is_public(entry) for entry in entries)
    return Count(
        platform=slug,
        pages=sum(platform == slug for platform, _ in catalog.pages),
        settings=len(settings),
        states=sum(len(setting.states) for setting in settings),
        entries=statuses[True],
        drafts=statuses[False],
        guides=len(guides),
        sources=sum(len(entry.sources) for entry in entries)
        + sum(len(guide.sources) for guide in guides),
    )
