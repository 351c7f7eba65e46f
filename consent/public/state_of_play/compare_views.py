"""Two to five platforms side by side, each on a plan or not, or plans and places of one."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import yaml
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consent.ledger.ages import at_age_of_account
from consent.ledger.answers import ShortAnswer, Verdict
from consent.ledger.asked_plan import asked_plans, plain_words
from consent.ledger.audiences import plan_named
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.headline_words import short_name, short_words
from consent.ledger.matrix import Cell, Line, MatrixFilters, build_matrix
from consent.ledger.matrix_records import MATRIX_COLUMNS, matrix_records
from consent.ledger.place_words import aged
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import RefusedQuestionError, plans_of
from consent.ledger.reader_place import place_choices, place_label
from consent.ledger.state_of_play import ANYBODY, Reader
from consent.ledger.verdict import short_answer_over, verdict
from consent.ledger.verdict_words import sentence_words, title_language, titles_of, uses_apart
from consent.ledger.way_buttons import WayButton, best_guides, way_buttons
from consent.public.questions.question_refusal import (
    question_refused,
    why_refused,
)
from consent.public.questions.reader_form import ReaderForm, age_asked
from consent.search.asked_names import read_names
from consent.search.names import exactly_named, names_of
from consent.search.plain_words import words
from consent.vocabulary import DataKind, People
from consent.web.page_cache import public_page
from consent.web.program_files import program_file, refused, refused_filters
from consent.web.spreadsheets import csv_response
from platforms.models import Platform

#: Wide enough for a desk's screen. Chosen.
MOST_SIDE_BY_SIDE = 5
_PARAMS = ("p", "age", *ReaderForm.PARAMS)
#: For whom a side is.
_AXES = ("plan", "place", "people")
_COLUMNS = (*MATRIX_COLUMNS[:-1], "plan", *MATRIX_COLUMNS[-1:])
_SETS: list[list[str]] = yaml.load(
    Path(__file__).with_name("compare_sets.yaml").read_text(encoding="utf-8"),
    Loader=yaml.CSafeLoader,
)


class Side(NamedTuple):
    """A platform, and for whom it is asked about, in the words of an address."""

    platform: Platform
    plan: str = ""
    place: str = ""
    people: str = ""


class Field(NamedTuple):
    """A name in the form.

    plans: of which one can be chosen; None where the form asks for none. kept: for whom its side
    is besides.
    """

    name: str = ""
    plan: str = ""
    plans: Sequence[str] | None = None
    kept: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One of the answers side by side; without a line no training use has an answer.

    name: of the platform, with what other columns are not about: plan, place, people. age: of the
    minors, if it is for one.
    """

    name: str
    platform: Platform
    reader: Reader
    verdict: Verdict
    line: Line | None
    buttons: list[WayButton]
    age: int | None = None

    @property
    def address(self) -> str:
        """The page of the platform, for the same reader."""
        return self.reader.page_of(self.platform, timezone.localdate(), self.age)


@dataclass(frozen=True, slots=True)
class KindRow:
    """The answers of all columns for kinds of data that have the same; None: nothing on record."""

    kinds: list[DataKind]
    of_columns: list[tuple[Column, Cell | None]]

    @property
    def label(self) -> str:
        return capfirst(", ".join(str(kind.label) for kind in self.kinds))

    def says_the_same(self, of_columns: list[tuple[Column, Cell | None]]) -> bool:
        cells, others = (
            [_told(cell) for _, cell in each] for each in (self.of_columns, of_columns)
        )
        return cells == others


class UseRow(NamedTuple):
    """The answers of all columns for one use, where it has one of its own in any of them.

    platform: whose use it is, by its slug. language: of the label; "" for English. Without an
    answer: nothing on record.
    """

    platform: str
    label: str
    language: str
    of_columns: list[tuple[Column, ShortAnswer | None]]


