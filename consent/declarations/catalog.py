"""A whole catalog: the declarations of all files, and their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from consent.declarations.claims import ClaimDeclaration
from consent.declarations.evidence import ReferenceDeclaration
from consent.declarations.provider_statements import StatementDeclaration
from consent.declarations.schema import (
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    UseDeclaration,
)
from platforms.declarations import Declaration, PageDeclaration, PlatformDeclaration

REFERENCES = "_references"
Key = TypeVar("Key")
_Declaration = TypeVar("_Declaration", bound=Declaration)
_OfPlatforms = TypeVar("_OfPlatforms", EntryDeclaration, StatementDeclaration)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The declarations of all files. Uses and controls are named platform/slug.

    Uses and controls of a platform stand in the order of its file: it is their order of weight.
    """

    platforms: Mapping[str, PlatformDeclaration] = field(default_factory=dict)
    pages: Mapping[tuple[str, str], PageDeclaration] = field(default_factory=dict)
    uses: Mapping[str, UseDeclaration] = field(default_factory=dict)
    controls: Mapping[str, ControlDeclaration] = field(default_factory=dict)
    entries: Mapping[str, EntryDeclaration] = field(default_factory=dict)
    guides: Mapping[tuple[str, str], GuideDeclaration] = field(default_factory=dict)
    references: Mapping[str, ReferenceDeclaration] = field(default_factory=dict)
    statements: Mapping[str, StatementDeclaration] = field(default_factory=dict)
    #: They are in no table; only of files.
    claims: Mapping[str, ClaimDeclaration] = field(default_factory=dict)
    #: Of guides and controls, by language, platform and English text; only of files.
    words: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def with_platforms_renamed(self, names: Mapping[str, str]) -> Catalog:
        """Return the same catalog with other slugs for some platforms, by their present ones."""

        def of_records(records: Iterable[str]) -> dict[str, str]:
            parts = ((record, *record.split("/")) for record in records)
            return {
                record: f"{names[platform]}/{slug}"
                for record, platform, slug in parts
                if platform in names
            }

        renamed = self.with_uses_renamed(of_records(self.uses))
        renamed = renamed.with_controls_renamed(of_records(self.controls))
        return replace(
            renamed,
            platforms={
                names.get(slug, slug): declaration for slug, declaration in self.platforms.items()
            },
            pages={
                (names.get(slug, slug), url): declaration
                for (slug, url), declaration in self.pages.items()
            },
            entries=_on_renamed_platforms(renamed.entries, names),
            guides={
                (names.get(platform, platform), slug): declaration
                for (platform, slug), declaration in renamed.guides.items()
            },
            statements=_on_renamed_platforms(renamed.statements, names),
        )

    def with_uses_renamed(self, names: Mapping[str, str]) -> Catalog:
        """Return the same catalog with other names for some uses, by their present ones."""
        return replace(
            self,
            uses=_under_other_names(self.uses, names),
            controls=_naming(self.controls, "uses", names),
            entries=_naming(self.entries, "uses", names),
        )

    def with_controls_renamed(self, names: Mapping[str, str]) -> Catalog:
        """Return the same catalog with other names for some controls, by their present ones."""
        return replace(
            self,
            controls=_under_other_names(self.controls, names),
            entries=_naming(self.entries, "controls", names),
            guides=_naming(self.guides, "controls", names),
        )

    def with_guides_renamed(self, names: Mapping[str, str]) -> Catalog:
        """Return the same catalog with other slugs for some guides, by their present ones."""
        return replace(
            self,
            guides={
                (platform, names.get(slug, slug)): guide.model_copy(
                    update={"slug": names.get(slug, slug)}
                )
                for (platform, slug), guide in self.guides.items()
            },
        )


def _on_renamed_platforms(
    declarations: Mapping[str, _OfPlatforms], names: Mapping[str, str]
) -> dict[str, _OfPlatforms]:
    return {
        key: declaration.model_copy(
            update={
                "platforms": tuple(sorted(names.get(slug, slug) for slug in declaration.platforms))
            }
        )
        for key, declaration in declarations.items()
    }


def _under_other_names(
    declarations: Mapping[str, _Declaration], names: Mapping[str, str]
) -> dict[str, _Declaration]:
    return {
        names.get(name, name): declaration.model_copy(
            update={"slug": names.get(name, name).partition("/")[2]}
        )
        for name, declaration in declarations.items()
    }


def _naming(
    declarations: Mapping[Key, _Declaration], field_name: str, names: Mapping[str, str]
) -> dict[Key, _Declaration]:
    """Return declarations whose list of names has the other names."""
    return {
        key: declaration.model_copy(
            update={
                field_name: tuple(
                    sorted(names.get(name, name) for name in getattr(declaration, field_name))
                )
            }
        )
        for key, declaration in declarations.items()
    }


def in_full(name: str, platform: str) -> str:
    """Return the name of a use or control as platform/slug."""
    return name if "/" in name else f"{platform}/{name}"


def in_short(name: str, platform: str) -> str:
    """Return the name of a use or control as a file of this platform writes it."""
    return name.removeprefix(f"{platform}/")
