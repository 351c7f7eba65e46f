"""Chooses effects by their probabilities."""

import pytest

from consent.classification.delta import compare
from consent.classification.effect_choice import DIRECTIONS, Verdict, heeding_names, verdict
from consent.classification.effects import EFFECTS
from consent.classification.learned import Logistic, Weights
from consent.classification.page_statements import read_statements
from consent.classification.scope import Context

#: log odds of 0.3 and a little more, of 0.4, and of 0.75
A_THIRD, TWO_FIFTHS, THREE_QUARTERS = -0.8, -0.4, 1.1
SURELY = 3.0


def decided(**likely: float) -> tuple[str, ...]:
    return verdict_on(**likely).effects


def verdict_on(**likely: float) -> Verdict:
    """Return the verdict where some names are as likely as given and all others are not."""
    odds = {name.replace("_", "-"): value for name, value in likely.items()}
    models = {name: Logistic(odds.get(name, -5.0), {}) for name in (*EFFECTS, *DIRECTIONS)}
    return verdict({}, Weights("test", models))


def test_the_direction_follows_effects_that_are_surer_than_its_model():
    found = verdict_on(pledge_dropped=SURELY, neutral=TWO_FIFTHS, less_control=A_THIRD)

    assert (found.effects, found.direction) == (("pledge-dropped",), "less-control")
    assert sum(found.likely[name] for name in DIRECTIONS) == pytest.approx(1)


def test_a_change_that_surely_takes_and_gives_is_mixed():
    found = verdict_on(
        scope_widened=SURELY, opt_out_added=SURELY, less_control=TWO_FIFTHS, mixed=A_THIRD
    )

    assert (found.effects, found.direction) == (("opt-out-added", "scope-widened"), "mixed")


@pytest.mark.parametrize(
    ("old", "new", "effects"),
    [
        ("Murmel Chat", "Sotto Talk", ("wording-only",)),
        ("Murmel Chat", "Murmel Chat and Murmel Mail", ("scope-widened",)),
    ],
)
def test_a_name_in_the_place_of_another_is_a_renaming(old, new, effects):
    words = "We use what you write in {} to train our models."
    texts = (words.format(old), words.format(new))
    delta = compare(*map(read_statements, texts))
    by_words = Verdict(("wording-only",), "neutral", dict.fromkeys((*EFFECTS, *DIRECTIONS), 0.1))

    assert heeding_names(by_words, delta, Context("Murmel")).effects == effects


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
