import datetime as dt
import html
import subprocess

import pytest

from consent.open_data.evidence.commands import FUNCTIONS
from consent.open_data.stamps.chain import header_of
from consent.open_data.stamps.closed_days import close_day, stamp_days
from consent.open_data.stamps.merkle import root_of
from tests.factories import make_change, make_entry, make_page, make_platform

pytestmark = [pytest.mark.django_db]

DAY = dt.date(2026, 3, 1)


@pytest.fixture
def closed():
    platform = make_platform()
    make_change(make_page(platform), "before", "after", entry=make_entry(platform))
    return close_day(DAY)


@pytest.mark.parametrize("prefix", ["", "/de"])
def test_the_page_lists_each_day_with_its_root_and_files(client, closed, prefix):
    page = client.get(f"{prefix}/evidence").content.decode()
    assert closed.root in page
    assert '"/evidence/2026-03-01.json"' in page
    assert '"/evidence/2026-03-01.txt"' in page
    assert ".tsr" not in page.replace("DAY.tsr", "")


def test_the_page_says_when_nothing_is_there_yet(client):
    assert "No day has been closed yet" in client.get("/evidence").content.decode()


def test_the_published_hashes_give_the_published_root(client, closed):
    leaves = client.get("/evidence/2026-03-01.txt").content.decode().split()
    header = client.get("/evidence/2026-03-01.json").json()
    assert len(leaves) == header["size"] == 5
    assert root_of([bytes.fromhex(leaf) for leaf in leaves]).hex() == header["root"]


def test_the_published_files_pass_openssl(client, closed, stamp_authority, tmp_path):
    """The command that the page prints, without any code of ours."""
    stamp_days()
    page = client.get("/evidence").content.decode()
    assert "openssl ts -verify -data DAY.json -in DAY.tsr -CAfile authority.pem" in page
    for name in ("2026-03-01.json", "2026-03-01.tsr", "authority.pem"):
        assert f'"/evidence/{name}"' in page
        (tmp_path / name).write_bytes(client.get(f"/evidence/{name}").content)
    command = "openssl ts -verify -data 2026-03-01.json -in 2026-03-01.tsr -CAfile authority.pem"
    run = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.strip() == "Verification: OK", run.stderr
    assert (tmp_path / "2026-03-01.json").read_bytes() == header_of(closed).to_bytes()


def test_the_page_prints_the_functions_of_the_commands_in_each_bundle(client):
    page = client.get("/de/evidence").content.decode()
    assert FUNCTIONS.strip() in html.unescape(page)


@pytest.mark.parametrize("name", ["2026-03-01.tsr", "2026-03-02.json", "2026-02-30.txt", "x.json"])
def test_what_there_is_not_is_not_found(client, closed, name):
    assert client.get(f"/evidence/{name}").status_code == 404


def test_certificates_are_not_found_without_an_authority(client):
    assert client.get("/evidence/authority.pem").status_code == 404


def test_the_settings_are_checked(settings, tmp_path):
    from config.checks import check_stamp_authority

    assert check_stamp_authority() == []
    settings.STAMP_AUTHORITY_URL = "https://tsa.example/"
    for path in ("", str(tmp_path / "absent.pem")):
        settings.STAMP_AUTHORITY_ROOTS = path
        assert [error.id for error in check_stamp_authority()] == ["config.E005"]
