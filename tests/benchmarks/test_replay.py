"""The replay of real page histories."""

import subprocess
import sys


def test_a_replay_without_its_collection_is_skipped_in_one_line(tmp_path):
    command = [sys.executable, "-m", "benchmarks.replay", "--mirrors", tmp_path, "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Skipped: there is no collection at ")
    assert done.stdout.count("\n") == 1
