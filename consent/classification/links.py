"""Suggestions for links to opt out that moved to another address while the text stayed."""

import re
from collections.abc import Sequence

from consent.classification.suggestion import Fired, Passage, Suggestion
from consent.classification.titles import fitting
from consent.diffing import MovedLink
from platforms.extraction.actions import AI_WORD

#: Chosen: low, because only the words of a link and its address are known.
CONFIDENCE = 0.6
_WAY_OUT = re.compile(
    r"opt[-_ ]?(?:ing[-_ ]?)?out|object(?:ion|ing)?\b|do[-_ ]?not[-_ ]?(?:sell|share|train|use)"
    rf"|train(?:ing)?\b|{AI_WORD}"
    r"|privacy[-_ ]?(?:choice|control|portal|request|cent(?:er|re)|form|setting)"
    r"|data[-_ ]?(?:control|request|rights|subject|sharing)|dsar|consent"
    r"|widerspruch|widersprechen|opposition|opposer|oposici[oó]n|oponer",
    re.IGNORECASE,
)


def leads_out(link: MovedLink) -> bool:
    """Return whether a link is a way to opt out, by its words or by either address."""
    return any(_WAY_OUT.search(part) for part in (link.text, link.before, link.after))


def of_moved_links(links: Sequence[MovedLink], subject: str) -> Suggestion:
    """Return the suggestion for moved links to opt out when no statement changed."""
    removed = all(not link.after for link in links)
    effect = "opt-out-removed" if removed else "opt-out-changed"
    return Suggestion(
        relevant=True,
        effects=(effect,),
        direction="less-control" if removed else "neutral",
        confidence=CONFIDENCE,
        title=_title(links[0], subject.strip() or "The service"),
        passages=passages_of(links),
        trace=tuple(Fired("link-moved", effect, link.text) for link in links),
    )


def passages_of(links: Sequence[MovedLink]) -> tuple[Passage, ...]:
    """Return the links as passages that an entry can quote."""
    return tuple(
        Passage(
            place="",
            before=_in_words(link.text, link.before),
            after=_in_words(link.text, link.after),
            before_span=None,
            after_span=None,
            weight=0.5,
        )
        for link in links
    )


def _in_words(text: str, url: str) -> str:
    return f"“{text}” leads to {url}" if url else ""


def _title(link: MovedLink, who: str) -> str:
    if not link.after:
        drafts = [f"{who} no longer links to “{link.text}”", f"{who} removes a link to opt out"]
    elif not link.before:
        drafts = [f"{who} now links to “{link.text}”", f"{who} now links to a way to opt out"]
    else:
        drafts = [f"{who} moves “{link.text}” to a new address", f"{who} moves a way to opt out"]
    return fitting(drafts)
