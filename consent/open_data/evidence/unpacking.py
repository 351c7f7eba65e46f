"""Unpacks a bundle within limits: each layer of compression, and whatever the file says of itself.

Sizes that a file declares are input: no more is unpacked than the limit, whatever it declares.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from consent.open_data.evidence import members

#: Bytes of all files, and of the WARC file when it is unpacked. Ours have at most some 70 MB.
LARGEST = 100_000_000
#: Bytes of a file that is parsed. Objects of JSON take some twenty times as much memory.
LARGEST_PARSED = 5_000_000
#: Files in a bundle, and records in its WARC file. Ours have at most some hundred.
MOST_FILES = 1000
#: Files without which nothing can be checked.
_REQUIRED = (members.DATAPACKAGE_PATH, members.DIGEST_PATH, members.MANIFEST_PATH)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: Magic number, deflate, no name or comment or time (RFC 1952): what could hide words.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
_CHUNK = 65_536


class NotABundle(ValueError):
    """The file cannot be read as an evidence bundle at all."""


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the files of a bundle by path. Raises NotABundle."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            listed = file.infolist()
            if len(listed) > MOST_FILES or sum(each.file_size for each in listed) > LARGEST:
                raise NotABundle("too large for an evidence bundle")
            if any(each.compress_type not in _METHODS for each in listed):
                raise NotABundle("compressed in a way that bundles are not")
            files = {each.filename: _member(file, each) for each in listed}
    except NotABundle:
        raise
    except Exception as error:  # zlib.error and others that damaged members raise
        raise NotABundle(f"not a readable ZIP file: {error}") from error
    if len(files) != len(listed):
        raise NotABundle("two files in it have one name")
    if absent := [path for path in _REQUIRED if path not in files]:
        raise NotABundle(f"not an evidence bundle: {', '.join(absent)} missing")
    return files


def _member(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with file.open(member) as opened:
        # With a size, read() unpacks no more than that at once. Without one, it unpacks all.
        return opened.read(member.file_size)


def parsed(data: bytes) -> Any:
    """Return a value from JSON. Raises ValueError."""
    if len(data) > LARGEST_PARSED:
        raise ValueError("too large to be parsed")
    return json.loads(data)


def gzip_members(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each gzip member of a file: its length there, and what is in it.

    Raises ValueError if the file is damaged, too large, or has anything beside the members.
    """
    at, room = 0, LARGEST
    for _ in range(MOST_FILES):
        if at == len(data):
            return
        if not data.startswith(_GZIP_HEAD, at):
            raise ValueError("not a gzip member as bundles have them")
        unpacking = zlib.decompressobj(wbits=31)
        start, plain = at, bytearray()
        while not unpacking.eof:
            packed = unpacking.unconsumed_tail
            if not packed:
                packed = data[at : at + _CHUNK]
                at += len(packed)
                if not packed:
                    raise ValueError("a gzip member ends too early")
            plain += unpacking.decompress(packed, room - len(plain) + 1)
            if len(plain) > room:
                raise ValueError("too large when unpacked")
        at -= len(unpacking.unused_data)
        room -= len(plain)
        yield at - start, bytes(plain)
    if at < len(data):
        raise ValueError("too many gzip members")
