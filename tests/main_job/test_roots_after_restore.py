"""Roots were published after the backup that comes back: the chain of evidence does not fork."""

import csv
import io
import secrets
import shutil
import subprocess

import requests

from consent.open_data.stamps.chain import read_header
from tests.consent.open_data.stamps.authority_server import AuthorityServer
from tests.main_job.installation import Installation
from tests.practice.site import PracticeSite, declare

CLOSE = """
import datetime as dt
from consent.open_data.stamps.closed_days import close_day, stamp_days
assert close_day(dt.date.fromisoformat("{day}")) is not None
stamp_days()
"""
PUBLISH = """
from tests.consent.alerts.readers import publish
publish(Platform.objects.get(slug="chirp"), key="{key}")
"""


def downloaded(installation, *days):
    """The header and the stamp of each day, as readers download them."""
    return {
        (day, suffix): requests.get(f"{installation.url}/evidence/{day}.{suffix}", timeout=60)
        for day in days
        for suffix in ("json", "tsr")
    }


def test_the_chain_goes_on_from_the_newest_published_root(
    tmp_path, databases, migrated_database, collected_static
):
    first, second = databases
    with PracticeSite() as site, AuthorityServer(tmp_path / "authority") as authority:
        place = {
            "site_port": site.port,
            "STATIC_ROOT": str(collected_static),
            "SITE_URL": "http://127.0.0.1:8999",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "SUPPRESSION_PATH": str(tmp_path / "elsewhere"),
            "STAMP_AUTHORITY_URL": authority.url,
            "STAMP_AUTHORITY_ROOTS": str(authority.roots),
        }
        declare(site.url, tmp_path / "old" / "catalog")
        old = Installation(tmp_path / "old", **first | place)
        old.set_up(migrated_database=None if first else migrated_database)
        old.run(PUBLISH.format(key="before-the-backup"))
        old.run(CLOSE.format(day="2026-03-01"))
        old.manage("backup", str(tmp_path / "backups"))
        old.run(PUBLISH.format(key="after-the-backup"))
        old.run(CLOSE.format(day="2026-03-02"))
        old.run(CLOSE.format(day="2026-03-03"))
        published = ("2026-03-01", "2026-03-02", "2026-03-03")
        with old.web():
            before = downloaded(old, *published)
        shutil.rmtree(tmp_path / "old" / "var")

        (tmp_path / "new").mkdir()
        new = Installation(tmp_path / "new", **second | place)
        said = new.manage("restore", str(tmp_path / "backups")).stdout
        assert "root 2 of 2026-03-02 was published after the backup and is kept" in said
        assert "root 3 of 2026-03-03" in said
        assert "root 1" not in said
        new.run(PUBLISH.format(key="after-the-restore"))
        new.run(CLOSE.format(day="2026-03-04"))
        with new.web():
            after = downloaded(new, *published, "2026-03-04")
            table = requests.get(f"{new.url}/evidence.csv", timeout=60).text
            page = requests.get(f"{new.url}/evidence", timeout=60).text
            leaves = {
                day: requests.get(f"{new.url}/evidence/{day}.txt", timeout=60).status_code
                for day in (*published, "2026-03-04")
            }

    assert {answer.status_code for answer in after.values()} == {200}
    assert {name: after[name].content for name in before} == {
        name: answer.content for name, answer in before.items()
    }
    headers = [read_header(after[day, "json"].content) for day in (*published, "2026-03-04")]
    assert [header.number for header in headers] == [1, 2, 3, 4]
    assert [header.previous for header in headers[1:]] == [header.sha256 for header in headers[:3]]
    assert headers[3].size > 0
    rows = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))
    assert [row["number"] for row in rows] == ["4", "3", "2", "1"]
    assert all(row["stamped_at"] for row in rows)
    # What is lost is not shown as a day without records. (On the third day nothing was recorded.)
    assert leaves == dict(zip((*published, "2026-03-04"), (200, 404, 200, 200), strict=True))
    assert page.count("restored from an older backup") == 1
    trusted = ("-CAfile", str(authority.roots))
    for day in published:
        for suffix in ("json", "tsr"):
            (tmp_path / f"day.{suffix}").write_bytes(before[day, suffix].content)
        subprocess.run(
            ["openssl", "ts", "-verify", "-data", "day.json", "-in", "day.tsr", *trusted],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
