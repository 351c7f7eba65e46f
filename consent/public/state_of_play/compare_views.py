"""Two to five platforms side by side, or plans and places of one, as a page and as CSV."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import yaml
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.answers import Verdict
from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.matrix import Cell, Line, Matrix, MatrixFilters, build_matrix
from consent.ledger.matrix_records import MATRIX_COLUMNS, matrix_records
from consent.ledger.place_words import in_parentheses
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import RefusedQuestionError, plans_of
from consent.ledger.reader_place import place_choices, place_label
from consent.ledger.state_of_play import ANYBODY, Reader
from consent.ledger.verdict import verdict
from consent.ledger.way_buttons import WayButton, best_guides, way_buttons
from consent.public.state_of_play.question_refusal import (
    question_refused,
    takes_no_plan,
    takes_no_plan_as_text,
    up_to_today,
)
from consent.public.state_of_play.reader_form import ReaderForm
from consent.search.asked_names import read_names
from consent.search.names import exactly_named
from consent.search.plain_words import words
from consent.vocabulary import DataKind
from consent.web.page_cache import public_page
from consent.web.program_files import program_file, refused, refused_filters
from consent.web.spreadsheets import csv_response
from platforms.models import Platform

#: Wide enough for a desk's screen. Chosen.
MOST_SIDE_BY_SIDE = 5
_PARAMS = ("p", *ReaderForm.PARAMS)
_SETS: list[list[str]] = yaml.load(
    Path(__file__).with_name("compare_sets.yaml").read_text(encoding="utf-8"),
    Loader=yaml.CSafeLoader,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One of the answers side by side; without a line no training use has an answer.

    name: of the platform, and of the plan and place where these are compared.
    """

    name: str
    platform: Platform
    reader: Reader
    verdict: Verdict
    line: Line | None
    buttons: list[WayButton]

    @property
    def address(self) -> str:
        """The page of the platform, for the same reader."""
        chosen = {axis: str(value) for axis, value in self.reader._asdict().items() if value}
        query = f"?{urlencode(chosen)}" if chosen else ""
        return f"{self.platform.get_absolute_url()}{query}"


@dataclass(frozen=True, slots=True)
class KindRow:
    """The answers of all columns for one kind of data; None where nothing is on record."""

    kind: DataKind
    of_columns: list[tuple[Column, Cell | None]]


@require_safe
@public_page(reads=_PARAMS)
def compare(request: HttpRequest) -> HttpResponse:
    """Several platforms side by side, or plans and places of one."""
    if len(_chosen(request.GET.getlist("p"))[0]) != 1:
        return takes_no_plan(_compared)(request)
    try:
        return _compared(request)
    except RefusedQuestionError as error:
        return question_refused(request, ReaderForm(request.GET), error)


def _compared(request: HttpRequest) -> HttpResponse:
    asked = request.GET.getlist("p")
    chosen, unknown = _chosen(asked)
    platforms = chosen[:MOST_SIDE_BY_SIDE]
    form = ReaderForm(request.GET)
    given = {name: list(filter(None, request.GET.getlist(name))) for name in ReaderForm.PARAMS}
    kept = [(name, values[-1]) for name, values in given.items() if values and name != "plan"]
    compared = [(name, value) for name, values in given.items() for value in values]
    address = _address(platforms, compared if len(platforms) == 1 else kept)
    if not unknown and [each.slug for each in platforms] != asked:
        return HttpResponseRedirect(f"{reverse('compare')}{address}")
    facts = facts_of(platforms)
    plans: tuple[str, ...] = ()
    if len(platforms) == 1:
        (one,) = platforms
        plans = plans_of(facts[one.pk])
        asking = _asking(one, facts[one.pk], request)
    else:
        asking = [(each.name, each, form.reader()) for each in platforms]
    columns, rows = _side_by_side(asking, facts, form, request) if asking[1:] else ([], [])
    others = [
        (each, _address([chosen[0], each], kept))
        for each in listed_platforms()
        if len(chosen) == 1 and each.category == chosen[0].category and each != chosen[0]
    ]
    values = [*(each.name for each in chosen), *unknown]
    return render(
        request,
        "standing/compare.html",
        {
            "section": "matrix",
            "columns": columns,
            "rows": rows,
            "others": [] if columns else others,
            "plans": plans,
            "plans_chosen": _two(given["plan"]),
            "places": place_choices(""),
            "places_chosen": _two(given["place"]),
            "sets": [] if chosen else suggested_sets(kept),
            "chosen": chosen,
            "unknown": unknown,
            "fields": [*values, *[""] * MOST_SIDE_BY_SIDE][:MOST_SIDE_BY_SIDE],
            "listed": listed_platforms(),
            "form": form,
            "reader": form.reader() if chosen[1:] or not columns else ANYBODY,
            "asof": form.day(),
            "today": timezone.localdate(),
            "kept": kept,
            "csv": f"{reverse('compare-csv')}{address}" if platforms[1:] else "",
        },
    )


