"""Help pages with the label of each sentence that states something about training.

The pages are pairs of versions written for the tests. help_sentences.txt has the sentences, one a
line: page | kind stance control default actor | words. All other sentences of these pages state
nothing about training; "unclear" ones teach nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from consent.classification.candidates import Candidate
from consent.classification.help_pages import (
    Trail,
    help_candidates,
    ideas_in,
    is_help_page,
    is_on_column,
)
from consent.classification.languages import BY_LANGUAGE, lexicon_for
from consent.classification.sentences import Page, Sentence, is_row

LABELS = Path(__file__).with_suffix(".txt")
WRITTEN = LABELS.with_name("practice_help_sections.txt")
PAGES = Path(__file__).resolve().parent.parent / "tests/consent/classification"
FOLDERS = ("help_versions", "further_versions", "sealed_versions", "open_versions")
HELP = "help page"  # the stratum of these cases

NONE = {
    "kind": "none",
    "stance": "n/a",
    "control": "none",
    "default": "unstated",
    "actor": "service",
}
Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledPageSentence:
    """A sentence of a help page: its label in the shared form, and what was seen of it."""

    case: Case
    candidate: Candidate


@cache
def help_pairs() -> tuple[Case, ...]:
    """Return the pairs in the shared form of cases. Each style of page is a platform."""
    return tuple(
        {
            "id": path.stem,
            "platform": style_of(path.stem),
            "document": "help page",
            "stratum": HELP,
            "evidence": "",
            "sure": True,
            **yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader),
        }
        for folder in FOLDERS
        for path in sorted((PAGES / folder).glob("*.yaml"))
    )


def style_of(name: str) -> str:
    """Return the style of a page by its name: "switches" for "switches-01"."""
    return name.rsplit("-", 1)[0]


def help_sentences() -> Iterator[LabelledPageSentence]:
    """Yield the candidates of the labelled pages, each once a page, and of written sections."""
    for section in WRITTEN.read_text("utf-8").split("\n# ")[1:]:
        yield from _written(section)
    labels = _labels()
    for pair in help_pairs():
        if pair["relevant"] and pair["id"] not in labels:
            continue  # not labelled yet
        seen: set[tuple[Any, ...]] = set()
        for side in ("before", "after"):
            text = pair[side]
            lexicon = lexicon_for(text)
            if not is_help_page(text, lexicon):
                continue
            trail = Trail()
            for sentence, candidate in help_candidates(Page(text), lexicon):
                after = trail.place_of(sentence)
                key = (candidate.words, candidate.heading, candidate.previous, after)
                label = _label_of(sentence, labels.get(pair["id"], {}))
                if label and label != "unclear":
                    trail.last = sentence
                if key in seen or label == "unclear":
                    continue
                seen.add(key)
                case = {**NONE, **_fields(label), "platform": pair["platform"], "sure": True}
                yield LabelledPageSentence(
                    {**case, "text": sentence.text, "after": after}, candidate
                )


def _written(section: str) -> Iterator[LabelledPageSentence]:
    heading, *lines = section.strip().split("\n")
    language, heading = (heading[:2], heading[4:]) if heading[2:4] == ": " else ("en", heading)
    labels = {words: label for label, words in (line.split(" | ", 1) for line in lines)}
    text = "\n\n".join([f"## {heading}", *labels]).replace(" // ", "\n")
    trail = Trail()
    for sentence, candidate in help_candidates(Page(text), BY_LANGUAGE[language]):
        after = trail.place_of(sentence)
        if is_row(sentence.paragraph):
            label = _label_of_cell(sentence, next(iter(labels.values())))
        else:
            label = _label_of(sentence, labels)
        if not label and sentence.text.startswith(f"## {heading}"):
            label = next(iter(labels.values()))  # a question with its answer
        if not label or label == BY_ANSWER:
            continue  # a second sentence in its line
        case = {**NONE, **_fields(label), "platform": "Practice", "sure": True}
        if case["kind"] != "none":
            trail.last = sentence
        yield LabelledPageSentence({**case, "text": sentence.text, "after": after}, candidate)


@cache
def _labels() -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    for line in LABELS.read_text("utf-8").splitlines():
        if line and not line.startswith("##"):
            page, label, words = line.split(" | ", 2)
            labels.setdefault(page, {})[words] = label
    return labels


def _label_of(sentence: Any, labels: dict[str, str]) -> str:
    """Return the label of a sentence, or of the question or label that it begins with."""
    if sentence.text in labels:
        # A question without its answer states nothing.
        return "" if sentence.text.endswith("?") else labels[sentence.text]
    if labels and sentence.text.count(": ") >= 2 and is_row(sentence.paragraph):
        return {"no": "use does-not none unstated service", "": "unclear"}.get(
            sentence.answer, "use does none unstated service"
        )
    for words, label in labels.items():
        if sentence.text.startswith(words) and len(words) > 4:
            return label
    return ""


def _label_of_cell(sentence: Sentence, of_table: str) -> str:
    ideas = ideas_in(sentence.read_as or sentence.text, "en")
    if of_table != BY_ANSWER:
        return of_table if is_on_column(ideas) else " ".join(NONE.values())
    if not is_on_column(ideas):
        return " ".join(NONE.values())
    return {
        "no": "use does-not none unstated service",
        "off": "use only-if none off service",
        "on": "use does none on service",
    }.get(sentence.answer, "use does none unstated service")


BY_ANSWER = "by answer"  # the label of a table whose cells are yes, no, on or off


def _fields(label: str) -> dict[str, str]:
    return dict(zip(NONE, label.split(), strict=True)) if label else {}
