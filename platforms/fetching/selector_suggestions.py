"""Suggests CSS selectors for the main content of a page. Pure; for curators who add a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction import extract
from platforms.extraction.html import parse

# Ordered by how likely they are to survive a redesign.
_CONVENTIONS = ("main", "[role=main]", "article", "[role=article]", "#main-content", "#content")
_TEXT_BLOCKS = "p, li, dd, td, h2, h3, blockquote"
# Chosen: real pages are less deep; hostile ones nest 200,000 elements.
_LEVELS_CLIMBED = 60
_LEVELS_NAMED = 6
_CONTENT_SHARE = 0.8  # chosen: share of the text that the content element must contain
# Names made by build tools ("css-1q2w3e", "Body__x3f") change with every release.
_LASTING_NAME = re.compile(r"[a-z]{3,}(?:[-_][a-z]{2,})*")


@dataclass(frozen=True, slots=True)
class SelectorSuggestion:
    """A selector and the size of its text. share: of the page's main text, may exceed 1."""

    selector: str
    characters: int
    share: float


def suggest_selectors(
    body: bytes, *, url: str, content_type: str = "text/html", most: int = 5
) -> tuple[SelectorSuggestion, ...]:
    """Return selectors that match one element with most of the text, most stable first."""
    whole = len(extract(body, url=url, content_type=content_type).text)
    tree = parse(body, content_type)
    suggestions: dict[int, SelectorSuggestion] = {}
    for selector in _candidates(tree):
        matches = tree.css(selector)
        if len(matches) != 1 or not whole:
            continue
        text = extract(body, url=url, content_type=content_type, select=(selector,)).text
        share = len(text) / whole
        if share >= _CONTENT_SHARE:
            # One selector per element.
            suggestions.setdefault(
                matches[0].mem_id, SelectorSuggestion(selector, len(text), round(share, 2))
            )
    return tuple(suggestions.values())[:most]


def _candidates(tree: LexborHTMLParser) -> Iterator[str]:
    yield from _CONVENTIONS
    container = _container(tree)
    if container is not None:
        for node in islice([container, *_ancestors(container)], _LEVELS_NAMED):
            yield from _names(node)


def _container(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the innermost element that contains most of the text."""
    lengths: dict[int, int] = {}
    nodes: dict[int, LexborNode] = {}
    total = 0
    for block in tree.css(_TEXT_BLOCKS):
        length = len(block.text(deep=False, strip=True))
        total += length
        for ancestor in _ancestors(block) if length else ():
            lengths[ancestor.mem_id] = lengths.get(ancestor.mem_id, 0) + length
            nodes[ancestor.mem_id] = ancestor
    containers = [
        place for place, length in lengths.items() if total and length >= _CONTENT_SHARE * total
    ]
    # Of nested elements with the same text, the innermost comes first.
    return nodes[min(containers, key=lambda place: lengths[place])] if containers else None


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the ancestors of a node, innermost first, up to but without the body."""
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
