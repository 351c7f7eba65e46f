"""Help for people who write catalog files: a schema for their editor, a file to start from."""

from __future__ import annotations

import json
from typing import Any

from django.utils.text import slugify

from consent.declarations.schema import OF_ONE_BRANCH, CatalogFile


def json_schema() -> str:
    """Return the JSON schema of a platform's file, made from the models that validate it."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **CatalogFile.model_json_schema(by_alias=True),
        "title": "Default On: one platform of the catalog",
    }
    _leave_out_the_only_branch(schema["$defs"])
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _leave_out_the_only_branch(definitions: dict[str, Any]) -> None:
    """Say in the schema that a use has branches, or the keys of its only one."""
    use, branch = definitions["UseDeclaration"], definitions["BranchDeclaration"]
    # Copies: pydantic's generator cannot resolve a reference to a part of a definition.
    use["properties"] |= {name: branch["properties"][name] for name in OF_ONE_BRANCH}
    use["required"].remove("branches")
    use["oneOf"] = [
        {"required": ["branches"], "properties": dict.fromkeys(OF_ONE_BRANCH, False)},
        {"required": ["states"], "properties": {"branches": False}},
    ]


def starting_file(name: str) -> tuple[str, str]:
    """Return the slug and the text of a file to start a platform from.

    It can be loaded as it is: the platform is not listed, the state is unclear, and the guide and
    the entry are drafts. check() refuses it until every placeholder is replaced.
    """
    slug = slugify(name)
    text = _START.format(name=json.dumps(name, ensure_ascii=False), slug=slug)
    return slug, text


#: What the author of a file replaces. A test compares them with the starting file.
PLACEHOLDERS = (
    "COMPANY THAT RUNS IT",
    "WHAT HAPPENS TO PEOPLE'S DATA HERE, IN TWO OR THREE LINES",
    "YOUR DATA KIND trains PRODUCT's models",
    "EXACT WORDS IN THE PRODUCT",
    "WHICH DATA IT IS ABOUT, AND WHICH NOT",
    "WHAT CHANGED, FOR WHOM, SINCE WHEN",
    "WHAT THIS DOES NOT DO",
    "DATA KIND",
    "PUBLISHER",
    "PRODUCT",
    "https://example.org",
)

_START = """\
# yaml-language-server: $schema=../../docs/catalog.schema.json
# Every key is explained in docs/catalog.md. Replace what is in capitals and all of example.org,
# then run `python manage.py check_catalog` and `python manage.py check_catalog --tidy`.
format: 2
name: {name}
operator: COMPANY THAT RUNS IT
category: social
homepage: https://example.org
aliases: []
summary: >-
  WHAT HAPPENS TO PEOPLE'S DATA HERE, IN TWO OR THREE LINES.
# Readers see the platform when you remove this line.
listed: false

pages:
- url: https://example.org/privacy
  kind: privacy-policy
  title: Privacy policy

uses:
# What happens, never the name of a switch. The use that matters to most people comes first.
- slug: ai-training
  title: YOUR DATA KIND trains PRODUCT's models
  purpose: training
  covers: WHICH DATA IT IS ABOUT, AND WHICH NOT
  data_kinds: [public-posts]
  states:
  - value: unclear
  pages:
  - https://example.org/privacy

controls:
# How to refuse, and which way: turn-off for "Improve the model", turn-on for "Block AI training".
- slug: ai-training-switch
  label: EXACT WORDS IN THE PRODUCT
  uses: [ai-training]
  refuse: turn-off
  surfaces:
  - surface: web
    path: Settings › Privacy › EXACT WORDS IN THE PRODUCT
  pages:
  - https://example.org/privacy

entries:
- key: {slug}-2026-01-31-default-on
  title: PRODUCT now uses DATA KIND for training unless users opt out
  summary: WHAT CHANGED, FOR WHOM, SINCE WHEN.
  uses: [ai-training]
  effects: [default-on]
  direction: less-control
  data_kinds: [public-posts]
  effective: '2026-01-31'
  confidence: medium
  basis: reported
  sources:
  - url: https://example.org/privacy
    publisher: PUBLISHER
    date: '2026-01-31'
  status: draft
  reason: Not written yet.

guides:
- slug: {slug}-ai-training
  title: Turn off AI training on PRODUCT
  controls: [ai-training-switch]
  minutes: 2
  surfaces:
  - surface: web
    steps:
    - act: Open Settings, then Privacy.
    - act: Switch off EXACT WORDS IN THE PRODUCT.
      expect: The switch is off.
  how_to_check: Leave the page, open it again, and see that your choice has stayed.
  caveats: [WHAT THIS DOES NOT DO.]
  sources:
  - url: https://example.org/privacy
    publisher: PUBLISHER
  status: draft
  reason: Not written yet.
"""
