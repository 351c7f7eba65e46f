"""What an entry turned: the states it closed beside the states it opened, setting by setting."""

from collections.abc import Iterable
from dataclasses import dataclass

from consent.models import Entry, State
from consent.vocabulary import StateValue


@dataclass(frozen=True, slots=True)
class Turn:
    """One setting's state before and after an entry; either may be unknown."""

    before: State | None
    after: State | None

    @property
    def state(self) -> State:
        """A state of the setting, for its label and scope."""
        state = self.after or self.before
        if state is None:
            raise ValueError("a turn has a state on at least one side")
        return state


@dataclass(frozen=True, slots=True)
class Values:
    """The states of a turn reduced to their words, for a row of the timeline."""

    before: StateValue | None
    after: StateValue | None


def turns_of(entry: Entry) -> list[Turn]:
    """Pair closed with opened states of one setting. Reads prefetched states only."""
    closed = {state.setting_id: state for state in entry.closed_states.all()}
    opened = {state.setting_id: state for state in entry.opened_states.all()}
    settings = dict.fromkeys([*opened, *closed])
    return [Turn(closed.get(setting), opened.get(setting)) for setting in settings]


def distinct_values(turns: Iterable[Turn]) -> list[Values]:
    """Return what turned, each pair of words once."""
    return list(
        dict.fromkeys(
            Values(
                StateValue(turn.before.value) if turn.before else None,
                StateValue(turn.after.value) if turn.after else None,
            )
            for turn in turns
        )
    )
