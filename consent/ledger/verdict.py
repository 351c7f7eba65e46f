"""Does a platform train on the data of these people in this place on this day?

Platform × place × people × plan × day → a mapping from atoms to their answers, and what follows
from it: the stance of all together, its parts, since when, sentences and ways out. The rules are
in docs/catalog.md, "The verdict". Everything here works on plain data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from consent.audience import NO_PLAN, Atom, atoms
from consent.ledger.answers import (
    ADULT,
    NO_WORD,
    AtomAnswer,
    Axis,
    Fate,
    Line,
    Part,
    Reason,
    Sentence,
    Share,
    ShortAnswer,
    Since,
    Stance,
    Verdict,
    Way,
    WayOut,
    WaySince,
    Word,
    are_agreed_in_part,
    has_yes,
    reporter,
    strength,
    weakest,
)
from consent.ledger.atom_answers import (
    answer_in,
    rank,
    start_in,
    way_of_use,
    ways_in,
    within_plan,
    word_of,
)
from consent.ledger.audiences import (
    audiences_of,
    expanded,
    first_people,
    is_for,
    is_inferred,
    is_sold,
    plan_named,
)
from consent.ledger.platform_facts import BranchFacts, ControlFacts, PlatformFacts, UseFacts
from consent.ledger.question import Question
from consent.vocabulary import Basis, DataKind, People, PlanKind, Reach, Refuse, SinceIs, StateValue
from platforms.places import GROUPS, WORLD, Cell, Coverage, Where, cells, joined, merged

_NOT_FOR_ALL = {PlanKind.API, PlanKind.EDUCATION}
_STANCES = list(Stance)
_NOTHING_ON_RECORD = ShortAnswer(Stance.UNKNOWN, WayOut.NOT_NEEDED, (), is_warm=False)


def verdict(facts: PlatformFacts, question: Question) -> Verdict:
    """Answer for a platform, by its uses for training."""
    return verdict_over(facts, training_uses(facts), question)


def verdict_at_age(
    facts: PlatformFacts, question: Question, of_children: tuple[UseFacts, ...]
) -> Verdict:
    """Answer for minors by the uses that name their age, if some do; for others by all."""
    whole = verdict(facts, question)
    if question.people == People.MINORS and of_children and {*of_children} < {*whole.uses}:
        return verdict_over(facts, of_children, question)
    return whole


# Facts seldom change, so most answers are the same from one edition of the ledger to the next.
# Chosen: at 300 platforms, the 3,300 of the chart of three years and all for two kinds of readers.
@lru_cache(maxsize=8192)
def verdict_over(facts: PlatformFacts, uses: tuple[UseFacts, ...], question: Question) -> Verdict:
    """Answer for these uses of a platform together; the first of them leads."""
    by_atom = by_atom_of(facts, uses, question)
    people = people_asked(facts, question)
    controls = _controls_of(facts, uses)
    stance, axes = _joint_stance(by_atom)
    way, _by = _joint_way(stance, by_atom)
    shown = {atom: _shown_lines(stance, each) for atom, each in by_atom.items()}
    lines = _once_a_branch(shown.values(), facts)
    ways, ways_differ_by = _joined_ways(
        {atom: ways_in(each, controls) for atom, each in by_atom.items()}
    )
    leads = {each.lead for each in by_atom.values() if each.lead}
    ways = tuple(sorted(ways, key=partial(_place_of_way, leads, bool(question.place))))
    parts = _parts(facts, uses, stance, by_atom, question)
    word, said_by = _weakest(by_atom.values())
    part, who = _limited_to(stance, by_atom, lines)
    plan = plan_named(facts, question.plan)
    return Verdict(
        stance=stance,
        way=way,
        reason=_joint_reason(by_atom.values()) if stance == Stance.UNKNOWN else None,
        reason_axes=_axes({atom: each.reason for atom, each in by_atom.items()}),
        word=word,
        said_by=said_by,
        earlier=_joint_fate(by_atom.values()),
        parts=parts,
        by_axes=axes,
        by_atom=by_atom,
        lead=next((use for use in uses if use.key in leads), None),
        uses=uses,
        place=question.place,
        people=people,
        plan=question.plan,
        day=question.day,
        platform=facts.name,
        operator=facts.operator_on(question.day),
        stated_by=facts.operator_on(_last_stated(by_atom.values()) or question.day),
        lines=lines,
        # What is not offered to people under age is said by the age.
        sentences=()
        if stance == Stance.NOT_OFFERED and people == People.MINORS and _is_of_adults(facts)
        else _sentences(facts, by_atom, shown, question, controls),
        since=_since_told(facts, uses, stance, parts, by_atom, question),
        ways=ways,
        ways_differ_by=ways_differ_by,
        minutes=None if ways_differ_by else _total_minutes(ways),
        part=part,
        who=who,
        instead_of=People.PERSONAL if question.people == People.PERSONAL != people else None,
        inferred_from=People.PERSONAL if is_inferred(facts, people) and lines else None,
        min_age=facts.min_age_in(question.place) if people == People.MINORS else None,
        disputed=_is_disputed(by_atom.values()),
        for_adults=_for_adults(facts, uses, question) if people == People.MINORS else None,
        plan_names_people=plan is not None and plan.people == (people,),
    )


def _last_stated(answers: Iterable[AtomAnswer]) -> dt.date | None:
    """Return the day of the last statement that decides; None if that of one is not known."""
    states = [line.state for each in answers for line in each.deciding]
    days = [state.since for state in states if state and state.basis == Basis.STATED]
    known = [day for day in days if day]
    return max(known) if known and len(known) == len(days) else None


def _for_adults(
    facts: PlatformFacts, uses: tuple[UseFacts, ...], question: Question
) -> Stance | None:
    """Return what happens to the data of adults; None if it is not known, or no plan of theirs."""
    plan = plan_named(facts, question.plan)
    if People.PERSONAL not in audiences_of(facts).people:
        return None
    if plan and not is_for(plan, People.PERSONAL):
        return None
    found = short_answer_over(facts, uses, replace(question, people=People.PERSONAL))
    return found.stance if found and found.stance != Stance.UNKNOWN else None


def other_answers(facts: PlatformFacts, answer: Verdict, question: Question) -> list[Verdict]:
    """Return the answers of other kinds of people that the records name, if they are others.

    Or if they are about other products. None if the question names people or a plan.
    """
    of_products = of_other_products(facts, answer, question)
    return [
        each
        for each in _of_other_people(facts, answer, question)
        if (each.stance, each.way) != (answer.stance, answer.way) or each in of_products
    ]


def answer_beside(facts: PlatformFacts, answer: Verdict) -> Verdict | None:
    """Return what is on record of adults where less is of those who ask.

    These are minors, or organisations of which nothing is on record.
    """
    if answer.people == People.ORGANISATION and answer.nothing_on_record:
        of_persons = Question(answer.day, answer.place, People.PERSONAL)
        persons = verdict_over(facts, answer.uses or training_uses(facts), of_persons)
        return None if persons.nothing_on_record else persons
    return answer_of_adults(facts, answer)


def answer_of_adults(facts: PlatformFacts, answer: Verdict) -> Verdict | None:
    """Return what is on record of adults where some of it is not for the minors who ask.

    Of minors who refuse by other controls than adults, too.
    """
    is_open = any(each.unrecorded or not each.lines for each in answer.by_atom.values())
    is_inferred = answer.inferred_from is not None or answer.is_for_adults_only
    if answer.for_adults is None or is_inferred:
        return None
    question = Question(answer.day, answer.place, People.PERSONAL, answer.plan)
    adults = verdict_over(facts, answer.uses, question)
    controls, of_adults = ({way.control.key for way in each.ways} for each in (answer, adults))
    if controls and of_adults and controls.isdisjoint(of_adults):
        return adults
    if not is_open:
        return None
    is_same = (adults.stance, adults.way) == (answer.stance, answer.way)
    return None if is_same and adults.stance != Stance.DEPENDS else adults


def with_ways_of_adults(facts: PlatformFacts, answer: Verdict) -> Verdict:
    """Return the answer of adults with those of its ways out that are offered to minors too.

    Only if some of these refuse what is not on record for minors; else the answer itself.
    """
    adults = answer_of_adults(facts, answer)
    if adults is None:
        return answer
    controls = tuple(way.control for way in adults.ways)
    by_atom = by_atom_of(facts, answer.uses, answer.question, controls).values()
    own = {way.control.key for way in answer.ways}
    further = {
        way.control.key
        for way in adults.ways
        for each in by_atom
        if each.offers.get(way.control.key) == Coverage.SURELY
        and not any(line.use.key in way.uses for line in each.lines)
    }
    if further <= own:
        return answer
    shared = [way for way in adults.ways if way.control.key in own | further]
    known = {way.control.key for way in shared}
    left = [way for way in answer.ways if way.control.key not in known]
    return replace(adults, people=answer.people, ways=(*left, *shared))


def of_other_products(facts: PlatformFacts, answer: Verdict, question: Question) -> list[Verdict]:
    """Return those that are also about uses of which an answer knows nothing: "Adobe Stock"."""
    told = _uses_told(answer)
    others = _of_other_people(facts, answer, question)
    return [each for each in others if not _uses_told(each) <= told]


class Elsewhere(NamedTuple):
    """What differs outside the place of a question.

    answer: that of all places together. sentences: those of it that do not hold in the place; if
    there are none, the answer itself is another, or its start. starts_apart: whether the start
    is to be told. only_later: it is that of the place, and later elsewhere.
    """

    answer: Verdict
    sentences: tuple[Sentence, ...]
    starts_apart: bool
    only_later: bool = False

    @property
    def first_start(self) -> Since | None:
        """The first start anywhere."""
        return replace(self.answer.since, last=None) if self.answer.since else None


def elsewhere(answer: Verdict, of_all: Verdict) -> Elsewhere | None:
    """Compare an answer for a place with that of all places; None if they are the same."""
    sentences = _not_held(answer, of_all.sentences)
    is_same = (of_all.stance, of_all.way) == (answer.stance, answer.way)
    starts_apart = of_all.since is not None and _start_of(of_all) != _start_of(answer)
    if is_same and not sentences and not starts_apart:
        return None
    # Of another answer a start is that of its first part, which sentences do not name.
    starts_apart = starts_apart and (is_same or not sentences)
    only_later = starts_apart and _start_of(answer)[:2] == _start_of(of_all)[:2]
    return Elsewhere(of_all, sentences, starts_apart, only_later)


def _not_held(answer: Verdict, sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Leave out sentences that an answer has too, or that its lines hold without being told."""
    told = {_claim(said) for said in answer.sentences}
    lines = [line for each in answer.by_atom.values() for line in each.lines]
    held = {(line.use.key, value) for line in lines for value in (line.value, line.recorded)}
    untold = held - {(said.use.key, said.value) for said in answer.sentences}
    return tuple(
        said
        for said in sentences
        if said.wheres and _claim(said) not in told and (said.use.key, said.value) not in untold
        if not _holds_there(said, answer)
    )


