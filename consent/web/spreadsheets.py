"""Tables for spreadsheets."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse


def csv_response(
    name: str, columns: Sequence[str], records: Iterable[Mapping[str, Any]]
) -> HttpResponse:
    """Return records as a CSV file to download.

    columns: keys of the records, in the order of the table.
    """
    response = csv_file(name)
    writer = csv.DictWriter(response, columns)
    writer.writeheader()
    for record in records:
        writer.writerow({key: cell(record[key]) for key in columns})
    return response


def csv_file(name: str) -> HttpResponse:
    """Return an empty CSV file to download."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="default-on-{name}.csv"'
    return response


def cell(value: Any) -> str:
    """Return what a table says for a value: nothing for None, and JSON for a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return json.dumps(value, ensure_ascii=False)
    return no_formula(str(value))


def no_formula(value: str) -> str:
    """Put an apostrophe before a value that a spreadsheet would run as a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
