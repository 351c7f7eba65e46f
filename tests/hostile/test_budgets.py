"""No input that a stranger can send takes more than its budget of processor time and memory."""

import pytest

from tests.hostile.measuring import cases, load, measure


@pytest.mark.parametrize("case", cases())
def test_hostile_input_stays_within_its_budget(case):
    module = load(case)
    measured = measure(case)
    assert measured.cpu_seconds <= module.CPU_SECONDS
    assert measured.megabytes <= module.MEGABYTES
