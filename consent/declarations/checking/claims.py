"""Checks of claims that say more than their sources: wider, firmer or more exact."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from consent.declarations.catalog import Catalog
from consent.declarations.checking.finding import Finding, all_branches, is_public
from consent.declarations.evidence import SourceDeclaration
from consent.declarations.schema import EntryDeclaration, GuideDeclaration
from consent.vocabulary import TRAINING_PURPOSES, Direction, Effect, Purpose, StateValue
from platforms import places

#: Collections of Open Terms Archive that record what sites show in one region only.
_REGIONAL = frozenset(
    f"OpenTermsArchive/{name}-versions" for name in ("france", "genai-eu", "pga", "vlopses-us")
)
_NAMES_REGION = re.compile(r"\b(Europe(an)?|EU|EEA|US|France|French|worldwide)\b")
_PERMISSION = re.compile(
    r"\b(may|permi(?:ts?|ssion)|licen[cs]es?|allow(?:s|ed)?|lets?|grants?|authori[sz]es?"
    r"|agree to|rights? to use)\b"
)
#: Where sharing is the use, a licence to others is the practice itself.
_PRACTISED = frozenset(TRAINING_PURPOSES) - {Purpose.SHARING_FOR_TRAINING}
_PRACTICE = re.compile(r"\b(says?|describes?|reports?|practice)\b", re.I)
_PRINTED = re.compile(
    r"\b(print(s|ed)?|dated|gives?|given|marked|carries|effective date|launched|shows)\b", re.I
)
_OF_REPORT = re.compile(r"\b(day|date) of (the|a) (first )?reports?\b", re.I)
_LACKS = re.compile(
    r"\b((does|do) not (name|mention|say|speak)|names? no|mentions? no|is silent|no word"
    r"|says? nothing|not mentioned)\b",
    re.I,
)
_VERSION = re.compile(r"\b(20\d\d|version|recorded|read)\b")
_STARTS = re.compile(r"\b(starts? (on|off)|by default|already (on|off))\b", re.I)
_PLACE = re.compile(r"\b(EU|EEA|UK|US|Europe|Kingdom|States|countr\w+|region\w*|elsewhere)\b")


def permissions(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield states without a way out, past ones too, whose words are those of a permission.

    A permission is no practice. The note of the state is the place for who describes the practice.
    """
    for name, use, branch in all_branches(catalog):
        if use.purpose not in _PRACTISED or not is_public(use):
            continue
        for state in branch.states:
            if state.value != StateValue.NO_WAY_OUT or _PRACTICE.search(state.note):
                continue
            entry = catalog.entries.get(state.opened_by or "")
            told = f"{entry.title} {entry.summary} {state.note}" if entry else state.note
            if permission := _PERMISSION.search(told):
                words = (
                    f"is no-way-out, but {permission[0]!r} tells of a permission; let the state's "
                    "note say what describes the practice, or make it unclear, permission-only"
                )
                yield Finding(False, name, words)


def regions(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield claims for the whole world whose sources are versions shown in one region."""
    advice = "rests on versions recorded in one region only; name the places, or say so in a note"
    for key, entry in catalog.entries.items():
        is_wide = is_public(entry) and entry.where.is_worldwide and _are_regional(entry.sources)
        if is_wide and not _NAMES_REGION.search(entry.note):
            yield Finding(False, key, advice)
    for name, use, branch in all_branches(catalog):
        state = branch.states[-1] if branch.states else None
        if state is None or state.value == StateValue.UNCLEAR or not branch.where.is_worldwide:
            continue
        opener = catalog.entries.get(state.opened_by or "")
        sources = (*state.sources, *(opener.sources if opener else ()))
        notes = (state.note, branch.note, use.note, opener.note if opener else "")
        if is_public(use) and _are_regional(sources) and not _NAMES_REGION.search(" ".join(notes)):
            yield Finding(False, name, f"the state {state.value.value} {advice}")


def _are_regional(sources: tuple[SourceDeclaration, ...]) -> bool:
    return bool(sources) and all(
        source.ota is not None and source.ota.repo in _REGIONAL for source in sources
    )


def days_of_records(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield announcements and effects on the very day of a record or report that alone dates them.

    A note that says where the text prints the day of a record settles it; so does, for an
    announcement, the report of somebody else on that day. A note may give a report's day away.
    """
    for key, entry in catalog.entries.items():
        recorded = {source.date for source in entry.sources if source.ota}
        reported = {source.date for source in entry.sources if not source.ota}
        if not is_public(entry):
            continue
        if entry.effective and not entry.effective.at_latest and _OF_REPORT.search(entry.note):
            words = (
                f"effective {entry.effective} is the day of a report; write 'by {entry.effective}'"
            )
            yield Finding(False, key, words)
        if _PRINTED.search(entry.note):
            continue
        for name, day in (("effective", entry.effective), ("announced", entry.announced)):
            if day and day in recorded and not (name == "announced" and day in reported):
                words = (
                    f"{name} {day} is the day of a record; write 'by {day}', or say in the note "
                    "where the day is printed"
                )
                yield Finding(False, key, words)


def lacking_texts(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield notes on what a text lacks that do not say which version of it was read."""
    branches = list(all_branches(catalog))
    noted = [
        *((slug, platform.note) for slug, platform in catalog.platforms.items()),
        *((name, use.note) for name, use in catalog.uses.items()),
        *((name, branch.note) for name, _, branch in branches),
        *((name, state.note) for name, _, branch in branches for state in branch.states),
        *((name, control.note) for name, control in catalog.controls.items()),
        *((key, entry.note) for key, entry in catalog.entries.items()),
    ]
    for where, note in noted:
        if (lack := _LACKS.search(note)) and not _VERSION.search(note):
            words = f"a note says {lack[0]!r} of a text; say which version, or when it was read"
            yield Finding(False, where, words)


def starts_elsewhere(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield guides that say to all how a switch starts, where that depends on the place."""
    for (_, slug), guide in catalog.guides.items():
        if not is_public(guide) or guide.who or not _differs_by_place(catalog, guide):
            continue
        acts = [step.act for surface in guide.surfaces for step in surface.steps]
        for text in (*guide.before_you_start, *guide.caveats, *acts):
            if (start := _STARTS.search(text)) and not _PLACE.search(text):
                yield Finding(False, slug, f"says {start[0]!r} to all; say where that is so")


def _differs_by_place(catalog: Catalog, guide: GuideDeclaration) -> bool:
    """Return whether a use that the guide refuses has different states in different places."""
    controls = [catalog.controls[name] for name in guide.controls if name in catalog.controls]
    uses = [catalog.uses[name] for each in controls for name in each.uses if name in catalog.uses]
    return any(
        one.states[-1].value != other.states[-1].value
        and set(one.people) & set(other.people)
        and not places.meet(one.where, other.where)
        for use in uses
        for one in use.branches
        for other in use.branches
        if one.states and other.states
    )


def wording(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield entries that change the wording only, and something else as well."""
    for key, entry in catalog.entries.items():
        if Effect.WORDING_ONLY in entry.effects and _has_substance(entry):
            words = "is wording-only, but has another effect or direction; say what changed"
            yield Finding(False, key, words)


def _has_substance(entry: EntryDeclaration) -> bool:
    return entry.direction != Direction.NEUTRAL or len(entry.effects) > 1
