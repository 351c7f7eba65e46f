"""CSS selectors and ranges → the nodes to read and the nodes to leave out.

Ranges use the keys of Open Terms Archive declarations: one of startBefore and startAfter with
one of endBefore and endAfter, each a CSS selector whose first match counts.
"""

from collections.abc import Iterable, Mapping, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

Selector = str | Mapping[str, str]
Nodes = list[LexborNode]


def as_selectors(given: Selector | Sequence[Selector]) -> tuple[Selector, ...]:
    """Return one or several selectors as a tuple; catalog files may contain either."""
    return (given,) if isinstance(given, str | Mapping) else tuple(given)


def format_selector(selector: Selector) -> str:
    """Return a selector as text for people: CSS, or "startAfter: h1, endBefore: footer"."""
    if isinstance(selector, str):
        return selector
    return ", ".join(f"{key}: {value}" for key, value in selector.items())


def find(tree: LexborHTMLParser, selector: Selector) -> list[Nodes]:
    """Return the matches of a selector in page order, each a run of nodes.

    A match inside another one is left out: it is read with the outer one. A selector that is not
    valid CSS matches nothing.
    """
    if isinstance(selector, str):
        return [[node] for node in outermost(_matches(tree, selector))]
    run = _range(tree, selector)
    return [run] if run else []


def outermost(nodes: Iterable[LexborNode]) -> Nodes:
    """Return the nodes that are not inside others, without duplicates. nodes: in page order.

    The parser returns a node several times if it matches several selectors of a list.
    """
    kept: Nodes = []
    inside: set[int] = set()
    outside: set[int] = set()
    for node in nodes:
        path: list[int] = []
        at: LexborNode | None = node
        while at is not None and at.mem_id not in inside and at.mem_id not in outside:
            path.append(at.mem_id)
            at = at.parent
        if at is not None and at.mem_id in inside:
            inside.update(path)
        else:
            kept.append(node)
            inside.add(node.mem_id)
            # Its ancestors are no matches: they would have come first.
            outside.update(path[1:])
    return kept


def ids_of(tree: LexborHTMLParser, selectors: Iterable[Selector]) -> set[int]:
    """Return the `mem_id` of every node that the selectors match."""
    return {node.mem_id for selector in selectors for run in find(tree, selector) for node in run}


def is_within(node: LexborNode, ids: set[int]) -> bool:
    """Return whether a node or one of its ancestors is among the ids."""
    at: LexborNode | None = node
    while at is not None:
        if at.mem_id in ids:
            return True
        at = at.parent
    return False


def runs_outside(runs: Iterable[Nodes], ids: set[int]) -> list[Nodes]:
    """Return the runs that are not inside a node among the ids."""
    if not ids:
        return list(runs)
    # Remember the answer for each ancestor, as many runs may share it.
    known = dict.fromkeys(ids, True)
    kept: list[Nodes] = []
    for run in runs:
        path: list[int] = []
        at: LexborNode | None = run[0]
        while at is not None and at.mem_id not in known:
            path.append(at.mem_id)
            at = at.parent
        is_inside = at is not None and known[at.mem_id]
        known.update(dict.fromkeys(path, is_inside))
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

    Climbs from the start and takes all following siblings until one contains the end; then
    descends to the end.
    """
    contain_end = _with_ancestors(end)
    if start.mem_id in contain_end:
        # The end is the start, or inside it: only a range that includes the start has content.
        if not with_start:
            return []
        return (
            [start]
            if start.mem_id == end.mem_id and with_end
            else _down_to(start, end, contain_end, with_end=with_end)
        )
    nodes = [start] if with_start else []
    at: LexborNode | None = start
    while at is not None:
        sibling = at.next
        while sibling is not None:
            if sibling.mem_id in contain_end:
                return nodes + _down_to(sibling, end, contain_end, with_end=with_end)
            nodes.append(sibling)
            sibling = sibling.next
        at = at.parent
        if at is not None and at.mem_id == end.mem_id:
            # The end is an ancestor of the start; all of its nodes have been taken.
            return nodes if with_end else []
    return []


def _down_to(
    container: LexborNode, end: LexborNode, contain_end: set[int], *, with_end: bool
) -> Nodes:
    """Return the nodes before the end inside a node that contains it."""
    nodes: Nodes = []
    at: LexborNode | None = container
    while at is not None and at.mem_id != end.mem_id:
        if at.mem_id in contain_end:
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
