"""A real server on this machine that answers as badly as a test wants.

A behaviour is a function that gets the connection after the request head was read, and writes
what it likes: raw bytes, late, never, without end. The server closes the connection afterwards.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Line:
    """The server's end of a connection. `gone` is set when the server shuts down."""

    def __init__(self, connection: socket.socket, gone: threading.Event) -> None:
        self.connection = connection
        self.gone = gone

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def trickle(self, data: bytes, *, pause: float = 0.05) -> None:
        """Send byte by byte."""
        for index in range(len(data)):
            if self.gone.wait(pause):
                return
            self.send(data[index : index + 1])

    def repeat(self, data: bytes) -> None:
        """Send the same bytes again and again until the other side closes the connection."""
        while not self.gone.is_set():
            self.send(data)

    def hang(self) -> None:
        """Send nothing until the other side closes the connection."""
        self.connection.settimeout(0.05)
        while not self.gone.is_set():
            try:
                if not self.connection.recv(1024):
                    return
            except TimeoutError:
                continue


Behaviour = Callable[[Line, Request], None]


class HostileServer:
    """with HostileServer({"/slow": behaviour}) as server: visit(server.url("/slow"))"""

    def __init__(
        self,
        behaviours: Mapping[str, Behaviour],
        *,
        context: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.behaviours = dict(behaviours)
        self.requests: list[Request] = []
        self._context = context
        self._gone = threading.Event()
        self._listener = socket.create_server((host, 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://{host}:{self.port}{path}"

    def __enter__(self) -> HostileServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._gone.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._gone.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # Whatever we visit with hangs up early on hostile answers: that is the point.
        with suppress(OSError), connection:
            connection.settimeout(10)
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection:
                request = _read_request(connection)
                if request is None:
                    return
                self.requests.append(request)
                path = request.path.split("?", 1)[0]
                behaviour = self.behaviours.get(path, _not_here)
                behaviour(Line(connection, self._gone), request)
                # Half-close and wait: closing with unread input would reset the connection.
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                    connection.settimeout(0.5)
                    connection.recv(1024)


def _read_request(connection: socket.socket) -> Request | None:
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(65_536)
        if not received:
            return None
        head += received
    first, *rest = head.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = dict(line.lower().split(": ", 1) for line in rest if ": " in line)
    return Request(method, path, headers)


def _not_here(line: Line, request: Request) -> None:
    line.send(answer(b"<h1>Not Found</h1>", status="404 Not Found"))


def answer(
    body: bytes = b"",
    *,
    status: str = "200 OK",
    content_type: str | None = "text/html; charset=utf-8",
    headers: Mapping[str, str] | None = None,
    length: int | str | None = -1,
) -> bytes:
    """Return a whole answer. length: -1 for the true one, None for no Content-Length."""
    lines = [f"HTTP/1.1 {status}"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def answering(*args: object, **kwargs: object) -> Behaviour:
    """Return a behaviour that sends one answer."""
    data = answer(*args, **kwargs)  # type: ignore[arg-type]  # passed on as given
    return lambda line, request: line.send(data)


def redirecting(location: str, *, status: str = "302 Found") -> Behaviour:
    return answering(b"", status=status, headers={"Location": location})
