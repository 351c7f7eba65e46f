"""Timeline and change page."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from consent.ledger.counts import events_of_year, ways_of_telling, year_counts, years_of_events
from consent.ledger.dates import Dated, ListedBy, due_date, leading_date
from consent.ledger.facts import facts_of
from consent.ledger.figures import figures_on
from consent.ledger.filters import ACTS_ON_TRAINING, TimelineFilters, address
from consent.ledger.guide_lines import guide_lines
from consent.ledger.revisions import revisions_of
from consent.ledger.turns import (
    Turning,
    changes_of_platforms,
    platforms_of,
    turns_of,
    with_ways,
)
from consent.models import Entry, Guide
from consent.public.json_ld import article, timeline_dataset
from consent.public.questions.firsts import TurnedOn, turned_on_in
from consent.public.questions.question_refusal import takes_no_plan
from consent.public.rows import DrawnRow, by_month, cut, rows_of
from consent.public.share_image.captions import change_card, timeline_card, year_card
from consent.public.timeline.citation import citation_of
from consent.public.timeline.histogram import histogram
from consent.public.timeline.page_diffs import compared_pages
from consent.public.timeline.presets import presets
from consent.vocabulary import DataKind, Effect, PublicationStatus, Told, Topic
from consent.web.absolute_urls import absolute_url
from consent.web.fragments import varies_by_fragment, wants_fragment
from consent.web.page_cache import public_page
from consent.web.program_files import program_file, refused_filters
from consent.web.redirects import redirect_to_moved
from consent.web.spreadsheets import csv_response
from platforms.days import end_of_month
from platforms.models import Platform

#: On top of the timeline; more would push what has happened out of sight. Chosen.
MOST_UPCOMING = 20
_TURNED_ON = f"turned={Turning.ON.value}"


@require_safe
@public_page(reads=TimelineFilters.params(), names_unknown=True)
@partial(takes_no_plan, takes_day=False)
def timeline(request: HttpRequest) -> HttpResponse:
    filters = TimelineFilters(request.GET)
    cursor = request.GET.get("older", "")
    after = Entry.objects.on_record().filter(public_id=cursor).first() if cursor else None
    context = _rows(filters, after)
    part = wants_fragment(request)
    if part and after is not None:
        response = render(request, "timeline/_months.html", context)
    else:
        context |= _view(filters, after) | {"lost": bool(cursor) and after is None}
        template = "timeline/_filtered.html" if part else "timeline/timeline.html"
        response = render(request, template, context)
    if part and after is None:
        response["HX-Push-Url"] = address(reverse("timeline"), filters.query())
        if cursor:
            # Asked for rows to add to a list that cannot be gone on with: show it from the top.
            response["HX-Retarget"], response["HX-Reswap"] = "#results", "outerHTML"
    varies_by_fragment(response)
    return response


def _rows(filters: TimelineFilters, after: Entry | None) -> dict[str, Any]:
    """The rows of one page of the timeline: of its beginning, or of what comes after an entry."""
    by, dated = filters.listed_by(), filters.chosen().get("by", "")
    entries = filters.shown()
    pinned = _pinned(filters)
    unpinned = entries.exclude(pk__in=pinned).newest_first(by)
    page = cut(unpinned.older_than(after, by) if after else unpinned)
    upcoming, rows = rows_of([] if after else pinned, page.entries, dated=dated, after=after)
    last = rows[-1] if page.more and rows else None
    return {
        "upcoming": upcoming,
        "months": by_month(rows, after=leading_date(after, dated) if after else None),
        "older_after": last,
        "older_address": _older_address(filters, last),
        "after": after,
    }


def _pinned(filters: TimelineFilters) -> list[int]:
    """Return the keys of what is to take effect, the nearest first.

    They are on top of the first page, and not among the months. None where a view lists entries by
    the day on which we saw or published them.
    """
    if filters.chosen().get("by", ListedBy.EFFECTIVE) != ListedBy.EFFECTIVE:
        return []
    upcoming = filters.shown().upcoming(timezone.localdate())
    return list(upcoming.reverse().pks()[:MOST_UPCOMING])


def _older_address(filters: TimelineFilters, last: DrawnRow | None) -> str:
    """Return the page of the view after an entry; empty if there is none."""
    if last is None:
        return ""
    asked = filter(None, [filters.query(), f"older={last.public_id}"])
    return address(reverse("timeline"), "&".join(asked))


def _view(filters: TimelineFilters, after: Entry | None) -> dict[str, Any]:
    """What a page of the timeline says of the view as a whole."""
    chosen = filters.chosen()
    query = filters.query()
    months = filters.per_month()
    acts_on_training = filters.acts_on_training()
    whole = not (chosen.get("since") or chosen.get("until"))
    count = sum(months.values()) if whole else filters.shown().count()
    turned = chosen.get("turned") == Turning.ON
    return {
        "today": timezone.localdate(),
        "section": "timeline",
        "filters": filters,
        "reader": filters.reader(),
        "problems": filters.problems(),
        "active": filters.active(),
        "presets": presets(filters),
        "count": count,
        "counted": changes_of_platforms(count, platforms_of(filters.shown())) if turned else "",
        **(_turned_on(filters)._asdict() if turned and not after else {}),
        "hidden_wording": filters.hidden_wording().count(),
        "hidden_topic": filters.hidden_topic().count(),
        "only_wording": filters.query(kind=Effect.WORDING_ONLY.value),
        "only_other": filters.query(topic=Topic.OTHER.value),
        "acts_on_training": acts_on_training.count() if acts_on_training is not None else None,
        "only_on_training": filters.query(topic=ACTS_ON_TRAINING),
        "told": ways_of_telling() if query in ("", _TURNED_ON) and not after else None,
        "histogram": None if after else histogram(filters, months),
        "card": timeline_card(),
        "structured": timeline_dataset(months),
        "query": query,
    }


def _turned_on(filters: TimelineFilters) -> TurnedOn:
    """Return who began in the time of a view of what was turned on, if it is not narrower."""
    chosen = filters.chosen()
    if {*chosen} - {"turned", "since", "until", "place"}:
        return TurnedOn(None, ())
    today = timezone.localdate()
    last = min(chosen.get("until") or today, today)
    dated = platforms_of(filters.shown())
    return turned_on_in(chosen.get("since"), last, chosen.get("place", ""), dated)


@program_file(reads=TimelineFilters.base_fields)
def months_csv(request: HttpRequest) -> HttpResponse:
    """How many changes of a view each month has, whatever span of days it asks for."""
    filters = TimelineFilters(request.GET)
    if refusal := refused_filters(request, filters):
        return refusal
    counts = sorted(filters.per_month().items())
    records = ({"month": f"{first:%Y-%m}", "entries": count} for first, count in counts)
    return csv_response("months", ("month", "entries"), records)


@require_safe
@public_page()
def year(request: HttpRequest, number: int) -> HttpResponse:
    """The changes of a year with their figures, at an address to cite."""
    years = years_of_events()
    if number not in years:
        raise Http404
    first, last = dt.date(number, 1, 1), dt.date(number, 12, 31)
    return render(
        request,
        "timeline/year.html",
        {
            "section": "timeline",
            "year": number,
            "card": year_card(number),
            "years": years,
            "counts": year_counts(number),
            "figures": figures_on(min(last, timezone.localdate())),
            "months": _drawn_months(number),
            "span": f"since={first}&until={last}",
            "is_over": timezone.localdate() > last,
            "today": timezone.localdate(),
            "address": absolute_url(request.path),
        },
    )


#: Most changes that the page of a year lists of one month; the timeline has all of them. Chosen:
#: more than any month had so far, and few enough to draw the page in a fifth of a second.
MOST_OF_MONTH = 60
#: Most changes of a year whose months are open on a phone. Chosen: about three screens.
_MOST_OPEN = 20


@dataclass(frozen=True, slots=True)
class _Month:
    """The latest changes of a month in brief, each with the date that it is listed under."""

    first: dt.date
    count: int
    entries: list[tuple[Entry, Dated | None]]

    @property
    def anchor(self) -> str:
        return f"m{self.first:%Y-%m}"

    @property
    def span(self) -> str:
        """The month as a filter of the timeline."""
        return f"since={self.first}&until={end_of_month(self.first)}"


def _drawn_months(number: int) -> SafeString:
    months = _months_of(number)
    chart = histogram(TimelineFilters({}), {month.first: month.count for month in months})
    context = {
        "months": months,
        "year": chart.years[0] if chart else None,
        "all_open": sum(month.count for month in months) <= _MOST_OPEN,
    }
    return SafeString(render_to_string("timeline/_year_months.html", context))


def _months_of(number: int) -> list[_Month]:
    """Return the months of a year that have changes, the latest first."""
    months: dict[dt.date, list[int]] = defaultdict(list)
    ordered = events_of_year(number).newest_first().values_list("pk", "timeline_on")
    for pk, day in ordered:
        if day:
            months[day.replace(day=1)].append(pk)
    listed = {first: pks[:MOST_OF_MONTH] for first, pks in months.items()}
    entries = Entry.objects.in_bulk([pk for pks in listed.values() for pk in pks])
    return [
        _Month(
            first,
            len(months[first]),
            [(entries[pk], leading_date(entries[pk])) for pk in pks],
        )
        for first, pks in listed.items()
    ]


@require_safe
def change_by_id(request: HttpRequest, public_id: str) -> HttpResponse:
    """Redirect from the permanent short address of a change, for citations."""
    entry = get_object_or_404(Entry.objects.on_record(), public_id=public_id)
    return redirect_to_moved(request, entry)


@program_file()
def change_ris(request: HttpRequest, public_id: str) -> HttpResponse:
    """The citation of a change as a file for reference managers."""
    entry = get_object_or_404(Entry.objects.published(), public_id=public_id)
    response = HttpResponse(
        citation_of(entry).ris, content_type="application/x-research-info-systems; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="default-on-{public_id}.ris"'
    return response


@require_safe
@public_page(reads=("view", "part"))
def change(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.on_record().for_change_page(), public_id=public_id)
    if slug != entry.slug:
        return redirect_to_moved(request, entry)
    if entry.status == PublicationStatus.RETRACTED:
        context = {"entry": entry, "revisions": revisions_of(entry)}
        return render(request, "timeline/retracted.html", context, status=410)
    platforms = list(entry.platforms.all())
    turns = turns_of([entry])[entry.pk]
    card = change_card(entry, turns)
    pages = compared_pages(entry, request.GET.get("view", ""), request.GET.get("part", ""))
    older, newer = _neighbours(entry, platforms)
    return render(
        request,
        "timeline/change.html",
        {
            "section": "timeline",
            "card": card,
            "structured": article(entry, card),
            "entry": entry,
            "platforms": platforms,
            "date": leading_date(entry),
            "due": due_date(entry),
            "data_kinds": [DataKind(kind) for kind in entry.data_kinds],
            "told_labels": [Told(way).label for way in entry.told],
            "effects": [Effect(effect) for effect in entry.effects],
            "turns": with_ways(turns, facts_of({turn.use.platform for turn in turns})),
            "guides": guide_lines(Guide.objects.published().of_entry(entry)),
            "pages": pages,
            "today": timezone.localdate(),
            "revisions": revisions_of(entry),
            "citation": citation_of(entry),
            "wide": any(page.view == "side" for page in pages),
            "in_parts": any(page.part_count > 1 for page in pages),
            "newer": newer,
            "older": older,
        },
    )


def _neighbours(entry: Entry, platforms: Sequence[Platform]) -> tuple[Entry | None, Entry | None]:
    """Return the entries before and after one among those of its platforms, with one query."""
    siblings = Entry.objects.published().filter(platforms__in=platforms)
    older = siblings.older_than(entry).newest_first().pks()[:1]
    newer = siblings.newer_than(entry).newest_first().reverse().pks()[:1]
    found = Entry.objects.filter(Q(pk=Subquery(older)) | Q(pk=Subquery(newer)))
    # The timeline has the newest first, and of one day the least key.
    ordered = sorted([*found, entry], key=lambda each: each.key)
    ordered.sort(key=lambda each: each.timeline_on or dt.date.min, reverse=True)
    at = ordered.index(entry)
    return (
        ordered[at + 1] if at + 1 < len(ordered) else None,
        ordered[at - 1] if at else None,
    )
