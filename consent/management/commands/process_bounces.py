"""Read mails that came to the return address: bounces, complaints, unsubscriptions."""

from __future__ import annotations

import logging
import mailbox
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consent.alerts.sending.bounces import MAX_BYTES, process

NOT_READ = "not read"
#: A Maildir in VAR_DIR for mails that could not be read.
UNREAD = "unread-mails"

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Read reports about our mails from standard input (one mail, as a mail server pipes it), "
        "from a Maildir, or from an mbox file. With --delete, those understood are removed, and "
        "those that cannot be read are moved to the Maildir VAR_DIR/unread-mails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mailbox", nargs="?", help="a Maildir folder or an mbox file")
        parser.add_argument("--delete", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes: Counter[str] = Counter()
        if options["mailbox"] is None:
            raw = sys.stdin.buffer.read(MAX_BYTES)
            outcome = _act_on(raw)
            if outcome.startswith(NOT_READ):
                _set_aside(raw)
            outcomes[outcome] += 1
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
            try:
                raw = box.get_bytes(key)
            except (KeyError, FileNotFoundError):
                continue  # Another program took this mail away.
            outcome = _act_on(raw)
            if delete and outcome.startswith(NOT_READ):
                _set_aside(raw)
            if delete and (
                outcome.startswith(NOT_READ)
                or ("not " not in outcome and "no report" not in outcome)
            ):
                box.remove(key)
            yield outcome
        box.flush()
    finally:
        box.unlock()
        box.close()


def _act_on(raw: bytes) -> str:
    """Return what a mail was. A fault of ours at one mail must not keep us from the next."""
    try:
        return process(raw)
    except Exception:
        log.exception("Cannot read a mail of %s bytes to the return address", len(raw))
        return f"{NOT_READ}, see the log"


def _set_aside(raw: bytes) -> None:
    """Keep a mail that could not be read where no later run finds it."""
    mailbox.Maildir(settings.VAR_DIR / UNREAD, create=True).add(raw)
