"""The answer in one atom: what its branches say, what decides, and whether people can refuse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from consent.audience import Atom, covers
from consent.ledger.ages import ages_of, is_of_children
from consent.ledger.answers import (
    BINDING_WAYS,
    FOR_ONE,
    AtomAnswer,
    Fate,
    Line,
    Reason,
    Since,
    Stance,
    Way,
    WayOut,
    WaySince,
    Word,
    strength,
    weakest,
)
from consent.ledger.audiences import audiences_of, is_inferred, people_among
from consent.ledger.platform_facts import (
    BranchFacts,
    ControlFacts,
    PlanFacts,
    PlatformFacts,
    StateFacts,
    UseFacts,
    known_from_of,
    state_on,
    states_begun,
)
from consent.vocabulary import (
    GIVING_UP,
    IN_USE,
    ActCovers,
    Basis,
    Earlier,
    People,
    Refuse,
    SinceIs,
    StateValue,
    Why,
)
from platforms.places import Coverage

_OFF = (StateValue.NOT_USED, StateValue.NOT_OFFERED)
_AGREED = (StateValue.UNLESS_REFUSED, StateValue.ONLY_IF_AGREED)
_WAYS = list(WayOut)


NOTHING = AtomAnswer(Stance.UNKNOWN, reason=Reason.NOTHING_ON_RECORD)


class Judged(NamedTuple):
    """What one use says in an atom. reason: only of one that is unclear."""

    use: UseFacts
    lines: tuple[Line, ...]
    value: StateValue
    reason: Reason | None

    @property
    def is_on(self) -> bool:
        return self.value in IN_USE


def answer_in(
    facts: PlatformFacts,
    uses: Sequence[UseFacts],
    involved: Sequence[UseFacts],
    controls: Sequence[ControlFacts],
    atom: Atom,
    day: dt.date,
) -> AtomAnswer:
    """Answer for these uses together. The first of them that is offered there leads.

    controls: those that may refuse them. involved: the uses, and others that controls reach.
    """
    by_use = {use.key: _lines_of(facts, use, atom, day) for use in involved}
    judged = [_judged(use, by_use[use.key]) for use in uses if by_use[use.key]]
    unrecorded = []
    if any(each.value != StateValue.NOT_OFFERED for each in judged):
        unrecorded = _unrecorded(facts, uses, by_use, atom, day)
        judged += unrecorded
    lines = tuple(line for each in judged for line in each.lines)
    offered = [each for each in judged if each.value != StateValue.NOT_OFFERED]
    offers = {
        control.key: coverage
        for control in controls
        if (coverage := _coverage_of_offer(facts, control, atom, by_use, day))
    }
    if not judged:
        return replace(NOTHING, offers=offers)
    surely = [each for each in controls if offers.get(each.key) == Coverage.SURELY]
    stance = stance_of([each.value for each in offered], _earlier_of(judged, day))
    decisive = _deciding(stance, judged, offered)
    deciding = tuple(line for each in decisive for line in each.lines)
    if is_inferred(facts, atom.people) and any(line.branch.adults for line in deciding):
        return replace(NOTHING, offers=offers)
    reason = offered[0].reason if stance == Stance.UNKNOWN else None
    word, said_by = _word_of_uses(stance, decisive)
    return AtomAnswer(
        stance,
        way=_way(stance, offered, surely, atom.people),
        lead=offered[0].use.key if offered else "",
        by_use=tuple(
            (each.use.key, stance_of([each.value], _earlier_of([each], day))) for each in offered
        ),
        reason=reason,
        word=word,
        said_by=said_by,
        earlier=_fate(stance, _earlier_of(judged, day)),
        unrecorded=tuple(each.use.key for each in unrecorded),
        deciding=deciding,
        lines=lines,
        offers=offers,
    )


def stance_of(values: Sequence[StateValue], earlier: Collection[Earlier | None]) -> Stance:
    """Return whether it happens: rows 2 to 10 of the table in docs/catalog.md.

    values: of the uses that are offered, the lead first. earlier: what became of data given
    before, of the uses that were once on or agreed to.
    """
    if not values:
        return Stance.NOT_OFFERED
    lead, *others = values
    if lead in IN_USE:
        return Stance.YES
    if any(value in IN_USE for value in others):
        return Stance.DEPENDS
    if lead == StateValue.UNCLEAR:
        return Stance.UNKNOWN
    if StateValue.UNCLEAR in others:
        return Stance.DEPENDS
    if StateValue.ONLY_IF_AGREED in values:
        return Stance.ONLY_IF_AGREED
    return Stance.NOT_ANY_MORE if Earlier.STAYS_IN_USE in earlier else Stance.NO


def way_of_use(
    value: StateValue,
    key: str,
    offered: Sequence[ControlFacts],
    people: People,
    branches: Iterable[BranchFacts],
) -> WayOut:
    """Return whether a use can be refused. The state says whether; controls only say how.

    offered: surely, in the atom. branches: those that give the use its value there.
    """
    reaching = [control for control in offered if key in control.uses]
    if value == StateValue.NO_WAY_OUT:
        return WayOut.NONE
    if value == StateValue.ONLY_IF_AGREED:
        # Who only presets a switch lets nobody agree, and binds nobody.
        admins = [control.is_by_admin for control in reaching if not control.is_preset]
        if people != People.ORGANISATION:
            by_organisation = bool(admins) and all(admins)
        elif admins:  # members cannot agree before an administrator lets them
            by_organisation = any(admins)
        else:
            by_organisation = all(branch.people == (people,) for branch in branches)
        return WayOut.ORGANISATION if by_organisation else WayOut.NOT_NEEDED
    if value != StateValue.UNLESS_REFUSED:
        return WayOut.NOT_NEEDED
    # Who leaves refuses nothing: it counts only where there is no other way.
    staying = [control for control in reaching if control.refuse != Refuse.LEAVE] or reaching
    kinds = [_way_by(control) for control in staying]
    if people != People.ORGANISATION and WayOut.REFUSABLE not in kinds:
        # A person need not ask an admin.
        kinds = [kind for kind in kinds if kind in FOR_ONE] or kinds
    return min(kinds, key=_WAYS.index, default=WayOut.HOW_NOT_ON_RECORD)


def _way_by(control: ControlFacts) -> WayOut:
    if not control.binding:
        return WayOut.ON_REQUEST
    if control.only_at_times:
        return WayOut.AT_TIMES
    if control.refuse == Refuse.SEND_PARAMETER:
        return WayOut.EACH_REQUEST
    if control.covers_one_at_a_time:
        return WayOut.EACH_TIME
    return WayOut.ORGANISATION if control.is_by_admin else WayOut.REFUSABLE


def _way(
    stance: Stance, judged: Sequence[Judged], offered: Sequence[ControlFacts], people: People
) -> WayOut:
    """Return whether what happens in an atom can be refused."""
    if stance == Stance.UNKNOWN:
        key = judged[0].use.key
        return WayOut.ANYWAY if _refusing_anyway(offered, key) else WayOut.NOT_NEEDED
    if stance == Stance.ONLY_IF_AGREED:
        ways = {
            _way_of(each, offered, people)
            for each in judged
            if each.value == StateValue.ONLY_IF_AGREED
        }
        return ways.pop() if len(ways) == 1 else WayOut.PART
    ways = {_way_of(each, offered, people) for each in judged if each.is_on}
    if not ways:
        return WayOut.NOT_NEEDED
    if WayOut.NONE in ways and ways & {WayOut.HOW_NOT_ON_RECORD, WayOut.AT_TIMES}:
        return WayOut.PART  # decision 26
    if 0 < len(ways.intersection(BINDING_WAYS)) < len(ways):
        return WayOut.PART
    return max(ways, key=_WAYS.index)


def _refusing_anyway(controls: Iterable[ControlFacts], key: str) -> list[ControlFacts]:
    """Return the controls by which people refuse a use of which nothing is known."""
    return [
        each
        for each in controls
        if key in each.uses and _way_by(each) in BINDING_WAYS and each.refuse not in GIVING_UP
    ]


def _way_of(judged: Judged, offered: Sequence[ControlFacts], people: People) -> WayOut:
    branches = (line.branch for line in judged.lines)
    return way_of_use(judged.value, judged.use.key, offered, people, branches)


def _deciding(
    stance: Stance, judged: Sequence[Judged], offered: Sequence[Judged]
) -> tuple[Judged, ...]:
    """Return the uses that an answer rests on: the lead, what makes it depend, or all uses."""
    if stance in (Stance.YES, Stance.UNKNOWN):
        return (offered[0],)
    if stance == Stance.DEPENDS:
        on = tuple(each for each in offered[1:] if each.is_on)
        unclear = (each for each in offered[1:] if each.value == StateValue.UNCLEAR)
        return (offered[0], *(on or unclear))
    return tuple(offered or judged)


def _unrecorded(
    facts: PlatformFacts,
    uses: Sequence[UseFacts],
    by_use: Mapping[str, tuple[Line, ...]],
    atom: Atom,
    day: dt.date,
) -> list[Judged]:
    """Return the uses that say nothing of minors and are not off for adults: open for minors."""
    if atom.people != People.MINORS or is_inferred(facts, atom.people):
        return []
    plans = audiences_of(facts).plans[People.PERSONAL]
    adults = [
        atom._replace(people=People.PERSONAL, plan=plan)
        for plan in ([atom.plan] if atom.plan in plans else plans)  # minors may have their own
    ]
    found = []
    for use in uses:
        if by_use[use.key] or not use.is_training:
            continue
        lines = [line for adult in adults for line in _lines_of(facts, use, adult, day)]
        if any(line.state and line.recorded not in _OFF for line in lines):
            found.append(Judged(use, (), StateValue.UNCLEAR, Reason.NOTHING_ON_RECORD))
    return found


def _lines_of(facts: PlatformFacts, use: UseFacts, atom: Atom, day: dt.date) -> tuple[Line, ...]:
    """Return what the branches of a use say in an atom, without what others say surely.

    What is about children alone does not answer for minors where others do.
    """
    kind = people_among(facts, use.branches, atom.people)
    audiences = audiences_of(facts).branches
    lines = []
    for number, branch in enumerate(use.branches):
        coverage = covers(audiences[use.key, number], atom._replace(people=kind))
        if coverage:
            state = state_on(use, branch, day)
            is_clear = state is not None and coverage == Coverage.SURELY
            value = state.value if state and is_clear else StateValue.UNCLEAR
            lines.append(Line(use, number, branch, coverage, state, value))
    lines = [line for line in lines if not is_of_children(line.branch)] or lines
    surely = {line.recorded for line in lines if line.coverage == Coverage.SURELY}
    return tuple(
        line
        for line in lines
        if line.coverage == Coverage.SURELY or not surely or line.recorded not in surely
    )


def _judged(use: UseFacts, lines: tuple[Line, ...]) -> Judged:
    """Join the lines of a use in an atom: what is on anyway is on; other doubts make it unclear.

    Lines for other ages do not contradict each other.
    """
    surely = [line for line in lines if line.coverage == Coverage.SURELY]
    values = {line.value for line in surely}
    recorded = {line.recorded for line in lines}
    if len(values) == 1 and len(recorded) == 1:
        (value,) = values
        return Judged(use, lines, value, _reason(surely) if value == StateValue.UNCLEAR else None)
    if surely and recorded <= set(IN_USE):
        return Judged(use, lines, min(values, key=list(StateValue).index), None)
    unclear = [line for line in surely if line.value == StateValue.UNCLEAR]
    if unclear and all(ages_of(line.branch) for line in surely):
        return Judged(use, lines, StateValue.UNCLEAR, _reason(unclear))
    reason = Reason.CONTRADICTORY if len(values) > 1 else Reason.PLACE_NOT_NAMED
    return Judged(use, lines, StateValue.UNCLEAR, reason)


def _reason(lines: Iterable[Line]) -> Reason:
    """Return why a use is unclear. That nothing is said is known only of what is stated."""
    reasons = {_reason_of(line) for line in lines}
    return next(reason for reason in Reason if reason in reasons)


def _reason_of(line: Line) -> Reason:
    if line.state is None:
        return Reason(_why_before(line.branch) or Reason.NOTHING_ON_RECORD)
    return Reason(line.state.why or Reason.NOT_STATED)


def _why_before(branch: BranchFacts) -> Why | None:
    """Return why it was unclear before the first known day, where that is a state of its own."""
    if len(branch.states) < 2 or branch.states[0].since is not None:
        return None
    return branch.states[0].why


def _word_of_uses(stance: Stance, decisive: Sequence[Judged]) -> tuple[Word | None, str]:
    """Return the weakest word that an answer rests on; one of several other uses is enough."""
    known = [each for each in decisive if each.value != StateValue.UNCLEAR]
    words = [word_of(each.lines) for each in known if not each.is_on]
    on = sorted((word_of(each.lines) for each in known if each.is_on), key=strength)
    return weakest(words + on[: 1 if stance == Stance.DEPENDS else None])


def word_of(lines: Iterable[Line]) -> tuple[Word | None, str]:
    """Return the weakest word that lines rest on, and whose it is if not the operator's."""
    words = [(_word_of(line.state.basis), line.state.said_by) for line in lines if line.state]
    return weakest(words)


