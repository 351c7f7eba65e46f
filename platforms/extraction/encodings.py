"""Bytes as received → text. The encoding is found in the order of the HTML standard."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The standard looks for the declaration in the first 1,024 bytes. Some pages have scripts before
# it; browsers read these correctly because they parse them a second time.
_PRESCAN_BYTES = 4096
_CHUNK_BYTES = 65_536
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*+=\s*+[\"']?\s*+([\w.:-]{2,40})", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:-]{2,40})", re.I)
# Python's name of an encoding → the codec to use, for the encodings of the web (WHATWG Encoding).
# As in browsers, a subset is read as its Windows superset. Python's other codecs (utf-7, idna,
# rot13 …) are left out: a page must not choose them.
_WEB_CODECS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "cp874": "cp874",
    **{
        name: name for name in (f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15))
    },
    **{name: name for name in (f"cp125{part}" for part in range(9))},
    "iso8859-16": "iso8859-16",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "cp866": "cp866",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_kr": "cp949",
    "cp949": "cp949",
}
# Labels of the same standard that Python does not know.
_LABELS = {
    label: codec
    for codec, labels in {
        "utf-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
        "utf-16-le": "ucs-2 iso-10646-ucs-2 csunicode unicode unicodefeff",
        "utf-16-be": "unicodefffe",
        "cp932": "x-sjis windows-31j",
        "gb18030": "x-gbk csgb2312 csiso58gb231280",
        "big5hkscs": "cn-big5 x-x-big5",
        "cp949": "windows-949",
        "euc_jp": "x-euc-jp",
        "cp874": "dos-874 windows-874",
        "koi8-r": "koi koi8 cskoi8r",
        "koi8-u": "koi8-ru",
        "mac-roman": "macintosh mac x-mac-roman csmacintosh",
        "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
        "iso8859-7": "sun_eu_greek",
        "iso8859-8": "iso-8859-8-i csiso88598i logical visual",
        "cp1252": "iso88591 x-ansi",
        **{f"cp125{part}": f"x-cp125{part}" for part in range(9)},
    }.items()
    for label in labels.split()
}


def decode(body: bytes, content_type: str) -> str:
    """Return the text of a body. Never raises: invalid bytes become U+FFFD."""
    encoding, mark = _encoding(body, content_type)
    return body[mark:].decode(encoding, "replace")


def to_utf8(body: bytes, content_type: str) -> bytes:
    """Return a body in UTF-8. A body in UTF-8 is returned as it is, invalid bytes included."""
    encoding, mark = _encoding(body, content_type)
    if encoding == "utf-8":
        return body[mark:] if mark else body
    return body[mark:].decode(encoding, "replace").encode("utf-8", "replace")


def _encoding(body: bytes, content_type: str) -> tuple[str, int]:
    """Return the codec of a body and the length of its byte-order mark."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name, len(bom)
    header = _HEADER_CHARSET.search(content_type)
    if header and (name := _codec(header[1])):
        return name, 0
    meta = _META_CHARSET.search(body, 0, _PRESCAN_BYTES)
    if meta and (name := _codec(meta[1].decode("ascii", "replace"))):
        # Its <meta> is readable as ASCII, so the page is not in UTF-16, even if it claims so.
        return ("utf-8" if name.startswith("utf-16") else name), 0
    return _guess(body), 0


def _codec(label: str) -> str:
    """Return the codec for an encoding label of the web, "" for any other label."""
    if known := _LABELS.get(label.lower()):
        return known
    try:
        return _WEB_CODECS.get(codecs.lookup(label).name, "")
    except (LookupError, ValueError):
        return ""


def _guess(body: bytes) -> str:
    """Return the encoding of a body that declares none: UTF-16 or UTF-8 if it fits, else cp1252."""
    if len(body) > 3 and body[0] == body[2] == 0 and body[1] and body[3]:
        return "utf-16-be"
    if len(body) > 3 and body[1] == body[3] == 0 and body[0] and body[2]:
        return "utf-16-le"
    for start in range(0, len(body), _CHUNK_BYTES):
        chunk = body[start : start + _CHUNK_BYTES]
        if not chunk.isascii():
            # The first chunk that is not ASCII decides: other encodings rarely look like UTF-8.
            return "utf-8" if _is_utf8(chunk) else "cp1252"
    return "utf-8"


def _is_utf8(chunk: bytes) -> bool:
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError as error:
        # The end of a chunk, or of a body cut off by a size limit, may be inside a character.
        return error.start >= len(chunk) - 3
    return True