def _holds_there(said: Sentence, answer: Verdict) -> bool:
    """Return whether an answer says a sentence too, of its place and of further plans beside."""
    return any(
        (each.use.key, each.value, each.way, each.who)
        == (said.use.key, said.value, said.way, said.who)
        and {*said.plans} < {*each.plans}
        and any(
            where.covers(cell) == Coverage.SURELY
            for where in said.wheres
            for cell in cells(answer.place, said.wheres)
        )
        for each in answer.sentences
    )


def _claim(said: Sentence) -> tuple[object, ...]:
    return said.use.key, said.value, said.way, said.plans, said.who


def _start_of(answer: Verdict) -> tuple[object, ...]:
    since = answer.since
    return (since.on, since.precision, since.last) if since else ()


def _of_other_people(facts: PlatformFacts, answer: Verdict, question: Question) -> list[Verdict]:
    if question.people is not None or question.plan:
        return []
    kinds = [kind for kind in People if kind in audiences_of(facts).people - {answer.people}]
    found = [verdict(facts, replace(question, people=kind)) for kind in kinds]
    return [each for each in found if each.lines]


def _uses_told(answer: Verdict) -> set[str]:
    return {line.use.key for each in answer.by_atom.values() for line in each.lines}


def verdict_of_use(facts: PlatformFacts, use: UseFacts, question: Question) -> Verdict | None:
    """Answer for one training use alone; None if it does not count: no line, or not offered."""
    alone = answer_of_use(facts, use, question)
    return None if alone.nothing_on_record or alone.is_not_offered else alone


