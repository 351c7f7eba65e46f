"""A dump of everything public: a Frictionless data package, made each night and kept for a month.

2026-11-26/datapackage.json   the package, with the fields of every table
           platforms.jsonl …  the records of the API
           platforms.csv …    the same as tables
           domains.json       domain → platform, answer by place, guide: for extensions of browsers
           SHA256SUMS, LICENCE.txt, README.md (a data card of the Hub)
2026-11-26.zip                all of it
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone, translation
from pydantic import BaseModel

from consent.ledger.figures import figure_records, figures_on
from consent.ledger.matrix import MatrixFilters
from consent.ledger.record_fields import Record, moment
from consent.open_data.domains import domains
from consent.open_data.entries import all_records
from consent.open_data.envelopes import LICENCE, RIGHTS, SCHEMA_VERSION
from consent.open_data.last_changes import last_modified
from consent.open_data.lists.matrix import matrix_of
from consent.open_data.lists.providers import provider_records
from consent.open_data.lists.resources import RESOURCES
from consent.open_data.tables import SHAPES, about, columns, write_csv
from consent.web.absolute_urls import absolute_url
from consent.web.editions import as_one_page

TITLE = "Default On: who trains AI on people's data"
KEYWORDS = ("artificial intelligence", "training data", "consent", "privacy", "terms of service")
KEPT_FOR = dt.timedelta(days=30)
#: The columns that have an id of another table.
_REFERENCES = {
    **{name: {"platform": "platforms"} for name in ("controls", "guides", "pages", "providers")},
    "uses": {"platform": "platforms"},
    "states": {"platform": "platforms", "use": "uses", "entry": "entries"},
    "passages": {"entry": "entries"},
    "robots": {"id": "pages", "platform": "platforms"},
    "matrix": {"platform_id": "platforms", "use_id": "uses"},
}
_README = Path(__file__).with_name("dump_readme.md")


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump on the disk. files: names with sizes in bytes, by name."""

    day: dt.date
    archive_bytes: int
    files: dict[str, int]


def dumps_folder() -> Path:
    """Where the nightly dumps are; web servers and workers share it."""
    return Path(settings.VAR_DIR) / "dumps"


