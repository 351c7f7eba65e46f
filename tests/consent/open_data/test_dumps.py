import contextlib
import csv
import datetime as dt
import hashlib
import html
import io
import json
import re
import urllib.request
import zipfile
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest
from django.core.management import call_command

from consent.open_data.dumps import dumps_in, remove_old_dumps, write_dump
from consent.tasks import export_data
from platforms.models import Platform
from tests.arranging import version_everything
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db
CASTS = {
    "boolean": {"true": True, "false": False}.__getitem__,
    "integer": int,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "string": str,
    "array": json.loads,
}


@pytest.fixture
def ledger():
    platform = make_platform(
        "x", name="X", homepage="https://www.x.example/home", aliases=["Twitter", "t.example"]
    )
    use = make_use(platform, slug="posts", data_kinds=["chats"])
    make_use(platform, slug="secret-use", status="draft")
    make_state(use, starts_on=dt.date(2024, 7, 26))
    make_guide(platform, make_control(use, slug="switch"), slug="x-guide")
    make_page(platform)
    make_source(make_entry(platform, effects=["wording-only"]))
    make_entry(platform, topic="other", deadline_on=dt.date(2026, 1, 1))
    make_entry(platform, status="retracted", status_reason="Wrong")
    make_entry(platform, status="draft", title="Secret draft")
    make_platform("unlisted", listed=False, name="Secret platform")
    version_everything()


def walk(client, address):
    while address:
        page = client.get(address.replace("http://127.0.0.1:8000", "")).json()
        yield from page["items"]
        address = page["next"]


def test_a_dump_is_what_a_walk_of_the_api_gives_and_nothing_else(client, ledger, tmp_path):
    folder = write_dump(tmp_path, dt.date(2026, 11, 26))
    lists = json.loads(client.get("/api/v1").content)["resources"].keys()
    lists -= {"verdict", "verdicts", "resolve"}  # answers to a question
    assert {path.stem for path in folder.glob("*.jsonl")} == lists
    for name in lists:
        query = "?since=0&wording=on&topic=all" if name == "entries" else ""
        walked = list(walk(client, f"/api/v1/{name}{query}"))
        dumped = [json.loads(line) for line in (folder / f"{name}.jsonl").open()]
        if name == "entries":
            walked.sort(key=lambda each: each["id"])
            assert len(walked) == 3
        assert dumped == walked
    everything = "".join(path.read_text() for path in folder.iterdir())
    assert "Secret" not in everything
    assert "secret" not in everything


def test_the_package_describes_its_files_to_the_byte(ledger, tmp_path):
    folder = write_dump(tmp_path, dt.date(2026, 11, 26))
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert "quoted words belong to those who wrote them" in package["rights"]
    described = {each["path"]: each for each in package["resources"]}
    assert all(each["description"] for each in described.values())
    others = {"datapackage.json", "README.md", "LICENCE.txt", "SHA256SUMS"}
    assert {path.name for path in folder.iterdir()} == described.keys() | others
    for name, resource in described.items():
        content = (folder / name).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(content.decode())))
            fields = resource["schema"]["fields"]
            assert rows[0] == [field["name"] for field in fields]
            assert all(field["description"] for field in fields)
            assert f"- `{name.removesuffix('.csv')}`: " in (folder / "README.md").read_text()
            for row in rows[1:]:
                for field, cell in zip(fields, row, strict=True):
                    if cell:
                        CASTS[field["type"]](cell)
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_domains_lead_to_the_answer(client, ledger):
    found = client.get("/data/domains.json").json()["domains"]
    assert found == {"t.example": ["x"], "x.example": ["x"]}


@contextlib.contextmanager
def no_room_for(size):
    """Let every file that grows above this size fail, as on a full disk."""
    _, most = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        setrlimit(RLIMIT_FSIZE, (most, most))


def test_a_dump_that_fails_leaves_nothing_behind(ledger, tmp_path):
    write_dump(tmp_path, dt.date(2026, 11, 25))
    largest = max(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    with no_room_for(largest // 2), pytest.raises(OSError, match="too large"):
        write_dump(tmp_path, dt.date(2026, 11, 26))
    assert {path.name for path in tmp_path.iterdir()} == {"2026-11-25", "2026-11-25.zip"}


def test_dumps_are_kept_for_a_month(ledger, tmp_path):
    for day in (dt.date(2026, 10, 1), dt.date(2026, 10, 27), dt.date(2026, 11, 26)):
        write_dump(tmp_path, day)
        write_dump(tmp_path, day)
    assert remove_old_dumps(tmp_path, dt.date(2026, 11, 26)) == 1
    assert [f"{dump.day}" for dump in dumps_in(tmp_path)] == ["2026-11-26", "2026-10-27"]
    assert len(list(tmp_path.iterdir())) == 4


def test_the_nightly_dump_is_offered_on_its_page(client, ledger, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert "tonight" in client.get("/data").text
    export_data()
    page = client.get("/data").text
    (dump,) = dumps_in(tmp_path / "dumps")
    address = f"/data/{dump.day}.zip"
    assert address in page
    assert '"@type": "Dataset"' in page or '"@type":"Dataset"' in page
    packed = client.get(address)
    with zipfile.ZipFile(io.BytesIO(packed.getvalue())) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(dump.files)
    assert packed["Content-Type"] == "application/zip"
    one = client.get(f"/data/{dump.day}/entries.jsonl")
    assert len(one.getvalue().splitlines()) == 3
    for path in ("2000-01-01.zip", f"{dump.day}/..%2f..%2fsecret-key", f"{dump.day}/none.csv"):
        assert client.get(f"/data/{path}").status_code == 404


def test_the_examples_of_the_page_run_as_they_are_printed(
    live_server, ledger, settings, tmp_path, capsys
):
    settings.VAR_DIR, settings.SITE_URL = tmp_path, live_server.url
    platform, day = Platform.objects.get(slug="x"), dt.date(2024, 7, 26)
    entry = make_entry(platform, direction="less-control", effective_on=day)
    make_state(make_use(platform, slug="chats"), starts_on=day, opened_by=entry)
    version_everything()
    export_data()
    with urllib.request.urlopen(f"{live_server.url}/data") as answer:
        page = html.unescape(answer.read().decode())
    examples = re.findall(r'id="example.*?<code>(.*?)</code></pre>', page, re.DOTALL)
    names = {}
    for example, printed in zip(examples, ("2024 1\n", "2024-07 1\n"), strict=True):
        exec(example, names)
        assert capsys.readouterr().out.endswith(printed)
    assert '<dt id="table-states">' in page
    assert "<code>starts.value</code> (date) " in page


def test_the_command_writes_where_it_is_told(ledger, tmp_path, capsys):
    call_command("export_data", str(tmp_path / "here"))
    assert "files" in capsys.readouterr().out
    assert len(dumps_in(tmp_path / "here")) == 1
