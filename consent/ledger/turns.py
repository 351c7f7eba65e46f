"""The states of settings before and after an entry."""

from collections.abc import Iterable
from dataclasses import dataclass

from consent.models import State
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
    """Only the values of a turn's states, for a row of the timeline."""

    before: StateValue | None
    after: StateValue | None


def turns_of(opened: Iterable[State], closed: Iterable[State]) -> list[Turn]:
    """Pair the states an entry closed with those it opened, setting by setting."""
    before = {state.setting_id: state for state in closed}
    after = {state.setting_id: state for state in opened}
    return [Turn(before.get(pk), after.get(pk)) for pk in dict.fromkeys([*after, *before])]


def distinct_values(turns: Iterable[Turn]) -> list[Values]:
    """Return the values of the turns without duplicates."""
    return list(
        dict.fromkeys(
            Values(
                StateValue(turn.before.value) if turn.before else None,
                StateValue(turn.after.value) if turn.after else None,
            )
            for turn in turns
        )
    )
