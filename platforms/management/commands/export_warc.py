"""Write snapshots to a WARC file, which web archives and their players read."""

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from platforms.archive import Archive, ArchiveError, open_archive
from platforms.archive.warc import ReceivedPage, write_warc
from platforms.archive.warc_records import received_pages
from platforms.models import Snapshot
from platforms.snapshots.documents import body_of


class Command(BaseCommand):
    help = "Write snapshots to a WARC 1.1 file, with a gzip member for each record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("snapshots", metavar="SNAPSHOT_ID", nargs="+", type=int)
        parser.add_argument("--out", metavar="FILE", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        snapshots = _snapshots(options["snapshots"])
        out: Path = options["out"]
        # An incomplete file must not be taken for an export.
        partial = out.with_name(f"{out.name}.partial")
        try:
            with partial.open("wb") as file:
                write_warc(file, _received(snapshots, open_archive()), about=_about(out))
            partial.replace(out)
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            partial.unlink(missing_ok=True)
        self.stdout.write(f"{len(snapshots)} written to {out}")


def _snapshots(ids: Sequence[int]) -> list[Snapshot]:
    by_id = Snapshot.objects.in_bulk(ids)
    if absent := [str(pk) for pk in ids if pk not in by_id]:
        raise CommandError(f"No such snapshot: {', '.join(absent)}")
    if imported := [str(pk) for pk in ids if not by_id[pk].sha256]:
        raise CommandError(f"Only the text was imported, no bytes: {', '.join(imported)}")
    return [by_id[pk] for pk in dict.fromkeys(ids)]


def _received(snapshots: Sequence[Snapshot], archive: Archive) -> Iterator[ReceivedPage]:
    for snapshot in snapshots:
        yield from received_pages(snapshot, body_of(snapshot, archive))


def _about(out: Path) -> dict[str, str]:
    return {
        "software": "Default On",
        "operator": settings.CONTACT_EMAIL,
        "isPartOf": settings.SITE_URL,
        "description": f"{out.name}, exported {dt.datetime.now(dt.UTC):%Y-%m-%d}",
    }
