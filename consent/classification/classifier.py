"""From two texts of a page to a suggestion."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from consent.classification.comparing import Delta, compare
from consent.classification.confidence import (
    RELEVANT,
    bounded,
    confidence_in_silence,
    features_of,
    likelihood,
)
from consent.classification.dates import dates_of_change
from consent.classification.deciding import verdict, votes_as_features
from consent.classification.effects import effects_of, named
from consent.classification.learned import Weights, shipped
from consent.classification.links import leads_out, of_moved_links, passages_of
from consent.classification.statements import (
    Readers,
    Statement,
    read_statements,
    shipped_reader,
)
from consent.classification.suggestion import Passage, Suggestion
from consent.classification.tracing import trace_of
from consent.classification.weighing import features_of_change
from consent.classification.wording import draft_title
from consent.diffing import MovedLink

REPLACED = 0.9  # a page that gave way to a stub: surely no news of consent, unless read again
IDLE_LINK = 0.7  # a form or a setting moved that says nothing of opting out
STUB_LENGTH = 1000  # characters; errors, logins and consent walls are shorter
STUB_SHARE = 0.15  # of what the page had
PAGE_LENGTH = 2000  # characters from which a page can give way to something else
# A policy rewritten from end to end keeps a third of its vocabulary and more, another language
# nearly none. In between the doubt is the curator's.
KEPT_LINES = 0.06
KEPT_WORDS = 0.3
LONG_WORD = re.compile(r"\w{4,}")


def suggest(
    before: str,
    after: str,
    *,
    subject: str = "",
    settings: Sequence[Mapping[str, Any]] = (),
    moved_links: Sequence[MovedLink] = (),
    weights: Weights | None = None,
    readers: Readers | None = None,
) -> Suggestion:
    """Return what the change from one text of a page to the next does to consent.

    subject: the platform's or product's name for the drafted title.
    settings: the catalog's settings as mappings with "slug", "label" and optional "aliases".
    moved_links: forms and settings that the page links to at another address than before.
    weights, readers: what was learned; what came with this version by default.
    """
    found = _of_words(
        before,
        after,
        subject=subject,
        settings=settings,
        weights=weights or shipped("changes"),
        readers=readers,
    )
    if before != after:
        # New words bring links of their own; what they say is judged by the words.
        moved_links = [link for link in moved_links if link.before and link.after]
    ways_out = [link for link in moved_links if leads_out(link)]
    if not ways_out:
        return _nothing(IDLE_LINK) if moved_links and before == after else found
    if not found.relevant:
        return of_moved_links(ways_out, subject)
    return replace(found, passages=found.passages + passages_of(ways_out))


def _of_words(
    before: str,
    after: str,
    *,
    subject: str,
    settings: Sequence[Mapping[str, Any]],
    weights: Weights,
    readers: Readers | None,
) -> Suggestion:
    if before == after:
        return _nothing(1.0)
    delta = compare(read_statements(before, readers), read_statements(after, readers))
    return judged(
        delta, before, after, weights, subject=subject, settings=settings, readers=readers
    )


def judged(
    delta: Delta,
    before: str,
    after: str,
    weights: Weights,
    *,
    subject: str = "",
    settings: Sequence[Mapping[str, Any]] = (),
    readers: Readers | None = None,
) -> Suggestion:
    """Return what the difference between the statements of two texts means."""
    if not delta.changed:
        return _nothing(confidence_in_silence(delta, weights))
    if is_replacement(before, after):
        return _nothing(REPLACED)
    features = features_of(delta)
    probability = likelihood(features, weights)
    if probability < RELEVANT:
        return _nothing(bounded(1 - probability))
    fired = effects_of(delta)
    found = verdict({**features_of_change(delta), **votes_as_features(named(fired))}, weights)
    passages = tuple(_passages(delta))
    return Suggestion(
        relevant=True,
        effects=found.effects,
        direction=found.direction,
        confidence=bounded(probability),
        title=draft_title(delta, found.effects, subject),
        passages=passages,
        dates=dates_of_change(after, (passage.after for passage in passages)),
        settings=_named_settings(settings, passages),
        trace=trace_of(delta, found, fired, readers or shipped_reader),
        features=features,
    )


def _nothing(confidence: float) -> Suggestion:
    return Suggestion(relevant=False, effects=(), direction="neutral", confidence=confidence)


def _named_settings(
    settings: Sequence[Mapping[str, Any]], passages: Sequence[Passage]
) -> tuple[str, ...]:
    """Return the slugs of settings whose label or alias the changed words name."""
    words = "\n".join(f"{passage.before}\n{passage.after}" for passage in passages).casefold()
    return tuple(
        str(setting["slug"])
        for setting in settings
        if any(
            name and str(name).casefold() in words
            for name in (setting.get("label"), *setting.get("aliases", ()))
        )
    )


def is_replacement(before: str, after: str) -> bool:
    """Tell whether a page gave way to something else: a stub, another document or language."""
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


def _common(old: set[str], new: set[str]) -> float:
    """Return the share of the smaller set that the other has too."""
    return len(old & new) / max(1, min(len(old), len(new)))


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n") if len(line) > 25}


def _vocabulary(text: str) -> set[str]:
    return set(LONG_WORD.findall(text.lower()))


def _passages(delta: Delta) -> list[Passage]:
    found = [
        *(_passage(old, new) for old, new in delta.reworded),
        *(_passage(old, new) for old, new in delta.rows),
        *(_passage(None, new) for new in (*delta.added, *delta.repeated)),
        *(_passage(old, None) for old in delta.removed),
    ]
    return sorted(found, key=lambda passage: -passage.weight)


def _passage(old: Statement | None, new: Statement | None) -> Passage:
    shown = new or old
    assert shown is not None
    return Passage(
        place=shown.place,
        before=old.words if old else "",
        after=new.words if new else "",
        before_span=(old.start, old.end) if old else None,
        after_span=(new.start, new.end) if new else None,
        weight=shown.strength,
    )
