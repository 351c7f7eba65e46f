"""Measures how much text the elements of a page contain, in linear time.

An element is measured by copying its text, which is fast. Nested elements are copied repeatedly,
so once an allowance is used up, all elements are measured in one walk over the page.
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

# The allowance: so many copies of the page's text, and at least so many characters. Real pages
# need far less.
_COPIES = 50
_LEAST = 100_000
# The cost of finding and measuring a link, in characters copied. Estimated.
_LINK = 500


class TextLengths:
    """Measures the text of elements, as len(node.text_lexbor()) does.

    Nodes removed from the tree between two calls may still be counted.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._allowance: int | None = None
        self._measured: dict[int, tuple[int, int]] | None = None

    def of(self, node: LexborNode) -> int:
        """Return the number of characters in a node."""
        if (known := self._known(node)) is not None:
            return known[0]
        length = len(node.text_lexbor())
        self._spend(length)
        return length

    def stripped(self, node: LexborNode) -> int:
        """Return the same without surrounding white space, which counts once all are measured."""
        if (known := self._known(node)) is not None:
            return known[0]
        text = node.text_lexbor()
        self._spend(len(text))
        return len(text.strip())

    def linked(self, node: LexborNode) -> int:
        """Return the number of characters in the links within a node."""
        if (known := self._known(node)) is not None:
            return known[1]
        links = node.css("a")
        self._spend(_LINK * len(links))
        return sum(map(self.of, links))

    def _known(self, node: LexborNode) -> tuple[int, int] | None:
        if self._allowance is None:
            root = self._tree.root
            length = len(root.text_lexbor()) if root is not None else 0
            self._allowance = _LEAST + _COPIES * length
        if self._allowance >= 0:
            return None
        if self._measured is None:
            self._measured = _measure_all(self._tree)
        return self._measured.get(node.mem_id)

    def _spend(self, characters: int) -> None:
        assert self._allowance is not None  # set by _known, which each caller asks first
        self._allowance -= characters


def _measure_all(tree: LexborHTMLParser) -> dict[int, tuple[int, int]]:
    """Return the length of the text and of the linked text of each element, by `mem_id`."""
    lengths: dict[int, tuple[int, int]] = {}
    text = linked = 0
    # Nodes to enter (None), and elements to leave with the totals at the time of entering.
    stack: list[tuple[LexborNode, tuple[int, int] | None]] = []
    if tree.root is not None:
        stack.append((tree.root, None))
    while stack:
        node, before = stack.pop()
        if before is not None:
            lengths[node.mem_id] = (text - before[0], linked - before[1])
            if node.tag == "a":
                linked += text - before[0]
            continue
        if (following := node.next) is not None:
            stack.append((following, None))
        if node.is_text_node:
            text += len(node.text_content or "")
        elif node.is_element_node:
            stack.append((node, (text, linked)))
            if (child := node.first_child) is not None:
                stack.append((child, None))
    return lengths
