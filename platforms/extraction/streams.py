"""Parts of a page that its server sent late → in the places that were kept for them.

React (and with it Next.js) sends a page with placeholders, and what was not ready in hidden
elements behind it; calls in scripts say which belongs where. Whether a part comes in time differs
from visit to visit, so a page that is read as it was sent changes by itself.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction.selecting import is_within

# Sought in the bytes first. The calls are `$RC("B:0","S:0")`, `$RR("B:0","S:0",…)` where a part
# brings its styles, and `$RS("S:1","P:1")` for a part of a part.
SIGN = b"$R"
_CALL = re.compile(
    r"""\$R(?:[CR]\(\s*["'](?P<boundary>[^"']{1,80})["']\s*,\s*["'](?P<late>[^"']{1,80})["']"""
    r"""|S\(\s*["'](?P<part>[^"']{1,80})["']\s*,\s*["'](?P<place>[^"']{1,80})["'])"""
)
# Pages have a dozen of them; hostile ones would have thousands, each deep in another.
_MOST_CALLS = 200
_MOST_MOVES = 200_000
_BOUNDARY_ENDS = ("/$", "/&")
_BOUNDARY_BEGINS = ("$", "$?", "$!", "$~", "&")


def put_in_place(tree: LexborHTMLParser) -> None:
    """Carry out what the scripts of a streamed page would do to it, in their order."""
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
    """Put away what is shown while a part is not there: all up to the end of its boundary.

    Into the template, where nothing is read. Nothing is destroyed: later calls may name it.
    Returns how many nodes were moved.
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
