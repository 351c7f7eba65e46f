"""Blocks → canonical Markdown: each kind of block is always written in the same way."""

from collections.abc import Sequence

from platforms.extraction.document import Block

_BREAK = "\n"
_TIGHT = frozenset({"item", "row", "definition"})


def to_markdown(blocks: Sequence[Block]) -> str:
    """Return the blocks as Markdown, with blank lines between them, but not in lists and tables."""
    parts: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if previous is not None:
            parts.append(_gap(previous, block))
        starts_table = block.kind == "row" and (previous is None or previous.kind != "row")
        text = _block_markdown(block, starts_table=starts_table)
        parts.append(_quote(text, block.quoted) if block.quoted else text)
        previous = block
    return "".join(parts)


def _gap(previous: Block, block: Block) -> str:
    tight = block.kind in _TIGHT and (
        previous.kind == block.kind or (previous.kind == "term" and block.kind == "definition")
    )
    return "\n" if tight and previous.quoted == block.quoted else "\n\n"


def _block_markdown(block: Block, *, starts_table: bool) -> str:
    text = block.text
    match block.kind:
        case "heading":
            return f"{'#' * block.level} {text.replace(_BREAK, ' ')}"
        case "code":
            return f"```\n{text}\n```"
        case "row":
            return f"{text}\n{_rule(text)}" if starts_table else text
        case "definition":
            return f": {text.replace(_BREAK, _BREAK + '  ')}"
    indent = "  " * block.level
    text = text.replace(_BREAK, _BREAK + indent) if indent else text
    return f"{indent[2:]}{block.marker} {text}" if block.marker else f"{indent}{text}"


def _rule(row: str) -> str:
    """Return the line that Markdown requires below the first row of a table."""
    columns = row.count(" | ") + 1
    return f"|{' --- |' * columns}"


def _quote(text: str, depth: int) -> str:
    mark = "> " * depth
    return "\n".join([f"{mark}{line}" for line in text.split("\n")])
