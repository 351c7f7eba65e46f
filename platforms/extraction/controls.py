"""Switches, boxes and lists of choices → the state a page shows them in.

What a page says is on or off before anybody touched it is what we are after, so it is written
into the words: `(on)` and `(off)` for switches, `[x]`, `[ ]` and `[-]` for boxes, `(x)` and `( )`
for one choice out of several.
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
# A list of languages or countries is no setting: beyond this many only the chosen one is written.
_MAX_OPTIONS = 12
_MAX_LABELS = 4
_NAME_CHARS = 200
# How far around a control its label, its row or the control it is a part of are looked for.
_LEVELS = 6
_ROW_NODES = 40
_UNSEEN = frozenset({"title", "desc", "style", "script", "noscript"})


class Controls:
    """The controls of what is read: states by the `mem_id` of their nodes, and their names."""

    def __init__(self, tree: LexborHTMLParser, roots: Iterable[LexborNode]) -> None:
        self._tree = tree
        elements = (root for root in roots if root.is_element_node)
        found = [node for root in elements for node in root.css(_CONTROLS)]
        self.marks = {node.mem_id: _mark(node) for node in found}
        for node in found:
            if node.tag == "input" and any(n.mem_id in self.marks for n in _around(node)):
                # A switch drawn around a box of its own has one state, its own.
                self.marks.pop(node.mem_id, None)
        self._by_id: dict[str, LexborNode] | None = None
        self._labels: dict[str, LexborNode] = {}
        self._words: dict[int, str] = {}

    def name(self, node: LexborNode) -> str:
        """Return the accessible name of a control, for where no words stand beside it.

        One without any is known by the words of its row, if it is alone there.
        """
        attributes = node.attributes
        if label := (attributes.get("aria-label") or "").strip():
            return label[:_NAME_CHARS]
        by_id = self._index()
        for names in (attributes.get("aria-labelledby"), attributes.get("aria-describedby")):
            labels = [by_id.get(name) for name in (names or "").split()[:_MAX_LABELS]]
            if said := " ".join(self._words_of(label) for label in labels if label is not None):
                return said
        own = self._labels.get(attributes.get("id") or "")
        wrapped = next((around for around in _around(node) if around.tag == "label"), None)
        for label_node in (own, wrapped, node):
            if label_node is not None and (said := self._words_of(label_node)):
                return said
        return self._words_of_row(node)

    def _words_of(self, node: LexborNode) -> str:
        """Return the beginning of what a label says; many controls may share it."""
        if node.mem_id not in self._words:
            said = " ".join(_texts(node))
            self._words[node.mem_id] = single_spaced(said)[:_NAME_CHARS]
        return self._words[node.mem_id]

    def _words_of_row(self, control: LexborNode) -> str:
        """Return the first words around a control, unless another control is nearer to them."""
        for around in _around(control):
            nodes = islice(around.traverse(), _ROW_NODES)
            if any(n.mem_id in self.marks and n.mem_id != control.mem_id for n in nodes):
                return ""
            if said := next(_texts(around), ""):
                return single_spaced(said)[:_NAME_CHARS]
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
    """Yield the first texts within a node that are there to be read."""
    for part in islice(node.traverse(include_text=True), _ROW_NODES):
        text, holder = part.text_content, part.parent
        if not part.is_text_node or not text or text.isspace():
            continue
        if holder is None or holder.tag not in _UNSEEN:
            yield text


def _around(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the nearest elements around a node, innermost first."""
    for _ in range(_LEVELS):
        parent = node.parent
        if parent is None or parent.tag in ("body", "html", "main"):
            return
        yield parent
        node = parent


def mark_first(text: str, mark: str) -> str:
    """Return the words of a block with the state of its only control in front."""
    before, _, after = text.partition(mark)
    return " ".join(part for part in (mark, before.rstrip(" "), after.lstrip(" ")) if part)


def option_marks(select: LexborNode) -> str:
    """Return the options of a <select> with the chosen one marked, in one line."""
    options = select.css("option")
    attributes = select.attributes
    chosen = [option for option in options if "selected" in option.attributes]
    if not chosen and "multiple" not in attributes:
        # A browser shows the first one.
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
