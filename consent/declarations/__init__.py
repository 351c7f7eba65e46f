"""Catalog files: uses, controls, entries and guides; a catalog loaded, exported, checked."""

from consent.declarations.author_help import json_schema, starting_file
from consent.declarations.catalog import Catalog
from consent.declarations.catalog_export import export_catalog, write_catalog
from consent.declarations.catalog_files import read_catalog
from consent.declarations.catalog_load import load_catalog
from consent.declarations.checking import Count, check, counts, total, without_guide
from consent.declarations.evidence import SourceDeclaration
from consent.declarations.schema import CatalogFile, EntryDeclaration
from platforms.declarations import PartialDate

__all__ = [
    "Catalog",
    "CatalogFile",
    "Count",
    "EntryDeclaration",
    "PartialDate",
    "SourceDeclaration",
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
