"""Which CSS selectors would hold on to a page's content. Pure; for curators who add a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction import extract
from platforms.extraction.html import parse

# In the order in which they tend to survive a redesign.
_CONVENTIONS = ("main", "[role=main]", "article", "[role=article]", "#main-content", "#content")
_TEXT_BLOCKS = "p, li, dd, td, h2, h3, blockquote"
# Real pages stay below; hostile ones nest two hundred thousand deep.
_LEVELS_CLIMBED = 60
_LEVELS_NAMED = 6
_MOST = 0.8  # share of the page's text that a container must hold to be the content
# Names made by build tools ("css-1q2w3e", "Body__x3f") change with every release.
_LASTING_NAME = re.compile(r"[a-z]{3,}(?:[-_][a-z]{2,})*")


@dataclass(frozen=True, slots=True)
class SelectorSuggestion:
    """A selector with what it would select. share: of the page's main text, 0 to 1 and above."""

    selector: str
    characters: int
    share: float


def suggest_selectors(
    body: bytes, *, url: str, content_type: str = "text/html", most: int = 5
) -> tuple[SelectorSuggestion, ...]:
    """Return selectors that match one place with most of the text, those that last first."""
    whole = len(extract(body, url=url, content_type=content_type).text)
    tree = parse(body, content_type)
    found: dict[int, SelectorSuggestion] = {}
    for selector in _candidates(tree):
        matches = tree.css(selector)
        if len(matches) != 1 or not whole:
            continue
        text = extract(body, url=url, content_type=content_type, select=(selector,)).text
        share = len(text) / whole
        if share >= _MOST:
            # One selector a place: further names of the same element say nothing new.
            found.setdefault(
                matches[0].mem_id, SelectorSuggestion(selector, len(text), round(share, 2))
            )
    return tuple(found.values())[:most]


def _candidates(tree: LexborHTMLParser) -> Iterator[str]:
    yield from _CONVENTIONS
    container = _container(tree)
    if container is not None:
        for node in islice([container, *_ancestors(container)], _LEVELS_NAMED):
            yield from _names(node)


def _container(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the innermost element that holds most of the text."""
    held: dict[int, int] = {}
    nodes: dict[int, LexborNode] = {}
    total = 0
    for block in tree.css(_TEXT_BLOCKS):
        length = len(block.text(deep=False, strip=True))
        total += length
        for holder in _ancestors(block) if length else ():
            held[holder.mem_id] = held.get(holder.mem_id, 0) + length
            nodes[holder.mem_id] = holder
    enough = [place for place, length in held.items() if total and length >= _MOST * total]
    # Of nested elements with the same text the innermost was met first.
    return nodes[min(enough, key=lambda place: held[place])] if enough else None


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield what a node lies in, innermost first, without the body and what is around it."""
    for _ in range(_LEVELS_CLIMBED):
        parent = node.parent
        if parent is None or parent.tag in (None, "body", "html"):
            return
        yield parent
        node = parent


def _names(node: LexborNode) -> Iterator[str]:
    attributes = node.attributes
    identifier = attributes.get("id") or ""
    if _LASTING_NAME.fullmatch(identifier):
        yield f"#{identifier}"
    for name in (attributes.get("class") or "").split():
        if _LASTING_NAME.fullmatch(name):
            yield f"{node.tag}.{name}"
