"""PDF → Document, bounded in size; a file that cannot be read becomes an empty Document.

The bounds are counts, not seconds: the same bytes give the same Document on any machine.
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
# Of all pages together, for pages may share one stream: what is unpacked, and what is read. To read
# a megabyte takes up to three seconds; policies of 300 pages have four.
_MAX_UNPACKED_BYTES = 100_000_000
_MAX_READ_BYTES = 6_000_000
_MAX_CHARS = 2_000_000

_PAGE_NUMBER_CHARS = 30
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|página|pagina|p\.)?\W*\d{1,4}(?:\s*(?:of|/|von|de|sur|di|van)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[•·▪◦‣●○■–*-]\s+(?=\S)")
_STARTS_ANEW = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*[.)]?|\([a-z0-9]{1,3}\)|[A-Z][.)])\s+[A-Z“\"]")
_ENDS = (".", ":", ";", "!", "?", "。")
# A line this much shorter than the longest was not filled: its paragraph ends with it.
_FILLED_SHARE = 0.7


def read_pdf(body: bytes) -> Document:
    """Return the paragraphs of a PDF; `failure` says why there are none."""
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
        # A damaged file makes the library fail with nearly any error there is.
        return _failed("damaged PDF")
    blocks = tuple(_blocks(_without_page_frames(pages)))
    text = to_markdown(blocks)
    failure = "" if text else "PDF without text"
    return Document(text=text, blocks=blocks, digest=digest_of(text), title=title, failure=failure)


class _TooMuchError(Exception):
    """Reading on would take minutes; part of a text is never compared with all of it."""


def _failed(why: str) -> Document:
    return Document(text="", blocks=(), digest=digest_of(""), failure=why)


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
        # PostgreSQL keeps no NUL.
        text = page.extract_text().replace("\x00", "")
        chars += len(text)
        yield text


def _without_page_frames(pages: list[str]) -> Iterator[str]:
    """Yield the lines of all pages without page numbers and what stands on most pages' edges."""
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
    """Yield paragraphs and list items, the lines that a page's width has cut joined again."""
    known = list(lines)
    filled = _FILLED_SHARE * max(map(len, known), default=0)
    marker, words = "", list[str]()
    for line in known:
        bullet = _BULLET.match(line)
        ended = bool(words) and (words[-1].endswith(_ENDS) or len(words[-1]) < filled)
        if bullet or _STARTS_ANEW.match(line) or (ended and not line[0].islower()):
            yield from _block(marker, words)
            marker, words = ("-" if bullet else ""), []
        words.append(line[bullet.end() :] if bullet else line)
    yield from _block(marker, words)


def _block(marker: str, words: list[str]) -> Iterator[Block]:
    text = " ".join(" ".join(words).split())
    if text:
        yield Block("item" if marker else "paragraph", text, 1 if marker else 0, marker)