def _word_of(basis: Basis | None) -> Word:
    return Word.NOT_ON_RECORD if basis in (None, Basis.UNCLEAR) else Word(basis)


def _earlier_of(judged: Iterable[Judged], day: dt.date) -> set[Earlier | None]:
    """Return what became of data given before, of each branch that was once on or agreed to."""
    found = set()
    for each in judged:
        for line in each.lines:
            begun = states_begun(line.use, line.branch, day)
            before, now = begun[:-1], begun[-1] if begun else None
            if now and now.value in _OFF:
                given = [state for state in before if state.value in (*IN_USE, *_AGREED)]
                if given:
                    found.add(_said_of_earlier([*before[before.index(given[-1]) :], now]))
    return found


def _fate(stance: Stance, earlier: Collection[Earlier | None]) -> Fate:
    """Return what became of data given before; of what has not ended, and of the rest, nothing."""
    if stance in (Stance.NOT_ANY_MORE, Stance.NOT_OFFERED) and Earlier.STAYS_IN_USE in earlier:
        return Fate.STAYS_IN_USE
    if stance in (Stance.NO, Stance.NOT_OFFERED) and None in earlier:
        return Fate.NOT_KNOWN
    return Fate.NOTHING


def _said_of_earlier(states: Iterable[StateFacts]) -> Earlier | None:
    """Return the last that was said of data given earlier; None if nothing was."""
    said = [state.earlier for state in states if state.earlier]
    return said[-1] if said else None


