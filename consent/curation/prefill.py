"""Reads the draft of a change's entry out of its words, its page and the records of the catalog.

What the deciding words say wins; what they leave open is taken from the uses they are about, and
then from the page. A state is filled in only for branches that these words cover surely.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from consent.classification.scope import plan_word
from consent.classification.suggestion import Reading
from consent.models import Branch, Change, Control, State, Suggestion, Use
from consent.vocabulary import (
    DataKind,
    Effect,
    People,
    PlanKind,
    PublicationStatus,
    Purpose,
    StateValue,
)
from platforms import places
from platforms.places import WORLDWIDE, Where

#: The states that effects mean, in the order in which they win: a use that is off by default goes
#: on with consent; where a use ends, its way out does too; a default says more than the way out.
_VALUES = (
    (Effect.DEFAULT_OFF, StateValue.ONLY_IF_AGREED),
    (Effect.USE_REMOVED, StateValue.NOT_USED),
    (Effect.DEFAULT_ON, StateValue.UNLESS_REFUSED),
    (Effect.PLEDGE_ADDED, StateValue.NOT_USED),
    (Effect.OPT_OUT_ADDED, StateValue.UNLESS_REFUSED),
    (Effect.OPT_OUT_REMOVED, StateValue.NO_WAY_OUT),
)
#: The purposes of uses by what a statement is about.
_PURPOSES = {
    "training": Purpose.TRAINING,
    "sharing": Purpose.SHARING_FOR_TRAINING,
    "human-review": Purpose.HUMAN_REVIEW,
}
_ON = (StateValue.UNLESS_REFUSED, StateValue.NO_WAY_OUT)


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a draft begins with.

    covered: the branches that the deciding words cover surely. value: the state that they give to
    those in `moves`; "" if a curator must choose it. sentence: these words; "" if none decided.
    missing: what the record has no use or branch for, in a sentence; "" if nothing is missing.
    """

    uses: tuple[Use, ...] = ()
    controls: tuple[Control, ...] = ()
    data_kinds: tuple[str, ...] = ()
    where: Where = WORLDWIDE
    people: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    value: str = ""
    covered: frozenset[Branch] = frozenset()
    moves: frozenset[Branch] = frozenset()
    sentence: str = ""
    missing: str = ""


def prefill(change: Change) -> Prefill:
    """Return what the draft of a change's entry begins with."""
    suggestion = getattr(change, "suggestion", None)
    passage = deciding_passage(suggestion)
    reading, value = state_said(suggestion)
    stated_kinds = _in_order(reading.data)
    uses = _uses(change, stated_kinds)
    missing = ""
    if reading.parts and not any(_is_for(use, part) for use in uses for part in reading.parts):
        uses = _named_uses(change, uses)
        missing = f"No use is limited to {' or '.join(reading.parts)}"
    where = _where(change, reading, uses)
    touched = [branch for use in uses for branch in use.branches.all() if inside(branch, where)]
    covered = [
        branch for branch in touched if covers(reading, branch, change.page.where, beside=touched)
    ]
    named = reading.plans or tuple(kind for kind in reading.people if kind != People.PERSONAL)
    if touched and not covered and named and not missing:
        missing = f"No branch is for {' or '.join(named)} alone"
    day = change.observed_to.date()
    moves = frozenset(
        branch
        for branch in covered
        if _began_by(day, branch) and may_move(_present_value(branch), value, reading)
    )
    plans = set(map(plan_word, reading.plans))
    known = {plan for use in uses for branch in use.branches.all() for plan in branch.plans}
    return Prefill(
        uses=uses,
        controls=_controls(change, uses),
        data_kinds=stated_kinds or _in_order(kind for use in uses for kind in use.data_kinds),
        where=where,
        people=tuple(kind for kind in People.values if kind in reading.people)
        or _shared([tuple(branch.people) for branch in touched]),
        plans=tuple(sorted(plan for plan in known if plan_word(plan) in plans))
        or _shared([tuple(branch.plans) for branch in touched]),
        value=value if moves else "",
        covered=frozenset(covered),
        moves=moves,
        sentence=passage[passage["decides"]] if passage and value and moves else "",
        missing=f"{missing}: add it first, if these words change its state." if missing else "",
    )


