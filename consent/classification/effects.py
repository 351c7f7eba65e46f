"""What the difference between two sets of statements does to people's consent."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from consent.classification.comparing import Delta
from consent.classification.statements import Statement
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


def effects_of(delta: Delta) -> tuple[Fired, ...]:
    """Return every rule that fires on the difference, with its effect and its words."""
    fired = [
        *_use(delta),
        *_pledges(delta),
        *_controls(delta),
        *_sharing(delta),
        *_scope(delta),
        *_retention(delta),
    ]
    if not fired and delta.changed:
        fired.extend(_wording(delta))
    return tuple(fired)


def named(fired: tuple[Fired, ...]) -> tuple[str, ...]:
    """Return the effects that fired, in the order of the closed list."""
    effects = {one.effect for one in fired}
    return tuple(effect for effect in EFFECTS if effect in effects)


def direction_of(effects: tuple[str, ...]) -> str:
    """Return which way the effects point, seen from the person."""
    less = LESS.intersection(effects)
    more = MORE.intersection(effects)
    if less and more:
        if "default-on" in less and ("use-introduced" in less or "sharing-widened" in less):
            return "less-control"
        if less <= {"default-on"}:
            return "more-control"
        return "mixed"
    if less:
        return "less-control"
    return "more-control" if more else "neutral"


def _uses(statements: tuple[Statement, ...]) -> list[Statement]:
    return [one for one in statements if one.uses]


def _denials(statements: tuple[Statement, ...]) -> list[Statement]:
    return [one for one in statements if one.kind == "use" and one.denies]


def _controlled(statements: tuple[Statement, ...]) -> list[Statement]:
    return [one for one in statements if one.control != "none" and not one.denies]


def _use(delta: Delta) -> Iterator[Fired]:
    before, after = _uses(delta.before), _uses(delta.after)
    added, removed = _uses(delta.added), _uses(delta.removed)
    if added and not before:
        for one in added:
            yield Fired("use-where-none-was", "use-introduced", one.words)
    elif added and not removed:
        for one in added:
            yield Fired("one-more-use", "scope-widened", one.words)
    if removed and not after:
        for one in removed:
            yield Fired("use-no-longer-stated", "use-removed", one.words)
    elif removed and not added:
        for one in removed:
            yield Fired("one-use-less", "scope-narrowed", one.words)
    for old, new in delta.reworded:
        if old.denies and new.uses:
            yield Fired("denial-became-use", "use-introduced", new.words)
            yield Fired("denial-became-use", "pledge-dropped", old.words)
        elif old.uses and new.denies:
            yield Fired("use-became-denial", "use-removed", old.words)
            yield Fired("use-became-denial", "pledge-added", new.words)


def _pledges(delta: Delta) -> Iterator[Fired]:
    added, removed = _denials(delta.added), _denials(delta.removed)
    if added and not removed:
        for one in added:
            yield Fired("new-denial", "pledge-added", one.words)
    if removed and not added:
        for one in removed:
            yield Fired("denial-gone", "pledge-dropped", one.words)


def _controls(delta: Delta) -> Iterator[Fired]:
    before, after = _controlled(delta.before), _controlled(delta.after)
    added, removed = _controlled(delta.added), _controlled(delta.removed)
    if added and not before:
        for one in added:
            yield Fired("control-where-none-was", "opt-out-added", one.words)
    elif removed and not after:
        for one in removed:
            yield Fired("control-gone", "opt-out-removed", one.words)
    elif added or removed:
        for one in added or removed:
            yield Fired("control-reworded", "opt-out-changed", one.words)
    for default in ("on", "off"):
        was = any(one.default == default for one in delta.before)
        now = [one for one in delta.after if one.default == default]
        if now and not was:
            yield Fired("default-stated", f"default-{default}", now[0].words)


def _sharing(delta: Delta) -> Iterator[Fired]:
    before = [one for one in _uses(delta.before) if one.actor != "service"]
    after = [one for one in _uses(delta.after) if one.actor != "service"]
    if after and not before:
        yield Fired("others-may-train", "sharing-widened", after[0].words)
    elif before and not after:
        yield Fired("others-no-longer-train", "sharing-narrowed", before[0].words)


def _scope(delta: Delta) -> Iterator[Fired]:
    for old, new in delta.reworded:
        if old.denies or new.denies:
            continue
        wider = [kind for kind in new.data if kind not in old.data]
        narrower = [kind for kind in old.data if kind not in new.data]
        if wider and not narrower:
            yield Fired("more-kinds-of-data", "scope-widened", ", ".join(wider))
        elif narrower and not wider:
            yield Fired("fewer-kinds-of-data", "scope-narrowed", ", ".join(narrower))


def _retention(delta: Delta) -> Iterator[Fired]:
    for one in delta.added:
        if one.retention and one.uses:
            yield Fired("retention-stated", "retention-changed", one.words)


def _wording(delta: Delta) -> Iterator[Fired]:
    for old, new in delta.reworded:
        matcher = SequenceMatcher(None, old.words.split(), new.words.split(), autojunk=False)
        changed = [
            " ".join(new.words.split()[j1:j2] or old.words.split()[i1:i2])
            for tag, i1, i2, j1, j2 in matcher.get_opcodes()
            if tag != "equal"
        ]
        yield Fired("reworded", "wording-only", "; ".join(changed)[:200])
    for one in (*delta.added, *delta.removed):
        yield Fired("said-differently", "wording-only", one.words)
