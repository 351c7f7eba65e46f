"""Nodes of a parsed page → blocks of words, links and images.

The walk has a stack of its own, so a page nested 100,000 levels deep cannot overflow the C or
Python stack.
"""

from collections.abc import Callable, Container, Iterable, Mapping

from selectolax.lexbor import LexborNode

from platforms.extraction.document import Block, BlockKind, Link
from platforms.extraction.form_controls import Controls, mark_first, option_marks
from platforms.extraction.links import Links, single_spaced

# Elements without text of the page: code, drawings, media, metadata, and fallbacks for these.
_UNREAD = (
    *("script", "style", "template", "noscript", "svg", "object", "embed", "canvas"),
    *("audio", "video", "head", "title", "link", "meta", "base", "area", "param", "source"),
    *("track", "noembed", "noframes", "datalist", "-comment", "-doctype"),
)
_BLOCKS = (
    *("address", "article", "body", "caption", "center", "details", "dialog", "dir", "dl"),
    *("figcaption", "figure", "hgroup", "html", "legend", "main", "menu", "optgroup"),
    *("p", "search", "summary", "tbody", "tfoot", "thead"),
)
# Elements that may be furniture, which is checked before they are entered.
_CONTAINERS = ("aside", "div", "fieldset", "footer", "header", "nav", "section")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DEEP_TABLES = 4  # tables nested this deep are taken for layout
# Each level indents each line: without a limit, 200 kB of tags would make 200 MB of text.
_DEEPEST_INDENT = 20
# Parts of a label that are searched for its control. Chosen.
_LABEL_PARTS = 500
_LAYOUT_ROLES = frozenset({"presentation", "none"})

_SENTENCE_ENDS = frozenset(".!?:;")
# Blocks of one of these characters are separators without meaning.
_ORNAMENTS = frozenset("•·∙⋅|/\\-–—›»>:*&")

Leave = Callable[[], None]


def _stay_out() -> None:
    """Returned by an action if the children of the node must not be walked."""


def _enter_inline(walker: "Walker", node: LexborNode) -> None:
    """The action of inline and unknown elements: only their content counts."""


