import fcntl
import re

import pytest
from django.utils import timezone

from consent.curation import revisions
from consent.open_data.evidence import kept_files, views
from consent.open_data.evidence.bundle_check import verify
from consent.open_data.stamps.closed_days import close_day
from platforms.models import Page, Snapshot
from tests.arranging import arranged
from tests.factories import make_entry, make_platform, make_source

pytestmark = [pytest.mark.django_db]


def link_on(client, entry):
    """The address of the evidence that the change page prints."""
    page = client.get(entry.get_absolute_url()).content.decode()
    return re.search(r'href="([^"]+\.wacz)"', page)[1]


def download(client, entry, **headers):
    return client.get(f"/changes/{entry.public_id}/evidence.wacz", headers=headers)


def test_the_change_page_links_to_a_bundle_that_is_sound(visited_entry, client):
    response = client.get(link_on(client, visited_entry))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/wacz"
    assert f"evidence-{visited_entry.public_id}.wacz" in response["Content-Disposition"]
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in response
    assert verify(b"".join(response)).problems == []


def test_players_on_other_sites_read_a_bundle_in_parts(visited_entry, client):
    address = f"/changes/{visited_entry.public_id}/evidence.wacz"
    whole = download(client, visited_entry)
    etag, data = whole["ETag"], b"".join(whole)
    assert whole["Accept-Ranges"] == "bytes"
    size = len(data)
    for asked, first, last in (
        ("bytes=0-99", 0, 99),
        (f"bytes={size - 22}-", size - 22, size - 1),
        ("bytes=-22", size - 22, size - 1),
        (f"bytes=100-{size * 2}", 100, size - 1),
    ):
        part = download(client, visited_entry, range=asked)
        assert (part.status_code, b"".join(part)) == (206, data[first : last + 1]), asked
        assert part["Content-Range"] == f"bytes {first}-{last}/{size}"
        assert part["Content-Length"] == str(last - first + 1)
        assert part["Access-Control-Allow-Origin"] == "*"
        assert "Content-Range" in part["Access-Control-Expose-Headers"]
    for beyond in (f"bytes={size}-", "bytes=-0"):
        refused = download(client, visited_entry, range=beyond)
        assert (refused.status_code, refused["Content-Range"]) == (416, f"bytes */{size}")
    for ignored in ("bytes=0-1,5-6", "lines=1-2", "bytes=-"):
        answer = download(client, visited_entry, range=ignored)
        assert (answer.status_code, b"".join(answer)) == (200, data), ignored
    same = {"range": "bytes=0-3", "if-range": etag}
    assert download(client, visited_entry, **same).status_code == 206
    assert download(client, visited_entry, **same | {"if-range": '"other"'}).status_code == 200
    asked = client.options(address, headers={"Access-Control-Request-Headers": "range"})
    assert asked.status_code == 204
    assert "Range" in asked["Access-Control-Allow-Headers"]
    assert client.post(address).status_code == 405


def test_a_bundle_is_built_once_until_something_in_it_changes(visited_entry, client, settings):
    first = b"".join(download(client, visited_entry))
    [kept] = settings.EVIDENCE_DIR.glob("*.wacz")
    kept.write_bytes(first + b"kept")
    assert b"".join(download(client, visited_entry)) == first + b"kept"
    with arranged():
        visited_entry.title = "Corrected"
        visited_entry.save()
    second = b"".join(download(client, visited_entry))
    assert second not in (first, first + b"kept")
    assert len(list(settings.EVIDENCE_DIR.glob("*.wacz"))) == 1


@pytest.mark.parametrize(
    "change",
    [
        close_day,
        lambda: Page.objects.update(access="account"),
        lambda: Snapshot.objects.update(quarantined_as="bot-wall"),
    ],
    ids=["a stamp", "an account", "quarantine"],
)
def test_new_stamps_and_what_is_withheld_since_make_a_new_bundle(visited_entry, client, change):
    before = b"".join(download(client, visited_entry))
    change()
    assert b"".join(download(client, visited_entry)) != before


def test_a_reader_who_has_it_gets_304(visited_entry, client):
    etag = download(client, visited_entry)["ETag"]
    response = download(client, visited_entry, **{"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")


def test_head_has_no_body(visited_entry, client):
    response = client.head(f"/changes/{visited_entry.public_id}/evidence.wacz")
    assert (response.status_code, b"".join(response)) == (200, b"")


def test_without_snapshots_there_is_no_link_and_no_file(client, evidence_places):
    entry = make_entry(make_platform())
    make_source(entry)
    assert ".wacz" not in client.get(entry.get_absolute_url()).content.decode()
    assert download(client, entry).status_code == 404


def test_unpublished_and_retracted_entries_have_none(visited_entry, client):
    draft = make_entry(make_platform(), status="draft", published_at=None)
    assert download(client, draft).status_code == 404
    revisions.retract(visited_entry, reason="Wrong.", editor=visited_entry.reviewer)
    assert download(client, visited_entry).status_code == 410


def test_one_network_may_have_a_number_of_bundles_built(visited_entry, client, monkeypatch):
    monkeypatch.setattr(views, "BUILDS_PER_NETWORK", 1)
    assert download(client, visited_entry).status_code == 200
    assert download(client, visited_entry).status_code == 200  # kept: not counted
    close_day()
    response = download(client, visited_entry)
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert "Please try again in 10 minutes" in response.content.decode()


def test_one_bundle_is_built_at_a_time(visited_entry, client, settings, monkeypatch):
    monkeypatch.setattr(kept_files, "PATIENCE", 0.1)
    settings.EVIDENCE_DIR.mkdir()
    with (settings.EVIDENCE_DIR / "turn").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        response = download(client, visited_entry)
        assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert download(client, visited_entry).status_code == 200


def test_an_archive_that_is_away_is_not_taken_for_a_lost_snapshot(visited_entry, client, settings):
    settings.ARCHIVE_URL = "file:///dev/null/archive"
    assert download(client, visited_entry).status_code == 503
    assert not list(settings.EVIDENCE_DIR.glob("*.wacz"))


def test_kept_files_have_bounded_room(visited_entry, client, settings, monkeypatch):
    settings.EVIDENCE_DIR.mkdir()
    for name in ("a-1.wacz", "b-1.wacz"):
        (settings.EVIDENCE_DIR / name).write_bytes(b"0" * 1000)
    (settings.EVIDENCE_DIR / "c.1.partial").write_bytes(b"0")
    monkeypatch.setattr(kept_files, "MOST_BYTES", 1500)
    download(client, visited_entry)
    [left] = (path.name for path in settings.EVIDENCE_DIR.iterdir() if path.name != "turn")
    assert left.startswith(visited_entry.public_id)


def test_the_time_of_the_visit_does_not_matter(visited_entry, client):
    """Pages are visited all day; that alone makes no new bundle."""
    before = download(client, visited_entry)["ETag"]
    Page.objects.update(last_visited_at=timezone.now(), last_looked_at=timezone.now())
    assert download(client, visited_entry)["ETag"] == before
