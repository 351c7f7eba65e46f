"""Dates as a catalog writes them: no more precise than the source is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from platforms.days import end_of_month, is_within_bounds
from platforms.vocabulary import Precision

_PATTERN = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month or a day; `on` is its first day, as the database keeps it."""

    on: dt.date
    precision: Precision

    @classmethod
    def parse(cls, written: Any) -> PartialDate:
        """Read '2024', '2024-07' or '2024-07-16'. Raises ValueError with advice."""
        text = str(written)
        if not re.fullmatch(_PATTERN, text):
            raise ValueError(f"{text!r} is no date; write it as '2024', '2024-07' or '2024-07-16'")
        precision = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(text)]
        first_day = text + {4: "-01-01", 7: "-01", 10: ""}[len(text)]
        try:
            on = dt.date.fromisoformat(first_day)
        except ValueError:
            raise ValueError(f"{text!r} is not in the calendar; check month and day") from None
        if not is_within_bounds(on):
            raise ValueError(f"{text!r} cannot be; give a date from 1970 to 2100")
        return cls(on, precision)

    @classmethod
    def of(cls, on: dt.date | None, precision: str) -> PartialDate | None:
        """Return the date that a record keeps in two columns."""
        return cls(on, Precision(precision)) if on else None

    @property
    def last(self) -> dt.date:
        """The last day that it may mean."""
        if self.precision == Precision.YEAR:
            return self.on.replace(month=12, day=31)
        if self.precision == Precision.MONTH:
            return end_of_month(self.on)
        return self.on

    def __str__(self) -> str:
        length = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[self.precision]
        return self.on.isoformat()[:length]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.parse(value),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": ["string", "integer"],
            "pattern": f"^{_PATTERN}$",
            "description": "A day, a month or a year: '2024-07-16', '2024-07', '2024'.",
        }
