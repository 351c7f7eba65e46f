"""Dates that a text gives about itself: effective from, deadline, last updated."""

import re
from collections.abc import Iterator

from consent.classification.suggestion import TextDate
from platforms.days import read_day

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero",
            "february feb februar février fevrier febrero",
            "march mar märz mars marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août aout agosto",
            "september sep sept septembre septiembre",
            "october oct oktober octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember décembre decembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = re.compile(
    rf"(?<!\w)(?:(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|(?P<month>{MONTH})\.?\s+(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{{4}})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th|er"
    rf"|\.)?\s+(?:de\s+)?(?P<month2>{MONTH})\.?,?\s+(?:de\s+)?(?P<year2>\d{{4}})"
    rf")(?!\w)",
    re.IGNORECASE,
)
CUES = (
    (
        "last-updated",
        re.compile(
            r"(?:updated|modified|revised|revision|published|aktualisiert|stand"
            r"|mise? à jour|actualización|actualizado)\W*(?:on|am|le|el|date)?\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "deadline",
        re.compile(
            r"(?:before|until|by|no later than|deadline|bis(?: zum)?|vor dem|avant le"
            r"|jusqu['’]au|antes del|hasta el)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "effective",
        re.compile(
            r"(?:effective|in effect|into effect|takes? effect|in force|starting|beginning"
            r"|from|as of|since|after|ab(?: dem)?|gültig|wirksam|à partir du|en vigueur"
            r"|a partir del|vigente)(?:\W+(?:date|as of|from|on|ab|seit|dem|le|el"
            r"|desde))*\W*$",
            re.IGNORECASE,
        ),
    ),
)
# Chosen: a cue is a few words before its date, and pages date themselves at their beginning.
CUE_LENGTH = 40  # characters before a date
HEADER_LENGTH = 2500  # characters


def read_dates(text: str) -> tuple[TextDate, ...]:
    """Return the dates that follow a cue such as "effective", each once, in text order."""
    dates: dict[tuple[str, str], TextDate] = {}
    for match in DATE.finditer(text):
        before = text[max(0, match.start() - CUE_LENGTH) : match.start()].rstrip("*_ \n:[(|")
        for kind, cue in CUES:
            if cue.search(before) and (stated := _value(match)):
                value, precision = stated
                dates.setdefault((kind, value), TextDate(kind, value, precision, match[0]))
                break
    return tuple(dates.values())


def dates_of_change(after: str, passages: Iterator[str]) -> tuple[TextDate, ...]:
    """Return the dates in the beginning of a page and in the changed passages."""
    return read_dates("\n\n".join((after[:HEADER_LENGTH], *passages)))


def _value(match: re.Match[str]) -> tuple[str, str] | None:
    """Return an ISO date and its precision; None for a day that does not exist."""
    if match["iso"]:
        return (match["iso"], "day") if read_day(match["iso"]) else None
    month = MONTHS[(match["month"] or match["month2"]).lower()]
    year = match["year"] or match["year2"]
    day = match["day"] or match["day2"]
    stated = f"{year}-{month:02}"
    if not day:
        return (stated, "month") if read_day(f"{stated}-01") else None
    stated = f"{stated}-{int(day):02}"
    return (stated, "day") if read_day(stated) else None
