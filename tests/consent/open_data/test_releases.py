"""Releases are cited: what they say stays, wherever and whenever it is read."""

import datetime as dt
import hashlib
import io
import json
import shutil
import threading
import zipfile
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
import yaml
from django.conf import settings as project
from django.core.management import CommandError, call_command

from consent.models import Control, Entry, Use
from consent.open_data.dumps import dumps_folder, remove_old_dumps, write_dump
from consent.open_data.releases import keep_release, releases_folder
from consent.tasks import export_data
from platforms.models import Page
from tests.arranging import arranged, version_everything
from tests.dripping import dripping
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_state,
    make_use,
)

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


def test_a_citation_of_a_release_resolves_a_year_later(client, two_months, time_machine):
    cited = yaml.safe_load(read(client, "/data/releases/2026-10/CITATION.cff"))
    packed = hashlib.sha256(read(client, "/data/releases/2026-10.zip")).digest()
    time_machine.move_to(dt.datetime(2027, 11, 2, 3, tzinfo=dt.UTC), tick=False)
    export_data()
    page, _, anchor = cited["url"].removeprefix("http://127.0.0.1:8000").partition("#")
    assert f'id="{anchor}"' in client.get(page).text
    address = cited["repository-artifact"].removeprefix("http://127.0.0.1:8000")
    assert hashlib.sha256(read(client, address)).digest() == packed
    assert client.get("/data/releases/latest.zip")["Location"] == "/data/releases/2027-11.zip"


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


def test_every_list_of_two_releases_differs_by_what_the_changelog_says(client):
    """New, changed and gone records of each kind; what is computed from others is left out."""
    x = make_platform("x")
    uses = [make_use(x, slug=slug) for slug in ("kept", "renamed", "moved", "gone")]
    control = make_control(uses[0], slug="switch")
    make_guide(x, control, slug="x-guide")
    old_page = make_page(x)
    entries = [make_entry(x, title=title) for title in ("Kept", "Corrected", "Retracted")]
    version_everything()
    night(dt.date(2026, 10, 1))
    with arranged():
        Use.objects.filter(slug="renamed").update(title="Another title")
        make_state(uses[2])
        Use.objects.filter(slug="gone").update(status="draft")
        Control.objects.filter(slug="switch").update(note="Read this.")
        Page.objects.filter(pk=old_page.pk).update(title="Another name")
        Entry.objects.filter(pk=entries[1].pk).update(summary="Corrected.")
        Entry.objects.filter(pk=entries[2].pk).update(status="retracted", status_reason="Wrong")
    make_use(make_platform("new"), slug="first")
    version_everything()
    night(dt.date(2026, 11, 1))

    def records(month, name):
        lines = read(client, f"/data/releases/{month}/{name}.jsonl").splitlines()
        return {each["id"]: each for each in map(json.loads, lines)}

    rows = records("2026-11", "changes").values()
    told = {(each["list"], each["record"]) for each in rows}
    computed = {"verdict", "updated_at", "number", "version", "trust", "last_modified"}
    #: Lists of what belongs to a record of another list, and changes with it.
    owners = {"states": ("uses", "use"), "passages": ("entries", "entry")}
    differ = set()
    for name in {*(each["list"] for each in records("2026-11", "changelog").values()), *owners}:
        before, after = records("2026-10", name), records("2026-11", name)
        for key in before.keys() | after.keys():
            then, now = ({**side.get(key, {})} for side in (before, after))
            for field in computed:
                then.pop(field, None)
                now.pop(field, None)
            if then != now:
                owner, field = owners.get(name, (name, "id"))
                differ.add((owner, {**then, **now}[field]))
    assert differ == told
    assert {("uses", "x/gone"), ("uses", "x/renamed"), ("platforms", "new")} <= told


class Zenodo(BaseHTTPRequestHandler):
    """What a deposit needs of Zenodo's interface, as its documentation describes it."""

    deposits: ClassVar[dict[int, dict]] = {}
    files: ClassVar[dict[int, dict[str, bytes]]] = {}

    def log_message(self, *_):
        pass

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers["Authorization"] != "Bearer secret":
            return self.give(401, {"message": "no such token"})
        match self.command, *self.path.strip("/").split("/"):
            case "POST", "api", "deposit", "depositions":
                return self.give(201, self.shown(self.begin({})))
            case "GET", "api", "deposit", "depositions", number:
                return self.give(200, self.shown(int(number)))
            case "PUT", "api", "deposit", "depositions", number:
                self.deposits[int(number)]["metadata"] |= json.loads(body)["metadata"]
                return self.give(200, self.shown(int(number)))
            case "DELETE", "api", "deposit", "depositions", number, "files", name:
                del self.files[int(number)][name]
                return self.give(204)
            case "PUT", "api", "files", number, name:
                self.files[int(number)][name] = body
                return self.give(201, {"key": name})
            case "POST", "api", "deposit", "depositions", number, "actions", "publish":
                deposit = self.deposits[int(number)]
                if not self.files[int(number)] or "title" not in deposit["metadata"]:
                    return self.give(400, {"message": "incomplete"})
                deposit |= {"submitted": True, "doi": f"10.5072/zenodo.{number}"}
                return self.give(202, self.shown(int(number)))
            case "POST", "api", "deposit", "depositions", number, "actions", "newversion":
                draft = self.begin(self.files[int(number)])
                self.deposits[draft]["after"] = int(number)
                answer = self.shown(int(number))
                answer["links"]["latest_draft"] = self.address(draft)
                return self.give(201, answer)
        return self.give(404, {"message": self.path})

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def begin(self, files):
        number = len(self.deposits) + 1
        self.deposits[number] = {"metadata": {}, "submitted": False}
        self.files[number] = dict(files)
        return number

    def address(self, number):
        return f"http://{self.headers['Host']}/api/deposit/depositions/{number}"

    def shown(self, number):
        host = self.headers["Host"]
        known = self.deposits[number]
        reserved = {"prereserve_doi": {"doi": f"10.5072/zenodo.{number}"}}
        return {
            "id": number,
            **known,
            "metadata": known["metadata"] | reserved,
            "files": [{"id": name, "filename": name} for name in self.files[number]],
            "links": {
                "bucket": f"http://{host}/api/files/{number}",
                "html": f"http://{host}/deposit/{number}",
            },
        }

    def give(self, status, value=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def zenodo(settings):
    settings.ZENODO_TOKEN = "secret"
    Zenodo.deposits.clear()
    Zenodo.files.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Zenodo) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def deposit(host, *more):
    out = io.StringIO()
    call_command("deposit_release", *more, host=host, stdout=out)
    return out.getvalue()