def answer_of_use(facts: PlatformFacts, use: UseFacts, question: Question) -> Verdict:
    """Answer for one use alone, whatever its purpose, also where nothing is on record."""
    return verdict_over(facts, (use,), question)


def short_answer_of_use(facts: PlatformFacts, use: UseFacts, question: Question) -> ShortAnswer:
    """Return what lists say of answer_of_use, much faster."""
    return short_answer_of_uses(facts, (use,), question)


def short_answer_of_uses(
    facts: PlatformFacts, uses: tuple[UseFacts, ...], question: Question
) -> ShortAnswer:
    """Return what lists say of these uses together, also where nothing is on record."""
    return short_answer_over(facts, uses, question) or _NOTHING_ON_RECORD


@lru_cache(maxsize=8192)
def since_of_use(facts: PlatformFacts, use: UseFacts, question: Question) -> Since | None:
    """Return since when the answer for one use alone is so, as answer_of_use does."""
    by_atom = by_atom_of(facts, (use,), question)
    stance = _joint_stance(by_atom)[0]
    is_open = stance == Stance.DEPENDS
    parts = _parts(facts, (use,), stance, by_atom, question) if is_open else ()
    return _since_of(facts, (use,), stance, parts, by_atom, question)


def since_when(facts: PlatformFacts, question: Question) -> Since | None:
    """Return since when a platform says yes, or else gives its answer, as its page says."""
    uses = training_uses(facts)
    by_atom = by_atom_of(facts, uses, question)
    stance = _joint_stance(by_atom)[0]
    parts = _parts(facts, uses, stance, by_atom, question)
    yes = [each for each in parts if each.stance == Stance.YES]
    return _since_of(facts, uses, stance, yes or parts, by_atom, question)


@lru_cache(maxsize=8192)
def short_answer_over(
    facts: PlatformFacts, uses: tuple[UseFacts, ...], question: Question
) -> ShortAnswer | None:
    """Return what lists say of these uses together; None if nothing is on record for the people.

    Much faster than verdict_over.
    """
    by_atom = by_atom_of(facts, uses, question)
    is_told = any(each.lines for each in by_atom.values())
    if not is_told and all(each.stance == Stance.UNKNOWN for each in by_atom.values()):
        return None
    stance, axes = _joint_stance(by_atom)
    shown = [line for each in by_atom.values() for line in _shown_lines(stance, each)]
    word, said_by = _weakest(by_atom.values())
    return ShortAnswer(
        stance,
        _joint_way(stance, by_atom)[0],
        axes,
        has_yes(by_atom.values()),
        is_told and is_inferred(facts, people_asked(facts, question)),
        question.place,
        word,
        said_by,
        reporter(word, said_by, facts.name, facts.operator_on(question.day)),
        _is_disputed(by_atom.values()),
        *_limited_to(stance, by_atom, shown),
        are_agreed_in_part(by_atom.values()),
    )


def short_answer(facts: PlatformFacts, question: Question) -> ShortAnswer:
    """Return what lists say of a platform."""
    return short_answer_of_uses(facts, training_uses(facts), question)


def answer_alone(facts: PlatformFacts, use: UseFacts, question: Question) -> ShortAnswer | None:
    """Return what lists say of verdict_of_use, much faster; None as there.

    If no people are named: for the first kind that the use names.
    """
    if question.people is None and not question.plan:
        named = {kind for branch in use.branches for kind in branch.people or People}
        first = next((kind for kind in People if kind in named), None)
        question = replace(question, people=first)
    found = short_answer_over(facts, (use,), question)
    return None if found is None or found.stance == Stance.NOT_OFFERED else found


def matrix_row(
    facts: PlatformFacts, uses: Iterable[UseFacts], question: Question
) -> dict[DataKind, Verdict]:
    """Return the answer for each kind of data: that of the training uses with that kind.

    uses: those to show. Kinds of data that none of them has are left out.
    """
    training = [use for use in uses if use.is_training]
    return {
        kind: verdict_about(facts, of_kind, kind, question)
        for kind in DataKind
        if (of_kind := tuple(use for use in training if kind in use.data_kinds))
    }


def verdict_about(
    facts: PlatformFacts, uses: Iterable[UseFacts], kind: DataKind, question: Question
) -> Verdict:
    """Answer for these uses together, as far as they are about a kind of data."""
    return verdict_over(facts.about(kind), tuple(use.about(kind) for use in uses), question)


def ways_of_uses(
    facts: PlatformFacts, uses: Collection[UseFacts], question: Question
) -> tuple[Way, ...]:
    """Return all controls that refuse any of these uses there and then, the best first.

    They are alternatives, unlike Verdict.ways. One is offered surely if it is offered surely
    wherever one of the uses is on.
    """
    chosen = tuple(uses)
    by_atom = by_atom_of(facts, chosen, question)
    on = {atom for atom, each in by_atom.items() if any(line.is_on for line in each.lines)}
    where_on = {atom: each for atom, each in by_atom.items() if atom in on or not on}
    offers = _joint_offers(_controls_of(facts, chosen), [each.offers for each in where_on.values()])
    keys = [use.key for use in chosen]
    offered = [control for control in _controls_of(facts, chosen) if control.key in offers]
    surely: dict[str, set[str]] = {}
    for atom, each in where_on.items():
        is_refusable = any(line.value == StateValue.UNLESS_REFUSED for line in each.lines)
        countries = atom.cell.countries if is_refusable else frozenset()
        for key in each.offers:
            if each.offers[key] == Coverage.SURELY:
                surely.setdefault(key, set()).update(countries)
    is_refused = any(each.key in surely and not _gives_up(each) for each in offered)
    return tuple(
        Way(control, tuple(key for key in keys if key in control.uses), offers[control.key])
        for control in sorted(
            offered,
            key=lambda each: (
                _gives_up(each) and is_refused,
                rank(each, offers, keys, len(surely.get(each.key, ()))),
            ),
        )
    )


