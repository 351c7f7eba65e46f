"""The verdict: does a platform train on the data of these people in this place on this day?

Platform × place × people × plan × day → an answer, by what it differs, the uses that decide it,
since when, and the best ways out. The rules are in docs/catalog.md, "The verdict". Everything here
works on plain data; `verdict_words` puts it into words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from consent.ledger.answers import (
    Answer,
    CellVerdict,
    DiffersBy,
    Line,
    Manner,
    Verdict,
    Way,
)
from consent.ledger.cell_verdict import (
    Account,
    Claim,
    JudgedCell,
    answer_to_claims,
    claims_of,
    coverage_of_offer,
    lines_of,
    rank,
)
from consent.ledger.platform_facts import (
    ControlFacts,
    PlatformFacts,
    UseFacts,
    default_people,
)
from consent.ledger.question import Question
from consent.ledger.since import since_of
from consent.ledger.verdict_sentences import sentences_of
from consent.vocabulary import (
    DataKind,
    People,
    Reach,
    StateValue,
)
from platforms.places import Coverage, cells


def verdict(facts: PlatformFacts, question: Question) -> Verdict:
    """Answer for a platform. If no people are named: for the first that a training use names."""
    return verdict_over(facts, _training(facts), question)


@lru_cache(maxsize=2048)
def answer_for(facts: PlatformFacts, question: Question) -> Answer:
    """Return the answer of `verdict` without all that a page says below it: much faster."""
    _account, _controls, judged = _judged(facts, _training(facts), question)
    return _joint_answer([each.verdict for each in judged])[0]


def verdict_of_use(facts: PlatformFacts, use: UseFacts, question: Question) -> Verdict | None:
    """Answer for one training use alone; None if it does not count: no line, or not offered."""
    alone = answer_of_use(facts, use, question)
    return None if alone.nothing_on_record or alone.is_not_offered else alone


def answer_of_use(facts: PlatformFacts, use: UseFacts, question: Question) -> Verdict:
    """Answer for one use alone, whatever its purpose, also where nothing is on record."""
    return verdict_over(facts, (use,), question)


# Facts seldom change, so most answers are the same from one edition of the ledger to the next.
# Chosen: at 300 platforms, the 3,300 of the chart of three years and all for two kinds of readers.
@lru_cache(maxsize=8192)
def verdict_over(facts: PlatformFacts, uses: tuple[UseFacts, ...], question: Question) -> Verdict:
    """Answer for these uses of a platform together."""
    account, _controls, judged = _judged(facts, uses, question)
    return _combined(facts, judged, account, question.place)


def answer_alone(use: UseFacts, question: Question) -> Answer | None:
    """Return the answer of verdict_of_use without all that a page says below it: much faster.

    In a place cut by the branches of this use alone: what controls and other uses are cut by makes
    no difference to it.
    """
    account = _account(question, (use,))
    cut = cells(question.place, {branch.where for branch in use.branches})
    return _answer_to_claims(tuple(claims_of(use, cell, account) for cell in cut))


@lru_cache(maxsize=4096)
def _answer_to_claims(in_cells: tuple[tuple[Claim, ...], ...]) -> Answer | None:
    by_cell = list(map(answer_to_claims, in_cells))
    answer, _reasons = _joint_answer(by_cell)
    lines = [line for each in by_cell for line in each.lines]
    if answer == Answer.NO and all(line.value == StateValue.NOT_OFFERED for line in lines):
        return None
    return answer if lines else None


def ways_of_uses(
    facts: PlatformFacts, uses: Collection[UseFacts], question: Question
) -> tuple[Way, ...]:
    """Return all controls that refuse any of these uses there and then, the best first.

    They are alternatives, unlike Verdict.ways. One is offered surely if it is offered surely
    wherever one of the uses is on.
    """
    _account, controls, judged = _judged(facts, tuple(uses), question)
    where_on = [each for each in judged if any(line.is_on for line in each.verdict.lines)]
    offers = {}
    for control in controls:
        coverages = [each.offers.get(control.key, Coverage.NOT) for each in where_on or judged]
        if any(coverages):
            is_sure = min(coverages) == Coverage.SURELY
            offers[control.key] = Coverage.SURELY if is_sure else Coverage.PERHAPS
    keys = [use.key for use in uses]
    offered = [control for control in controls if control.key in offers]
    return tuple(
        Way(control, tuple(key for key in keys if key in control.uses), offers[control.key])
        for control in sorted(offered, key=lambda each: rank(each, offers, keys))
    )


def uses_by_answer(
    platforms: Iterable[PlatformFacts], question: Question
) -> dict[Answer, list[tuple[PlatformFacts, UseFacts]]]:
    """Return the training uses of platforms by their answer, each once; all answers are keys."""
    by_answer: dict[Answer, list[tuple[PlatformFacts, UseFacts]]] = {each: [] for each in Answer}
    for facts in platforms:
        for use in _training(facts):
            alone = answer_alone(use, question)
            if alone is not None:
                by_answer[alone].append((facts, use))
    return by_answer


def matrix_row(
    facts: PlatformFacts, uses: Iterable[UseFacts], question: Question
) -> dict[DataKind, Verdict]:
    """Return the answer for each kind of data: that of the training uses with that kind.

    uses: those to show. Kinds of data that none of them has are left out.
    """
    training = [use for use in uses if use.is_training]
    return {
        kind: verdict_over(facts, of_kind, question)
        for kind in DataKind
        if (of_kind := tuple(use for use in training if kind in use.data_kinds))
    }


def offered_controls(facts: PlatformFacts, question: Question) -> dict[str, Coverage]:
    """Return which controls are offered there and then, by their keys: surely or perhaps.

    Surely means in every cell of the place. Controls that are offered nowhere in it are left out.
    """
    account = _account(question, facts.uses)
    wheres = {branch.where for use in facts.uses for branch in use.branches}
    wheres.update(offer.where for control in facts.controls for offer in control.offered)
    found: dict[str, list[Coverage]] = {control.key: [] for control in facts.controls}
    for cell in cells(question.place, wheres):
        by_use = {use.key: lines_of(use, cell, account) for use in facts.uses}
        for control in facts.controls:
            found[control.key].append(coverage_of_offer(control, cell, by_use, account))
    return {
        key: Coverage.SURELY if min(coverages) == Coverage.SURELY else Coverage.PERHAPS
        for key, coverages in found.items()
        if any(coverages)
    }


def _training(facts: PlatformFacts) -> tuple[UseFacts, ...]:
    return tuple(use for use in facts.uses if use.is_training)


def _account(question: Question, uses: Iterable[UseFacts]) -> Account:
    people = question.people or default_people(uses, question.plan)
    return Account(people, question.plan, question.day)


def _judged(
    facts: PlatformFacts, uses: tuple[UseFacts, ...], question: Question
) -> tuple[Account, tuple[ControlFacts, ...], list[JudgedCell]]:
    """Answer in each cell of a place; also return the controls that may be ways out."""
    account = _account(question, uses)
    keys = {use.key for use in uses}
    controls = tuple(
        control
        for control in facts.controls
        if control.reach != Reach.PAST_ONLY and not keys.isdisjoint(control.uses)
    )
    # An implicit offer depends on all the uses that a control reaches, whatever their purpose.
    reached = {key for control in controls for key in control.uses if not control.offered}
    involved = tuple(use for use in facts.uses if use.key in reached or use.key in keys)
    wheres = {branch.where for use in involved for branch in use.branches}
    wheres.update(offer.where for control in controls for offer in control.offered)
    judged = [
        JudgedCell.of(cell, uses, involved, controls, account)
        for cell in cells(question.place, wheres)
    ]
    return account, controls, judged


def _combined(
    facts: PlatformFacts, judged: list[JudgedCell], account: Account, place: str
) -> Verdict:
    """Step 5, and what is said below the answer."""
    by_cell = tuple(each.verdict for each in judged)
    answer, reasons = _joint_answer(by_cell)
    deciding = [each.deciding(answer) for each in judged]
    order = {use.key: number for number, use in enumerate(facts.uses)}
    lines = sorted(_once_a_branch(deciding), key=lambda line: (order[line.use.key], line.number))
    ways, ways_differ = _joined_ways(
        [
            each.ways(of_cell)
            for each, of_cell in zip(judged, deciding, strict=True)
            if any(line.is_on for line in of_cell)
        ]
    )
    parts = {line.use.part for line in lines}
    is_yes = answer in (Answer.YES_UNLESS_REFUSED, Answer.YES_NO_WAY_OUT)
    return Verdict(
        answer=answer,
        place=place,
        people=account.people,
        plan=account.plan,
        day=account.day,
        operator=facts.operator,
        differs_by=tuple(reason for reason in DiffersBy if reason in reasons),
        lines=tuple(lines),
        sentences=tuple(
            sorted(
                sentences_of(judged, deciding, account, place),
                key=lambda sentence: order[sentence.use.key],
            )
        ),
        since=since_of(deciding, account.day) if is_yes else None,
        ways=ways,
        ways_differ_by_place=ways_differ,
        minutes=None if ways_differ else _total_minutes(ways),
        manner=_joint_manner(judged, deciding, ways, account.people),
        part=parts.pop() if len(parts) == 1 else "",
        cells=by_cell,
    )


def _joint_answer(by_cell: Sequence[CellVerdict]) -> tuple[Answer, set[DiffersBy | None]]:
    """Return the answer of all cells together, and by what it differs."""
    reasons = {each.differs_by for each in by_cell}
    first = by_cell[0].fingerprint
    if all(each.fingerprint == first for each in by_cell[1:]):
        return by_cell[0].answer, reasons
    return Answer.DIFFERS, reasons | {DiffersBy.PLACE}


def _total_minutes(ways: Sequence[Way]) -> int | None:
    """Return the minutes that all ways take together; None without any, or if one is not known."""
    minutes = [way.control.minutes for way in ways]
    return sum(filter(None, minutes)) if minutes and None not in minutes else None


def _joint_manner(
    judged: list[JudgedCell], deciding: list[tuple[Line, ...]], ways: Sequence[Way], people: People
) -> Manner:
    """How people refuse or agree to what decides the answer, in all cells together."""
    manners = [
        each.manner(line.use.key, line.value, people)
        for each, of_cell in zip(judged, deciding, strict=True)
        for line in of_cell
    ]
    return Manner(
        by_organisation=bool(manners) and all(each.by_organisation for each in manners),
        each_time=bool(ways) and ways[0].control.covers_one_at_a_time,
        binding=not ways or any(way.control.binding for way in ways),
    )


def _once_a_branch(by_cell: list[tuple[Line, ...]]) -> Iterable[Line]:
    """Return the lines of all cells, one for each branch: the one that covers it most surely."""
    lines: dict[tuple[str, int], Line] = {}
    for of_cell in by_cell:
        for line in of_cell:
            before = lines.get(line.key)
            if before is None or before.coverage < line.coverage:
                lines[line.key] = line
    return lines.values()


def _joined_ways(by_cell: list[tuple[Way, ...]]) -> tuple[tuple[Way, ...], bool]:
    """Return the ways of all cells, and whether they differ from cell to cell."""
    joined: dict[str, Way] = {}
    for ways in by_cell:
        for way in ways:
            before = joined.get(way.control.key, way)
            uses = tuple(dict.fromkeys(before.uses + way.uses))
            coverage = min(before.coverage, way.coverage)
            joined[way.control.key] = Way(way.control, uses, coverage)
    chosen = {tuple(way.control.key for way in ways) for ways in by_cell}
    return tuple(joined.values()), len(chosen) > 1