def _two(values: Sequence[str]) -> list[str]:
    return [*values, "", ""][:2]


def _asking(
    platform: Platform, facts: PlatformFacts, request: HttpRequest
) -> list[tuple[str, Platform, Reader]]:
    """Return a reader for each plan and place of one platform that are asked for, with a name.

    Raises RefusedQuestionError for what cannot be asked.
    """
    plans, places = (
        list(dict.fromkeys(filter(None, request.GET.getlist(axis)))) or [""]
        for axis in ("plan", "place")
    )
    found = []
    for plan, place in itertools.islice(itertools.product(plans, places), MOST_SIDE_BY_SIDE):
        query = request.GET.dict() | {"plan": plan, "place": place}
        reader = ReaderForm(query, facts).reader()
        of_place = place_label(reader.place) if reader.place else ""
        named = [each for each in (reader.plan, of_place) if each]
        found.append((in_parentheses(platform.name, named), platform, reader))
    return found


@program_file(reads=_PARAMS)
@takes_no_plan_as_text
def compare_csv(request: HttpRequest) -> HttpResponse:
    """The training uses of the chosen platforms, with the columns of the matrix."""
    chosen, unknown = _chosen(request.GET.getlist("p"))
    if unknown:
        return refused(request, f"p: we watch no platform “{unknown[0]}”.")
    asked = request.GET.copy()
    asked.pop("p", None)
    filters = MatrixFilters(asked)
    if refusal := refused_filters(request, filters):
        return refusal
    return csv_response("compared", MATRIX_COLUMNS, matrix_records(_matrix_of(chosen, filters)))


def _chosen(asked: Sequence[str]) -> tuple[list[Platform], list[str]]:
    """Return the platforms with these slugs or names, each once, and what names none."""
    listed = listed_platforms()
    by_slug = {each.slug: each for each in listed}
    found: dict[int, Platform] = {}
    unknown = []
    for text in asked:
        if not text.strip():
            continue
        platform = by_slug.get(text) or exactly_named(words(text), listed) or _meant(text, listed)
        if platform:
            found[platform.pk] = platform
        else:
            unknown.append(text[:80])
    return list(found.values()), unknown


def _meant(text: str, listed: Sequence[Platform]) -> Platform | None:
    """Return the one platform that a name with slips or further words means; None without one."""
    meant = [each for name in read_names(text[:80], listed) for each in name.platforms]
    return meant[0] if len(meant) == 1 else None


@dataclass(frozen=True, slots=True)
class SuggestedSet:
    """Platforms that people weigh against each other, and the address of the comparison."""

    words: str
    address: str


def suggested_sets(kept: Sequence[tuple[str, str]]) -> list[SuggestedSet]:
    """Return comparisons to begin with, for the same reader. Sets are in compare_sets.yaml."""
    by_slug = {each.slug: each for each in listed_platforms()}
    sets = [[by_slug[slug] for slug in slugs if slug in by_slug] for slugs in _SETS]
    return [
        SuggestedSet(", ".join(each.name for each in found), _address(found, kept))
        for found in sets
        if len(found) > 1
    ]


def _address(platforms: Sequence[Platform], kept: Sequence[tuple[str, str]]) -> str:
    """Return the query of the page about these platforms, for the same reader."""
    query = urlencode([*(("p", each.slug) for each in platforms), *kept])
    return f"?{query}" if query else ""


def _matrix_of(platforms: Sequence[Platform], filters: MatrixFilters) -> Matrix:
    day = up_to_today(filters.day(timezone.localdate()))
    return build_matrix(platforms, facts_of(platforms), filters, day)


def _side_by_side(
    asking: Sequence[tuple[str, Platform, Reader]],
    facts: Mapping[int, PlatformFacts],
    form: ReaderForm,
    request: HttpRequest,
) -> tuple[list[Column], list[KindRow]]:
    day = form.day() or timezone.localdate()
    filters = MatrixFilters(request.GET)
    guides = best_guides(all_guide_lines())
    columns = []
    for name, each, reader in asking:
        answer = verdict(facts[each.pk], reader.on(day))
        line = next(iter(build_matrix([each], facts, filters, day, reader).lines), None)
        buttons = way_buttons(facts[each.pk], answer, guides)
        columns.append(Column(name, each, reader, answer, line, buttons))
    known = {kind for each in columns if each.line for kind in each.line.kinds}
    rows = [
        KindRow(kind, [(each, each.line.cell_of(kind) if each.line else None) for each in columns])
        for kind in DataKind
        if kind in known
    ]
    return columns, rows
