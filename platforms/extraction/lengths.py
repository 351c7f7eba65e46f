"""How much text the elements of a page contain, at a cost that stays linear.

To measure one element is to copy its text, which is quick. Elements in elements are then copied
again and again, so after a while all are measured once, in one walk over the page.
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

# So many times the text of the page may be copied; no real page comes near.
_COPIES = 50
_LEAST = 100_000
# What it takes to find a link and ask it, in characters copied.
_LINK = 500


class TextLengths:
    """Measures the text of elements, as len(node.text_lexbor()) does.

    What is removed from the tree between two calls may still be counted.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._allowance: int | None = None
        self._walked: dict[int, tuple[int, int]] | None = None

    def of(self, node: LexborNode) -> int:
        """Return the number of characters in a node."""
        if (known := self._known(node)) is not None:
            return known[0]
        length = len(node.text_lexbor())
        self._spend(length)
        return length

    def stripped(self, node: LexborNode) -> int:
        """Return the same without white space around; with it once the allowance is used up."""
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
        if self._walked is None:
            self._walked = _walked(self._tree)
        return self._walked.get(node.mem_id)

    def _spend(self, characters: int) -> None:
        assert self._allowance is not None  # set by _known, which each caller asks first
        self._allowance -= characters


def _walked(tree: LexborHTMLParser) -> dict[int, tuple[int, int]]:
    """Return how much text, and how much of it linked, each element has, by its `mem_id`."""
    lengths: dict[int, tuple[int, int]] = {}
    text = linked = 0
    # Nodes to enter, and elements to leave with the totals from before them.
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
