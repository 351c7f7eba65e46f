"""Practice cases about whom and what a changed sentence covers, from its words to the desk.

Files in `tests/consent/classification/scope_versions`, written before the rules were.

before, after: what a page says; it begins with the title of its `document`. effects: one of them
must be named; never: none of them. title: words of the headline; never_title: words that it must
not have. branches: the record, a branch of personal accounts with training on unless refused where
it is left out. moves: its branches whose state the desk fills in, and the state; none where it is
left out. never_moves: states that are not filled in.
"""

from itertools import count
from pathlib import Path

import pytest
import yaml

from consent.curation.drafts import entry_from
from consent.desk.forms import state_forms
from consent.detection.changes import suggest
from consent.models import Change
from platforms.vocabulary import PageKind
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_change,
    make_page,
    make_platform,
    make_state,
    make_use,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]
HERE = Path(__file__).parents[1] / "classification" / "scope_versions"
CASES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in HERE.glob("*.yaml")}
#: How many cases of each file are right as a whole. Raise them; never lower one without saying so.
RIGHT = {"acts": 4, "documents": 1, "kept": 3, "names": 3, "parts": 2, "told": 0}
TEXT = "# {}\n\nThis page explains how we handle data.\n\n{}\n\nWrite to us with any questions.\n"
NAMES = {
    "parts": "Lumo",
    "acts": "Tern",
    "names": "Quill",
    "documents": "Osprey",
    "kept": "Gannet",
    "told": "Heron",
}
_number = count(1)


def test_there_are_twenty_cases_of_each_kind():
    assert {name for name, cases in CASES.items() if len(cases) < 20} == {"told"}


@pytest.mark.parametrize("kind", sorted(CASES))
def test_suggestions_and_proposals_keep_to_what_a_sentence_covers(kind):
    wrong = {case["id"]: found for case in CASES[kind] if (found := mistakes_in(case, kind))}
    assert len(CASES[kind]) - len(wrong) >= RIGHT[kind], wrong


def mistakes_in(case: dict, kind: str) -> list[str]:
    """Return what the suggestion and the desk get wrong."""
    change, branches = arrange(case, NAMES[kind])
    suggestion = change.suggestion
    effects, title = set(suggestion.effects), suggestion.title
    mistakes = []
    if wanted := set(case.get("effects", ())):
        mistakes += [f"effects {sorted(effects)}"] if not effects & wanted else []
    mistakes += [f"says {effect}" for effect in case.get("never", ()) if effect in effects]
    if case.get("direction", suggestion.direction) != suggestion.direction:
        mistakes.append(suggestion.direction)
    missing = [words for words in case.get("title", ()) if words not in title]
    wider = [words for words in case.get("never_title", ()) if words in title]
    mistakes += [f"title “{title}”"] if missing or wider else []
    moves = proposals(change, branches)
    if kind not in ("names", "told") or "moves" in case:
        expected = case.get("moves", {})
        mistakes += [f"moves {moves}"] if moves != expected else []
    mistakes += [f"moves {moves}"] if {*moves.values()} & {*case.get("never_moves", ())} else []
    return mistakes


def arrange(case: dict, name: str) -> tuple[Change, list]:
    document = case.get("document", "Privacy Policy")
    platform = make_platform(name=name, slug=f"{name.lower()}-{next(_number)}")
    with arranged():
        page = make_page(platform, title=document, kind=PageKind.PRIVACY_POLICY)
        uses, branches = {}, []
        for fields in case.get("branches", [{"state": "unless-refused"}]):
            fields = dict(fields)
            state, part = fields.pop("state"), fields.pop("part", "")
            if part in uses:
                branches.append(make_branch(uses[part], **fields))
            else:
                uses[part] = make_use(platform, part=part, data_kinds=[], **fields)
                uses[part].pages.add(page)
                branches.append(uses[part].branches.get())
            make_state(branches[-1], state)
        texts = [TEXT.format(document, case[side]) for side in ("before", "after")]
        change = make_change(page, *texts)
    suggest(change)
    return Change.objects.for_desk().get(pk=change.pk), branches


def proposals(change: Change, branches: list) -> dict[int, str]:
    """Return the places of branches whose state is filled in, with the state."""
    order = {branch.pk: index for index, branch in enumerate(branches)}
    forms = state_forms(change, entry_from(change))
    return {order[form.branch.pk]: form.initial["value"] for form in forms if form.is_proposed}
