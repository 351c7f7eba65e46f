"""CSS selectors and ranges → the nodes to read and the nodes to leave out.

Ranges use the keys of Open Terms Archive declarations: one of startBefore and startAfter with
one of endBefore and endAfter, each a CSS selector whose first match counts.
"""

from collections.abc import Iterable, Mapping, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

Selector = str | Mapping[str, str]
Nodes = list[LexborNode]


def as_selectors(given: Selector | Sequence[Selector]) -> tuple[Selector, ...]:
    """Return one selector or many as a tuple: a catalog may write either."""
    return (given,) if isinstance(given, str | Mapping) else tuple(given)


def spelled(selector: Selector) -> str:
    """Return a selector as people write it."""
    if isinstance(selector, str):
        return selector
    return ", ".join(f"{key}: {value}" for key, value in selector.items())


def find(tree: LexborHTMLParser, selector: Selector) -> list[Nodes]:
    """Return the matches of a selector in page order, each a run of sibling nodes.

    What lies inside another match is read with it, once. A selector that is no CSS matches nothing.
    """
    if isinstance(selector, str):
        return [[node] for node in outermost(_matches(tree, selector))]
    run = _range(tree, selector)
    return [run] if run else []


def outermost(nodes: Iterable[LexborNode]) -> Nodes:
    """Return the nodes that lie in none of the others, each once. nodes: in page order.

    Of a list of selectors the parser gives a node once for each that it fits.
    """
    kept: Nodes = []
    inside: set[int] = set()
    outside: set[int] = set()
    for node in nodes:
        climbed: list[int] = []
        at: LexborNode | None = node
        while at is not None and at.mem_id not in inside and at.mem_id not in outside:
            climbed.append(at.mem_id)
            at = at.parent
        if at is not None and at.mem_id in inside:
            inside.update(climbed)
        else:
            kept.append(node)
            inside.add(node.mem_id)
            # What is around it is no match, or it would have come first.
            outside.update(climbed[1:])
    return kept


def ids_of(tree: LexborHTMLParser, selectors: Iterable[Selector]) -> set[int]:
    """Return the `mem_id` of every node that the selectors match."""
    return {node.mem_id for selector in selectors for run in find(tree, selector) for node in run}


def is_within(node: LexborNode, ids: set[int]) -> bool:
    """Tell whether a node or one of its ancestors is among the ids."""
    around: LexborNode | None = node
    while around is not None:
        if around.mem_id in ids:
            return True
        around = around.parent
    return False


def outside(runs: Iterable[Nodes], ids: set[int]) -> list[Nodes]:
    """Return the runs that are not within a node among the ids."""
    if not ids:
        return list(runs)
    # Each node is asked once, however many runs it is around.
    known = dict.fromkeys(ids, True)
    kept: list[Nodes] = []
    for run in runs:
        climbed: list[int] = []
        at: LexborNode | None = run[0]
        while at is not None and at.mem_id not in known:
            climbed.append(at.mem_id)
            at = at.parent
        is_inside = at is not None and known[at.mem_id]
        known.update(dict.fromkeys(climbed, is_inside))
        if not is_inside:
            kept.append(run)
    return kept


def _matches(tree: LexborHTMLParser, selector: str) -> Nodes:
    try:
        return tree.css(selector)
    except (SelectolaxError, ValueError):
        return []


def _range(tree: LexborHTMLParser, selector: Mapping[str, str]) -> Nodes:
    start = _first(tree, selector, "startBefore", "startAfter")
    end = _first(tree, selector, "endBefore", "endAfter")
    if start is None or end is None:
        return []
    return _between(
        start,
        end,
        with_start="startBefore" in selector,
        with_end="endAfter" in selector,
    )


def _first(tree: LexborHTMLParser, selector: Mapping[str, str], *keys: str) -> LexborNode | None:
    for key in keys:
        if key in selector:
            return next(iter(_matches(tree, selector[key])), None)
    return None


def _between(start: LexborNode, end: LexborNode, *, with_start: bool, with_end: bool) -> Nodes:
    """Return the nodes between two, in page order; none if the end comes first.

    Climbs from the start, taking all that follows, until a node holds the end; then descends to it.
    """
    holds_end = _with_ancestors(end)
    if start.mem_id in holds_end:
        # The end lies inside the start (or is it): only a range that includes the start has words.
        if not with_start:
            return []
        return (
            [start]
            if start.mem_id == end.mem_id and with_end
            else _down_to(start, end, holds_end, with_end=with_end)
        )
    nodes = [start] if with_start else []
    at: LexborNode | None = start
    while at is not None:
        sibling = at.next
        while sibling is not None:
            if sibling.mem_id in holds_end:
                return nodes + _down_to(sibling, end, holds_end, with_end=with_end)
            nodes.append(sibling)
            sibling = sibling.next
        at = at.parent
        if at is not None and at.mem_id == end.mem_id:
            # The end is around the start: its end is reached here.
            return nodes if with_end else []
    return []


def _down_to(holder: LexborNode, end: LexborNode, holds_end: set[int], *, with_end: bool) -> Nodes:
    """Return what comes before the end inside a node that holds it."""
    nodes: Nodes = []
    at: LexborNode | None = holder
    while at is not None and at.mem_id != end.mem_id:
        if at.mem_id in holds_end:
            at = at.first_child
        else:
            nodes.append(at)
            at = at.next
    return [*nodes, end] if with_end else nodes


def _with_ancestors(node: LexborNode) -> set[int]:
    ids = set()
    at: LexborNode | None = node
    while at is not None:
        ids.add(at.mem_id)
        at = at.parent
    return ids