def _told(cell: Cell | None) -> tuple[object, ...]:
    """Return what readers are told in a cell."""
    if cell is None:
        return ()
    answer = cell.verdict
    sentences = [sentence_words(each, answer.operator) for each in answer.sentences]
    return short_words(answer), answer.since, sentences


@require_safe
@public_page(reads=_PARAMS)
def compare(request: HttpRequest) -> HttpResponse:
    """Several platforms side by side, each on its plan if that is named; or plans of one."""
    names, asof = request.GET.getlist("p"), request.GET.get("asof", "")
    if _is_plan_of_none(request.GET):
        query = request.GET.copy()
        del query["plan"]
        return question_refused(request, ReaderForm(query))
    sides, unknown = _sides(request.GET)
    slugs = [side.platform.slug for side in sides]
    chosen = list(dict.fromkeys(side.platform for side in sides))
    age = _age_of(sides, request.GET)
    if not unknown and names not in (slugs, [each.slug for each in chosen][:1]):
        return HttpResponseRedirect(f"{reverse('compare')}{address_of(sides, asof, age)}")
    facts = _facts_of(chosen, age)
    given = {axis: request.GET.get(axis, "") for axis in ("place", "people")}
    shared = _shared(sides) if sides else given
    form = ReaderForm({**shared, "asof": asof})
    try:
        reader = form.reader()
    except RefusedQuestionError as error:
        return question_refused(request, form, error)
    asking = []
    for side in sides:
        try:
            asking.append((side, _form_of(side, asof, facts).reader()))
        except RefusedQuestionError as error:
            return question_refused(request, form, error, _instead(side, error, sides, asof, age))
    columns, rows = _side_by_side(asking, facts, form, request, age) if asking[1:] else ([], [])
    is_of_one = len(chosen) == 1
    kept = _kept(form, age)
    of_day_and_age = [each for each in kept if each[0] in ("asof", "age")]
    return render(
        request,
        "standing/compare.html",
        {
            "section": "matrix",
            "columns": columns,
            "rows": rows,
            "has_gaps": any(cell is None for row in rows for _column, cell in row.of_columns),
            "use_rows": _rows_of_uses(columns, rows, facts, form.day() or timezone.localdate()),
            "others": _others(chosen[0], shared, asof, age) if is_of_one and not columns else [],
            "plans": plans_of(facts[chosen[0].pk]) if is_of_one else (),
            "plans_chosen": _two(side.plan for side in sides),
            "places": place_choices(""),
            "places_chosen": _two(side.place for side in sides),
            "sets": [] if chosen else suggested_sets(kept),
            "chosen": chosen,
            "unknown": unknown,
            "fields": _fields(sides, unknown, facts),
            "listed": listed_platforms(),
            "form": form,
            "reader": ANYBODY if is_of_one and columns else reader,
            "asof": form.day(),
            "today": timezone.localdate(),
            "kept": kept,
            "beside_place": [*_pairs(sides, left_out="place"), *of_day_and_age],
            "csv": f"{reverse('compare-csv')}{address_of(sides, asof, age)}",
            "aged": "" if age is None else aged(str(People.MINORS.label), age),
        },
    )


def _kept(form: ReaderForm, age: int | None) -> list[tuple[str, str]]:
    """Return for whom and for which day it is, as parameters of further links."""
    kept = [(axis, value) for axis in ("place", "people", "asof") if (value := form.data.get(axis))]
    return kept if age is None else [*kept, ("age", str(age))]


def _others(
    platform: Platform, shared: Mapping[str, str], asof: str, age: int | None
) -> list[tuple[Platform, str]]:
    """Return the other platforms of its kind, each with the address that compares both."""
    return [
        (each, address_of([Side(platform, **shared), Side(each, **shared)], asof, age))
        for each in listed_platforms()
        if each.category == platform.category and each != platform
    ]


def _two(values: Iterable[str]) -> list[str]:
    return [*dict.fromkeys(filter(None, values)), "", ""][:2]