def _gives_up(control: ControlFacts) -> bool:
    """Whether it refuses nothing: what does in some places comes first, though this is for all."""
    return control.refuse == Refuse.LEAVE


def ways_of_branches(verdict: Verdict | None) -> dict[int | None, WayOut]:
    """Return how the people of each branch refuse, by its id."""
    sentences = verdict.sentences if verdict else ()
    return {branch.id: said.way for said in sentences for branch in said.branches}


def way_of_branch(facts: PlatformFacts, use: UseFacts, branch: BranchFacts, day: dt.date) -> WayOut:
    """Return how the people of a branch refuse on a day, whoever asks and from wherever."""
    people = branch.people[0] if branch.people else None
    plan = branch.plans[0] if branch.plans else ""
    answer = answer_of_use(facts, use, Question(day, people=people, plan=plan))
    return ways_of_branches(answer).get(branch.id, WayOut.REFUSABLE)


def offered_controls(facts: PlatformFacts, question: Question) -> dict[str, Coverage]:
    """Return which controls are offered there and then, by their keys: surely or perhaps.

    Surely means in every atom. Controls that are offered nowhere in it are left out.
    """
    by_atom = by_atom_of(facts, facts.uses, question, facts.controls)
    return _joint_offers(facts.controls, [each.offers for each in by_atom.values()])


def training_uses(facts: PlatformFacts) -> tuple[UseFacts, ...]:
    return tuple(use for use in facts.uses if use.is_training)


def people_asked(facts: PlatformFacts, question: Question) -> People:
    """Return whose answer a question gets: if no kind is named, that of its plan, or the first.

    A platform without accounts of persons answers for the first kind that it has.
    """
    if question.people is None:
        plan = plan_named(facts, question.plan) if question.plan else None
        if plan and len(plan.people) == 1:
            return plan.people[0]
        if question.plan:
            fitting = [kind for kind in People if question.plan in audiences_of(facts).plans[kind]]
            named = [kind for kind in fitting if kind in audiences_of(facts).people]
            return (named or fitting or [first_people(facts)])[0]
        return first_people(facts)
    if question.people == People.PERSONAL and not question.plan:
        return _first_of(facts)
    return question.people


def _first_of(facts: PlatformFacts) -> People:
    named = audiences_of(facts).people
    return People.PERSONAL if People.PERSONAL in named else first_people(facts)


def by_atom_of(
    facts: PlatformFacts,
    uses: tuple[UseFacts, ...],
    question: Question,
    controls: tuple[ControlFacts, ...] | None = None,
) -> Mapping[Atom, AtomAnswer]:
    """Return the answer in each atom of a question. Plans that no record distinguishes share it.

    controls: if not those that refuse these uses.
    """
    people = people_asked(facts, question)
    if people != question.people:  # questions about the same people have one answer
        question = replace(question, people=people)
    return _by_atom(facts, uses, question, people, controls)


@lru_cache(maxsize=16_384)
def _by_atom(
    facts: PlatformFacts,
    uses: tuple[UseFacts, ...],
    question: Question,
    people: People,
    controls: tuple[ControlFacts, ...] | None,
) -> Mapping[Atom, AtomAnswer]:
    chosen = _controls_of(facts, uses) if controls is None else controls
    # An implicit offer depends on all the uses that a control reaches, whatever their purpose.
    reached = {key for control in chosen for key in control.uses if not control.offered}
    keys = {use.key for use in uses}
    involved = tuple(use for use in facts.uses if use.key in reached or use.key in keys)
    known = audiences_of(facts)
    audiences = [
        *(known.branches[use.key, n] for use in involved for n in range(len(use.branches))),
        *(known.offers[each.key, n] for each in chosen for n in range(len(each.offered))),
    ]
    found: dict[Atom, AtomAnswer] = {}
    alike: dict[object, AtomAnswer] = {}
    too_young = _is_for_adults(facts, people)
    for atom in atoms(question.place, people, _plans_asked(facts, question, people), audiences):
        shape = (atom.cell, tuple(atom.plan in audience.plans for audience in audiences))
        if shape not in alike:
            alike[shape] = (
                AtomAnswer(Stance.NOT_OFFERED, word=Word.STATED)
                if too_young
                else answer_in(facts, uses, involved, chosen, atom, question.day)
            )
        found[atom] = alike[shape]
    return found if question.plan else _asked_unnamed(facts, people, found)


def _asked_unnamed(
    facts: PlatformFacts, people: People, by_atom: Mapping[Atom, AtomAnswer]
) -> Mapping[Atom, AtomAnswer]:
    """Leave out plans that are not for all of these people, who ask about them by name.

    They stay where nothing else is on record, or where only they say yes.
    """
    kinds = {PlanKind.EDUCATION} if people == People.ORGANISATION else _NOT_FOR_ALL
    named = {plan.name for plan in facts.plans if plan.kind in kinds}
    rest = {atom: each for atom, each in by_atom.items() if atom.plan not in named}
    is_told = any(each.lines for each in rest.values())
    if is_told and (has_yes(rest.values()) or not has_yes(by_atom.values())):
        return rest
    return by_atom


def _is_for_adults(facts: PlatformFacts, people: People) -> bool:
    return is_inferred(facts, people) and _is_of_adults(facts)


def _is_of_adults(facts: PlatformFacts) -> bool:
    return facts.min_age is not None and facts.min_age >= ADULT


def _plans_asked(facts: PlatformFacts, question: Question, people: People) -> tuple[str, ...]:
    """Return the plans that a question is about: the one it names, or all sold on its day."""
    if question.plan:
        return expanded(facts, (question.plan,))
    plans = audiences_of(facts).plans[people]
    sold = tuple(
        name
        for name in plans
        if (plan := plan_named(facts, name)) is None or is_sold(plan, question.day)
    )
    return sold or plans


def _controls_of(facts: PlatformFacts, uses: Iterable[UseFacts]) -> tuple[ControlFacts, ...]:
    keys = {use.key for use in uses}
    return tuple(
        control
        for control in facts.controls
        if control.reach != Reach.PAST_ONLY and not keys.isdisjoint(control.uses)
    )


