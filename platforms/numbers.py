"""Whole numbers in texts that strangers write: addresses, forms, headers."""

#: Any number of 18 digits fits into a 64-bit integer column (at most 9.2 × 10^18).
_MAX_DIGITS = 18


def read_number(text: str) -> int | None:
    """Read a whole number of plain digits; None for anything else or more than 18 digits.

    int() alone raises ValueError at more than 4,300 digits, and str.isdigit() is true for "²".
    """
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS:
        return int(text)
    return None
