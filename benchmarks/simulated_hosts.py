"""Many hosts on this machine, each an address of 127.0.0.0/8, that answer with a policy page.

A worker waits between two visits to one host, so visits can only be fast to many hosts.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.main_job.installation import ROOT, Installation

WORDS = (
    "We may use the content you post, the messages you exchange with our assistants and the "
    "information about how you use our services to develop, train and improve our models, unless "
    "you have told us in your settings that you do not want this. "
)
#: The tag that the page has. It is not sent: whoever wants "not modified" asks with it.
TAG = '"1"'


def host(number: int) -> str:
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


@contextlib.contextmanager
def simulated_hosts(port: int, kilobytes: int, log: Path | None = None) -> Iterator[None]:
    """Let all hosts answer in another process. log: gets time, host and path of each request."""
    command = [sys.executable, "-m", "benchmarks.simulated_hosts", str(port), str(kilobytes)]
    process = subprocess.Popen([*command, str(log)] if log else command, cwd=ROOT)
    try:
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait()


def add_pages(installation: Installation, port: int, *, hosts: int, pages: int) -> None:
    """Write the pages, spread over the hosts, into the database of an installation."""
    installation.manage(
        "shell",
        "--no-imports",
        "-c",
        f"""
from benchmarks.simulated_hosts import host
from platforms.models import Page
from tests.factories import make_platform
platform = make_platform("chirp")
Page.objects.bulk_create(
    [Page(platform=platform, kind="terms", title=f"Terms {{n}}", select=["main"],
          url=f"http://{{host(n % {hosts})}}:{port}/{{n}}")
     for n in range({pages})], batch_size=1000)
""",
    )


def page(kilobytes: int) -> str:
    """A policy with the scripts and styles around it that real ones have: a tenth of it is text."""
    text = "".join(
        f"<h2>{number}. Your choices</h2><p>{WORDS}</p><ul><li>Posts</li><li>Chats</li></ul>"
        for number in range(kilobytes * 100 // 340)
    )
    data = json.dumps({"props": {f"key{number}": WORDS for number in range(kilobytes * 3)}})
    return (
        '<!doctype html><html lang="en"><head><title>Policy</title>'
        f"<style>{'.a{margin:0}' * kilobytes * 8}</style></head>"
        '<body><script nonce="{{NONCE}}">1</script><nav><a href="/">Home</a></nav>'
        f"<main><h1>Policy</h1>{text}</main><footer>Chirp</footer>"
        f'<script type="application/json">{data[: kilobytes * 800]}</script></body></html>'
    )


async def serve(port: int, kilobytes: int, log: Path | None) -> None:
    """Answer every request with the page and a fresh token, unless the request knows the tag."""
    head, tail = (part.encode() for part in page(kilobytes).split("{{NONCE}}"))
    size = len(head) + 16 + len(tail)
    lines = log.open("w", buffering=1) if log else None

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split(b" ", 2)[1].decode()
            if lines:
                lines.write(f"{time.time()} {writer.get_extra_info('sockname')[0]} {path}\n")
            if path == "/robots.txt":
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            elif f"If-None-Match: {TAG}".encode() in request:
                writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {TAG}\r\n\r\n".encode())
            else:
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                    b"Content-Length: %d\r\n\r\n" % size
                )
                writer.writelines([head, secrets.token_hex(8).encode(), tail])
            await writer.drain()
            writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", port, limit=1 << 16)
    async with server:
        await server.serve_forever()


def main(port: str, kilobytes: str, log: str = "") -> None:
    asyncio.run(serve(int(port), int(kilobytes), Path(log) if log else None))


if __name__ == "__main__":
    main(*sys.argv[1:])
