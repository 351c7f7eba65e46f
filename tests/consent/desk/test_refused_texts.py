"""A refused text that stays: curators see its words where they decide."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.practice.page_life import PageLife, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]
STUMP = policy(6)


@pytest.mark.parametrize("place", ["changelist", "health"])
def test_a_refused_text_that_stays_is_shown_with_its_first_words(place, admin_client, monkeypatch):
    life = PageLife()
    life.visit()
    life.live(3, STUMP)
    monkeypatch.setattr(timezone, "now", lambda: life.clock.now)
    shown = admin_client.get(reverse(f"admin:consent_change_{place}")).content.decode()
    assert "Clause 0: we keep your account details" in shown
    assert ">Release<" in shown
