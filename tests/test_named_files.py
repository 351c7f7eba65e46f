"""Papers and comments name files of this repository: each of them exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("config", "consent", "platforms", "templates", "static", "tests", "benchmarks", "docs")
NAMED = re.compile(rf"(?<![\w./-])(?:{'|'.join(FOLDERS)})/[\w./-]+\.(?:py|md|html|css|js|ya?ml)\b")
IN_ROOM = re.compile(r"`((?:[a-z_]+/)*[a-z_]+\.py)`")  # without the folder that the text is about
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CODE = sorted(path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))


def is_history(paper):
    """What changed, and decisions that were replaced, name files that are gone."""
    text = paper.read_text(encoding="utf-8")
    return paper.name == "CHANGELOG.md" or "· replaced by" in text


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_files_that_a_paper_names_exist(paper):
    text = "" if is_history(paper) else paper.read_text(encoding="utf-8")
    whole = {name for name in NAMED.findall(text) if not (ROOT / name).exists()}
    ends = {f"/{path.relative_to(ROOT)}" for path in CODE}
    in_rooms = {
        name for name in IN_ROOM.findall(text) if not any(end.endswith(f"/{name}") for end in ends)
    }
    assert whole | in_rooms == set()


def test_files_that_the_code_names_exist():
    gone = {
        (str(path.relative_to(ROOT)), name)
        for path in CODE
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
        if not (ROOT / name).exists()
    }
    assert gone == set()
