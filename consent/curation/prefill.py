"""Reads the draft of a change's entry out of its words, its page and the records of the catalog.

What the changed words state wins; what they leave open is taken from the uses they are about, and
then from the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consent.classification import Statement, read_statements, terms_in
from consent.ledger.place_mentions import where_in
from consent.models import Branch, Change, Control, State, Use
from consent.vocabulary import DataKind, Effect, People, PublicationStatus, StateValue
from platforms import places
from platforms.places import WORLDWIDE, Where

_PEOPLE = {
    "consumers": People.PERSONAL,
    "enterprise": People.ORGANISATION,
    "education": People.ORGANISATION,
    "minors": People.MINORS,
}
#: Statements that exempt somebody name people whom they are not about.
_EXEMPTS = re.compile(
    r"\b(?:not apply|except|unless you are|excluding|other than)\b", re.IGNORECASE
)
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
#: What a use that begins is, by the default or the control that the words around it name. Where
#: they ask for consent, the effect "introduced" contradicts them, and a curator decides.
_VALUES_OF_TERMS = {
    "on": StateValue.UNLESS_REFUSED,
    "off": "",
    "opt-out": StateValue.UNLESS_REFUSED,
    "objection": StateValue.UNLESS_REFUSED,
    "opt-in": "",
    "consent": "",
}


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a draft begins with. value: the state of its uses; "" if a curator must choose it.

    sentence: the words of the page that say so; "" if no statement was read.
    """

    uses: tuple[Use, ...] = ()
    controls: tuple[Control, ...] = ()
    data_kinds: tuple[str, ...] = ()
    where: Where = WORLDWIDE
    people: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    value: str = ""
    sentence: str = ""


def prefill(change: Change) -> Prefill:
    """Return what the draft of a change's entry begins with. Reads only the changed words."""
    suggestion = getattr(change, "suggestion", None)
    effects = suggestion.effects if suggestion else []
    stated = _statements(change)
    value = _value(change, effects, stated)
    statements = _agreeing(stated, value)
    stated_kinds = _in_order(kind for each in statements for kind in each.data)
    uses = _uses(change, stated_kinds)
    where = _where(change, statements, uses)
    touched = [branch for use in uses for branch in use.branches.all() if inside(branch, where)]
    return Prefill(
        uses=uses,
        controls=_controls(change, uses),
        data_kinds=stated_kinds or _in_order(kind for use in uses for kind in use.data_kinds),
        where=where,
        people=_people(statements) or _shared([tuple(branch.people) for branch in touched]),
        plans=_shared([tuple(branch.plans) for branch in touched]),
        value=value,
        sentence=statements[0].words if value and statements else "",
    )


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


def value_of(effects: Sequence[str]) -> str:
    """Return the state that effects determine, or "": the curator then chooses."""
    if {Effect.DEFAULT_ON, Effect.DEFAULT_OFF} <= set(effects):
        return ""
    return next((str(value) for effect, value in _VALUES if effect in effects), "")


def _value(change: Change, effects: Sequence[str], statements: Sequence[Statement]) -> str:
    """Return the state by the effects, or by the terms on which a use begins."""
    value = value_of(effects)
    if value == StateValue.NOT_USED and any(map(_asks, statements)):
        return str(StateValue.ONLY_IF_AGREED)  # the use without consent is what ended
    if value or Effect.USE_INTRODUCED not in effects:
        return value
    for number in (1, 0):  # the default says more than the control
        terms = {
            _terms(change, each)[number]
            for each in statements
            if _terms(change, each)[number] in _VALUES_OF_TERMS
        }
        values = {_VALUES_OF_TERMS[term] for term in terms}
        if values:
            return str(values.pop()) if len(values) == 1 else ""
    return ""


def _terms(change: Change, statement: Statement) -> tuple[str, str]:
    """Return the control and the default of a statement, or else of its paragraph."""
    text = change.after_document.text
    at = text.find(statement.quote)
    paragraph = text[at:].partition("\n\n")[0] if at >= 0 else statement.words
    control, default = terms_in(paragraph, statement.language)
    return (
        statement.control if statement.control != "none" else control,
        statement.default if statement.default != "unstated" else default,
    )


def _agreeing(statements: Sequence[Statement], value: str) -> list[Statement]:
    """Return the statements that say what a state says; all of them where none does."""
    agreeing = [each for each in statements if _agrees(each, value)]
    return agreeing or list(statements)


def _agrees(statement: Statement, value: str) -> bool:
    asks = _asks(statement)
    if value in (StateValue.UNLESS_REFUSED, StateValue.NO_WAY_OUT):
        return not (statement.denies or asks)
    if value == StateValue.ONLY_IF_AGREED:
        return asks
    return statement.denies if value == StateValue.NOT_USED else True


def _asks(statement: Statement) -> bool:
    """Return whether a statement says that people are asked first."""
    return statement.default == "off" or statement.control in ("opt-in", "consent")


def _statements(change: Change) -> list[Statement]:
    """Return what the changed passages state now, each under the headings that it has."""
    suggestion = getattr(change, "suggestion", None)
    passages = suggestion.passages if suggestion else ()
    return [
        statement
        for passage in passages
        if passage["after"]
        for statement in read_statements(_under_heading(passage["place"], passage["after"]))
        if statement.kind in ("use", "control")
    ]


def _under_heading(place: str, words: str) -> str:
    heading = place.rpartition(" › ")[2].strip()
    return f"## {heading}\n\n{words}" if heading else words


def _uses(change: Change, stated_kinds: Sequence[str]) -> tuple[Use, ...]:
    """Return the uses that the words name, or those of the page that are about the stated data.

    The suggestion names uses, or only a control of theirs, by a present or former slug.
    """
    suggestion = getattr(change, "suggestion", None)
    slugs = suggestion.settings if suggestion else []
    standing = change.page.platform.uses.exclude(status=PublicationStatus.RETRACTED)
    all_uses = list(standing.prefetch_related("branches__states__opened_by", "controls", "pages"))
    named = [use for use in all_uses if _named(use, slugs)] or [
        use for use in all_uses if any(_named(control, slugs) for control in use.controls.all())
    ]
    on_page = [use for use in all_uses if change.page in use.pages.all()]
    for uses in (named, on_page):
        if about := [use for use in uses if set(use.data_kinds) & set(stated_kinds)]:
            return tuple(about)
    return tuple(named or on_page)


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


def _where(change: Change, statements: Sequence[Statement], uses: Sequence[Use]) -> Where:
    """Return the places of the statements if all agree, or of the page, or of all branches."""
    stated = {where_in(f"{_heading(each)} {each.words}") for each in statements}
    if len(stated) == 1 and not (where := stated.pop()).is_worldwide:
        return where
    if not change.page.where.is_worldwide:
        return change.page.where
    branches = {branch.where for use in uses for branch in use.branches.all()}
    return branches.pop() if len(branches) == 1 else WORLDWIDE


def _heading(statement: Statement) -> str:
    return statement.place.rpartition(" › ")[2]


def _people(statements: Sequence[Statement]) -> tuple[str, ...]:
    about = {
        _PEOPLE[audience]
        for each in statements
        if not _EXEMPTS.search(each.words)
        for audience in each.audience
        if audience in _PEOPLE
    }
    return tuple(str(kind) for kind in People if kind in about)


def _in_order(kinds: Iterable[str]) -> tuple[str, ...]:
    found = set(kinds)
    return tuple(str(kind) for kind in DataKind if kind in found)


def _shared(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what all of these lists are, or nothing if they differ."""
    return lists[0] if lists and len(set(lists)) == 1 else ()
