"""Shadow trees that a page declares in its markup → the page as a browser shows it.

A component keeps its words in a `<template shadowrootmode>`: browsers show them in its place, and
put what the component was given into their slots (HTML standard, "attach a shadow root").
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Sought in the bytes first, since hardly any page has them.
SIGN = b"shadowrootmode"
_DECLARED = "template[shadowrootmode=open i], template[shadowrootmode=closed i]"
# Elements that may have a shadow tree, beside those whose name has a hyphen.
_HOSTS = frozenset(
    [
        *("article", "aside", "blockquote", "body", "div", "footer", "header", "main", "nav", "p"),
        *("section", "span", "h1", "h2", "h3", "h4", "h5", "h6"),
    ]
)
# Components lie in components; deeper ones are left unread, so that reading stays linear.
_DEEPEST = 20


def show_shadow_trees(tree: LexborHTMLParser) -> None:
    """Put the declared shadow trees of a page, innermost first, in the place of their templates."""
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
        given = [child for child in _children(host) if child.mem_id != template.mem_id]
        # What is not shown stays in the template. Nothing is destroyed: it may hold further hosts.
        for unseen in _fill_slots(shadow, given):
            template.insert_child(unseen, move=True)
        for child in _children(shadow):
            template.insert_before(child, move=True)


def _may_host(node: LexborNode) -> bool:
    return node.tag in _HOSTS or "-" in (node.tag or "").strip("-")


def _fill_slots(shadow: LexborNode, given: list[LexborNode]) -> list[LexborNode]:
    """Put what a component was given into its slots; return what is not shown then."""
    by_slot: dict[str, list[LexborNode]] = {}
    for node in given:
        if node.is_comment_node:
            continue
        name = (node.attributes.get("slot") or "") if node.is_element_node else ""
        by_slot.setdefault(name, []).append(node)
    filled = []
    for slot in shadow.css("slot"):
        # The first slot of a name takes it all; without anything its own words stand.
        if taken := by_slot.pop(slot.attributes.get("name") or "", []):
            for node in taken:
                slot.insert_before(node, move=True)
            filled.append(slot)
    return [*filled, *(node for nodes in by_slot.values() for node in nodes)]


def _children(node: LexborNode) -> list[LexborNode]:
    found = []
    child = node.first_child
    while child is not None:
        found.append(child)
        child = child.next
    return found
