"""Pages in any encoding of the web are read; the same words give the same digest."""

import codecs

import pytest

from platforms.extraction import extract

WORDS = "Données personnelles – « désactivé »"


def read(body, content_type="text/html"):
    return extract(body, url="https://example.org/", content_type=content_type)


def page(words, declared=""):
    return f"<html><head>{declared}</head><body><main><p>{words}</p></main></body></html>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (page(WORDS).encode(), "text/html"),
        (page(WORDS).encode(), "text/html; charset=UTF-8"),
        (codecs.BOM_UTF8 + page(WORDS).encode(), "text/html; charset=iso-8859-1"),
        (page(WORDS).encode("cp1252"), "text/html; charset=iso-8859-1"),
        (page(WORDS).encode("cp1252"), "text/html"),
        (page(WORDS, "<meta charset=windows-1252>").encode("cp1252"), "text/html"),
        (
            page(
                WORDS, '<meta http-equiv="Content-Type" content="text/html; charset=latin1">'
            ).encode("cp1252"),
            "text/html",
        ),
        (codecs.BOM_UTF16_LE + page(WORDS).encode("utf-16-le"), "text/html"),
        (codecs.BOM_UTF16_BE + page(WORDS).encode("utf-16-be"), "text/html; charset=utf-8"),
        (page(WORDS).encode("utf-16-le"), "text/html"),
        (page(WORDS).encode("utf-16-be"), "text/html"),
        (page(WORDS, "<meta charset=utf-16>").encode(), "text/html"),
        (page(WORDS).encode(), "text/html; charset=no-such-thing"),
        (page(WORDS).encode(), "text/html; charset=rot13"),
    ],
)
def test_a_page_reads_alike_in_every_encoding(body, content_type):
    assert read(body, content_type).text == WORDS


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("設定を無効にする", "shift_jis"),
        ("关闭设置", "gb2312"),
        ("Отключить", "koi8-r"),
        ("설정", "euc-kr"),
    ],
)
def test_other_scripts_are_read_with_their_declared_encoding(words, label):
    assert read(page(words).encode(label), f"text/html; charset={label}").text == words


@pytest.mark.parametrize(
    ("words", "label", "codec"),
    [
        ("設定を無効にする", "x-sjis", "cp932"),
        ("設定を無効にする", "Windows-31J", "cp932"),
        ("关闭训练", "x-gbk", "gbk"),
        ("отключить", "x-cp1251", "cp1251"),
        ("отключить", "koi", "koi8-r"),
        ("données", "macintosh", "mac-roman"),
        ("כבה אימון", "iso-8859-8-i", "iso8859-8"),
        ("données", "unicode-1-1-utf-8", "utf-8"),
    ],
)
def test_encoding_labels_unknown_to_python_are_read_as_in_browsers(words, label, codec):
    declared = f"<meta charset={label}>"
    assert read(page(words, declared).encode(codec)).text == words


def test_a_declaration_inside_a_script_does_not_count():
    declared = '<script>var a = "charset=utf-16";</script>'
    assert read(page(WORDS, declared).encode()).text == WORDS


def test_broken_bytes_become_replacement_characters():
    body = b"<meta charset=utf-8><main><p>Your d\xffta \x00 here</p></main>"
    assert read(body).text == "Your d\ufffdta here"


def test_a_page_cut_inside_a_character_stays_utf_8():
    body = page(WORDS).encode()[: -len("</p></main></body></html>")]
    assert read(body + "é".encode()[:1]).text.startswith(WORDS)


def test_plain_text_is_decoded_and_kept_line_by_line():
    body = "# Title #\r\n\r\nFirst line é\r\nsecond line\r\n\r\n\r\n* item\x00".encode("cp1252")
    document = read(body, "text/plain; charset=windows-1252")
    assert document.text == "# Title\n\nFirst line é\nsecond line\n\n* item"
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "paragraph"]