def _joint_offers(
    controls: Iterable[ControlFacts], by_atom: Sequence[Mapping[str, Coverage]]
) -> dict[str, Coverage]:
    found = {}
    for control in controls:
        coverages = [offers.get(control.key, Coverage.NOT) for offers in by_atom]
        if any(coverages):
            is_sure = min(coverages) == Coverage.SURELY
            found[control.key] = Coverage.SURELY if is_sure else Coverage.PERHAPS
    return found


def _axes(by_atom: Mapping[Atom, object]) -> tuple[Axis, ...]:
    """Return along which axes values differ: for one plan by place, in one place by plan."""
    by_plan: dict[str, set[object]] = {}
    by_cell: dict[Cell, set[object]] = {}
    for atom, value in by_atom.items():
        by_plan.setdefault(atom.plan, set()).add(value)
        by_cell.setdefault(atom.cell, set()).add(value)
    differ = {
        Axis.PLACE: any(len(values) > 1 for values in by_plan.values()),
        Axis.PLAN: any(len(values) > 1 for values in by_cell.values()),
    }
    return tuple(axis for axis in differ if differ[axis])


def _joint_stance(by_atom: Mapping[Atom, AtomAnswer]) -> tuple[Stance, tuple[Axis, ...]]:
    """Return the stance of all atoms together, and by what it differs."""
    by_place_and_plan = _axes({atom: each.told for atom, each in by_atom.items()})
    stances = {each.stance for each in by_atom.values()}
    by_use = (Axis.USE,) if Stance.DEPENDS in stances else ()
    if len({each.told for each in by_atom.values()}) == 1:
        return stances.pop(), by_use
    if stances in ({Stance.NO}, {Stance.NOT_OFFERED}):  # only the fate of earlier data differs
        return stances.pop(), ()
    return Stance.DEPENDS, by_place_and_plan + by_use


def _joint_way(
    stance: Stance, by_atom: Mapping[Atom, AtomAnswer]
) -> tuple[WayOut, tuple[Axis, ...]]:
    if stance == Stance.DEPENDS:  # its parts say it
        return WayOut.NOT_NEEDED, ()
    ways = {atom: each.way for atom, each in by_atom.items()}
    if len(set(ways.values())) == 1:
        return next(iter(ways.values())), ()
    if stance == Stance.YES:
        axes = _axes(ways)
        return (WayOut.BY_PLACE if Axis.PLACE in axes else WayOut.BY_PLAN), axes
    return (WayOut.PART if stance == Stance.ONLY_IF_AGREED else WayOut.NOT_NEEDED), ()


def _joint_reason(answers: Iterable[AtomAnswer]) -> Reason:
    """Return the first reason that an atom has, in the order of Reason."""
    reasons = {each.reason for each in answers}
    return next(reason for reason in Reason if reason in reasons)


def _joint_fate(answers: Iterable[AtomAnswer]) -> Fate:
    fates = {each.earlier for each in answers}
    told = (Fate.STAYS_IN_USE, Fate.NOT_KNOWN)
    return next((fate for fate in told if fate in fates), Fate.NOTHING)


def _weakest(answers: Iterable[AtomAnswer]) -> tuple[Word | None, str]:
    return weakest((each.word, each.said_by) for each in answers)


def _parts(
    facts: PlatformFacts,
    uses: Sequence[UseFacts],
    joint_stance: Stance,
    by_atom: Mapping[Atom, AtomAnswer],
    question: Question,
) -> tuple[Part, ...]:
    """Return the fewest audiences with one answer each, in the order in which they are said."""
    if joint_stance == Stance.DEPENDS and len({each.told for each in by_atom.values()}) == 1:
        return _parts_by_use(facts, by_atom, question)
    groups: dict[tuple[object, ...], list[Atom]] = {}
    for atom, each in by_atom.items():
        groups.setdefault((each.told, each.way), []).append(atom)
    found = []
    for group in groups.values():
        answers = [by_atom[atom] for atom in group]
        stance = answers[0].stance
        part = Part(
            stance,
            answers[0].way,
            _joint_reason(answers) if stance == Stance.UNKNOWN else None,
            *_weakest(answers),
            # Of what depends on the use, only some began: their start is not that of the answer.
            since=None
            if stance == Stance.DEPENDS
            else _since_beside_others(
                facts, uses, stance, {a: by_atom[a] for a in group}, question
            ),
            by_use=answers[0].by_use if stance == Stance.DEPENDS else (),
            disputed=_is_disputed(answers),
            groups=_groups(answers),
        )
        found += [part._replace(**share._asdict()) for share in _shares(group, by_atom)]
    return tuple(sorted(found, key=_place_of_part))


def _groups(answers: Sequence[AtomAnswer]) -> tuple[str, ...]:
    """Return the groups that answers narrow people to; none if one holds for all of them.

    Of what depends on the use: those of the uses that are on.
    """
    if any(each.stance == Stance.UNKNOWN for each in answers):
        return ()
    branches = [
        line.branch
        for each in answers
        for line in (each.lines if each.stance == Stance.DEPENDS else each.deciding)
        if line.is_on or each.stance != Stance.DEPENDS
    ]
    if not all(branch.who_narrows for branch in branches):
        return ()
    return tuple(dict.fromkeys(branch.who for branch in branches))


def _parts_by_use(
    facts: PlatformFacts, by_atom: Mapping[Atom, AtomAnswer], question: Question
) -> tuple[Part, ...]:
    answers = list(by_atom.values())
    found = []
    for stance in Stance:
        uses = tuple(key for key, of_use in answers[0].by_use if of_use == stance)
        if uses:
            lines = {
                atom: tuple(line for line in each.lines if line.use.key in uses)
                for atom, each in by_atom.items()
            }
            way = _joint_way(stance, by_atom)[0] if stance == Stance.YES else WayOut.NOT_NEEDED
            of_part = [use for use in facts.uses if use.key in uses]
            since = _since(facts, of_part, stance, lines, question)
            since = since and replace(since, of_all_uses=False)  # of those of the part alone
            word = weakest(_word_of_uses(stance, each) for each in lines.values())
            disputed = are_disputed(line for of_atom in lines.values() for line in of_atom)
            found.append(Part(stance, way, None, *word, uses=uses, since=since, disputed=disputed))
    return tuple(found)