def state_said(suggestion: Suggestion | None) -> tuple[Reading, str]:
    """Return how the deciding words are read, and the state that they give to what they cover.

    "" where a curator must choose it, as in doubt, and where a page only no longer says something.
    """
    passage = deciding_passage(suggestion)
    reading = reading_of(passage)
    if suggestion is None or passage is None or suggestion.asks or passage["decides"] == "before":
        return reading, ""
    return reading, value_in(reading, suggestion.effects)


def deciding_passage(suggestion: Suggestion | None) -> dict[str, Any] | None:
    """Return the passage that decided the headline; None where none did."""
    passages = suggestion.passages if suggestion else ()
    return passages[0] if passages and passages[0].get("decides") else None


def reading_of(passage: dict[str, Any] | None) -> Reading:
    """Return how the deciding words were read; a reading of nothing where none were."""
    reads = passage and passage.get("reads")
    if not reads:
        return Reading("", "", "none", "unstated", (), False, (), (), (), (), ())
    said: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in reads.items()
    }
    return Reading(**said)


def covers(
    reading: Reading, branch: Branch, where_of_page: Where, beside: Iterable[Branch] = ()
) -> bool:
    """Return whether words surely cover all of a branch.

    Words that name nobody cover persons; what a branch or its use names, they must name too.
    beside: other branches; a plan apart from one of them for everybody has terms of its own.
    """
    use, parts, plans = branch.use, _folded(reading.parts), set(map(plan_word, reading.plans))
    if use.purpose != _PURPOSES.get(reading.purpose):
        return False
    if use.part.casefold() not in (parts or {""}):
        return False
    if not reading.all_data and not set(use.data_kinds) <= set(reading.data):
        return False
    if not branch.people or not set(branch.people) <= set(reading.people or (People.PERSONAL,)):
        return False
    if branch.who_narrows or not _covers_plans(plans, branch):
        return False
    if branch.plans and not plans and any(_is_for_the_rest(each, branch) for each in beside):
        return False
    where = Where(reading.places, reading.except_places)
    where = where_of_page if where.is_worldwide else where
    if branch.places and set(branch.places) <= set(branch.except_places):
        return False  # it is nowhere, which would be inside of any place
    if (branch.where.places or branch.where.some_of) and not where.places:
        return False
    return inside(branch, where)


def _covers_plans(plans: Set[str], branch: Branch) -> bool:
    """Return whether plans, by their words, are all of a branch's; words that name none cover all.

    Then a branch must have no plan, or all on the list that its people can have.
    """
    if plans:
        return bool(branch.plans) and set(map(plan_word, branch.plans)) <= plans
    listed = {
        plan["name"]
        for plan in branch.use.platform.plans
        if plan.get("kind", PlanKind.PLAN) == PlanKind.PLAN and not plan.get("includes")
        if not plan.get("former") and set(branch.people) & set(plan.get("people") or People)
    }
    return not branch.plans or (bool(listed) and listed <= set(branch.plans))


def _is_for_the_rest(other: Branch, branch: Branch) -> bool:
    """Return whether another branch is for the people of this one on all other plans."""
    return other.use == branch.use and not other.plans and bool({*other.people} & {*branch.people})


def value_in(reading: Reading, effects: Sequence[str]) -> str:
    """Return the state that deciding words give to a use, or "": a curator then chooses."""
    if reading.stance == "only if agreed":
        asked = {Effect.DEFAULT_OFF, Effect.PLEDGE_ADDED, Effect.USE_REMOVED} & set(effects)
        return str(StateValue.ONLY_IF_AGREED) if asked else ""
    if reading.stance == "denied":
        ends = {Effect.PLEDGE_ADDED, Effect.USE_REMOVED} & set(effects)
        return str(StateValue.NOT_USED) if ends and not reading.is_partial else ""
    asks = reading.default == "off" or reading.control in ("opt-in", "consent")
    refusable = reading.default == "on" or reading.control in ("opt-out", "objection")
    if reading.stance == "control" and not {Effect.OPT_OUT_ADDED, Effect.DEFAULT_ON} & set(effects):
        return ""
    is_wide = refusable and not asks and not reading.is_partial
    return str(StateValue.UNLESS_REFUSED) if is_wide else ""


