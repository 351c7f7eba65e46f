"""Why a suggestion says what it says, in words that a curator can check."""

from collections.abc import Iterator, Sequence

from consent.classification.comparing import Delta
from consent.classification.deciding import Verdict, conflicts
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
    """Return the steps: what each text holds, what follows, which rules agree, what was read."""
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
        for one in fired:
            if one.effect == effect:
                yield one


def _direction(verdict: Verdict) -> Iterator[Fired]:
    own = direction_of(verdict.effects)
    words = f"{verdict.direction}: {verdict.likely[verdict.direction]:.0%} likely"
    if conflicts(verdict):
        words += f"; the effects alone would say {own}"
    yield Fired("direction", "", words)


def _overruled(verdict: Verdict, fired: Sequence[Fired]) -> Iterator[Fired]:
    """Rules that fired and were not followed, so that a curator sees the doubt."""
    told = set()
    for one in fired:
        if one.effect not in verdict.effects and one.effect not in told:
            told.add(one.effect)
            share = verdict.likely[one.effect]
            yield Fired(f"not followed: {one.rule}", "", f"{one.effect}, {share:.0%} likely")


def _readings(delta: Delta, readers: Readers) -> Iterator[Fired]:
    """How sure the reader is of the sentences that changed, and which words it went by."""
    changed = [*(new for _, new in delta.reworded), *delta.added, *delta.removed]
    for one in changed[:MOST_READINGS]:
        if one.seen is not None:
            reasons = ", ".join(
                f"{_plain(name)} {share:+.1f}"
                for name, share in readers(one.language).reasons(one.seen)
            )
            yield Fired("reader", "", f"{one.certainty:.0%} a statement ({reasons}): {_short(one)}")


def _plain(name: str) -> str:
    """Return a feature's name in words: what rules saw, a word before, a heading, or a word."""
    kind, colon, rest = name.partition(":")
    if not colon:
        return f"“{name}”"
    return {"r": rest, "h": f"heading “{rest}”", "p": f"before it “{rest}”"}.get(kind, name)


def _short(one: Statement) -> str:
    return one.words if len(one.words) <= WORDS_SHOWN else one.words[:WORDS_SHOWN] + "…"
