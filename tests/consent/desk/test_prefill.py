"""What three key presses publish is true: twenty practice cases with labels."""

import pytest
from django.urls import reverse

from consent.models import Entry
from tests.pages import press
from tests.practice.cases import CASES, arrange, labelled, published

pytestmark = pytest.mark.django_db


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
