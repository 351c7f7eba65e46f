"""A 44 kB PDF whose 300 pages share one stream of 280,000 words: over 330 s.

Here a tenth of it, with a tenth of the bound: reading takes time in proportion.
"""

import zlib

from platforms.extraction import extract, pdf
from tests.hostile.pdfs import stream, written

CPU_SECONDS = 5
MEGABYTES = 300


def make() -> bytes:
    pdf._MAX_READ_BYTES //= 10
    content = zlib.compress(b"BT /F1 12 Tf 72 700 Td " + b"(a) Tj " * 28_000 + b"ET", 9)
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(300))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 3 0 R"
        b"/Resources<</Font<</F1 4 0 R>>>>>>"
    )
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 300/Kids[%s]>>" % kids,
        stream(content, b"/Filter/FlateDecode"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[page] * 300,
    )


def read(hostile: bytes) -> None:
    document = extract(hostile, url="https://example.org/", content_type="application/pdf")
    assert document.failure == "PDF that draws too much"
