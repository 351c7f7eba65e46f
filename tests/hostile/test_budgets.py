"""No input that a stranger can send takes more than its budget of processor time and memory."""

import pytest

from tests.hostile.measuring import OverBudgetError, bench, cases, load
from tests.sweeps import some

#: They share a process that has set up Django.
pytestmark = pytest.mark.xdist_group("hostile bench")


@pytest.fixture(scope="module")
def shared_bench():
    with bench() as shared:
        yield shared


@pytest.mark.parametrize("case", some(cases(), 10))
def test_hostile_input_stays_within_its_budget(shared_bench, case):
    module = load(case)
    measured = shared_bench.measure(case)
    assert measured.cpu_seconds <= module.CPU_SECONDS
    assert measured.megabytes <= module.MEGABYTES


@pytest.mark.parametrize(
    ("case", "how"),
    [
        ("_examples/endless", r"status -(9|24)"),
        pytest.param("_examples/large", "MemoryError", marks=pytest.mark.drill),
    ],
)
def test_what_goes_over_its_budget_is_ended(shared_bench, case, how):
    with pytest.raises(OverBudgetError, match=how):
        shared_bench.measure(case)


def test_time_and_memory_are_those_of_the_case(shared_bench):
    measured = shared_bench.measure("_examples/measured")
    assert 0.5 <= measured.cpu_seconds < 2
    assert 55 <= measured.megabytes < 100
