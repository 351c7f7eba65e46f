"""A database that the version of the schema before was used with comes through an upgrade unharmed.

version_of_0031.json is what the code with consent 0031 and platforms 0013 wrote (commit 11c758b2 of
2026-11-26): three platforms of the catalog, edits, readers and mails; and what that code showed.
The step before, from consent 0016 and platforms 0008, is in test_migration_to_format2.py.
"""

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from config.startup import pending_migrations
from consent.desk import two_factors
from consent.models import Subscription
from tests.consent.models.old_databases import fill, old_database

pytestmark = pytest.mark.database

VERSION = json.loads((Path(__file__).parent / "version_of_0031.json").read_text(encoding="utf-8"))


@pytest.fixture
def version_before(tmp_path, settings):
    """The database of that version, in the place of the one of tests; and its key."""
    settings.SECRET_KEY = VERSION["secret_key"]
    settings.SITE_URL = "https://defaulton.example"
    settings.SECURE_SSL_REDIRECT = False
    settings.ALLOWED_HOSTS = ["*"]
    with (
        old_database("0031", tmp_path) as apps,
        time_machine.travel(dt.datetime.fromisoformat(VERSION["at"])),
    ):
        fill(apps, VERSION["rows"])
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                for statement in VERSION["sqlite"]:
                    cursor.execute(statement)
        yield


def lines_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return len(list(csv.reader(io.StringIO(body.decode())))) - 1


@pytest.mark.django_db
def test_public_addresses_counts_links_and_subscriptions_are_the_same(version_before, client):
    # One test: each migrated database takes seconds to make.
    assert len(pending_migrations(connection)) >= 5
    call_command("migrate", verbosity=0)
    assert pending_migrations(connection) == []

    lost = [path for path in VERSION["addresses"] if client.get(path).status_code != 200]
    assert lost == []
    assert client.get("/platforms/twitter-of-before").status_code == 301
    tables = {name: lines_of(client, f"/data/{name}.csv") for name in VERSION["tables"]}
    assert tables == VERSION["tables"]
    pages = [path for path in VERSION["addresses"] if path.endswith("x-trains-on-posts-of-before")]
    assert pages
    for page in pages:
        assert "X trains on posts of before" in client.get(page).text
    kept = Subscription.objects.values_list(
        "subscriber__address", "scope", "value", "place", "frequency"
    )
    assert sorted(map(list, kept)) == VERSION["subscriptions"]
    for links in VERSION["links"].values():
        assert client.get(f"/alerts/{links['manage']}").status_code == 200
        assert client.get(f"/u/{links['unsubscribe']}").status_code == 200
    assert two_factors.verify(User.objects.get(username="ada"), VERSION["backup_code"])
