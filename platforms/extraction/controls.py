"""Switches, boxes and lists of choices → the state a page shows them in.

What a page says is on or off before anybody touched it is what we are after, so it is written
into the words: `(on)` and `(off)` for switches, `[x]`, `[ ]` and `[-]` for boxes, `(x)` and `( )`
for one choice out of several.
"""

from collections.abc import Iterable

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


class Controls:
    """The controls of what is read: states by the `mem_id` of their nodes, and their names."""

    def __init__(self, tree: LexborHTMLParser, roots: Iterable[LexborNode]) -> None:
        self._tree = tree
        elements = (root for root in roots if root.is_element_node)
        self.marks = {node.mem_id: _mark(node) for root in elements for node in root.css(_CONTROLS)}
        self._by_id: dict[str, LexborNode] | None = None
        self._labels: dict[str, LexborNode] = {}

    def name(self, node: LexborNode) -> str:
        """Return the accessible name of a control, for where no words stand beside it."""
        attributes = node.attributes
        if label := (attributes.get("aria-label") or "").strip():
            return label
        by_id = self._index()
        if ids := attributes.get("aria-labelledby"):
            named = (by_id.get(name) for name in ids.split()[:_MAX_LABELS])
            return " ".join(single_spaced(label.text_lexbor()) for label in named if label)
        label_node = self._labels.get(attributes.get("id") or "", node)
        return single_spaced(label_node.text_lexbor())

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
