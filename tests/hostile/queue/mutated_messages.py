"""1,500 messages of our own with a few bytes changed: each is read or set aside, none raises."""

import random
from pathlib import Path

from config.celery import app

CPU_SECONDS = 15
MEGABYTES = 200

MUTATIONS = 1_500


def mutated(good: bytes, dice: random.Random) -> bytes:
    """A message with one to eight places overwritten, cut out or stuffed."""
    bad = bytearray(good)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(bad))
        change = dice.randrange(3)
        if change == 0:
            bad[at] = dice.randrange(256)
        elif change == 1:
            del bad[at : at + dice.randint(1, 40)]
        else:
            bad[at:at] = dice.choice([b'"', b"{", b"}", b"null", b"[]", b"1e999", b"\\u0000"])
    return bytes(bad)


def make() -> Path:
    messages = Path(app.conf.broker_transport_options["data_folder_in"])
    app.send_task("tests.mutated", args=[1, "2026-11-25T12:00:00"], queue="visits", expires=60)
    (path,) = messages.iterdir()
    good = path.read_bytes()
    dice = random.Random(2026)
    for number in range(MUTATIONS):
        (messages / f"m{number}.visits.msg").write_bytes(mutated(good, dice))
    return messages


def read(messages: Path) -> None:
    with app.connection_for_read() as connection, connection.SimpleQueue("visits") as visits:
        readable = 0
        while list(messages.iterdir()):
            try:
                visits.get(block=False).ack()
                readable += 1
            except visits.Empty:
                break
    assert not list(messages.iterdir())
    assert 0 < readable < MUTATIONS
