"""Tables for spreadsheets."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse


def csv_response(
    name: str, columns: Sequence[str], records: Iterable[Mapping[str, Any]]
) -> HttpResponse:
    """Return records as a CSV file to download.

    columns: keys of the records, in the order of the table. None becomes an empty cell.
    """
    response = csv_file(name)
    writer = csv.DictWriter(response, columns)
    writer.writeheader()
    for record in records:
        cells = {key: "" if record[key] is None else str(record[key]) for key in columns}
        writer.writerow({key: no_formula(value) for key, value in cells.items()})
    return response


def csv_file(name: str) -> HttpResponse:
    """Return an empty CSV file to download."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="default-on-{name}.csv"'
    return response


def no_formula(value: str) -> str:
    """Put an apostrophe before a value that a spreadsheet would run as a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
