"""Ask the Wayback Machine for copies of the sources that have none in the catalog files."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from consent.declarations import (
    Catalog,
    EntryDeclaration,
    SourceDeclaration,
    read_catalog,
    write_catalog,
)
from consent.vocabulary import PublicationStatus
from platforms.declarations import CatalogError
from platforms.fetching.policy import NoContactError
from platforms.fetching.visit_errors import FetchError
from platforms.importers.captures import ArchiveBusy, WaybackMachine


class Command(BaseCommand):
    help = (
        "List copies in the Wayback Machine of sources of published entries that name no archive. "
        "Writes nothing without --write. Exit code 1: the archive did not answer for all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("platforms", nargs="*", help="Slugs; left out: all.")
        parser.add_argument("--folder", type=Path, default=settings.CATALOG_DIR)
        parser.add_argument("--limit", type=int, help="Ask for at most so many sources.")
        parser.add_argument(
            "--write", action="store_true", help="Put what was found into the catalog files."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            catalog = read_catalog(options["folder"])
            machine = WaybackMachine.from_settings()
        except (CatalogError, NoContactError) as error:
            raise CommandError(str(error), returncode=2) from None
        sources = list(_without_archive(catalog, options["platforms"]))[: options["limit"]]
        found: dict[SourceDeclaration, str] = {}
        busy = ""
        for source in tqdm(sources, unit="source", disable=None):
            try:
                capture = machine.closest(source.url, since=source.date.on if source.date else None)
            except ArchiveBusy as error:
                busy = str(error)
                break
            except FetchError as error:
                self.stderr.write(f"{source.url}: {error}")
                continue
            if capture is not None:
                found[source] = capture.public_url
                self.stdout.write(f"{source.url}\n  {capture.public_url}")
        self.stdout.write(f"{len(found)} of {len(sources)} sources have a copy.")
        if options["write"] and found:
            write_catalog(_with_archives(catalog, found), options["folder"])
            self.stdout.write("Written; look at the difference before you commit it.")
        if busy:
            raise CommandError(f"{busy}. Run it again for the rest.")


def _without_archive(catalog: Catalog, platforms: Iterable[str]) -> Iterator[SourceDeclaration]:
    """Yield each source of published entries that names no copy outside, once."""
    wanted = set(platforms)
    entries = (
        entry
        for entry in catalog.entries.values()
        if entry.status == PublicationStatus.PUBLISHED
        and (not wanted or wanted & set(entry.platforms))
    )
    yield from dict.fromkeys(
        source
        for entry in entries
        for source in entry.sources
        if not (source.archived_url or source.ota)
    )


def _with_archives(catalog: Catalog, found: Mapping[SourceDeclaration, str]) -> Catalog:
    def archived(entry: EntryDeclaration) -> EntryDeclaration:
        sources = tuple(
            source.model_copy(update={"archived_url": found[source]}) if source in found else source
            for source in entry.sources
        )
        return entry.model_copy(update={"sources": sources})

    entries = {key: archived(entry) for key, entry in catalog.entries.items()}
    return replace(catalog, entries=entries)
