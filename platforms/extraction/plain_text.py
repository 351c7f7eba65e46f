"""Plain text and Markdown bodies → Document."""

import re

from platforms.extraction.comparison_form import digest_of
from platforms.extraction.document import Block, Document
from platforms.extraction.encodings import decode
from platforms.extraction.markdown import to_markdown

_HEADING_SIGNS = frozenset("#" * level for level in range(1, 7))
_PARAGRAPH_GAP = re.compile(r"\n[ \t]*\n")


def read_plain(body: bytes, *, content_type: str) -> Document:
    """Return the paragraphs of a text body, its lines kept as they are."""
    blocks = plain_blocks(decode(body, content_type))
    text = to_markdown(blocks)
    return Document(text=text, blocks=blocks, digest=digest_of(text))


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return a block for each paragraph; one line that begins with # signs is a heading."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    paragraphs = (part.strip("\n").rstrip() for part in _PARAGRAPH_GAP.split(lines))
    return tuple(_block(part) for part in paragraphs if part.strip())


def _block(paragraph: str) -> Block:
    signs, _, words = paragraph.partition(" ")
    if signs in _HEADING_SIGNS and "\n" not in words:
        return Block("heading", words.strip("# "), len(signs))
    return Block("paragraph", paragraph)
