"""The queue of an embedded installation: Celery messages as files in `var/queue`.

kombu's filesystem transport with two differences: a file is written completely or not at all, and
a file that cannot be read is moved aside and logged instead of ending the worker.
Why this is ours: docs/decisions/0015-queue-files.md.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
import stat
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, virtual
from kombu.transport.filesystem import exchange_queue_t as Binding
from kombu.utils.json import dumps, loads

from config import lifeline

log = logging.getLogger(__name__)

#: A larger file is set aside unread. Our messages have at most 2 kB.
MAX_BYTES = 1_000_000
#: Unreadable files that are kept, the newest ones. Chosen: at most 100 MB.
MAX_UNREADABLE = 100
#: Seconds after which a file in the folder for files in use was left by a killed process. Chosen:
#: tasks end after five minutes.
_ABANDONED_AFTER = 3600

#: The bindings of this process, by the file of the exchange: they restore a broken table.
_own_bindings: dict[Path, set[Binding]] = {}


class Channel(filesystem.Channel):
    """Reads and writes message files and the tables that bind queues to exchanges."""

    # Messages.

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:
        """Add a message to a queue. Raises OSError where it cannot be written."""
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        self._write(Path(self.data_folder_out, name), dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """Take the oldest readable message out of a queue. Raises Empty when there is none."""
        lifeline.show_life()  # only the main loop of a worker looks into a queue
        self._repair_tables()
        for path in sorted(Path(self.data_folder_in).iterdir()):
            if path.name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.processed_folder, path.name)
            try:
                path.rename(taken)
            except OSError:  # another worker took it
                continue
            try:
                payload = self._read_message(taken)
            except Exception as fault:  # whatever a parser makes of arbitrary bytes
                self._set_aside(taken, fault)
                continue
            taken.unlink()
            return payload
        raise Empty

    def _read_message(self, path: Path) -> dict[str, Any]:
        """Return the message in a file. Raises whatever is wrong with it."""
        payload: dict[str, Any] = loads(_content(path))
        message = self.Message(payload, channel=self)
        route = message.delivery_info
        for text in (message.delivery_tag, route["exchange"], route["routing_key"]):
            _expect(str, text)
        _expect(dict, message.headers)
        if "task" in message.headers:  # messages between workers have none
            _expect(str, message.headers["task"])
            _expect(str, message.headers["id"])
        elif "pidbox" not in route["exchange"]:
            raise ValueError("it names no task")
        return payload

    def _restore(self, message: virtual.Message) -> None:
        """Put an unprocessed message back, once only: it may be the one that ended the worker."""
        if message._raw.get("redelivered"):
            path = Path(self.processed_folder, f"{uuid.uuid4()}.msg")
            self._write(path, dumps(message.serializable()))
            self._set_aside(path, ValueError("it came back unprocessed twice"))
        else:
            super()._restore(message)

    # Tables of bindings.

    def get_table(self, exchange: str) -> list[Binding]:
        """Return the bindings of an exchange."""
        return self._read_table(self._exchange_file(exchange))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        binding = Binding(routing_key or "", pattern or "", queue or "")
        path = self._exchange_file(exchange)
        _own_bindings.setdefault(path, set()).add(binding)
        with self._tables_locked():
            table = self._read_table(path)
            if binding not in table or not path.exists():
                self._write(path, dumps([binding, *(known for known in table if known != binding)]))

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any
    ) -> None:
        virtual.Channel._delete(self, queue, exchange, routing_key, pattern, *args, **kwargs)
        binding = Binding(routing_key or "", pattern or "", queue or "")
        path = self._exchange_file(exchange)
        _own_bindings.get(path, set()).discard(binding)
        with self._tables_locked():
            table = self._read_table(path)
            if binding in table:
                self._write(path, dumps([known for known in table if known != binding]))

    def _read_table(self, path: Path) -> list[Binding]:
        """Return the bindings in a file and those of this process; set a broken file aside."""
        table: list[Binding] = []
        try:
            table = [Binding(*map(_expect_text, row)) for row in loads(_content(path))]
        except FileNotFoundError:
            pass
        except Exception as fault:
            with contextlib.suppress(OSError):  # another process was first
                self._set_aside(path, fault)
        own = _own_bindings.get(path, set())
        return [*table, *sorted(own.difference(table))]

    def _repair_tables(self) -> None:
        """Write the bindings of this process again, where another process set the table aside."""
        for path in [path for path in _own_bindings if path.parent == self.control_folder]:
            if not path.exists():
                with self._tables_locked():
                    self._write(path, dumps(self._read_table(path)))

    @contextlib.contextmanager
    def _tables_locked(self) -> Iterator[None]:
        """Lock the tables. The system unlocks them when their holder ends, however it ends."""
        path = Path(self.control_folder, ".lock")
        try:
            lock = path.open("w")
        except OSError as fault:  # it is no file of ours, or somebody else's
            self._set_aside(path, fault)
            lock = path.open("w")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # Files.

    def _write(self, path: Path, text: str) -> None:
        """Write a file under another name and rename it, so that nobody reads half of it."""
        draft = Path(self.processed_folder, f"{uuid.uuid4()}.draft")
        try:
            draft.write_text(text, encoding="utf-8")
            draft.rename(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def _set_aside(self, path: Path, fault: Exception) -> None:
        """Move a file to the folder of unreadable ones, and log why. Raises OSError."""
        folder = Path(self.transport_options["unreadable_folder"])
        kept = folder / f"{time.time_ns()}-{path.name}"
        path.rename(kept)
        if stat.S_ISREG(kept.lstat().st_mode):
            kept.chmod(0o600)
            os.truncate(kept, min(kept.lstat().st_size, MAX_BYTES))
        log.warning(
            "A queue file cannot be read and was moved to %s: %s: %s",
            *(kept, type(fault).__name__, str(fault)[:200]),
        )
        for old in sorted(folder.iterdir())[:-MAX_UNREADABLE]:
            _remove(old)


class Transport(filesystem.Transport):
    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        folder = Path(client.transport_options["processed_folder"])
        for path in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.lstat().st_ctime < time.time() - _ABANDONED_AFTER:
                    _remove(path)


def _content(path: Path) -> str:
    """Return the text of a file. Raises OSError or ValueError."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        raise ValueError("it is no regular file")
    if status.st_size > MAX_BYTES:
        raise ValueError(f"it has {status.st_size} bytes")
    return path.read_text(encoding="utf-8")


def _expect(kind: type, value: object) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{str(value)[:50]!r} should be of type {kind.__name__}")


def _expect_text(value: Any) -> str:
    _expect(str, value)
    return str(value)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
