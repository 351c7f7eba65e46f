"""Practice cases about whom and what a changed sentence covers, from its words to a state.

Files in `tests/consent/classification/scope_versions`, written before the rules were; then 13 of
115 were right as a whole.

before, after: what a page says; it begins with the title of its `document`. relevant: false if the
change is not about training. effects: one of them must be named; never: none of them. title: words
of the headline; never_title: words that it must not have. branches: the record, a branch of
personal accounts with training on unless refused where it is left out. moves: its branches whose
state is filled in, and the state; none where it is left out. never_moves: states that are not
filled in.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from consent import classification
from consent.classification.suggestion import Suggestion as Suggested
from consent.curation.prefill import covers, may_move, state_said
from consent.models import Branch, Suggestion, Use
from consent.vocabulary import Purpose
from platforms.models import Platform
from platforms.places import WORLDWIDE

HERE = Path(__file__).parents[1] / "classification" / "scope_versions"
CASES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in HERE.glob("*.yaml")}
#: How many cases of each file are right as a whole. Raise them; never lower one without saying so.
RIGHT = {
    "acts": 22,
    "covered": 22,
    "documents": 21,
    "kept": 21,
    "names": 19,
    "parts": 20,
    "told": 20,
    "manners": 17,
    "retold": 17,
}
NAMES = {
    "parts": "Lumo",
    "acts": "Tern",
    "names": "Quill",
    "documents": "Osprey",
    "kept": "Gannet",
    "told": "Heron",
    "covered": "Plover",
    "manners": "Siskin",
    "retold": "Dunlin",
}
TEXT = "# {}\n\nThis page explains how we handle data.\n\n{}\n\nWrite to us with any questions.\n"


def test_there_are_twenty_cases_of_each_kind():
    assert {name for name, cases in CASES.items() if len(cases) < 20} == set()


@pytest.mark.parametrize("kind", sorted(CASES))
def test_suggestions_and_states_keep_to_what_a_sentence_covers(kind):
    wrong = {case["id"]: found for case in CASES[kind] if (found := mistakes_in(case, kind))}
    assert len(CASES[kind]) - len(wrong) >= RIGHT[kind], wrong


def mistakes_in(case: dict[str, Any], kind: str) -> list[str]:
    """Return what the suggestion and the states filled in get wrong."""
    document = case.get("document", "Privacy Policy")
    texts = [TEXT.format(document, case[side]) for side in ("before", "after")]
    suggested = classification.suggest(*texts, subject=NAMES[kind], document=document)
    effects, title = set(suggested.effects), suggested.title
    mistakes = []
    if suggested.relevant != case.get("relevant", True):
        mistakes.append("is suggested" if suggested.relevant else "is not suggested")
    if (wanted := set(case.get("effects", ()))) and not effects & wanted:
        mistakes.append(f"effects {sorted(effects)}")
    mistakes += [f"says {effect}" for effect in case.get("never", ()) if effect in effects]
    if case.get("direction", suggested.direction) != suggested.direction:
        mistakes.append(suggested.direction)
    missing = [words for words in case.get("title", ()) if words not in title]
    wider = [words for words in case.get("never_title", ()) if words in title]
    mistakes += [f"title “{title}”"] if missing or wider else []
    moves = states_filled_in(case, suggested)
    is_given = "moves" in case or kind in ("acts", "documents", "kept", "parts")
    is_wrong = is_given and moves != case.get("moves", {})
    if is_wrong or {*moves.values()} & {*case.get("never_moves", ())}:
        mistakes.append(f"moves {moves}")
    return mistakes


def states_filled_in(case: dict[str, Any], suggested: Suggested) -> dict[int, str]:
    """Return the places of branches whose state is filled in, with the state."""
    suggestion = Suggestion(
        effects=list(suggested.effects),
        confidence=suggested.confidence,
        passages=suggested.as_json()["passages"],
    )
    reading, value = state_said(suggestion)
    platform, moves = Platform(plans=[plan_called(name) for name in case.get("plans", ())]), {}
    for place, record in enumerate(case.get("branches", [{"state": "unless-refused"}])):
        fields = {"people": ["personal"], **record}
        present, part = fields.pop("state"), fields.pop("part", "")
        use = Use(platform=platform, purpose=Purpose.TRAINING, part=part, data_kinds=[])
        is_covered = covers(reading, Branch(use=use, **fields), WORLDWIDE)
        if is_covered and may_move(present, value, reading):
            moves[place] = value
    return moves


def plan_called(words: str) -> dict[str, Any]:
    """Return a plan of the list: of persons, or "organisation:Team", "former:Plus", "api:API"."""
    kind, _, name = words.rpartition(":")
    return {
        "name": name,
        "people": ["organisation" if kind == "organisation" else "personal"],
        "former": kind == "former",
        "kind": "api" if kind == "api" else "plan",
    }
