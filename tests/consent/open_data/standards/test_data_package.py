"""The dump by Frictionless, whose authors wrote the specification."""

import json

import frictionless
import pytest

from consent.declarations import load_catalog
from consent.open_data.dumps import write_dump
from tests.consent.declarations.conftest import Folder
from tests.factories import make_entry, make_page, make_platform
from tests.sweeps import some

pytestmark = pytest.mark.django_db


@pytest.fixture
def dump(tmp_path):
    load_catalog(Folder(tmp_path / "catalog").path)
    platform = make_platform("odd", name='A "quoted", name; with\nlines')
    make_page(platform)
    make_entry(platform, title="=1+1", summary="日本語")
    return write_dump(tmp_path / "dumps")


def faults(folder):
    report = frictionless.validate(str(folder / "datapackage.json"))
    of_tables = [error.note for task in report.tasks for error in task.errors]
    return [error.note for error in report.errors] + of_tables


def test_frictionless_finds_no_fault(dump):
    assert faults(dump) == []
    package = frictionless.Package(str(dump / "datapackage.json"))
    entries = package.get_resource("entries").read_rows()
    lines = [json.loads(line) for line in (dump / "entries.jsonl").open()]
    assert [row["id"] for row in entries] == [line["id"] for line in lines]


def test_an_id_that_no_table_has_is_found(dump):
    states = (dump / "states.csv").read_text().replace(",chirp,chirp/", ",chirp,nobody/", 1)
    (dump / "states.csv").write_text(states)
    package = json.loads((dump / "datapackage.json").read_text())
    for resource in package["resources"]:
        del resource["hash"], resource["bytes"]
    (dump / "datapackage.json").write_text(json.dumps(package))
    assert any("uses" in fault and "nobody/" in fault for fault in faults(dump))


@pytest.mark.parametrize("name", some(["entries.csv", "platforms.jsonl", "states.csv"], 1))
def test_a_changed_file_is_found(dump, name):
    content = (dump / name).read_bytes()
    (dump / name).write_bytes(content.replace(b"chirp", b"crows", 1))
    assert faults(dump)
