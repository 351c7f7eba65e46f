"""Reads what a text states about training on people's data, and what a change does to it."""

from consent.classification.classifier import suggest
from consent.classification.page_statements import read_statements, terms_in
from consent.classification.statements import Statement
from consent.classification.suggestion import CLASSIFIER_VERSION

__all__ = [
    "CLASSIFIER_VERSION",
    "Statement",
    "read_statements",
    "suggest",
    "terms_in",
]
