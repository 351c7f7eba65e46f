"""Numbers of thousands of digits, wherever an address or a form takes a number."""

import pytest

from consent.alerts.subscriptions import tokens
from platforms.numbers import read_number
from tests.consent.alerts.readers import make_reader
from tests.factories import make_page, make_platform

HUGE = "9" * 5000


@pytest.mark.parametrize("text", [HUGE, "9" * 19, "-1", "", "1.0", "１", "²", "x"])
def test_what_names_no_record_is_none(text):
    assert read_number(text) is None


@pytest.mark.django_db
@pytest.mark.parametrize("number", [HUGE, "9" * 18])
def test_a_huge_number_in_a_form_is_not_found(client, number):
    text = tokens.manage_text(make_reader())
    for act in ("change", "remove"):
        answer = client.post(f"/alerts/{text}", {"act": act, "subscription": number})
        assert answer.status_code == 404


@pytest.mark.django_db
def test_a_huge_number_in_an_address_breaks_no_page(client):
    make_platform("x", name="X")
    for address in (
        f"/timeline?older={HUGE}",
        f"/timeline?platform={HUGE}",
        f"/search?q={HUGE}",
        f"/checklist?p={HUGE}&d={HUGE}",
        f"/changes/{HUGE}",
        f"/platforms/{HUGE}",
        f"/guides/{HUGE}",
        f"/u/{'9' * 100}",
        f"/u/{'9' * 50}.{'9' * 49}",
        f"/alerts/{'9' * 12}.999999.{'9' * 16}",
        f"/confirm/{'9' * 100}",
    ):
        assert client.get(address).status_code in (200, 404, 410), address[:40]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [HUGE, "9" * 18, "9" * 25])
def test_a_huge_number_in_an_address_of_the_desk_breaks_no_page(admin_client, number):
    page = make_page(make_platform())
    for address in (
        f"/admin/consent/change/{number}/change/",
        f"/admin/consent/entry/{number}/change/",
        f"/admin/platforms/page/{number}/change/",
    ):
        assert admin_client.get(address).status_code in (302, 404), address[:40]
    answer = admin_client.post(
        f"/admin/platforms/page/{page.pk}/health/", {"act": "release", "capture": number}
    )
    assert answer.status_code < 500
