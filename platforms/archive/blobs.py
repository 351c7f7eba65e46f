"""The blob format: one body, compressed alone or against one other body (its base).

A blob contains all that is needed to read it. No database is needed. Numbers are big-endian.

    offset  bytes  what
         0      8  magic
         8      4  CRC-32 of everything after it
        12      1  format version, 1
        13      1  codec, 1: one zstd frame, the base's body as its raw-content dictionary
        14      1  depth: number of blobs that must be read before this one; 0 for a keyframe
        15      1  age: number of snapshots since the last keyframe
        16      8  length of the body in bytes
        24     32  SHA-256 of the base's body; zeros for a keyframe
        56      …  the zstd frame (RFC 8878), its content size stated

Reasons and measurements: docs/decisions/0004-archive-format.md.
"""

import re
import struct
import zlib
from dataclasses import dataclass

import zstandard

from platforms.archive.errors import DamagedBlob, InvalidDigest

MAGIC = b"\x89DOB\r\n\x1a\n"  # like PNG's: a transfer in text mode visibly damages it
VERSION = 1
CODEC_ZSTD = 1
#: Chosen: far above the limit of the fetcher.
MAX_BODY_BYTES = 64 * 1024 * 1024
#: A frame of incompressible bytes is a little longer than the bytes.
MAX_BLOB_BYTES = MAX_BODY_BYTES + 1024 * 1024

# Deltas gain little above level 9 and keyframes little above 12, at many times the cost.
_DELTA_LEVEL = 9
_KEYFRAME_LEVEL = 12
# Above this size the default tables no longer reach the beginning of the base. 64 MB tables do.
_LARGE_BASE_BYTES = 4 * 1024 * 1024
_LARGE_TABLES = {"hash_log": 23, "chain_log": 23}
_MIN_WINDOW_LOG, _MAX_WINDOW_LOG = 10, 28  # the largest body and base together fit in 2**28

_ENVELOPE = struct.Struct(">8sI")
_FIELDS = struct.Struct(">BBBBQ32s")
_NO_BASE = bytes(32)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(name: str) -> bool:
    return _DIGEST.fullmatch(name) is not None


def checked_digest(name: str) -> str:
    """Return the name if it is a SHA-256 in lower-case hexadecimal; raise InvalidDigest if not."""
    if not is_digest(name):
        raise InvalidDigest(f"not a SHA-256 in lower-case hexadecimal: {name[:80]!r}")
    return name


@dataclass(frozen=True, slots=True)
class Blob:
    """One blob in memory. `base` is None for a keyframe."""

    length: int
    base: str | None
    depth: int
    age: int
    frame: bytes

    def to_bytes(self) -> bytes:
        base = bytes.fromhex(self.base) if self.base else _NO_BASE
        fields = _FIELDS.pack(VERSION, CODEC_ZSTD, self.depth, self.age, self.length, base)
        return (
            _ENVELOPE.pack(MAGIC, zlib.crc32(self.frame, zlib.crc32(fields))) + fields + self.frame
        )


def make_keyframe(body: bytes) -> Blob:
    """Compress a body on its own."""
    frame = _compress(body, base=b"", level=_KEYFRAME_LEVEL)
    return Blob(length=len(body), base=None, depth=0, age=0, frame=frame)


def make_delta(body: bytes, *, base: str, base_body: bytes, depth: int, age: int) -> Blob:
    """Compress a body against that of another blob, which is needed to read this one."""
    frame = _compress(body, base=base_body, level=_DELTA_LEVEL)
    return Blob(length=len(body), base=base, depth=depth, age=age, frame=frame)


def parse(digest: str, data: bytes) -> Blob:
    """Parse the stored bytes of a digest. Raises DamagedBlob for anything but an intact blob."""
    header_size = _ENVELOPE.size + _FIELDS.size
    if len(data) < header_size:
        raise DamagedBlob(digest, f"cut short at {len(data)} bytes")
    magic, checksum = _ENVELOPE.unpack_from(data)
    if magic != MAGIC:
        raise DamagedBlob(digest, "not a blob")
    if zlib.crc32(memoryview(data)[_ENVELOPE.size :]) != checksum:
        raise DamagedBlob(digest, "checksum differs")
    version, codec, depth, age, length, base = _FIELDS.unpack_from(data, _ENVELOPE.size)
    if (version, codec) != (VERSION, CODEC_ZSTD):
        raise DamagedBlob(digest, f"unknown version {version} or codec {codec}")
    if length > MAX_BODY_BYTES:
        raise DamagedBlob(digest, f"states {length} bytes, more than the archive allows")
    if (depth == 0) != (base == _NO_BASE):
        raise DamagedBlob(digest, "depth and base disagree")
    return Blob(
        length=length,
        base=None if base == _NO_BASE else base.hex(),
        depth=depth,
        age=age,
        frame=data[header_size:],
    )


def unpack(digest: str, blob: Blob, base_body: bytes) -> bytes:
    """Return the blob's body; `base_body` is b"" for a keyframe. Raises DamagedBlob.

    Never allocates more than the length stated in the blob, which parse() has limited.
    """
    dictionary = _raw_dictionary(base_body) if base_body else None
    decompressor = zstandard.ZstdDecompressor(
        dict_data=dictionary, max_window_size=2**_MAX_WINDOW_LOG
    )
    try:
        # The library allocates the size stated in the frame, so check that first.
        if zstandard.frame_content_size(blob.frame) != blob.length:
            raise DamagedBlob(digest, "frame and header disagree about the length")
        return decompressor.decompress(blob.frame, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise DamagedBlob(digest, f"cannot be decompressed: {error}") from error


def _compress(body: bytes, *, base: bytes, level: int) -> bytes:
    # The window covers base and body: zstd drops a dictionary outside the window.
    window_log = (len(base) + len(body)).bit_length()
    parameters = zstandard.ZstdCompressionParameters.from_level(
        level,
        source_size=len(body),
        dict_size=len(base),
        window_log=min(max(window_log, _MIN_WINDOW_LOG), _MAX_WINDOW_LOG),
        write_content_size=True,
        write_dict_id=False,
        **(_LARGE_TABLES if len(base) > _LARGE_BASE_BYTES else {}),
    )
    dictionary = _raw_dictionary(base) if base else None
    compressor = zstandard.ZstdCompressor(compression_params=parameters, dict_data=dictionary)
    return compressor.compress(body)


def _raw_dictionary(body: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(body, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
