"""Catalog files: uses, controls, entries and guides; a catalog loaded, exported, checked."""

from consent.declarations.author_help import json_schema, starting_file
from consent.declarations.catalog import Catalog
from consent.declarations.catalog_export import export_catalog, write_catalog
from consent.declarations.catalog_files import read_catalog
from consent.declarations.catalog_load import load_catalog
from consent.declarations.checking import Count, Finding, check, counts, total, without_guide
from consent.declarations.dates import PartialDate
from consent.declarations.evidence import (
    ReferenceDeclaration,
    ReferencesFile,
    SourceDeclaration,
)
from consent.declarations.schema import (
    CatalogFile,
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    StateDeclaration,
    UseDeclaration,
)

__all__ = [
    "Catalog",
    "CatalogFile",
    "ControlDeclaration",
    "Count",
    "EntryDeclaration",
    "Finding",
    "GuideDeclaration",
    "PartialDate",
    "ReferenceDeclaration",
    "ReferencesFile",
    "SourceDeclaration",
    "StateDeclaration",
    "UseDeclaration",
    "check",
    "counts",
    "export_catalog",
    "json_schema",
    "load_catalog",
    "read_catalog",
    "starting_file",
    "total",
    "without_guide",
    "write_catalog",
]
