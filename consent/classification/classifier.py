"""Compares two texts of a page and suggests what the change does."""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import prod

from consent.classification.catalog_match import Catalog, concerned
from consent.classification.change_features import features_of_change
from consent.classification.confidence import (
    EFFECT,
    HEADLINE,
    bounded,
    calibrated,
    confidence_in_silence,
    features_of,
    is_relevant,
    likelihood,
)
from consent.classification.dates import dates_of_change
from consent.classification.delta import Delta, compare, without_doubtful
from consent.classification.effect_choice import (
    IN_DOUBT,
    LIKELY,
    Verdict,
    heeding_acts,
    heeding_names,
    heeding_rules,
    verdict,
    votes_as_features,
)
from consent.classification.effect_rules import effects_of
from consent.classification.effects import EFFECTS, named
from consent.classification.learned import Weights, shipped
from consent.classification.links import leads_out, of_moved_links, passages_of
from consent.classification.page_statements import both_help_pages, read_statements, terms_in
from consent.classification.position import USED, purpose_of, stance_of
from consent.classification.scope import Context, compared, is_partial, scope_of
from consent.classification.sentence_models import ModelOfLanguage, shipped_model
from consent.classification.statements import Statement
from consent.classification.suggestion import Passage, Reading, Suggestion
from consent.classification.titles import ALL_DATA, Deciding, deciding, draft_title
from consent.classification.trace import trace_of
from consent.diffing import MovedLink

# Confidences and lengths here are chosen by hand.
REPLACED = 0.9  # confidence that nothing changed when a stub replaced the page
IDLE_LINK = 0.7  # confidence when a link moved that is no way to opt out
STUB_LENGTH = 1000  # characters; errors, logins and consent walls are shorter
STUB_SHARE = 0.15  # of the length of the page before
PAGE_LENGTH = 2000  # characters; a shorter page is never taken for replaced
# A policy that is rewritten completely keeps at least a third of its vocabulary, a translation
# nearly nothing. Cases between them are left to the curator.
KEPT_LINES = 0.06
KEPT_WORDS = 0.3
DOUBLED = 0.3  # share of repeated lines; a page that is doubled whole has 0.5
ERROR_LENGTH = 600  # characters in which an error page says that it is one
ERROR = re.compile(
    r"\b(?:error|fehler|erreur) 404\b|\bpage not (?:found|available)\b"
    r"|\bpage (?:\w+ ){0,5}(?:no longer exists|could not be found|has moved)\b",
    re.IGNORECASE,
)
LONG_WORD = re.compile(r"\w{4,}")


def suggest(
    before: str,
    after: str,
    *,
    subject: str = "",
    document: str = "",
    catalog: Catalog | None = None,
    moved_links: Sequence[MovedLink] = (),
    weights: Weights | None = None,
    models: ModelOfLanguage | None = None,
) -> Suggestion:
    """Return what the change between two texts of a page does to people's consent.

    subject: name of the platform or product. document: title of the page.
    catalog: the uses and controls of the platform, to tell which of them the change is about.
    moved_links: links to forms and settings whose address changed.
    weights, models: learned models; by default those that came with this version.
    """
    suggestion = _suggest_by_words(
        before,
        after,
        context=Context(subject, document),
        catalog=catalog,
        weights=weights or shipped("changes"),
        models=models,
    )
    if before != after:
        # New text brings new links; its statements decide.
        moved_links = [link for link in moved_links if link.before and link.after]
    ways_out = [link for link in moved_links if leads_out(link)]
    if not ways_out:
        return _not_relevant(IDLE_LINK) if moved_links and before == after else suggestion
    if not suggestion.relevant:
        return of_moved_links(ways_out, subject)
    return replace(suggestion, passages=suggestion.passages + passages_of(ways_out))


def _suggest_by_words(
    before: str,
    after: str,
    *,
    context: Context,
    catalog: Catalog | None,
    weights: Weights,
    models: ModelOfLanguage | None,
) -> Suggestion:
    if before == after:
        return _not_relevant(1.0)
    as_help_page = both_help_pages(before, after)
    delta = compare(
        *(read_statements(text, models, as_help_page=as_help_page) for text in (before, after))
    )
    return suggestion_for(
        delta, before, after, weights, context=context, catalog=catalog, models=models
    )


