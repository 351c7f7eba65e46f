"""A database that takes no writes, as after a failover: readers read, forms say "later"."""

import contextlib

import pytest
from django.contrib.auth.models import User
from django.db import connection

from consent.alerts.subscriptions import tokens
from tests.consent.alerts.readers import make_reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

SWITCH = {
    "sqlite": "PRAGMA query_only = {}",
    "postgresql": "SET default_transaction_read_only = {}",
}


@contextlib.contextmanager
def read_only():
    with connection.cursor() as cursor:
        cursor.execute(SWITCH[connection.vendor].format("on"))
        try:
            yield
        finally:
            cursor.execute(SWITCH[connection.vendor].format("off"))


def test_pages_are_read_and_what_has_to_write_asks_to_come_back(client):
    User.objects.create_superuser("ada", password="a right good password")
    reader = make_reader()
    leaving = f"/u/{tokens.unsubscribe_text(reader.pk)}"
    client.raise_request_exception = False
    with read_only():
        for path in ("/", "/platforms", "/timeline", "/feeds/timeline.atom", leaving):
            assert client.get(path).status_code == 200, path
        login = {"username": "ada", "password": "a right good password"}
        for path, fields in ((leaving, {}), ("/admin/login/", login)):
            answer = client.post(path, fields)
            assert (answer.status_code, answer.get("Retry-After")) == (503, "60"), path
    assert client.post(leaving).status_code == 200
