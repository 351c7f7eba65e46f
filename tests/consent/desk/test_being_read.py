"""What workers have not read yet says so, with a count."""

import pytest
from django.urls import reverse

from consent.detection.changes import suggest_once
from tests.factories import make_change, make_page, make_platform

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", ["admin:consent_change_changelist", "admin:index"])
def test_after_an_import_the_desk_says_what_is_still_being_read(client, editor, place):
    page = make_page(make_platform())
    changes = [make_change(page, f"It costs {n}.", f"It costs {n + 1}.") for n in range(3)]
    html = client.get(reverse(place)).text
    assert "3 of them are still being read" in html
    assert html.count("Being read") == 3
    suggest_once(changes[0].pk)
    assert "2 of them are still being read" in client.get(reverse(place)).text
    for change in changes[1:]:
        suggest_once(change.pk)
    html = client.get(reverse(place)).text
    assert "eing read" not in html
    assert "1 removed, 1 added" in html


def test_the_item_says_so_too(client, editor):
    change = make_change(make_page(make_platform()), "It is free.", "It costs 2.")
    html = client.get(reverse("admin:consent_change_change", args=[change.pk])).text
    assert "It is still being read: a suggestion follows within a few minutes." in html
