"""Whole numbers in texts that strangers write: addresses, forms, headers."""

#: As many digits always fit into the integer columns of both databases.
_MOST_DIGITS = 18


def read_number(text: str) -> int | None:
    """Read a whole number of plain digits; None for anything else, and beyond 18 digits.

    int() alone raises ValueError at more than 4,300 digits, and str.isdigit() is true for "²".
    """
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    return None
