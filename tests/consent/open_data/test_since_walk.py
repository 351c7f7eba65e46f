"""A walk by number while others publish and correct, on real connections."""

import json
import threading

import pytest
from django.db import connection, connections

from consent.open_data.dumps import write_dump
from consent.web import limits
from platforms.guards import public_act
from platforms.models import RecordVersion
from platforms.vocabulary import PublicChangeKind
from tests.arranging import version_everything
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.database

WRITERS = 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("published", [16, pytest.param(500, marks=pytest.mark.drill)])
def test_a_walk_during_concurrent_publishing_equals_the_dump(
    published, client, monkeypatch, tmp_path
):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    monkeypatch.setattr(limits, "MOST", 10**9)
    platform = make_platform()
    drafts = [make_entry(platform, status="draft", published_at=None) for _ in range(published)]
    failures: list[Exception] = []

    def publish(mine):
        try:
            for number, entry in enumerate(mine):
                edit(entry, status="published", published_at="2026-01-01T00:00:00Z")
                if number % 2:
                    edit(entry, title=f"Corrected {entry.key}")
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    writers = [
        threading.Thread(target=publish, args=(drafts[number::WRITERS],))
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    walked, seen, cursor = {}, [], 0
    while True:
        writers[0].join(timeout=0.1)  # leaves the writers some time
        at_end = not any(writer.is_alive() for writer in writers)
        page = client.get(f"/api/v1/entries?since={cursor}&limit=25&wording=on&topic=all").json()
        for item in page["items"]:
            walked[item["id"]] = item
            seen.append((item["id"], item["version"]))
        cursor = page["cursor"]
        if at_end and not page["next"]:
            break
    assert not failures
    assert len(seen) == len(set(seen)), "a version was given twice"
    lines = (write_dump(tmp_path) / "entries.jsonl").read_text().splitlines()
    dumped = {each["id"]: each for each in map(json.loads, lines)}
    assert len(dumped) == published
    assert walked == dumped


def edit(entry, **values):
    with public_act(PublicChangeKind.REVISION, by=None, on=[entry]):
        for name, value in values.items():
            setattr(entry, name, value)
        entry.save()


def last_version():
    return RecordVersion.objects.filter(kind="entry").latest("number")


@pytest.mark.django_db
def test_every_public_change_of_an_entry_is_numbered_in_its_transaction():
    entry = make_entry(make_platform(), status="draft", published_at=None)
    edit(entry, status="published", published_at="2026-01-01T00:00:00Z")
    assert last_version().version == 1
    edit(entry, title="Another")
    edit(entry, title="Another")
    assert last_version().version == 2
    edit(entry, status="draft")
    assert (last_version().version, last_version().digest) == (3, "")
    assert version_everything() == 0
