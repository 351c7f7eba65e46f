"""A small real web server with pages written for practice: a platform called Chirp.

Its help page on the assistant Perch exists in five versions: (1) no mention of training,
(2) training introduced and on by default, (3) other wording, (4) opt-out moved,
(5) off by default in one region. Every answer carries fresh nonces and vote counts, as real
pages do. Further paths: a login wall, a server error, a slow answer.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

PAGES = Path(__file__).parent / "pages"
HELP = "/en/using-chirp/about-perch"
LOGIN_WALL = "/settings/perch"
ERROR = "/en/policies/privacy"
SLOW = "/en/policies/terms"

VERSIONS = 5
HTML = "text/html; charset=utf-8"

Answer = tuple[int, Mapping[str, str], bytes]


class PracticeSite:
    """Context manager: a server on 127.0.0.1 at this port, or at a free one for 0.

    requests: the requested paths.
    """

    def __init__(self, port: int = 0) -> None:
        self.version = 1
        self.slow_seconds = 5.0
        self.requests: list[str] = []
        self.robots = b"User-agent: *\nDisallow: /private/\n"
        self.answers: dict[str, Callable[[Mapping[str, str]], Answer]] = {
            "/robots.txt": lambda _: (200, {"Content-Type": "text/plain"}, self.robots),
            HELP: self._help,
            LOGIN_WALL: lambda _: _html((PAGES / "login.html").read_bytes()),
            ERROR: lambda _: (500, {"Content-Type": "text/html"}, b"<h1>Internal error</h1>"),
            SLOW: self._slow,
        }
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def _help(self, headers: Mapping[str, str]) -> Answer:
        """The help page in its present version, with an ETag that names the version."""
        etag = f'"help-{self.version}"'
        if headers.get("If-None-Match") == etag:
            return 304, {"ETag": etag}, b""
        status, content, body = _html(help_page(self.version))
        return status, {**content, "ETag": etag}, body

    def _slow(self, headers: Mapping[str, str]) -> Answer:
        time.sleep(self.slow_seconds)
        return _html(b"<main>At last.</main>")

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def declare(url: str, folder: Path) -> None:
    """Write a catalog with one file, which watches a practice site at this address."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (Path(__file__).parent / "chirp.yaml").read_text(encoding="utf-8")
    (folder / "chirp.yaml").write_text(text.replace("{url}", url), encoding="utf-8")


def help_page(version: int) -> bytes:
    """The help page in one of its versions, with a nonce and a count of votes of its own."""
    text = (PAGES / f"help-{version}.html").read_text()
    text = text.replace("{{NONCE}}", secrets.token_hex(8))
    return text.replace("{{VOTES}}", str(secrets.randbelow(900) + 100)).encode()


def _html(body: bytes) -> Answer:
    return 200, {"Content-Type": HTML}, body


def _handler(site: PracticeSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.requests.append(self.path)
            answer = site.answers.get(self.path)
            status, headers, body = (
                answer(dict(self.headers)) if answer else (404, {}, b"<h1>Not found</h1>")
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing: the tests read site.requests."""

    return Handler
