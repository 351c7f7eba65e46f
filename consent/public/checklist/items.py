"""The tasks of a checklist for the chosen platforms, the most useful first.

A task is a use that is on and can be refused; the ways out are alternatives. Uses that the same
best way settles are one task.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from django.db.models import TextChoices
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consent.ledger.answers import Line, Sentence, Stance, Verdict, Way, WayOut
from consent.ledger.guide_lines import GuideLink
from consent.ledger.headline_words import headline, short_name
from consent.ledger.offers import limiting_places
from consent.ledger.place_words import SEMICOLON, in_parentheses, listed
from consent.ledger.platform_facts import PlatformFacts, StateFacts, UseFacts
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import answer_of_use, offered_controls, verdict, ways_of_uses
from consent.ledger.verdict_words import (
    doubts_told,
    kind_labels,
    limits_told,
    name_of,
    people_of,
    titles_of,
)
from consent.ledger.way_buttons import admin_ways
from consent.public.checklist.aims import Aim, aim_of
from consent.public.checklist.directions import Directions
from consent.public.checklist.marks import Marks, digest, revision_of
from consent.vocabulary import (
    GIVING_UP,
    Basis,
    DataKind,
    People,
    Purpose,
    Reach,
    Refuse,
    StateValue,
    Why,
)
from consent.web.page_language import colon
from platforms.models import Platform
from platforms.places import Coverage, Where, count_countries


class Status(TextChoices):
    TO_DO = "to-do", _("To do")
    REOPENED = "reopened", _("Changed since you did it")
    DONE = "done", _("Done")
    NOTHING = "nothing", _("What you cannot refuse")


@dataclass(frozen=True, slots=True)
class UseLine:
    """A use, and what the reader should know of it."""

    platform: Platform
    use: UseFacts
    verdict: Verdict

    @property
    def key(self) -> str:
        return self.use.key

    @property
    def address(self) -> str:
        """The use on the page of its platform."""
        return f"{self.platform.get_absolute_url()}#{self.use.slug}"

    @property
    def values_on(self) -> frozenset[StateValue]:
        """The states in which it is on, for some of the reader's places and plans."""
        return frozenset(line.value for line in self.verdict.lines if line.is_on)

    @property
    def values(self) -> frozenset[StateValue]:
        return frozenset(line.value for line in self.verdict.lines)

    @property
    def kinds(self) -> tuple[DataKind, ...]:
        return self.use.kinds_of(line.branch for line in self.verdict.lines)

    @property
    def trained_on(self) -> str:
        """Its name, if that tells the kind of data: "Meta AI chats"; else the kinds first."""
        name = short_name(self.use)
        english = dict(self.use.short).get("en", self.use.part)
        if any(kind.replace("-", " ") in english for kind in self.kinds):
            return name
        kinds = kind_labels([self.use], self.kinds)
        if not kinds:
            return titles_of(self.use).title
        return in_parentheses(", ".join(kinds), [name] if name else [])

    @property
    def only_where(self) -> str:
        """Where it is on, if that is not everywhere and the reader named no place: "US"."""
        return self._only_where(lambda line: line.is_on)

    @property
    def not_refused_where(self) -> str:
        """Where there is no way out, if that is not everywhere and the reader named no place."""
        return self._only_where(lambda line: line.value == StateValue.NO_WAY_OUT)

    def _only_where(self, is_meant: Callable[[Line], bool]) -> str:
        if self.verdict.place:
            return ""
        return limiting_places(line.branch.where for line in self.verdict.lines if is_meant(line))

    @property
    def is_silent_elsewhere(self) -> bool:
        """Whether nothing of it is on record in some of the places asked about."""
        by_atom = self.verdict.by_atom
        told = {atom.cell for atom, each in by_atom.items() if each.lines}
        return any(atom.cell not in told for atom in by_atom)

    @property
    def is_hopeless(self) -> bool:
        return self.values_on == {StateValue.NO_WAY_OUT}


