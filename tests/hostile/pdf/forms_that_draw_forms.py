"""A PDF whose forms draw the next form ten times each, twelve deep."""

from platforms.extraction import extract
from tests.hostile.pdfs import stream, written

CPU_SECONDS = 5
MEGABYTES = 300


def make() -> bytes:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X %d 0 R>>>>"
    forms = [stream(b"/X Do " * 10, form % (number + 6)) for number in range(12)]
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</XObject<</X 5 0 R>>>>>>",
        stream(b"/X Do "),
        *forms,
        stream(b"BT (a) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"),
    )


def read(hostile: bytes) -> None:
    extract(hostile, url="https://example.org/", content_type="application/pdf")
