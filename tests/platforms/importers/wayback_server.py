"""A small web archive that speaks CDX and Memento as the Wayback Machine does."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass
class Kept:
    """One capture; location: where a request for it is sent on to instead."""

    url: str
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    location: str = ""


class WaybackServer:
    """Serves captures by their time on a free port of 127.0.0.1 until left.

    rows: how many the index gives at once. refuse: answers (status, headers) given instead of
    the next ones asked for. requests: the paths asked for; broken: paths that always fail.
    """

    def __init__(self) -> None:
        self.captures: dict[str, Kept] = {}
        self.rows = 1_000
        self.refuse: list[tuple[int, dict[str, str]]] = []
        self.broken: dict[str, int] = {}
        self.requests: list[str] = []
        self.index: bytes | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def keep(self, timestamp: str, url: str, text: str | bytes, **more) -> None:
        body = text if isinstance(text, bytes) else page(text)
        self.captures[timestamp] = Kept(url, body, **more)

    def asked_for(self, kind: str) -> list[str]:
        return [path for path in self.requests if path.startswith(kind)]

    def answer_index(self, query: dict[str, list[str]]) -> bytes:
        """The rows after the resumption key, with a new key where there are more."""
        if self.index is not None:
            return self.index
        wanted = {name: values[0] for name, values in query.items()}
        begin, end = wanted.get("from", ""), wanted.get("to", "9")
        rows = []
        digest = ""
        for timestamp, kept in sorted(self.captures.items()):
            if kept.url != wanted["url"] or not begin <= timestamp <= end:
                continue
            own = f"{hash(kept.body):032X}"
            if own != digest:
                rows.append([timestamp, kept.url, "text/html", str(kept.status), own])
            digest = own
        start = int(wanted.get("resumeKey", "0"))
        shown = [wanted["fl"].split(","), *rows[start : start + self.rows]]
        if start + self.rows < len(rows):
            shown += [[], [str(start + self.rows)]]
        return json.dumps(shown if rows else []).encode()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def page(text: str) -> bytes:
    """A page that says a text, among what pages have around it."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    return (
        "<!doctype html><html lang=en><title>About Perch</title><nav>Home Help Sign up</nav>"
        f"<main>{paragraphs}</main><footer>Chirp Networks</footer></html>"
    ).encode()


def _handler(server: WaybackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.requests.append(self.path)
            if server.refuse:
                status, headers = server.refuse.pop(0)
                return self.answer(status, headers, b"<h1>Too many requests</h1>")
            if self.path.startswith("/cdx/search/cdx?"):
                query = parse_qs(urlsplit(self.path).query)
                return self.answer(
                    200, {"Content-Type": "application/json"}, server.answer_index(query)
                )
            timestamp = self.path.removeprefix("/web/")[:14]
            kept = server.captures.get(timestamp)
            if timestamp in server.broken:
                return self.answer(server.broken[timestamp], {}, b"<h1>Replay failed</h1>")
            if kept is None or f"/web/{timestamp}id_/" not in self.path:
                return self.answer(404, {}, b"<h1>No capture</h1>")
            if kept.location and kept.location not in self.path:
                return self.answer(302, {"Location": kept.location}, b"")
            original = {
                "X-Archive-Orig-Server": "chirp",
                "X-Archive-Orig-Set-Cookie": "visitor=1",
                "Content-Type": "text/html; charset=utf-8",
            }
            return self.answer(kept.status, original | kept.headers, kept.body)

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the tests read server.requests."""

    return Handler