@dataclass(frozen=True, slots=True)
class Option:
    """A way out with where it is found.

    only_for: the uses that it refuses, if it does not refuse all of a task. is_task: it is the act
    of a task too, where it is explained.
    """

    way: Way
    directions: Directions
    only_for: tuple[UseFacts, ...] = ()
    is_task: bool = False

    @property
    def guide(self) -> GuideLink | None:
        return self.directions.guide

    @property
    def gives_up(self) -> bool:
        return self.way.control.refuse in GIVING_UP

    @property
    def platform_name(self) -> str:
        control = self.directions.control
        return control.platform.name if control else ""

    @property
    def only_for_told(self) -> str:
        """Name the uses that it refuses, if it does not refuse all of a task."""
        return str(SEMICOLON).join(map(name_of, self.only_for))

    @property
    def doubt(self) -> str:
        """Why the act may not work."""
        control = self.directions.control
        return "" if control is None or control.binding else control.note

    @property
    def note(self) -> str:
        """What else is known of the act: what it costs, or what it does not reach."""
        control = self.directions.control
        return control.note if control and control.binding else ""

    @property
    def is_for_the_past(self) -> bool:
        return self.way.control.reach == Reach.PAST_ONLY

    @property
    def reach(self) -> str:
        return str(self.way.control.reach.label)


