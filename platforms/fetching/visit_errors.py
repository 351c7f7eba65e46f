"""The errors of visits that could not read the page, transient or permanent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.outcomes import Outcome

if TYPE_CHECKING:
    from platforms.fetching.page import FetchedPage


class FetchError(Exception):
    """A visit that did not read the page.

    outcome: what to record. detail: the reason in words, fit for the public status page.
    status: the HTTP status, if an answer came. retry_after: seconds the site asked us to wait.
    page: what was received, if it is worth keeping as evidence (a wall, for instance).
    """

    def __init__(
        self,
        outcome: Outcome,
        detail: str,
        status: int | None = None,
        retry_after: float | None = None,
        page: FetchedPage | None = None,
    ) -> None:
        super().__init__(outcome, detail, status, retry_after, page)
        self.outcome = outcome
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        self.page = page

    def __str__(self) -> str:
        return f"{self.outcome.value}: {self.detail}"


class TransientFetchError(FetchError):
    """Trying again later may help: a timeout, a refused connection, a 503."""


class PermanentFetchError(FetchError):
    """Trying again does not help until somebody changes something."""