def _is_plan_of_none(query: QueryDict) -> bool:
    """Return whether a plan is named and not of which of several platforms it is."""
    names, plans = query.getlist("p"), query.getlist("plan")
    is_of_one = sum(bool(name.strip()) for name in names) == 1
    return any(plans) and not is_of_one and len(plans) != len(names)


def _sides(query: QueryDict) -> tuple[list[Side], list[str]]:
    """Return what is asked about, each once and the first of them, and what names no platform.

    Each plan, place and kind of people is of the platform with the same number, or of all if there
    is one. One platform is asked about on each of the plans in each of the places.
    """
    listed = listed_platforms()
    by_slug = {each.slug: each for each in listed}
    names = query.getlist("p")
    given = {axis: query.getlist(axis) for axis in _AXES}
    sides: list[Side] = []
    unknown = []
    is_of_one = sum(bool(name.strip()) for name in names) == 1
    for number, name in enumerate(names):
        if not name.strip():
            continue
        platform = by_slug.get(name) or exactly_named(words(name), listed)
        typed = ""
        if platform is None and (platform := _meant(name, listed)):
            facts = facts_of([platform])[platform.pk]
            typed = next(iter(asked_plans(facts, names_of(platform), plain_words(name))), "")
        if platform is None:
            unknown.append(name[:80])
        elif is_of_one:
            plans, places = (
                list(dict.fromkeys(filter(None, given[axis]))) for axis in ("plan", "place")
            )
            people = query.get("people", "")
            both = itertools.product(plans or [typed], places or [""])
            sides += [Side(platform, plan, place, people) for plan, place in both]
        else:
            plan, place, people = (
                values[number] if len(values) == len(names) else (values or [""])[-1]
                for values in given.values()
            )
            sides.append(Side(platform, plan or typed, place, people))
    return list(dict.fromkeys(sides))[:MOST_SIDE_BY_SIDE], unknown


def _meant(text: str, listed: Sequence[Platform]) -> Platform | None:
    """Return the one platform that a name with slips or further words means; None without one."""
    meant = [each for name in read_names(text[:80], listed) for each in name.platforms]
    return meant[0] if len(meant) == 1 else None


def _age_of(sides: Iterable[Side], query: QueryDict) -> int | None:
    """Return the age of the minors who are asked about; None without any."""
    kinds = {side.people for side in sides}
    return age_asked(query, People.MINORS if People.MINORS in kinds else None)


def _facts_of(platforms: Iterable[Platform], age: int | None) -> dict[int, PlatformFacts]:
    return {pk: at_age_of_account(each, age).facts for pk, each in facts_of(platforms).items()}


def _form_of(side: Side, asof: str, facts: Mapping[int, PlatformFacts]) -> ReaderForm:
    query = {axis: getattr(side, axis) for axis in _AXES}
    return ReaderForm({**query, "asof": asof}, facts[side.platform.pk])


def _instead(
    side: Side, error: RefusedQuestionError, sides: Sequence[Side], asof: str, age: int | None
) -> Callable[[str], str]:
    """Return what makes the address with another value in the place of the one that is refused."""

    def address(value: str) -> str:
        other = Side(**{**side._asdict(), error.axis: value})
        return address_of([other if each == side else each for each in sides], asof, age)

    return address


def _shared(sides: Sequence[Side]) -> dict[str, str]:
    """Return the place and the people that are the same for all sides; "" for what differs."""
    values = {axis: {getattr(side, axis) for side in sides} for axis in ("place", "people")}
    return {axis: found.pop() if len(found) == 1 else "" for axis, found in values.items()}


def address_of(sides: Sequence[Side], asof: str = "", age: int | None = None) -> str:
    """Return the query of the page with these side by side. age: of the minors among them."""
    kept = {"asof": asof, "age": "" if age is None else str(age)}
    query = urlencode([*_pairs(sides), *((name, value) for name, value in kept.items() if value)])
    return f"?{query}" if query else ""


