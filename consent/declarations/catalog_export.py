"""Database → catalog files that load to the same records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from consent.declarations.catalog import REFERENCES, Catalog, in_short
from consent.declarations.catalog_files import read_catalog
from consent.declarations.evidence import SourceDeclaration
from consent.declarations.former_slugs import with_former_slugs
from consent.declarations.provider_statements import STATEMENTS
from consent.declarations.records import (
    stored_controls,
    stored_entries,
    stored_guides,
    stored_references,
    stored_statements,
    stored_uses,
)
from consent.declarations.schema import (
    FORMAT,
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
)
from platforms.declarations import BY, stored_pages, stored_platforms, write_yaml


def export_catalog(folder: Path) -> list[Path]:
    """Write every platform, and the references, as files; return their paths.

    Files of platforms that the database does not have are not touched. Raises CatalogError, after
    writing, for a record that cannot be loaded back (such as a draft without a summary).
    """
    paths = write_catalog(_database(), folder)
    read_catalog(folder)
    return paths


def write_catalog(catalog: Catalog, folder: Path) -> list[Path]:
    """Write a catalog in its one canonical form: same content, same bytes.

    A file under a platform's former name is deleted: it would load as a second platform.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, Any] = {slug: _file(catalog, slug) for slug in catalog.platforms}
    references = sorted(catalog.references.values(), key=lambda reference: reference.slug)
    contents[REFERENCES] = {"references": [reference.as_data() for reference in references]}
    if catalog.statements:
        contents[STATEMENTS] = {
            "statements": [
                statement.as_data() | {"sources": [each.as_written() for each in statement.sources]}
                for _, statement in sorted(catalog.statements.items())
            ]
        }
    paths = []
    for name, content in contents.items():
        path = folder / f"{name}.yaml"
        path.write_text(write_yaml(content), encoding="utf-8")
        paths.append(path)
    for platform in catalog.platforms.values():
        for slug in platform.former_slugs:
            (folder / f"{slug}.yaml").unlink(missing_ok=True)
    return paths


def _database() -> Catalog:
    return with_former_slugs(
        Catalog(
            platforms={key: stored.declaration for key, stored in stored_platforms().items()},
            pages={key: stored.declaration for key, stored in stored_pages().items()},
            uses={key: stored.declaration for key, stored in stored_uses().items()},
            controls={key: stored.declaration for key, stored in stored_controls().items()},
            entries={key: stored.declaration for key, stored in stored_entries().items()},
            guides={key: stored.declaration for key, stored in stored_guides().items()},
            references={key: stored.declaration for key, stored in stored_references().items()},
            statements={key: stored.declaration for key, stored in stored_statements().items()},
        )
    )


def _file(catalog: Catalog, slug: str) -> dict[str, Any]:
    """Return a platform's file: pages ordered by kind, entries by date, guides by name.

    Uses and controls keep their order: it is that of weight.
    """
    data = {"format": FORMAT} | catalog.platforms[slug].as_data()
    pages = [page for (platform, _), page in catalog.pages.items() if platform == slug]
    uses = [use for name, use in catalog.uses.items() if name.startswith(f"{slug}/")]
    controls = [item for name, item in catalog.controls.items() if name.startswith(f"{slug}/")]
    entries = [entry for entry in catalog.entries.values() if entry.platforms[:1] == (slug,)]
    guides = [guide for (platform, _), guide in catalog.guides.items() if platform == slug]
    parts = {
        "pages": [page.as_data() for page in sorted(pages, key=lambda page: (page.kind, page.url))],
        "uses": [use.as_written() for use in uses],
        "controls": [_control(control, slug) for control in controls],
        "entries": [_entry(entry, slug) for entry in sorted(entries, key=_by_date)],
        "guides": [_guide(guide, slug) for guide in sorted(guides, key=lambda guide: guide.slug)],
    }
    return data | {name: part for name, part in parts.items() if part}


def _by_date(entry: EntryDeclaration) -> tuple[str, str]:
    date = entry.effective or entry.decided or entry.announced or entry.due
    moment = entry.observed_to or entry.published
    if date is None:
        return (moment.isoformat() if moment else "", entry.key)
    return (str(date).removeprefix(BY), entry.key)


def _control(control: ControlDeclaration, slug: str) -> dict[str, Any]:
    return _shortened(control.as_data(), (), slug)


def _entry(entry: EntryDeclaration, slug: str) -> dict[str, Any]:
    data = entry.as_data()
    if entry.platforms == (slug,):
        del data["platforms"]
    return _shortened(data, entry.sources, slug)


def _guide(guide: GuideDeclaration, slug: str) -> dict[str, Any]:
    return _shortened(guide.as_data(), guide.sources, slug)


def _shortened(
    data: dict[str, Any], sources: Iterable[SourceDeclaration], slug: str
) -> dict[str, Any]:
    for part in ("uses", "controls"):
        if part in data:
            data[part] = [in_short(name, slug) for name in data[part]]
    if "sources" in data:
        data["sources"] = [source.as_written() for source in sources]
    return data
