"""Chooses effects by their probabilities."""

import pytest

from consent.classification.effect_choice import DIRECTIONS, verdict
from consent.classification.effects import EFFECTS
from consent.classification.learned import Logistic, Weights

#: log odds of 0.3 and a little more, of 0.4, and of 0.75
A_THIRD, TWO_FIFTHS, THREE_QUARTERS = -0.8, -0.4, 1.1


def decided(**likely: float) -> tuple[str, ...]:
    """Return the effects named where some are as likely as given and all others are not."""
    odds = {name.replace("_", "-"): value for name, value in likely.items()}
    models = {name: Logistic(odds.get(name, -5.0), {}) for name in (*EFFECTS, *DIRECTIONS)}
    return verdict({}, Weights("test", models)).effects


@pytest.mark.parametrize(
    ("likely", "effects"),
    [
        ({"opt_out_changed": A_THIRD, "wording_only": THREE_QUARTERS}, ("wording-only",)),
        ({"opt_out_changed": THREE_QUARTERS, "wording_only": A_THIRD}, ("opt-out-changed",)),
        # What may take control away is worth naming though other words are likelier.
        ({"scope_widened": A_THIRD, "wording_only": TWO_FIFTHS}, ("scope-widened",)),
        ({"opt_out_added": TWO_FIFTHS, "opt_out_changed": A_THIRD}, ("opt-out-added",)),
    ],
)
def test_of_effects_that_exclude_each_other_the_likelier_is_named(likely, effects):
    assert decided(**likely) == effects
