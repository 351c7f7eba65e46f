"""How often the use and control of a labelled change are found: python -m benchmarks.catalog_match

The labels in catalog_match.yaml were written by hand from the evidence of the shared changes and
from the catalog. Platforms with one use about training are easy; they are counted apart.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.meaning_data import Case, shared_changes
from consent.classification import suggest
from consent.classification.catalog_match import (
    PURPOSES,
    Catalog,
    CatalogControl,
    CatalogUse,
)

HERE = Path(__file__).resolve()
FILES = HERE.parent.parent / "platforms/catalog"
ROUTES = {
    "turn-off": "switch",
    "turn-on": "switch",
    "submit": "form",
    "write": "email",
    "ask-admin": "admin-console",
    "leave": "switch",
    "delete": "account-deletion",
}
SLUGS = {
    "ChatGPT": "chatgpt",
    "OpenAI": "chatgpt",
    "DALL·E": "chatgpt",
    "Grok": "xai-grok",
    "xAI": "xai-grok",
    "Twitter": "x",
    "Toyota Connected Services": "toyota",
    "Google Generative AI Services": "gemini",
    "Gmail": "gmail-workspace",
    "Alexa": "amazon-alexa",
}


def read_catalog(slug: str) -> Catalog:
    """Return the uses and controls of a platform from its file."""
    data = yaml.safe_load((FILES / f"{slug}.yaml").read_text("utf-8"))
    return Catalog(
        tuple(_use(use) for use in data.get("uses", ())),
        tuple(_control(control) for control in data.get("controls", ())),
    )


def _use(use: dict[str, Any]) -> CatalogUse:
    people = [who for branch in use.get("branches", [use]) for who in branch.get("people", ())]
    return CatalogUse(
        use["slug"],
        use["purpose"],
        use["title"],
        use.get("covers", ""),
        use.get("part", ""),
        tuple(use.get("data_kinds", ())),
        tuple(people or ["personal"]),
    )


def _control(control: dict[str, Any]) -> CatalogControl:
    by_admin = control.get("by") == "admin"
    return CatalogControl(
        control["slug"],
        (control.get("label") or control.get("name", ""), *control.get("former_labels", ())),
        tuple(control["uses"]),
        "admin-console" if by_admin else ROUTES[control["refuse"]],
        by_admin,
    )


def labelled() -> Iterator[tuple[Case, dict[str, list[str]]]]:
    labels = yaml.safe_load(HERE.with_suffix(".yaml").read_text("utf-8"))
    for case in shared_changes():
        if case["id"] in labels:
            yield case, labels[case["id"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for case, label in labelled():
        catalog = read_catalog(SLUGS.get(case["platform"], _slug(case["platform"])))
        suggestion = suggest(case["before"], case["after"], catalog=catalog)
        if not suggestion.relevant:
            counts["not suggested"] += 1
            continue
        slugs = {use.slug for use in catalog.uses}
        uses = [slug for slug in suggestion.settings if slug in slugs]
        controls = [slug for slug in suggestion.settings if slug not in slugs]
        several = sum(use.purpose in PURPOSES.values() for use in catalog.uses) > 1
        group = "several uses" if several else "one use"
        counts[f"{group}: changes"] += 1
        counts[f"{group}: a right use named first"] += uses[:1] != [] and uses[0] in label["uses"]
        counts[f"{group}: exactly the right uses"] += set(uses) == set(label["uses"])
        if "controls" in label:
            counts["controls: changes"] += 1
            counts["controls: right"] += bool(set(controls) & set(label["controls"]))
        missed = set(uses) != set(label["uses"]) or not set(controls) >= set(
            label.get("controls", ())
        )
        if options.misses and missed:
            print(case["id"], case["platform"], label, uses, controls, suggestion.effects)
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")


def _slug(platform: str) -> str:
    return platform.lower().replace(" ", "-").replace(".", "-")


if __name__ == "__main__":
    main()
