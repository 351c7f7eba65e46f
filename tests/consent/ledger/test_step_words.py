"""Steps of guides whose sentence is one of our frames are in the language of the page."""

import pytest
from django.utils.translation import override

from consent.ledger.step_words import step_in_words


@pytest.mark.parametrize(
    ("sentence", "german"),
    [
        ("Open Data privacy.", 'Öffnen Sie <span lang="en">Data privacy</span>.'),
        (
            "Click Me, then Settings & Privacy.",
            'Klicken Sie auf <span lang="en">Me</span>, dann auf'
            ' <span lang="en">Settings &amp; Privacy</span>.',
        ),
        ('Choose "A <b>".', 'Wählen Sie <span lang="en">&quot;A &lt;b&gt;&quot;</span>.'),
        ("The switch is off.", "Der Schalter ist aus."),
    ],
)
def test_a_frame_is_translated_and_the_names_in_it_are_marked(sentence, german):
    with override("de"):
        assert step_in_words(sentence) == german


@pytest.mark.parametrize(
    "sentence",
    [
        "Open Settings in the app.",
        "Tap your photo, then Settings.",
        "Open the page that the mail names.",
        "Turn off each AI feature that you do not want.",
        "Open Settings. Tap Privacy.",
    ],
)
def test_any_other_sentence_stays_as_it_is_written(sentence):
    with override("de"):
        assert step_in_words(sentence) is None