def test_a_release_is_deposited_as_a_draft_and_then_for_good(client, two_months, zenodo):
    assert "2026-10: a draft" in deposit(zenodo, "2026-10")
    assert "doi.org" not in client.get("/data").text
    assert "2026-10: published, 10.5072/zenodo.1" in deposit(zenodo, "2026-10", "--publish")
    packed = read(client, "/data/releases/2026-10.zip")
    assert Zenodo.files == {1: {"default-on-2026-10.zip": packed}}
    assert Zenodo.deposits[1]["metadata"]["version"] == "2026.10"
    deposit(zenodo, "2026-10", "--publish")
    assert len(Zenodo.deposits) == 1
    assert 'href="https://doi.org/10.5072/zenodo.1"' in client.get("/data").text
    said = json.loads(read(client, "/data/releases.json"))
    assert [each["doi"] for each in said["releases"]] == [None, "10.5072/zenodo.1"]


def test_a_host_of_deposits_that_drips_ends_the_command_with_what_it_asked(
    two_months, settings, monkeypatch
):
    settings.ZENODO_TOKEN = "secret"
    monkeypatch.setattr("consent.open_data.zenodo._MOST_SECONDS", 0.5)
    start = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    with dripping(start) as port, pytest.raises(CommandError, match="no whole answer within"):
        deposit(f"http://127.0.0.1:{port}", "2026-10")


def test_a_later_release_is_another_version_with_its_own_file_only(two_months, zenodo):
    deposit(zenodo, "2026-10", "--publish")
    assert "2026-11: published, 10.5072/zenodo.2" in deposit(zenodo, "--publish")
    assert Zenodo.deposits[2]["after"] == 1
    assert list(Zenodo.files[2]) == ["default-on-2026-11.zip"]


def test_a_refused_deposit_says_what_the_host_said(two_months, zenodo, settings):
    settings.ZENODO_TOKEN = "wrong"
    with pytest.raises(CommandError, match=r"401.*no such token"):
        deposit(zenodo, "2026-10")
    assert not Zenodo.deposits
    settings.ZENODO_TOKEN = ""
    with pytest.raises(CommandError, match="ZENODO_TOKEN"):
        deposit(zenodo)


def test_the_readme_of_a_package_is_a_data_card_of_the_hub(two_months):
    folder = releases_folder() / "2026-11"
    _, card, text = (folder / "README.md").read_text().split("---\n", 2)
    described = yaml.safe_load(card)
    assert described["license"] == "cc-by-4.0"
    named = {each["config_name"]: each["data_files"] for each in described["configs"]}
    assert set(named.values()) == {
        path.name for path in folder.glob("*.jsonl") if path.name != "changes.jsonl"
    }
    assert named["platforms"] == "platforms.jsonl"
    assert text.startswith("#")


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


@pytest.fixture
def load(tmp_path):
    """Loads a catalog of one platform as `make run` and `upgrade` do."""
    catalog = tmp_path / "catalog"
    catalog.mkdir()
    for name in ("_references", "clearview-ai"):
        shutil.copy(project.CATALOG_DIR / f"{name}.yaml", catalog)
    return partial(call_command, "load_catalog", catalog, release=True, verbosity=0)


def test_a_site_that_was_just_loaded_has_a_release(client, load):
    load()
    packed = read(client, client.get("/data/releases/latest.zip")["Location"])
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert any(name.endswith("/states.csv") for name in names)
    load()
    (release,) = json.loads(read(client, "/data/releases.json"))["releases"]
    assert release["sha256"] == hashlib.sha256(packed).hexdigest()


def test_a_load_without_room_for_a_release_ends_well_and_says_so(client, load, tmp_path):
    (tmp_path / "dumps").write_text("no folder can be made here")
    err = io.StringIO()
    load(stderr=err)
    assert "No release of the data was made" in err.getvalue()
    assert client.get("/data/releases/latest.zip").status_code == 503


def test_what_is_no_release_is_not_found(client, two_months):
    for address in ("2020-01.zip", "2026-11/nothing.csv", "../dumps.zip", "..%2Fdumps/x"):
        assert client.get(f"/data/releases/{address}").status_code == 404


def test_before_the_first_release_a_program_is_told_to_come_back(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    response = client.get("/data/releases/latest.zip")
    assert (response.status_code, response["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert int(response["Retry-After"]) > 0
    assert "/data#tables" in response.text