class Walker:
    """Collects blocks, links, images and forms of the nodes fed to it.

    skip: `mem_id` of the nodes to leave out. headings: levels of headings by role, by `mem_id`.
    max_blocks: the walk stops after so many.
    """

    def __init__(
        self,
        *,
        links: Links,
        skip: Container[int] = (),
        controls: Controls | None = None,
        is_furniture: Callable[[LexborNode], bool] = lambda node: False,
        headings: Mapping[int, int] | None = None,
        max_blocks: int | None = None,
    ) -> None:
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.images: list[Link] = []
        self.forms: list[Link] = []
        self._skip = skip
        self._controls = controls
        self._marks_by_id = controls.marks if controls else {}
        self._links = links
        self._is_furniture = is_furniture
        self._headings = headings
        self._max_blocks = max_blocks
        self._parts: list[str] = []
        self._lines: list[str] = []
        self._marks: list[tuple[str, LexborNode]] = []
        self._kind: BlockKind = "paragraph"
        self._heading_level = 0
        self._heading = ""
        self._lists: list[int | None] = []
        self._marker = ""
        self._quoted = 0
        self._layout_tables: list[bool] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None

    def feed(self, nodes: Iterable[LexborNode]) -> None:
        """Walk a run of nodes; the last block ends with it."""
        for node in nodes:
            self._walk(node)
        self._flush()

    def _walk(self, root: LexborNode) -> None:
        # The hot loop of each reading: one long function with local variables is fastest.
        skip, actions, parts = self._skip, _ACTIONS, self._parts
        marks, headings = self._marks_by_id, self._headings
        stack: list[LexborNode | Leave] = [root]
        pop, push = stack.pop, stack.append
        blocks, most = self.blocks, self._max_blocks
        while stack and (most is None or len(blocks) < most):
            node = pop()
            if not isinstance(node, LexborNode):
                node()
                continue
            if node is not root and (following := node.next) is not None:
                push(following)
            tag = node.tag
            if tag == "-text":
                text = node.text_content
                if text and (parts or not text.isspace()):
                    if text[0].isupper() and parts and parts[-1][-1] in _SENTENCE_ENDS:
                        # Two lines that only a style sheet separates.
                        parts.append(" ")
                    parts.append(text)
                continue
            action = actions.get(tag, _enter_inline)
            if action is None or (skip and node.mem_id in skip):
                continue
            if headings and node.mem_id in headings and tag not in _HEADINGS:
                push(self._enter_kind("heading"))
                self._heading_level = headings[node.mem_id]
                if (child := node.first_child) is not None:
                    push(child)
                continue
            if action is not _enter_inline:
                leave = action(self, node)
                if leave is _stay_out:
                    continue
                if leave is not None:
                    push(leave)
            if marks and node.mem_id in marks:
                self._mark(node)
            if (child := node.first_child) is not None:
                push(child)

    # Blocks

    def _flush(self) -> None:
        """End the current block; a block without text is dropped."""
        if not self._parts and not self._lines:
            return
        self._end_line()
        text, marks = "\n".join(self._lines), self._marks
        self._lines, self._marks = [], []
        if not text or text in _ORNAMENTS:
            return
        if len(marks) == 1:
            text = self._with_mark(text, *marks[0])
        if self._cell is not None:
            self._cell.append(text)
        else:
            self._add(text, is_control=bool(marks))

    def _with_mark(self, text: str, mark: str, node: LexborNode) -> str:
        if text == mark and self._controls is not None:
            return f"{text} {self._controls.name(node)}".rstrip()
        return mark_first(text, mark)

    def _add(self, text: str, *, is_control: bool = False) -> None:
        marker, self._marker = self._marker, ""
        kind, level = self._kind, min(len(self._lists), _DEEPEST_INDENT)
        if kind == "heading":
            level, marker = self._heading_level, ""
            self._heading = text
        elif marker:
            kind = "item"
        elif is_control and kind == "paragraph":
            kind = "control"
        self.blocks.append(Block(kind, text, level, marker, self._quotations))

    def _end_line(self) -> None:
        line = single_spaced("".join(self._parts))
        self._parts.clear()
        if line:
            self._lines.append(line)

    def _enter_block(self, node: LexborNode) -> Leave:
        self._flush()
        return self._flush

    def _enter_container(self, node: LexborNode) -> Leave:
        if self._is_furniture(node):
            return _stay_out
        self._flush()
        return self._flush

    def _enter_kind(self, kind: BlockKind) -> Leave:
        self._flush()
        self._kind = kind
        return self._leave_kind

    def _leave_kind(self) -> None:
        self._flush()
        self._kind = "paragraph"

    def _enter_heading(self, node: LexborNode) -> Leave:
        leave = self._enter_kind("heading")
        self._heading_level = int((node.tag or "h1")[1])
        return leave

    def _enter_term(self, node: LexborNode) -> Leave:
        return self._enter_kind("term")

    def _enter_definition(self, node: LexborNode) -> Leave:
        return self._enter_kind("definition")

    @property
    def _quotations(self) -> int:
        return min(self._quoted, _DEEPEST_INDENT)

    def _enter_quotation(self, node: LexborNode) -> Leave:
        self._flush()
        self._quoted += 1
        return self._leave_quotation

    def _leave_quotation(self) -> None:
        self._flush()
        self._quoted -= 1

    def _read_code(self, node: LexborNode) -> Leave:
        self._flush()
        for line_break in node.css("br"):
            line_break.replace_with("\n")
        text = node.text_lexbor().strip("\r\n").rstrip()
        if self._cell is not None:
            self._cell.append(" ".join(text.split()))
        elif text:
            level = min(len(self._lists), _DEEPEST_INDENT)
            self.blocks.append(Block("code", text, level, "", self._quotations))
        return _stay_out

    def _read_rule(self, node: LexborNode) -> Leave:
        self._flush()
        return _stay_out

    # Lists

    def _enter_list(self, node: LexborNode) -> Leave:
        if self._is_furniture(node):
            return _stay_out
        self._flush()
        self._lists.append(_first_number(node) if node.tag == "ol" else None)
        return self._leave_list

    def _leave_list(self) -> None:
        self._flush()
        self._lists.pop()

    def _enter_item(self, node: LexborNode) -> Leave:
        self._flush()
        if not self._lists:
            # The item was selected without its list, or never was in one.
            self._marker = ""
            return self._flush
        number = self._lists[-1]
        self._marker = "-" if number is None else f"{number}."
        if number is not None:
            self._lists[-1] = number + 1
        return self._leave_item

    def _leave_item(self) -> None:
        self._flush()
        self._marker = ""

    # Tables

    def _enter_table(self, node: LexborNode) -> Leave:
        self._flush()
        # Tables of data are not nested so deep, and checking 500 nested tables takes minutes.
        deep = len(self._layout_tables) >= _DEEP_TABLES
        self._layout_tables.append(deep or _is_layout(node))
        return self._leave_table

    def _leave_table(self) -> None:
        self._flush()
        self._layout_tables.pop()

    def _enter_row(self, node: LexborNode) -> Leave:
        self._flush()
        if self._layout_tables and self._layout_tables[-1]:
            return self._flush
        self._row = []
        return self._leave_row

    def _leave_row(self) -> None:
        row, self._row = self._row, None
        if row and any(row):
            cells = (cell.replace("|", "\\|") for cell in row)
            self.blocks.append(Block("row", f"| {' | '.join(cells)} |", 0, "", self._quotations))

    def _enter_cell(self, node: LexborNode) -> Leave:
        self._flush()
        if self._row is None:
            return self._flush
        self._cell = []
        return self._leave_cell

    def _leave_cell(self) -> None:
        self._flush()
        cell, self._cell = self._cell, None
        if self._row is not None and cell is not None:
            self._row.append(" ".join(" ".join(cell).split()))

    # Forms

    def _enter_form(self, node: LexborNode) -> Leave:
        leave = self._enter_container(node)
        if leave is not _stay_out:
            self.forms += self._links.read_form(node, under=self._heading)
        return leave

    def _read_frame(self, node: LexborNode) -> Leave:
        self.forms += self._links.read_frame(node)
        return _stay_out

    # Inline

    def _read_break(self, node: LexborNode) -> Leave:
        self._end_line()
        return _stay_out

    def _enter_apart(self, node: LexborNode) -> Leave:
        self._parts.append(" ")
        return self._leave_apart

    def _leave_apart(self) -> None:
        self._parts.append(" ")

    def _enter_inline_quotation(self, node: LexborNode) -> Leave:
        self._parts.append('"')
        return self._leave_inline_quotation

    def _leave_inline_quotation(self) -> None:
        self._parts.append('"')

    def _enter_link(self, node: LexborNode) -> None:
        if link := self._links.read(node):
            self.links.append(link)

    def _read_image(self, node: LexborNode) -> Leave:
        if image := self._links.read_image(node):
            self.images.append(image)
        return _stay_out

    # Controls

    def _enter_label(self, node: LexborNode) -> Leave:
        """Write the mark of a control in front of its label, even if the control comes later."""
        self._parts.append(" ")
        parts, start, marks = self._parts, len(self._parts), len(self._marks)

        def leave() -> None:
            # A block inside the label may have ended, and a label may contain several controls.
            if len(self._marks) == marks + 1:
                mark = f" {self._marks[-1][0]} "
                near = parts[start : start + _LABEL_PARTS]
                if mark in near:
                    parts.insert(start, parts.pop(start + near.index(mark)))
            parts.append(" ")

        return leave

    def _mark(self, node: LexborNode) -> None:
        mark = self._marks_by_id[node.mem_id]
        self._marks.append((mark, node))
        self._parts.append(f" {mark} ")

    def _read_input(self, node: LexborNode) -> Leave:
        if node.mem_id in self._marks_by_id:
            self._mark(node)
        attributes = node.attributes
        if (attributes.get("type") or "").lower() in ("submit", "button", "reset"):
            self._parts.append(f" {attributes.get('value') or ''} ")
        return _stay_out

    def _read_options(self, node: LexborNode) -> Leave:
        self._parts.append(f" {option_marks(node)} ")
        return _stay_out


