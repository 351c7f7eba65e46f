import json
import lzma
from pathlib import Path

import pytest

from benchmarks import evaluate_detection
from tests.consent.classification.help_pages import INTRODUCED, NO_MENTION
from tests.shared_data import shared_file

RIGHT = {
    "id": "right",
    "platform": "X",
    "document": "Help page",
    "stratum": "strong",
    "relevant": True,
    "effects": ["use-introduced", "default-on", "opt-out-added"],
    "direction": "less-control",
    "evidence": "train and fine-tune Grok",
    "sure": True,
    "before": NO_MENTION,
    "after": INTRODUCED,
}
WRONG = {**RIGHT, "id": "wrong", "relevant": False, "effects": [], "direction": "neutral"}


def evaluate(*arguments: str) -> None:
    evaluate_detection.main(arguments)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in (RIGHT, WRONG)), "utf-8")
    return path


def test_figures_come_as_json(cases: Path, capsys: pytest.CaptureFixture[str]):
    evaluate(str(cases), "--json", "--errors", "5")

    figures = json.loads(capsys.readouterr().out)
    assert figures["sure"]["relevance"]["precision"] == 0.5
    assert figures["sure"]["effects"]["f1"] == 1.0
    assert len(figures["errors"]) == 1


def test_errors_are_explained_with_their_rules(cases: Path, capsys: pytest.CaptureFixture[str]):
    evaluate(str(cases), "--errors", "1")

    printed = capsys.readouterr().out
    assert "wrong X, Help page" in printed
    assert "use-where-none-was → use-introduced" in printed


def test_packed_cases_are_read_too(cases: Path, capsys: pytest.CaptureFixture[str]):
    packed = cases.with_name("cases.jsonl.xz")
    packed.write_bytes(lzma.compress(cases.read_bytes()))

    evaluate(str(packed))

    assert "| all | 2 | 1 | 1 | 0 |" in capsys.readouterr().out


def test_the_tables_of_known_cases_are_replaced_and_the_rest_kept(
    cases: Path, tmp_path: Path, monkeypatch, capsys: pytest.CaptureFixture[str]
):
    page = tmp_path / "README.md"
    monkeypatch.setattr(evaluate_detection, "README", page)
    begin, end = evaluate_detection.BEGIN, evaluate_detection.END
    page.write_text(f"Before.\n{begin}\nold figures\n{end}\nAfter.\n", "utf-8")

    evaluate(str(cases), "--write-docs")

    written = page.read_text("utf-8")
    assert written.startswith(f"Before.\n{begin}\n| Cases |")
    assert written.endswith(f"\n{end}\nAfter.\n")
    assert "old figures" not in written


@pytest.mark.parametrize("content", ["", "not json"])
def test_files_without_cases_are_refused(tmp_path: Path, content: str):
    path = tmp_path / "cases.jsonl"
    path.write_text(content)

    with pytest.raises(SystemExit):
        evaluate(str(path))


def test_a_missing_file_is_refused():
    with pytest.raises(SystemExit, match="no such file"):
        evaluate("nowhere.jsonl")


@pytest.mark.shared
@pytest.mark.drill
def test_detection_on_the_shared_cases_holds_its_level(capsys: pytest.CaptureFixture[str]):
    evaluate(str(shared_file("data/changes-dev.jsonl.xz")), "--json")

    sure = json.loads(capsys.readouterr().out)["sure"]
    assert sure["relevance"]["recall"] >= 0.96
    assert sure["relevance"]["precision"] >= 0.90
    assert sure["direction"] >= 0.80
    assert sure["effects"]["f1"] >= 0.75
