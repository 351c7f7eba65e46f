"""The number of queries of admin and desk lists does not grow with their length."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.models import Change
from tests.consent.desk.filling import fill
from tests.sweeps import some

pytestmark = pytest.mark.django_db

QUEUES = [
    "/admin/",
    "/admin/consent/change/?status=all",
    "/admin/consent/change/health/",
    "/admin/consent/change/dates/",
    "/admin/consent/change/numbers/",
    "/admin/consent/guide/queue/",
    "/admin/consent/entry/reviews/",
    "/admin/consent/readerreport/queue/",
    "/admin/consent/readerreport/queue/?settled",
]


@pytest.fixture
def root(client):
    """A superuser, who sees every list."""
    user = User.objects.create_superuser("root")
    client.force_login(user)
    return user


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)


def lists():
    """The address of every list in the admin, by the model of its rows."""
    return {
        model: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    }


@pytest.mark.database
def test_every_list_has_a_row_to_show(root):
    fill(root)
    empty = [model for model in lists() if not model.objects.exists()]
    assert empty == [], "let fill() make one of these"


def test_a_longer_list_and_an_item_of_it_ask_nothing_more(client, root):
    fill(root)
    fill(root)
    item = Change.objects.waiting().first()
    one = reverse("admin:consent_change_change", args=[item.pk])
    addresses = [one, *some(lists().values(), 8), *QUEUES]
    few = {address: questions(client, address) for address in addresses}
    fill(root)
    many = {address: questions(client, address) for address in addresses}
    assert {
        address: (few[address], many[address])
        for address in addresses
        if many[address] > few[address]
    } == {}
    # The front page asks for the beginning of every queue.
    limits = {"/admin/": 40, one: 22}
    assert {
        address: queries for address, queries in few.items() if queries > limits.get(address, 25)
    } == {}
