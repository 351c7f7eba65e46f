"""Who asks for an answer: where they live, what kind of people they are, on which plan and day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from consent.vocabulary import People


@dataclass(frozen=True, slots=True)
class Question:
    """place: a code, a group, or "" for the world. people: None if not said."""

    day: dt.date
    place: str = ""
    people: People | None = None
    plan: str = ""
