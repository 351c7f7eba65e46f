"""PDF files become paragraphs; damaged ones an empty Document with a reason."""

import pytest

from platforms.extraction import extract


def pdf(*pages):
    """Return a PDF with a page for each list of lines."""
    contents = []
    for lines in pages:
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        contents.append(f"BT /F1 12 Tf 14 TL 50 750 Td {shown} ET".encode("cp1252"))
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(contents):
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects += [
            page.encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)


def read(body, content_type="application/pdf"):
    return extract(body, url="https://example.org/policy.pdf", content_type=content_type)


def test_wrapped_lines_are_joined_and_items_kept_apart():
    document = read(
        pdf(
            [
                "We use what you post to train models, unless you",
                "have told us not to.",
                "You can object to this at any time, as follows:",
                "- in the settings of your account",
                "- by mail",
                "2. Keeping",
                "We keep it for 30 days.",
            ]
        )
    )
    assert document.text == (
        "We use what you post to train models, unless you have told us not to.\n\n"
        "You can object to this at any time, as follows:\n\n"
        "- in the settings of your account\n"
        "- by mail\n\n"
        "2. Keeping\n\n"
        "We keep it for 30 days."
    )
    assert document.failure == ""


def test_page_numbers_and_lines_on_every_page_are_left_out():
    pages = [
        ["Example Ltd.", f"Words of page {name}.", f"Page {at} of 4"]
        for at, name in enumerate("abcd", 1)
    ]
    text = read(pdf(*pages)).text
    assert text == "\n\n".join(f"Words of page {name}." for name in "abcd")


def test_a_pdf_is_recognised_by_its_first_bytes():
    assert read(pdf(["Hello there."]), "application/octet-stream").text == "Hello there."


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b"%PDF-1.7 junk", "damaged PDF"),
        (b"", "damaged PDF"),
        (pdf(["Hello"])[:200], "damaged PDF"),
        (pdf([""]), "PDF without text"),
        (b"%PDF-" + b"0" * 20_000_001, "PDF too large"),
    ],
)
def test_an_unreadable_pdf_has_a_reason(body, failure):
    document = read(body)
    assert (document.text, document.blocks, document.failure) == ("", (), failure)


def test_a_pdf_damaged_anywhere_raises_nothing():
    whole = pdf(["Hello there."], ["And more."])
    for at in range(0, len(whole), 7):
        assert isinstance(read(whole[:at] + b"\xff<<" + whole[at + 3 :]).text, str)
