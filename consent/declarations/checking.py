"""Checks of a catalog that can be loaded: contradictions, gaps, weak evidence (docs/catalog.md).

Errors are contradictions and broken rules; warnings are work left to do.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from consent.declarations.catalog import Catalog
from consent.declarations.dates import PartialDate
from consent.declarations.editing import PLACEHOLDERS
from consent.declarations.schema import (
    BranchDeclaration,
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    OfferDeclaration,
    SourceDeclaration,
    StateDeclaration,
    UseDeclaration,
)
from consent.vocabulary import (
    ENFORCEMENT_EFFECTS,
    IN_USE,
    TRAINING_PURPOSES,
    Effect,
    PublicationStatus,
    Reach,
    Refuse,
    SinceIs,
    StateValue,
    Topic,
)
from platforms import places
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
_NOT_USED = frozenset({StateValue.ONLY_IF_AGREED, StateValue.NOT_USED, StateValue.NOT_OFFERED})
# Effects of an entry about the default or the way to refuse: such an entry opens a state.
_OF_DEFAULTS = frozenset({Effect.DEFAULT_ON, Effect.DEFAULT_OFF})
_OF_CONTROLS = frozenset({Effect.OPT_OUT_ADDED, Effect.OPT_OUT_REMOVED})
# Words of a switch: a title that begins with one says how to refuse, not what happens.
_SWITCH_WORDS = re.compile(
    r"(allow|block|disable|do not|don['’]t|enable|improve|limit|manage|object|opt|prevent|stop"
    r"|switch|turn|use of)\b",
    re.I,
)
_MAY = re.compile(r"\bmay\b", re.I)
# Acts after which nothing is left that a person could go on using.
_LEAVING = frozenset({Refuse.DELETE, Refuse.LEAVE})
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
    uses: int
    controls: int
    states: int
    entries: int
    drafts: int
    guides: int
    sources: int


def check(catalog: Catalog, *, today: dt.date) -> list[Finding]:
    """Return all findings, errors first, each group in the order of the catalog."""
    steps: tuple[Callable[[Catalog, dt.date], Iterator[Finding]], ...] = (
        _placeholders,
        _titles,
        _branches,
        _states,
        _state_openers,
        _ways_out,
        _controls,
        _entries,
        _dates,
        _duplicate_events,
        _guides,
        _idle_pages,
        _places,
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
    if not any(name.startswith(f"{slug}/") for name in catalog.controls):
        return "no way to refuse is offered"
    if not any(_is_on(use) for use in _uses_of(catalog, slug)):
        return "nothing is on unless people refuse"
    return "the steps are not documented well enough"


def _placeholders(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield the placeholders of new_platform that the author has not replaced."""
    declarations: list[tuple[str, Declaration]] = [
        *catalog.platforms.items(),
        *((f"{slug}: {url}", page) for (slug, url), page in catalog.pages.items()),
        *catalog.uses.items(),
        *catalog.controls.items(),
        *catalog.entries.items(),
        *((slug, guide) for (_, slug), guide in catalog.guides.items()),
    ]
    for where, declaration in declarations:
        text = json.dumps(declaration.as_data(), ensure_ascii=False)
        for placeholder in dict.fromkeys(_PLACEHOLDER.findall(text)):
            yield Finding(True, where, f"replace {placeholder!r}, which new_platform wrote")