def _pairs(sides: Sequence[Side], left_out: str = "") -> list[tuple[str, str]]:
    """Return sides as parameters; what all have in common is there once, and a platform too.

    left_out: an axis about which nothing is said.
    """
    values = {axis: [getattr(side, axis) for side in sides] for axis in _AXES if axis != left_out}
    once = {axis: list(dict.fromkeys(each)) for axis, each in values.items()}
    plans, places = once.get("plan", [""]), once.get("place", [""])
    asked = [(side.plan, side.place if "place" in values else "") for side in sides]
    is_of_one = len({side.platform for side in sides}) == 1 and len(once["people"]) == 1
    if is_of_one and asked == list(itertools.product(plans, places)) and _are_all_named(once):
        found = [(axis, value) for axis, each in once.items() for value in each if value]
        return [("p", sides[0].platform.slug), *found]
    apart = [axis for axis in once if once[axis][1:] or (axis == "plan" and any(plans))]
    return [
        *(
            pair
            for number, side in enumerate(sides)
            for pair in (
                ("p", side.platform.slug),
                *((axis, values[axis][number]) for axis in apart),
            )
        ),
        *((axis, each[0]) for axis, each in once.items() if axis not in apart and any(each)),
    ]


def _are_all_named(once: Mapping[str, Sequence[str]]) -> bool:
    return all("" not in values or len(values) == 1 for values in once.values())


def _fields(
    sides: Sequence[Side], unknown: Sequence[str], facts: Mapping[int, PlatformFacts]
) -> list[Field]:
    """Return as many fields as there can be sides. Plans of one platform have another form."""
    if len({side.platform for side in sides}) < 2:
        names = [*dict.fromkeys(side.platform.name for side in sides), *unknown]
        return [Field(name) for name in [*names, *[""] * MOST_SIDE_BY_SIDE]][:MOST_SIDE_BY_SIDE]
    apart = [
        axis for axis in ("place", "people") if len({getattr(each, axis) for each in sides}) > 1
    ]
    found = [
        Field(
            side.platform.name,
            side.plan,
            plans_of(facts[side.platform.pk]),
            [(axis, getattr(side, axis)) for axis in apart],
        )
        for side in sides
    ]
    none = [
        Field(name, plans=(), kept=[(axis, "") for axis in apart])
        for name in [*unknown, *[""] * MOST_SIDE_BY_SIDE]
    ]
    return [*found, *none][:MOST_SIDE_BY_SIDE]


@program_file(reads=_PARAMS)
def compare_csv(request: HttpRequest) -> HttpResponse:
    """The training uses of what is side by side, with the columns of the matrix and the plan."""
    sides, unknown = _sides(request.GET)
    if unknown:
        return refused(request, f"p: we watch no platform “{unknown[0]}”.")
    if _is_plan_of_none(request.GET):
        return refused(request, "plan: there is one for each p, or p is one platform.")
    asof = request.GET.get("asof", "")
    facts = _facts_of({side.platform for side in sides}, _age_of(sides, request.GET))
    records: list[dict[str, str | None]] = []
    for side in sides:
        filters = MatrixFilters({"place": side.place, "people": side.people, "asof": asof})
        if refusal := refused_filters(request, filters):
            return refusal
        try:
            reader = _form_of(side, asof, facts).reader()
        except RefusedQuestionError as error:
            return refused(request, why_refused(error), allowed=error.allowed)
        day = filters.day(timezone.localdate())
        view = build_matrix([side.platform], facts, filters, day, reader)
        apart = f"?{beside}" if (beside := _apart_of(side, sides)) else ""
        records += [
            record | {"id": f"{record['id']}{apart}", "plan": reader.plan or None}
            for record in matrix_records(view)
        ]
    return csv_response("compared", _COLUMNS, records)


def _apart_of(side: Side, sides: Sequence[Side]) -> str:
    """Return what tells a side from the others of its platform: "plan=Free"."""
    others = [each for each in sides if each.platform == side.platform]
    apart = [axis for axis in _AXES if len({getattr(each, axis) for each in others}) > 1]
    return urlencode([(axis, getattr(side, axis)) for axis in apart])


