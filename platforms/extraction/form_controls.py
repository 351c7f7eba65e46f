"""Switches, check boxes and lists of options → their states, as marks in the text.

Whether a page shows a setting on or off before anybody touched it is a finding. Marks: `(on)` and
`(off)` for switches, `[x]`, `[ ]` and `[-]` for check boxes, `(x)` and `( )` for radio buttons and
options.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction.links import single_spaced

_CONTROLS = (
    'input[type="checkbox" i], input[type="radio" i], [aria-checked], [role="switch"],'
    ' button[aria-pressed], [role="button"][aria-pressed]'
)
_ROUND = frozenset({"radio", "menuitemradio"})
_SWITCHES = frozenset({"switch", "button", ""})
# Longer lists are of languages or countries, not settings: only the chosen option is written.
_MAX_OPTIONS = 12
_MAX_LABELS = 4  # ids read of one aria-labelledby; chosen
_NAME_CHARS = 200
# The search for the label or row of a control visits so many ancestors, and so many nodes in each.
_LEVELS = 6
_ROW_NODES = 40
_HIDDEN_TAGS = frozenset({"title", "desc", "style", "script", "noscript"})


class Controls:
    """The controls within the nodes that are read. marks: their states, by `mem_id`."""

    def __init__(self, tree: LexborHTMLParser, roots: Iterable[LexborNode]) -> None:
        self._tree = tree
        elements = (root for root in roots if root.is_element_node)
        controls = [node for root in elements for node in root.css(_CONTROLS)]
        self.marks = {node.mem_id: _mark(node) for node in controls}
        for node in controls:
            if node.tag == "input" and any(n.mem_id in self.marks for n in _around(node)):
                # The input within a drawn switch: only the state of the switch is written.
                self.marks.pop(node.mem_id, None)
        self._by_id: dict[str, LexborNode] | None = None
        self._labels: dict[str, LexborNode] = {}
        self._label_texts: dict[int, str] = {}

    def name(self, node: LexborNode) -> str:
        """Return the accessible name of a control that has no text beside it.

        A control without one is named by the text of its row, if it is the only control there.
        """
        attributes = node.attributes
        if label := (attributes.get("aria-label") or "").strip():
            return label[:_NAME_CHARS]
        by_id = self._index()
        for names in (attributes.get("aria-labelledby"), attributes.get("aria-describedby")):
            labels = [by_id.get(name) for name in (names or "").split()[:_MAX_LABELS]]
            if text := " ".join(self._label_text(label) for label in labels if label is not None):
                return text
        label_for = self._labels.get(attributes.get("id") or "")
        label_around = next((outer for outer in _around(node) if outer.tag == "label"), None)
        for label_node in (label_for, label_around, node):
            if label_node is not None and (text := self._label_text(label_node)):
                return text
        return self._row_text(node)

    def _label_text(self, node: LexborNode) -> str:
        """Return the beginning of a label's text. Cached: many controls may share a label."""
        if node.mem_id not in self._label_texts:
            text = " ".join(_texts(node))
            self._label_texts[node.mem_id] = single_spaced(text)[:_NAME_CHARS]
        return self._label_texts[node.mem_id]

    def _row_text(self, control: LexborNode) -> str:
        """Return the first text around a control, "" if another control is nearer to it."""
        for outer in _around(control):
            nodes = islice(outer.traverse(), _ROW_NODES)
            if any(n.mem_id in self.marks and n.mem_id != control.mem_id for n in nodes):
                return ""
            if text := next(_texts(outer), ""):
                return single_spaced(text)[:_NAME_CHARS]
        return ""

    def _index(self) -> dict[str, LexborNode]:
        if self._by_id is None:
            self._by_id = {}
            for node in self._tree.css("[id], label[for]"):
                attributes = node.attributes
                self._by_id.setdefault(attributes.get("id") or "", node)
                if node.tag == "label":
                    self._labels.setdefault(attributes.get("for") or "", node)
            self._by_id.pop("", None)
            self._labels.pop("", None)
        return self._by_id


def _texts(node: LexborNode) -> Iterator[str]:
    """Yield the visible texts among the first nodes within a node."""
    for part in islice(node.traverse(include_text=True), _ROW_NODES):
        text, parent = part.text_content, part.parent
        if not part.is_text_node or not text or text.isspace():
            continue
        if parent is None or parent.tag not in _HIDDEN_TAGS:
            yield text


def _around(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the nearest ancestors of a node, innermost first."""
    for _ in range(_LEVELS):
        parent = node.parent
        if parent is None or parent.tag in ("body", "html", "main"):
            return
        yield parent
        node = parent


def mark_first(text: str, mark: str) -> str:
    """Return the text of a block with the mark of its only control moved to the front."""
    before, _, after = text.partition(mark)
    return " ".join(part for part in (mark, before.rstrip(" "), after.lstrip(" ")) if part)


def option_marks(select: LexborNode) -> str:
    """Return the options of a <select> in one line, each with its mark."""
    options = select.css("option")
    attributes = select.attributes
    chosen = [option for option in options if "selected" in option.attributes]
    if not chosen and "multiple" not in attributes:
        # A browser then shows the first option.
        chosen = options[:1]
    chosen_ids = {option.mem_id for option in chosen}
    shown = options if len(options) <= _MAX_OPTIONS else chosen
    return " ".join(
        f"({'x' if option.mem_id in chosen_ids else ' '}) {option.text_lexbor().strip()}"
        for option in shown
    )


def _mark(node: LexborNode) -> str:
    attributes = node.attributes
    role = (attributes.get("role") or "").lower()
    kind = (attributes.get("type") or "").lower() if node.tag == "input" else ""
    if kind:
        state = "true" if "checked" in attributes else "false"
    else:
        state = (
            attributes.get("aria-checked") or attributes.get("aria-pressed") or "false"
        ).lower()
    if role == "switch" or (not kind and role in _SWITCHES):
        return "(on)" if state == "true" else "(off)"
    if kind == "radio" or role in _ROUND:
        return "(x)" if state == "true" else "( )"
    return {"true": "[x]", "mixed": "[-]"}.get(state, "[ ]")
