"""A server that never stops answering: a byte now and then, always in time for the next read."""

import socket
import threading
from contextlib import contextmanager


@contextmanager
def dripping(start=b"", byte=b"a"):
    """Yield the port of a server that says `start` to all who connect, and then drips."""
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def drip(connection):
        with connection:
            try:
                connection.sendall(start)
                while not ended.wait(0.02):
                    connection.sendall(byte)
            except OSError:
                pass  # who asked has gone

    def accept():
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
