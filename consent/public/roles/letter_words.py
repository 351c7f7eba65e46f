"""What letters and pages for pupils say of a service: sentences for who does not know the site.

The letter itself says what it calls training.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from consent.audience import NO_PLAN
from consent.ledger.answers import Fate, Part, Reason, Stance, Verdict, WayOut
from consent.ledger.headline_words import reason_words, short_name, source_words
from consent.ledger.place_words import (
    SEMICOLON,
    accounts_from,
    listed,
    people_words,
    place_words,
    places_in_sentence,
)
from consent.web.page_language import colon
from platforms.places import Where

#: More sentences on one account are left to the sheet. Chosen: a yes comes first.
_MOST = 4
_MOST_PLANS = 4
#: where: with which account, or the rest of what it is about; scope: what is left of that.
_YES = {
    WayOut.REFUSABLE: gettext_lazy("%(where)s, training happens%(scope)s unless it is turned off"),
    WayOut.EACH_TIME: gettext_lazy(
        "%(where)s, training happens%(scope)s unless it is refused each time"
    ),
    WayOut.EACH_REQUEST: gettext_lazy(
        "%(where)s, training happens%(scope)s unless it is refused each time"
    ),
    WayOut.AT_TIMES: gettext_lazy(
        "%(where)s, training happens%(scope)s, and it can be refused only at certain times"
    ),
    WayOut.ORGANISATION: gettext_lazy(
        "%(where)s, training happens%(scope)s unless an administrator turns it off"
    ),
    WayOut.HOW_NOT_ON_RECORD: gettext_lazy(
        "%(where)s, training happens%(scope)s; it can be refused, but how is not on record"
    ),
    WayOut.ON_REQUEST: gettext_lazy(
        "%(where)s, training happens%(scope)s unless the company accepts an objection"
    ),
    WayOut.NONE: gettext_lazy("%(where)s, training happens%(scope)s and cannot be refused"),
    WayOut.PART: gettext_lazy(
        "%(where)s, training happens%(scope)s, and only some of it can be refused"
    ),
}
_IF_ORGANISATION_AGREES = gettext_lazy(
    "%(where)s, training happens%(scope)s only if the organisation agrees"
)
_OTHERS = {
    Stance.ONLY_IF_AGREED: gettext_lazy(
        "%(where)s, training happens%(scope)s only if somebody agrees to it"
    ),
    Stance.NO: gettext_lazy("%(where)s, no training happens%(scope)s"),
    Stance.NOT_ANY_MORE: gettext_lazy(
        "%(where)s, no training happens any more%(scope)s, but what was given before stays in use"
    ),
    Stance.NOT_OFFERED: gettext_lazy("%(where)s, the AI feature is not offered%(scope)s"),
    Stance.UNKNOWN: gettext_lazy("%(where)s, it is not known whether training happens%(scope)s"),
}
_NO_REASON = (Reason.NOTHING_ON_RECORD, Reason.NOT_STATED)


@dataclass(frozen=True, slots=True)
class Accounts:
    """What is on record of one service for the accounts that a letter is about.

    Each answer has behind it those about the uses of which it says nothing.
    at_school: the answer with an account of a school, if there is one, and the plan it is for.
    own: that with an account of one's own. uses: the keys of all that train. adults: the answer of
    adults, where uses are not on record for children. school_plans: which nobody has at home.
    are_of_teachers: teachers sign up for a plan themselves. addresses: of what can be refused at
    home. are_limited: not for everybody, or not for everything that happens. of_adults: it is not
    known whether others can refuse too. is_confirmed: that refusing works. in_brief: of several
    uses the first, and those that train by default, are told.
    """

    at_school: Sequence[Verdict]
    school_plan: str
    own_answers: Sequence[Verdict]
    uses: frozenset[str]
    adults: Sequence[Verdict] = ()
    school_plans: frozenset[str] = frozenset()
    are_of_teachers: bool = False
    addresses: tuple[str, ...] = ()
    are_limited: bool = False
    of_adults: bool = False
    is_confirmed: bool = True
    in_brief: bool = False

    @property
    def own(self) -> Verdict:
        return self.own_answers[0]

    @property
    def words(self) -> str:
        """Say what parents need: what holds for the main data; the rest is on the sheet."""
        own_clauses = _clauses(self.own, self.uses, self.school_plans)
        main = [each.stance for each in own_clauses if _is_main(each, self.own)]
        adults = self.adults if Stance.UNKNOWN in main else ()
        brief = replace(self, in_brief=True)
        own = brief._at_home(gettext("With an account of your child’s own"), adults)
        said = [*brief._at_school(), *chain(*own)]
        rest = _rest()
        is_left_out = bool(self.adults) > bool(adults) or self.are_of_teachers or rest in said
        told = [each for each in said if each != rest]
        return " ".join([*told, *([rest] if is_left_out else []), *self._refusing()])

    @property
    def for_pupils(self) -> list[str]:
        """The same for a child, for each account, without what teachers and adults alone need."""
        own = self._at_home(gettext("With your own account"), self._adults_for_children())
        told = [self._at_school(), *own, self._with_parents()]
        return [" ".join(sentences) for sentences in told if sentences]

    def _at_school(self) -> list[str]:
        if not self.at_school:
            return [gettext("Nothing is on record for an account from the school.")]
        if self.school_plan:
            words = gettext("With an account from the school on %(plan)s")
            return self._sentences(words % {"plan": self.school_plan}, self.at_school)
        words = gettext("With an account of an organisation such as a school")
        return self._sentences(words, self.at_school)

    def _at_home(self, account: str, adults: Sequence[Verdict]) -> list[list[str]]:
        """Return what is said of the account of a child, and of that of adults."""
        if self.own.instead_of:  # there are no accounts of persons
            return []
        if self.own.is_for_adults_only and self.own.min_age:
            return [[accounts_from(self.own.min_age)]]
        if not self.own.is_inferred:
            said = self._sentences(account, self.own_answers, self.school_plans)
            return [said, self._of_adults(adults)] if adults else [said]
        said = self._of_adults(self.own_answers)
        return [[*said, gettext("Nothing on record says that children are treated differently.")]]

    def _adults_for_children(self) -> Sequence[Verdict]:
        """The answer of adults, where nothing at all is known of children."""
        own = _clauses(self.own, self.uses, self.school_plans)
        return () if any(each.stance != Stance.UNKNOWN for each in own) else self.adults

    def _of_adults(self, answers: Sequence[Verdict]) -> list[str]:
        words = gettext("With an adult’s own account")
        return self._sentences(words, answers, self.school_plans)

    def _sentences(
        self, account: str, answers: Sequence[Verdict], left_out: Collection[str] = ()
    ) -> list[str]:
        return _sentences(account, answers, self.uses, left_out, in_brief=self.in_brief)

    def _refusing(self) -> list[str]:
        if not self.addresses:
            return []
        where = {"addresses": ", ".join(self.addresses)}
        if self.of_adults:
            words = gettext(
                "Adults can refuse training; whether children can is not known."
                " How adults do it: %(addresses)s"
            )
        elif self.own.is_inferred:
            words = gettext("How adults refuse it: %(addresses)s")
        elif not self.is_confirmed:
            words = gettext(
                "What can be tried, though it is not confirmed that it works: %(addresses)s"
            )
        elif self.own.way == WayOut.ANYWAY:
            words = gettext("Training can be refused anyway. How, and for whom: %(addresses)s")
        elif self.are_limited:
            words = gettext("How to refuse, and for whom this works: %(addresses)s")
        else:
            words = gettext("How to refuse: %(addresses)s")
        return [words % where]

    def _with_parents(self) -> list[str]:
        if not self.addresses:
            return []
        if self.of_adults:
            words = gettext(
                "Adults can refuse training; whether you can is not known. Ask your parents:"
                " %(addresses)s"
            )
        elif self.is_confirmed:
            words = gettext("What you can do together with your parents: %(addresses)s")
        else:
            words = gettext(
                "What you can try together with your parents, though it is not confirmed that it"
                " works: %(addresses)s"
            )
        return [words % {"addresses": ", ".join(self.addresses)}]


class _Clause(NamedTuple):
    """uses: keys; empty for all. part: on whose word it rests, with its way, plans and places."""

    stance: Stance
    uses: tuple[str, ...]
    part: Part
    plans: tuple[str, ...]
    wheres: tuple[Where, ...]


def _sentences(
    account: str,
    answers: Sequence[Verdict],
    every_use: Collection[str],
    left_out: Collection[str],
    *,
    in_brief: bool,
) -> list[str]:
    """Say an answer, each part in a sentence; of many the first.

    every_use: keys; an answer about some of them names these. left_out: plans that the account is
    not on. in_brief: of uses that are named, those that train by default and the first are told.
    """
    said: list[str] = []
    order = list(Stance)
    clauses = sorted(
        ((each, answer) for answer in answers for each in _clauses(answer, every_use, left_out)),
        key=lambda told: order.index(told[0].stance),
    )
    whole = answers[0]
    main = [each for each, _answer in clauses if _is_main(each, whole)]
    shown = clauses[:_MOST]
    if in_brief and main and all(each.uses for each in main):
        shown = [told for told in shown if told[0] in main]
    for clause, answer in shown:
        scope = _scope(clause, answer)
        where, rest = (capfirst(scope), "") if said and scope else (account, scope)
        words = _template(clause, answer) % {"where": where, "scope": rest and f" {rest}"}
        said.append(f"{words}{_on_whose_word(clause, answer)}.")
        groups = _groups(clause, answer)
        if groups and clause.stance != Stance.UNKNOWN:
            whom = str(SEMICOLON).join(people_words((), (), who) for who in groups)
            said.append(gettext("This is on record for this case: %(whom)s.") % {"whom": whom})
    if whole.earlier == Fate.NOT_KNOWN and whole.stance == Stance.NO:
        said.append(gettext("What became of what was given before is not known."))
    if len(clauses) > len(shown):
        said.append(_rest())
    return said


def _rest() -> str:
    return gettext("The enclosed sheet says what holds for the rest.")


def _is_main(clause: _Clause, answer: Verdict) -> bool:
    """Return whether it is about all uses or the first, or about what happens by default."""
    first = answer.uses[0].key if answer.uses else ""
    return clause.stance == Stance.YES or not clause.uses or first in clause.uses


def _groups(clause: _Clause, answer: Verdict) -> list[str]:
    """Return the groups to which people are narrowed, as far as its uses are about these."""
    groups = clause.part.groups or ((answer.who,) if answer.who else ())
    of_uses = {
        line.branch.who for line in answer.lines if not clause.uses or line.use.key in clause.uses
    }
    return [each for each in groups if each in of_uses]


def _clauses(
    answer: Verdict, every_use: Collection[str], left_out: Collection[str]
) -> list[_Clause]:
    """Return what is said of which uses, plans and places."""
    parts = [
        part._replace(plans=tuple(plan for plan in part.plans if plan not in left_out))
        for part in answer.parts
        if not part.plans or not {*part.plans} <= {*left_out}
    ]
    found: dict[tuple[Stance, WayOut, tuple[int, ...]], list[str]] = {}
    in_parts: dict[tuple[Stance, WayOut, str, object], list[int]] = {}
    for number, part in enumerate(parts):
        by_whom = (part.word, part.said_by, part.disputed, part.groups)
        for stance, use in _uses_of(part, answer, every_use):
            by_whom_of_known = by_whom if stance == part.stance else None
            in_parts.setdefault((stance, part.way, use, by_whom_of_known), []).append(number)
    for (stance, way, use, _by_whom), those in in_parts.items():
        found.setdefault((stance, way, tuple(those)), []).append(use)
    clauses = []
    every = range(len(parts)) if not any(part.uses for part in parts) else ()
    for (stance, _way, numbers), uses in found.items():
        told = [parts[number] for number in numbers]
        is_everywhere = len(told) == len(every)
        plans = () if is_everywhere else dict.fromkeys(p for part in told for p in part.plans)
        wheres = () if is_everywhere else dict.fromkeys(w for part in told for w in part.wheres)
        clauses.append(_Clause(stance, tuple(filter(None, uses)), told[0], (*plans,), (*wheres,)))
    return clauses


def _uses_of(
    part: Part, answer: Verdict, every_use: Collection[str]
) -> Iterable[tuple[Stance, str]]:
    """Yield what is so of each use; "" for all of them."""
    if part.uses:
        return [(part.stance, use) for use in part.uses]
    by_use = part.by_use
    if answer.is_agreed_in_part:
        by_use = next(iter(answer.by_atom.values())).by_use
    if by_use:
        return [(stance, use) for use, stance in by_use]
    told = [(part.stance, use) for use in _some_of(part, answer, every_use)]
    return told + [(Stance.UNKNOWN, use) for use in _unknown_of(part, answer)]


def _some_of(part: Part, answer: Verdict, every_use: Collection[str]) -> list[str]:
    """Return the uses on which a part rests, if these are some and have names; else "" for all."""
    told = dict.fromkeys(
        use
        for atom, each in answer.by_atom.items()
        if each.stance == part.stance and (not part.plans or atom.plan in part.plans)
        for use, stance in each.by_use
        if stance == part.stance
    )
    named = {use.key for use in answer.uses if short_name(use)}
    return [*told] if told and {*told} <= named and {*told} < {*every_use} else [""]


def _unknown_of(part: Part, answer: Verdict) -> list[str]:
    """Return the uses with a name of which nothing is known, though a part says something."""
    if part.stance == Stance.UNKNOWN:
        return []
    stances: dict[str, set[Stance]] = {}
    for atom, each in answer.by_atom.items():
        for use, stance in each.by_use if not part.plans or atom.plan in part.plans else ():
            stances.setdefault(use, set()).add(stance)
    named = {use.key for use in answer.uses if short_name(use)}
    return [use for use, told in stances.items() if told == {Stance.UNKNOWN} and use in named]


def _template(clause: _Clause, answer: Verdict) -> str:
    if clause.stance == Stance.YES:
        return str(_YES.get(clause.part.way, _YES[WayOut.PART]))
    of_organisation = clause.part.way == WayOut.ORGANISATION
    if clause.stance == Stance.ONLY_IF_AGREED and of_organisation:
        return str(_IF_ORGANISATION_AGREES)
    return str(_OTHERS[clause.stance])


def _on_whose_word(clause: _Clause, answer: Verdict) -> str:
    """Say on whose word it rests, why it is not known, or that sources disagree."""
    if clause.stance == Stance.UNKNOWN:
        is_told = answer.stance == Stance.UNKNOWN and answer.reason not in _NO_REASON
        return f"{colon()} {reason_words(answer)}" if is_told else ""
    is_own = clause.stance == Stance.YES and not clause.part.said_by
    source = source_words(clause.part, answer)
    if is_own and clause.part.word == "stated":
        source = ""
    if clause.part.disputed:
        return source + gettext(", but sources disagree")
    return source


def _scope(clause: _Clause, answer: Verdict) -> str:
    """Say of what and whom a sentence is: "for usage data on Free and Pro"."""
    words = []
    by_key = {use.key: use for use in answer.uses}
    names = [short_name(by_key[key]) for key in clause.uses]
    if names and not all(names):
        names = [gettext("some of what is typed")]
    elif not names and answer.part and answer.part not in (answer.plan, answer.platform):
        names = [answer.part]
    if names:
        words.append(gettext("for %(told)s") % {"told": listed(dict.fromkeys(names))})
    if clause.plans:
        words.append(_on_plans(clause.plans, answer))
    if clause.wheres:
        words.append(_in_places(clause.wheres))
    return " ".join(filter(None, words))


def _on_plans(plans: Sequence[str], answer: Verdict) -> str:
    every = dict.fromkeys(plan for part in answer.parts for plan in part.plans)
    lacking = [plan for plan in every if plan not in plans]
    if NO_PLAN not in plans and len(plans) <= _MOST_PLANS:
        return gettext("on %(plans)s") % {"plans": listed(plans)}
    if lacking and NO_PLAN not in lacking and len(lacking) <= _MOST_PLANS:
        return gettext("on all plans but %(plans)s") % {"plans": listed(lacking)}
    return gettext("on some plans")


def _in_places(wheres: Sequence[Where]) -> str:
    if any(where.some_of for where in wheres):
        return gettext("in some places")
    named = {code for where in wheres for code in where.places}
    outside = [where.except_places for where in wheres if not where.places]
    if len(outside) == 1 and named <= {*outside[0]}:  # what is said of these holds elsewhere, too
        rest = tuple(code for code in outside[0] if code not in named)
        wheres = [Where(except_places=rest)] if rest else []
    inside = [name for where in wheres for name in places_in_sentence(where) if where.places]
    elsewhere = [place_words(where) for where in wheres if not where.places]
    words = [gettext("in %(place)s") % {"place": listed(inside)}] if inside else []
    return listed([*words, *elsewhere])
