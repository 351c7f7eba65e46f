"""What has changed at a service, in the days that a question names."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup

from tests.factories import make_entry, make_platform, make_state, make_use
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def changes():
    """Two changes at one service, of February 2024 and of March 2026, and none at another."""
    with time_machine.travel(dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC), tick=False):
        chirp = make_platform("chirp", name="Chirp")
        make_state(make_use(chirp), "unless-refused")
        make_entry(chirp, title="Chirp starts", effective_on=dt.date(2024, 2, 4))
        make_entry(chirp, title="Chirp adds a switch", effective_on=dt.date(2026, 3, 9))
        make_entry(
            chirp,
            title="Chirp rewords its terms",
            effects=["wording-only"],
            effective_on=dt.date(2026, 5, 1),
        )
        make_state(make_use(make_platform("quiet", name="Quiet")), "not-used")
        yield


def told(client, typed, prefix=""):
    page = client.get(f"{prefix}/answers", {"q": typed}, follow=True)
    lines = BeautifulSoup(page.text, "lxml").select(".box-line .box-first")
    return [" ".join(line.text.split()) for line in lines]


_ADDED, _STARTED = "9 March 2026: Chirp adds a switch", "4 February 2024: Chirp starts"


@pytest.mark.parametrize(
    ("prefix", "typed", "expected"),
    some(
        [
            (
                *("", "what changed at chirp in 2026"),
                ["1 change on record (1 January 2026 to 30 November 2026):", _ADDED],
            ),
            (
                *("", "chirp changes since january"),
                ["1 change on record (1 January 2026 to 30 November 2026):", _ADDED],
            ),
            ("", "did chirp change", ["2 changes on record:", _ADDED, _STARTED]),
            (
                *("", "what changed at chirp in 2025"),
                [
                    "No change on record (1 January 2025 to 31 December 2025); the latest:",
                    _ADDED,
                ],
            ),
            ("", "did quiet change", ["No change on record."]),
            (
                *("/de", "was hat sich bei Chirp seit Januar geändert"),
                [
                    "1 Änderung verzeichnet (1. Januar 2026 bis 30. November 2026):",
                    "9. März 2026: Chirp adds a switch",
                ],
            ),
            (
                *("/fr", "les changements de Chirp en 2025"),
                [
                    "Aucun changement consigné (entre le 1er janvier 2025 et le 31 décembre 2025) ;"
                    " le dernier :",
                    "Le 9 mars 2026 : Chirp adds a switch",
                ],
            ),
        ],
        5,
    ),
)
def test_what_has_changed_is_listed_for_the_days_that_are_named(client, prefix, typed, expected):
    assert told(client, typed, prefix) == expected


@pytest.mark.parametrize(
    ("prefix", "typed"),
    [
        ("", "does chirp train"),
        ("", "does chirp train on our mail, and who can change which setting?"),
        ("", "how do I change the setting at chirp"),
        ("", "can admins change settings at chirp"),
        ("", "chirp: who is allowed to change the default"),
        ("/de", "Trainiert Chirp, und wer kann welche Einstellung ändern?"),
        ("/de", "Chirp: kann die Einstellung geändert werden"),
        ("/de", "Chirp: wer darf Änderungen vornehmen"),
        ("/fr", "Chirp : qui peut modifier quel réglage"),
        ("/fr", "Chirp : qui change le réglage"),
        ("/fr", "Chirp : le réglage peut-il être modifié"),
        ("", "what happened to the posts that chirp already took"),
        ("/de", "was passiert bei chirp mit dem, was schon genommen wurde"),
    ],
)
def test_a_question_about_no_change_lists_none(client, prefix, typed):
    assert not [line for line in told(client, typed, prefix) if "Chirp adds a switch" in line]


@pytest.mark.parametrize(
    "typed", ["is chirp going to change", "can you list every change at chirp"]
)
def test_a_change_that_is_asked_for_in_such_words_is_listed(client, typed):
    assert told(client, typed) == ["2 changes on record:", _ADDED, _STARTED]
