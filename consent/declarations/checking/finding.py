"""What all checks share: a finding, and a few questions to a catalog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from consent.declarations.catalog import Catalog
from consent.declarations.schema import (
    BranchDeclaration,
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    UseDeclaration,
)
from consent.vocabulary import IN_USE, PublicationStatus


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct (error) or to improve (warning). where: the record concerned."""

    error: bool
    where: str
    message: str

    def __str__(self) -> str:
        return f"{'error' if self.error else 'warning'}: {self.where}: {self.message}"


def is_public(
    declaration: UseDeclaration | ControlDeclaration | EntryDeclaration | GuideDeclaration,
) -> bool:
    return declaration.status == PublicationStatus.PUBLISHED


def is_on(use: UseDeclaration) -> bool:
    """Return whether data is used today unless people refuse, for some people in some place."""
    # Records of the database may have no state yet.
    return any(state.value in IN_USE for branch in use.branches for state in branch.states[-1:])


def uses_of(catalog: Catalog, slug: str) -> list[UseDeclaration]:
    """Return the uses of a platform."""
    return [use for name, use in catalog.uses.items() if name.startswith(f"{slug}/")]


def all_branches(catalog: Catalog) -> Iterator[tuple[str, UseDeclaration, BranchDeclaration]]:
    """Yield every branch with its use and the name of the use."""
    for name, use in catalog.uses.items():
        for branch in use.branches:
            yield name, use, branch