# What to do on entering an element. Returns what to do on leaving it.
Action = Callable[[Walker, LexborNode], Leave | None]
# Functions of the class, not bound methods: a walker that refers to its own bound methods would
# keep its page in memory until the garbage collector runs.
_ACTIONS: dict[str | None, Action | None] = {
    None: None,
    **dict.fromkeys(_UNREAD, None),
    **dict.fromkeys(_BLOCKS, Walker._enter_block),
    **dict.fromkeys(_CONTAINERS, Walker._enter_container),
    **dict.fromkeys(_HEADINGS, Walker._enter_heading),
    **dict.fromkeys(("td", "th"), Walker._enter_cell),
    **dict.fromkeys(("ol", "ul"), Walker._enter_list),
    **dict.fromkeys(("button", "textarea", "output"), Walker._enter_apart),
    "a": Walker._enter_link,
    "blockquote": Walker._enter_quotation,
    "br": Walker._read_break,
    "dd": Walker._enter_definition,
    "dt": Walker._enter_term,
    "form": Walker._enter_form,
    "hr": Walker._read_rule,
    "iframe": Walker._read_frame,
    "img": Walker._read_image,
    "input": Walker._read_input,
    "label": Walker._enter_label,
    "li": Walker._enter_item,
    "pre": Walker._read_code,
    "q": Walker._enter_inline_quotation,
    "select": Walker._read_options,
    "table": Walker._enter_table,
    "tr": Walker._enter_row,
}


def _first_number(node: LexborNode) -> int:
    start = node.attributes.get("start") or "1"
    return int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1


def _is_layout(node: LexborNode) -> bool:
    """Return whether a table only arranges the page, and does not contain data."""
    if (node.attributes.get("role") or "") in _LAYOUT_ROLES:
        return True
    if node.css_first("td + td, td + th, th + td, th + th") is None:
        return True
    # A nested table matches "td table" itself.
    inside = node.css("td table, td h1, td h2, td h3, td pre")
    return any(part.mem_id != node.mem_id for part in inside)
