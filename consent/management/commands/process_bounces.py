"""Read mails that came to the return address: bounces, complaints, unsubscriptions."""

from __future__ import annotations

import email
import email.policy
import mailbox
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.alerts.bounces import process

#: A report is small; what is larger is none, and is not read into memory.
LARGEST = 2_000_000  # bytes


class Command(BaseCommand):
    help = (
        "Read reports about our mails from standard input (one mail, as a mail server pipes it), "
        "from a Maildir, or from an mbox file. With --delete, those understood are removed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mailbox", nargs="?", help="a Maildir folder or an mbox file")
        parser.add_argument("--delete", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes: Counter[str] = Counter()
        if options["mailbox"] is None:
            raw = sys.stdin.buffer.read(LARGEST + 1)
            outcomes[_act_on(raw)] += 1
        else:
            for outcome in _whole_box(Path(options["mailbox"]), delete=options["delete"]):
                outcomes[outcome] += 1
        for outcome, count in sorted(outcomes.items()):
            self.stdout.write(f"{count}  {outcome}")


def _whole_box(path: Path, *, delete: bool) -> Iterator[str]:
    if not path.exists():
        raise CommandError(f"There is no mailbox at {path}.")
    box: mailbox.Mailbox[Any] = (
        mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    )
    box.lock()
    try:
        for key in list(box.keys()):
            outcome = _act_on(box.get_bytes(key))
            if delete and "not " not in outcome and "no report" not in outcome:
                box.remove(key)
            yield outcome
        box.flush()
    finally:
        box.unlock()
        box.close()


def _act_on(raw: bytes) -> str:
    if len(raw) > LARGEST:
        return "not read: too large for a report"
    report = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(report, EmailMessage)
    return process(report)
