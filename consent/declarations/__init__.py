"""Catalog files: settings, states, entries and guides; a catalog loaded, exported, checked."""

from consent.declarations.catalog import Catalog, read_catalog
from consent.declarations.dates import PartialDate
from consent.declarations.exporting import export_catalog, write_catalog
from consent.declarations.loading import load_catalog
from consent.declarations.schema import (
    CatalogFile,
    EntryDeclaration,
    GuideDeclaration,
    ReferenceDeclaration,
    ReferencesFile,
    SettingDeclaration,
    SourceDeclaration,
    StateDeclaration,
)

__all__ = [
    "Catalog",
    "CatalogFile",
    "EntryDeclaration",
    "GuideDeclaration",
    "PartialDate",
    "ReferenceDeclaration",
    "ReferencesFile",
    "SettingDeclaration",
    "SourceDeclaration",
    "StateDeclaration",
    "export_catalog",
    "load_catalog",
    "read_catalog",
    "write_catalog",
]
