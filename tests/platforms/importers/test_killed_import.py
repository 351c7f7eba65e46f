"""An import that is killed midway, as in a power cut, and run again."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.importing import write_repository

ROOT = Path(__file__).resolve().parents[3]
ROWS = {
    "snapshots": """
        SELECT evidence_url, first_seen_at, last_seen_at, quarantined_as, digest, re_extraction
        FROM platforms_snapshot JOIN platforms_document ON snapshot_id = platforms_snapshot.id
        ORDER BY evidence_url""",
    "changes": """
        SELECT b.evidence_url, a.evidence_url, observed_from, observed_to, reverted_at, relevant
        FROM consent_change c JOIN platforms_snapshot b ON b.id = before_id
        JOIN platforms_snapshot a ON a.id = after_id
        JOIN consent_suggestion s ON s.change_id = c.id ORDER BY a.evidence_url""",
    "pages": """
        SELECT url, reappearances, flapping_since, last_looked_at, validators, evidence_url
        FROM platforms_page p JOIN platforms_snapshot s ON s.id = baseline_id ORDER BY url""",
}

#: What workers do later for each imported change.
SUGGEST = (
    "from celery import current_app; from consent.tasks import suggest_missing; "
    "current_app.conf.task_always_eager = True; suggest_missing(limit=10_000)"
)


class Installation:
    """An installation in a folder of its own."""

    def __init__(self, folder: Path, migrated_database: Path) -> None:
        self.folder = folder
        self.database = folder / "default-on.sqlite3"
        folder.mkdir()
        shutil.copy(migrated_database, self.database)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "VAR_DIR": str(self.folder)},
            stdout=subprocess.DEVNULL,
        )

    def run(self, *arguments: str) -> None:
        assert self.start(*arguments).wait() == 0

    def rows(self, query: str) -> list[tuple]:
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def snapshots(self) -> int:
        return int(self.rows("SELECT count(*) FROM platforms_snapshot")[0][0])


@pytest.fixture
def repository(tmp_path):
    write_repository(tmp_path / "versions.git", commits=120, documents=8)
    return str(tmp_path / "versions.git")


@pytest.mark.django_db  # for its migrated database
def test_an_import_killed_twice_ends_like_an_undisturbed_one(
    tmp_path, repository, migrated_database
):
    undisturbed = Installation(tmp_path / "undisturbed", migrated_database)
    killed = Installation(tmp_path / "killed", migrated_database)
    command = ("import_ota", repository, "--name", "Generated/versions")
    undisturbed.run(*command)

    for _ in range(2):
        count = killed.snapshots()
        with killed.start(*command) as process:
            while killed.snapshots() == count and process.poll() is None:
                time.sleep(0.01)
            process.kill()
    killed.run(*command)

    for installation in (undisturbed, killed):
        installation.run("shell", "--no-imports", "--command", SUGGEST)
    for kind, query in ROWS.items():
        assert killed.rows(query) == undisturbed.rows(query), kind
