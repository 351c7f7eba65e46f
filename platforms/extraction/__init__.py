"""Bytes of HTML, PDF or plain text → Document: blocks of text without noise. Pure, versioned."""

from collections.abc import Sequence
from dataclasses import replace

from platforms.characters import cleaned, has_controls
from platforms.extraction.combination import combine
from platforms.extraction.comparison_form import NORMALISER_VERSION, comparison_text, digest_of
from platforms.extraction.document import Block, Document, Link
from platforms.extraction.html import read_html
from platforms.extraction.multipart import Part, bundle, is_bundle, unbundle
from platforms.extraction.pdf import read_pdf
from platforms.extraction.plain_text import read_plain
from platforms.extraction.selectors import Selector, as_selectors

EXTRACTOR_VERSION = 6
"""Increase it with every change that can alter a Document: stored bytes are then read again."""

__all__ = [
    "EXTRACTOR_VERSION",
    "NORMALISER_VERSION",
    "Block",
    "Document",
    "Link",
    "Part",
    "Selector",
    "bundle",
    "combine",
    "comparison_text",
    "digest_of",
    "extract",
    "is_bundle",
    "unbundle",
]

_PLAIN_TYPES = ("text/plain", "text/markdown", "text/x-markdown")


def extract(
    body: bytes,
    *,
    url: str,
    content_type: str = "text/html",
    select: Selector | Sequence[Selector] = (),
    remove: Selector | Sequence[Selector] = (),
) -> Document:
    """Return the Document of a page.

    select: CSS selectors, or ranges in the keys of Open Terms Archive ({"startAfter": "h1",
        "endBefore": "footer"}); their matches are read in the given order. Without selectors,
        the page's main content is read.
    remove: selectors of what to leave out, in the same forms.
    The parts of a bundle are read with the same selectors and combined into one Document.
    Never raises, whatever the bytes are.
    """
    select, remove = as_selectors(select), as_selectors(remove)
    if not is_bundle(content_type):
        return _read(body, url=url, content_type=content_type, select=select, remove=remove)
    if parts := unbundle(body):
        return combine(
            [
                _read(
                    part.body,
                    url=part.url,
                    content_type=part.content_type,
                    select=select,
                    remove=remove,
                )
                for part in parts
            ]
        )
    return Document(text="", blocks=(), digest=digest_of(""), failure="damaged bundle")


def _read(
    body: bytes,
    *,
    url: str,
    content_type: str,
    select: Sequence[Selector],
    remove: Sequence[Selector],
) -> Document:
    document = _read_unclean(body, url=url, content_type=content_type, select=select, remove=remove)
    if not has_controls(document.all_texts()):
        return document
    clean: Document = cleaned(document)
    return replace(clean, digest=digest_of(clean.text))


def _read_unclean(
    body: bytes,
    *,
    url: str,
    content_type: str,
    select: Sequence[Selector],
    remove: Sequence[Selector],
) -> Document:
    """Return the Document of a body; its texts may contain control characters."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/pdf" or body.startswith(b"%PDF-"):
        return read_pdf(body)
    if kind in _PLAIN_TYPES:
        return read_plain(body, content_type=content_type)
    return read_html(
        body,
        url=url,
        content_type=content_type,
        select=select,
        remove=remove,
    )
