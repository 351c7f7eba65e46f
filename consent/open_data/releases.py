"""Monthly releases of the data: the first dump of a month, kept for good, so that it can be cited.

releases/2026-11/     the files of the dump, and
    changes.jsonl     the changelog since the release before; CHANGES.md counts it
    CITATION.cff, datacite.json, zenodo.json, dcat.jsonld
    release.json      version, day, last number, and the release before
releases/2026-11.zip  all of it; its SHA-256 is in 2026-11.zip.sha256
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from consent.ledger.record_fields import Record
from consent.open_data.dumps import (
    KEYWORDS,
    TITLE,
    dumps_folder,
    pack,
    write_dump,
    write_sums,
)
from consent.open_data.envelopes import LICENCE, RIGHTS, SCHEMA_VERSION
from consent.web.absolute_urls import absolute_url

_MONTH = re.compile(r"\d{4}-\d{2}")
_DESCRIPTION = (
    "Whether platforms train AI on people's data, since when, whether it happens unless people"
    " refuse, and how to refuse: dated, with sources, plans, places and every change."
)


@dataclass(frozen=True, slots=True)
class Release:
    """A release on the disk.

    number: of the last change in it. previous: the month before it. doi: where it is deposited, if
    it is published there.
    """

    month: str
    day: dt.date
    number: int
    previous: str | None
    archive_bytes: int
    sha256: str
    doi: str | None = None

    @property
    def version(self) -> str:
        return self.month.replace("-", ".")


def releases_folder() -> Path:
    """Where the releases are. Nobody can make them again: back this folder up."""
    return Path(settings.VAR_DIR) / "releases"


def releases_in(folder: Path) -> list[Release]:
    """Return the releases in a folder, the latest first."""
    found = []
    for described in folder.glob("*/release.json"):
        month = described.parent.name
        packed = folder / f"{month}.zip"
        if not _MONTH.fullmatch(month) or not packed.exists():
            continue
        said = json.loads(described.read_text())
        deposits = deposits_of(folder, month).values()
        found.append(
            Release(
                month=month,
                day=dt.date.fromisoformat(said["day"]),
                number=said["number"],
                previous=said["previous"],
                archive_bytes=packed.stat().st_size,
                sha256=(folder / f"{month}.zip.sha256").read_text().partition(" ")[0],
                doi=next((each["doi"] for each in deposits if each["is_published"]), None),
            )
        )
    return sorted(found, key=lambda release: release.month, reverse=True)


def deposits_of(folder: Path, month: str) -> dict[str, Record]:
    """Return where a release is deposited, by host (consent/open_data/zenodo.py)."""
    path = deposits_file(folder, month)
    known: dict[str, Record] = json.loads(path.read_text()) if path.exists() else {}
    return known


def deposits_file(folder: Path, month: str) -> Path:
    return folder / f"{month}.deposits.json"


def export() -> Path:
    """Write the dump of today, keep it if it is the first of its month; return its folder."""
    dump = write_dump(dumps_folder())
    keep_release(dump, releases_folder())
    return dump


def keep_release(dump: Path, folder: Path) -> Path | None:
    """Keep a dump as the release of its month; None if the month has one. Safe to repeat.

    dump: the folder of a dump, named by its day.
    """
    day = dt.date.fromisoformat(dump.name)
    month = f"{day:%Y-%m}"
    earlier = [release for release in releases_in(folder) if release.month <= month]
    if earlier and earlier[0].month == month:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    try:
        inside = work / month
        shutil.copytree(dump, inside)
        _write_release(inside, day, earlier[0] if earlier else None)
        packed = work / f"{month}.zip"
        pack(inside, packed)
        digest = hashlib.sha256(packed.read_bytes()).hexdigest()
        (work / f"{month}.zip.sha256").write_text(f"{digest}  default-on-{month}.zip\n")
        target = folder / month
        shutil.rmtree(target, ignore_errors=True)  # of an attempt that ended before its archive
        inside.replace(target)
        (work / f"{month}.zip.sha256").replace(folder / f"{month}.zip.sha256")
        packed.replace(folder / packed.name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _write_release(inside: Path, day: dt.date, before: Release | None) -> None:
    month = f"{day:%Y-%m}"
    number = max((row["number"] for row in _rows(inside / "changelog.jsonl")), default=0)
    since = before.number if before else 0
    news = [row for row in _rows(inside / "changelog.jsonl") if row["number"] > since]
    with (inside / "changes.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in news)
    (inside / "CHANGES.md").write_text(_changes(month, news, before))
    release = {
        "version": month.replace("-", "."),
        "schema_version": SCHEMA_VERSION,
        "day": day.isoformat(),
        "number": number,
        "previous": before.month if before else None,
        "archive": archive_address(month),
    }
    _write_json(inside / "release.json", release)
    (inside / "CITATION.cff").write_text(citation(month, day))
    _write_json(inside / "datacite.json", datacite(month, day))
    _write_json(inside / "zenodo.json", zenodo(month, day))
    _write_json(inside / "dcat.jsonld", dcat([(month, day)]))
    write_sums(inside)


def _rows(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _changes(month: str, news: Sequence[Record], before: Release | None) -> str:
    counted = Counter(
        (row["kind"], "gone" if row["is_gone"] else "new" if row["version"] == 1 else "changed")
        for row in news
    )
    lines = [f"- {kind}: {count} {what}" for (kind, what), count in sorted(counted.items())] or [
        "- nothing"
    ]
    since = f"since {before.month}" if before else "since the beginning"
    return "\n".join(
        [
            f"# {month}: what changed {since}",
            "",
            *lines,
            "",
            "Each of them is in changes.jsonl.",
            "",
        ]
    )


def archive_address(month: str) -> str:
    return absolute_url(f"/data/releases/{month}.zip")


def page_address(month: str) -> str:
    return absolute_url(f"/data#release-{month}")


def citation(month: str, day: dt.date) -> str:
    """Return how to cite a release (citation-file-format.github.io, version 1.2.0)."""
    said = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": TITLE,
        "abstract": _DESCRIPTION,
        "version": month.replace("-", "."),
        "date-released": day.isoformat(),
        "license": "CC-BY-4.0",
        "url": page_address(month),
        "repository-artifact": archive_address(month),
    }
    # JSON strings are YAML strings; a version such as 2026.10 must not become a number.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    keywords = [f"  - {json.dumps(word)}" for word in KEYWORDS]
    return "\n".join([*lines, "authors:", '  - name: "Default On"', "keywords:", *keywords, ""])


def datacite(month: str, day: dt.date) -> Record:
    """Return the metadata of a release for DataCite (schema 4.5). A DOI is added on registering."""
    return {
        "creators": [{"name": "Default On", "nameType": "Organizational"}],
        "titles": [{"title": TITLE}],
        "publisher": {"name": "Default On"},
        "publicationYear": day.year,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Data package"},
        "subjects": [{"subject": word} for word in KEYWORDS],
        "dates": [{"date": day.isoformat(), "dateType": "Issued"}],
        "language": "en",
        "version": month.replace("-", "."),
        "rightsList": [
            {"rightsUri": LICENCE, "rightsIdentifier": "CC-BY-4.0"},
            {"rights": RIGHTS},
        ],
        "descriptions": [{"description": _DESCRIPTION, "descriptionType": "Abstract"}],
        "url": page_address(month),
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }


def zenodo(month: str, day: dt.date) -> Record:
    """Return the metadata of a deposit at Zenodo (developers.zenodo.org)."""
    return {
        "metadata": {
            "upload_type": "dataset",
            "title": TITLE,
            "description": _DESCRIPTION,
            "creators": [{"name": "Default On"}],
            "publication_date": day.isoformat(),
            "version": month.replace("-", "."),
            "license": "cc-by-4.0",
            "notes": RIGHTS,
            "access_right": "open",
            "keywords": list(KEYWORDS),
            "related_identifiers": [
                {"identifier": archive_address(month), "relation": "isIdenticalTo"}
            ],
        }
    }


def dcat(releases: Sequence[tuple[str, dt.date]]) -> Record:
    """Return a catalog for data portals (DCAT 3): the data, and a distribution for each release."""
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        },
        "@id": absolute_url("/data"),
        "@type": "dcat:Catalog",
        "dct:title": "Default On",
        "dcat:dataset": {
            "@id": absolute_url("/data#dumps"),
            "@type": "dcat:Dataset",
            "dct:title": TITLE,
            "dct:description": _DESCRIPTION,
            "dct:license": {"@id": LICENCE},
            "dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": RIGHTS},
            "dct:publisher": {"@type": "foaf:Organization", "foaf:name": "Default On"},
            "dcat:keyword": list(KEYWORDS),
            "dcat:landingPage": {"@id": absolute_url("/data")},
            "dct:accrualPeriodicity": {
                "@id": "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
            },
            "dcat:distribution": [
                {
                    "@id": archive_address(month),
                    "@type": "dcat:Distribution",
                    "dct:title": month,
                    "dct:issued": day.isoformat(),
                    "dcat:downloadURL": {"@id": archive_address(month)},
                    "dcat:mediaType": {
                        "@id": "https://www.iana.org/assignments/media-types/application/zip"
                    },
                }
                for month, day in releases
            ],
        },
    }


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
