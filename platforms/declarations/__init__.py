"""Catalog files: what they may say of a platform and its pages, read, written and reconciled."""

from platforms.declarations.files import (
    CatalogError,
    Problem,
    YamlSource,
    read_yaml,
    write_yaml,
)
from platforms.declarations.reconciling import (
    Conflict,
    Report,
    Stored,
    Take,
    digest,
    is_known_by_import_alone,
    reconcile,
    reconcile_pages,
    reconcile_platforms,
    stored_pages,
    stored_platforms,
)
from platforms.declarations.schema import (
    Declaration,
    Line,
    Moment,
    PageDeclaration,
    PlatformDeclaration,
    Slug,
    Text,
    Url,
)

__all__ = [
    "CatalogError",
    "Conflict",
    "Declaration",
    "Line",
    "Moment",
    "PageDeclaration",
    "PlatformDeclaration",
    "Problem",
    "Report",
    "Slug",
    "Stored",
    "Take",
    "Text",
    "Url",
    "YamlSource",
    "digest",
    "is_known_by_import_alone",
    "read_yaml",
    "reconcile",
    "reconcile_pages",
    "reconcile_platforms",
    "stored_pages",
    "stored_platforms",
    "write_yaml",
]