def _word_of_uses(stance: Stance, lines: Iterable[Line]) -> tuple[Word | None, str]:
    """Return on whose word uses of one stance rest; one that is on is enough for a yes."""
    by_use: dict[str, list[Line]] = {}
    for line in lines:
        by_use.setdefault(line.use.key, []).append(line)
    if stance == Stance.UNKNOWN:
        return NO_WORD
    words = [word_of(of_use) for of_use in by_use.values()]
    return min(words, key=strength) if stance == Stance.YES else weakest(words)


def _is_disputed(answers: Iterable[AtomAnswer]) -> bool:
    """Return whether sources disagree about all that answers rest on, where they are known."""
    told = (each for each in answers if each.stance != Stance.UNKNOWN)
    return are_disputed(line for each in told for line in each.deciding)


def are_disputed(lines: Iterable[Line]) -> bool:
    """Return whether sources disagree about every line that is not unclear anyway."""
    states = [line.state for line in lines if line.value != StateValue.UNCLEAR]
    return bool(states) and all(state is not None and state.disputed for state in states)


def _shares(group: Iterable[Atom], every: Iterable[Atom]) -> tuple[Share, ...]:
    """Return a group of all these atoms as places with the plans that all of them have."""
    cells, plans = {atom.cell for atom in every}, {atom.plan for atom in every}
    return tuple(
        Share(
            () if set(of_share) == cells else joined(of_share),
            () if set(of_plans) == plans else of_plans,
        )
        for of_share, of_plans in _rectangles(group)
    )


def _rectangles(group: Iterable[Atom]) -> list[tuple[list[Cell], tuple[str, ...]]]:
    """Return atoms as places with the plans that all of them have."""
    plans: dict[Cell, tuple[str, ...]] = {}
    for atom in group:
        plans[atom.cell] = (*plans.get(atom.cell, ()), atom.plan)
    by_plans: dict[tuple[str, ...], list[Cell]] = {}
    for cell, of_cell in plans.items():
        by_plans.setdefault(of_cell, []).append(cell)
    return [(cells, of_cells) for of_cells, cells in by_plans.items()]


def _place_of_way(leads: set[str], has_place: bool, way: Way) -> tuple[bool, ...]:
    """Sort ways out: in a place the sure ones come first, anywhere those offered perhaps last.

    Else a way out of a lesser use must not pass for the way out of what people ask about.
    """
    return (
        has_place and not way.is_sure,
        way.coverage == Coverage.PERHAPS,
        leads.isdisjoint(way.uses),
        _gives_up(way.control),
        not way.is_for_the_rest,
        not way.control.has_guide,
    )


def _place_of_part(part: Part) -> tuple[bool, int]:
    """Yes without a way out, yes, and the other stances in their order."""
    return part.way != WayOut.NONE or part.stance != Stance.YES, _STANCES.index(part.stance)


def _since_told(
    facts: PlatformFacts,
    uses: tuple[UseFacts, ...],
    stance: Stance,
    parts: Sequence[Part],
    by_atom: Mapping[Atom, AtomAnswer],
    question: Question,
) -> Since | None:
    """Return the start that is printed: of the main use alone, where only another one is agreed.

    Of all uses if that one has no short name to be told by.
    """
    if are_agreed_in_part(by_atom.values()):
        leads = {each.lead for each in by_atom.values()}
        lead = next((use for use in uses if use.key in leads and (use.short or use.part)), None)
        if lead:
            return since_of_use(facts, lead, question)
    return _since_of(facts, uses, stance, parts, by_atom, question)


def _since_of(
    facts: PlatformFacts,
    uses: Sequence[UseFacts],
    stance: Stance,
    parts: Sequence[Part],
    by_atom: Mapping[Atom, AtomAnswer],
    question: Question,
) -> Since | None:
    """Return the start of what the headline says: of all atoms alike, else of the first part.

    People without a plan ask about accounts: an API is asked about where no account has a start.
    """
    if stance == Stance.DEPENDS:
        return parts[0].since
    apis = {plan.name for plan in facts.plans if plan.kind == PlanKind.API}
    if not question.plan and apis:
        accounts = {atom: each for atom, each in by_atom.items() if atom.plan not in apis}
        if found := _since_beside_others(facts, uses, stance, accounts, question):
            return found
    return _since_beside_others(facts, uses, stance, by_atom, question)


def _since_beside_others(
    facts: PlatformFacts,
    uses: Sequence[UseFacts],
    stance: Stance,
    by_atom: Mapping[Atom, AtomAnswer],
    question: Question,
) -> Since | None:
    """Return the first start of a stance, which says of a yes whether other uses began earlier."""
    found = _since(facts, uses, stance, _begun_by(stance, by_atom), question)
    if stance != Stance.YES or found is None or found.on is None:
        return found
    earlier = []
    for use in uses:
        of_use = {
            atom: [line for line in each.lines if line.use.key == use.key and line.is_on]
            for atom, each in by_atom.items()
            if each.lead != use.key
        }
        began = _since(facts, uses, stance, of_use, question)
        if began and began.on and began.on < found.on:
            earlier.append(began)
    return replace(found, others_earlier=min(earlier, key=_on)) if earlier else found


def _begun_by(stance: Stance, by_atom: Mapping[Atom, AtomAnswer]) -> Mapping[Atom, Sequence[Line]]:
    """Return the lines that a stance may have begun with: of a yes, those of its lead alone."""
    is_yes = stance == Stance.YES
    return {atom: each.deciding if is_yes else each.lines for atom, each in by_atom.items()}


