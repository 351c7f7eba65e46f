"""Since when a use has been on without a break."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from consent.ledger.answers import (
    Line,
    Since,
)
from consent.ledger.platform_facts import (
    BranchFacts,
    UseFacts,
    states_begun,
)
from consent.vocabulary import (
    IN_USE,
    SinceIs,
)


def since_on(use: UseFacts, branch: BranchFacts, day: dt.date) -> Since | None:
    """Return since when a use has been on for a branch without a break; None if it is not on."""
    begun = states_begun(use, branch, day)
    run = []
    for state in reversed(begun):
        if state.value not in IN_USE:
            break
        run.append(state)
    if not run:
        return None
    first, last = run[-1], run[0]
    disputed = first.disputed or last.disputed
    if first.since is not None:
        return Since(first.since, first.precision, first.since_is, disputed)
    if len(run) > 1 and run[-2].since_is != SinceIs.AT_EARLIEST:
        return Since(run[-2].since, run[-2].precision, SinceIs.AT_LATEST, disputed)
    return Since(disputed=disputed)


def since_of(deciding: list[tuple[Line, ...]], day: dt.date) -> Since | None:
    starts = [
        start
        for of_cell in deciding
        if of_cell and (start := since_on(of_cell[0].use, of_cell[0].branch, day))
    ]
    if not starts:
        return None
    disputed = {start.disputed for start in starts}
    joint = replace(starts[0], disputed=any(disputed), disputed_in_part=len(disputed) > 1)
    if len({(start.on, start.precision, start.since_is) for start in starts}) > 1:
        return Since(
            disputed=joint.disputed, disputed_in_part=joint.disputed_in_part, differs_by_place=True
        )
    return joint
