"""Files that are no messages, in the embedded site's queue: an empty one ended web and worker."""

import json
import os
from pathlib import Path

from config.celery import app

CPU_SECONDS = 3
MEGABYTES = 200

_NESTED = 400_000
#: What a crash, a full disk, a virus scanner or a stray program may leave there.
FILES = {
    "empty": b"",
    "torn": b'{"body": "W1s0Miwg',
    "binary": bytes(range(256)) * 4,
    "huge": b"[" * 20_000_000,
    "nested": b"[" * _NESTED + b"]" * _NESTED,
    "long-number": b"9" * 900_000,
    "not-a-message": b'["celery"]',
    "foreign": b'{"hello": "world", "properties": 7}',
    "bare": b'{"properties": {}, "headers": {}, "body": ""}',
    "strange-type": b'{"__type__": "datetime", "__value__": {"a": 1}}',
    "without-a-task": json.dumps(
        {
            "body": "!not base64!",
            "headers": {"task": ["a", "list"]},
            "properties": {"delivery_tag": ["x"], "delivery_info": None, "body_encoding": "base64"},
        }
    ).encode(),
}
KINDS = (*FILES, "folder", "pipe", "link")


def litter(queue: Path, number: int) -> None:
    """Throw one of each kind into each queue, and break the tables that bind the queues."""
    messages = queue / "messages"
    for name in ("visits", "general"):
        for kind, content in FILES.items():
            (messages / f"{number}-{kind}.{name}.msg").write_bytes(content)
        (messages / f"{number}-folder.{name}.msg").mkdir()
        os.mkfifo(messages / f"{number}-pipe.{name}.msg")
        (messages / f"{number}-link.{name}.msg").symlink_to("/dev/zero")
    tables = sorted((queue / "control").glob("*.exchange"))
    for table, content in zip(tables, [b"", b"\xff\x00", b'{"a": 1}'] * 9, strict=False):
        table.write_bytes(content)


def make() -> Path:
    with app.connection_for_write() as connection:
        app.send_task("tests.first", queue="visits", connection=connection)
    queue = Path(app.conf.broker_transport_options["data_folder_in"]).parent
    litter(queue, 1)
    app.send_task("tests.second", queue="visits")
    return queue


def read(queue: Path) -> None:
    with app.connection_for_read() as connection, connection.SimpleQueue("visits") as visits:
        tasks: list[str] = []
        while len(tasks) < 2:
            message = visits.get(timeout=5)
            tasks.append(message.headers["task"])
            message.ack()
    assert tasks == ["tests.first", "tests.second"]
    set_aside = [path.name for path in (queue / "unreadable").iterdir()]
    for kind in KINDS:
        assert any(f"1-{kind}.visits" in name for name in set_aside), kind
