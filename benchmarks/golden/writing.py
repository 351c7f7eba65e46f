"""Writes answers into files: readable, and without what is random."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

#: What differs from run to run, and what is written instead.
_RANDOM = (
    (re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+'), r"\1TOKEN"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"/(u|alerts|confirm|address|desk-mail)/[-_.A-Za-z0-9]{12,}"), r"/\1/TOKEN"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "TOKEN"),
    (re.compile(r"(minutes:(?:</p><p[^>]*><strong>)? ?)\d{6}\b"), r"\1DIGITS"),
    (re.compile(r'(name="started" value=")[^"]+'), r"\1TIME"),
)


def normalised(text: str) -> str:
    """Return a text without tokens."""
    for pattern, instead in _RANDOM:
        text = pattern.sub(instead, text)
    return text


def in_json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(normalised(text), encoding="utf-8", newline="")


def write_bytes(path: Path, body: bytes) -> None:
    """Write a file: JSON in lines, archives member by member, other binary files as a digest."""
    if path.suffix in (".zip", ".wacz"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                write_bytes(path / name, archive.read(name))
        return
    if body.startswith(b"\x1f\x8b"):
        body, path = gzip.decompress(body), path.with_suffix("")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = f"{len(body)} bytes, SHA-256 {hashlib.sha256(body).hexdigest()}\n"
    if path.suffix == ".json":
        text = in_json(json.loads(text))
    write_text(path, text)