def may_move(present: str | None, value: str, reading: Reading) -> bool:
    """Return whether words may give a branch a state: no promise ends a use that goes on."""
    ends = value in (StateValue.NOT_USED, StateValue.ONLY_IF_AGREED)
    return value not in ("", present) and not (ends and reading.still_used and present in _ON)


def _is_for(use: Use, part: str) -> bool:
    """Return whether a use is limited to a part, or a branch of it to people that have its name."""
    name = part.casefold()
    groups = (branch.who.casefold() for branch in use.branches.all())
    return use.part.casefold() == name or any(name in who for who in groups)


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


def inside(branch: Branch, where: Where) -> bool:
    """Return whether all places of a branch are covered, so that one state fits all of it."""
    return all(
        where.covers(cell) or not branch.where.covers(cell)
        for cell in places.cells(places.WORLD, (branch.where, where))
    )


def present_state(branch: Branch) -> State | None:
    """Return the last state of a branch that is not pending, or else its last state."""
    states = list(branch.states.all())
    begun = [state for state in states if not state.is_pending]
    known = begun or states
    return known[-1] if known else None


def _began_by(day: dt.date, branch: Branch) -> bool:
    """Return whether the last state on record is of before a day: a later one knows more."""
    present = present_state(branch)
    return present is None or present.starts_on is None or present.starts_on <= day


def _present_value(branch: Branch) -> str | None:
    present = present_state(branch)
    return present.value if present else None


def value_of(effects: Sequence[str]) -> str:
    """Return the state that effects determine, or "": the curator then chooses."""
    if {Effect.DEFAULT_ON, Effect.DEFAULT_OFF} <= set(effects):
        return ""
    return next((str(value) for effect, value in _VALUES if effect in effects), "")


def _uses(change: Change, stated_kinds: Sequence[str]) -> tuple[Use, ...]:
    """Return the uses that the words name, or those of the page that are about the stated data.

    The suggestion names uses, or only a control of theirs, by a present or former slug.
    """
    standing = change.page.platform.uses.exclude(status=PublicationStatus.RETRACTED)
    all_uses = list(standing.prefetch_related("branches__states__opened_by", "controls", "pages"))
    named = _named_uses(change, all_uses)
    on_page = [use for use in all_uses if change.page in use.pages.all()]
    for uses in (named, on_page):
        if about := [use for use in uses if set(use.data_kinds) & set(stated_kinds)]:
            return tuple(about)
    return tuple(named or on_page)


def _named_uses(change: Change, uses: Sequence[Use]) -> tuple[Use, ...]:
    """Return those of uses that the words name, or else those with a control that they name."""
    suggestion = getattr(change, "suggestion", None)
    slugs = suggestion.settings if suggestion else []
    return tuple(use for use in uses if _named(use, slugs)) or tuple(
        use for use in uses if any(_named(control, slugs) for control in use.controls.all())
    )


def _controls(change: Change, uses: Sequence[Use]) -> tuple[Control, ...]:
    """Return the controls that the words name, or else those of the uses that are on the page."""
    suggestion = getattr(change, "suggestion", None)
    slugs = suggestion.settings if suggestion else []
    of_uses = {control.pk: control for use in uses for control in use.controls.all()}
    standing = [each for each in of_uses.values() if each.status != PublicationStatus.RETRACTED]
    named = [control for control in standing if _named(control, slugs)]
    on_page = set(change.page.controls.values_list("pk", flat=True))
    return tuple(named or [control for control in standing if control.pk in on_page])


def _named(record: Use | Control, slugs: Iterable[str]) -> bool:
    return any(map(record.has_been, slugs))


def _where(change: Change, reading: Reading, uses: Sequence[Use]) -> Where:
    """Return the places that words name, or of the page, or of all branches."""
    stated = Where(reading.places, reading.except_places)
    if not stated.is_worldwide:
        return stated
    if not change.page.where.is_worldwide:
        return change.page.where
    branches = {branch.where for use in uses for branch in use.branches.all()}
    return branches.pop() if len(branches) == 1 else WORLDWIDE


def _in_order(kinds: Iterable[str]) -> tuple[str, ...]:
    found = set(kinds)
    return tuple(str(kind) for kind in DataKind if kind in found)


def _shared(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what all of these lists are, or nothing if they differ."""
    return lists[0] if lists and len(set(lists)) == 1 else ()
