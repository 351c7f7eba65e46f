"""The closed list of effects, and the direction that they make together."""

from collections.abc import Collection

from consent.classification.suggestion import Fired

EFFECTS = (
    "use-introduced",
    "use-removed",
    "pledge-added",
    "pledge-dropped",
    "default-on",
    "default-off",
    "opt-out-added",
    "opt-out-removed",
    "opt-out-changed",
    "scope-widened",
    "scope-narrowed",
    "sharing-widened",
    "sharing-narrowed",
    "retention-changed",
    "wording-only",
)
LESS = {
    "use-introduced",
    "pledge-dropped",
    "scope-widened",
    "default-on",
    "opt-out-removed",
    "sharing-widened",
}
MORE = {
    "use-removed",
    "pledge-added",
    "scope-narrowed",
    "default-off",
    "opt-out-added",
    "sharing-narrowed",
}


def named(fired: tuple[Fired, ...]) -> tuple[str, ...]:
    """Return the effects that fired, in the order of the closed list."""
    return in_order({effect.effect for effect in fired})


def in_order(effects: Collection[str]) -> tuple[str, ...]:
    """Return effects in the order of the closed list."""
    return tuple(effect for effect in EFFECTS if effect in effects)


def direction_of(effects: tuple[str, ...]) -> str:
    """Return whether people gain or lose control by these effects."""
    less = set(LESS.intersection(effects))
    gives_control = set(MORE.intersection(effects))
    if "use-removed" in gives_control:
        less -= {"opt-out-removed"}  # no use is left to opt out of
    if "pledge-dropped" in less:
        gives_control -= {"default-off"}  # a default is weaker than the promise it replaced
    if less and gives_control:
        if "default-on" in less and ("use-introduced" in less or "sharing-widened" in less):
            return "less-control"
        if less <= {"default-on"}:
            return "more-control"
        return "mixed"
    if less:
        return "less-control"
    return "more-control" if gives_control else "neutral"
