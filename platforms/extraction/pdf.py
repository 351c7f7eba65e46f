"""PDF → Document, within limits of size. A file that cannot be read gives an empty Document.

The limits are counts, not seconds: the same bytes give the same Document on any machine.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from pypdf import PdfReader

from platforms.extraction.comparison_form import digest_of
from platforms.extraction.document import Block, Document
from platforms.extraction.markdown import to_markdown

_MAX_BYTES = 20_000_000
_MAX_PAGES = 300
_MAX_PAGE_BYTES = 2_000_000
# Limits for all pages together, as pages may share one stream: bytes unpacked, and bytes read. A
# megabyte takes up to three seconds to read; policies of 300 pages have four megabytes.
_MAX_UNPACKED_BYTES = 100_000_000
_MAX_READ_BYTES = 6_000_000
_MAX_CHARS = 2_000_000

_PAGE_NUMBER_CHARS = 30
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|página|pagina|p\.)?\W*\d{1,4}(?:\s*(?:of|/|von|de|sur|di|van)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[•·▪◦‣●○■–*-]\s+(?=\S)")
_NEW_PARAGRAPH = re.compile(
    r"(?:\d{1,3}(?:\.\d{1,3})*[.)]?|\([a-z0-9]{1,3}\)|[A-Z][.)])\s+[A-Z“\"]"
)
_SENTENCE_ENDS = (".", ":", ";", "!", "?", "。")
# A line shorter than this share of the longest line ends its paragraph. Chosen.
_FILLED_SHARE = 0.7


def read_pdf(body: bytes) -> Document:
    """Return the paragraphs of a PDF. If there are none, `failure` has the reason."""
    if len(body) > _MAX_BYTES:
        return _failed("PDF too large")
    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            return _failed("encrypted PDF")
        title = _title(reader)
        pages = list(_page_texts(reader))
    except MemoryError:
        raise
    except _TooMuchError:
        return _failed("PDF that draws too much")
    except Exception:
        # The library raises nearly any exception for damaged files.
        return _failed("damaged PDF")
    blocks = tuple(_blocks(_without_page_frames(pages)))
    text = to_markdown(blocks)
    failure = "" if text else "PDF without text"
    return Document(text=text, blocks=blocks, digest=digest_of(text), title=title, failure=failure)


class _TooMuchError(Exception):
    """Reading the rest would take minutes. Half a text must never be compared with all of it."""


def _failed(reason: str) -> Document:
    return Document(text="", blocks=(), digest=digest_of(""), failure=reason)


def _title(reader: PdfReader) -> str:
    title = reader.metadata.title if reader.metadata else None
    return " ".join(str(title or "").split())


def _page_texts(reader: PdfReader) -> Iterator[str]:
    chars = unpacked = read = 0
    for number, page in enumerate(reader.pages):
        if number == _MAX_PAGES or chars > _MAX_CHARS:
            return
        contents = page.get_contents()
        if contents is None:
            continue
        size = len(contents.get_data())
        unpacked += size
        if size <= _MAX_PAGE_BYTES:
            read += size
        if unpacked > _MAX_UNPACKED_BYTES or read > _MAX_READ_BYTES:
            raise _TooMuchError
        if size > _MAX_PAGE_BYTES:
            continue
        # PostgreSQL cannot store NUL.
        text = page.extract_text().replace("\x00", "")
        chars += len(text)
        yield text


def _without_page_frames(pages: list[str]) -> Iterator[str]:
    """Yield the lines of all pages, without page numbers, running headers and footers."""
    by_page = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    edges = Counter(line for lines in by_page for line in dict.fromkeys((*lines[:1], *lines[-1:])))
    frame = {line for line, count in edges.items() if count > max(2, len(pages) / 2)}
    for lines in by_page:
        for at, line in enumerate(lines):
            at_edge = at in (0, 1, len(lines) - 1)
            if not (at_edge and (line in frame or _is_page_number(line))):
                yield line


def _is_page_number(line: str) -> bool:
    return len(line) <= _PAGE_NUMBER_CHARS and _PAGE_NUMBER.fullmatch(line) is not None


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    """Yield paragraphs and list items, with their wrapped lines joined."""
    lines = list(lines)
    filled = _FILLED_SHARE * max(map(len, lines), default=0)
    marker, words = "", list[str]()
    for line in lines:
        bullet = _BULLET.match(line)
        ended = bool(words) and (words[-1].endswith(_SENTENCE_ENDS) or len(words[-1]) < filled)
        if bullet or _NEW_PARAGRAPH.match(line) or (ended and not line[0].islower()):
            yield from _block(marker, words)
            marker, words = ("-" if bullet else ""), []
        words.append(line[bullet.end() :] if bullet else line)
    yield from _block(marker, words)


def _block(marker: str, words: list[str]) -> Iterator[Block]:
    text = " ".join(" ".join(words).split())
    if text:
        yield Block("item" if marker else "paragraph", text, 1 if marker else 0, marker)