def _titles(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    labels: dict[str, list[str]] = defaultdict(list)
    for name, control in catalog.controls.items():
        labels[name.partition("/")[0]] += filter(None, [control.label, *control.former_labels])
    for name, use in catalog.uses.items():
        for title in filter(None, (use.title, use.title_if_not)):
            if begins_like_a_switch(title, labels[name.partition("/")[0]]):
                yield Finding(
                    True, name, f"the title {title!r} begins like a switch; say what happens"
                )
            if title.endswith("."):
                yield Finding(True, name, f"the title {title!r} ends with a full stop")
            if _MAY.search(title):
                yield Finding(False, name, f"the title {title!r} says may; doubt is a state")


def begins_like_a_switch(title: str, labels: Iterable[str] = ()) -> bool:
    """Return whether the title of a use begins with a word of a switch, or with a label."""
    folded = title.casefold()
    return bool(_SWITCH_WORDS.match(title)) or any(
        folded.startswith(label.casefold()) for label in labels
    )


def _branches(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield the branches of a use that say two things of the same people in the same place."""
    for name, use in catalog.uses.items():
        for (at, one), (other_at, other) in combinations(enumerate(use.branches, start=1), 2):
            people = set(one.people) & set(other.people)
            if not people or _have_distinct_plans(one, other):
                continue
            if shared := places.overlap(one.where, other.where):
                cell = shared[0].codes[0]
                yield Finding(
                    True,
                    name,
                    f"branches {at} and {other_at} both speak of {', '.join(sorted(people))} in "
                    f"{cell}; take it out of one, or name distinct plans",
                )


def _have_distinct_plans(one: BranchDeclaration, other: BranchDeclaration) -> bool:
    # One with plans beside one without: the second is for all other plans.
    return set(one.plans) != set(other.plans) and not set(one.plans) & set(other.plans)


def _states(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for name, _use, branch in _all_branches(catalog):
        for before, after in pairwise(branch.states):
            if before.value == after.value and before.disputed == after.disputed:
                yield Finding(True, name, f"{after.value.value} follows itself at {after.since}")
        first = branch.states[0]
        if first.since is not None and first.since.on > today and len(branch.states) == 1:
            yield Finding(True, name, f"has no state before {first.since}; say what holds today")
    for name, use in catalog.uses.items():
        values = {state.value for branch in use.branches for state in branch.states}
        if values == {StateValue.UNCLEAR} and use.status == PublicationStatus.PUBLISHED:
            yield Finding(False, name, "is unclear everywhere; say what the sources say, or draft")
        for branch in use.branches:
            for state in branch.states:
                if not (state.opened_by or state.sources or use.pages):
                    yield Finding(
                        False, name, f"the state {state.value.value} has no entry, source or page"
                    )


def _state_openers(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for name, use, branch in _all_branches(catalog):
        for state in branch.states:
            entry = catalog.entries.get(state.opened_by or "")
            if entry is None:
                continue
            if not _is_public(entry):
                error = entry.status == PublicationStatus.RETRACTED
                yield Finding(error, name, f"a state is opened by {entry.key}, which is not public")
            if state.since_is == SinceIs.EXACT and not _agrees(state.since, entry):
                yield Finding(
                    True, name, f"a state begins {state.since}, but {entry.key} is of another day"
                )
            if (effect := _contradicting_effect(state, entry)) is not None:
                yield Finding(
                    True,
                    name,
                    f"{entry.key} ({effect.value}) opens the state {state.value.value}",
                )
            if entry.topic == Topic.OTHER and use.purpose in TRAINING_PURPOSES:
                yield Finding(
                    True, name, f"{entry.key} opens a state of training, but has the topic other"
                )


def _agrees(since: PartialDate | None, entry: EntryDeclaration) -> bool:
    """Return whether a state begins on a date of its entry, as far as both are precise."""
    if since is None:
        return True
    for date in (entry.effective, entry.due, entry.decided, entry.announced):
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


def _ways_out(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Compare what states say of the way out with the controls that are offered."""
    reaching: dict[str, list[ControlDeclaration]] = defaultdict(list)
    for control in catalog.controls.values():
        if control.status == PublicationStatus.PUBLISHED and control.reach != Reach.PAST_ONLY:
            for name in control.uses:
                reaching[name].append(control)
    for name, _use, branch in _all_branches(catalog):
        for number, state in enumerate(branch.states):
            following = branch.states[number + 1] if number + 1 < len(branch.states) else None
            began = state.since.on if state.since else dt.date.min
            ends = following.since.on if following and following.since else dt.date.max
            offered = [
                control
                for control in reaching[name]
                if any(_is_offered(offer, branch, began, ends) for offer in _offers(control))
            ]
            if state.value == StateValue.UNLESS_REFUSED and not offered:
                words = "is unless-refused, but no control that reaches it is offered then"
                yield Finding(following is None, name, f"{_since(state)}: {words}")
            if state.value == StateValue.NO_WAY_OUT and following is None:
                for control in offered:
                    surely = any(_is_surely_offered(offer, branch) for offer in control.offered)
                    if surely and control.binding and control.refuse not in _LEAVING:
                        words = f"is no-way-out, but {control.slug} is offered"
                        yield Finding(True, name, f"{_since(state)}: {words}")


def _since(state: StateDeclaration) -> str:
    return f"{state.value.value} since {state.since or 'an unknown day'}"


def _offers(control: ControlDeclaration) -> tuple[OfferDeclaration, ...]:
    return control.offered or (OfferDeclaration.model_construct(),)


def _is_offered(
    offer: OfferDeclaration, branch: BranchDeclaration, began: dt.date, ends: dt.date
) -> bool:
    """Return whether an offer reaches people of a branch at some time within an interval."""
    in_time = (offer.since is None or offer.since.on < ends) and (
        offer.until is None or offer.until.on > began
    )
    return in_time and _speaks_to(offer, branch) and _may_meet(offer, branch)


def _may_meet(offer: OfferDeclaration, branch: BranchDeclaration) -> bool:
    wheres = (offer.where, branch.where)
    return any(
        all(where.covers(cell) != places.Coverage.NOT for where in wheres)
        for cell in places.cells(places.WORLD, wheres)
    )


def _is_surely_offered(offer: OfferDeclaration, branch: BranchDeclaration) -> bool:
    open_now = offer.until is None
    met = bool(places.overlap(offer.where, branch.where))
    return open_now and _speaks_to(offer, branch) and met


def _speaks_to(offer: OfferDeclaration, branch: BranchDeclaration) -> bool:
    of_people = not offer.people or bool(set(offer.people) & set(branch.people))
    of_plans = not offer.plans or not branch.plans or bool(set(offer.plans) & set(branch.plans))
    return of_people and of_plans


def _controls(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    guided = {
        name for guide in catalog.guides.values() if _is_public(guide) for name in guide.controls
    }
    for name, control in catalog.controls.items():
        over = bool(control.offered) and all(offer.until for offer in control.offered)
        if over or control.status != PublicationStatus.PUBLISHED:
            continue
        reached = [catalog.uses[use] for use in control.uses if use in catalog.uses]
        if name not in guided and any(map(_is_on, reached)):
            yield Finding(False, name, "refuses what is on, but has no guide")
        if not control.surfaces and control.refuse not in (Refuse.WRITE, Refuse.ASK_ADMIN):
            yield Finding(False, name, "names no surface on which it is found")
        if control.refuse == Refuse.WRITE and not control.to:
            yield Finding(False, name, "says to write, but not to whom; add to")


def _entries(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    openers = {
        state.opened_by for _, _, branch in _all_branches(catalog) for state in branch.states
    }
    openers |= {
        key
        for control in catalog.controls.values()
        for offer in control.offered
        for key in (offer.opened_by, offer.closed_by)
    }
    for key, entry in catalog.entries.items():
        if (loud := _LOUD.search(f"{entry.title} {entry.summary}")) is not None:
            yield Finding(False, key, f"{loud[0]!r} is not in the voice of the site")
        if entry.title.endswith("."):
            yield Finding(False, key, "the title ends with a full stop")
        enforcing = [effect for effect in entry.effects if effect in ENFORCEMENT_EFFECTS]
        if entry.topic == Topic.TRAINING and len(enforcing) == len(entry.effects):
            yield Finding(
                True, key, "has only effects of enforcement; write topic: enforcement, or other"
            )
        if not _is_public(entry):
            continue
        if not any(source.date for source in entry.sources):
            yield Finding(True, key, "no source with a date; add one, or make it a draft")
        if all(_is_second_hand(source) for source in entry.sources):
            yield Finding(False, key, "all its sources are copies or were read about elsewhere")
        if entry.topic != Topic.TRAINING:
            continue
        if not entry.uses:
            yield Finding(False, key, "is about training, but names no use")
        opening = _OF_DEFAULTS | _OF_CONTROLS
        if (
            key not in openers
            and Effect.ANNOUNCED not in entry.effects
            and opening & set(entry.effects)
        ):
            yield Finding(False, key, "changes a default or a way out, but opens nothing")


def _dates(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for key, entry in catalog.entries.items():
        enforcing = any(effect in ENFORCEMENT_EFFECTS for effect in entry.effects)
        if entry.decided and not enforcing:
            yield Finding(
                True, key, "has decided, but no act of an authority, court or complainant"
            )
        outcome = catalog.entries.get(entry.outcome or "")
        settled = outcome and (outcome.effective or outcome.announced or outcome.decided)
        if settled and entry.announced and settled.on < entry.announced.on:
            yield Finding(True, key, f"its outcome {entry.outcome} is older than the announcement")
        if not _is_public(entry):
            continue
        if entry.due and entry.due.on <= today and entry.outcome is None:
            yield Finding(
                False, key, f"due {entry.due} and not confirmed; look, then set effective"
            )
        newest = max((source.date.on for source in entry.sources if source.date), default=None)
        if entry.effective and newest and entry.effective.on > newest:
            yield Finding(False, key, f"effective {entry.effective} is later than every source")


def _duplicate_events(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    seen: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for key, entry in catalog.entries.items():
        date = str(entry.effective or entry.decided or entry.announced)
        for platform in entry.platforms:
            event = (platform, date, tuple(sorted(entry.effects)))
            if event in seen and seen[event] != key:
                yield Finding(False, key, f"may be the same event as {seen[event]}")
            seen.setdefault(event, key)


def _guides(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for (_, slug), guide in catalog.guides.items():
        if not guide.controls:
            yield Finding(True, slug, "names no control")
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
        elif verified and min(day for day in verified if day) < today - STALE_AFTER:
            yield Finding(False, slug, "was verified more than 180 days ago")


def _idle_pages(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    used: dict[str, set[str]] = defaultdict(set)
    records: list[tuple[str, UseDeclaration | ControlDeclaration]] = [
        *catalog.uses.items(),
        *catalog.controls.items(),
    ]
    for name, record in records:
        used[name.partition("/")[0]].update(record.pages)
    for (slug, _), guide in catalog.guides.items():
        used[slug].update(guide.pages)
    for slug, url in catalog.pages:
        if url not in used[slug]:
            yield Finding(False, f"{slug}: {url}", "no use, control or guide rests on this page")


def _places(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    located = [
        *((name, branch) for name, _use, branch in _all_branches(catalog)),
        *((name, offer) for name, control in catalog.controls.items() for offer in control.offered),
        *catalog.entries.items(),
        *((f"{slug}: {url}", page) for (slug, url), page in catalog.pages.items()),
    ]
    for where, declaration in located:
        for warning in places.warnings(declaration.where):
            yield Finding(False, where, warning)


def _platforms(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    for slug, platform in catalog.platforms.items():
        if not platform.summary:
            yield Finding(False, slug, "has no summary")
        if not platform.listed:
            yield Finding(False, slug, "is not listed; readers do not see it")


def _is_public(declaration: EntryDeclaration | GuideDeclaration) -> bool:
    return declaration.status == PublicationStatus.PUBLISHED


def _is_on(use: UseDeclaration) -> bool:
    return any(branch.states[-1].value in IN_USE for branch in use.branches)


def _is_second_hand(source: SourceDeclaration) -> bool:
    return bool(source.seen_via or _COPY.search(source.publisher))


def _uses_of(catalog: Catalog, slug: str) -> list[UseDeclaration]:
    return [use for name, use in catalog.uses.items() if name.startswith(f"{slug}/")]


def _all_branches(
    catalog: Catalog,
) -> Iterator[tuple[str, UseDeclaration, BranchDeclaration]]:
    """Yield every branch with the name of its use."""
    for name, use in catalog.uses.items():
        for branch in use.branches:
            yield name, use, branch


def _count(catalog: Catalog, slug: str) -> Count:
    uses = _uses_of(catalog, slug)
    entries = [entry for entry in catalog.entries.values() if slug in entry.platforms]
    guides = [guide for (platform, _), guide in catalog.guides.items() if platform == slug]
    statuses = Counter(_is_public(entry) for entry in entries)
    return Count(
        platform=slug,
        pages=sum(platform == slug for platform, _ in catalog.pages),
        uses=len(uses),
        controls=sum(name.startswith(f"{slug}/") for name in catalog.controls),
        states=sum(len(branch.states) for use in uses for branch in use.branches),
        entries=statuses[True],
        drafts=statuses[False],
        guides=len(guides),
        sources=sum(len(entry.sources) for entry in entries)
        + sum(len(guide.sources) for guide in guides),
    )
