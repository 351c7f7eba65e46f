"""Moves parts of a page that the server sent late to the placeholders for them.

React (and Next.js) sends a page with placeholders. Parts that were not ready follow in hidden
elements, with calls in scripts that name their placeholders. Which parts are late differs from
visit to visit, so without this step the text of a page would change by itself.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction.selectors import is_within

# Callers look for it in the bytes first. The calls are `$RC("B:0","S:0")`, `$RR("B:0","S:0",…)` if
# a part has its own styles, and `$RS("S:1","P:1")` for a part of a part.
SIGN = b"$R"
_CALL = re.compile(
    r"""\$R(?:[CR]\(\s*["'](?P<boundary>[^"']{1,80})["']\s*,\s*["'](?P<late>[^"']{1,80})["']"""
    r"""|S\(\s*["'](?P<part>[^"']{1,80})["']\s*,\s*["'](?P<place>[^"']{1,80})["'])"""
)
# Real pages have a dozen calls. The limits are for hostile pages with thousands, nested deeply.
_MOST_CALLS = 200
_MOST_MOVES = 200_000
_BOUNDARY_ENDS = ("/$", "/&")
_BOUNDARY_BEGINS = ("$", "$?", "$!", "$~", "&")


def place_late_parts(tree: LexborHTMLParser) -> None:
    """Make the moves that the scripts of a streamed page would make, in their order."""
    calls = [
        call
        for script in tree.css("script:not([src])")
        for call in _CALL.finditer(script.text_lexbor())
    ]
    if not calls:
        return
    by_id = {node.attributes.get("id"): node for node in tree.css("template[id], [hidden][id]")}
    moves = 0
    for call in calls[:_MOST_CALLS]:
        if moves > _MOST_MOVES:
            return
        place = by_id.pop(call["boundary"] or call["place"], None)
        sent = by_id.pop(call["late"] or call["part"], None)
        if place is None or sent is None or is_within(place, {sent.mem_id}):
            continue
        if call["boundary"]:
            moves += _clear_fallback(place)
        child = sent.first_child
        while child is not None:
            following = child.next
            place.insert_before(child, move=True)
            moves += 1
            child = following


def _clear_fallback(place: LexborNode) -> int:
    """Hide what is shown until a part arrives: all nodes up to the end of its boundary.

    They are moved into the template, where nothing is read, and not deleted: later calls may
    name them. Returns the number of moved nodes.
    """
    depth = moves = 0
    node = place.next
    while node is not None:
        following = node.next
        mark = (node.comment_content or "").strip() if node.is_comment_node else ""
        if mark in _BOUNDARY_ENDS:
            if depth == 0:
                return moves
            depth -= 1
        elif mark in _BOUNDARY_BEGINS:
            depth += 1
        place.insert_child(node, move=True)
        moves += 1
        node = following
    return moves
