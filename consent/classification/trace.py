"""The trace of a suggestion: its reasons in plain sentences, in the order of the reasoning.

What the page said before and says now, which sentences changed, what follows for each effect and
for the direction, and what was considered but not followed.
"""

from collections.abc import Collection, Iterator, Sequence

from consent.classification.delta import Delta
from consent.classification.effect_choice import Verdict, conflicts
from consent.classification.effect_rules import differences
from consent.classification.effects import direction_of
from consent.classification.help_pages import matched
from consent.classification.position import PURPOSES, USED, Holding, Position, position_of
from consent.classification.position_words import (
    NOTHING,
    clauses_of,
    data_words,
    group_words,
    listed,
    place_words,
)
from consent.classification.sentence_models import ModelOfLanguage
from consent.classification.statements import Statement
from consent.classification.suggestion import Fired

MOST_SENTENCES = 6  # changed sentences that are shown
WORDS_SHOWN = 280  # characters of a sentence
MOST_REASONS = 3
NOTABLE = 0.2  # probability from which an effect that was not chosen is mentioned

CONCLUSIONS = {
    "use-introduced": "The page now says that AI is trained on people’s data. "
    "It did not clearly say this before.",
    "use-removed": "The page no longer says that AI is trained on people’s data.",
    "pledge-added": "The page now promises not to train AI on some data, or not without consent. "
    "It did not promise this before.",
    "pledge-dropped": "A promise not to train AI on people’s data is gone or weaker.",
    "default-on": "The use is now on unless people refuse.",
    "default-off": "The use is now off unless people agree.",
    "opt-out-added": "The page now names a way to refuse. It named none, or not this one, before.",
    "opt-out-removed": "The page no longer names a way to refuse that it named before.",
    "opt-out-changed": "There was a way to refuse and there still is one, but it is a different "
    "one or works differently.",
    "scope-widened": "The page already stated a use. It now covers more: more kinds of data, "
    "people, places or purposes.",
    "scope-narrowed": "The use goes on, but covers less: fewer kinds of data, people, places or "
    "purposes, or there is a new exception.",
    "sharing-widened": "Other companies may now train AI on the data too.",
    "sharing-narrowed": "Other companies may no longer train AI on the data.",
    "retention-changed": "Data for training is now kept for a different time.",
    "wording-only": "Only the words changed. The page says the same about training as before.",
}
DIRECTIONS = {
    "less-control": "less control",
    "more-control": "more control",
    "mixed": "more control in one respect and less in another",
    "neutral": "neither more nor less control",
}


def trace_of(
    delta: Delta, verdict: Verdict, fired: Sequence[Fired], models: ModelOfLanguage, least: float
) -> tuple[Fired, ...]:
    """Return the steps: positions, changed sentences, effects with their rules, direction.

    least: the probability from which an effect is named.
    """
    return (
        *_positions(delta),
        *_sentences(delta, models),
        *_effects(delta, verdict, fired),
        *_direction(verdict),
        *_not_followed(verdict, fired, least),
    )


def _positions(delta: Delta) -> Iterator[Fired]:
    before, after = (clauses_of(position_of(side)) for side in (delta.before, delta.after))
    if before == after:
        same = "; ".join(before) or NOTHING
        yield Fired("position", "", f"Before and now, the page says on the whole: {same}.")
        return
    yield Fired("before", "", f"Before, the page said: {'; '.join(before) or NOTHING}.")
    yield Fired("after", "", f"Now the page says: {'; '.join(after) or NOTHING}.")


def _sentences(delta: Delta, models: ModelOfLanguage) -> Iterator[Fired]:
    """Yield the changed sentences, each with the words that made it a statement on training."""
    changed = [
        *(("reworded", old, new) for old, new in delta.reworded),
        *(("added", None, new) for new in delta.added),
        *(("removed", None, old) for old in delta.removed),
        *(("table row", old, new) for old, new in delta.rows),
        *(("repeated", None, new) for new in delta.repeated),
    ]
    for name, old, new in changed[:MOST_SENTENCES]:
        yield Fired(name, "", f"{_what_changed(name, old, new)} {_reading(new, models)}".strip())
    if len(changed) > MOST_SENTENCES:
        rest = len(changed) - MOST_SENTENCES
        yield Fired("more", "", f"{rest} more sentences about training changed.")


def _what_changed(name: str, old: Statement | None, new: Statement) -> str:
    if old is None:
        opening = {"added": "New sentence", "removed": "Sentence that is gone"}
        return (
            f"{opening.get(name, 'Sentence that now also stands elsewhere')}: {quoted(new.words)}."
        )
    was, now = (old.row, new.row) if name == "table row" else (old.words, new.words)
    if max(len(was), len(now)) <= WORDS_SHOWN:
        return f"Reworded: {quoted(was)} became {quoted(now)}."
    changes = [_replaced(gone, come) for gone, come in differences(was, now)]
    return f"Reworded in {quoted(now)}: {'; '.join(changes[:MOST_SENTENCES])}."


