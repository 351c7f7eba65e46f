"""A client that is generated from the OpenAPI description reads every list and every record."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from consent.declarations import load_catalog
from consent.open_data.lists.resources import RESOURCES
from consent.web import limits
from tests.consent.declarations.conftest import Folder
from tests.factories import make_page, make_platform

pytestmark = pytest.mark.django_db(transaction=True)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
#: Lists whose records have addresses of their own: the operation, and its parameters from an id.
ONE = {
    "platforms": ("platform_one", ("slug",)),
    "uses": ("use_one", ("platform", "slug")),
    "controls": ("control_one", ("platform", "slug")),
    "guides": ("guide_one", ("slug",)),
    "entries": ("entry_one", ("public_id",)),
}


@pytest.fixture
def generated(tmp_path, live_server, client, monkeypatch):
    """The generated package, and a client of it that asks a real server."""
    (tmp_path / "openapi.json").write_bytes(client.get("/api/v1/openapi.json").content)
    (tmp_path / "config.yml").write_text(
        "package_name_override: generated_client\npost_hooks: []\n"
    )
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate"]
    where = ["--path", "openapi.json", "--config", "config.yml", "--output-path", "made"]
    made = subprocess.run(
        [*command, *where, "--meta", "none"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "WARNING" not in made.stdout + made.stderr
    (tmp_path / "made").rename(tmp_path / "generated_client")
    monkeypatch.syspath_prepend(str(tmp_path))
    package = importlib.import_module("generated_client")
    with package.Client(base_url=live_server.url, raise_on_unexpected_status=True) as made_client:
        yield made_client
    for name in [name for name in sys.modules if name.startswith("generated_client")]:
        del sys.modules[name]


def in_utc(value):
    """The generated client writes a time in UTC with +00:00."""
    if isinstance(value, dict):
        return {name: in_utc(each) for name, each in value.items()}
    if isinstance(value, list):
        return [in_utc(each) for each in value]
    is_time = isinstance(value, str) and TIME.fullmatch(value)
    return value.replace("Z", "+00:00") if is_time else value


def operation(name):
    tags = ("records", "about", "answers")
    for tag in tags:
        try:
            return importlib.import_module(f"generated_client.api.{tag}.{name}").sync
        except ModuleNotFoundError:
            continue
    raise AssertionError(f"no operation {name}")


@pytest.mark.drill
def test_it_reads_every_list_to_its_end_and_every_record(generated, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 10**9)
    load_catalog(Folder(tmp_path / "catalog").path)
    make_page(make_platform("other"))
    for name in (*RESOURCES, "entries"):
        read, after, records = operation(name), None, []
        while True:
            more = {"after": after} if after else {}
            page = read(client=generated, limit=1, **more)
            records += page.items
            assert len(records) <= page.total
            if page.next_ is None:
                break
            after = records[-1].id
        assert len({record.id for record in records}) == len(records) == page.total
        if name in RESOURCES:
            assert [each.to_dict() for each in records] == in_utc(list(RESOURCES[name].all()))
        if name in ONE:
            one, parameters = ONE[name]
            for record in records:
                values = dict(zip(parameters, record.id.split("/"), strict=True))
                assert operation(one)(client=generated, **values).item == record
    assert operation("matrix")(client=generated).items
    assert operation("verdict")(client=generated, platform="chirp").item.answer
