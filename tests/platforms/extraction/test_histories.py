"""Real pages over time: real changes are detected, and nothing else."""

import pytest

from benchmarks.reading import HISTORIES, NO_NEWS, read_histories, summary
from tests.shared_data import shared_file


@pytest.mark.shared
def test_only_real_changes_are_detected_in_600_real_snapshots():
    shared_file(f"{HISTORIES}/manifest.jsonl")
    _, verdicts, _ = read_histories(every=1000)
    counts = summary(verdicts)
    assert counts["pairs"] == 585
    assert {(each.history, seq) for each in verdicts for seq in each.missed} == set(NO_NEWS)
    assert counts["found"] + counts["found_before_label"] == 22 - len(NO_NEWS)
    # One of these is an address in the visible text; the manifest counts it as a link only.
    assert counts["false"] <= 1