def _replaced(gone: str, come: str) -> str:
    if not gone:
        return f"new are the words {quoted(come)}"
    return f"{quoted(gone)} became {quoted(come)}" if come else f"{quoted(gone)} is gone"


def _reading(statement: Statement, models: ModelOfLanguage) -> str:
    if statement.seen is None:
        return "It stands beside a sentence about training."
    reasons = models(statement.seen.model).reasons(statement.seen)
    told = [words for name, share in reasons if share > 0 and (words := _plain(name, statement))]
    because = listed(list(dict.fromkeys(told))[:MOST_REASONS])
    return f"It is {statement.certainty:.0%} likely to be about training" + (
        f", mainly because of {because}." if because else "."
    )


PLACES = {"h": "in the heading above", "p": "in the sentence before"}
AROUND = {
    "heading on training": "a heading that speaks of training",
    "parent on training": "a heading further above that speaks of training",
    "heading on refusing": "a heading on how to refuse or agree",
    "just before": "a sentence on training just before",
    "shortly before": "a sentence on training shortly before",
    "earlier in section": "a sentence on training earlier in the same section",
}


def _plain(name: str, statement: Statement) -> str:
    """Return a word that the model weighed, with its place; "" for what the rules found."""
    kind, colon, rest = name.partition(":")
    if not colon:
        return quoted(name)
    if kind == "c":
        return _around(rest, statement)
    return f"{quoted(rest)} {PLACES[kind]}" if kind in PLACES else ""


def _around(name: str, statement: Statement) -> str:
    """Return what a help page shows in or around a sentence, in its own words; "" if little."""
    if name in AROUND:
        return AROUND[name]
    seen = statement.seen
    assert seen is not None
    ideas = name.removeprefix("idea ").split(" + ")
    words = [matched(idea, seen.sentence.text, seen.language) for idea in ideas]
    return " together with ".join(map(quoted, dict.fromkeys(words))) if all(words) else ""


def _effects(delta: Delta, verdict: Verdict, fired: Sequence[Fired]) -> Iterator[Fired]:
    before, after = position_of(delta.before), position_of(delta.after)
    for effect in verdict.effects:
        detail = _detail(effect, before, after)
        sentences = f"{CONCLUSIONS[effect]}{f' {detail}' if detail else ''}"
        yield Fired("so", effect, f"{sentences} (Probability: {verdict.likely[effect]:.0%}.)")
        agreeing = {rule.rule: rule for rule in reversed(fired) if rule.effect == effect}
        for name, rule in agreeing.items():
            yield Fired(name, effect, f"{_rule(rule)} agrees, because of {quoted(rule.words)}.")


def _rule(rule: Fired) -> str:
    return f"The rule “{rule.rule.replace('-', ' ')}”"


def _detail(effect: str, before: Position, after: Position) -> str:
    """Return what exactly more or less is covered, if the positions show it."""
    if effect == "scope-widened" and (more := _gained(before, after)):
        return f"New is: {more}."
    if effect == "scope-narrowed" and (less := _gained(after, before)):
        return f"No longer named: {less}."
    return ""


def _gained(before: Position, after: Position) -> str:
    """Return the kinds of data, people and places of uses that only the later position names."""
    gained: list[str] = []
    for purpose in PURPOSES:
        old, new = before.get(purpose, USED) or Holding(), after.get(purpose, USED) or Holding()
        if new.data - old.data:
            gained.append(data_words(new.data - old.data))
        gained += [*group_words(new.people - old.people), *place_words(new.places - old.places)]
    return listed(list(dict.fromkeys(gained)))


def _direction(verdict: Verdict) -> Iterator[Fired]:
    words = (
        f"For people this means {DIRECTIONS[verdict.direction]} "
        f"(probability {verdict.likely[verdict.direction]:.0%})."
    )
    if conflicts(verdict):
        own = DIRECTIONS[direction_of(verdict.effects)]
        words += f" The effects alone would mean {own}, but all that changed was weighed."
    yield Fired("direction", "", words)


def _not_followed(verdict: Verdict, fired: Sequence[Fired], least: float) -> Iterator[Fired]:
    """Yield what was considered and not followed, so that a curator sees the doubt."""
    by_rules = {rule.effect: rule for rule in reversed(fired)}
    for effect in _considered(verdict, by_rules):
        share = verdict.likely[effect]
        reason = (
            f"not likely enough ({share:.0%}; {least:.0%} is asked for)"
            if share < least
            else f"not together with what was concluded ({share:.0%})"
        )
        words = f"Considered, but {reason}: {CONCLUSIONS[effect]}"
        if rule := by_rules.get(effect):
            words += f" {_rule(rule)} speaks for it: {quoted(rule.words)}."
        yield Fired("not followed", "", words)


def _considered(verdict: Verdict, by_rules: Collection[str]) -> list[str]:
    return [
        effect
        for effect in CONCLUSIONS
        if effect not in verdict.effects
        and (effect in by_rules or verdict.likely[effect] >= NOTABLE)
    ]


def quoted(words: str) -> str:
    words = words.strip("#| ")
    short = words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN].rsplit(' ', 1)[0]} …"
    return f"“{short.rstrip('.')}”"
