"""From two texts of a page to a suggestion."""

from collections.abc import Mapping, Sequence
from typing import Any

from consent.classification.comparing import Delta, compare
from consent.classification.confidence import (
    confidence_in_change,
    confidence_in_silence,
    features_of,
)
from consent.classification.dates import dates_of_change
from consent.classification.effects import direction_of, effects_of, named
from consent.classification.statements import Statement, read_statements
from consent.classification.suggestion import Passage, Suggestion
from consent.classification.wording import draft_title

REPLACED = 0.9  # a page that gave way to a stub: surely no news of consent, unless read again
STUB_LENGTH = 1000  # characters; errors, logins and consent walls are shorter
STUB_SHARE = 0.15  # of what the page had
PAGE_LENGTH = 2000  # characters from which a page can give way to a stub


def suggest(
    before: str,
    after: str,
    *,
    subject: str = "",
    settings: Sequence[Mapping[str, Any]] = (),
) -> Suggestion:
    """Return what the change from one text of a page to the next does to consent.

    subject: the platform's or product's name for the drafted title.
    settings: the catalog's settings as mappings with "slug", "label" and optional "aliases".
    """
    if before == after:
        return _nothing(1.0)
    delta = compare(read_statements(before), read_statements(after))
    if not delta.changed:
        return _nothing(confidence_in_silence(delta))
    if is_replacement(before, after):
        return _nothing(REPLACED)
    fired = effects_of(delta)
    effects = named(fired)
    passages = tuple(_passages(delta))
    features = features_of(delta)
    return Suggestion(
        relevant=True,
        effects=effects,
        direction=direction_of(effects),
        confidence=confidence_in_change(features),
        title=draft_title(delta, effects, subject),
        passages=passages,
        dates=dates_of_change(after, (passage.after for passage in passages)),
        settings=_named_settings(settings, passages),
        trace=fired,
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
    """Tell whether a page gave way to a stub (an error, a login) or came back from one."""
    short, long = sorted((len(before), len(after)))
    return long >= PAGE_LENGTH and short < min(STUB_LENGTH, STUB_SHARE * long)


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
