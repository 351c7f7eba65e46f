"""Opens, updates and closes the Gap of a page that cannot be read."""

from django.db.models import QuerySet

from platforms.fetching.health import HealthEvent
from platforms.models import Gap, Page
from platforms.outcomes import Outcome
from platforms.signals import page_health_changed


def update_gap(page: Page, event: HealthEvent | None, *, outcome: Outcome, detail: str) -> None:
    """Open, update or close the page's gap after a visit, and announce what opened or closed.

    Runs inside the transaction that records the visit, with page locked by the caller.
    """
    if event is None:
        if not outcome.looked:
            # The reason may change while the gap lasts. The status page shows the latest one.
            _open_gaps(page).exclude(outcome=outcome, detail=detail[:500]).update(
                outcome=outcome, detail=detail[:500]
            )
        return
    if event.kind == "failing":
        gap = Gap.objects.create(
            page=page,
            began_at=event.gap_began_at,
            noticed_at=event.at,
            outcome=outcome,
            detail=detail[:500],
        )
    else:
        gap = _open_gaps(page).get()
        gap.ended_at = max(event.at, gap.began_at)  # it began while our clock was ahead
        gap.save(update_fields=["ended_at"])
    page_health_changed.send(Page, page=page, gap=gap)


def _open_gaps(page: Page) -> QuerySet[Gap]:
    return Gap.objects.filter(page=page, ended_at=None)
