"""What three key presses publish is true: twenty practice cases with labels."""

import pytest
from django.urls import reverse

from consent.models import Entry
from tests.pages import press
from tests.practice.cases import CASES, arrange, labelled, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


def test_there_are_twenty_cases():
    assert len({case["id"] for case in CASES}) == len(CASES) == 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_what_is_published_untouched_equals_the_label(client, editor, case):
    """The keys P P P: open the form, look, publish."""
    change = arrange(case)
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    look = press(client, form, "look")
    assert look.status_code == 200, look.context["form"].errors
    doubts = " ".join(look.context["rehearsal"].doubts)
    for words in case["label"].get("doubts", ()):
        assert words in doubts
    press(client, look, "publish", "now")
    assert published(case, Entry.objects.published().get()) == labelled(case, change)


def test_no_state_is_proposed_that_the_effects_contradict(client, editor):
    """Where words that ask for consent are found to introduce a use, a curator decides."""
    case = next(case for case in CASES if case["id"] == "no-date-stated")
    words = "We use the files that you upload to train our AI models only if you opt in."
    change = arrange(case | {"after": f"{case['before']}\n{words}\n"})
    change.suggestion.effects = ["use-introduced"]
    change.suggestion.save()
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    look = press(client, form, "look")
    assert look.status_code == 200, look.context["form"].errors
    assert not any(state.initial for row in form.context["rows"] for state in row.states)