def suggestion_for(
    delta: Delta,
    before: str,
    after: str,
    weights: Weights,
    *,
    context: Context | None = None,
    catalog: Catalog | None = None,
    models: ModelOfLanguage | None = None,
) -> Suggestion:
    """Return the suggestion for the difference between the statements of two texts."""
    if delta.repeated and is_doubled(before, after):
        delta = replace(delta, repeated=())
    if not delta.changed:
        return _not_relevant(confidence_in_silence(delta, before, after, weights))
    if is_replacement(before, after):
        return _not_relevant(REPLACED)
    features = features_of(delta)
    probability = likelihood(features, weights)
    if not is_relevant(probability, features):
        return _not_relevant(bounded(1 - probability))
    context = context or Context()
    if features["help page"]:
        delta = without_doubtful(delta)
    fired = effects_of(delta)
    learned = verdict({**features_of_change(delta), **votes_as_features(named(fired))}, weights)
    heeded = heeding_names(heeding_acts(learned, delta), delta, context)
    chosen = heeding_rules(heeded, delta, before, after)
    decided = deciding(delta, chosen.effects)
    moved = compared(*_in_order(decided), context) if decided and decided.other else None
    parts = [probability]  # of what the headline asserts; it is as likely as the least of them
    if decided:
        parts += [_likely(decided.effect, chosen), decided.statement.certainty]
    if decided is None or (moved and moved.sense is None):
        parts.append(IN_DOUBT)
    passages = tuple(_passages(delta, decided, context))
    told = replace(chosen, likely=_calibrated(chosen, weights))
    return Suggestion(
        relevant=True,
        effects=chosen.effects,
        direction=chosen.direction,
        confidence=bounded(calibrated(HEADLINE, min(parts), weights)),
        title=draft_title(decided, chosen.effects, context, moved),
        asserts=decided.effect if decided else "",
        passages=passages,
        dates=dates_of_change(after, (passage.after for passage in passages)),
        settings=concerned(delta, chosen.effects, catalog) if catalog else (),
        trace=trace_of(
            delta, told, fired, models or shipped_model, calibrated(EFFECT, LIKELY, weights)
        ),
        features=features,
        likely={
            "relevant": round(probability, 3),
            **{name: round(told.likely[name], 3) for name in (*told.effects, told.direction)},
        },
    )


def _likely(effect: str, verdict: Verdict) -> float:
    """Return how likely an effect is. A use that goes or a promise in its place are one."""
    same = {"pledge-added", "use-removed"}
    effects = same.intersection(verdict.effects) if effect in same else (effect,)
    return 1 - prod(1 - verdict.likely[each] for each in effects)


def _calibrated(verdict: Verdict, weights: Weights) -> dict[str, float]:
    effects = {name: calibrated(EFFECT, verdict.likely[name], weights) for name in EFFECTS}
    return {**verdict.likely, **effects}


def _in_order(decided: Deciding) -> tuple[Statement, Statement]:
    """Return the old and the new wording of a deciding statement."""
    assert decided.other is not None
    pair = decided.statement, decided.other
    return pair if decided.is_gone else pair[::-1]


def _not_relevant(confidence: float) -> Suggestion:
    return Suggestion(relevant=False, effects=(), direction="neutral", confidence=confidence)


def is_replacement(before: str, after: str) -> bool:
    """Return whether something else replaced the page: a stub, another document or language."""
    if ERROR.search(after[:ERROR_LENGTH]) and _common(_lines(before), _lines(after)) < KEPT_LINES:
        return True
    short, long = sorted((len(before), len(after)))
    if long < PAGE_LENGTH:
        return False
    if short < min(STUB_LENGTH, STUB_SHARE * long):
        return True
    return (
        short >= PAGE_LENGTH
        and _common(_lines(before), _lines(after)) < KEPT_LINES
        and _common(_vocabulary(before), _vocabulary(after)) < KEPT_WORDS
    )


