"""The sources of the lines that answers rest on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from consent.ledger.answers import Line, Verdict, Word
from consent.ledger.record_fields import Record, source_records
from consent.models import State
from consent.vocabulary import Basis, PublicationStatus

#: A state, by its branch, its value and its first day.
_Key = tuple[int, str, dt.date | None]


def deciding_lines(answer: Verdict) -> tuple[Line, ...]:
    """Return the lines on which an answer rests, one for each branch."""
    found = (line for each in answer.by_atom.values() for line in each.deciding)
    return tuple({line.key: line for line in found}.values())


def reported_lines(answer: Verdict) -> list[Line]:
    """Return the lines on which an answer rests that is a report; none of another answer."""
    if answer.word != Word.REPORTED:
        return []
    lines = deciding_lines(answer)
    return [line for line in lines if line.state and line.state.basis == Basis.REPORTED]


class SourcesOfLines:
    """The sources of states, and of the entries that opened them. At most five queries.

    with_passages: as of `source_records`.
    """

    def __init__(self, lines: Iterable[Line], with_passages: bool = True) -> None:
        self._found: dict[_Key | None, list[Record]] = defaultdict(list)
        wanted = {key for line in lines if (key := _state_in(line))}
        if not wanted:
            return
        states = [
            (key, state, entry if status == PublicationStatus.PUBLISHED else None)
            for *row, state, entry, status in State.objects.filter(
                branch__in={branch for branch, _value, _since in wanted}
            ).values_list(
                *("branch_id", "value", "starts_on", "pk", "opened_by_id", "opened_by__status")
            )
            if (key := tuple(row)) in wanted
        ]
        entries = {entry for *_, entry in states if entry}
        own = source_records("state", [state for _key, state, _entry in states], with_passages)
        of_entries = source_records("entry", entries, with_passages)
        for key, state, entry in states:
            self._found[key] += [*own.get(state, []), *of_entries.get(entry or 0, [])]

    def of(self, lines: Iterable[Line]) -> list[Record]:
        """Return the sources of the states that hold in these lines, each address once."""
        found: dict[str, Record] = {}
        for line in lines:
            for source in self._found.get(_state_in(line), ()):
                found.setdefault(source["url"], source)
        return list(found.values())

    def reporters(self, answer: Verdict) -> list[str]:
        """Return everybody who reports what an answer rests on; nobody if it is no report.

        Where a state does not name who says so, these are the publishers of its sources.
        """
        found: list[str] = []
        for line in reported_lines(answer):
            speaker = line.state and line.state.said_by
            found += [speaker] if speaker else (each["publisher"] for each in self.of([line]))
        return list(dict.fromkeys(found))


def _state_in(line: Line) -> _Key | None:
    """Return which state holds in a line; None if none does, or it is no row."""
    if line.state is None or line.branch.id is None:
        return None
    return line.branch.id, line.state.value, line.state.since
