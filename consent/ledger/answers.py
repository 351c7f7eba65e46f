"""The parts of an answer, as values. An answer maps atoms to AtomAnswer; all else follows from it.

The rules are in atom_answers.py and verdict.py; the words are in headline_words.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consent.audience import Atom
from consent.ledger.platform_facts import BranchFacts, ControlFacts, StateFacts, UseFacts
from consent.ledger.question import Question
from consent.vocabulary import (
    IN_USE,
    Basis,
    Earlier,
    People,
    Precision,
    Refuse,
    SinceIs,
    StateValue,
    Why,
)
from platforms.places import Coverage, Where

ADULT = 18  # years


class Stance(TextChoices):
    """Whether it happens, in the order in which the parts of an answer are said."""

    YES = "yes"
    DEPENDS = "depends"
    ONLY_IF_AGREED = "only-if-agreed"
    NO = "no"
    NOT_ANY_MORE = "not-any-more"
    NOT_OFFERED = "not-offered"
    UNKNOWN = "unknown"


class WayOut(TextChoices):
    """Whether people can refuse, from the best to the worst. Those of one atom come first.

    NOT_NEEDED: nothing happens to the data of a person who does nothing, or nothing is known.
    ANYWAY: nothing is known, and a binding control is offered. PART: of what only happens if
    agreed, to some of it people agree themselves, to some their organisation does.
    """

    NOT_NEEDED = "not-needed", _("people do not have to do anything")
    ANYWAY = "anyway", _("people can refuse, and whether it happens is not known")
    REFUSABLE = "refusable", _("people can refuse for good")
    ORGANISATION = "organisation", _("the organisation decides, not the person")
    EACH_TIME = "each-time", _("people can refuse for one conversation or item at a time")
    EACH_REQUEST = "each-request", _("a program can refuse with a parameter of each request")
    AT_TIMES = "at-times", _("people can refuse at certain times only")
    HOW_NOT_ON_RECORD = "how-not-on-record", _("people can refuse; how is not on record")
    ON_REQUEST = "on-request", _("people can ask, and each request is judged")
    NONE = "none", _("there is no way out")
    PART = "part", _("people can refuse some of it")
    BY_PLACE = "by-place", _("what people can refuse depends on the place")
    BY_PLAN = "by-plan", _("what people can refuse depends on the plan")


#: What refuses once, and must be done again.
FOR_ONE = (WayOut.EACH_TIME, WayOut.EACH_REQUEST)
#: A control makes these: the platform acts on it without judging the case.
BINDING_WAYS = (WayOut.REFUSABLE, WayOut.ORGANISATION, *FOR_ONE)


def way_on_record(stance: Stance, way: WayOut) -> WayOut | None:
    """Return the way for programs: None where nothing is known, or where parts say it."""
    is_open = stance in (Stance.UNKNOWN, Stance.DEPENDS)
    return None if is_open and way == WayOut.NOT_NEEDED else way


class Reason(TextChoices):
    """Why nothing is known, in the order in which one of several is said.

    The first four are those of an unclear state.
    """

    CONTRADICTORY = Why.CONTRADICTORY, Why.CONTRADICTORY.label
    PERMISSION_ONLY = Why.PERMISSION_ONLY, Why.PERMISSION_ONLY.label
    REPORTS_ONLY = Why.REPORTS_ONLY, Why.REPORTS_ONLY.label
    NOT_SAID = Why.NOT_SAID, Why.NOT_SAID.label
    PLACE_NOT_NAMED = "place-not-named", _("the countries are not named")
    NOTHING_ON_RECORD = "nothing-on-record", _("nothing is on record")
    NOT_STATED = "unclear", _("no source on it was read")


class Word(TextChoices):
    """On whose word an answer rests, from the strongest to the weakest."""

    STATED = Basis.STATED, _("stated by the platform, or by the speaker that is named")
    SEEN = Basis.SEEN, _("seen by us")
    REPORTED = Basis.REPORTED, _("reported by others")
    NOT_ON_RECORD = "source-not-on-record", _("the source is not on record")


#: A word, and whose it is if not the operator's.
NO_WORD: tuple[Word | None, str] = (None, "")
_WORDS = list(Word)


def strength(word: tuple[Word | None, str]) -> int:
    """Sort key of words: the strongest is the least."""
    return -1 if word[0] is None else _WORDS.index(word[0])


def weakest(words: Iterable[tuple[Word | None, str]]) -> tuple[Word | None, str]:
    """Return the weakest word. Of reports by several no reporter is named."""
    found = list(words)
    word = max(found, key=strength, default=NO_WORD)
    alike = {said_by for each, said_by in found if each == word[0]}
    return (word[0], "") if word[0] == Word.REPORTED and len(alike) > 1 else word


def reporter(word: Word | None, said_by: str, *makers: str) -> str:
    """Return who reports what makes an answer; "" if others report what a maker itself says.

    makers: the names of the platform and of its operator; a speaker may leave out their ends.
    """
    is_maker = any(f"{maker} ".startswith(f"{said_by} ") for maker in makers)
    return said_by if word == Word.REPORTED and not is_maker else ""


class Fate(TextChoices):
    """What became of the data given before something ended. NOTHING: none is left, or was."""

    NOTHING = "nothing"
    STAYS_IN_USE = Earlier.STAYS_IN_USE
    NOT_KNOWN = "not-known"


class Axis(TextChoices):
    """By what an answer differs, in the order in which it is said."""

    PLACE = "place", _("by place")
    PLAN = "plan", _("by plan")
    USE = "use", _("by use")


class Answer(TextChoices):
    """The answers of version 1 of the API: a frozen projection of stance and way."""

    YES_UNLESS_REFUSED = "yes-unless-refused"
    YES_NO_WAY_OUT = "yes-no-way-out"
    ONLY_IF_AGREED = "only-if-agreed"
    NO = "no"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """What one branch says in one atom.

    number: of the branch within the use.
    recorded: the value of the state that holds; value: the same, or unclear if the branch covers
    the atom perhaps only.
    """

    use: UseFacts
    number: int
    branch: BranchFacts
    coverage: Coverage
    state: StateFacts | None
    value: StateValue

    @property
    def key(self) -> tuple[str, int]:
        """The branch, unique in the facts of a platform."""
        return self.use.key, self.number

    @property
    def recorded(self) -> StateValue:
        return self.state.value if self.state else StateValue.UNCLEAR

    @property
    def is_on(self) -> bool:
        return self.value in IN_USE


#: The month in which the first records of this ledger were made.
LEDGER_BEGAN = dt.date(2026, 11, 1)


@dataclass(frozen=True, slots=True)
class Since:
    """Since when something has been so without a break.

    on: None if the start is not known. said: before that it was unclear, not otherwise. again: it
    had been so before, until a break. of_all_uses: of several together, of which one has been so
    for longer. others_later, others_earlier: it is that of the first use; the last start of others
    that began later, or the first of others that began earlier. disputed: anywhere; way: of what is
    on, if people could refuse then and cannot today, or the reverse; last: the latest start, if it
    began at several times; apart: by what these differ; empty for places within the one asked
    about, or if by neither alone. later_in: the places where it began later, if it is by place.
    """

    on: dt.date | None = None
    precision: Precision = Precision.DAY
    since_is: SinceIs = SinceIs.EXACT
    disputed: bool = False
    said: bool = False
    again: bool = False
    of_all_uses: bool = False
    others_later: Since | None = None
    others_earlier: Since | None = None
    way: WaySince | None = None
    last: Since | None = None
    apart: tuple[Axis, ...] = ()
    later_in: tuple[Where, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it began then, and not by then at the latest or then at the earliest."""
        return self.on is not None and self.since_is == SinceIs.EXACT

    @property
    def is_of_our_reading(self) -> bool:
        """Whether its month is only that in which we first read of it: the start is not known.

        Before this ledger began, sources of others have their own days.
        """
        return (
            self.on is not None
            and self.on >= LEDGER_BEGAN
            and self.precision == Precision.MONTH
            and self.since_is == SinceIs.AT_LATEST
        )

    @property
    def differs_by_place(self) -> bool:
        return self.last is not None and self.apart != (Axis.PLAN,)


