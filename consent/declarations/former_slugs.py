"""Records whose slug differs between catalog files and database.

A file that lists a former slug renames the record, even if a curator edited it. A record that was
renamed in the admin keeps its new slug; what a file declares under the old slug belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consent.declarations.catalog import Catalog
from consent.declarations.records import (
    stored_controls,
    stored_entries,
    stored_guides,
    stored_uses,
)
from consent.declarations.schema import ControlDeclaration, UseDeclaration
from consent.models import Control, FormerSlug, Guide, Use
from platforms.declarations import (
    CatalogError,
    Conflict,
    Problem,
    Report,
    Stored,
    Take,
    digest,
    is_known_by_import_alone,
)
from platforms.models import Platform

Named = Platform | Use | Control | Guide


def under_present_names(catalog: Catalog, *, report: Report, take: Take | None = None) -> Catalog:
    """Rename records that files have renamed; return the catalog under the names in the database.

    Raises CatalogError where a former slug is that of another record.
    """
    renaming = _Renaming(report, take)
    platforms = {
        slug: _Declared(slug, declaration.former_slugs)
        for slug, declaration in catalog.platforms.items()
    }
    catalog = catalog.with_platforms_renamed(renaming.of("platform", platforms, _platforms()))
    uses = _declared_in_full(catalog.uses)
    catalog = catalog.with_uses_renamed(renaming.of("use", uses, _records(Use)))
    controls = _declared_in_full(catalog.controls)
    catalog = catalog.with_controls_renamed(renaming.of("control", controls, _records(Control)))
    guides = {
        slug: _Declared(platform, declaration.former_slugs)
        for (platform, slug), declaration in catalog.guides.items()
    }
    catalog = catalog.with_guides_renamed(renaming.of("guide", guides, _guides()))
    renaming.finish()
    return catalog


def remember_former_slugs(
    catalog: Catalog,
    platforms: Mapping[str, Platform],
    uses: Mapping[str, Use],
    controls: Mapping[str, Control],
    guides: Mapping[tuple[str, str], Guide],
) -> None:
    """Store the former slugs that files list, for redirects. None is ever deleted."""
    former_slugs: list[tuple[Named, Iterable[str]]] = [
        *(
            (platforms[key], declaration.former_slugs)
            for key, declaration in catalog.platforms.items()
        ),
        *((uses[key], declaration.former_slugs) for key, declaration in catalog.uses.items()),
        *(
            (controls[key], declaration.former_slugs)
            for key, declaration in catalog.controls.items()
        ),
        *((guides[key], declaration.former_slugs) for key, declaration in catalog.guides.items()),
    ]
    for record, slugs in former_slugs:
        for slug in slugs:
            if slug != record.slug:
                _remember(record, slug)


def with_former_slugs(catalog: Catalog) -> Catalog:
    """Return a catalog of the database with the former slugs of its records.

    A former slug that another record has now is left out: the present owner comes first.
    """

    def former(names: _Names, name: str) -> dict[str, Any]:
        once = [slug_then for slug_then, record in names.once.items() if names.of(record) == name]
        return {"former_slugs": tuple(sorted(slug_then.rpartition("/")[2] for slug_then in once))}

    platforms, guides = _platforms(), _guides()
    uses, controls = _records(Use), _records(Control)
    return replace(
        catalog,
        platforms={
            slug: declaration.model_copy(update=former(platforms, slug))
            for slug, declaration in catalog.platforms.items()
        },
        uses={
            name: declaration.model_copy(update=former(uses, name))
            for name, declaration in catalog.uses.items()
        },
        controls={
            name: declaration.model_copy(update=former(controls, name))
            for name, declaration in catalog.controls.items()
        },
        guides={
            (platform, slug): declaration.model_copy(update=former(guides, slug))
            for (platform, slug), declaration in catalog.guides.items()
        },
    )


@dataclass(frozen=True, slots=True)
class _Declared:
    """The file that declares a record, and the record's former names in full."""

    file: str
    former: Sequence[str]


class _Names:
    """The records of one kind by present name, and by former names that nobody has now."""

    def __init__(self, present: Mapping[str, Named], once: Mapping[str, Named]) -> None:
        self.present = present
        self.once = {name: record for name, record in once.items() if name not in present}
        self._by_pk = {record.pk: name for name, record in present.items()}

    def of(self, record: Named) -> str:
        return self._by_pk[record.pk]