def _coverage_of_offer(
    facts: PlatformFacts,
    control: ControlFacts,
    atom: Atom,
    by_use: Mapping[str, tuple[Line, ...]],
    day: dt.date,
) -> Coverage:
    """Whether a control is offered to the people of an atom on a day."""
    if not control.offered:
        lines = (line for key in control.uses for line in by_use.get(key, ()))
        return max(
            (line.coverage for line in lines if _is_implied(control, line)), default=Coverage.NOT
        )
    audiences = audiences_of(facts).offers
    of_control = [audiences[control.key, number] for number in range(len(control.offered))]
    known_from = known_from_of(facts, control)
    kind = people_among(facts, control.offered, atom.people)
    is_named = control.known_from is None or control.known_from <= day
    return max(
        (
            min(
                covers(audience, atom._replace(people=kind)),
                Coverage.SURELY if is_named or offer.since else Coverage.PERHAPS,
            )
            for audience, offer in zip(of_control, control.offered, strict=True)
            if offer.is_in_force(day, known_from)
        ),
        default=Coverage.NOT,
    )


def _is_implied(control: ControlFacts, line: Line) -> bool:
    """Return whether a control without offers is offered there and then, by a use it reaches.

    Where and while the use can be refused or agreed to. Everybody can send a parameter, so one is
    also offered while the use is unclear, if it never could be refused or agreed to.
    """
    if line.recorded in _AGREED:
        return True
    if control.refuse != Refuse.SEND_PARAMETER or line.state is None:
        return False
    states = (state for branch in line.use.branches for state in branch.states)
    return line.recorded == StateValue.UNCLEAR and not any(one.value in _AGREED for one in states)