class WaySince(NamedTuple):
    """Since when people who began with another way out can refuse as today, or cannot.

    others: people of the same start have had it from there on, or since an earlier day.
    disputed_before: sources disagree about the time before alone.
    """

    since: Since
    can_refuse: bool
    others: bool = False
    disputed_before: bool = False


class Share(NamedTuple):
    """Some of those that a question is about: these plans in these places.

    wheres, plans: empty where all places and plans of the question belong to it.
    """

    wheres: tuple[Where, ...]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A control chosen as a way out, with the deciding uses that it reaches.

    coverage: whether it is offered surely or perhaps. shares: of those asked about, for whom it
    is chosen; empty: for all of them.
    """

    control: ControlFacts
    uses: tuple[str, ...]
    coverage: Coverage
    shares: tuple[Share, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether it is offered, and explained by a guide, wherever the question is about."""
        is_limited = any(share.wheres for share in self.shares)
        is_offered = self.coverage == Coverage.SURELY and not is_limited
        return is_offered and self.control.has_guide and self.control.refuse != Refuse.LEAVE

    @property
    def is_for_the_rest(self) -> bool:
        """Whether it is for all places, or for all but some."""
        wheres = [where for share in self.shares for where in share.wheres or (Where(),)]
        return not wheres or any(not where.places for where in wheres)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happens, or does not, for some people in some places.

    wheres: empty if it holds in the whole place that was asked for.
    disputed_in: empty if it is disputed nowhere, or wherever it holds.
    plans, who: named if the sentence is limited to them. is_of_other_plans: than those that
    sentences beside it name.
    """

    use: UseFacts
    value: StateValue
    way: WayOut
    disputed: bool
    branches: tuple[BranchFacts, ...]
    wheres: tuple[Where, ...] = ()
    plans: tuple[str, ...] = ()
    who: str = ""
    disputed_in: tuple[Where, ...] = ()
    is_of_other_plans: bool = False


@dataclass(frozen=True, slots=True)
class AtomAnswer:
    """The answer in one atom.

    lead: the key of the use that comes first there; "" without any.
    by_use: the stance of each use, in their order, without those that are not offered.
    earlier: of what has ended, what became of what was given before.
    unrecorded: keys of uses that name no minors and are not off for adults. For minors only.
    deciding: the lines on which the stance rests. lines: all of them.
    offers: the controls offered there, by their keys.
    """

    stance: Stance
    way: WayOut = WayOut.NOT_NEEDED
    lead: str = ""
    by_use: tuple[tuple[str, Stance], ...] = ()
    reason: Reason | None = None
    word: Word | None = None
    said_by: str = ""
    earlier: Fate = Fate.NOTHING
    unrecorded: tuple[str, ...] = ()
    deciding: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    offers: Mapping[str, Coverage] = field(default_factory=dict, compare=False)

    @property
    def told(self) -> tuple[object, ...]:
        """Atoms are alike if these are equal: they are said in the same words."""
        if self.stance == Stance.DEPENDS:
            return self.stance, self.by_use
        if self.stance in (Stance.NO, Stance.NOT_OFFERED):
            return self.stance, self.earlier
        return (self.stance,)

    @property
    def is_agreed_in_part(self) -> bool:
        """True if the lead is off, and only another use is on if people agree to it."""
        of_lead = dict(self.by_use).get(self.lead)
        return self.stance == Stance.ONLY_IF_AGREED != of_lead


class ShortAnswer(NamedTuple):
    """What lists say of an answer; Verdict has the same and more. reporter: as reporter()."""

    stance: Stance
    way: WayOut
    by_axes: tuple[Axis, ...]
    is_warm: bool
    is_inferred: bool = False
    place: str = ""
    word: Word | None = None
    said_by: str = ""
    reporter: str = ""
    disputed: bool = False
    part: str = ""
    who: str = ""
    is_agreed_in_part: bool = False

    @property
    def answer(self) -> Answer:
        return in_version_1(self.stance, self.way, is_inferred=self.is_inferred)


class Part(NamedTuple):
    """Audiences with one answer.

    wheres, plans: empty where all places and plans of the question have it. uses: keys; only
    of an answer that depends on the use alone. by_use: of a part that depends on the use.
    disputed: sources disagree about all that it rests on. groups: those that all its sources
    narrow people to.
    """

    stance: Stance
    way: WayOut
    reason: Reason | None
    word: Word | None
    said_by: str = ""
    wheres: tuple[Where, ...] = ()
    plans: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    since: Since | None = None
    by_use: tuple[tuple[str, Stance], ...] = ()
    disputed: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """One answer with what a page says below it.

    reason_axes: along which the reasons of atoms differ. word: the weakest that decides.
    disputed: sources disagree about all that it rests on. people: whose answer it is. instead_of:
    the kind that was meant, if the platform has no accounts of it. inferred_from: the people from
    whose records it is inferred.
    by_axes: by what it differs. lines: all of the atoms, one for each branch.
    operator: of the day. stated_by: the operator of the day of the last statement that decides.
    since: of the first part. ways: best first. They are alternatives along ways_differ_by; if
    that is empty all of them are needed, and minutes is their sum (None if that of one is not
    known). part: of the product, to which all deciding uses are limited.
    who: the group that a deciding branch narrows people to. for_adults: of an
    answer for minors, of the uses that say nothing of them. plan_names_people: the plan is for
    people of one kind.
    """

    stance: Stance
    way: WayOut
    reason: Reason | None
    reason_axes: tuple[Axis, ...]
    word: Word | None
    said_by: str
    earlier: Fate
    parts: tuple[Part, ...]
    by_axes: tuple[Axis, ...]
    by_atom: Mapping[Atom, AtomAnswer]
    lead: UseFacts | None
    uses: tuple[UseFacts, ...]
    place: str
    people: People
    plan: str
    day: dt.date
    platform: str
    operator: str
    stated_by: str
    lines: tuple[Line, ...]
    sentences: tuple[Sentence, ...]
    since: Since | None
    ways: tuple[Way, ...]
    ways_differ_by: tuple[Axis, ...]
    minutes: int | None
    part: str
    who: str = ""
    instead_of: People | None = None
    inferred_from: People | None = None
    min_age: int | None = None
    disputed: bool = False
    for_adults: Stance | None = None
    plan_names_people: bool = False

    @property
    def answer(self) -> Answer:
        return in_version_1(self.stance, self.way, is_inferred=self.is_inferred)

    @property
    def question(self) -> Question:
        return Question(self.day, self.place, self.people, self.plan)

    @property
    def reporter(self) -> str:
        return reporter(self.word, self.said_by, self.platform, self.operator)

    @property
    def differs_by(self) -> tuple[Axis, ...]:
        """By what the answer of version 1 differs; empty if it does not."""
        if self.answer != Answer.DIFFERS:
            return ()
        return self.by_axes or _AXES_OF_WAYS[self.way]

    @property
    def is_on(self) -> bool:
        return self.stance == Stance.YES

    @property
    def is_inferred(self) -> bool:
        return self.inferred_from is not None

    @property
    def is_warm(self) -> bool:
        return has_yes(self.by_atom.values())

    @property
    def is_agreed_in_part(self) -> bool:
        return are_agreed_in_part(self.by_atom.values())

    @property
    def nothing_on_record(self) -> bool:
        """True if nothing is known anywhere in the place: no line at all."""
        return self.stance == Stance.UNKNOWN and not self.lines

    @property
    def is_mixed(self) -> bool:
        """True if a headline may say no more than that it differs: sentences say how."""
        return self.stance == Stance.DEPENDS or self.way in _AXES_OF_WAYS

    @property
    def is_not_offered(self) -> bool:
        return self.stance == Stance.NOT_OFFERED

    @property
    def is_for_adults_only(self) -> bool:
        """True if minors ask, and the platform itself says that accounts are not for them."""
        of_age = self.min_age is not None and self.min_age >= ADULT
        return self.is_not_offered and self.people == People.MINORS and of_age


def has_yes(answers: Iterable[AtomAnswer]) -> bool:
    """True for every yes, and for what depends with a yes in it."""
    return any(
        Stance.YES in (each.stance, *(stance for _use, stance in each.by_use)) for each in answers
    )


def are_agreed_in_part(answers: Iterable[AtomAnswer]) -> bool:
    """Return whether only another use than the lead is on if people agree, in each atom."""
    return all(each.is_agreed_in_part for each in answers)


def in_version_1(stance: Stance, way: WayOut, *, is_inferred: bool = False) -> Answer:
    """Return the answer of version 1. It has no word for what is inferred."""
    if is_inferred:
        return Answer.UNKNOWN
    if stance == Stance.YES:
        if way == WayOut.NONE:
            return Answer.YES_NO_WAY_OUT
        differs = way in (WayOut.PART, WayOut.BY_PLACE, WayOut.BY_PLAN)
        return Answer.DIFFERS if differs else Answer.YES_UNLESS_REFUSED
    return _OTHERS_IN_VERSION_1[stance]


_AXES_OF_WAYS = {
    WayOut.PART: (Axis.USE,),
    WayOut.BY_PLACE: (Axis.PLACE,),
    WayOut.BY_PLAN: (Axis.PLAN,),
}
_OTHERS_IN_VERSION_1 = {
    Stance.DEPENDS: Answer.DIFFERS,
    Stance.ONLY_IF_AGREED: Answer.ONLY_IF_AGREED,
    Stance.NO: Answer.NO,
    Stance.NOT_ANY_MORE: Answer.NO,
    Stance.NOT_OFFERED: Answer.NO,
    Stance.UNKNOWN: Answer.UNKNOWN,
}
