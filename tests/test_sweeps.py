"""Which cases of a test marked `few_cases` run: few of many, the same ones each time."""

import pytest

from tests.sweeps import DRILL, left_out

pytestmark = pytest.mark.skipif(DRILL, reason="in a drill all cases run")


@pytest.mark.parametrize(("cases", "run"), [(1, 1), (2, 2), (3, 2), (5, 2), (10, 4), (40, 16)])
def test_two_of_five_cases_run_and_never_less_than_two(cases, run):
    for name in ("test_a", "test_b", "test_c"):
        assert len(left_out(name, range(cases))) == cases - run


def test_each_test_leaves_out_the_same_cases_each_time_and_all_together_leave_out_none():
    languages = ("en", "de", "fr")
    assert left_out("test_a", languages) == left_out("test_a", languages)
    names = (f"test_{number}" for number in range(20))
    assert {each for name in names for each in left_out(name, languages)} == set(languages)
