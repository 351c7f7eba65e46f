"""How gunicorn serves the site: `gunicorn config.wsgi --config python:config.web_server`.

Threads, so that a few slow clients do not keep everybody waiting, and a limit on how long a request
may take to arrive. A proxy in front should buffer requests and answers all the same.
"""

import contextlib
import socket
import struct
import time

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from config import lifeline
from config.startup import require_readiness

#: Seconds in which a request has to arrive, its body included; what comes later is not read.
ARRIVAL_SECONDS = 15
#: Seconds after which the connection of a client that takes nothing more of its answer is closed.
STALLED_SECONDS = 30

# The names below are gunicorn's own.
worker_class = "config.web_server.Worker"
workers = 2
threads = 16  # each keeps a connection to PostgreSQL for CONN_MAX_AGE
timeout = 60  # seconds after which a process that no longer answers gunicorn is replaced
keepalive = 5  # seconds that an idle connection is kept
limit_request_line = 8190  # bytes of the address: the most that gunicorn allows
limit_request_fields = 64  # headers
limit_request_field_size = 8190  # bytes of each
loglevel = "warning"
control_socket_disable = True


def on_starting(_server: object) -> None:
    """End before any process is forked if a setting is refused or migrations are pending."""
    require_readiness()


class Worker(ThreadWorker):
    """gunicorn's threads, where a slow client keeps one for a bounded time.

    gunicorn's own timeout is for processes: a client that sends a byte now and then keeps its
    thread for ever, and one that sends nothing keeps it for five seconds. It also accepts more
    connections than it has threads for, and they wait although another process has threads free.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: dict[TConn, float] = {}  # with the time at which to stop reading
        self._busy = 0  # threads

    def notify(self) -> None:
        """Show that the main loop turns. Called every second."""
        lifeline.show_life()
        super().notify()

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, unless the last free thread was given away a moment ago."""
        if self._accepting:
            super().accept(listener)

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection to a thread; without another free one, leave the next to others."""
        self._busy += 1
        super().enqueue_req(conn)
        if self._busy >= self.cfg.threads:
            self.set_accept_enabled(False)

    def finish_request(self, conn: TConn, fs: object) -> None:
        self._busy -= 1
        super().finish_request(conn, fs)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections only while a thread is free. Called by the main loop."""
        super().set_accept_enabled(enabled and self._busy < self.cfg.threads)

    def handle(self, conn: TConn) -> object:
        """Serve a request that has begun to arrive. Runs in a thread of its own."""
        if not conn.initialized and not conn.wait_for_data(0):
            return _DEFER  # the main loop waits for it, without a thread
        stalled = struct.pack("ll", STALLED_SECONDS, 0)
        with contextlib.suppress(OSError):  # it has gone already
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, stalled)
        self._arriving[conn] = time.monotonic() + ARRIVAL_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._arriving.pop(conn, None)

    def murder_pending(self) -> None:
        """Close silent connections, and stop reading slow requests. Called every second.

        Only reading is stopped, so that a view that takes long can still answer.
        """
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self._arriving.items()):
            if now > until:
                self._arriving.pop(conn, None)
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