def start_of(stance: Stance, use: UseFacts, branch: BranchFacts, day: dt.date) -> Since | None:
    """Return since when a branch has been so without a break; None if it says nothing.

    Of what does not happen, "since" needs a known state of another value before; else it is
    only said since then.
    """
    begun = states_begun(use, branch, day)
    if not begun:
        return None
    values = IN_USE if stance == Stance.YES else (begun[-1].value,)
    run = list(_last_run(begun, values))
    first, last = run[0], run[-1]
    disputed = first.disputed or last.disputed
    before = begun[: len(begun) - len(run)]
    said = stance != Stance.YES and not (before and before[-1].value != StateValue.UNCLEAR)
    if first.since is not None:
        again = stance == Stance.YES and any(state.value in IN_USE for state in before)
        start = Since(first.since, first.precision, first.since_is, disputed, said, again)
    elif len(run) > 1 and run[1].since_is != SinceIs.AT_EARLIEST:
        start = Since(run[1].since, run[1].precision, SinceIs.AT_LATEST, disputed, said)
    else:
        return Since(disputed=disputed, said=said)
    return replace(start, way=_way_since(run, start))


def start_in(
    facts: PlatformFacts,
    uses: Sequence[UseFacts],
    stance: Stance,
    atom: Atom,
    lines: Sequence[Line],
    day: dt.date,
) -> Since | None:
    """Return since when these uses together have had a stance in an atom without a break.

    lines: what they say there on that day. What the lead says, the first line, began with it: a
    yes, or that people agree. What does not happen is so only since no use has been otherwise.
    """
    lead, *others = lines
    of_lead = start_of(stance, lead.use, lead.branch, day)
    if stance == Stance.YES or not others:
        return of_lead
    joint = _joint_start(facts, uses, stance, atom, lines, day)
    if lead.value != StateValue.ONLY_IF_AGREED or not (joint and joint.on):
        return joint
    if of_lead is None or of_lead.on is None or of_lead.on >= joint.on:
        return joint
    began = of_lead.on
    if any(_was_on_after(line, began, day) for line in others):
        return joint
    return replace(of_lead, others_later=joint)


