"""Switches, boxes and lists of choices → the state a page shows them in.

What a page says is on or off before anybody touched it is what we are after, so it is written
into the words: `(on)` and `(off)` for switches, `[x]`, `[ ]` and `[-]` for boxes, `(x)` and `( )`
for one choice out of several.
"""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_CONTROLS = (
    'input[type="checkbox" i], input[type="radio" i], [aria-checked], [role="switch"],'
    ' button[aria-pressed], [role="button"][aria-pressed]'
)
_ROUND = frozenset({"radio", "menuitemradio"})
_SWITCHES = frozenset({"switch", "button", ""})
# A list of languages or countries is no setting: beyond this many only the chosen one is written.
_MAX_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Control:
    """The state of a control, and its name for where no words stand beside it."""

    mark: str
    name: str

    def lead(self, text: str) -> str:
        """Return the words of a block with its only control in front."""
        if text == self.mark:
            return f"{text} {self.name}".rstrip()
        before, mark, after = text.partition(self.mark)
        rest = " ".join(part for part in (before.rstrip(" "), after.lstrip(" ")) if part)
        return f"{mark} {rest}"


def find_controls(tree: LexborHTMLParser) -> dict[int, Control]:
    """Return the controls of a page by the `mem_id` of their nodes."""
    return {node.mem_id: Control(_mark(node), _name(tree, node)) for node in tree.css(_CONTROLS)}


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


def _name(tree: LexborHTMLParser, node: LexborNode) -> str:
    """Return the accessible name of a control that comes from elsewhere than its own content."""
    attributes = node.attributes
    if label := (attributes.get("aria-label") or "").strip():
        return label
    if ids := attributes.get("aria-labelledby"):
        words = [_words(tree, f'[id="{_quoted(name)}"]') for name in ids.split()[:4]]
        return " ".join(word for word in words if word)
    if name := attributes.get("id"):
        return _words(tree, f'label[for="{_quoted(name)}"]')
    return ""


def _words(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return " ".join(node.text_lexbor().split()) if node is not None else ""


def _quoted(value: str) -> str:
    """Escape a value for a CSS string."""
    return "".join(
        char if char.isalnum() or char in "-_:." else f"\\{ord(char):x} " for char in value
    )
