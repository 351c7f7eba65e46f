"""Checks of controls: what states say of the way out, compared with what is offered."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from consent.declarations.catalog import Catalog
from consent.declarations.checking.finding import Finding, all_branches, is_on, is_public
from consent.declarations.schema import (
    BranchDeclaration,
    ControlDeclaration,
    OfferDeclaration,
    StateDeclaration,
)
from consent.vocabulary import PublicationStatus, Reach, Refuse, StateValue
from platforms import places

# Acts after which nothing is left that a person could go on using.
_LEAVING = frozenset({Refuse.DELETE, Refuse.LEAVE})


def ways_out(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Compare what states say of the way out with the controls that are offered."""
    reaching = _reaching(catalog)
    for name, _use, branch in all_branches(catalog):
        for number, state in enumerate(branch.states):
            is_last = state is branch.states[-1]
            # A last state must have a way out today, an earlier one had it at some time.
            began = max(today, _start(state)) if is_last else _start(state)
            ends = dt.date.max if is_last else _start(branch.states[number + 1])
            offered = [
                control
                for control in reaching.get(name, ())
                if any(_is_offered(offer, branch, began, ends) for offer in _offers(control))
            ]
            if state.value == StateValue.UNLESS_REFUSED and not offered:
                when = "today" if is_last else "then"
                words = f"no control that reaches it is offered {when}"
                yield Finding(is_last, name, f"{_since(state)}, but {words}")
            if state.value == StateValue.NO_WAY_OUT and is_last:
                for control in offered:
                    if _is_sure_way_out(control, branch, today):
                        words = f"{control.slug} is offered"
                        yield Finding(True, name, f"{_since(state)}, but {words}")


def controls(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield the controls that lack a guide, a surface or a recipient."""
    guided = {
        name for guide in catalog.guides.values() if is_public(guide) for name in guide.controls
    }
    for name, control in catalog.controls.items():
        over = bool(control.offered) and all(
            offer.until and offer.until.on <= today for offer in control.offered
        )
        if over or not is_public(control):
            continue
        reached = [catalog.uses[use] for use in control.uses if use in catalog.uses]
        if name not in guided and any(map(is_on, reached)):
            yield Finding(False, name, "refuses what is on, but has no guide")
        if not control.surfaces and control.refuse not in (Refuse.WRITE, Refuse.ASK_ADMIN):
            yield Finding(False, name, "names no surface on which it is found")
        if control.refuse == Refuse.WRITE and not control.to:
            yield Finding(False, name, "says to write, but not to whom; add to")


def _reaching(catalog: Catalog) -> Mapping[str, Sequence[ControlDeclaration]]:
    """Return the controls that are a way out of each use."""
    reaching: dict[str, list[ControlDeclaration]] = defaultdict(list)
    for control in catalog.controls.values():
        if control.status == PublicationStatus.PUBLISHED and control.reach != Reach.PAST_ONLY:
            for name in control.uses:
                reaching[name].append(control)
    return reaching


def _start(state: StateDeclaration) -> dt.date:
    return state.since.on if state.since else dt.date.min


def _since(state: StateDeclaration) -> str:
    return f"is {state.value.value} since {state.since or 'an unknown day'}"


def _offers(control: ControlDeclaration) -> tuple[OfferDeclaration, ...]:
    # Without offers a control is offered to all people whose data is used.
    return control.offered or (OfferDeclaration(),)


def _is_offered(
    offer: OfferDeclaration, branch: BranchDeclaration, began: dt.date, ends: dt.date
) -> bool:
    """Return whether an offer reaches people of a branch at some time within an interval."""
    in_time = (offer.since is None or offer.since.on < ends) and (
        offer.until is None or offer.until.on > began
    )
    return in_time and _concerns(offer, branch) and places.meet(offer.where, branch.where)


def _is_sure_way_out(
    control: ControlDeclaration, branch: BranchDeclaration, today: dt.date
) -> bool:
    """Return whether the platform has to follow a control, and one need not leave for it."""
    return (
        control.binding
        and control.refuse not in _LEAVING
        and any(
            _is_offered(offer, branch, today, today + dt.timedelta(days=1))
            and places.overlap(offer.where, branch.where)
            for offer in control.offered
        )
    )


def _concerns(offer: OfferDeclaration, branch: BranchDeclaration) -> bool:
    of_people = not offer.people or bool(set(offer.people) & set(branch.people))
    of_plans = not offer.plans or not branch.plans or bool(set(offer.plans) & set(branch.plans))
    return of_people and of_plans