def _joint_start(
    facts: PlatformFacts,
    uses: Sequence[UseFacts],
    stance: Stance,
    atom: Atom,
    lines: Sequence[Line],
    day: dt.date,
) -> Since | None:
    """Return the first day from which on uses together have had no other stance."""
    begun = [
        (state.since or line.use.known_from or dt.date.min, line)
        for line in lines
        for state in states_begun(line.use, line.branch, day)
    ]
    for began in sorted({began for began, _line in begun}, reverse=True):
        if began == dt.date.min:
            return None
        before = answer_in(facts, uses, uses, (), atom, began - dt.timedelta(days=1))
        if before.stance != stance:
            of_day = [
                start_of(stance, line.use, line.branch, began)
                for day_of, line in begun
                if day_of == began
            ]
            start = next((start for start in of_day if start and start.on == began), of_day[0])
            if start and start.said:  # of another use it may have been said before
                others = [start_of(stance, line.use, line.branch, day) for line in lines]
                is_later = any(each and each.on and each.on < began for each in others)
                return replace(start, of_all_uses=is_later)
            return start
    return None


def _was_on_after(line: Line, began: dt.date, day: dt.date) -> bool:
    """Return whether a use was on when another one was not any more, or had never been."""
    states = states_begun(line.use, line.branch, day)
    return any(
        state.value in IN_USE and following.since and following.since > began
        for state, following in pairwise(states)
    )


