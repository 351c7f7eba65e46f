"""Keeps the claim on a batch of mails while its sender lives.

Claims are short, so that the mails of a worker that died are soon sent by another. A sender renews
its claim before each mail, and one mail takes less time than a claim lasts.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence

from django.utils import timezone

from consent.alerts.sending import smtp
from consent.models import alerts
from consent.models.alerts import Delivery

#: Seconds after which a batch is checked again for subscribers who left.
_RECHECK_SECONDS = 2


class Claim:
    """The claim on a batch, kept by asking `includes` before each mail."""

    def __init__(self, batch: Sequence[Delivery], clock: Callable[[], float]) -> None:
        self._model = type(batch[0])
        self._mark: uuid.UUID | None = batch[0].claim
        self._clock = clock
        self._checked_at = clock()
        self._pks = {row.pk for row in batch}
        # By the clock of the world, which goes on while a machine sleeps.
        self._renewed_at = time.time()

    def includes(self, row: Delivery) -> bool:
        """True if a mail is still to be sent, and by us. Then the claim outlasts its sending.

        Read again every _RECHECK_SECONDS: subscribers who leave or are erased while a batch is sent
        get nothing a moment later. Read at once if the claim is renewed: it may have expired while
        this process was suspended, and another worker may have taken the mail.
        """
        is_old = time.time() - self._renewed_at > _spare_seconds() / 2
        if is_old:
            self._renew()
        if is_old or self._clock() - self._checked_at > _RECHECK_SECONDS:
            outbox = self._model.objects.outbox()  # type: ignore[attr-defined] # each has its own
            still = outbox.waiting().filter(pk__in=self._pks, claim=self._mark)
            self._pks = set(still.values_list("pk", flat=True))
            self._checked_at = self._clock()
        return row.pk in self._pks

    def _renew(self) -> None:
        began_at = time.time()
        mine = self._model._default_manager.filter(claim=self._mark, sent_at=None, failed_at=None)
        mine.update(claimed_at=timezone.now())
        self._renewed_at = began_at


def _spare_seconds() -> float:
    """Return how much longer a claim lasts than one mail may take."""
    return alerts.CLAIM_LASTS.total_seconds() - smtp.MOST_SECONDS
