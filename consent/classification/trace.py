"""The trace of a suggestion: its reasons, in words that a curator can check."""

from collections.abc import Iterator, Sequence

from consent.classification.delta import Delta
from consent.classification.effect_choice import Verdict, conflicts
from consent.classification.effects import direction_of
from consent.classification.position import in_words, position_of
from consent.classification.statements import Readers, Statement
from consent.classification.suggestion import Fired

MOST_READINGS = 6
WORDS_SHOWN = 160

IN_WORDS = {
    "use-introduced": "a use that was not stated before",
    "use-removed": "a use that is no longer stated",
    "pledge-added": "a promise not to train",
    "pledge-dropped": "a promise that is gone or weaker",
    "default-on": "on unless people act",
    "default-off": "off unless people agree",
    "opt-out-added": "a way out that was not stated before",
    "opt-out-removed": "a way out that is no longer stated",
    "opt-out-changed": "another way out",
    "scope-widened": "more data, people or purposes",
    "scope-narrowed": "less data, fewer people or purposes",
    "sharing-widened": "others may train too",
    "sharing-narrowed": "others train no longer",
    "retention-changed": "kept for another time",
    "wording-only": "the same in other words",
}


def trace_of(
    delta: Delta, verdict: Verdict, fired: Sequence[Fired], readers: Readers
) -> tuple[Fired, ...]:
    """Return the steps: positions, effects with their rules, direction, readings."""
    return (
        *_positions(delta, verdict),
        *_effects(verdict, fired),
        *_direction(verdict),
        *_overruled(verdict, fired),
        *_readings(delta, readers),
    )


def _positions(delta: Delta, verdict: Verdict) -> Iterator[Fired]:
    before, after = in_words(position_of(delta.before)), in_words(position_of(delta.after))
    if before == after:
        yield Fired("position", "", f"before and after: {before}")
    else:
        yield Fired("position", "", f"before: {before}. After: {after}")


def _effects(verdict: Verdict, fired: Sequence[Fired]) -> Iterator[Fired]:
    for effect in verdict.effects:
        share = f"{verdict.likely[effect]:.0%} likely"
        yield Fired("weighed", effect, f"{IN_WORDS[effect]}: {share}")
        for rule in fired:
            if rule.effect == effect:
                yield rule


def _direction(verdict: Verdict) -> Iterator[Fired]:
    own = direction_of(verdict.effects)
    words = f"{verdict.direction}: {verdict.likely[verdict.direction]:.0%} likely"
    if conflicts(verdict):
        words += f"; the effects alone would say {own}"
    yield Fired("direction", "", words)


def _overruled(verdict: Verdict, fired: Sequence[Fired]) -> Iterator[Fired]:
    """Yield the rules that fired and were not followed, so that a curator sees the doubt."""
    named_effects = set()
    for rule in fired:
        if rule.effect not in verdict.effects and rule.effect not in named_effects:
            named_effects.add(rule.effect)
            share = verdict.likely[rule.effect]
            yield Fired(f"not followed: {rule.rule}", "", f"{rule.effect}, {share:.0%} likely")


def _readings(delta: Delta, readers: Readers) -> Iterator[Fired]:
    """Yield how sure the reader is of each changed sentence, and the words that decided."""
    changed = [*(new for _, new in delta.reworded), *delta.added, *delta.removed]
    for statement in changed[:MOST_READINGS]:
        if statement.seen is not None:
            reasons = ", ".join(
                f"{_plain(name)} {share:+.1f}"
                for name, share in readers(statement.language).reasons(statement.seen)
            )
            yield Fired(
                "reader",
                "",
                f"{statement.certainty:.0%} a statement ({reasons}): {_short(statement)}",
            )


def _plain(name: str) -> str:
    """Return a feature's name in words: a rule's signal, a word before, a heading, or a word."""
    kind, colon, rest = name.partition(":")
    if not colon:
        return f"“{name}”"
    return {"r": rest, "h": f"heading “{rest}”", "p": f"before it “{rest}”"}.get(kind, name)


def _short(statement: Statement) -> str:
    return (
        statement.words
        if len(statement.words) <= WORDS_SHOWN
        else statement.words[:WORDS_SHOWN] + "…"
    )