def within_plan(start: Since, plans: Iterable[PlanFacts | None]) -> Since:
    """Return a start on the first day of a plan, if it was so before these plans existed."""
    begun = [plan for plan in plans if plan and plan.since and start.on and start.on < plan.since]
    if not begun:
        return start
    plan = max(begun, key=lambda each: each.since or dt.date.min)
    assert plan.since is not None
    # What began at the earliest before may still have begun after it.
    is_sure = start.since_is != SinceIs.AT_EARLIEST
    way = (
        start.way if start.way and start.way.since.on and start.way.since.on > plan.since else None
    )
    return replace(
        start,
        on=plan.since,
        precision=plan.since_precision,
        since_is=SinceIs.EXACT if is_sure else start.since_is,
        way=way,
    )


def _way_since(run: Sequence[StateFacts], start: Since) -> WaySince | None:
    """Return since when people can refuse as at the end of a run; None if from its start."""
    now = _last_run(run, (run[-1].value,))[0]
    if now.since is None or now.since == start.on:
        return None
    return WaySince(
        Since(now.since, now.precision, now.since_is),
        can_refuse=now.value == StateValue.UNLESS_REFUSED,
        disputed_before=run[0].disputed and not run[-1].disputed,
    )


def _last_run(states: Sequence[StateFacts], values: Collection[StateValue]) -> list[StateFacts]:
    run: list[StateFacts] = []
    for state in reversed(states):
        if state.value not in values:
            break
        run.insert(0, state)
    return run


def ways_in(answer: AtomAnswer, controls: Sequence[ControlFacts]) -> tuple[Way, ...]:
    """Choose the best control for the uses that are on, then for those it does not reach.

    Of a lead that is unknown and can be refused anyway: the best that makes it so.
    """
    offered = [each for each in controls if each.key in answer.offers]
    left = list(dict.fromkeys(line.use.key for line in answer.lines if line.is_on))
    if answer.way == WayOut.ANYWAY:
        left = [answer.lead]
        surely = [each for each in offered if answer.offers[each.key] == Coverage.SURELY]
        offered = _refusing_anyway(surely, answer.lead)
    ways = []
    while left and (best := _best(offered, answer.offers, left)):
        ways.append(
            Way(best, tuple(key for key in left if key in best.uses), answer.offers[best.key])
        )
        left = [key for key in left if key not in best.uses]
    return tuple(ways)


def _best(
    controls: Iterable[ControlFacts], offers: Mapping[str, Coverage], keys: Collection[str]
) -> ControlFacts | None:
    reaching = [each for each in controls if not set(keys).isdisjoint(each.uses)]
    return min(reaching, key=lambda each: rank(each, offers, keys), default=None)


_COVERED = {covered: number for number, covered in enumerate(ActCovers)}
_ACTS = {act: number for number, act in enumerate(Refuse)}
_LONG = 10**6  # minutes of a control without a guide


def rank(
    control: ControlFacts, offers: Mapping[str, Coverage], keys: Collection[str], places: int = 0
) -> tuple[int, ...]:
    """Sort key of ways out: the best is the least. Ties keep the order of the file.

    places: in how many countries it surely refuses something, where several are asked about.
    """
    return (
        -offers[control.key],
        _COVERED[control.act_covers],
        control.refuse == Refuse.LEAVE,
        -places,
        not control.binding,
        -len(set(keys) & set(control.uses)),
        control.is_by_admin,
        not control.has_guide,
        _LONG if control.minutes is None else control.minutes,
        _ACTS[control.refuse],
    )
