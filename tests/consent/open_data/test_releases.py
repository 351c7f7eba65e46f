"""Releases are cited: what they say stays, wherever and whenever it is read."""

import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest
import yaml

from consent.open_data.dumps import dumps_folder, remove_old_dumps, write_dump
from consent.open_data.releases import keep_release, releases_folder
from tests.arranging import arranged, version_everything
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def night(day):
    """Do what the task of the night does."""
    dump = write_dump(dumps_folder(), day)
    kept = keep_release(dump, releases_folder())
    remove_old_dumps(dumps_folder(), day)
    return kept


@pytest.fixture
def two_months():
    entry = make_entry(make_platform("x"), title="First sentence")
    version_everything()
    assert night(dt.date(2026, 10, 1))
    assert night(dt.date(2026, 10, 2)) is None
    with arranged():
        entry.title = "Second sentence"
        entry.save()
    make_platform("y")
    version_everything()
    assert night(dt.date(2026, 11, 1))
    return entry


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_first_dump_of_a_month_stays_when_dumps_go(client, two_months):
    packed = read(client, "/data/releases/2026-10.zip")
    night(dt.date(2027, 11, 1))
    assert client.get("/data/2026-10-01.zip").status_code == 404
    assert read(client, "/data/releases/2026-10.zip") == packed
    said = json.loads(read(client, "/data/releases.json"))
    assert [each["version"] for each in said["releases"]] == ["2027.11", "2026.11", "2026.10"]
    assert said["latest"] == "2027.11"
    assert client.get("/data/releases/latest.zip")["Location"] == "/data/releases/2027-11.zip"
    assert said["releases"][2]["sha256"] == hashlib.sha256(packed).hexdigest()
    assert 'id="release-2026-10"' in client.get("/data").text


def test_two_releases_differ_by_what_the_changelog_says(client, two_months):
    rows = [
        json.loads(line)
        for line in read(client, "/data/releases/2026-11/changes.jsonl").splitlines()
    ]
    told = {(each["kind"], each["record"], each["version"]) for each in rows}
    assert told == {("entry", two_months.public_id, 2), ("platform", "y", 1)}

    def records(month, name):
        lines = read(client, f"/data/releases/{month}/{name}.jsonl").splitlines()
        return {each["id"]: each for each in map(json.loads, lines)}

    for name, kind in (("entries", "entry"), ("platforms", "platform")):
        before, after = records("2026-10", name), records("2026-11", name)
        differ = {
            key
            for key in before.keys() | after.keys()
            if before.get(key, {}).get("title") != after.get(key, {}).get("title")
            or (key in before) != (key in after)
        }
        assert differ == {each["record"] for each in rows if each["kind"] == kind}
    changes = read(client, "/data/releases/2026-11/CHANGES.md").decode()
    assert "- entry: 1 changed" in changes
    assert "- platform: 1 new" in changes


def test_a_release_has_whole_checksums_and_citations(client, two_months):
    packed = zipfile.ZipFile(io.BytesIO(read(client, "/data/releases/2026-11.zip")))
    files = {name.rpartition("/")[2]: packed.read(name) for name in packed.namelist()}
    sums = dict(line.split("  ")[::-1] for line in files.pop("SHA256SUMS").decode().splitlines())
    assert sums == {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    cited = yaml.safe_load(files["CITATION.cff"])
    assert (cited["version"], cited["date-released"]) == ("2026.11", "2026-11-01")
    assert cited["license"] == "CC-BY-4.0"
    path = cited["repository-artifact"].removeprefix("http://127.0.0.1:8000")
    assert read(client, path)
    assert json.loads(files["datacite.json"])["publicationYear"] == 2026
    assert json.loads(files["zenodo.json"])["metadata"]["version"] == "2026.11"
    assert json.loads(files["release.json"])["previous"] == "2026-10"
    catalog = json.loads(read(client, "/data/catalog.jsonld"))
    for each in catalog["dcat:dataset"]["dcat:distribution"]:
        address = each["dcat:downloadURL"]["@id"].removeprefix("http://127.0.0.1:8000")
        assert read(client, address)


def test_what_is_no_release_is_not_found(client, two_months):
    for address in ("2020-01.zip", "2026-11/nothing.csv", "../dumps.zip", "..%2Fdumps/x"):
        assert client.get(f"/data/releases/{address}").status_code == 404