def is_doubled(before: str, after: str) -> bool:
    """Return whether the page now has most of its lines twice, as no page before it had."""
    return _repetition(after) >= DOUBLED > _repetition(before)


def _repetition(text: str) -> float:
    lines = [line.strip() for line in text.split("\n") if len(line) > 25]
    return 1 - len(set(lines)) / len(lines) if lines else 0.0


def _common(old: set[str], new: set[str]) -> float:
    """Return the share of the smaller set that is in the other one."""
    return len(old & new) / max(1, min(len(old), len(new)))


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n") if len(line) > 25}


def _vocabulary(text: str) -> set[str]:
    return set(LONG_WORD.findall(text.lower()))


def _passages(delta: Delta, decided: Deciding | None, context: Context) -> list[Passage]:
    """Return the passages of a change, the one that decided its headline first."""
    pairs = [
        *delta.reworded,
        *delta.rows,
        *((None, new) for new in (*delta.added, *delta.repeated)),
        *((old, None) for old in delta.removed),
    ]
    pairs.sort(key=lambda pair: -_later(*pair).strength)
    if decided:
        lead = decided.statement
        pairs.sort(key=lambda pair: lead is not pair[0] and lead is not pair[1])
    passages = _once([_passage(old, new) for old, new in pairs], keeps_first=decided is not None)
    if decided:
        side = "before" if decided.is_gone else "after"
        reads = _reading(decided.statement, delta, context)
        passages[0] = replace(passages[0], decides=side, reads=reads)
    return passages


def _once(passages: list[Passage], *, keeps_first: bool) -> list[Passage]:
    """Leave out passages that say the same before and after, and repetitions in one place.

    keeps_first: even if it is alike on both sides, because a heading above it changed.
    """
    chosen: dict[tuple[str, str, str], Passage] = {}
    for number, passage in enumerate(passages):
        before, after = " ".join(passage.before.split()), " ".join(passage.after.split())
        if before != after or (keeps_first and number == 0):
            chosen.setdefault((passage.place, before, after), passage)
    return list(chosen.values())


def _later(old: Statement | None, new: Statement | None) -> Statement:
    statement = new or old
    assert statement is not None
    return statement


def _passage(old: Statement | None, new: Statement | None) -> Passage:
    return Passage(
        place=_later(old, new).place,
        before=old.words if old else "",
        after=new.words if new else "",
        before_span=(old.start, old.end) if old else None,
        after_span=(new.start, new.end) if new else None,
        weight=_later(old, new).strength,
    )


def _reading(statement: Statement, delta: Delta, context: Context) -> Reading:
    """Return how a deciding statement is read, with what its paragraph adds."""
    paragraph = statement.seen.sentence.paragraph if statement.seen else statement.words
    control, default = terms_in(paragraph, statement.language)
    scope = scope_of(statement, context)
    return Reading(
        stance=stance_of(statement) if statement.kind == "use" else statement.kind,
        purpose=purpose_of(statement),
        control=statement.control if statement.control != "none" else control,
        default=statement.default if statement.default != "unstated" else default,
        data=statement.data,
        all_data=ALL_DATA.search(statement.words) is not None,
        parts=tuple(sorted(scope.parts)),
        people=tuple(sorted(scope.people)),
        plans=tuple(sorted(scope.plans)),
        places=scope.where.places,
        except_places=scope.where.except_places,
        still_used=_still_used(statement, delta, context),
        is_partial=is_partial(statement, scope, context),
    )


def _still_used(statement: Statement, delta: Delta, context: Context) -> str:
    """Return words of the later text that say the data is used, for no fewer than a denial."""
    if statement.kind != "use" or stance_of(statement) == USED:
        return ""
    names = scope_of(statement, context).named(context).keys()
    return next(
        (
            other.words
            for other in delta.after
            if other.uses
            and other.actor == "service"
            and scope_of(other, context).named(context).keys() <= names
        ),
        "",
    )