def write_dump(folder: Path, day: dt.date | None = None) -> Path:
    """Write a dump of this moment into a folder of dumps; return its own folder.

    It appears there in one step when it is whole. Safe to repeat on the same day.
    """
    day = day or timezone.localdate()
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    try:
        inside = work / day.isoformat()
        inside.mkdir()
        with _one_moment(), as_one_page(), translation.override(settings.LANGUAGE_CODE):
            _write_package(inside, day)
        packed = work / f"{day}.zip"
        pack(inside, packed)
        target = folder / day.isoformat()
        if target.exists():
            target.replace(work / "former")
        inside.replace(target)
        packed.replace(folder / packed.name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def remove_old_dumps(folder: Path, today: dt.date) -> int:
    """Remove dumps of more than a month ago; return how many."""
    old = [dump.day for dump in dumps_in(folder) if dump.day < today - KEPT_FOR]
    for day in old:
        (folder / f"{day}.zip").unlink(missing_ok=True)
        shutil.rmtree(folder / day.isoformat())
    return len(old)


def dumps_in(folder: Path) -> list[Dump]:
    """Return the dumps in a folder, the latest first."""
    found = []
    for each in folder.glob("????-??-??") if folder.exists() else ():
        packed = folder / f"{each.name}.zip"
        with contextlib.suppress(ValueError, FileNotFoundError):
            day = dt.date.fromisoformat(each.name)
            files = {path.name: path.stat().st_size for path in sorted(each.iterdir())}
            found.append(Dump(day, packed.stat().st_size, files))
    return sorted(found, key=lambda dump: dump.day, reverse=True)


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """Let all queries see the database as it is now, whatever is published meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _write_package(folder: Path, day: dt.date) -> None:
    resources = []
    for name, public_list in RESOURCES.items():
        resources += _write_resource(folder, name, public_list.all(), SHAPES[name])
    resources += _write_resource(folder, "entries", all_records(), SHAPES["entries"])
    matrix = matrix_of(MatrixFilters(QueryDict()))
    resources += _write_resource(folder, "matrix", matrix, SHAPES["matrix"])
    figures = figure_records(figures_on(timezone.localdate()))
    resources += _write_resource(folder, "figures", figures, SHAPES["figures"])
    providers = provider_records(timezone.localdate())
    resources += _write_resource(folder, "providers", providers, SHAPES["providers"])
    _write_json(folder / "domains.json", domains())
    words = "For each domain its platform, and the answers of platforms by place."
    resources.append(_described(folder / "domains.json", "domains", "json", words))
    tables = [f"- `{name}`: {about(name)}" for name in SHAPES]
    said = {"site": settings.SITE_URL, "tables": "\n".join(tables), "rights": RIGHTS}
    lines = [f"{name}.jsonl" for name in SHAPES]
    (folder / "README.md").write_text(data_card(lines) + _README.read_text() % said)
    (folder / "LICENCE.txt").write_text(f"{_LICENCE_TEXT}\n")
    _write_json(folder / "datapackage.json", _package(day, resources))
    write_sums(folder)


def data_card(lines: Sequence[str]) -> str:
    """Return the head of a README as the Hub of Hugging Face reads it (hub-docs, "Dataset Cards").

    lines: the files with lines of JSON; each is a table of its own there.
    """
    tables = [{"config_name": Path(name).stem, "data_files": name} for name in lines]
    card = {
        "license": "cc-by-4.0",
        "pretty_name": TITLE,
        "language": ["en"],
        "tags": [word.replace(" ", "-") for word in KEYWORDS],
        "configs": tables,
    }
    return f"---\n{yaml.safe_dump(card, sort_keys=False)}---\n"


def write_sums(folder: Path) -> None:
    """Write the checksums of all other files of a folder."""
    files = [path for path in sorted(folder.iterdir()) if path.name != "SHA256SUMS"]
    sums = [f"{_sha256(path)}  {path.name}" for path in files]
    (folder / "SHA256SUMS").write_text("\n".join([*sums, ""]))


def _write_resource(
    folder: Path, name: str, rows: Iterable[Record], shape: type[BaseModel]
) -> list[dict[str, Any]]:
    """Write one list twice, and return how the package describes both files."""
    lines, table = folder / f"{name}.jsonl", folder / f"{name}.csv"
    with lines.open("w", encoding="utf-8") as file, table.open("w", newline="") as csv_file:

        def passed_on() -> Iterator[Record]:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                yield row

        write_csv(csv_file, name, passed_on())
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": ["id"]}}
        for column, other in _REFERENCES.get(name, {}).items()
    ]
    schema = {
        "fields": [column._asdict() for column in columns(shape)],
        "missingValues": [""],
        "primaryKey": ["id"],
        "foreignKeys": keys,
    }
    return [
        _described(table, name, "csv", about(name))
        | {"profile": "tabular-data-resource", "schema": schema},
        # A file and no table for validators: some of them take an empty one for broken.
        _described(
            lines, f"{name}-lines", "ndjson", f"The same as {table.name}, one record a line."
        )
        | {"type": "file"},
    ]


def _described(path: Path, name: str, kind: str, words: str) -> dict[str, Any]:
    media = {"csv": "text/csv", "json": "application/json", "ndjson": "application/x-ndjson"}
    return {
        "name": name,
        "path": path.name,
        "description": words,
        "format": kind,
        "mediatype": media[kind],
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{_sha256(path)}",
    }


def _package(day: dt.date, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": "default-on",
        "title": TITLE,
        "description": "Everything that is public on the site, as it was at one moment.",
        "homepage": absolute_url("/data"),
        "version": f"{SCHEMA_VERSION}+{day:%Y%m%d}",
        "created": moment(timezone.now()),
        "last_modified": moment(last_modified()),
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE, "title": "CC BY 4.0"}],
        "rights": RIGHTS,
        "resources": resources,
    }


def pack(folder: Path, target: Path) -> None:
    """Pack the files of a folder, in a folder that has its name."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"default-on-{folder.name}/{path.name}")


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_LICENCE_TEXT = f"""\
Our own words and the facts that we collected may be shared and changed under the Creative Commons
licence CC BY 4.0 ({LICENCE}), if you name Default On and link to the record.

{RIGHTS}"""
