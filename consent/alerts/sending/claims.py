"""Keeps the claim on a batch of mails while its sender lives.

Claims are short, so that the mails of a worker that died are soon sent by another. A thread renews
them: one mail to a slow server may take longer than a claim lasts.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from types import TracebackType

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from consent.models import alerts
from consent.models.alerts import Delivery
from platforms.database_faults import in_one_line

log = logging.getLogger(__name__)

#: Seconds after which a batch is checked again for subscribers who left.
_RECHECK_SECONDS = 2


class Claim:
    """The claim on a batch: a context manager that renews it until the end."""

    def __init__(self, batch: Sequence[Delivery], clock: Callable[[], float]) -> None:
        self._model = type(batch[0])
        self._mark: uuid.UUID | None = batch[0].claim
        self._clock = clock
        self._checked_at = clock()
        self._pks = {row.pk for row in batch}
        # By the clock of the world, which goes on while a machine sleeps.
        self._renewed_at = time.time()
        self._lapsed = threading.Event()  # it may have expired: this process was suspended
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_renewing, daemon=True)

    def __enter__(self) -> Claim:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def includes(self, row: Delivery) -> bool:
        """True if a mail is still to be sent, and by us.

        Read again every _RECHECK_SECONDS: subscribers who leave or are erased while a batch is sent
        get nothing a moment later. Read at once if the claim was not renewed in time, because this
        process was suspended: another worker may have taken the mail.
        """
        if self._is_old():
            self._renew()
        lapsed = self._lapsed.is_set()
        self._lapsed.clear()
        if lapsed or self._clock() - self._checked_at > _RECHECK_SECONDS:
            outbox = self._model.objects.outbox()  # type: ignore[attr-defined] # each has its own
            still = outbox.waiting().filter(pk__in=self._pks, claim=self._mark)
            self._pks = set(still.values_list("pk", flat=True))
            self._checked_at = self._clock()
        return row.pk in self._pks

    def _keep_renewing(self) -> None:
        while not self._ended.wait(_lasts() / 4):
            try:
                self._renew()
            except (DatabaseError, InterfaceError) as error:
                log.warning("a claim on mails was not renewed: %s", in_one_line(error))
            finally:
                connection.close()  # that of this thread

    def _is_old(self) -> bool:
        return time.time() - self._renewed_at > _lasts() / 2

    def _renew(self) -> None:
        if self._is_old():
            self._lapsed.set()
        began_at = time.time()
        mine = self._model._default_manager.filter(claim=self._mark, sent_at=None, failed_at=None)
        mine.update(claimed_at=timezone.now())
        self._renewed_at = began_at


def _lasts() -> float:
    return alerts.CLAIM_LASTS.total_seconds()
