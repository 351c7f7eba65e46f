"""What the quick run leaves out comes up again: with another commit, and in the drills."""

from tests.sweeps import is_drawn

TESTS = [f"tests/test_it.py::test_{number}" for number in range(300)]
COMMITS = [f"{number:040x}" for number in range(40)]


def drawn_by(commit):
    return {test for test in TESTS if is_drawn(test, commit)}


def test_a_commit_draws_about_a_third_and_the_same_each_time():
    for commit in COMMITS:
        assert 60 < len(drawn_by(commit)) < 140
        assert drawn_by(commit) == drawn_by(commit)


def test_every_test_is_drawn_within_some_commits():
    assert set.union(*map(drawn_by, COMMITS)) == set(TESTS)


def test_without_a_commit_all_run():
    assert drawn_by("") == set(TESTS)
