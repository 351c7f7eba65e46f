"""5,000 parts within each other: RecursionError ended the whole run. The mail is set aside."""

import mailbox
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

CPU_SECONDS = 4
MEGABYTES = 100
_PART = b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n"


def make() -> Path:
    path = settings.VAR_DIR / "bounces"
    box = mailbox.Maildir(path)
    start = b"To: a@b.example\nContent-Type: multipart/mixed; boundary=b0\n\n"
    box.add(start + b"".join(_PART % (number, number + 1) for number in range(5_000)))
    box.add(b"To: a@b.example\n\nThe next mail is still read.")
    return path


def read(hostile: Path) -> None:
    call_command("process_bounces", str(hostile), delete=True)
    assert len(mailbox.Maildir(hostile)) == 1
    assert len(mailbox.Maildir(settings.VAR_DIR / "unread-mails", create=False)) == 1
