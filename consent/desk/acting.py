"""Acts of a curator on a page of the desk: done as a whole, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from consent.curation.undo import undo
from consent.models import Decision
from consent.vocabulary import Ruling
from platforms.desk.curators import curator_of, require


def try_act(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Act in a transaction; show what was done, or why it is refused. Return whether it worked."""
    try:
        with transaction.atomic():
            act()
    except ValidationError as invalid:
        for words in invalid.messages:
            messages.error(request, words)
        return False
    if done:
        messages.success(request, done)
    return True


def undo_own(request: HttpRequest, last: Decision | None) -> None:
    """Undo the last decision on something if it is the curator's own."""
    curator = curator_of(request)
    if last is None or last.curator_id != curator.pk:
        messages.error(request, "You can only undo your own last decision.")
        return
    if last.change_id and last.ruling in (Ruling.PUBLISH, Ruling.PROPOSE):
        require(request, "consent.publish_entry")
    done = "Taken back. Everything is as it was before."
    try_act(request, lambda: undo(last, curator=curator), done)
