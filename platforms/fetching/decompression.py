"""Decompresses answers, never beyond the maximum size of a page. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from platforms.fetching.visit_errors import PermanentFetchError, TransientFetchError
from platforms.outcomes import Outcome

_GZIP_MAGIC = b"\x1f\x8b"


def decoded(chunks: Iterator[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """Yield decompressed chunks of at most limit + 1 bytes."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return chunks
    if encoding in ("gzip", "x-gzip"):
        return _inflated(chunks, limit, gzip=True)
    if encoding == "deflate":
        return _inflated(chunks, limit, gzip=False)
    # This also refuses several encodings in a row, each of which could multiply the size.
    raise PermanentFetchError(
        Outcome.NOT_TEXT, f"compressed in a way we did not ask for: {encoding[:60]}"
    )


def _inflated(chunks: Iterator[bytes], limit: int, *, gzip: bool) -> Iterator[bytes]:
    decoder = None
    started = False
    left_over = b""
    for chunk in chunks:
        data, left_over = left_over + chunk, b""
        while data:
            if decoder is None:
                if started and data == _GZIP_MAGIC[:1]:
                    left_over = data  # the first byte of the next member's signature
                    break
                if started and not data.startswith(_GZIP_MAGIC):
                    return  # padding after the last member
                decoder, started = zlib.decompressobj(_window_bits(data, gzip=gzip)), True
            try:
                yield decoder.decompress(data, limit + 1)
            except zlib.error as error:
                raise TransientFetchError(
                    Outcome.CONNECTION, f"the compressed answer is damaged ({error})"
                ) from error
            data = decoder.unconsumed_tail
            if decoder.eof:
                if not gzip:
                    return
                # A gzip answer may have several members, one after another.
                data, decoder = decoder.unused_data, None
    if decoder is not None:
        raise TransientFetchError(Outcome.CONNECTION, "the compressed answer breaks off")


def _window_bits(start: bytes, *, gzip: bool) -> int:
    """Return wbits for zlib. "deflate" is sent with a zlib header (RFC 9110) or without."""
    if gzip:
        return zlib.MAX_WBITS | 16
    has_header = start[0] & 0x0F == 8 and (len(start) < 2 or int.from_bytes(start[:2]) % 31 == 0)
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
