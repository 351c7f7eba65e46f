"""Addresses of the release before uses and controls, whose marks named settings."""

import datetime as dt

import pytest

from consent.models import ControlSurface
from tests.arranging import arranged
from tests.consent.public.checklist.test_checklist import address, follow, titles
from tests.factories import (
    make_branch,
    make_control,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db

# Made by the code of that release, for settings of a platform "x" with the label "Allow your
# posts", the path "Settings › Privacy" and the route "switch", on by default since 26 July 2024.
GROK_TRAINING = "8782cc9a.31ded4db"
#: The same in Europe; its start is not known.
GROK_TRAINING_EU = "28dc8604.4dba2dfe"
#: Both of them, as one guide settled them.
BOTH = "97e31d58.fc2d2014"
#: A request form "Object" with no path, for the same data since the same day.
REQUEST_FORM = "a5622007.8aa9d0c8"


@pytest.fixture
def switch():
    """The settings as they were converted: one use with two branches, and its controls."""
    x = make_platform("x", name="X")
    use = make_use(
        x, slug="grok", former_slugs=["grok-training"], title="Posts train Grok", places=["US"]
    )
    make_state(use, starts_on=dt.date(2024, 7, 26))
    europe = make_branch(use, places=["EEA"], former_slugs=["grok-training-eu"])
    make_state(europe)
    switch = make_control(use, label="Allow your posts", path="Settings › Privacy")
    make_guide(x, switch)
    make_control(use, slug="form", former_slugs=["request-form"], label="Object", refuse="submit")
    with arranged():
        ControlSurface.objects.filter(control__slug="form").delete()
    return switch


@pytest.mark.parametrize("mark", [GROK_TRAINING, GROK_TRAINING_EU, BOTH, REQUEST_FORM])
def test_what_was_done_before_is_done_if_all_is_as_it_was(client, switch, mark):
    response = client.get(f"/checklist?p=x&d={mark}&plan=personal")
    assert titles(response, "done") == ["Turn off Allow your posts"]
    assert titles(response) == []


@pytest.mark.parametrize("mark", [GROK_TRAINING, GROK_TRAINING_EU, BOTH])
def test_what_is_recorded_otherwise_now_is_to_be_looked_at_again(client, switch, mark):
    with arranged():
        switch.surfaces.update(path="Settings › Grok")
    response = client.get(f"/checklist?p=x&d={mark}")
    assert titles(response) == ["Turn off Allow your posts"]
    assert "Changed since you did it" in response.text
    done = follow(client, response, "Turn off Allow your posts")
    assert titles(done, "done") == ["Turn off Allow your posts"]
    assert mark not in address(done)


def test_a_mark_of_another_platform_says_nothing(client, switch):
    make_platform("slack")
    response = client.get("/checklist?p=x&d=00000000.31ded4db")
    assert titles(response) == ["Turn off Allow your posts"]
    assert "Changed since you did it" not in response.text


def test_a_mark_of_two_settings_that_became_two_tasks_stays_for_the_other(client):
    x = make_platform("x")
    for slug in ("grok-training", "grok-training-eu"):
        use = make_use(x, slug=slug)
        make_state(use)
        make_control(use, label=f"Switch for {slug}", path="Elsewhere")
    make_guide(x, *x.controls.all())
    response = client.get(f"/checklist?p=x&d={BOTH}")
    assert response.text.count("Changed since you did it") == 2
    again = follow(client, response, "Turn off Switch for grok-training")
    assert titles(again, "done") == ["Turn off Switch for grok-training"]
    assert titles(again) == ["Turn off Switch for grok-training-eu"]
    assert "Changed since you did it" in again.text