#: Other people by their words, and how they refuse; None if that is told already.
_Others = tuple[tuple[str, Option | None], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """To what places, plans or people some uses of a task are limited, and their doubts.

    countries: how many, where a list of places is long; else 0.
    """

    words: str
    countries: int
    doubts: tuple[str, ...]


#: Longer lists of places are folded, with the number of countries. Chosen.
_LONGEST_LIST = 40  # characters


#: Longer caveats are notes below the list on paper: three lines of a column. Chosen.
_LONGEST_CAVEAT = 150  # characters


@dataclass(frozen=True, slots=True)
class Task:
    """One act, the uses that it refuses, and what else would do.

    also: the same form on other platforms of the operator, to be sent there as well.
    """

    lines: tuple[UseLine, ...]
    best: Option
    alternatives: tuple[Option, ...]
    status: Status
    #: What the address remembers once it is done, one for each use. Changes with the act.
    marks: tuple[str, ...]
    also: tuple[tuple[Platform, Option], ...] = ()

    @property
    def platform(self) -> Platform:
        return self.lines[0].platform

    @property
    def platforms(self) -> list[Platform]:
        """Those on which the act counts: one form of Meta is for several."""
        return list(dict.fromkeys(line.platform for line in self.lines))

    @property
    def guide(self) -> GuideLink | None:
        return self.best.guide

    @property
    def forms(self) -> tuple[tuple[Platform, Option], ...]:
        """Where it is done: on its platform, and with the same form on others."""
        return ((self.platform, self.best), *self.also)

    @property
    def minutes(self) -> int | None:
        """Return the minutes for all of its forms; None if one of them is not known."""
        minutes = [option.way.control.minutes for _platform, option in self.forms]
        known = [each for each in minutes if each is not None]
        return sum(known) if len(known) == len(minutes) else None

    @property
    def aim(self) -> Aim | None:
        """What it is for in one sentence, where titles of its uses can be part of one."""
        return aim_of((line.use for line in self.lines), self.best.way.control)

    @property
    def limits(self) -> list[Limits]:
        """To whom and where the uses that its aim names are limited: each list once."""
        found: dict[str, list[Sentence]] = {}
        for _line, said in self._sentences:
            if self._is_in_aim(said):
                found.setdefault(limits_told(said), []).append(said)
        return [
            Limits(words, _countries(same, words), _doubts_of(same))
            for words, same in found.items()
            if words or _doubts_of(same)
        ]

    @property
    def sentences(self) -> list[tuple[UseLine, Sentence]]:
        """What its aim does not tell. Where there is no way out is told below the tasks."""
        return [(line, said) for line, said in self._sentences if not self._is_in_aim(said)]

    @property
    def is_reported(self) -> bool:
        """Whether what it refuses is on by reports alone, and not by the platform's own word."""
        states = self._states_on
        return bool(states) and all(each.basis == Basis.REPORTED for each in states)

    @property
    def notes_on_reports(self) -> list[str]:
        """What is noted of reports about the place that was asked for, such as that of an offer."""
        is_asked = any(line.verdict.place for line in self.lines)
        notes = [each.note for each in self._states_on if each.basis == Basis.REPORTED]
        return list(dict.fromkeys(filter(None, notes))) if is_asked else []

    @property
    def _states_on(self) -> list[StateFacts]:
        lines = [each for line in self.lines for each in line.verdict.lines if each.is_on]
        return [each.state for each in lines if each.state]

    @property
    def is_silent_elsewhere(self) -> bool:
        return any(line.is_silent_elsewhere for line in self.lines)

    @property
    def _sentences(self) -> list[tuple[UseLine, Sentence]]:
        return [
            (line, said)
            for line in self.lines
            for said in line.verdict.sentences
            if not (line.not_refused_where and said.value == StateValue.NO_WAY_OUT)
        ]

    def _is_in_aim(self, said: Sentence) -> bool:
        # Where another act binds, the best of the task may not be offered at all.
        is_bound = self.best.way.control.binding and said.way == WayOut.REFUSABLE
        is_refused = is_bound and said.value == StateValue.UNLESS_REFUSED
        return is_refused and self.aim is not None and said.use in self.aim.uses

    @property
    def open_alternatives(self) -> list[Option]:
        """Ways that cost something and need nobody's consent, which are beside the act itself."""
        return [each for each in self.alternatives if each.gives_up]

    @property
    def folded_alternatives(self) -> list[Option]:
        return [each for each in self.alternatives if not each.gives_up]

    @property
    def is_confirmed(self) -> bool:
        """Whether it is known that the platform acts upon it."""
        return self.best.way.control.binding

    @property
    def is_surely_offered(self) -> bool:
        return self.best.way.coverage == Coverage.SURELY

    @property
    def breadth(self) -> int:
        """How many kinds of data it protects."""
        return len({kind for line in self.lines for kind in line.kinds})


@dataclass(frozen=True, slots=True)
class AsideLine:
    """A use without a task, with the ways that are left or that keep it as it is.

    value: unless-refused if the options are acts, only-if-agreed if they are to be left alone.
    others: other people who can refuse it, and how. is_task_elsewhere: it is told of the places
    without a way out alone; a task refuses it in others.
    """

    line: UseLine
    options: tuple[Option, ...] = ()
    value: StateValue = StateValue.UNLESS_REFUSED
    others: _Others = ()
    is_task_elsewhere: bool = False

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        said = self.line.verdict.sentences
        if not self.is_task_elsewhere:
            return said
        return tuple(each for each in said if each.value == StateValue.NO_WAY_OUT)

    @property
    def contradictions(self) -> list[str]:
        """What sources say that contradict each other, where it is noted in brief."""
        states = [each.state for each in self.line.verdict.lines if each.state]
        notes = [each.note for each in states if each.why == Why.CONTRADICTORY]
        return [each for each in dict.fromkeys(notes) if 0 < len(each) <= _LONGEST_CAVEAT]

    @property
    def is_silent_elsewhere(self) -> bool:
        return not self.is_task_elsewhere and self.line.is_silent_elsewhere

    @property
    def of_adults(self) -> str:
        """What is on record of adults, where nothing is of the minors who ask; else ""."""
        answer = self.line.verdict
        if not answer.nothing_on_record:
            return ""
        return f"{titles_of(self.line.use).title}{colon()} {headline(answer)}"

    @property
    def is_refused_somehow(self) -> bool:
        """Whether it can be refused, but how is not on record."""
        return not (self.options or self.line.is_hopeless or self.is_task_elsewhere)

    @property
    def limited_sentences(self) -> tuple[Sentence, ...]:
        """What is not on for all people there."""
        return tuple(
            said
            for said in self.sentences
            if said.value != StateValue.NO_WAY_OUT
            or said.plans
            or said.who
            or said.is_of_other_plans
        )

    @property
    def doubts(self) -> list[str]:
        """Where the others are disputed."""
        others = (said for said in self.sentences if said not in self.limited_sentences)
        return list(filter(None, map(doubts_told, others)))

    @property
    def only_where(self) -> str:
        return self.line.not_refused_where if self.is_task_elsewhere else self.line.only_where

    @property
    def only_where_told(self) -> str:
        """The same with what is known of the rest: "US; nothing on record elsewhere"."""
        rest = gettext("nothing on record elsewhere") if self.is_silent_elsewhere else ""
        return str(SEMICOLON).join(filter(None, (self.only_where, rest)))


@dataclass(slots=True)
class Section:
    """Tasks by status, each list with the widest and shortest first."""

    open: list[Task] = field(default_factory=list)
    done: list[Task] = field(default_factory=list)
    #: On, and the reader cannot refuse, be it in some places alone.
    nothing: list[AsideLine] = field(default_factory=list)
    #: Nobody knows whether it is on.
    unclear: list[AsideLine] = field(default_factory=list)
    #: Not used as things are.
    at_rest: list[AsideLine] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """Return the minutes for the open tasks, as far as guides state them."""
        return sum(task.minutes or 0 for task in self.open)

    @property
    def lacks_minutes(self) -> bool:
        """Whether no guide states the minutes of one of the open tasks."""
        return any(task.minutes is None for task in self.open)

    @property
    def total(self) -> int:
        return len(self.open) + len(self.done)

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.done or self.nothing or self.unclear or self.at_rest)

    def sort(self) -> None:
        """Put each act there once, the most useful first, and those of a platform together."""
        self.open = _by_platform(sorted(_once_an_act(self.open), key=_urgency))
        self.done = _by_platform(sorted(_once_an_act(self.done), key=_urgency))

    @property
    def at_rest_counted(self) -> str:
        """Count what needs nothing: the heading of that list."""
        count = len(self.at_rest)
        words = ngettext(
            "One use of data needs nothing from you",
            "%(count)s uses of data need nothing from you",
            count,
        )
        return words % {"count": count}

    @property
    def nowhere_refused(self) -> int:
        """Return how many uses cannot be refused in any of the places asked about."""
        return len(self.nothing) - self.somewhere_not_refused

    @property
    def somewhere_not_refused(self) -> int:
        """Return how many uses cannot be refused in some of the places asked about alone."""
        return sum(bool(aside.only_where) for aside in self.nothing)

    @property
    def cannot_refuse(self) -> list[tuple[str, list[Hopeless]]]:
        """What is on that the reader cannot refuse: for each list of places a line a platform."""
        found: dict[str, dict[Platform, list[AsideLine]]] = {}
        for aside in self.nothing:
            of_place = found.setdefault(aside.only_where_told, {})
            of_place.setdefault(aside.line.platform, []).append(aside)
        return [
            (where, [Hopeless(platform, tuple(asides)) for platform, asides in of_place.items()])
            for where, of_place in sorted(found.items())
        ]


