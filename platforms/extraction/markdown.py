"""Blocks → canonical Markdown, one way to write each thing."""

from collections.abc import Iterable, Sequence

from platforms.extraction.document import Block

_TIGHT = frozenset({"item", "row", "definition"})


def to_markdown(blocks: Sequence[Block]) -> str:
    """Return the blocks as Markdown: blank lines between them, none within lists and tables."""
    out: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if previous is not None:
            out.append(_gap(previous, block))
        starts_table = block.kind == "row" and (previous is None or previous.kind != "row")
        out.append(_quoted(block, _lines(block, starts_table=starts_table)))
        previous = block
    return "".join(out)


def _gap(previous: Block, block: Block) -> str:
    tight = block.kind in _TIGHT and (
        previous.kind == block.kind or (previous.kind == "term" and block.kind == "definition")
    )
    return "\n" if tight and previous.quoted == block.quoted else "\n\n"


def _lines(block: Block, *, starts_table: bool) -> Iterable[str]:
    lines = block.text.split("\n")
    match block.kind:
        case "heading":
            return [f"{'#' * block.level} {' '.join(lines)}"]
        case "code":
            return ["```", *lines, "```"]
        case "row":
            return [lines[0], _rule(lines[0])] if starts_table else lines
        case "definition":
            return _hang(": ", "  ", lines)
    if block.marker:
        outer = "  " * (block.level - 1)
        return _hang(f"{outer}{block.marker} ", "  " * block.level, lines)
    indent = "  " * block.level
    return _hang(indent, indent, lines)


def _hang(first: str, rest: str, lines: Sequence[str]) -> list[str]:
    return [f"{rest if at else first}{line}" for at, line in enumerate(lines)]


def _rule(row: str) -> str:
    """Return the line that Markdown wants under the first row of a table."""
    columns = row.count(" | ") + 1
    return f"|{' --- |' * columns}"


def _quoted(block: Block, lines: Iterable[str]) -> str:
    if not block.quoted:
        return "\n".join(lines)
    mark = "> " * block.quoted
    return "\n".join(f"{mark}{line}" for line in lines)
