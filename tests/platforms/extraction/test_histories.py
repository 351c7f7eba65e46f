"""Real pages over time: real changes are seen, everything else is not."""

import pytest

from benchmarks.reading import HISTORIES, read_histories, summary
from tests.shared_data import shared_file


@pytest.mark.shared
def test_real_changes_are_told_from_noise_in_600_real_snapshots():
    shared_file(f"{HISTORIES}/manifest.jsonl")
    _, verdicts, _ = read_histories(every=1000)
    counts = summary(verdicts)
    assert counts["pairs"] == 585
    assert counts["found"] + counts["found_before_label"] >= 21
    # One is an address that changed in view of the reader, and that the manifest files under links.
    assert counts["false"] <= 1