def _platforms() -> _Names:
    once = FormerSlug.objects.exclude(platform=None).select_related("platform")
    return _Names(
        {row.slug: row for row in Platform.objects.all()},
        {former.slug: former.platform for former in once if former.platform},
    )


def _declared_in_full(
    declarations: Mapping[str, UseDeclaration] | Mapping[str, ControlDeclaration],
) -> dict[str, _Declared]:
    parts = ((name, name.partition("/")[0], each) for name, each in declarations.items())
    return {
        name: _Declared(platform, tuple(f"{platform}/{slug}" for slug in each.former_slugs))
        for name, platform, each in parts
    }


def _records(model: type[Use] | type[Control]) -> _Names:
    rows: list[Use | Control] = list(model._default_manager.select_related("platform"))
    return _Names(
        {f"{row.platform.slug}/{row.slug}": row for row in rows},
        {f"{row.platform.slug}/{slug}": row for row in rows for slug in row.former_slugs},
    )


def _guides() -> _Names:
    once = FormerSlug.objects.exclude(guide=None).select_related("guide")
    return _Names(
        {row.slug: row for row in Guide.objects.all()},
        {former.slug: former.guide for former in once if former.guide},
    )


class _Renaming:
    """Renames records or catalog, kind by kind, so that both use the same names."""

    def __init__(self, report: Report, take: Take | None) -> None:
        self.report = report
        self.take = take
        self.as_loaded: set[tuple[type, int]] | None = None

    def of(self, kind: str, declared: Mapping[str, _Declared], names: _Names) -> dict[str, str]:
        """Rename records of one kind; for those that keep theirs, return it by the files' name."""
        kept = {}
        for name, declaration in declared.items():
            names_of_file = (name, *declaration.former)
            present = [
                candidate
                for candidate in names_of_file
                if candidate in names.present
                and (candidate == name or not _is_replaceable(names.present[candidate]))
            ]
            former = [
                names.once[candidate]
                for candidate in names_of_file
                if candidate in names.once and names.of(names.once[candidate]) not in declared
            ]
            if len(present) > 1:
                raise CatalogError([_former_slug_in_use(kind, name, present[-1], declaration.file)])
            if present and present != [name]:
                self._rename(kind, names.present[present[0]], present[0], name)
            elif not present and former:
                here = names.of(former[0])
                if self.take == "file":
                    self._rename(kind, former[0], here, name)
                    continue
                kept[name] = here
                _remember(former[0], name.rpartition("/")[2])
                self.report.conflicts.append(Conflict(kind, name, False, (("slug", here, name),)))
        return kept

    def _rename(self, kind: str, record: Named, was: str, name: str) -> None:
        if self.as_loaded is None:
            self.as_loaded = {
                (type(stored.row), stored.row.pk)
                for stored in _stored()
                if stored.row.declared_digest == _digest(stored)
            }
        record.slug = name.rpartition("/")[2]
        record.save()
        self.report.renamed.append(f"{kind} {was} → {name}")

    def finish(self) -> None:
        """Update the digests of unedited records that name a renamed one."""
        if self.as_loaded is None:
            return
        for stored in _stored():
            if (type(stored.row), stored.row.pk) not in self.as_loaded:
                continue
            stored.row.declared_digest = _digest(stored)
            stored.row.save(update_fields=["declared_digest"])


def _remember(record: Named, slug: str) -> None:
    if isinstance(record, Use | Control):
        if slug not in record.former_slugs:
            record.former_slugs = [*record.former_slugs, slug]
            record.save(update_fields=["former_slugs"])
    elif not record.former_slugs.filter(slug=slug).exists():
        FormerSlug.objects.remember(record, slug)


def _stored() -> Iterator[Stored[Any, Any]]:
    """Yield all records whose declarations contain a slug: their own or another record's."""
    yield from stored_uses().values()
    yield from stored_controls().values()
    yield from stored_entries().values()
    yield from stored_guides().values()


def _digest(stored: Stored[Any, Any]) -> str:
    return digest(stored.declaration, leave_out=("updated",))


def _is_replaceable(record: Named) -> bool:
    """Return whether a record may be replaced: an import made it, and no reader sees it."""
    return isinstance(record, Platform) and is_known_by_import_alone(record)


def _former_slug_in_use(kind: str, name: str, former: str, file: str) -> Problem:
    return Problem(
        f"{file}.yaml",
        None,
        f"{kind} {name}",
        f"former slug {former!r} is still a {kind} of its own in the database; "
        "rename or delete that one first",
    )
