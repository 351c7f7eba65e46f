"""Puts declared shadow trees where a browser shows them.

The content of a component is in a `<template shadowrootmode>`. Browsers show it in place of the
template, and put the children of the component into its slots (HTML standard, "attach a shadow
root").
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Callers look for it in the bytes first: few pages have shadow trees.
SIGN = b"shadowrootmode"
_DECLARED = "template[shadowrootmode=open i], template[shadowrootmode=closed i]"
# Elements that may have a shadow tree, besides those with a hyphen in their name.
_HOSTS = frozenset(
    [
        *("article", "aside", "blockquote", "body", "div", "footer", "header", "main", "nav", "p"),
        *("section", "span", "h1", "h2", "h3", "h4", "h5", "h6"),
    ]
)
# Components may be nested. Deeper ones are not read, so that the time stays linear. Chosen: real
# pages nest a few levels.
_DEEPEST = 20


def show_shadow_trees(tree: LexborHTMLParser) -> None:
    """Move the content of shadow trees to the place of their templates, innermost first."""
    if tree.root is not None:
        _show_within(tree.root, _DEEPEST)


def _show_within(root: LexborNode, deepest: int) -> None:
    for template in root.css(_DECLARED):
        host = template.parent
        fragments = template.template_fragments()
        if host is None or not fragments or not _may_host(host):
            continue
        shadow = fragments[0]
        if deepest:
            _show_within(shadow, deepest - 1)
        children = [child for child in _children(host) if child.mem_id != template.mem_id]
        # What is not shown goes into the template. It is not deleted: it may contain further hosts.
        for hidden in _fill_slots(shadow, children):
            template.insert_child(hidden, move=True)
        for child in _children(shadow):
            template.insert_before(child, move=True)


def _may_host(node: LexborNode) -> bool:
    return node.tag in _HOSTS or "-" in (node.tag or "").strip("-")


def _fill_slots(shadow: LexborNode, children: list[LexborNode]) -> list[LexborNode]:
    """Move the children of a component into its slots; return the nodes that are not shown."""
    by_slot: dict[str, list[LexborNode]] = {}
    for node in children:
        if node.is_comment_node:
            continue
        name = (node.attributes.get("slot") or "") if node.is_element_node else ""
        by_slot.setdefault(name, []).append(node)
    filled = []
    for slot in shadow.css("slot"):
        # The first slot of a name takes all its children; without any, it shows its own content.
        if assigned := by_slot.pop(slot.attributes.get("name") or "", []):
            for node in assigned:
                slot.insert_before(node, move=True)
            filled.append(slot)
    return [*filled, *(node for nodes in by_slot.values() for node in nodes)]


def _children(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.first_child
    while child is not None:
        children.append(child)
        child = child.next
    return children
