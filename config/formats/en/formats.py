"""English formats: the day before the month, and no time without its zone."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i e"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y H:i e"
