"""Providers that programs send data to: one record for each plan of kind "api" that is sold.

The answers are those of the verdict, asked with the plan.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.text import slugify

from consent.ledger.answers import BINDING_WAYS, Line, Verdict, Way, WayOut, way_on_record
from consent.ledger.api_plans import api_plans
from consent.ledger.headline_words import (
    headline,
    reason_words,
    short_words_and_doubts,
    since_told,
    speaker_of,
)
from consent.ledger.platform_facts import PlanFacts, PlatformFacts, UseFacts
from consent.ledger.question import Question
from consent.ledger.record_fields import Record, moment
from consent.ledger.verdict import verdict, ways_of_uses
from consent.ledger.verdict_words import act_words
from consent.models import Use
from consent.open_data.lists.pages import watched
from consent.open_data.lists.platforms import part_record, since_record
from consent.open_data.lists.record_addresses import answer_address, named
from consent.open_data.lists.sources_of_lines import SourcesOfLines, deciding_lines
from consent.open_data.lists.ways_out import where_found
from consent.request_parameters import request_parameter
from consent.search.web_addresses import site_of
from consent.vocabulary import GIVING_UP, People, PlanKind, Refuse
from platforms.characters import cleaned
from platforms.models import Platform
from platforms.places import Coverage
from platforms.record_versions import shown_versions


@dataclass(frozen=True, slots=True)
class _Row:
    """A plan with its answer.

    lines: those on which the answer rests. ways: the best first. address: of its page.
    """

    platform: Platform
    facts: PlatformFacts
    plan: PlanFacts
    answer: Verdict
    lines: tuple[Line, ...]
    ways: tuple[Way, ...]
    address: str


def provider_records(day: dt.date, place: str = "") -> Iterator[Record]:
    """Yield the records of a day in the order of their ids. place: a code, or "" for the world."""
    rows = sorted(_rows(day, place), key=_id)
    prefetch_related_objects([row.platform for row in rows], "pages")
    sources = SourcesOfLines(line for row in rows for line in row.lines)
    places = where_found({way.control.key for row in rows for way in row.ways})
    readings = _Readings({line.use.key for row in rows for line in row.lines})
    for row in rows:
        yield cleaned(_record(row, sources, places, readings))


def _rows(day: dt.date, place: str) -> Iterator[_Row]:
    for platform, facts, plan, reader in api_plans(day, place):
        question = reader.on(day)
        answer = verdict(facts, question)
        lines, ways = deciding_lines(answer), _ways_of(facts, answer, question)
        address = answer_address(platform, reader, day)
        yield _Row(platform, facts, plan, answer, lines or answer.lines, ways, address)


def _ways_of(facts: PlatformFacts, answer: Verdict, question: Question) -> tuple[Way, ...]:
    """Return the ways out of the verdict, then others that can take the place of one of them."""
    best = {way.control.key for way in answer.ways}
    uses = [use for use in answer.uses if use.key in _refused_by(answer.ways)]
    found = ways_of_uses(facts, uses, question) if uses else ()
    return (*answer.ways, *(way for way in found if way.control.key not in best))


def _refused_by(ways: Iterable[Way]) -> set[str]:
    return {key for way in ways for key in way.uses}


def _id(row: _Row) -> str:
    return named(row.platform.slug, slugify(row.plan.name))


def _record(
    row: _Row,
    sources: SourcesOfLines,
    places: Mapping[str, Record],
    readings: _Readings,
) -> Record:
    answer, plan = row.answer, row.plan
    ways = [each for way in row.ways for each in _on_surfaces(way, answer, places)]
    parts = [part_record(each, answer) for each in answer.parts]
    return {
        "id": _id(row),
        "platform": row.platform.slug,
        "provider": row.platform.operator,
        "product": row.platform.name,
        "plan": plan.name,
        "plan_aliases": list(plan.aliases),
        "paid": plan.paid,
        "people": answer.people,
        "place": answer.place or None,
        "default": answer.stance,
        "in_words": short_words_and_doubts(answer),
        "headline": headline(answer),
        "reason": answer.reason,
        "reason_in_words": reason_words(answer) or None,
        "parts": parts if len(parts) > 1 else [],
        "way": way_on_record(answer.stance, answer.way),
        "parameter": _parameter(answer, row.ways, places),
        "ways_out": ways,
        "retention": plan.retention,
        "retention_source": plan.retention_source,
        "basis": answer.word,
        "said_by": speaker_of(answer, answer),
        "reporters": sources.reporters(answer),
        "disputed": answer.disputed,
        "since": since_record(answer.since, since_told(answer)),
        **readings.of(row.lines),
        "notes": _notes(row, readings),
        "sources": _own_first(sources.of(row.lines), row.platform),
        "url": row.address,
    }


def _notes(row: _Row, readings: _Readings) -> list[str]:
    """Return the notes on the states that decide, then those on uses that are about programs."""
    of_states = [line.state.note for line in row.lines if line.state]
    uses = {line.use.key: line.use for line in row.lines}
    of_uses = [readings.notes[key] for key, use in uses.items() if _is_of_programs(use, row.facts)]
    return list(dict.fromkeys(note for note in (*of_states, *of_uses) if note))


def _is_of_programs(use: UseFacts, facts: PlatformFacts) -> bool:
    """True if what is said of a use as a whole is said of no plan that people have for themselves.

    Only organisations have plans beside an API that are much like it, such as a contract for more.
    """
    if len(use.branches) == 1:
        return True
    alike = {
        plan.name
        for plan in facts.plans
        if plan.kind == PlanKind.API or set(plan.people) == {People.ORGANISATION}
    }
    return all(branch.plans and alike.issuperset(branch.plans) for branch in use.branches)


def _own_first(sources: Iterable[Record], platform: Platform) -> list[Record]:
    """Return sources with those of the maker before what others write."""
    own = {site_of(url) for url in (platform.homepage, *(p.url for p in platform.pages.all()))}
    return sorted(sources, key=lambda each: site_of(each["url"]) not in own)


def _on_surfaces(way: Way, answer: Verdict, places: Mapping[str, Record]) -> Iterator[Record]:
    """Yield a way once for each surface; once without one if none is on record."""
    control, found = way.control, places[way.control.key]
    for place in found["surfaces"] or [dict.fromkeys(("surface", "path", "deep_link"))]:
        yield {
            "control": control.key,
            "label": control.label or control.name or None,
            "in_words": act_words(control, people=answer.people, operator=answer.operator),
            "uses": list(way.uses),
            "best": way in answer.ways,
            "refuse": control.refuse,
            "gives_up": control.refuse in GIVING_UP,
            "is_parameter": control.refuse == Refuse.SEND_PARAMETER,
            "by": control.by,
            "binding": control.binding,
            "scope": control.act_covers,
            **place,
            "guides": [guide["url"] for guide in found["guides"]],
        }


def _parameter(answer: Verdict, ways: Iterable[Way], places: Mapping[str, Record]) -> Record | None:
    """Return what a request sends along to refuse, surely and alone, all that happens to it."""
    if answer.way not in (*BINDING_WAYS, WayOut.ANYWAY):
        return None
    whole = _refused_by(ways)
    for way in ways:
        is_sure = way.control.binding and way.coverage == Coverage.SURELY and not way.shares
        if way.control.refuse == Refuse.SEND_PARAMETER and is_sure and whole <= set(way.uses):
            for place in places[way.control.key]["surfaces"]:
                if sent := request_parameter(place["path"] or ""):
                    return {"in": sent.place, "name": sent.name, "value": sent.value}
    return None


#: When a page was last read: by a visit, or by a curator.
_READ_AT = ("pages__last_looked_at", "pages__confirmed_by_hand_at")


class _Readings:
    """When the pages that uses rest on were read, and when the records of these uses changed.

    notes: on each use.
    """

    def __init__(self, uses: Collection[str]) -> None:
        self._rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self.notes: dict[str, str] = {}
        fields = ("pk", "slug", "platform__slug", "note", "pages", *_READ_AT)
        for row in Use.objects.published().order_by().values(*fields):
            if (key := named(row["platform__slug"], row["slug"])) in uses:
                self._rows[key].append(row)
                self.notes[key] = row["note"]
        self._watched = watched()
        self._shown = shown_versions(
            "use", {row["pk"] for rows in self._rows.values() for row in rows}
        )

    def of(self, lines: Iterable[Line]) -> Record:
        rows = [row for key in {line.use.key for line in lines} for row in self._rows[key]]
        read = [row[name] for row in rows for name in _READ_AT if row[name]]
        changed = [self._shown[row["pk"]].at for row in rows if row["pk"] in self._shown]
        return {
            "last_checked": moment(max(read, default=None)),
            "watched": any(row["pages"] in self._watched for row in rows),
            "recorded_at": moment(max(changed, default=None)),
        }
