"""Providers that programs send data to: one record for each plan of kind "api" that is sold.

The answers are those of the verdict, asked with the plan.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from consent.ledger.answers import Line, Verdict, way_on_record
from consent.ledger.audiences import is_for, is_sold
from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.headline_words import headline, short_words_and_doubts
from consent.ledger.platform_facts import ControlFacts, PlanFacts, PlatformFacts
from consent.ledger.record_fields import Record, moment, source_records
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import verdict, ways_of_uses
from consent.ledger.verdict_words import act_words
from consent.models import State, Use
from consent.open_data.lists.pages import watched
from consent.open_data.lists.platforms import part_record, said_by, since_record
from consent.open_data.lists.record_addresses import named
from consent.open_data.lists.ways_out import where_found
from consent.request_parameters import request_parameter
from consent.vocabulary import People, PlanKind, PublicationStatus, Refuse
from consent.web.absolute_urls import absolute_url
from platforms.characters import cleaned
from platforms.models import Platform
from platforms.record_versions import shown_versions


@dataclass(frozen=True, slots=True)
class _Row:
    """A plan with its answer. lines: those on which the answer rests."""

    platform: Platform
    facts: PlatformFacts
    plan: PlanFacts
    answer: Verdict
    lines: tuple[Line, ...]
    controls: tuple[ControlFacts, ...]


def provider_records(day: dt.date, place: str = "") -> Iterator[Record]:
    """Yield the records of a day in the order of their ids. place: a code, or "" for the world."""
    rows = sorted(_rows(day, place), key=_id)
    sources = _Sources({line.branch.id for row in rows for line in row.lines if line.branch.id})
    places = where_found({control.key for row in rows for control in row.controls})
    readings = _Readings({line.use.key for row in rows for line in row.lines})
    for row in rows:
        yield cleaned(_record(row, sources, places, readings))


def _rows(day: dt.date, place: str) -> Iterator[_Row]:
    facts_by_key = facts_of_all()
    for platform in listed_platforms():
        facts = facts_by_key[platform.pk]
        for plan in facts.plans:
            if plan.kind != PlanKind.API or not is_sold(plan, day):
                continue
            question = Reader(place, _people(plan), plan.name).on(day)
            answer = verdict(facts, question)
            found = [line for each in answer.by_atom.values() for line in each.deciding]
            lines = {line.key: line for line in found or answer.lines}
            uses = {line.use.key: line.use for line in lines.values()}
            ways = ways_of_uses(facts, list(uses.values()), question) if uses else ()
            controls = tuple(way.control for way in ways)
            yield _Row(platform, facts, plan, answer, tuple(lines.values()), controls)


def _people(plan: PlanFacts) -> People | None:
    """Return who is asked about: organisations where the plan is sold to them."""
    if not plan.people:
        return None
    return People.ORGANISATION if is_for(plan, People.ORGANISATION) else plan.people[0]


def _id(row: _Row) -> str:
    return named(row.platform.slug, slugify(row.plan.name))


def _record(
    row: _Row,
    sources: _Sources,
    places: Mapping[str, Record],
    readings: _Readings,
) -> Record:
    answer, plan = row.answer, row.plan
    states = [line.state for line in row.lines if line.state]
    ways = [way for control in row.controls for way in _ways(control, answer, places[control.key])]
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
        "parts": parts if len(parts) > 1 else [],
        "way": way_on_record(answer.stance, answer.way),
        "parameter": next(filter(None, map(_parameter, ways)), None),
        "ways_out": ways,
        "retention": plan.retention,
        "retention_source": plan.retention_source,
        "basis": answer.word,
        "said_by": said_by(answer, answer),
        "disputed": any(state.disputed for state in states),
        "since": since_record(answer.since),
        **readings.of(row.lines),
        "notes": list(dict.fromkeys(state.note for state in states if state.note)),
        "sources": sources.of(row.lines),
        "url": absolute_url(row.platform.get_absolute_url()),
    }


def _ways(control: ControlFacts, answer: Verdict, found: Record) -> Iterator[Record]:
    """Yield a control once for each surface; once without one if none is on record."""
    for place in found["surfaces"] or [dict.fromkeys(("surface", "path", "deep_link"))]:
        yield {
            "control": control.key,
            "label": control.label or control.name or None,
            "in_words": act_words(control, people=answer.people, operator=answer.operator),
            "refuse": control.refuse,
            "is_parameter": control.refuse == Refuse.SEND_PARAMETER,
            "by": control.by,
            "binding": control.binding,
            "scope": control.act_covers,
            **place,
            "guides": [guide["url"] for guide in found["guides"]],
        }


def _parameter(way: Record) -> Record | None:
    sent = request_parameter(way["path"] or "") if way["is_parameter"] else None
    return {"in": sent.place, "name": sent.name, "value": sent.value} if sent else None


class _Sources:
    """The sources of states, and of the entries that opened them."""

    def __init__(self, branches: Collection[int]) -> None:
        self._states: dict[int, list[tuple[State, list[Record]]]] = defaultdict(list)
        states = list(State.objects.filter(branch__in=branches).select_related("opened_by"))
        own = source_records("state", [state.pk for state in states])
        entries = {
            state.opened_by_id
            for state in states
            if state.opened_by and state.opened_by.status == PublicationStatus.PUBLISHED
        }
        of_entries = source_records("entry", [key for key in entries if key])
        for state in states:
            found = [*own.get(state.pk, []), *of_entries.get(state.opened_by_id or 0, [])]
            self._states[state.branch_id].append((state, found))

    def of(self, lines: Iterable[Line]) -> list[Record]:
        """Return the sources of the states that hold in these lines, each address once."""
        found: dict[str, Record] = {}
        for line in lines:
            if line.state is None or line.branch.id is None:
                continue
            for state, sources in self._states[line.branch.id]:
                if (state.value, state.starts_on) == (line.state.value, line.state.since):
                    for source in sources:
                        found.setdefault(source["url"], source)
        return list(found.values())


#: When a page was last read: by a visit, or by a curator.
_READ_AT = ("pages__last_looked_at", "pages__confirmed_by_hand_at")


class _Readings:
    """When the pages that uses rest on were read, and when the records of these uses changed."""

    def __init__(self, uses: Collection[str]) -> None:
        self._rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        fields = ("pk", "slug", "platform__slug", "pages", *_READ_AT)
        for row in Use.objects.published().order_by().values(*fields):
            if (key := named(row["platform__slug"], row["slug"])) in uses:
                self._rows[key].append(row)
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