@dataclass(frozen=True, slots=True)
class SuggestedSet:
    """Platforms that people weigh against each other, and the address of the comparison."""

    words: str
    address: str


def suggested_sets(kept: Sequence[tuple[str, str]]) -> list[SuggestedSet]:
    """Return comparisons to begin with, for the same reader. Sets are in compare_sets.yaml."""
    by_slug = {each.slug: each for each in listed_platforms()}
    for_whom = {axis: value for axis, value in kept if axis in _AXES}
    asof = dict(kept).get("asof", "")
    sets = [[by_slug[slug] for slug in slugs if slug in by_slug] for slugs in _SETS]
    return [
        SuggestedSet(
            ", ".join(each.name for each in found),
            address_of([Side(each, **for_whom) for each in found], asof),
        )
        for found in sets
        if len(found) > 1
    ]


def _side_by_side(
    asking: Sequence[tuple[Side, Reader]],
    facts: Mapping[int, PlatformFacts],
    form: ReaderForm,
    request: HttpRequest,
    age: int | None,
) -> tuple[list[Column], list[KindRow]]:
    day = form.day() or timezone.localdate()
    filters = MatrixFilters(request.GET)
    guides = best_guides(all_guide_lines())
    columns = []
    shared = _shared([side for side, _reader in asking])
    for side, reader in asking:
        each = side.platform
        answer = verdict(facts[each.pk], reader.on(day))
        line = next(iter(build_matrix([each], facts, filters, day, reader).lines), None)
        buttons = way_buttons(facts[each.pk], answer, guides)
        columns.append(
            Column(_name(reader, facts[each.pk], shared), each, reader, answer, line, buttons, age)
        )
    known = {kind for each in columns if each.line for kind in each.line.kinds}
    rows: list[KindRow] = []
    for kind in DataKind:
        if kind not in known:
            continue
        cells = [(each, each.line.cell_of(kind) if each.line else None) for each in columns]
        if same := next((row for row in rows if row.says_the_same(cells)), None):
            same.kinds.append(kind)
        else:
            rows.append(KindRow([kind], cells))
    return columns, rows


def _rows_of_uses(
    columns: Sequence[Column],
    kind_rows: Iterable[KindRow],
    facts: Mapping[int, PlatformFacts],
    day: dt.date,
) -> list[UseRow]:
    """Return the uses with an answer of their own in a column that no row about data tells."""
    cells_of_kinds = [cell for row in kind_rows for _column, cell in row.of_columns if cell]
    told = {said.use.key for cell in cells_of_kinds for said in cell.verdict.sentences}
    apart = dict.fromkeys(use for each in columns for use, _stance in uses_apart(each.verdict))
    rows = []
    for use in apart:
        if use.key in told:
            continue
        name = short_name(use)
        cells = []
        for column in columns:
            of_column = facts[column.platform.pk]
            is_its_own = any(each.key == use.key for each in of_column.uses)
            question = column.reader.on(day)
            found = short_answer_over(of_column, (use,), question) if is_its_own else None
            cells.append((column, found))
        label = capfirst(name or titles_of(use).asked)
        language = str(get_language()) if name else title_language(use)
        rows.append(UseRow(use.key.partition("/")[0], label, language, cells))
    return rows


def _name(reader: Reader, facts: PlatformFacts, shared: Mapping[str, str]) -> str:
    """Return the head of a column: the platform, its plan, and what differs between columns."""
    place = place_label(reader.place) if reader.place and not shared["place"] else ""
    plan = plan_named(facts, reader.plan)
    is_said_by_plan = plan is not None and len(plan.people) == 1
    people = ""
    if reader.people and not shared["people"] and not is_said_by_plan:
        people = str(reader.people.label)
    return " · ".join(filter(None, (facts.name, reader.plan, place, people)))
