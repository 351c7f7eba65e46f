"""Dates as a catalog writes them: no more precise than the source is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from platforms.days import end_of_month, is_within_bounds
from platforms.vocabulary import EffectPrecision, Precision

_PATTERN = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
BY = "by "  # before a day on which it was so at the latest


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month or a day; `on` is its first day, as the database keeps it.

    at_latest: the day on which it was on record; it may have been so before.
    """

    on: dt.date
    precision: Precision
    at_latest: bool = False

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
        if on is None:
            return None
        if precision == EffectPrecision.BY_DAY:
            return cls(on, Precision.DAY, at_latest=True)
        return cls(on, Precision(precision))

    @property
    def stored_precision(self) -> str:
        """The precision as the database keeps it beside the day."""
        return EffectPrecision.BY_DAY if self.at_latest else self.precision

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
        return BY * self.at_latest + self.on.isoformat()[:length]

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


class _OrAtLatest:
    """Lets a field say "by 2024-07-16" too: on that day at the latest."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _day_at_latest, serialization=core_schema.to_string_ser_schema()
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": ["string", "integer"],
            "pattern": rf"^({_PATTERN}|{BY}\d{{4}}-\d{{2}}-\d{{2}})$",
            "description": (
                "A day, a month or a year: '2024-07-16', '2024-07', '2024'; "
                "or 'by 2024-07-16': on that day at the latest."
            ),
        }


def _day_at_latest(value: Any) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    written = str(value)
    date = PartialDate.parse(written.removeprefix(BY))
    if not written.startswith(BY):
        return date
    if date.precision != Precision.DAY:
        raise ValueError(f"{written!r} is no day; write it as 'by 2024-07-16'")
    return replace(date, at_latest=True)


#: Also "by 2024-07-16", if that is only the day of a record.
DayOrAtLatest = Annotated[PartialDate, _OrAtLatest()]