@dataclass(frozen=True, slots=True)
class Hopeless:
    """What is on on a platform and cannot be refused, in some places or wherever it is on."""

    platform: Platform
    asides: tuple[AsideLine, ...]

    @property
    def parts(self) -> list[tuple[bool, _Others, list[AsideLine]]]:
        """Data that are passed on for training apart, and what other people can refuse.

        How they do is told once: not if it is an option of the reader too.
        """
        own = {option.way.control.key for option in self.options}
        found: dict[tuple[bool, tuple[str, ...]], list[AsideLine]] = {}
        for aside in self.asides:
            is_passed_on = aside.line.use.purpose == Purpose.SHARING_FOR_TRAINING
            whom = tuple(people for people, _option in aside.others)
            found.setdefault((is_passed_on, whom), []).append(aside)
        return [
            (
                passed_on,
                tuple(
                    (people, None if option and option.way.control.key in own else option)
                    for people, option in same[0].others
                ),
                same,
            )
            for (passed_on, _whom), same in found.items()
        ]

    @property
    def options(self) -> list[Option]:
        """What is left, each once. It says of what, if that is not all that is told here."""
        options = {
            option.way.control.key: option for aside in self.asides for option in aside.options
        }
        uses = {aside.line.key: aside.line.use for aside in self.asides}
        found = []
        for each in options.values():
            reached = tuple(use for key, use in uses.items() if key in each.way.control.uses)
            found.append(replace(each, only_for=() if len(reached) == len(uses) else reached))
        return found


