"""Numbers in addresses and forms are read, or refused without a crash."""

import pytest
from django.contrib.auth.models import User

from consent.alerts.subscriptions.tokens import manage_text
from platforms.numbers import read_number
from tests.consent.alerts.readers import make_reader

ODD = ["", "-1", "²", "٣", "1.5", "1e5", "9" * 19, "9" * 5_000, "\x00"]


@pytest.mark.parametrize("text", ODD)
def test_an_invalid_number_is_none(text):
    assert read_number(text) is None


def test_a_number_is_read():
    assert read_number("012") == 12
    assert read_number("9" * 18) == 10**18 - 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", ODD)
def test_an_invalid_number_of_a_subscription_is_not_found(client, text):
    link = f"/alerts/{manage_text(make_reader())}"
    answer = client.post(link, {"act": "remove", "subscription": text})
    assert answer.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["²", "9" * 19, "9" * 5_000])
@pytest.mark.parametrize("model", ["consent/change", "platforms/page"])
def test_an_invalid_number_at_the_desk_redirects_to_the_list(client, text, model):
    client.force_login(User.objects.create_superuser("ada"))
    assert client.get(f"/admin/{model}/{text}/change/").status_code == 302
