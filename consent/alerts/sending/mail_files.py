"""Mails of the embedded installation: files that mail programs open, instead of a mail server."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class EmailBackend(BaseEmailBackend):
    """Writes each mail to a file of its own (.eml, RFC 5322) in EMAIL_FILE_PATH."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:12]}.eml"
            (folder / name).write_bytes(message.message().as_bytes())
        return len(messages)


def are_written() -> bool:
    """Return whether mails are written to a folder instead of being sent."""
    return f"{__name__}.EmailBackend" == settings.EMAIL_BACKEND


def written_mails() -> list[Path]:
    """Return the files of mails, the newest first; none where mails are sent."""
    if not are_written():
        return []
    files = [path for path in Path(settings.EMAIL_FILE_PATH).glob("*.eml") if path.is_file()]
    return sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)