@dataclass(frozen=True, slots=True)
class Silent:
    """A platform of which nothing is on record for such people.

    others: the first other people of whom anything is on record, if there are any.
    instead: their answer, if the platform has no accounts of persons.
    """

    platform: Platform
    others: People | None = None
    instead: Verdict | None = None
    has_way_of_admins: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """Training apart from other uses of data, which never mix with it."""

    training: Section
    other: Section
    silent: list[Silent]

    @property
    def for_admins(self) -> list[Silent]:
        """The platforms whose training only an admin can refuse."""
        return [each for each in self.silent if each.has_way_of_admins]

    @property
    def long_caveats(self) -> list[str]:
        """The caveats that are too long for a column of paper, each once: notes below the list."""
        sections = (self.training, self.other)
        tasks = [task for each in sections for task in (*each.open, *each.done)]
        asides = [
            aside
            for each in (self.training.nothing, self.training.unclear, self.training.at_rest)
            for aside in each
        ]
        options = [option for task in tasks for _platform, option in task.forms]
        options += [option for task in tasks for option in task.alternatives]
        options += [option for aside in asides for option in aside.options]
        doubts = [option.doubt for option in options]
        notes = [note for task in tasks for note in task.notes_on_reports]
        return [each for each in dict.fromkeys([*doubts, *notes]) if len(each) > _LONGEST_CAVEAT]

    @property
    def counts(self) -> str:
        """Count what is to do: "1 against training, 5 for other uses of your data"."""
        training = len(self.training.open)
        words = ngettext("%d against training", "%d against training", training) % training
        return ", ".join(filter(None, (words, self.doubts, self.besides)))

    @property
    def doubts(self) -> str:
        """Count the tasks against training that may not work, or not be offered."""
        not_confirmed = sum(not task.is_confirmed for task in self.training.open)
        perhaps = sum(not task.is_surely_offered for task in self.training.open)
        words = [
            ngettext("%d of them not confirmed", "%d of them not confirmed", not_confirmed)
            % not_confirmed
            if not_confirmed
            else "",
            ngettext(
                "%d of them perhaps not offered to you",
                "%d of them perhaps not offered to you",
                perhaps,
            )
            % perhaps
            if perhaps
            else "",
        ]
        return ", ".join(filter(None, words))

    @property
    def besides(self) -> str:
        """Count what is not against training, and what only an admin can refuse."""
        others, admins = len(self.other.open), len(self.for_admins)
        words = [
            ngettext("%d for other uses of your data", "%d for other uses of your data", others)
            % others
            if others
            else "",
            ngettext("%d for your admin", "%d for your admin", admins) % admins if admins else "",
        ]
        return ", ".join(filter(None, words))


def make_checklist(
    picked: Iterable[tuple[Platform, PlatformFacts]],
    reader: Reader,
    day: dt.date,
    *,
    directions: Mapping[str, Directions],
    marks: Marks,
) -> Checklist:
    """Turn the uses of the picked platforms into tasks for a reader who names a kind of people.

    marks: of what was done before.
    """
    training, other, silent = Section(), Section(), []
    for platform, facts in picked:
        work = _Sorter(platform, facts, reader, day, directions, marks)
        if not work.sort_into(training, other):
            silent.append(_silent(platform, facts, reader, day))
    training.sort()
    other.sort()
    acts = {task.best.way.control.key for task in (*training.open, *other.open)}
    for section in (training, other):
        section.unclear = [_explained_once(aside, acts) for aside in section.unclear]
    return Checklist(training, other, silent)


