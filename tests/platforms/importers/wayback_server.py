"""A small web archive with the protocols of the Wayback Machine: CDX and Memento."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass
class StoredCapture:
    """One capture. location: where requests for it are redirected, "" for nowhere."""

    url: str
    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    location: str = ""


class WaybackServer:
    """Serves captures by their time on a free port of 127.0.0.1, within a `with` block.

    rows: how many rows the index returns at once. refuse: responses (status, headers) to the next
    requests. requests: the requested paths. broken: status of captures that always fail.
    index: what the index returns instead of its rows.
    """

    def __init__(self) -> None:
        self.captures: dict[str, StoredCapture] = {}
        self.rows = 1_000
        self.refuse: list[tuple[int, dict[str, str]]] = []
        self.broken: dict[str, int] = {}
        self.requests: list[str] = []
        self.index: bytes | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def keep(self, timestamp: str, url: str, text: str | bytes, **fields) -> None:
        body = text if isinstance(text, bytes) else page(text)
        self.captures[timestamp] = StoredCapture(url, body, **fields)

    def asked_for(self, kind: str) -> list[str]:
        return [path for path in self.requests if path.startswith(kind)]

    def answer_index(self, query: dict[str, list[str]]) -> bytes:
        """Return the rows after the resume key, with a new key if there are more."""
        if self.index is not None:
            return self.index
        wanted = {name: values[0] for name, values in query.items()}
        begin, end = wanted.get("from", ""), wanted.get("to", "9")
        rows = []
        digest = ""
        for timestamp, capture in sorted(self.captures.items()):
            if capture.url != wanted["url"] or not begin <= timestamp <= end:
                continue
            previous, digest = digest, f"{hash(capture.body):032X}"
            if digest != previous:
                rows.append([timestamp, capture.url, "text/html", str(capture.status), digest])
        start = int(wanted.get("resumeKey", "0"))
        answer = [wanted["fl"].split(","), *rows[start : start + self.rows]]
        if start + self.rows < len(rows):
            answer += [[], [str(start + self.rows)]]
        return json.dumps(answer if rows else []).encode()

    def answer_availability(self, query: dict[str, list[str]]) -> bytes:
        """Return the capture of an address that is closest to a time, as the real API does."""
        if self.index is not None:
            return self.index
        url, near = query["url"][0], query.get("timestamp", ["9" * 14])[0].ljust(14, "0")
        known = [
            timestamp
            for timestamp, capture in self.captures.items()
            if capture.url.rstrip("/").partition("://")[2] == url.rstrip("/").partition("://")[2]
        ]
        closest = min(known, key=lambda timestamp: abs(int(timestamp) - int(near)), default="")
        snapshots = {}
        if closest:
            capture = self.captures[closest]
            snapshots["closest"] = {
                "available": True,
                "status": str(capture.status),
                "timestamp": closest,
                "url": f"http://web.archive.org/web/{closest}/{capture.url}",
            }
        return json.dumps({"url": url, "archived_snapshots": snapshots}).encode()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def page(text: str) -> bytes:
    """Return a page with a text, navigation and a footer."""
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
            if self.path.startswith("/wayback/available?"):
                query = parse_qs(urlsplit(self.path).query)
                return self.answer(
                    200, {"Content-Type": "application/json"}, server.answer_availability(query)
                )
            timestamp = self.path.removeprefix("/web/")[:14]
            capture = server.captures.get(timestamp)
            if timestamp in server.broken:
                return self.answer(server.broken[timestamp], {}, b"<h1>Replay failed</h1>")
            if capture is None or f"/web/{timestamp}id_/" not in self.path:
                return self.answer(404, {}, b"<h1>No capture</h1>")
            if capture.location and capture.location not in self.path:
                return self.answer(302, {"Location": capture.location}, b"")
            original = {
                "X-Archive-Orig-Server": "chirp",
                "X-Archive-Orig-Set-Cookie": "visitor=1",
                "Content-Type": "text/html; charset=utf-8",
            }
            return self.answer(capture.status, original | capture.headers, capture.body)

        def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Do not log: the tests read server.requests."""

    return Handler
