"""One record under two names: what a file calls otherwise than the database does.

A file that says its former slug renames the record, whoever edited it. A record that was renamed
here keeps its new slug, and what a file says under the old one is about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consent.declarations.catalog import Catalog
from consent.declarations.records import stored_entries, stored_guides, stored_settings
from consent.models import FormerSlug, Guide, Setting
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

Named = Platform | Setting | Guide


def under_present_names(catalog: Catalog, *, report: Report, take: Take | None = None) -> Catalog:
    """Rename what files have renamed; return the catalog by the names that records have then.

    Raises CatalogError where a former slug is that of another record.
    """
    renaming = _Renaming(report, take)
    platforms = {
        slug: _Declared(slug, said.former_slugs) for slug, said in catalog.platforms.items()
    }
    catalog = catalog.with_platforms_renamed(renaming.of("platform", platforms, _platforms()))
    settings = {
        name: _Declared(platform, tuple(f"{platform}/{slug}" for slug in said.former_slugs))
        for name, said in catalog.settings.items()
        for platform in [name.partition("/")[0]]
    }
    catalog = catalog.with_settings_renamed(renaming.of("setting", settings, _settings()))
    guides = {
        slug: _Declared(platform, said.former_slugs)
        for (platform, slug), said in catalog.guides.items()
    }
    catalog = catalog.with_guides_renamed(renaming.of("guide", guides, _guides()))
    renaming.finish()
    return catalog


def remember_former_slugs(
    catalog: Catalog,
    platforms: Mapping[str, Platform],
    settings: Mapping[str, Setting],
    guides: Mapping[tuple[str, str], Guide],
) -> None:
    """Let the former slugs that files name lead to their records. None is ever forgotten."""
    said_of: list[tuple[Named, Iterable[str]]] = [
        *((platforms[key], said.former_slugs) for key, said in catalog.platforms.items()),
        *((settings[key], said.former_slugs) for key, said in catalog.settings.items()),
        *((guides[key], said.former_slugs) for key, said in catalog.guides.items()),
    ]
    for record, slugs in said_of:
        for slug in slugs:
            if slug != record.slug:
                _remember(record, slug)


def with_former_slugs(catalog: Catalog) -> Catalog:
    """Return a catalog of what is in the database with the slugs that its records had.

    Those that another record has by now are left out: whoever has a name goes before who had it.
    """

    def former(names: _Names, name: str) -> dict[str, Any]:
        once = [was for was, record in names.once.items() if names.of(record) == name]
        return {"former_slugs": tuple(sorted(was.rpartition("/")[2] for was in once))}

    platforms, settings, guides = _platforms(), _settings(), _guides()
    return replace(
        catalog,
        platforms={
            slug: said.model_copy(update=former(platforms, slug))
            for slug, said in catalog.platforms.items()
        },
        settings={
            name: said.model_copy(update=former(settings, name))
            for name, said in catalog.settings.items()
        },
        guides={
            (platform, slug): said.model_copy(update=former(guides, slug))
            for (platform, slug), said in catalog.guides.items()
        },
    )


@dataclass(frozen=True, slots=True)
class _Declared:
    """In which file a record is declared, and what else it was called, in full."""

    file: str
    former: Sequence[str]


class _Names:
    """The records of one kind by the names they have, and by those they had and nobody has now."""

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


def _settings() -> _Names:
    rows = Setting.objects.select_related("platform")
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
    """Brings names in files and names here together, kind by kind."""

    def __init__(self, report: Report, take: Take | None) -> None:
        self.report = report
        self.take = take
        self.as_loaded: set[tuple[type, int]] | None = None

    def of(self, kind: str, declared: Mapping[str, _Declared], names: _Names) -> dict[str, str]:
        """Rename records of one kind; return by the files' name what those are called that stay."""
        kept = {}
        for name, said in declared.items():
            asked = (name, *said.former)
            having = [
                called
                for called in asked
                if called in names.present
                and (called == name or not _is_nobody(names.present[called]))
            ]
            having_had = [
                names.once[called]
                for called in asked
                if called in names.once and names.of(names.once[called]) not in declared
            ]
            if len(having) > 1:
                raise CatalogError([_still_another(kind, name, having[-1], said.file)])
            if having and having != [name]:
                self._rename(kind, names.present[having[0]], having[0], name)
            elif not having and having_had:
                here = names.of(having_had[0])
                if self.take == "file":
                    self._rename(kind, having_had[0], here, name)
                    continue
                kept[name] = here
                _remember(having_had[0], name.rpartition("/")[2])
                self.report.conflicts.append(Conflict(kind, name, False, (("slug", here, name),)))
        return kept

    def _rename(self, kind: str, record: Named, was: str, name: str) -> None:
        if self.as_loaded is None:
            self.as_loaded = {
                (type(each.row), each.row.pk)
                for each in _stored()
                if _digest(each) == each.row.declared_digest
            }
        record.slug = name.rpartition("/")[2]
        record.save()
        self.report.renamed.append(f"{kind} {was} → {name}")

    def finish(self) -> None:
        """Let records that nobody edited count as loaded, though they name others by new names."""
        if self.as_loaded is None:
            return
        for each in _stored():
            if (type(each.row), each.row.pk) in self.as_loaded:
                each.row.declared_digest = _digest(each)
                each.row.save(update_fields=["declared_digest"])


def _remember(record: Named, slug: str) -> None:
    if isinstance(record, Setting):
        if slug not in record.former_slugs:
            record.former_slugs = [*record.former_slugs, slug]
            record.save(update_fields=["former_slugs"])
    elif not record.former_slugs.filter(slug=slug).exists():
        FormerSlug.objects.remember(record, slug)


def _stored() -> Iterator[Stored[Any, Any]]:
    """All records whose declarations name platforms or settings, or hold a slug of their own."""
    yield from stored_settings().values()
    yield from stored_entries().values()
    yield from stored_guides().values()


def _digest(stored: Stored[Any, Any]) -> str:
    return digest(stored.declaration, leave_out=("updated",))


def _is_nobody(record: Named) -> bool:
    """Whether a record stands in nobody's way: an import made it, and no reader sees it."""
    return isinstance(record, Platform) and is_known_by_import_alone(record)


def _still_another(kind: str, name: str, former: str, file: str) -> Problem:
    return Problem(
        f"{file}.yaml",
        None,
        f"{kind} {name}",
        f"former slug {former!r} is still a {kind} of its own in the database; "
        "rename or delete that one first",
    )