@dataclass(frozen=True, slots=True)
class _Sorter:
    """Sorts the uses of one platform into tasks and what needs none."""

    platform: Platform
    facts: PlatformFacts
    reader: Reader
    day: dt.date
    directions: Mapping[str, Directions]
    marks: Marks

    def sort_into(self, training: Section, other: Section) -> bool:
        """Put the uses where they belong; False if nothing is on record for the reader."""
        lines = [line for use in self.facts.uses if (line := self.line(use))]
        refusable = []
        for line in lines:
            section = training if line.use.is_training else other
            if not line.values_on:
                self.set_aside(line, section)
            elif line.is_hopeless or not self.ways([line]):
                aside = self.aside(line, also=self.for_the_past(line))
                section.nothing.append(replace(aside, others=self.others_who_refuse(line)))
            else:
                refusable.append(line)
                if line.not_refused_where:
                    section.nothing.append(AsideLine(line, is_task_elsewhere=True))
        # Training comes first, and takes along what its acts refuse besides.
        for section, is_training in ((training, True), (other, False)):
            while left := [line for line in refusable if line.use.is_training == is_training]:
                task = self.task(left, refusable)
                refusable = [line for line in refusable if line not in task.lines]
                (section.done if task.status == Status.DONE else section.open).append(task)
        return bool(lines)

    def line(self, use: UseFacts) -> UseLine | None:
        answer = answer_of_use(self.facts, use, self.reader.on(self.day))
        # Tasks of organisations are listed for those who ask for them.
        if answer.instead_of or (answer.nothing_on_record and not self.may_refuse(use, answer)):
            return None
        return UseLine(self.platform, use, answer)

    def may_refuse(self, use: UseFacts, answer: Verdict) -> bool:
        """Return whether minors can refuse what is on record of adults alone."""
        if answer.for_adults not in (Stance.YES, Stance.DEPENDS):
            return False
        ways = ways_of_uses(self.facts, (use,), answer.question)
        surely = (way for way in ways if way.coverage == Coverage.SURELY)
        return any(way.control.refuse not in GIVING_UP for way in surely)

    def ways(self, lines: Sequence[UseLine]) -> tuple[Way, ...]:
        uses = [line.use for line in lines]
        return ways_of_uses(self.facts, uses, self.reader.on(self.day))

    def task(self, left: list[UseLine], refusable: list[UseLine]) -> Task:
        """Return the task of the best act for what is left."""
        best = self.ways(left)[0].control
        lines = tuple(line for line in refusable if line.key in best.uses)
        ways = self.ways(lines)
        chosen = next(way for way in ways if way.control.key == best.key)
        return Task(
            lines=lines,
            best=self.option(chosen, lines),
            alternatives=tuple(self.option(way, lines) for way in ways if way is not chosen),
            status=self.status(lines, ways),
            marks=tuple(f"{digest(line.key)}.{self.revision(line, chosen)}" for line in lines),
        )

    def option(self, way: Way, lines: Sequence[UseLine]) -> Option:
        reached = tuple(line.use for line in lines if line.key in way.uses)
        directions = self.directions.get(way.control.key, Directions())
        return Option(way, directions, () if len(reached) == len(lines) else reached)

    def revision(self, line: UseLine, way: Way) -> str:
        directions = self.directions.get(way.control.key, Directions())
        return revision_of(way.control, directions.paths, line.values_on)

    def status(self, lines: Sequence[UseLine], ways: Sequence[Way]) -> Status:
        """A use is done if one of its ways was marked and is as it was."""
        marked = {line.key: self.marks.revisions(line.key) for line in lines}
        if not any(marked.values()):
            return Status.TO_DO
        is_done = all(
            any(
                self.revision(line, way) in marked[line.key] for way in ways if line.key in way.uses
            )
            for line in lines
        )
        return Status.DONE if is_done else Status.REOPENED

    def set_aside(self, line: UseLine, section: Section) -> None:
        if StateValue.UNCLEAR in line.values or not line.values:
            section.unclear.append(self.aside(line))
        elif StateValue.ONLY_IF_AGREED in line.values:
            section.at_rest.append(self.aside(line, StateValue.ONLY_IF_AGREED))
        else:
            section.at_rest.append(AsideLine(line))

    def for_the_past(self, line: UseLine) -> list[Way]:
        """Return the controls that remove what is there already, which is no way out."""
        controls = [
            control
            for control in self.facts.controls
            if control.reach == Reach.PAST_ONLY and line.key in control.uses
        ]
        if not controls:
            return []
        offered = offered_controls(self.facts, self.reader.on(self.day))
        return [
            Way(control, (line.key,), offered[control.key])
            for control in controls
            if control.key in offered
        ]

    def others_who_refuse(self, line: UseLine) -> _Others:
        """Return the other people whom the use names and who have a way out, with the best one."""
        question = self.reader.on(self.day)
        found = []
        named = {kind for branch in line.use.branches for kind in branch.people}
        for kind in (each for each in People if each in named - {line.verdict.people}):
            of_kind = replace(question, people=kind, plan="")
            if ways := ways_of_uses(self.facts, [line.use], of_kind):
                answer = answer_of_use(self.facts, line.use, of_kind)
                found.append((people_of(answer), self.option(ways[0], [line])))
        return tuple(found)

    def aside(
        self,
        line: UseLine,
        value: StateValue = StateValue.UNLESS_REFUSED,
        *,
        also: Sequence[Way] = (),
    ) -> AsideLine:
        options = tuple(self.option(way, [line]) for way in (*self.ways([line]), *also))
        if value == StateValue.ONLY_IF_AGREED:
            switches = (Refuse.TURN_OFF, Refuse.TURN_ON)
            options = tuple(each for each in options if each.way.control.refuse in switches)[:1]
        return AsideLine(line, options, value)


