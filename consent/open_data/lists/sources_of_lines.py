"""The sources of the lines that answers rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from consent.ledger.answers import Line, Verdict, Word
from consent.ledger.record_fields import Record, source_records
from consent.models import State
from consent.vocabulary import Basis, PublicationStatus


def deciding_lines(answer: Verdict) -> tuple[Line, ...]:
    """Return the lines on which an answer rests, one for each branch."""
    found = (line for each in answer.by_atom.values() for line in each.deciding)
    return tuple({line.key: line for line in found}.values())


class SourcesOfLines:
    """The sources of states, and of the entries that opened them. At most five queries."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._states: dict[int, list[tuple[State, list[Record]]]] = defaultdict(list)
        branches = {line.branch.id for line in lines if line.branch.id}
        if not branches:
            return
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

    def reporters(self, answer: Verdict) -> list[str]:
        """Return everybody who reports what an answer rests on; nobody if it is no report.

        Where a state does not name who says so, these are the publishers of its sources.
        """
        if answer.word != Word.REPORTED:
            return []
        found: list[str] = []
        for line in deciding_lines(answer):
            if line.state and line.state.basis == Basis.REPORTED:
                publishers = [source["publisher"] for source in self.of([line])]
                found += [line.state.said_by] if line.state.said_by else publishers
        return list(dict.fromkeys(found))