def _since(
    facts: PlatformFacts,
    uses: Sequence[UseFacts],
    stance: Stance,
    deciding: Mapping[Atom, Sequence[Line]],
    question: Question,
) -> Since | None:
    """Return the first start of a stance; with the last one, if it began at several times."""
    if stance == Stance.UNKNOWN:
        return None
    asked = plan_named(facts, question.plan) if question.plan else None
    by_atom = {
        atom: within_plan(start, (asked, plan_named(facts, atom.plan))) if asked else start
        for atom, lines in deciding.items()
        if lines and (start := start_in(facts, uses, stance, atom, lines, question.day))
    }
    starts = list(dict.fromkeys(by_atom.values()))
    if stance != Stance.YES:  # an unknown start is worth a word only of a yes
        starts = [start for start in starts if start.on]
    if not starts:
        return None
    disputed = any(start.disputed for start in starts)
    dated = sorted((each for each in starts if each.on), key=_on)
    if len({(start.on, start.precision) for start in starts}) == 1:
        way = _way_since(by_atom, deciding, starts[0])
        if way and any(each.disputed and not _is_disputed_before(each) for each in starts):
            way = way._replace(disputed_before=False)
        later = max(filter(None, (start.others_later for start in starts)), key=_on, default=None)
        start = min(starts, key=_how_sure)
        return replace(start, disputed=disputed, way=way, others_later=later)
    apart = _axes(
        {atom: (each.on, each.precision, each.since_is) for atom, each in by_atom.items()}
    )
    if apart == (Axis.PLACE,) and question.place:
        apart = ()  # there is no elsewhere
    if len(dated) < len(starts):
        return Since(disputed=disputed, said=starts[0].said, last=dated[-1], apart=apart)
    way = _way_since(by_atom, deciding, dated[0])
    later_in = _later_in(by_atom, deciding, dated[0]) if apart == (Axis.PLACE,) else ()
    return replace(dated[0], way=way, last=dated[-1], apart=apart, later_in=later_in)


def _later_in(
    by_atom: Mapping[Atom, Since], deciding: Mapping[Atom, Sequence[Line]], first: Since
) -> tuple[Where, ...]:
    """Return the places in which it began later, as files have them; none if these name others."""
    later = [atom for atom, start in by_atom.items() if start.on != first.on]
    wheres = merged(line.branch.where for atom in later for line in deciding[atom])
    others = {atom.cell for atom in by_atom} - {atom.cell for atom in later}
    is_wider = any(where.covers(cell) for where in wheres for cell in others)
    return () if is_wider else wheres


def _way_since(
    by_atom: Mapping[Atom, Since], deciding: Mapping[Atom, Sequence[Line]], start: Since
) -> WaySince | None:
    """Return since when all of this start can refuse as today; None if they do not do so alike."""
    alike = {atom: each.way for atom, each in by_atom.items() if each.on == start.on}
    ways = [way for way in alike.values() if way]
    if not ways or len({line.recorded for atom in alike for line in deciding[atom]}) > 1:
        return None
    last = max(ways, key=lambda way: way.since.on or dt.date.min)
    return last._replace(others=len(set(alike.values())) > 1)


def _is_disputed_before(start: Since) -> bool:
    return start.way is not None and start.way.disputed_before


def _on(since: Since) -> dt.date:
    return since.on or dt.date.max


def _how_sure(since: Since) -> bool:
    """Sort what is known for certain last."""
    return since.since_is == SinceIs.EXACT


def _total_minutes(ways: Sequence[Way]) -> int | None:
    """Return the minutes that all ways take together; None without any, or if one is not known."""
    minutes = [way.control.minutes for way in ways]
    return sum(filter(None, minutes)) if minutes and None not in minutes else None


def _once_a_branch(by_atom: Iterable[Sequence[Line]], facts: PlatformFacts) -> tuple[Line, ...]:
    """Return the lines of all atoms, one for each branch: the one that covers it most surely."""
    order = {use.key: number for number, use in enumerate(facts.uses)}
    lines: dict[tuple[str, int], Line] = {}
    for of_atom in by_atom:
        for line in of_atom:
            before = lines.get(line.key)
            if before is None or before.coverage < line.coverage:
                lines[line.key] = line
    return tuple(sorted(lines.values(), key=lambda line: (order[line.use.key], line.number)))


def _limited_to(
    stance: Stance, by_atom: Mapping[Atom, AtomAnswer], lines: Sequence[Line]
) -> tuple[str, str]:
    """Return the part of the product and the group that an answer with these lines is limited to.

    Empty where there is none, or more than one.
    """
    parts = {line.use.part for line in lines}
    leads = {each.lead for each in by_atom.values()}
    groups = {
        line.branch.who if line.branch.who_narrows else ""
        for line in lines
        if stance == Stance.DEPENDS or line.use.key in leads
    }
    return (
        parts.pop() if len(parts) == 1 else "",
        groups.pop() if len(groups) == 1 else "",
    )


def _joined_ways(
    by_atom: Mapping[Atom, tuple[Way, ...]],
) -> tuple[tuple[Way, ...], tuple[Axis, ...]]:
    """Return the ways of all atoms, and by what these differ where there are any."""
    joint: dict[str, Way] = {}
    chosen_in: dict[str, list[Atom]] = {}
    for atom, ways in by_atom.items():
        for way in ways:
            before = joint.get(way.control.key, way)
            uses = tuple(dict.fromkeys(before.uses + way.uses))
            coverage = min(before.coverage, way.coverage)
            joint[way.control.key] = Way(way.control, uses, coverage)
            chosen_in.setdefault(way.control.key, []).append(atom)
    keys = {atom: tuple(way.control.key for way in ways) for atom, ways in by_atom.items()}
    chosen = {atom: of_atom for atom, of_atom in keys.items() if of_atom}
    # Two atoms may have neither place nor plan in common.
    differ_by = (_axes(chosen) or _axes(keys)) if len(set(chosen.values())) > 1 else ()
    shared = (
        replace(way, shares=_shares(chosen_in[key], by_atom))
        if len(chosen_in[key]) < len(by_atom)
        else way
        for key, way in joint.items()
    )
    return tuple(shared), differ_by


def _shown_lines(stance: Stance, answer: AtomAnswer) -> tuple[Line, ...]:
    """Return the lines to print below an answer: those with its stance; all, if it depends."""
    if answer.stance == Stance.NOT_OFFERED:
        return answer.lines
    offered = tuple(line for line in answer.lines if line.value != StateValue.NOT_OFFERED)
    if stance == Stance.YES:
        return tuple(line for line in offered if line.is_on)
    if stance == Stance.ONLY_IF_AGREED and not answer.is_agreed_in_part:
        return tuple(line for line in offered if line.value == StateValue.ONLY_IF_AGREED)
    return answer.deciding if stance == Stance.UNKNOWN else offered