def _explained_once(aside: AsideLine, acts: AbstractSet[str]) -> AsideLine:
    """acts: keys of the controls that are tasks of the list."""
    options = (
        replace(each, directions=Directions(), is_task=True)
        if each.way.control.key in acts
        else each
        for each in aside.options
    )
    return replace(aside, options=tuple(options))


def _countries(sentences: Sequence[Sentence], words: str) -> int:
    """Count the countries of a long list of places; 0 of a short one, or if it is no list."""
    wheres = [where for said in sentences[:1] for where in said.wheres]
    if len(words) <= _LONGEST_LIST or not all(where == Where(where.places) for where in wheres):
        return 0
    codes = tuple(code for where in wheres for code in where.places)
    return 0 if any("-" in code for code in codes) else count_countries(codes)


def _doubts_of(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return the doubts about uses, each with the names of its uses if it is not about all."""
    found: dict[str, dict[str, None]] = {}
    for said in sentences:
        found.setdefault(doubts_told(said), {})[name_of(said.use)] = None
    if len(found) == 1:
        return tuple(filter(None, found))
    return tuple(in_parentheses(doubt, [listed(names)]) for doubt, names in found.items() if doubt)


def _by_platform(tasks: Sequence[Task]) -> list[Task]:
    """Put tasks that share a platform behind the first one of them."""
    groups: list[list[Task]] = []
    for task in tasks:
        same = (each for each in groups if {*each[0].platforms} & {*task.platforms})
        group = next(same, None)
        if group is None:
            groups.append([task])
        else:
            group.append(task)
    return [task for group in groups for task in group]


def _act_of(task: Task) -> tuple[object, ...]:
    """Return what two tasks have in common that are one act.

    A form of the same label from the same operator is one, though it is sent on each platform.
    """
    way = task.best.way
    control = way.control
    if control.refuse == Refuse.SUBMIT and control.label:
        common = (task.platform.operator, control.label, control.by, control.binding)
        return (*common, way.coverage, task.status)
    return (way.control.key, task.status)


def _once_an_act(tasks: Sequence[Task]) -> list[Task]:
    """Join the tasks of several platforms that one and the same act settles."""
    by_act: dict[tuple[object, ...], list[Task]] = {}
    for task in tasks:
        by_act.setdefault(_act_of(task), []).append(task)
    return [same[0] if len(same) == 1 else _joined(same) for same in by_act.values()]


def _joined(tasks: Sequence[Task]) -> Task:
    lines = tuple(line for task in tasks for line in task.lines)
    forms = {task.best.way.control.key: (task.platform, task.best) for task in tasks}
    by_key: dict[str, list[Option]] = {}
    for task in tasks:
        for option in task.alternatives:
            by_key.setdefault(option.way.control.key, []).append(option)
    alternatives = []
    for options in by_key.values():
        reached = {key for option in options for key in option.way.uses}
        uses = tuple(line.use for line in lines if line.key in reached)
        only_for = () if len(uses) == len(lines) else uses
        alternatives.append(replace(options[0], only_for=only_for))
    return Task(
        lines=lines,
        best=tasks[0].best,
        alternatives=tuple(alternatives),
        status=tasks[0].status,
        marks=tuple(mark for task in tasks for mark in task.marks),
        also=tuple(forms.values())[1:],
    )


def _silent(platform: Platform, facts: PlatformFacts, reader: Reader, day: dt.date) -> Silent:
    answer = verdict(facts, reader.on(day))
    others = verdict(facts, reader._replace(people=None).on(day))
    kind = None if others.nothing_on_record else others.people
    if not answer.instead_of:
        return Silent(platform, kind)
    is_to_ask = answer.is_warm and bool(admin_ways(facts, day))
    return Silent(platform, kind, answer, is_to_ask)


def _urgency(task: Task) -> tuple[bool, int, float, str, str]:
    minutes = float("inf") if task.minutes is None else task.minutes
    return (
        task.status != Status.REOPENED,
        -task.breadth,
        minutes,
        task.platform.name,
        task.best.way.control.words,
    )
