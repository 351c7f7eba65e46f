"""Gives up late requests as a whole: the time limit of a socket begins anew at each read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def within(seconds: float, request: Callable[[], Result]) -> Result:
    """Return what a request returns, or raise what it raises. Raises TimeoutError if it is late.

    A late request goes on in its thread until its server hangs up; its result is dropped.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(request())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError(f"no whole answer within {seconds:g} seconds")
    return results[0]
