"""Blocks → canonical Markdown, one way to write each thing."""

from collections.abc import Sequence

from platforms.extraction.document import Block

_BREAK = "\n"
_TIGHT = frozenset({"item", "row", "definition"})


def to_markdown(blocks: Sequence[Block]) -> str:
    """Return the blocks as Markdown: blank lines between them, none within lists and tables."""
    out: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if previous is not None:
            out.append(_gap(previous, block))
        starts_table = block.kind == "row" and (previous is None or previous.kind != "row")
        written = _written(block, starts_table=starts_table)
        out.append(_quoted(written, block.quoted) if block.quoted else written)
        previous = block
    return "".join(out)


def _gap(previous: Block, block: Block) -> str:
    tight = block.kind in _TIGHT and (
        previous.kind == block.kind or (previous.kind == "term" and block.kind == "definition")
    )
    return "\n" if tight and previous.quoted == block.quoted else "\n\n"


def _written(block: Block, *, starts_table: bool) -> str:
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
    """Return the line that Markdown wants under the first row of a table."""
    columns = row.count(" | ") + 1
    return f"|{' --- |' * columns}"


def _quoted(written: str, depth: int) -> str:
    mark = "> " * depth
    return "\n".join([f"{mark}{line}" for line in written.split("\n")])
