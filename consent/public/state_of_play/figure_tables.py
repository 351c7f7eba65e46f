"""The tables behind the figures, as CSV. Columns have the names of the API's fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from consent.ledger.counts import effort_to_refuse, events
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.figures import FIGURE_COLUMNS, course_until, figure_records, figures_on
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.published_figures import figures_as_published
from consent.ledger.record_fields import Record, moment
from consent.ledger.robots import robots_files
from consent.public.pictures.heat import quarters_until
from consent.public.questions.day_form import DayForm
from consent.public.state_of_play.figures import class_steps, latest_turned_on, states_of
from consent.vocabulary import Direction
from consent.web.program_files import program_file, refused
from consent.web.spreadsheets import csv_response
from platforms.days import EARLIEST
from platforms.models import Page
from platforms.vocabulary import PageKind

_CRAWLER_COLUMNS = (
    *("platform", "address", "last_read_at", "crawler", "operator", "purpose", "access", "named"),
)


def _turned_on(today: dt.date) -> Iterator[Record]:
    for state in latest_turned_on(today):
        use = state.branch.use
        yield {
            "platform": use.platform.slug,
            "use": f"{use.platform.slug}/{use.slug}",
            "title": use.title,
            "value": state.value,
            "value_today": state.value_today,  # type: ignore[attr-defined] # annotated
            "starts.value": state.starts_on,
            "starts.precision": state.starts_precision,
            "since_is": state.since_is,
        }


def _classes_by_month(today: dt.date) -> Iterator[Record]:
    steps = class_steps(today)
    for month in steps.months if steps else ():
        for each, platforms in month.by_class.items():
            yield {
                "month": f"{month.last:%Y-%m}",
                "asof": month.last,
                "class": each.value,
                "platforms": platforms,
                "on_record": month.on_record,
            }


def _platforms_over_time(today: dt.date) -> Iterator[Record]:
    """A line for each time in which the figures say the same of a platform.

    from_is: whether it began on that day; none where no state did.
    """
    for facts in facts_of_all().values():
        spells = course_until(facts, today)
        starts = {state.since: state.since_is.value for state in states_of(facts)}
        for spell, following in zip_longest(spells, spells[1:]):
            yield {
                "platform": facts.slug,
                "from": None if spell.since == EARLIEST else spell.since,
                "from_is": starts.get(spell.since),
                "until": following.since if following else None,
                "class": spell.judged.training_class.value,
                "on_record": "true" if spell.judged.is_on_record else "false",
                "no_way_out": "true" if spell.judged.no_way_out else "false",
            }


def _changes_by_quarter(today: dt.date) -> Iterator[Record]:
    """All platforms with a change in these quarters, not only those that are drawn."""
    quarters = quarters_until(today)
    platforms = listed_platforms()
    counted = events().between(quarters[0], today).per_quarter_of(platforms)
    slugs = {platform.pk: platform.slug for platform in platforms}
    ordered = sorted(counted.items(), key=lambda item: (slugs[item[0][0]], item[0][1:]))
    for (platform, quarter, direction), count in ordered:
        yield {
            "platform": slugs[platform],
            "quarter": f"{quarter:%Y}-Q{(quarter.month + 2) // 3}",
            "direction": Direction(direction).value,
            "entries": count,
        }


def _notice(today: dt.date) -> Iterator[Record]:
    """All changes with both days on record, not only the latest ones."""
    for entry in events().with_notice().order_by("-effective_on", "key"):
        effective = entry.effective_on
        yield {
            "id": entry.public_id,
            "title": entry.title,
            "announced.value": entry.told_on,
            "effective.value": effective,
            "days": (effective - entry.told_on).days if effective else None,
        }


def _frictions(today: dt.date) -> Iterator[Record]:
    for line in effort_to_refuse(all_guide_lines()).lines:
        yield {
            "id": line.guide.slug,
            "platform": line.guide.platform.slug,
            "acts": line.acts,
            "frictions": [friction.value for friction in line.frictions],
        }


_YES_OR_NO = ("true", "false")
_Records = Callable[[dt.date], Iterable[Record]]
#: The figures by the name in their address, each with its columns.
FIGURES: Mapping[str, tuple[tuple[str, ...], _Records]] = {
    "turned-on": (
        (
            *("platform", "use", "title", "value", "value_today"),
            *("starts.value", "starts.precision", "since_is"),
        ),
        _turned_on,
    ),
    "platforms-over-time": (
        ("platform", "from", "from_is", "until", "class", "on_record", "no_way_out"),
        _platforms_over_time,
    ),
    "classes-by-month": (
        ("month", "asof", "class", "platforms", "on_record"),
        _classes_by_month,
    ),
    "changes-by-quarter": (("platform", "quarter", "direction", "entries"), _changes_by_quarter),
    "notice": (("id", "title", "announced.value", "effective.value", "days"), _notice),
    "frictions": (("id", "platform", "acts", "frictions"), _frictions),
}


@program_file()
def figure_csv(request: HttpRequest, figure: str) -> HttpResponse:
    """The numbers of one figure."""
    if figure not in FIGURES:
        raise Http404
    columns, records = FIGURES[figure]
    return csv_response(figure, columns, records(timezone.localdate()))


@program_file(reads=("asof", "as_published"))
def figures_csv(request: HttpRequest) -> HttpResponse:
    """How many platforms train by default on a day, and which: the records of the API."""
    form, today = DayForm(request.GET), timezone.localdate()
    day = form.day() or today
    if not form.is_valid() or day > today:
        return refused(request, "asof: give a day up to today, such as 2024-07-26.")
    as_published = request.GET.get("as_published", "")
    if as_published not in ("", *_YES_OR_NO):
        return refused(request, "as_published: no such value.", allowed=_YES_OR_NO)
    figures = figures_on(day) if as_published == "false" else figures_as_published(day)
    return csv_response("figures", FIGURE_COLUMNS, figure_records(figures))


@program_file(reads=("platform",))
def crawlers_csv(request: HttpRequest) -> HttpResponse:
    """What the robots.txt files of all platforms, or of one, let AI crawlers do."""
    platforms = listed_platforms()
    if slug := request.GET.get("platform"):
        platforms = [each for each in platforms if each.slug == slug]
        if not platforms:
            return refused(request, "platform: we watch no platform of this id.")
    pages = Page.objects.living().filter(kind=PageKind.ROBOTS, platform__in=platforms)
    records = _crawlers(list(pages.select_related("platform").order_by("platform__slug", "url")))
    return csv_response(f"{slug}-crawlers" if slug else "crawlers", _CRAWLER_COLUMNS, records)


def _crawlers(pages: Sequence[Page]) -> Iterator[Record]:
    files = {file.page.pk: file for file in robots_files(pages)}
    for page in pages:
        file = files[page.pk]
        for line in file.lines:
            yield {
                "platform": page.platform.slug,
                "address": page.url,
                "last_read_at": moment(file.read_at),
                "crawler": line.rule.crawler.name,
                "operator": line.rule.crawler.owner,
                "purpose": line.rule.crawler.purpose.value,
                "access": line.rule.access.value,
                "named": "true" if line.rule.named else "false",
            }