#: A line, the atom in which it holds, and whether another one holds there surely.
_Held = tuple[Line, Atom, bool]


class _Group(NamedTuple):
    """What lines have in common that share a sentence."""

    use: str
    value: StateValue
    way: WayOut
    plans: tuple[str, ...]
    who: str


class _Grouped(NamedTuple):
    """Lines that share a sentence. is_rest: it is about the plans that others do not name."""

    group: _Group
    lines: Sequence[_Held]
    is_rest: bool = False

    @property
    def cells(self) -> set[Cell]:
        return {atom.cell for _line, atom, _beside in self.lines}

    @property
    def plans(self) -> set[str]:
        return {atom.plan for _line, atom, _beside in self.lines}

    @property
    def names_nobody(self) -> bool:
        return not (self.group.plans or self.group.who)

    def is_beside(self, other: _Grouped) -> bool:
        """Whether both are about one use in some place, on other plans."""
        return (
            self.group.use == other.group.use
            and not self.cells.isdisjoint(other.cells)
            and self.plans.isdisjoint(other.plans)
        )


def _sentences(
    facts: PlatformFacts,
    by_atom: Mapping[Atom, AtomAnswer],
    shown: Mapping[Atom, Sequence[Line]],
    question: Question,
    controls: Sequence[ControlFacts],
) -> tuple[Sentence, ...]:
    """Return one sentence for each use, value, way and group of people, the weightiest first.

    A line that covers its atom perhaps beside one that covers it surely shows what is recorded,
    since the sentence names the places that the sources do not.
    """
    grouped: dict[_Group, list[_Held]] = {}
    for atom, each in by_atom.items():
        offered = [one for one in controls if each.offers.get(one.key) == Coverage.SURELY]
        for line in shown[atom]:
            beside = any(
                other.use is line.use and other.recorded != line.recorded for other in each.lines
            )
            value = line.recorded if beside else line.value
            way = way_of_use(value, line.use.key, offered, atom.people, [line.branch])
            # A sentence that names a group names no plans.
            plans = () if question.plan or line.branch.who else line.branch.plans
            group = _Group(line.use.key, value, way, plans, line.branch.who)
            grouped.setdefault(group, []).append((line, atom, beside))
    cells = list(dict.fromkeys(atom.cell for atom in by_atom))
    uses = {use.key: number for number, use in enumerate(facts.uses)}
    values = list(StateValue)
    told = _with_plans([_Grouped(group, lines) for group, lines in grouped.items()])
    told.sort(key=lambda each: (uses[each.group.use], values.index(each.group.value), each.is_rest))
    return tuple(_sentence(each, cells, question.place) for each in told)


def _with_plans(grouped: Sequence[_Grouped]) -> list[_Grouped]:
    """Name plans: those with the same answer together, and where only the way out differs.

    What names no plan beside those that do is about the other ones.
    """
    joined: dict[object, _Grouped] = {}
    for number, each in enumerate(grouped):
        disputed = {atom.cell for line, atom, _ in each.lines if line.state and line.state.disputed}
        people = frozenset(line.branch.people for line, _atom, _beside in each.lines)
        alike = (each.group._replace(plans=()), people, frozenset(each.cells), frozenset(disputed))
        key = alike if each.group.plans else number
        if before := joined.get(key):
            plans = tuple(dict.fromkeys(before.group.plans + each.group.plans))
            each = _Grouped(each.group._replace(plans=plans), [*before.lines, *each.lines])
        joined[key] = each
    named = [_with_plans_of_way(each, joined.values()) for each in joined.values()]
    return [each._replace(is_rest=_is_rest(each, named)) for each in named]


def _is_rest(each: _Grouped, grouped: Iterable[_Grouped]) -> bool:
    """Whether it is about all plans that the others of its use do not name."""
    named = [one for one in grouped if one.group.plans and one.group.use == each.group.use]
    return each.names_nobody and bool(named) and all(map(each.is_beside, named))


def _with_plans_of_way(each: _Grouped, grouped: Iterable[_Grouped]) -> _Grouped:
    """Name the plans of people who refuse in another way than others of whom the same is so.

    Also in place of a group that only says the same in other words, and that both have.
    """
    alike = (one for one in grouped if one.group._replace(way=each.group.way) == each.group)
    is_named = each.group.plans or any(line.branch.who_narrows for line, _, _ in each.lines)
    if is_named or NO_PLAN in each.plans or not any(map(each.is_beside, alike)):
        return each
    plans = dict.fromkeys(atom.plan for _line, atom, _beside in each.lines)
    return each._replace(group=each.group._replace(plans=tuple(plans), who=""))


def _sentence(grouped: _Grouped, cells: list[Cell], place: str) -> Sentence:
    group, lines = grouped.group, grouped.lines
    disputed = [each for each in lines if each[0].state and each[0].state.disputed]
    in_part = 0 < len({each[1].cell for each in disputed}) < len(grouped.cells)
    return Sentence(
        use=lines[0][0].use,
        value=group.value,
        way=group.way,
        disputed=bool(disputed),
        branches=tuple({line.key: line.branch for line, _atom, _beside in lines}.values()),
        wheres=_named_places(lines, cells, place),
        plans=group.plans,
        who=group.who,
        disputed_in=_named_places(disputed, cells, place) if in_part else (),
        is_of_other_plans=grouped.is_rest,
    )


def _named_places(lines: Sequence[_Held], cells: list[Cell], place: str) -> tuple[Where, ...]:
    """Return the places to name beside a sentence; none if it holds in all cells."""
    held = {atom.cell for _line, atom, _beside in lines}
    by_unnamed_places = any(beside for _line, _atom, beside in lines)
    if len(held) == len(cells) and not by_unnamed_places:
        return ()
    wheres = {line.key: line.branch.where for line, _atom, _beside in lines}.values()
    if by_unnamed_places:
        return merged(wheres)
    # The words of the file, unless they also name other places than those it holds in.
    covered = {cell for where in wheres for cell in cells if where.covers(cell)}
    if place in ("", WORLD, *GROUPS) and covered == held:
        return merged(wheres)
    return joined([cell for cell in cells if cell in held])
