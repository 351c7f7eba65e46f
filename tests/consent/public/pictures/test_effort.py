from consent.public.pictures.effort import effort


def test_one_dot_stands_for_one_step():
    assert len(effort(5).centres) == 5
    assert effort(5).more == 0


def test_what_does_not_fit_is_told_by_a_plus_and_by_the_number():
    long = effort(30)
    assert (len(long.centres), long.more, long.steps) == (12, 18, 30)


def test_no_step_makes_no_dot():
    assert effort(0) is None
